"""Operations on secrets: each kind from the request to its end, and nothing before it is approved."""

from __future__ import annotations

import pytest
from tests.server.register.operations_company import (
    PASSWORD,
    SOON,
    agreement,
    approve,
    approved,
    decide,
    drafted,
    execute,
    give_back,
    marked,
    submitted,
    third_party,
    with_passwords,
    zone,
)

from shoumi.engine.workflow import OPERATION
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.services import refusal_record
from shoumi.server.accounts.services.signatures import SignatureError
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.places.queries.zones import ZoneLevelTooLowError, ZoneNotSecretError
from shoumi.server.register.models import Carrier, LifeEvent, Operation
from shoumi.server.register.operation_values import Back, Thing
from shoumi.server.register.queries.marks import CarrierUnmarkedError, verify_marked
from shoumi.server.register.queries.operations.agreements import (
    AgreementExpiredError,
    AgreementLevelError,
    AgreementMissingError,
)
from shoumi.server.register.queries.operations.obstacles import (
    FileUnmarkedError,
)
from shoumi.server.register.services.operations import requests, returning
from shoumi.server.register.services.operations.executing import (
    ConditionsOpenError,
)
from shoumi.server.register.services.operations.filing import filings_disagree

pytestmark = pytest.mark.django_db
KINDS = list(Operation.Kind)
OBSTRUCTED = "register:operation:obstructed"


@pytest.fixture
def people(company):
    """The company, where everybody can sign."""
    return with_passwords(company)


def tags_of(subject: str) -> list[str]:
    return list(LedgerEntry.objects.filter(subject=subject).order_by("index").values_list("tag", flat=True))


def test_the_rows_know_the_states_of_the_table():
    assert [state.name for state in OPERATION.states] == Operation.State.values


@pytest.mark.requirement(
    "ARC-OP1", "ARC-OP2", "ARC-OP3", "ARC-OP4", "ARC-OP5", "ARC-OP6", "ARC-07", "CAR-04", "CPU-13"
)
@pytest.mark.parametrize("kind", KINDS)
def test_no_operation_is_executable_before_approval_and_the_attempt_is_kept(people, kind):
    secret = marked(people)
    operation = submitted(people, secret, kind)
    with pytest.raises(NotPermittedError) as refused:
        execute(people, operation)
    assert refused.value.reasons == ("carry-out-only-after-approval",)
    refusal_record(user=people.department_officer, error=refused.value)  # as the middleware does
    assert tags_of(operation.ledger_subject)[-1] == "policy:decision:refused"
    assert not operation.acts.exists()
    assert secret.carriers.get().status == Carrier.Status.HELD
    operation = execute(people, approve(people, operation))
    assert operation.state in {Operation.State.UNDER_WAY, Operation.State.DONE}
    assert operation.acts.count() == 1
    assert {row.side for row in operation.filings.all()} == {"owner", "office"}
    assert filings_disagree(operation) == []
    tags = tags_of(secret.ledger_subject)
    assert tags[-3:] == [
        "register:operation:submitted", "register:operation:approved", "register:operation:carried_out"
    ]  # fmt: skip


@pytest.mark.requirement("ARC-07")
def test_the_database_itself_knows_no_execution_without_approval(people):
    operation = submitted(people, marked(people), "borrow")
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(state="under_way")


@pytest.mark.requirement("CPU-06")
@pytest.mark.parametrize(
    ("kind", "level", "voices"),
    [
        ("borrow", "general", ["review:1"]),
        ("borrow", "important", ["review:1", "approve:1"]),
        ("borrow", "core", ["review:1", "approve:1"]),
        ("destroy", "general", ["review:1", "approve:1"]),
        ("destroy", "important", ["review:1", "approve:1"]),
        ("destroy", "core", ["review:1", "approve:2"]),
    ],
)
def test_core_and_important_need_several_levels_of_approval(people, kind, level, voices):
    operation = submitted(people, marked(people, level=level), kind, receiver=people.head.person.pk)
    request = ApprovalRequest.objects.get(pk=operation.request_id)
    assert [f"{step.name}:{step.quorum}" for step in request.steps.all()] == voices


def test_nobody_approves_what_they_asked_for_or_would_receive(people):
    secret = marked(people, level="core")
    operation = submitted(people, secret, "consult", actor=people.officer, receiver=people.head.person.pk)
    with pytest.raises(NotPermittedError):
        decide(operation, people.officer)
    decide(operation, people.second_officer)
    request = ApprovalRequest.objects.get(pk=operation.request_id)
    assert people.head in request.barred.all()


