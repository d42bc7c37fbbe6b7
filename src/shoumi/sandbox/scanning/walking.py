"""Finds the files to inspect: regular files below the given paths, folder by folder in the order of names.

Links are not followed except where one was named itself; devices, pipes and sockets are never opened; a
folder reached twice, by a mount or a link named twice, is walked once.  What cannot be listed is told.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shoumi.engine.inspection.values import Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to inspect, or what could not be listed."""

    path: Path
    size: int = 0
    refused: str = ""  # why it could not be listed, or nothing
    why: Reason = Reason.DENIED  # the kind of that reason
    content: bytes | None = None  # of something that lies on no disk; `path` only names it

    @property
    def name(self) -> str:
        """The file's own name, as reports tell it."""
        return shown(Path(self.path.name))

    @property
    def shown(self) -> str:
        """The path as reports tell it."""
        return shown(self.path)


@dataclass(slots=True)
class Skips:
    """What was passed by on purpose."""

    count: int = 0  # links, devices, pipes and sockets
    never: frozenset[tuple[int, int]] = frozenset()  # device and inode of our own files
    seen: set[tuple[int, int]] = field(default_factory=set)  # folders


def shown(path: Path) -> str:
    r"""Return a path as text that any encoding holds: bytes that are no UTF-8 as `\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def walk(roots: Iterable[Path], skips: Skips) -> Iterator[Candidate]:
    """Yield every file below `roots`; count in `skips` what is passed by."""
    for root in roots:
        try:
            facts = root.stat()
        except OSError as error:
            yield Candidate(root, refused=_reason(error))
            continue
        if stat.S_ISDIR(facts.st_mode):
            yield from _below(root, facts, skips)
        else:
            yield from _file(root, facts, skips)


def _below(folder: Path, facts: os.stat_result, skips: Skips) -> Iterator[Candidate]:
    """Walk without recursion: trees of others may be deeper than a stack."""
    waiting: list[tuple[Path, os.stat_result]] = [(folder, facts)]
    while waiting:
        folder, facts = waiting.pop()
        place = (facts.st_dev, facts.st_ino)
        if place in skips.seen:
            skips.count += 1
            continue
        skips.seen.add(place)
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Candidate(folder, refused=_reason(error))
            continue
        inner = []
        for entry in found:
            path = folder / entry.name
            try:
                its = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield Candidate(path, refused=_reason(error))
                continue
            if stat.S_ISDIR(its.st_mode):
                inner.append((path, its))
            else:
                yield from _file(path, its, skips)
        waiting += reversed(inner)


def _file(path: Path, facts: os.stat_result, skips: Skips) -> Iterator[Candidate]:
    if not stat.S_ISREG(facts.st_mode):
        skips.count += 1
    elif (facts.st_dev, facts.st_ino) not in skips.never:
        yield Candidate(path, facts.st_size)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
