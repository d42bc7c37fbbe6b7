"""Proof files read back to the byte, and nothing else is read."""

from __future__ import annotations

import pytest
from tests.fakes.evidence import MemoryLedger

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.log import inclusion_proof
from shoumi.engine.evidence.proofs import verify_inclusion
from shoumi.engine.evidence.tlog_proof import TlogProof, TlogProofShapeError, parse_tlog_proof

LEDGER = MemoryLedger()
LEDGER.fill(13)
PROOF = TlogProof(5, inclusion_proof(5, 13, LEDGER.nodes).path, LEDGER.checkpoint())
TEXT = str(PROOF)


def test_a_proof_file_proves_its_entry():
    proof = parse_tlog_proof(TEXT)
    assert proof == PROOF
    verify_inclusion(LEDGER.entries[5], proof.inclusion_proof, proof.checkpoint.root)


def test_the_layout_is_that_of_the_specification():
    lines = TEXT.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert lines[2 + len(PROOF.path)] == ""
    assert TEXT.endswith(PROOF.checkpoint_note)


def test_extra_data_reads_back():
    proof = TlogProof(0, (), LEDGER.checkpoint(1), b"anything")
    assert parse_tlog_proof(str(proof)) == proof
    assert str(proof).split("\n")[1] == "extra YW55dGhpbmc="


@pytest.mark.parametrize(
    "text",
    [
        "",
        "index 5\n\n",
        TEXT.replace("@v1", "@v2"),
        TEXT.replace("index 5", "index 05"),
        TEXT.replace("index 5", "index -5"),
        TEXT.replace("index 5\n", ""),
        TEXT.replace("index 5", "extra !!\nindex 5"),
        TEXT.replace("index 5\n", "index 5\n\n"),
        TEXT.replace("index 5\n", "index 5\n" + "A" * 43 + "=\n" + "\n"),
        TEXT.replace("index 5\n", "index 5\n" + ("A" * 43 + "=\n") * 64),
        TEXT.replace("index 5\n", "index 5\n" + "A" * 43 + "B\n"),
        TEXT.replace("\n", "\r\n"),
        TEXT + "\n",
        TEXT[:-1],
        "c2sp.org/tlog-proof@v1\nindex 0\n\nnot a checkpoint\n",
    ],
    ids=range(15),
)
def test_other_texts_are_refused(text):
    with pytest.raises(EvidenceError):
        parse_tlog_proof(text)


def test_the_first_fault_has_its_own_error():
    with pytest.raises(TlogProofShapeError):
        parse_tlog_proof("something else\n\n")
