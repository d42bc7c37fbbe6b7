"""Archives and compressed files: zip by the standard library, 7z, rar, tar, cab, iso, lha by libarchive.

Sources: PKWARE APPNOTE 6.3; the manual of libarchive-formats(5); RFC 1952, RFC 8878.  Names of ZIP members
that are not said to be UTF-8 are decoded as whatever encoding all of them together look like.  A ZIP whose
directory is broken is read from the front, as far as that goes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, Protocol

from shoumi.engine.inspection.extract.charsets import charset_of
from shoumi.engine.inspection.extract.gathering import Harvest
from shoumi.engine.inspection.extract.limits import ClosedError, SpentError
from shoumi.engine.inspection.extract.package import UTF8_NAME, unpack
from shoumi.engine.inspection.extract.sealed import is_sealed, sealed_members
from shoumi.engine.inspection.values import PartKind, Reason

_BLOCK: Final = 1 << 20
_SUFFIX: Final = re.compile(r"\.(?:gz|bz2|xz|zst|lzma|z)$", re.IGNORECASE)
_TAR_SUFFIX: Final = re.compile(r"\.(?:tgz|tbz2?|txz|tzst)$", re.IGNORECASE)
_ENCRYPTED: Final = re.compile(r"encrypt|passphrase|password", re.IGNORECASE)
_UNSUPPORTED: Final = re.compile(r"unsupported|unrecognized|not supported|unknown codec", re.IGNORECASE)
_OTHER_SYSTEM: Final = ("__MACOSX/", ".DS_Store")


def read_zip(content: bytes, harvest: Harvest) -> None:
    """Read every member of a ZIP."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except Exception:  # noqa: BLE001 - a broken directory breaks zipfile in many ways
        harvest.closed(Reason.DAMAGED, "its directory of members is broken")
        _read_by_libarchive(content, harvest)
        return
    names = _zip_names(members)
    harvest.text(PartKind.NAME, "\n".join(names))
    counts = Counter(names)
    unknown: dict[str, ClosedError] = {}  # by a name that no other member has
    for info, name in zip(members, names, strict=True):
        if info.is_dir():
            continue
        try:
            unpacked = unpack(archive, info, harvest)
        except SpentError:
            raise
        except ClosedError as error:
            if error.reason == Reason.UNKNOWN and counts[name] == 1:
                unknown[name] = error
            else:
                harvest.closed(error.reason, error.detail, name)
            continue
        harvest.nested(name, unpacked)
    _read_unknown(content, unknown, harvest)


def _read_unknown(content: bytes, members: dict[str, ClosedError], harvest: Harvest) -> None:
    """Read the members that are compressed as zipfile does not know but libarchive may; note the others."""
    try:
        for entry in _entries(content) if members else ():
            name = _entry_name(entry)
            if name in members and not _read_entry(entry, name, len(content), harvest):
                del members[name]
    except SpentError:
        raise
    except ClosedError:
        pass  # what is left is noted as what it is
    for name, error in members.items():
        harvest.closed(error.reason, error.detail, name)


