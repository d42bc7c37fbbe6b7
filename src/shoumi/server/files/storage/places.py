"""Where encrypted contents lie on disk, and how a file gets there whole or not at all.

A content whose key row has the id `abcd…` lies at `<data>/files/ab/cd/abcd…`, so that bytes without a key
are known for rubbish; a part of an upload lies at the place of its own id below `<data>/files/parts`.
What is being written stands in `<data>/files/drafts` until it is complete and on the disk.
Knows nothing of keys and rows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID, uuid4

from django.conf import settings

from shoumi.engine.errors import EvidenceError, UnavailableError

RESERVE_BYTES: Final = 256 << 20  # stays free, so that the database and the ledger can still write


class StoredFileMissingError(EvidenceError):
    """The row is there, the bytes are not."""

    code = "evidence.stored_file_missing"
    message = "The stored bytes at {place} are missing on disk; restore them from the backup."


class StorageFullError(UnavailableError):
    """There is not enough room on the disk for this file."""

    code = "unavailable.storage_full"
    message = "There is not enough room on the server's disk for this file."


class Area(StrEnum):
    """The two kinds of place."""

    FILES = "."
    PARTS = "parts"


def directory() -> Path:
    """Return the folder of all contents."""
    return Path(settings.SHOUMI_FILES_DIRECTORY).absolute()


def path_of(place: UUID, area: Area = Area.FILES) -> Path:
    """Return where the content `place` lies or will lie."""
    return directory() / area / place.hex[:2] / place.hex[2:4] / str(place)


def open_stored(place: UUID, area: Area = Area.FILES) -> BinaryIO:
    """Open the encrypted bytes for reading.

    Raises:
        StoredFileMissingError: there are none.
    """
    try:
        return path_of(place, area).open("rb")
    except FileNotFoundError as error:
        raise StoredFileMissingError(place=str(place)) from error


@contextmanager
def draft_of(place: UUID, area: Area = Area.FILES) -> Iterator[BinaryIO]:
    """Open a draft for writing; when the block ends well it lies at its place, durably, and else nowhere.

    Raises:
        StorageFullError: the disk is full.
    """
    draft = scratch_directory() / str(uuid4())
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        target = path_of(place, area)
        _make_folder(target.parent)
        draft.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFullError from error
        raise
    finally:
        draft.unlink(missing_ok=True)


_FULL: Final = {28, 122}  # ENOSPC, EDQUOT


def remove(place: UUID, area: Area = Area.FILES) -> None:
    """Remove the encrypted bytes if they are there."""
    target = path_of(place, area)
    target.unlink(missing_ok=True)
    with suppress(OSError):  # another process may fill or empty the folder at the same time
        _sync_folder(target.parent)


def has_room(size_bytes: int) -> bool:
    """Tell whether `size_bytes` more fit on the disk and leave the reserve."""
    folder = directory()
    _make_folder(folder)
    return shutil.disk_usage(folder).free >= size_bytes + RESERVE_BYTES


def stored_before(moment: datetime, area: Area) -> Iterator[UUID]:
    """Yield the ids of all contents on disk that were written before `moment` (aware)."""
    for path in (directory() / area).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if _written(path) < moment:
            with suppress(ValueError):
                yield UUID(path.name)


def scratch_directory() -> Path:
    """Return the folder of what is being written, made if need be; it lies on the disk of the contents."""
    drafts = directory() / "drafts"
    _make_folder(drafts)
    return drafts


def remove_drafts_before(moment: datetime) -> int:
    """Remove drafts that a crash left behind before `moment` (aware), and return how many."""
    count = 0
    for path in (directory() / "drafts").glob("*"):
        if _written(path) < moment:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _written(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def _make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, for the owner only, durably."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
