"""An index as a file: named arrays and a description, encrypted, and refused if one bit was altered.

Source: AES-256-GCM (NIST SP 800-38D) over chunks of 1 MiB; the key of a file follows from the key of the
index and from a keyed digest of the content, as in SIV (RFC 5297): the same content under the same key gives
the same bytes, another content another key, so that no nonce ever serves twice under one key.
Byte by byte: `docs/formats/exact-index.md`.  It knows nothing of what the arrays mean.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shoumi.engine.inspection.matching.errors import IndexAlteredError, NotAnIndexError, OtherKeyError
from shoumi.engine.inspection.matching.hashing import subkey

Array = npt.NDArray[Any]
Source = bytes | bytearray | memoryview | Path

MAGIC: Final = b"SHOUMIX\x01"
CHUNK: Final = 1 << 20
_TAG: Final = 16
_HEAD: Final = struct.Struct("<8s4sIQ16s32s")  # magic, kind, chunk, length of the content, key id, digest
_COUNT: Final = struct.Struct("<Q")
_ALIGNED: Final = 64
_KINDS: Final = frozenset({"<u8", "<u4", "<u2", "|u1", "<i4"})


def seal(kind: bytes, meta: Mapping[str, Any], arrays: Mapping[str, Array], key: bytes) -> bytes:
    """Return the file of an index of `kind` (four bytes)."""
    content = _packed(meta, arrays)
    digest = hashlib.blake2b(key=subkey(key, "shoumi index digest", 64), digest_size=32)
    digest.update(kind)
    digest.update(content)
    head = _HEAD.pack(MAGIC, kind, CHUNK, len(content), _key_id(key), digest.digest())
    cipher = AESGCM(subkey(key, "shoumi index file", salt=head))
    out = bytearray(head)
    view = memoryview(content)
    for number, at in enumerate(range(0, len(content), CHUNK)):
        out += cipher.encrypt(number.to_bytes(12, "big"), view[at : at + CHUNK], head)
    return bytes(out)


def unseal(source: Source, kind: bytes, key: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the description and the arrays; every bit of the file was authenticated.

    Raises:
        NotAnIndexError: other content, another kind or version.
        OtherKeyError: made with another key.
        IndexAlteredError: altered, cut or lengthened.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            if source.stat().st_size < _HEAD.size:
                raise NotAnIndexError(kind=kind.decode())
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view, memoryview(view) as raw:
                return _unpacked(_opened(raw, kind, key))
    return _unpacked(_opened(memoryview(source), kind, key))


def _opened(raw: memoryview, kind: bytes, key: bytes) -> bytearray:
    if len(raw) < _HEAD.size:
        raise NotAnIndexError(kind=kind.decode())
    head = bytes(raw[: _HEAD.size])
    magic, its_kind, chunk, length, key_id, _ = _HEAD.unpack(head)
    if magic != MAGIC or its_kind != kind:
        raise NotAnIndexError(kind=kind.decode())
    if key_id != _key_id(key):
        raise OtherKeyError
    if chunk != CHUNK or len(raw) != _HEAD.size + length + _TAG * -(-length // CHUNK):
        raise IndexAlteredError
    cipher = AESGCM(subkey(key, "shoumi index file", salt=head))
    content = bytearray(length)
    step = CHUNK + _TAG
    try:
        for number, at in enumerate(range(_HEAD.size, len(raw), step)):
            plain = cipher.decrypt(number.to_bytes(12, "big"), raw[at : at + step], head)
            content[number * CHUNK : number * CHUNK + len(plain)] = plain
    except InvalidTag:
        raise IndexAlteredError from None
    return content


def _key_id(key: bytes) -> bytes:
    return subkey(key, "shoumi index key id", 16)


def _packed(meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytearray:
    """Lay out: length of the description, description, then each array at a multiple of 64 bytes."""
    places: dict[str, list[Any]] = {name: [array.dtype.str, len(array), 0] for name, array in arrays.items()}
    at = 0
    for name, array in arrays.items():
        places[name][2] = at
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    described = json.dumps({"arrays": places, **meta}, ensure_ascii=False, sort_keys=True).encode()
    start = -(-(_COUNT.size + len(described)) // _ALIGNED) * _ALIGNED
    content = bytearray(start + at)
    content[: _COUNT.size] = _COUNT.pack(len(described))
    content[_COUNT.size : _COUNT.size + len(described)] = described
    for name, array in arrays.items():
        where = start + places[name][2]
        content[where : where + array.nbytes] = np.ascontiguousarray(array).view(np.uint8).data
    return content


def _unpacked(content: bytearray) -> tuple[dict[str, Any], dict[str, Array]]:
    (length,) = _COUNT.unpack_from(content)
    meta = json.loads(content[_COUNT.size : _COUNT.size + length])
    start = -(-(_COUNT.size + length) // _ALIGNED) * _ALIGNED
    arrays = dict(_arrays(content, start, meta.pop("arrays")))
    return meta, arrays


def _arrays(content: bytearray, start: int, places: dict[str, list[Any]]) -> Iterator[tuple[str, Array]]:
    for name, (kind, count, at) in places.items():
        if kind not in _KINDS:
            raise IndexAlteredError
        array = np.frombuffer(content, kind, count, start + at)
        array.flags.writeable = False
        yield name, array
