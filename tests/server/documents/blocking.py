"""A file that whoever reads it cannot finish: a pipe in its place, so that a test knows when it is open.

A scan passes by pipes, so the file becomes one after it was listed, as files of others change under a scan.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from pathlib import Path

DEADLINE = 60.0


def stopping_short(candidates, name):
    """Return `candidates` of a share with a pipe in the place of the file of this name."""

    def listed(share, skips):
        for each in candidates(share, skips):
            if each.name == name:
                each.path.unlink()
                os.mkfifo(each.path)
            yield each

    return listed


@contextmanager
def held_open(path: Path):
    """Wait until somebody reads the pipe, yield who that is, and let the pipe go."""
    descriptor = _opened(path)
    try:
        readers: list[int] = []
        assert come_true(lambda: readers.extend(_readers(path)) or readers), "who has opened the file is gone"
        yield readers
    finally:
        os.close(descriptor)


def come_true(condition) -> bool:
    """Return whether `condition` has come true in time."""
    tick = threading.Event()
    return any(condition() or tick.wait(0.02) for _look in range(int(DEADLINE / 0.02)))


def _opened(path: Path) -> int:
    found = []

    def is_read() -> bool:
        try:
            if path.is_fifo():
                found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody reads yet
            return False
        return bool(found)

    assert come_true(is_read), "nobody has opened the file"
    return found[0]


def _readers(path: Path) -> list[int]:
    processes = (int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit())
    return [process for process in processes if process != os.getpid() and _has_open(process, path)]


def _has_open(process: int, path: Path) -> bool:
    try:
        return any(each.readlink() == path for each in Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it has ended, or is not ours
        return False
