"""What a row of the ledger is made of: body, leaf hash and seal, and the details kept beside it.

Source: `engine.evidence.entry` for the bytes, RFC 2104 for the seal.  The seal binds the leaf hash to its
index with a key that is not in the database: a row forged by SQL is noticed before any checkpoint covers it.
Pure: the key and the salts' randomness aside, nothing here reads or writes anything.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.evidence.entry import SALT_BYTES, Entry, EntryShapeError, commit_bytes


class Draft(NamedTuple):
    """An entry that has no place in the ledger yet."""

    entry: Entry
    body: bytes  # canonical, what is hashed
    details: tuple[tuple[str, str, bytes], ...]  # name, value as canonical JSON, salt


def entry_draft(
    tag: str, *, actor: str, subject: str, time: datetime, detail: Mapping[str, JSONValue]
) -> Draft:
    """Return the entry with fresh salted commitments to the values of `detail`.

    Raises:
        EntryShapeError: an actor or subject that is not `kind:id`, or a detail's name out of form.
        NotCanonicalError: a value has no canonical form.
    """
    if ":" not in actor or ":" not in subject:
        raise EntryShapeError(reason="its actor or subject is not of the form kind:id")
    details = []
    commitments = {}
    for name, value in detail.items():
        salt = os.urandom(SALT_BYTES)
        canonical = canonical_bytes(value)
        commitments[name] = commit_bytes(canonical, salt)
        details.append((name, canonical.decode(), salt))
    entry = Entry(time, actor, tag, subject, commitments)
    return Draft(entry, entry.to_bytes(), tuple(details))


def seal_of(index: int, leaf_hash: bytes, key: bytes) -> bytes:
    """Return the seal of a row: HMAC-SHA256 over its index (8 bytes, big-endian) and its leaf hash."""
    return hmac.digest(key, index.to_bytes(8, "big") + leaf_hash, "sha256")


def seal_of_values(key: bytes, *values: JSONValue) -> bytes:
    """Return the seal of a row that is no entry: HMAC-SHA256 over its values as canonical JSON."""
    return hmac.digest(key, canonical_bytes(list(values)), "sha256")
