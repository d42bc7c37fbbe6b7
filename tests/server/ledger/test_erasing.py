"""Deletion on request: the detail is gone for good, the log stays whole and says who did it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from shoumi.server.ledger import queries
from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.erasing import NothingToEraseError, detail_erase
from shoumi.server.ledger.models import LedgerDetail
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    with transaction.atomic():
        return append(
            LedgerTag.LEDGER_EVIDENCE_MADE,
            actor="user:1",
            subject="secret:1",
            detail={"name": "Example Person", "level": "core"},
        )


def erase(entry, **more):
    with transaction.atomic():
        return detail_erase(entry, actor="user:9", reason="request of the person", **more)


def test_one_detail_goes_and_the_other_stays(entry):
    checkpoint_make()
    told = erase(entry, names=["name"])
    level, name = queries.entry_details(entry)
    assert (level.value, name.is_erased, name.value) == ("core", True, None)
    assert (told.tag, told.subject, told.actor) == ("ledger:detail:erased", "entry:0", "user:9")
    checkpoint_make()
    assert audit_run().state == "holds"


def test_without_names_all_go(entry):
    erase(entry)
    assert all(detail.is_erased for detail in queries.entry_details(entry))


@pytest.mark.parametrize("names", [["salary"], ["name", "salary"], []])
def test_what_is_not_there_cannot_be_erased(entry, names):
    with pytest.raises(NothingToEraseError):
        erase(entry, names=names)
    assert LedgerDetail.objects.count() == 2


def test_twice_is_refused(entry):
    erase(entry)
    with pytest.raises(NothingToEraseError):
        erase(entry)


def test_what_was_not_asked_to_be_erased_must_still_be_there(entry):
    erase(entry, names=["name"])
    LedgerDetail.objects.filter(name="level").delete()  # the trigger lets it go: something was erased here
    result = audit_run()
    assert (result.state, result.first_bad_index, result.finding) == ("broken", 0, "detail_missing")


def test_an_erasure_can_be_erased_in_turn(entry):
    told = erase(entry)
    erase(told, names=["names"])
    assert audit_run().state == "holds"


def test_the_database_lets_nothing_go_without_the_entry(entry):
    with pytest.raises(IntegrityError, match="refuses DELETE"), transaction.atomic():
        LedgerDetail.objects.all().delete()
