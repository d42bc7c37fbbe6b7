"""Checkpoints: the ledger's signed statement of its size and root, and what witnesses add to it.

Source: C2SP tlog-checkpoint and tlog-cosignature (Ed25519, cosignature/v1).
Times are handed in; that a checkpoint continues the one before is `proofs`' task.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.hashes import DIGEST_BYTES, Digest
from shoumi.engine.evidence.notes import (
    Note,
    NoteSignature,
    NoteSigner,
    SignatureKind,
    VerifierKey,
    cosigned_message,
    find_signature,
    open_note,
    parse_note,
    sign_note,
    split_cosignature,
)

MAX_SIZE: Final = 2**63 - 1

_FIXED_LINES: Final = 3  # origin, size, root
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointShapeError(EvidenceError):
    """The text of a note is not that of a checkpoint."""

    code = "evidence.checkpoint_shape"
    message = "This is not a checkpoint: {reason}."


class OriginMismatchError(EvidenceError):
    """The checkpoint is of another ledger than the one asked about."""

    code = "evidence.origin_mismatch"
    message = "The checkpoint is of the ledger {origin}, not of {expected}."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the ledger says of itself."""

    origin: str  # the ledger's name, by habit an address without scheme: `example.com/ledger`
    size: int  # entries, 0 or more
    root: Digest  # over all of them
    extensions: tuple[str, ...] = ()  # further lines, opaque; Shoumi writes none

    def __post_init__(self) -> None:
        if not self.origin or not 0 <= self.size <= MAX_SIZE or len(self.root) != DIGEST_BYTES:
            raise CheckpointShapeError(reason="its origin, size or root is out of range")
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise CheckpointShapeError(reason="a line of it is empty or broken")

    @property
    def text(self) -> str:
        """The text that is signed: one line each, the last with its newline too."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint whose text is exactly `text`; no signature is looked at.

    Raises:
        CheckpointShapeError: fewer than three lines, a size with leading zeroes, a root not of 32 bytes.
    """
    lines = text.split("\n")
    if len(lines) <= _FIXED_LINES or lines.pop():
        raise CheckpointShapeError(reason="it has fewer than three whole lines")
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size):
        raise CheckpointShapeError(reason="its size is not a plain decimal number")
    try:
        raw = base64.b64decode(root, validate=True)
    except ValueError as error:
        raise CheckpointShapeError(reason="its root is not base64") from error
    checkpoint = Checkpoint(origin, int(size), raw, tuple(extensions))
    if checkpoint.text != text:
        raise CheckpointShapeError(reason="its root is not spelled the one right way")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: NoteSigner) -> str:
    """Return `checkpoint` as a note signed by the ledger's key, whose name must be the origin.

    Raises:
        OriginMismatchError: the key has another name.
    """
    if signer.verifier_key.name != checkpoint.origin:
        raise OriginMismatchError(origin=checkpoint.origin, expected=signer.verifier_key.name)
    return sign_note(checkpoint.text, signer)


def open_checkpoint(note: str, log_key: VerifierKey) -> Checkpoint:
    """Return the checkpoint in `note`, signed by `log_key`, which alone is trusted.

    Raises:
        NoteShapeError, CheckpointShapeError: malformed.
        SignatureMismatchError, UnknownSignerError: not, or not rightly, signed by `log_key`.
        OriginMismatchError: signed by `log_key` but of another ledger.
    """
    parsed, _ = open_note(note, [log_key])
    checkpoint = parse_checkpoint(parsed.text)
    if checkpoint.origin != log_key.name:
        raise OriginMismatchError(origin=checkpoint.origin, expected=log_key.name)
    return checkpoint


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness's verified word: at `time` this was the largest state it had seen, and no fork."""

    key: VerifierKey
    time: datetime  # by the witness's clock, whole seconds, UTC


def cosign(note: str, witness: NoteSigner, time: datetime) -> NoteSignature:
    """Return the cosignature of `witness` at `time` under the checkpoint in `note`.

    The caller has verified the ledger's signature and the consistency with what it saw before.

    Raises:
        NoteShapeError, CheckpointShapeError: malformed.
        CheckpointShapeError: also if the key is not of the cosignature kind.
    """
    text = parse_note(note).text
    parse_checkpoint(text)
    key = witness.verifier_key
    if key.kind is not SignatureKind.COSIGNATURE:
        raise CheckpointShapeError(reason=f"the key {key.name} is not one for cosignatures")
    seconds = int(time.timestamp())
    signature = witness.sign(cosigned_message(text, seconds))
    return NoteSignature(key.name, key.key_id, seconds.to_bytes(8, "big") + signature)


def read_cosignatures(note: Note, witness_keys: Iterable[VerifierKey]) -> tuple[Cosignature, ...]:
    """Return the verified cosignatures under `note`, in the order of `witness_keys`.

    Keys without a line are left out; how many suffice is `trust`'s task.

    Raises:
        SignatureMismatchError: a line by one of the keys does not verify.
    """
    found: list[Cosignature] = []
    for key in witness_keys:
        line = find_signature(note, key)
        if line is not None:
            seconds, _ = split_cosignature(line)
            try:
                time = datetime.fromtimestamp(seconds, tz=UTC)
            except (ValueError, OverflowError, OSError) as error:
                raise CheckpointShapeError(reason="a cosignature's time is out of range") from error
            found.append(Cosignature(key, time))
    return tuple(found)


def add_signatures(note: str, lines: Iterable[NoteSignature]) -> str:
    """Return `note` with `lines` added behind its own, each once; none is verified.

    Raises:
        NoteShapeError: `note` is malformed.
    """
    parsed = parse_note(note)
    signatures = list(parsed.signatures)
    signatures += [line for line in lines if line not in signatures]
    return str(Note(parsed.text, tuple(dict.fromkeys(signatures))))


def stamped_bytes(note: str) -> bytes:
    """Return what is time-stamped of a checkpoint: its text and the first signature, the ledger's.

    Cosignatures arrive later and carry their own times; the stamp does not wait for them.

    Raises:
        NoteShapeError: `note` is malformed.
    """
    parsed = parse_note(note)
    return str(Note(parsed.text, parsed.signatures[:1])).encode()