@pytest.mark.requirement("ARC-OP2")
def test_a_loan_is_handed_over_received_and_given_back_with_its_condition(people):
    secret = marked(people)
    operation = execute(people, approved(people, secret, "borrow"))
    carrier = secret.carriers.get()
    assert (operation.state, carrier.status) == ("under_way", Carrier.Status.LENT)
    returning.receipt_confirm(actor=people.colleague, operation_id=operation.pk, password=PASSWORD)
    with pytest.raises(returning.NothingChosenError):
        returning.receipt_confirm(actor=people.colleague, operation_id=operation.pk, password=PASSWORD)
    operation.refresh_from_db()
    with pytest.raises(returning.ConditionMissingError):
        returning.operation_give_back(
            actor=people.department_officer, operation_id=operation.pk, expected_version=operation.version,
            lines=[Back(operation.lines.get().pk, " ")], password=PASSWORD,
        )  # fmt: skip
    operation = give_back(people, operation)
    carrier.refresh_from_db()
    assert (operation.state, carrier.status) == ("done", Carrier.Status.HELD)
    assert [act.kind for act in operation.acts.all()] == ["carried_out", "received", "given_back"]
    assert {act.signed_by for act in operation.acts.all()} == {"password"}
    assert operation.lines.get().condition == "完好"
    assert {filing.occasion for filing in operation.filings.all()} == {"begun", "closed"}


def test_nobody_hands_something_to_themselves_and_a_wrong_password_signs_nothing(people):
    secret = marked(people)
    operation = approved(people, secret, "borrow", receiver=people.head.person.pk)
    with pytest.raises(NotPermittedError) as refused:
        execute(people, operation, actor=people.head)  # the custodian, but also the receiver
    assert refused.value.reasons == ("not-handed-to-oneself",)
    with pytest.raises(SignatureError):
        execute(people, operation, password="guessed")
    assert not operation.acts.exists()


@pytest.mark.requirement("ARC-08", "ARC-OP3")
@pytest.mark.parametrize("method", ["print", "photocopy", "scan", "excerpt", "network"])
def test_copies_inherit_what_holds_and_have_their_own_number_and_mark(people, method):
    secret = marked(people)
    original = secret.carriers.get()
    operation = execute(people, approved(people, secret, "copy", method=method))
    first, second = original.copies.order_by("number")
    base = original.number or secret.number
    assert (first.number, second.number) == (f"{base}-C01", f"{base}-C02")
    assert first.secret == secret  # so level, period and scope are those of the original, now and later
    assert operation.state == "done"
    assert set(operation.lines.get().copies.all()) == {first, second}
    with pytest.raises(CarrierUnmarkedError):
        verify_marked(first)
    more = execute(people, approved(people, secret, "copy", method=method, copies=1))
    assert more.lines.get().copies.get().number == f"{base}-C03"
    assert LifeEvent.objects.filter(secret=secret, kind="copied").count() == 2


def test_a_copy_of_a_copy_and_of_a_file_has_a_number_behind_its_original(people):
    secret = marked(people)
    file = secret.files.get()
    operation = execute(people, approved(people, secret, "copy", things=[Thing(secret.pk, file=file.pk)]))
    copy = operation.lines.get().copies.order_by("number").first()
    assert copy.copy_of is None
    from shoumi.server.register.services import contents

    for task in secret.marking_tasks.filter(done_at=None):
        contents.marking_done(actor=people.owner, task_id=task.pk)
    again = execute(
        people, approved(people, secret, "copy", copies=1, things=[Thing(secret.pk, carrier=copy.pk)])
    )
    assert again.lines.get().copies.get().number == f"{copy.number}-C01"


