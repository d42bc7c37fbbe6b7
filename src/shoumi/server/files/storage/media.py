"""Says what kind of content a file holds, from its bytes; its name is only compared with them.

Sources: the published signatures of the formats; ECMA-376 part 2 (OOXML), MS-CFB 2.1 to 2.6 (older
Office), and the tables of puremagic for the rest.
Reads at most the first 64 KiB and the directory of an archive; unpacks nothing, executes nothing.
A hint for people and for inspection: a determined author can make a file that is two things at once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final

import puremagic

from shoumi.server.files.storage.containers import compound_type, zip_type
from shoumi.server.files.storage.texts import charset_of

HEAD_BYTES: Final = 64 * 1024
UNKNOWN: Final = "application/octet-stream"
_PDF_WITHIN: Final = 1024  # readers accept some bytes before the signature
_LEAST_MAGIC: Final = 4  # puremagic knows signatures of two bytes, which say nothing

SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"AC10", "image/vnd.dwg"),
    (0, b"AC1.", "image/vnd.dwg"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"ID3", "audio/mpeg"),
)

_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_WRITTEN_AS_TEXT: Final = ((b"{\\rtf", "application/rtf"), (b"ISO-10303-21;", "model/step"))

TEXT_TYPES: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "md": "text/markdown",
    "json": "application/json",
    "xml": "application/xml",
    "html": "text/html",
    "htm": "text/html",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "step": "model/step",
    "stp": "model/step",
    "dxf": "image/vnd.dxf",
    "eml": "message/rfc822",
}
_MARKUP: Final = (
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "application/xml"),
)

EXTENSIONS: Final[dict[str, frozenset[str]]] = {
    "pdf": frozenset({"application/pdf"}),
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "gif": frozenset({"image/gif"}),
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "webp": frozenset({"image/webp"}),
    "heic": frozenset({"image/heic"}),
    "docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "docm": frozenset({"application/vnd.ms-word.document.macroEnabled.12"}),
    "xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "xlsm": frozenset({"application/vnd.ms-excel.sheet.macroEnabled.12"}),
    "xlsb": frozenset({"application/vnd.ms-excel.sheet.binary.macroEnabled.12"}),
    "pptx": frozenset({"application/vnd.openxmlformats-officedocument.presentationml.presentation"}),
    "pptm": frozenset({"application/vnd.ms-powerpoint.presentation.macroEnabled.12"}),
    "doc": frozenset({"application/msword", "application/rtf"}),
    "xls": frozenset({"application/vnd.ms-excel"}),
    "ppt": frozenset({"application/vnd.ms-powerpoint"}),
    "msg": frozenset({"application/vnd.ms-outlook"}),
    "odt": frozenset({"application/vnd.oasis.opendocument.text"}),
    "ods": frozenset({"application/vnd.oasis.opendocument.spreadsheet"}),
    "odp": frozenset({"application/vnd.oasis.opendocument.presentation"}),
    "zip": frozenset({"application/zip"}),
    "7z": frozenset({"application/x-7z-compressed"}),
    "rar": frozenset({"application/vnd.rar"}),
    "gz": frozenset({"application/gzip"}),
    "tgz": frozenset({"application/gzip"}),
    "tar": frozenset({"application/x-tar"}),
    "rtf": frozenset({"application/rtf"}),
    "dwg": frozenset({"image/vnd.dwg"}),
    "exe": frozenset({"application/vnd.microsoft.portable-executable"}),
    "dll": frozenset({"application/vnd.microsoft.portable-executable"}),
    "mp4": frozenset({"video/mp4"}),
    "mov": frozenset({"video/quicktime"}),
    "mkv": frozenset({"video/x-matroska"}),
    "wav": frozenset({"audio/wav"}),
    "mp3": frozenset({"audio/mpeg"}),
    "txt": frozenset({"text/plain"}),
    "log": frozenset({"text/plain"}),
    **{extension: frozenset({media_type}) for extension, media_type in TEXT_TYPES.items()},
}
_ENCRYPTED_OFFICE: Final = frozenset({"docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "pptm"})


@dataclass(frozen=True, slots=True)
class MediaFinding:
    """What the bytes say, and whether the name agrees."""

    media_type: str  # `application/octet-stream` when nothing is recognised
    charset: str  # of text, such as "utf-8" or "gb18030"; otherwise empty
    name_agrees: bool  # False only when the extension promises something else than what is there
    encrypted: bool = False  # protected by a password of its own, so that inspection cannot look inside


def recognise(stream: BinaryIO, name: str) -> MediaFinding:
    """Return what kind of content the seekable `stream` holds; it ends up at an arbitrary position."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    media_type, charset, encrypted = _from_bytes(stream, head, extension)
    promised = EXTENSIONS.get(extension)
    agrees = promised is None or media_type in promised or (encrypted and extension in _ENCRYPTED_OFFICE)
    if not head:
        agrees = True
    return MediaFinding(media_type, charset, agrees, encrypted)


def _from_bytes(stream: BinaryIO, head: bytes, extension: str) -> tuple[str, str, bool]:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return *zip_type(stream), False
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        media_type, encrypted = compound_type(stream)
        return media_type, "", encrypted
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "application/pdf", "", _pdf_is_encrypted(stream)
    for magic, media_type in _WRITTEN_AS_TEXT:
        if head.startswith(magic):
            return media_type, "", False
    charset = charset_of(head, whole=len(head) < HEAD_BYTES)
    if charset:  # before the signatures: a letter may well begin with "MZ"
        return _text_type(head, extension), charset, False
    return _from_signatures(head), "", False


def _from_signatures(head: bytes) -> str:
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    for offset, magic, media_type in SIGNATURES:
        if head.startswith(magic, offset):
            return media_type
    return _from_tables(head)


def _text_type(head: bytes, extension: str) -> str:
    beginning = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, media_type in _MARKUP:
        if beginning.startswith(mark):
            own = TEXT_TYPES.get(extension)
            return own if mark == b"<?xml" and own in {"image/svg+xml", "text/html"} else media_type
    media_type = TEXT_TYPES.get(extension, "text/plain")
    return "text/plain" if media_type in {"text/html", "image/svg+xml", "application/xml"} else media_type


def _from_tables(head: bytes) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    for match in matches:
        if match.mime_type and len(match.byte_match) >= _LEAST_MAGIC:
            return str(match.mime_type)
    return UNKNOWN


def _pdf_is_encrypted(stream: BinaryIO) -> bool:
    """Look for the encryption entry where writers put the trailer: in the last and the first 64 KiB."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - HEAD_BYTES))
    tail = stream.read(HEAD_BYTES)
    stream.seek(0)
    return b"/Encrypt" in tail or b"/Encrypt" in stream.read(HEAD_BYTES)
