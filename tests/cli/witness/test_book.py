"""The witness's book: what was signed survives, and is never forgotten by accident."""

from __future__ import annotations

import json

import pytest
from tests.fakes.clock import FixedClock
from tests.fakes.evidence import LOG, OTHER_WITNESS, WITNESS, MemoryLedger, signer

from shoumi.cli.witness.book import (
    LogKeyChangedError,
    WitnessBook,
    WitnessRunningError,
    WitnessStateFileError,
)
from shoumi.engine.evidence.log import consistency_proof
from shoumi.engine.evidence.proofs import ConsistencyError
from shoumi.engine.evidence.witness import AddCheckpoint, WitnessStateError

LEDGER = MemoryLedger()
LEDGER.fill(20)
NODES = LEDGER.nodes


def opened(path, witness=WITNESS, *, is_new=False):
    return WitnessBook(path, witness, FixedClock(), is_new=is_new)


def request(old, new):
    return AddCheckpoint(old, consistency_proof(old, new, NODES).path, LEDGER.checkpoint(new))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "witness" / "state.json"
    with opened(path, is_new=True) as book:
        book.pin(LOG.verifier_key)
        book.cosign(request(0, 8))
    return path


def test_what_was_signed_is_there_after_a_restart(path):
    with opened(path) as book:
        assert (book.seen.size, book.log_key) == (8, LOG.verifier_key)
        assert book.note is not None
        with pytest.raises(WitnessStateError):
            book.cosign(request(0, 20))
        book.cosign(request(8, 20))


def test_it_is_on_disk_before_the_signature_leaves(path, monkeypatch):
    with opened(path) as book:
        monkeypatch.setattr(type(book), "_save", lambda self: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            book.cosign(request(8, 20))
    with opened(path) as book:
        assert book.seen.size == 8


def test_a_refusal_changes_nothing(path):
    before = path.read_bytes()
    with opened(path) as book, pytest.raises(ConsistencyError):
        book.cosign(AddCheckpoint(8, (bytes(32),), LEDGER.checkpoint(13)))
    assert path.read_bytes() == before


def test_one_process_at_a_time(path):
    with opened(path), pytest.raises(WitnessRunningError), opened(path):
        pass


def test_a_lost_book_is_not_begun_anew_by_itself(path):
    path.unlink()
    with pytest.raises(WitnessStateFileError, match="missing"), opened(path):
        pass
    path.write_text("{}")
    with opened(path) as book:
        assert book.seen.size == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"log_key": 5}', b'{"log_key": "x"}'])
def test_a_damaged_book_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(WitnessStateFileError), opened(path):
        pass


def test_a_book_of_another_witness_or_with_another_checkpoint_is_refused(path):
    with pytest.raises(WitnessStateFileError), opened(path, OTHER_WITNESS):
        pass
    state = json.loads(path.read_text())
    path.write_text(json.dumps({**state, "note": state["note"].replace("\n8\n", "\n7\n")}))
    with pytest.raises(WitnessStateFileError), opened(path):
        pass


def test_a_pinned_key_is_not_replaced(path):
    with opened(path) as book:
        book.pin(LOG.verifier_key)
        with pytest.raises(LogKeyChangedError):
            book.pin(signer("ledger.example.com/demo2").verifier_key)
