"""What a witness signs, and what it never signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.evidence import LOG, ORIGIN, MemoryLedger, signer

from shoumi.engine.evidence.checkpoint import Checkpoint, OriginMismatchError, sign_checkpoint
from shoumi.engine.evidence.log import consistency_proof, read_root
from shoumi.engine.evidence.notes import (
    NoteShapeError,
    SignatureMismatchError,
    UnknownSignerError,
    VerifierKey,
)
from shoumi.engine.evidence.proofs import ConsistencyError, ProofShapeError
from shoumi.engine.evidence.witness import (
    AddCheckpoint,
    ForkedLedgerError,
    RolledBackLedgerError,
    Witnessed,
    WitnessRequestError,
    WitnessStateError,
    judge,
    parse_add_checkpoint,
    verify_not_rolled_back,
)

LEDGER = MemoryLedger()
LEDGER.fill(40)
NODES = LEDGER.nodes


def seen(size):
    return Witnessed(size, read_root(size, NODES))


def request(old, new):
    return AddCheckpoint(old, consistency_proof(old, new, NODES).path, LEDGER.checkpoint(new))


@given(st.integers(0, 40).flatmap(lambda new: st.tuples(st.integers(0, new), st.just(new))))
def test_growth_is_signed(sizes):
    old, new = sizes
    asked = request(old, new)
    assert parse_add_checkpoint(str(asked).encode()) == asked
    assert judge(asked, seen(old), LOG.verifier_key).size == new


@given(st.integers(1, 39), st.integers(0, 40))
def test_a_request_from_another_size_is_told_the_right_one(old, new):
    with pytest.raises((WitnessStateError, WitnessRequestError)) as caught:
        judge(AddCheckpoint(old, (), LEDGER.checkpoint(new)), seen(old + 1), LOG.verifier_key)
    if caught.type is WitnessStateError:
        assert caught.value.size == old + 1


def test_a_rewritten_ledger_is_not_signed():
    other = MemoryLedger()
    other.fill(41)
    other.entries[3] = other.entries[4]
    proof = consistency_proof(20, 40, other.nodes)
    with pytest.raises(ConsistencyError):
        judge(AddCheckpoint(20, proof.path, other.checkpoint(40)), seen(20), LOG.verifier_key)
    with pytest.raises(ForkedLedgerError):
        judge(AddCheckpoint(20, (), other.checkpoint(20)), seen(20), LOG.verifier_key)


def test_an_empty_ledger_has_one_root():
    forged = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    with pytest.raises(ForkedLedgerError):
        judge(AddCheckpoint(0, (), forged), Witnessed(), LOG.verifier_key)
    assert judge(AddCheckpoint(0, (), LEDGER.checkpoint(0)), Witnessed(), LOG.verifier_key).size == 0


def test_a_proof_where_none_is_needed_is_refused():
    with pytest.raises(ProofShapeError):
        judge(AddCheckpoint(0, (bytes(32),), LEDGER.checkpoint(5)), Witnessed(), LOG.verifier_key)


def test_only_the_known_ledger_is_signed():
    other = signer("other.example.com")
    foreign = sign_checkpoint(Checkpoint("other.example.com", 5, bytes(32)), other)
    with pytest.raises(OriginMismatchError):
        judge(AddCheckpoint(0, (), foreign), Witnessed(), LOG.verifier_key)
    key = VerifierKey(ORIGIN, LOG.verifier_key.kind, other.verifier_key.public_key)
    with pytest.raises(UnknownSignerError):
        judge(request(0, 5), Witnessed(), key)
    forged = LEDGER.checkpoint(5).replace("\n5\n", "\n6\n")
    with pytest.raises(SignatureMismatchError):
        judge(AddCheckpoint(0, (), forged), Witnessed(), LOG.verifier_key)
    with pytest.raises(NoteShapeError):
        judge(AddCheckpoint(0, (), "nothing"), Witnessed(), LOG.verifier_key)


def test_backwards_is_no_request():
    with pytest.raises(WitnessRequestError):
        judge(AddCheckpoint(7, (), LEDGER.checkpoint(5)), seen(7), LOG.verifier_key)


def test_a_ledger_set_back_is_noticed():
    verify_not_rolled_back(Checkpoint(ORIGIN, 7, bytes(32)), seen(7))
    with pytest.raises(RolledBackLedgerError):
        verify_not_rolled_back(Checkpoint(ORIGIN, 6, bytes(32)), seen(7))


BODY = str(request(5, 12)).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        BODY.replace(b"old 5", b"old 05"),
        BODY.replace(b"old 5", b"old -5"),
        BODY.replace(b"old 5", b"old"),
        BODY.replace(b"old 5", b"new 5"),
        BODY.replace(b"old 5", b"old 99999999999999999999"),
        BODY.replace(b"old 5\n", b"old 5\n!\n"),
        BODY.replace(b"\n\n", b"\n", 1),
        BODY.replace(b"old 5\n", b"old 5\n" + b"A" * 43 + b"B\n"),
        BODY.replace(b"old 5\n", b"old 5\n" + (b"A" * 43 + b"=\n") * 64),
        BODY.replace(b"\n", b"\r\n"),
        b"x" * 70_000,
    ],
    ids=range(13),
)
def test_other_bodies_are_refused(body):
    with pytest.raises(WitnessRequestError):
        parse_add_checkpoint(body)
