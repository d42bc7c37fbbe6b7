"""Remembers what was inspected, so that a killed scan continues and unchanged files are not inspected again.

The file is described in `docs/formats/scan-state.md`: a line for each content, with a checksum, only ever
appended to.  A process killed at any byte leaves whole lines and at most the beginning of one, which the next
scan cuts off.  What is kept is masked.  A state of other means of inspection is emptied and begun anew,
because what they would find now is not what was found then.
"""

from __future__ import annotations

import fcntl
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.report import FindingRecord

FORMAT: Final = "shoumi.scan-state/1"
_SUM_DIGITS: Final = 8
_HEAD: Final = 4096  # bytes in which a first line must end


class StateFormError(InputError):
    """The file is no state of a scan; it is left as it is."""

    code = "input.scan_state"
    message = "{path} is not the state of a scan; it was not touched."


class StateBusyError(ConflictError):
    """Another scan writes this state."""

    code = "conflict.scan_state"
    message = "Another scan is using {path}."


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an earlier inspection made of a content."""

    sha256: str
    type: str
    findings: tuple[FindingRecord, ...]


class ScanState:
    """An open state file, locked; `known` and `remembered` read it, `add` appends."""

    def __init__(self, path: Path, means: str) -> None:
        """Open or create the state at `path`; `means` identifies what files are inspected with.

        Raises:
            StateFormError: there is something else at `path`.
            StateBusyError: another scan has it open.
        """
        self.path = path
        self.begun_anew = False
        self._places: dict[tuple[str, int], dict[str, int]] = {}  # name, size → hash → offset of the line
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._stream: BinaryIO = os.fdopen(descriptor, "r+b")
        try:
            self._open(means)
        except BaseException:
            self._stream.close()
            raise

    def _open(self, means: str) -> None:
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StateBusyError(path=str(self.path)) from error
        head = {"format": FORMAT, "means": means}
        first = self._stream.readline(_HEAD)
        if first and not _content(first):
            if first.endswith(b"\n") or not _line(head).startswith(first):
                raise StateFormError(path=str(self.path))
            first = b""  # killed while the first line was written
        its = _content(first) or {}
        if first and its.get("format") != FORMAT:
            raise StateFormError(path=str(self.path))
        if its.get("means") != means:
            self.begun_anew = bool(first)
            self._stream.truncate(0)
            self._stream.seek(0)
            self._append(head)
        else:
            self._read()

    def _read(self) -> None:
        """Note where each line stands, and cut off what is no whole line."""
        good = self._stream.tell()
        while line := self._stream.readline():
            value = _content(line)
            if value is None:
                break
            place = self._places.setdefault((value["name"], value["bytes"]), {})
            place[value["sha256"]] = good
            good += len(line)
        self._stream.seek(good)
        self._stream.truncate()

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode, so that a scan does not inspect its own state."""
        facts = os.fstat(self._stream.fileno())
        return facts.st_dev, facts.st_ino

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let others have it."""
        self._stream.close()

    def known(self, name: str, size: int) -> list[str]:
        """Return the hashes of contents of this size that were inspected under this name."""
        return list(self._places.get((name, size), ()))

    def remembered(self, name: str, size: int, sha256: str) -> Remembered | None:
        """Return what was made of a content."""
        offset = self._places.get((name, size), {}).get(sha256)
        if offset is None:
            return None
        self._stream.seek(offset)
        value = _content(self._stream.readline()) or {}
        self._stream.seek(0, os.SEEK_END)
        found = tuple(FindingRecord.from_json(each) for each in value["findings"])
        return Remembered(sha256, value["type"], found)

    def add(self, name: str, size: int, what: Remembered) -> None:
        """Append what was made of a content, in one write."""
        place = self._places.setdefault((name, size), {})
        if what.sha256 in place:
            return
        place[what.sha256] = self._append(
            {
                "name": name,
                "bytes": size,
                "sha256": what.sha256,
                "type": what.type,
                "findings": [each.to_json() for each in what.findings],
            }
        )

    def _append(self, value: dict[str, Any]) -> int:
        offset = self._stream.tell()
        self._stream.write(_line(value))
        self._stream.flush()
        return offset


def contents(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole lines of a state, for tests and for whoever looks into one."""
    with path.open("rb") as stream:
        for line in stream:
            value = _content(line)
            if value is None:
                return
            yield value


def _line(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _content(line: bytes) -> dict[str, Any] | None:
    """Return what a line says; None if it is not whole."""
    told, text = line[:_SUM_DIGITS], line[_SUM_DIGITS + 1 : -1]
    if not line.endswith(b"\n") or told != b"%08x" % zlib.crc32(text):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
