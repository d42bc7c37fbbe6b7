"""The ledger entry: who did what to what and when, with commitments in place of every detail.

Source: RFC 8785 for the bytes; C2SP tlog-tiles for the length limit (a 16-bit length prefix).
An entry never holds a secret, a name or free text: only opaque ids, a tag and salted hashes.  Whoever
drops a salt makes that detail unprovable, and the ledger stays whole.  Order and storage are not here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.clock import format_time, parse_time
from shoumi.engine.errors import EvidenceError, InputError

ENTRY_VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 65_535  # the length prefix of an entry bundle has 16 bits
SALT_BYTES: Final = 32  # what new salts should have; they come from a random source outside the engine
MIN_SALT_BYTES: Final = 16  # below 128 bits a short detail could be guessed from its commitment

_TAG = re.compile(r"[a-z][a-z0-9_]{0,39}(:[a-z][a-z0-9_]{0,39}){2}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COMMITMENT = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = frozenset({"actor", "commitments", "subject", "tag", "time", "v"})


class EntryShapeError(InputError):
    """What should become a ledger entry, or was read as one, breaks its form."""

    code = "input.entry_shape"
    message = "This is not a ledger entry: {reason}."


class CommitmentMismatchError(EvidenceError):
    """The detail shown is not the one the ledger committed to, or its salt is another."""

    code = "evidence.commitment_mismatch"
    message = "The detail and its salt do not yield the commitment in the ledger entry."


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    time: datetime  # aware; when it happened by the server's clock, a claim until time-stamped
    actor: str  # opaque id of the person or process, never a name
    tag: str  # what happened, three parts: `register:secret:approved`
    subject: str  # opaque id of what it happened to
    commitments: Mapping[str, str]  # detail name → `commit(value, salt)`; sizes and order say nothing
    version: int = ENTRY_VERSION

    def __post_init__(self) -> None:
        if type(self.version) is not int or self.version != ENTRY_VERSION:
            raise EntryShapeError(reason=f"version {self.version} is not known")
        if not isinstance(self.time, datetime) or self.time.tzinfo is None:
            raise EntryShapeError(reason="its time has no zone")
        if not _TAG.fullmatch(self.tag):
            raise EntryShapeError(reason="its tag is not three words joined by colons")
        if not _IDENTIFIER.fullmatch(self.actor) or not _IDENTIFIER.fullmatch(self.subject):
            raise EntryShapeError(reason="its actor or subject is not an opaque id")
        for name, value in self.commitments.items():
            if not _NAME.fullmatch(name) or not _COMMITMENT.fullmatch(value):
                raise EntryShapeError(reason="a commitment is not a name with 64 hex digits")
        object.__setattr__(self, "commitments", MappingProxyType(dict(self.commitments)))

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that the ledger hashes, at most 65,535.

        Raises:
            EntryShapeError: it would be longer.
        """
        data = canonical_bytes(
            {
                "actor": self.actor,
                "commitments": dict(self.commitments),
                "subject": self.subject,
                "tag": self.tag,
                "time": format_time(self.time),
                "v": self.version,
            }
        )
        if len(data) > MAX_ENTRY_BYTES:
            raise EntryShapeError(reason=f"it has {len(data)} bytes, {MAX_ENTRY_BYTES} are allowed")
        return data


def parse_entry(data: bytes) -> Entry:
    """Return the entry whose canonical bytes are exactly `data`.

    Raises:
        EntryShapeError: not JSON, other fields than an entry's, or another spelling of the same values.
    """
    if len(data) > MAX_ENTRY_BYTES:
        raise EntryShapeError(reason=f"it has {len(data)} bytes, {MAX_ENTRY_BYTES} are allowed")
    try:
        fields = json.loads(data)
        if not isinstance(fields, dict) or frozenset(fields) != _FIELDS:
            raise EntryShapeError(reason="its fields are not those of an entry")
        entry = Entry(
            time=parse_time(fields["time"]),
            actor=fields["actor"],
            tag=fields["tag"],
            subject=fields["subject"],
            commitments=fields["commitments"],
            version=fields["v"],
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise EntryShapeError(reason="it cannot be read as one") from error
    if entry.to_bytes() != data:
        raise EntryShapeError(reason="its bytes are not in canonical form")
    return entry


def commit(value: JSONValue, salt: bytes) -> str:
    """Return the commitment to `value`: 64 hex digits that tell nothing without `salt`.

    It is the SHA-256 of the salt's length (4 bytes, big-endian), the salt, and `canonical_bytes(value)`.

    Raises:
        EntryShapeError: the salt has fewer than 16 bytes.
        NotCanonicalError: `value` has no canonical form.
    """
    return commit_bytes(canonical_bytes(value), salt)


def commit_bytes(canonical: bytes, salt: bytes) -> str:
    """Return the commitment to a value whose canonical bytes are `canonical`, as `commit` does."""
    if len(salt) < MIN_SALT_BYTES:
        raise EntryShapeError(reason=f"a salt has at least {MIN_SALT_BYTES} bytes, this one {len(salt)}")
    return hashlib.sha256(len(salt).to_bytes(4, "big") + salt + canonical).hexdigest()


def verify_commitment(value: JSONValue, salt: bytes, commitment: str) -> None:
    """Return if `commitment` was made to `value` with `salt`; raise otherwise.

    Raises:
        CommitmentMismatchError: it was not.
    """
    if not hmac.compare_digest(commit(value, salt).encode(), commitment.encode()):
        raise CommitmentMismatchError
