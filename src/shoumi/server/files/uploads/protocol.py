"""The headers of the tus resumable upload protocol: read strictly, written exactly.

Source: tus 1.0.0 with the extensions creation, expiration, termination and checksum (`tus.io/protocols`).
Texts in, values out: no request, no row, no file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from hmac import compare_digest
from typing import Final

from shoumi.engine.errors import InputError

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,termination,checksum"
PIECE_TYPE: Final = "application/offset+octet-stream"
ALGORITHMS: Final = ("sha256", "sha1")  # the protocol asks for SHA-1; it guards against accidents only

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_KEY: Final = re.compile(r"[!-+\--~]+", re.ASCII)  # printable ASCII without space and comma
_LONGEST_METADATA: Final = 4096


class UploadHeaderError(InputError):
    """A header of the upload protocol is missing or has another form."""

    code = "input.upload_header"
    message = "The header {header} is missing or not valid."


class UploadVersionError(InputError):
    """The client speaks another version of the protocol."""

    code = "input.upload_version"
    message = "This server speaks version {version} of the upload protocol."


class UploadTypeError(InputError):
    """The piece does not say that it is one."""

    code = "input.upload_type"
    message = "A piece of an upload has the content type {expected}."


class ChecksumMismatchError(InputError):
    """The piece arrived with other bytes than the client sent."""

    code = "input.upload_checksum"
    message = "The piece does not have the announced checksum and was dropped; send it again."


class Checksum:
    """What a piece should hash to, and what it hashes to so far."""

    __slots__ = ("_expected", "_hasher")

    def __init__(self, algorithm: str, expected: bytes) -> None:
        """Begin with nothing; `algorithm` is one of `ALGORITHMS`."""
        self._hasher = hashlib.new(algorithm, usedforsecurity=False)
        self._expected = expected

    def update(self, block: bytes) -> None:
        """Take in the next bytes of the piece."""
        self._hasher.update(block)

    def matches(self) -> bool:
        """Tell whether the piece so far is the announced one."""
        return compare_digest(self._hasher.digest(), self._expected)


def verify_version(headers: Mapping[str, str]) -> None:
    """Return if the client speaks our version.

    Raises:
        UploadVersionError: it does not.
    """
    if headers.get("Tus-Resumable") != VERSION:
        raise UploadVersionError(version=VERSION)


def read_number(headers: Mapping[str, str], header: str) -> int:
    """Return a header that holds a count of bytes.

    Raises:
        UploadHeaderError: it is missing, negative, or no number.
    """
    text = headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise UploadHeaderError(header=header)
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Return what `Upload-Metadata` holds; a key without a value has the value "".

    Raises:
        UploadHeaderError: too long, a key twice, a value that is not base64 or not UTF-8.
    """
    wrong = UploadHeaderError(header="Upload-Metadata")
    if len(text) > _LONGEST_METADATA:
        raise wrong
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise wrong
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError as error:
            raise wrong from error
    return found


def read_checksum(text: str) -> Checksum | None:
    """Return the announced checksum, or None for an empty header.

    Raises:
        UploadHeaderError: an algorithm not offered, or a digest of another length.
    """
    if not text:
        return None
    wrong = UploadHeaderError(header="Upload-Checksum")
    algorithm, _, value = text.partition(" ")
    if algorithm not in ALGORITHMS:
        raise wrong
    try:
        expected = base64.b64decode(value, validate=True)
    except ValueError as error:
        raise wrong from error
    if len(expected) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise wrong
    return Checksum(algorithm, expected)


def greeting(limit_bytes: int) -> dict[str, str]:
    """Return the headers that tell a client what the server can do."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(limit_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def expires(moment: datetime) -> str:
    """Return an aware UTC time as the date of HTTP."""
    return format_datetime(moment, usegmt=True)
