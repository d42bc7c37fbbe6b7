"""Reading the ledger: pages, details, coverage, and proofs that a stranger's code verifies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.fakes.evidence import WITNESS
from tests.server.ledger.attacks import fill

from shoumi.engine.evidence.checkpoint import open_checkpoint
from shoumi.engine.evidence.proofs import verify_consistency, verify_inclusion
from shoumi.engine.evidence.tlog_proof import parse_tlog_proof
from shoumi.engine.evidence.trust import all_of, trusted_checkpoint
from shoumi.server.ledger import queries
from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.checkpoints import checkpoint_latest, checkpoint_make
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.queries import EntryFilter, NoSuchEntryError, NotCoveredYetError
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag

pytestmark = pytest.mark.django_db


def verify(index):
    proof = parse_tlog_proof(queries.proof_for(index))
    checkpoint = open_checkpoint(proof.checkpoint_note, log_signer().verifier_key)
    verify_inclusion(bytes(queries.entry_get(index).body), proof.inclusion_proof, checkpoint.root)
    return proof


@pytest.mark.requirement("EVI-14")
def test_every_entry_has_a_proof_at_every_size():
    total = 0
    for step in (1, 1, 2, 120, 132, 1, 255, 1, 300):
        fill(step, detail=False)
        total += step
        checkpoint_make()
        for index in {0, 1, total // 3, 255, 256, total - 2, total - 1}:
            if 0 <= index < total:
                assert verify(index).checkpoint.size == total


@pytest.mark.slow
def test_a_proof_in_a_ledger_with_three_levels_of_tiles():
    fill(66_000, detail=False)
    checkpoint_make()
    for index in (0, 65_535, 65_536, 65_999, 40_000):
        verify(index)


def test_a_proof_carries_the_cosignature(everybody):
    fill(3)
    anchor(checkpoint_make())
    fill(1)
    checkpoint_make()
    proof = verify(1)
    trusted_checkpoint(proof.checkpoint_note, all_of(log_signer().verifier_key, WITNESS.verifier_key))
    assert proof.checkpoint.size == 3


@pytest.mark.parametrize("index", [-1, 3, 10**9])
def test_what_is_not_covered_has_no_proof(index):
    fill(3)
    checkpoint_make()
    fill(2)
    with pytest.raises(NotCoveredYetError):
        queries.proof_for(index)


def test_consistency_between_any_two_checkpoints():
    roots = {}
    for step in (1, 255, 1, 600, 43):
        fill(step, detail=False)
        latest = checkpoint_make()
        roots[latest.size] = latest
    for old in roots.values():
        for new in roots.values():
            if old.size <= new.size:
                proof = queries.consistency_for(old.size, new)
                verify_consistency(proof, bytes(old.root), bytes(new.root))


def test_pages_go_down_and_up_without_losing_an_entry():
    fill(23)
    seen, page = [], queries.entry_page(EntryFilter(), limit=5)
    assert page.newer is None
    while True:
        seen += [entry.index for entry in page.entries]
        if page.older is None:
            break
        page = queries.entry_page(EntryFilter(), below=page.older, limit=5)
    assert seen == list(range(22, -1, -1))
    up = queries.entry_page(EntryFilter(), above=4, limit=5)
    assert [entry.index for entry in up.entries] == [9, 8, 7, 6, 5]
    assert (up.newer, up.older) == (9, 5)


def test_filters(fixed_clock):
    start = fixed_clock.now()
    for number in range(6):
        with transaction.atomic():
            tag = LedgerTag.LEDGER_GAP_OPENED if number % 2 else LedgerTag.LEDGER_EVIDENCE_MADE
            append(tag, actor=f"user:{number % 3}", subject=f"secret:{number // 3}")
        fixed_clock.advance(timedelta(hours=1))

    def found(**wanted):
        return [entry.index for entry in queries.entry_page(EntryFilter(**wanted)).entries]

    assert found(tag="ledger:gap:opened") == [5, 3, 1]
    assert found(tag="ledger:gap") == [5, 3, 1]
    assert found(tag="ledger") == [5, 4, 3, 2, 1, 0]
    assert found(tag="ledg") == []
    assert found(actor="user:1") == [4, 1]
    assert found(subject="secret:0") == [2, 1, 0]
    assert found(since=start + timedelta(hours=2), until=start + timedelta(hours=4)) == [3, 2]
    assert list(queries.entries_of("secret:1").values_list("index", flat=True)) == [3, 4, 5]


def test_details_come_back_as_they_were():
    with transaction.atomic():
        entry = append(
            LedgerTag.LEDGER_EVIDENCE_MADE,
            actor="user:1",
            subject="secret:1",
            detail={"b": "値", "a": [1, None]},
        )
    details = queries.entry_details(entry)
    assert [(each.name, each.value, each.is_erased) for each in details] == [
        ("a", [1, None], False),
        ("b", "値", False),
    ]


def test_coverage(everybody):
    fill(2)
    assert queries.coverage_of(0).checkpoint is None
    anchor(checkpoint_make())
    fill(1)
    checkpoint_make()
    old, new = queries.coverage_of(0), queries.coverage_of(checkpoint_latest().size - 1)
    assert (old.checkpoint.size, old.cosignature.checkpoint_id, len(old.timestamps)) == (2, 2, 1)
    assert (new.checkpoint.size, new.cosignature, new.timestamps) == (5, None, ())


def test_an_entry_that_is_not_there():
    with pytest.raises(NoSuchEntryError):
        queries.entry_get(0)
    assert queries.entry_count() == 0
