"""Key operations run when a second person approves them, and not before."""

from __future__ import annotations

import pytest

from shoumi.engine.policy import Role
from shoumi.server.accounts import gate, services
from shoumi.server.accounts.models import FourEyesState, KeyOperation
from shoumi.server.accounts.services import keys
from shoumi.server.ledger.queries import entries_of


@pytest.fixture
def done(monkeypatch):
    """What a registered operation has done."""
    monkeypatch.setattr(keys, "_handlers", {})
    done = []
    services.key_operation_register("rotate", label="Rotate", run=done.append)
    return done


@pytest.fixture
def administrator(holder_of):
    return holder_of(Role.IT_ADMINISTRATOR)


def asked(actor):
    return services.key_operation_request(actor=actor, operation="rotate", key_id="k1", reason="yearly")


def test_it_runs_when_a_second_person_approves(done, administrator, founders):
    operation = asked(administrator)
    assert done == []
    services.key_operation_approve(actor=founders[0], operation=operation)
    assert done == ["k1"]
    tags = sorted(entry.tag for entry in entries_of(f"key_operation:{operation.pk}"))
    assert tags == ["accounts:key_operation:approved", "accounts:key_operation:requested"]


def test_who_asked_does_not_approve(done, founders):
    operation = asked(founders[0])
    with pytest.raises(gate.NotPermittedError) as caught:
        services.key_operation_approve(actor=founders[0], operation=operation)
    assert caught.value.reasons == ("second-person-for-operation",)
    assert done == []


def test_the_administrator_asks_and_never_approves(done, administrator, founders):
    operation = asked(founders[0])
    with pytest.raises(gate.NotPermittedError):
        services.key_operation_approve(actor=administrator, operation=operation)


def test_a_failing_operation_is_not_approved(done, administrator, founders):
    def fail(_key_id):
        raise keys.KeyOperationUnknownError(operation="x")

    services.key_operation_register("rotate", label="Rotate", run=fail)
    operation = asked(administrator)
    with pytest.raises(keys.KeyOperationUnknownError):
        services.key_operation_approve(actor=founders[0], operation=operation)
    assert KeyOperation.objects.get().state == FourEyesState.REQUESTED


def test_refused_withdrawn_and_unknown(done, administrator, founders):
    refused = services.key_operation_refuse(actor=founders[1], operation=asked(administrator))
    with pytest.raises(keys.KeyOperationStateError):
        services.key_operation_approve(actor=founders[0], operation=refused)
    waiting = asked(administrator)
    with pytest.raises(keys.KeyOperationStateError):
        services.key_operation_withdraw(actor=founders[0], operation=waiting)
    assert services.key_operation_withdraw(actor=administrator, operation=waiting).state == "withdrawn"
    with pytest.raises(keys.KeyOperationUnknownError):
        services.key_operation_request(actor=administrator, operation="burn", key_id="k", reason="-")
    assert done == []
