"""What a row of the ledger is made of: body and seal, and the details kept beside it.

Source: `engine.evidence.entry` for the bytes, RFC 2104 for the seal.  The seal binds the bytes to their index
with a key that is not in the database: a row forged by SQL is noticed before any checkpoint covers it.
The bytes are written here directly, because appending is what the product does all day; a test holds them
to be those of `Entry.to_bytes`.  Reads and writes nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.evidence.entry import SALT_BYTES, EntryShapeError, commit_bytes

MAX_DETAILS: Final = 256  # an entry's details have the keys index x 256 + 0 ... 255

_NAMED_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*:[A-Za-z0-9._:-]+")  # kind:id
_MAX_ID: Final = 128
_DETAIL_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_BLOCK: Final = 64  # bytes in a block of SHA-256


class Draft(NamedTuple):
    """An entry that has no place in the ledger yet."""

    body: bytes  # canonical, what is hashed
    details: tuple[tuple[str, str, bytes], ...]  # name, value as canonical JSON, salt


def entry_draft(tag: str, *, actor: str, subject: str, time: str, detail: Mapping[str, JSONValue]) -> Draft:
    """Return the bytes of an entry with fresh salted commitments to the values of `detail`.

    `tag` is one of `tags`, `time` as `format_time` writes it.

    Raises:
        EntryShapeError: an actor or subject that is not `kind:id`, or a detail's name out of form.
        NotCanonicalError: a value has no canonical form.
    """
    _check_id(actor)
    _check_id(subject)
    if not detail:
        return Draft(_body(actor, "", subject, tag, time), ())
    if len(detail) > MAX_DETAILS:
        raise EntryShapeError(reason=f"it has more than {MAX_DETAILS} details")
    salts = os.urandom(SALT_BYTES * len(detail))
    details, commitments = [], []
    for place, name in enumerate(sorted(detail)):
        _check_name(name)
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        canonical = canonical_bytes(detail[name])
        commitments.append(f'"{name}":"{commit_bytes(canonical, salt)}"')
        details.append((name, canonical.decode(), salt))
    return Draft(_body(actor, ",".join(commitments), subject, tag, time), tuple(details))


def _body(actor: str, commitments: str, subject: str, tag: str, time: str) -> bytes:
    """Return the canonical JSON; no part of it has a character that JSON would escape."""
    return (
        f'{{"actor":"{actor}","commitments":{{{commitments}}},"subject":"{subject}",'
        f'"tag":"{tag}","time":"{time}","v":1}}'
    ).encode("ascii")


@lru_cache(maxsize=4096)
def _check_id(text: str) -> None:
    if len(text) > _MAX_ID or not _NAMED_ID.fullmatch(text):
        raise EntryShapeError(reason="its actor or subject is not of the form kind:id")


@lru_cache(maxsize=1024)
def _check_name(name: str) -> None:
    if not _DETAIL_NAME.fullmatch(name):
        raise EntryShapeError(reason="a detail's name is not a plain word")


def seal_of(index: int, body: bytes, key: bytes) -> bytes:
    """Return the seal of a row: HMAC-SHA256 over its index (8 bytes, big-endian) and its body."""
    prepared = _prepared(key)
    inner, outer = prepared[0].copy(), prepared[1].copy()
    inner.update(index.to_bytes(8, "big") + body)
    outer.update(inner.digest())
    return outer.digest()


@cache
def _prepared(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Return both hashes of RFC 2104 with the key taken in, to be copied: twice as fast as `hmac.digest`."""
    padded = key.ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(x ^ 0x36 for x in padded)), hashlib.sha256(bytes(x ^ 0x5C for x in padded))


def seal_of_values(key: bytes, *values: JSONValue) -> bytes:
    """Return the seal of a row that is no entry: HMAC-SHA256 over its values as canonical JSON."""
    return hmac.digest(key, canonical_bytes(list(values)), "sha256")