@pytest.mark.requirement("MRK-05")
@pytest.mark.parametrize("kind", ["borrow", "copy", "transfer", "disclose", "repair"])
def test_what_bears_no_mark_is_not_lent_copied_or_sent(people, kind):
    secret = marked(people)
    version = secret.versions.get()
    carrier, file = secret.carriers.get(), secret.files.get()
    operation = drafted(people, secret, kind)
    task = secret.marking_tasks.create(version=version, carrier=carrier)
    with pytest.raises(CarrierUnmarkedError):
        requests.operation_submit(actor=people.owner, operation_id=operation.pk, expected_version=1)
    assert tags_of(operation.ledger_subject)[-1] == OBSTRUCTED
    task.delete()
    operation = approve(
        people,
        requests.operation_submit(
            actor=people.owner, operation_id=operation.pk, expected_version=operation.version
        ),
    )
    secret.marking_tasks.create(version=version, carrier=carrier)  # what a change in the meantime does
    with pytest.raises(CarrierUnmarkedError):
        execute(people, operation)
    assert tags_of(operation.ledger_subject)[-1] == OBSTRUCTED
    if kind in {"copy", "disclose"}:
        secret.marking_tasks.create(version=version, file=file)
        wish = {"third_party": operation.third_party_id} if kind == "disclose" else {}
        with pytest.raises(FileUnmarkedError):
            submitted(people, secret, kind, things=[Thing(secret.pk, file=file.pk)], **wish)


@pytest.mark.requirement("ARC-OP4")
def test_a_transfer_ends_in_a_secret_zone_of_sufficient_level(people):
    secret = marked(people, level="core")
    office, weak = zone(people, kind="office", code="O1"), zone(people, level=1, code="A2")
    for target, error in ((office, ZoneNotSecretError), (weak, ZoneLevelTooLowError)):
        with pytest.raises(error):
            submitted(people, secret, "transfer", to_zone=target.pk)
    operation = execute(people, approved(people, secret, "transfer"))
    carrier = secret.carriers.get()
    assert (operation.state, carrier.zone, carrier.status) == ("done", operation.to_zone, "held")
    assert LifeEvent.objects.filter(carrier=carrier, kind="circulated").exists()


@pytest.mark.requirement("ARC-OP5")
def test_a_disclosure_checks_the_agreement_first_and_tracks_the_duty_to_its_end(people):
    secret = marked(people)
    party = third_party(people)
    operation = drafted(people, secret, "disclose", third_party=party.pk)
    for row, error in (
        (None, AgreementMissingError),
        ({"until": SOON.replace(day=1)}, AgreementExpiredError),
        ({"level": 1}, AgreementLevelError),
    ):
        if row:
            agreement(people, party, **row)
        with pytest.raises(error):
            requests.operation_submit(actor=people.owner, operation_id=operation.pk, expected_version=1)
        assert tags_of(operation.ledger_subject)[-1] == OBSTRUCTED
    good = agreement(people, party, level=2)
    operation = requests.operation_submit(
        actor=people.owner, operation_id=operation.pk, expected_version=operation.version
    )
    assert operation.agreement == good
    operation = execute(people, approve(people, operation))
    carrier = secret.carriers.get()
    assert (operation.state, carrier.status) == ("under_way", Carrier.Status.OUTSIDE)
    assert LifeEvent.objects.filter(secret=secret, kind="released").exists()
    operation = give_back(people, operation)
    carrier.refresh_from_db()
    assert (operation.state, carrier.status) == ("done", Carrier.Status.HELD)


def test_what_a_third_party_destroys_itself_is_gone(people):
    secret = marked(people)
    operation = execute(people, approved(people, secret, "disclose"))
    operation.refresh_from_db()
    line = operation.lines.get()
    returning.operation_give_back(
        actor=people.department_officer, operation_id=operation.pk, expected_version=operation.version,
        lines=[Back(line.pk, "销毁证明 2026-03", destroyed=True)], password=PASSWORD,
    )  # fmt: skip
    assert secret.carriers.get().status == Carrier.Status.DESTROYED
    assert LifeEvent.objects.filter(carrier=line.carrier, kind="destroyed").exists()


@pytest.mark.requirement("RSK-C5a")
@pytest.mark.parametrize("method", ["paper", "talk", "exhibition", "website"])
def test_what_is_published_is_reviewed_before_and_its_conditions_are_met(people, method):
    secret = marked(people)
    things = [Thing(secret.pk)]
    operation = submitted(people, secret, "release", actor=people.colleague, things=things, method=method)
    with pytest.raises(NotPermittedError):
        execute(people, operation)
    operation = approve(people, operation, reason="删去第二段的温度")
    assert "删去第二段的温度" in operation.conditions
    with pytest.raises(ConditionsOpenError):
        execute(people, operation)
    operation = execute(people, operation, note="已删去")
    assert operation.state == "done"
    assert LifeEvent.objects.filter(secret=secret, kind="released", note=operation.number).exists()
