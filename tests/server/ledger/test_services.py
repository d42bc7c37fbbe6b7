"""Appending: one writer, in the caller's transaction, without gaps; only commitments go into the log."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from shoumi.engine.canonical import NotCanonicalError
from shoumi.engine.evidence.entry import EntryShapeError, parse_entry, verify_commitment
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.server.ledger.models import LedgerDetail, LedgerEntry
from shoumi.server.ledger.services import Record, append, append_many
from shoumi.server.ledger.tags import LedgerTag

pytestmark = pytest.mark.django_db
TAG = LedgerTag.LEDGER_EVIDENCE_MADE


def put(detail=None, subject="secret:1", actor="user:2"):
    with transaction.atomic():
        return append(TAG, actor=actor, subject=subject, detail=detail)


def test_entries_are_numbered_from_zero_without_gaps(fixed_clock):
    assert [put().index for _ in range(3)] == [0, 1, 2]
    with transaction.atomic():
        more = append_many([Record(TAG, "system:x", f"secret:{n}") for n in range(5)])
    assert list(more) == [3, 4, 5, 6, 7]
    stored = LedgerEntry.objects.get(index=4)
    assert stored.subject == "secret:1"
    assert stored.time == fixed_clock.now()


def test_a_rolled_back_entry_leaves_no_gap():
    put()
    with transaction.atomic():
        append(TAG, actor="user:2", subject="secret:1")
        transaction.set_rollback(True)
    assert put().index == 1


def test_the_row_says_what_the_body_says():
    row = LedgerEntry.objects.get(index=put({"reason": "merger"}).index)
    entry = parse_entry(bytes(row.body))
    assert (entry.tag, entry.actor, entry.subject, entry.time) == (row.tag, row.actor, row.subject, row.time)
    assert row.leaf_hash == leaf_hash(bytes(row.body))


def test_the_log_holds_a_commitment_and_never_the_value():
    value = {"name": "Kesselplan 7 配方", "count": 3}
    row = LedgerEntry.objects.get(index=put({"shown": value}).index)
    assert "Kesselplan" not in bytes(row.body).decode()
    detail = LedgerDetail.objects.get()
    assert detail.entry_index == row.index
    commitment = parse_entry(bytes(row.body)).commitments["shown"]
    verify_commitment(json.loads(detail.value), bytes(detail.salt), commitment)


def test_equal_details_have_different_commitments():
    first, second = (parse_entry(bytes(put({"level": "core"}).body)) for _ in range(2))
    assert first.commitments != second.commitments


def test_the_clock_is_read_once_per_batch_and_kept_to_the_microsecond(fixed_clock):
    fixed_clock.moment = fixed_clock.moment.replace(microsecond=7)
    row = LedgerEntry.objects.get(index=put().index)
    assert row.time == fixed_clock.moment
    assert b".000007Z" in bytes(row.body)


def test_outside_a_transaction_it_refuses():
    with pytest.raises(TransactionManagementError):
        append(TAG, actor="user:2", subject="secret:1")


@pytest.mark.parametrize(
    ("actor", "subject", "detail"),
    [
        ("Zhang San", "secret:1", None),
        ("张三:1", "secret:1", None),
        ("user:2", "nameless", None),
        ("user:2", "secret:1", {"Reason": "x"}),
        ("user:2", "secret:1", {"理由": "x"}),
        ("user:2", "", None),
    ],
)
def test_names_and_free_text_are_refused_in_the_log(actor, subject, detail):
    with pytest.raises(EntryShapeError):
        put(detail, subject=subject, actor=actor)
    assert not LedgerEntry.objects.exists()


def test_a_value_json_cannot_hold_is_refused():
    with pytest.raises(NotCanonicalError):
        put({"share": float("nan")})


def test_an_unknown_tag_is_refused():
    with pytest.raises(ValueError, match="nonsense"), transaction.atomic():
        append("some:nonsense:tag", actor="user:2", subject="secret:1")


@pytest.mark.parametrize("microsecond", [0, 7, 120_000])
def test_times_are_stored_as_django_stores_them(fixed_clock, microsecond):
    fixed_clock.moment = fixed_clock.moment.replace(microsecond=microsecond)
    index = put().index
    assert LedgerEntry.objects.filter(time=fixed_clock.moment).values_list("index", flat=True).get() == index