def _zip_names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Return the names as their writer saw them."""
    raw = [info.orig_filename.encode("cp437", "ignore") for info in members if not info.flag_bits & UTF8_NAME]
    codec = charset_of(b"\n".join(name for name in raw if not name.isascii()))
    names = []
    for info in members:
        name = info.orig_filename
        if not info.flag_bits & UTF8_NAME and not name.isascii():
            name = name.encode("cp437", "ignore").decode(codec, "replace")
        names.append(_tidy(name))
    return names


def _tidy(name: str) -> str:
    return name.replace("\\", "/").replace("\0", "").lstrip("/") or "unnamed"


def read_archive(content: bytes, harvest: Harvest) -> None:
    """Read an archive of any other format.

    Raises:
        ClosedError: libarchive is not installed, or cannot read it.
    """
    _read_by_libarchive(content, harvest)


def _read_by_libarchive(content: bytes, harvest: Harvest) -> None:
    seen: list[str] = []
    sealed = sealed_members(content)
    try:
        for entry in _entries(content):
            seen.append(name := _entry_name(entry))
            if entry.isdir or entry.issym or entry.islnk or not (entry.isfile or entry.size):
                continue
            fault = _read_entry(entry, name, len(content), harvest, sealed=entry.pathname in sealed)
            if fault:
                harvest.closed(fault.reason, fault.detail, name)
    except SpentError:
        raise
    except ClosedError as error:
        if error.reason == Reason.UNKNOWN and seen:
            raise ClosedError(Reason.DAMAGED, error.detail) from error
        if error.reason == Reason.DAMAGED and sealed:
            raise ClosedError(Reason.ENCRYPTED, error.detail) from error
        raise
    finally:
        harvest.text(PartKind.NAME, "\n".join(seen))


def _entries(content: bytes) -> Iterator[Any]:
    """Yield what libarchive finds; each can be read until the next one is asked for.

    Raises:
        ClosedError: libarchive is not installed, or cannot read on.
    """
    try:
        import libarchive
    except (ImportError, OSError, AttributeError, TypeError) as error:  # by the way its library is missing
        raise ClosedError(Reason.PROGRAM, "libarchive is not installed") from error
    try:
        with libarchive.memory_reader(content) as members:
            yield from members
    except libarchive.ArchiveError as error:
        raise ClosedError(_reason_of(error), "libarchive cannot read on") from error


def _read_entry(
    entry: Any,  # noqa: ANN401 - libarchive has no types
    name: str,
    packed_bytes: int,
    harvest: Harvest,
    *,
    sealed: bool = False,
) -> ClosedError | None:
    """Read a member, or return why it stays closed."""
    import libarchive

    size = entry.size or 0
    if size > harvest.limits.content_bytes or harvest.out_of_proportion(size, packed_bytes):
        return ClosedError(Reason.TOO_LARGE, "more bytes unpacked than a member may have")
    if sealed or is_sealed(entry):
        return ClosedError(Reason.ENCRYPTED, "a member with a password")
    try:
        unpacked = _limited(entry.get_blocks(), harvest)
    except libarchive.ArchiveError as error:
        return ClosedError(_reason_of(error), "its packed bytes cannot be unpacked")
    harvest.nested(name, harvest.unpacked(unpacked, packed_bytes))
    return None


def _reason_of(error: Exception) -> Reason:
    if _ENCRYPTED.search(str(error)):
        return Reason.ENCRYPTED
    return Reason.UNKNOWN if _UNSUPPORTED.search(str(error)) else Reason.DAMAGED


def _entry_name(entry: object) -> str:
    name = getattr(entry, "pathname", "")
    if isinstance(name, str) and "\udc80" <= max(name, default="") <= "\udcff":
        name = name.encode("utf-8", "surrogateescape")
    if isinstance(name, bytes):
        name = name.decode(charset_of(name), "replace")
    return _tidy(name or "unnamed")


def _limited(blocks: Iterator[bytes], harvest: Harvest) -> bytes:
    most = min(
        harvest.limits.content_bytes,
        harvest.limits.unpacked_bytes - harvest.used.get("unpacked_bytes", 0),
    )
    room = io.BytesIO()
    for block in blocks:
        room.write(block)
        if room.tell() > most:
            break
    return room.getvalue()


def read_gzip(content: bytes, harvest: Harvest) -> None:
    """Read what was compressed by gzip."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        _read_stream(stream, content, harvest)


def read_bzip2(content: bytes, harvest: Harvest) -> None:
    """Read what was compressed by bzip2."""
    with bz2.BZ2File(io.BytesIO(content)) as stream:
        _read_stream(stream, content, harvest)


def read_xz(content: bytes, harvest: Harvest) -> None:
    """Read what was compressed by xz."""
    with lzma.LZMAFile(io.BytesIO(content)) as stream:
        _read_stream(stream, content, harvest)


def read_zstd(content: bytes, harvest: Harvest) -> None:
    """Read what was compressed by zstd, of which libarchive knows how."""
    try:
        import libarchive
    except (ImportError, OSError, AttributeError, TypeError) as error:
        raise ClosedError(Reason.PROGRAM, "libarchive is not installed") from error
    try:
        with libarchive.memory_reader(content, format_name="raw", filter_name="all") as members:
            for entry in members:
                unpacked = _limited(entry.get_blocks(), harvest)
                harvest.nested(inner_name(harvest.name), harvest.unpacked(unpacked, len(content)))
    except libarchive.ArchiveError as error:
        raise ClosedError(Reason.DAMAGED, "its packed bytes cannot be unpacked") from error


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _read_stream(stream: _Stream, content: bytes, harvest: Harvest) -> None:
    most = min(
        harvest.limits.content_bytes,
        harvest.limits.unpacked_bytes - harvest.used.get("unpacked_bytes", 0),
    )
    room = io.BytesIO()
    fault = False
    try:
        while room.tell() <= most and (block := stream.read(_BLOCK)):
            room.write(block)
            if harvest.out_of_proportion(room.tell(), len(content)):
                break
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        fault = True
    if room.tell():
        harvest.nested(inner_name(harvest.name), harvest.unpacked(room.getvalue(), len(content)))
    if fault:
        raise ClosedError(Reason.DAMAGED, "its packed bytes are broken")


def inner_name(name: str) -> str:
    """Return the name of what is compressed in the file `name`."""
    inner = name.rpartition("/")[2]
    if _TAR_SUFFIX.search(inner):
        return _TAR_SUFFIX.sub(".tar", inner)
    return _SUFFIX.sub("", inner) or "content"
