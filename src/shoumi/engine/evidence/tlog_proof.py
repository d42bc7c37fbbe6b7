"""Proof files: one entry's place in the ledger, with the checkpoint it leads to, in one text.

Source: C2SP tlog-proof, version 1.  Reading gives parts, none verified: the checkpoint's signatures
are `trust`'s task, the path `proofs`'.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.checkpoint import Checkpoint, parse_checkpoint
from shoumi.engine.evidence.hashes import DIGEST_BYTES, Digest
from shoumi.engine.evidence.notes import parse_note
from shoumi.engine.evidence.proofs import InclusionProof

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PATH: Final = 63

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class TlogProofShapeError(EvidenceError):
    """A proof file is not written the one way it may be written."""

    code = "evidence.tlog_proof_shape"
    message = "This is not a proof file: {reason}."


@dataclass(frozen=True, slots=True)
class TlogProof:
    """The parts of a proof file; `str()` gives it back."""

    index: int  # 0-based position of the entry
    path: tuple[Digest, ...]  # as in `InclusionProof`
    checkpoint_note: str  # with all its signatures, verbatim
    extra: bytes | None = None  # opaque and not covered by any signature; Shoumi writes none

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint, its signatures not verified."""
        return parse_checkpoint(parse_note(self.checkpoint_note).text)

    @property
    def inclusion_proof(self) -> InclusionProof:
        """The proof for `proofs.verify_inclusion`."""
        return InclusionProof(self.index, self.checkpoint.size, self.path)

    def __str__(self) -> str:
        """Return the file's text."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(item).decode() for item in self.path]
        return "\n".join(lines) + "\n\n" + self.checkpoint_note


def parse_tlog_proof(text: str) -> TlogProof:
    """Return the parts of the proof file `text`; nothing is verified.

    Raises:
        TlogProofShapeError: any other text than `str(TlogProof)` would give back.
        NoteShapeError, CheckpointShapeError: the checkpoint in it is malformed.
    """
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != HEADER:
        raise TlogProofShapeError(reason="it does not begin as one")
    try:
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = base64.b64decode(lines.pop(0).removeprefix("extra "), validate=True)
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except ValueError as error:
        raise TlogProofShapeError(reason="a line of it is not base64") from error
    if index is None or len(path) > MAX_PATH or {*map(len, path)} - {DIGEST_BYTES}:
        raise TlogProofShapeError(reason="it names no entry, or its path is too long or not of hashes")
    proof = TlogProof(int(index[1]), path, note, extra)
    if str(proof) != text:
        raise TlogProofShapeError(reason="it is not spelled the one right way")
    _ = proof.checkpoint
    return proof
