"""Where the files of a scan come from: a folder of a share, or files that were brought and lie encrypted.

Only folders that the configuration allows can be named, and nothing above them; a link that leads out of one
is refused.  Files that were brought are decrypted when their turn comes and never lie on the disk.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings

from shoumi.engine.errors import InputError, ShoumiError
from shoumi.engine.inspection.values import Reason
from shoumi.sandbox.scanning import Candidate, Skips, shown, walk
from shoumi.server.documents.models import Scan, ScanUpload
from shoumi.server.files.services import file_open


class ShareFolderError(InputError):
    """The folder does not lie in a share that scans may read."""

    code = "documents.share_folder"
    message = "There is no such folder in this share."


class Source(Protocol):
    """Anything that gives the files of a scan; a path is told as people know it."""

    ahead: int  # files taken in advance for each worker

    def measured(self) -> tuple[int, int]:
        """Return how many files and bytes there are."""
        ...

    def candidates(self, skips: Skips) -> Iterator[Candidate]:
        """Yield every file."""
        ...

    def told(self, path: str) -> str:
        """Return the path below the share, or the name of a file that was brought."""
        ...

    def upload_of(self, path: str) -> ScanUpload | None:
        """Return what was brought under this name."""
        ...


def source_of(scan: Scan, most: int) -> Source:
    """Return where the files of `scan` are; those longer than `most` bytes are not read from the store.

    Raises:
        ShareFolderError: the share or the folder is not there any more.
    """
    return Share(scan) if scan.source == Scan.Source.SHARE else Uploads(scan, most)


def root_of(share: str) -> Path:
    """Return the folder of a share.

    Raises:
        ShareFolderError: the configuration does not name it.
    """
    root = settings.SHOUMI_SCAN_SHARES.get(share)
    if root is None:
        raise ShareFolderError
    return Path(root).resolve()


def folder_of(share: str, below: str) -> Path:
    """Return the folder of a share that is to be scanned.

    Raises:
        ShareFolderError: there is none, or it lies outside.
    """
    top = root_of(share)
    if "\0" in below:
        raise ShareFolderError
    folder = (top / below.strip("/ ")).resolve()
    if not folder.is_relative_to(top) or not folder.is_dir():
        raise ShareFolderError
    return folder


def file_of(share: str, told: str) -> Path | None:
    """Return where the file lies that a scan told of; None if it is not there, or lies outside by now.

    Names that are no UTF-8 were told escaped, so each step is looked up by how it is told.
    """
    top = root_of(share)
    path = top
    try:
        for step in told.split("/"):
            direct = path / step
            if not os.path.lexists(direct):
                direct = next(each for each in path.iterdir() if shown(Path(each.name)) == step)
            path = direct
        real = path.resolve(strict=True)
    except (OSError, StopIteration, ValueError):
        return None
    return real if real.is_relative_to(top) and real.is_file() else None


def full_path(scan: Scan, told: str) -> str:
    """Return the path of a file as rules see it; below the share if that is not there any more."""
    if scan.source == Scan.Source.UPLOAD or scan.share not in settings.SHOUMI_SCAN_SHARES:
        return told
    return f"{shown(root_of(scan.share)).rstrip('/')}/{told}"


def digest_of(told: str) -> str:
    """Return the digest under which rows name a path."""
    return hashlib.sha256(told.encode()).hexdigest()


class Share:
    """The files below a folder of a share."""

    ahead = 4  # paths cost nothing

    def __init__(self, scan: Scan) -> None:
        """Find the folder.

        Raises:
            ShareFolderError: it is not there any more.
        """
        self._root = shown(root_of(scan.share))
        self._folder = folder_of(scan.share, scan.below)

    def measured(self) -> tuple[int, int]:
        """Return how many files and bytes there are; listing them twice costs little."""
        files = size = 0
        for each in walk([self._folder], Skips()):
            files += 1
            size += each.size
        return files, size

    def candidates(self, skips: Skips) -> Iterator[Candidate]:
        """Yield every file, in the order of names."""
        return walk([self._folder], skips)

    def told(self, path: str) -> str:
        """Return the path below the share."""
        return path.removeprefix(self._root).lstrip("/")

    def upload_of(self, _path: str) -> ScanUpload | None:
        """Return nothing: the file stays on the share."""
        return None


class Uploads:
    """The files that were brought."""

    ahead = 1  # each is held in memory

    def __init__(self, scan: Scan, most: int) -> None:
        """Give equal names a number."""
        self._most = most
        self._by_name: dict[str, ScanUpload] = {}
        for upload in scan.uploads.select_related("file", "file__key"):
            name, at = upload.file.name, 2
            while name in self._by_name:
                name, at = f"{upload.file.name} ({at})", at + 1
            self._by_name[name] = upload

    def measured(self) -> tuple[int, int]:
        """Return how many files and bytes were brought."""
        return len(self._by_name), sum(each.file.size_bytes for each in self._by_name.values())

    def candidates(self, _skips: Skips) -> Iterator[Candidate]:
        """Yield every file with its content."""
        for name, upload in self._by_name.items():
            size = upload.file.size_bytes
            if size > self._most:
                yield Candidate(Path(name), size, f"{size:,} bytes", Reason.TOO_LARGE)
                continue
            try:
                with file_open(upload.file) as reader:
                    content = reader.read()
            except ShoumiError as error:
                yield Candidate(Path(name), size, error.code, Reason.DAMAGED)
            else:
                yield Candidate(Path(name), size, content=content)

    def told(self, path: str) -> str:
        """Return the name."""
        return path

    def upload_of(self, path: str) -> ScanUpload | None:
        """Return what was brought under this name."""
        return self._by_name.get(path)
