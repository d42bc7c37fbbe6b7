"""What a witness checks before it signs: that the ledger only ever grew.

Source: C2SP tlog-witness (add-checkpoint).  Request and judgement as values; keeping the state on disk
before answering, and the network, are the caller's.  A witness vouches for growth, not for truth.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from shoumi.engine.errors import ConflictError, EvidenceError, InputError
from shoumi.engine.evidence.checkpoint import (
    Checkpoint,
    OriginMismatchError,
    open_checkpoint,
    parse_checkpoint,
)
from shoumi.engine.evidence.hashes import DIGEST_BYTES, EMPTY_ROOT, Digest
from shoumi.engine.evidence.notes import VerifierKey, parse_note
from shoumi.engine.evidence.proofs import ConsistencyProof, verify_consistency

MAX_PROOF_LINES: Final = 63
MAX_REQUEST_BYTES: Final = 64 * 1024

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class WitnessRequestError(InputError):
    """The request is not written as the protocol asks."""

    code = "input.witness_request"
    message = "This is not a request to a witness: {reason}."


class WitnessStateError(ConflictError):
    """The request starts from another size than the one the witness signed last."""

    code = "conflict.witness_state"
    message = "The witness last signed {size} entries; the proof must start there."

    @property
    def size(self) -> int:
        """The number of entries the witness signed last."""
        return int(str(self.fields["size"]))


class ForkedLedgerError(EvidenceError):
    """The ledger's key signed two different roots for one size: there are two ledgers."""

    code = "evidence.forked_ledger"
    message = "The ledger signed two different roots over {size} entries."


class RolledBackLedgerError(EvidenceError):
    """The ledger's key signed fewer entries than it had signed before: it was set back."""

    code = "evidence.rolled_back_ledger"
    message = "The ledger shows {size} entries; it had {seen} before."


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request for a cosignature; `str()` gives its body."""

    old_size: int  # entries the witness signed last, as far as the sender knows
    path: tuple[Digest, ...]  # the consistency proof from there
    note: str  # the signed checkpoint

    def __str__(self) -> str:
        """Return the body of the request."""
        proof = "".join(f"{base64.b64encode(item).decode()}\n" for item in self.path)
        return f"old {self.old_size}\n{proof}\n{self.note}"


def parse_add_checkpoint(body: bytes) -> AddCheckpoint:
    """Return the request in `body`; the note in it is not looked at.

    Raises:
        WitnessRequestError: any other bytes than those `str(AddCheckpoint)` would give.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise WitnessRequestError(reason="it is too long")
    try:
        text = body.decode()
        head, blank, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except ValueError as error:
        raise WitnessRequestError(reason="it is not UTF-8 and base64") from error
    old = _OLD.fullmatch(first)
    if old is None or not blank or len(path) > MAX_PROOF_LINES or {*map(len, path)} - {DIGEST_BYTES}:
        raise WitnessRequestError(reason="its first lines are not an old size and a proof")
    request = AddCheckpoint(int(old[1]), path, note)
    if str(request) != text:
        raise WitnessRequestError(reason="it is not spelled the one right way")
    return request


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What the witness signed last; of a ledger it never signed, nothing."""

    size: int = 0
    root: Digest = EMPTY_ROOT


def judge(request: AddCheckpoint, seen: Witnessed, log_key: VerifierKey) -> Checkpoint:
    """Return the checkpoint the witness may sign; raise if it may not.

    Trusted are `log_key` and `seen`, nothing in the request.

    Raises:
        NoteShapeError, CheckpointShapeError: the note is malformed.
        OriginMismatchError: it is of another ledger.
        UnknownSignerError, SignatureMismatchError: `log_key` did not sign it.
        WitnessRequestError: the old size is larger than the new one.
        WitnessStateError: the old size is not the one signed last.
        ForkedLedgerError: the same size was signed before with another root.
        ProofShapeError, ConsistencyError: the proof does not show growth.
    """
    origin = parse_checkpoint(parse_note(request.note).text).origin
    if origin != log_key.name:
        raise OriginMismatchError(origin=origin, expected=log_key.name)
    checkpoint = open_checkpoint(request.note, log_key)
    if request.old_size > checkpoint.size:
        raise WitnessRequestError(reason="the old size is larger than the new one")
    if request.old_size != seen.size:
        raise WitnessStateError(size=seen.size)
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        raise ForkedLedgerError(size=seen.size)
    proof = ConsistencyProof(seen.size, checkpoint.size, request.path)
    verify_consistency(proof, seen.root, checkpoint.root)
    return checkpoint


def verify_not_rolled_back(checkpoint: Checkpoint, seen: Witnessed) -> None:
    """Return if `checkpoint`, the ledger's newest, has at least the entries seen before; raise otherwise.

    Raises:
        RolledBackLedgerError: it has fewer.
    """
    if checkpoint.size < seen.size:
        raise RolledBackLedgerError(size=checkpoint.size, seen=seen.size)
