"""One line on a terminal that tells how far a scan is, how fast, and how long it will take.

Nothing is written where standard error is no terminal.  The line is rewritten in place a few times a second.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Final, Self, TextIO

from shoumi.engine.inspection.report.table import size_text

_EACH: Final = 0.2  # seconds between two lines
_CLEAR: Final = "\r\x1b[K"
_MINUTE, _HOUR = 60, 3600


class Progress:
    """Counts files and bytes that are done, and tells."""

    def __init__(
        self, stream: TextIO, total: tuple[int, int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Tell on `stream` of `total` files and bytes."""
        self._stream = stream
        self._files, self._bytes = total
        self._clock = clock
        self._began = self._told = clock()
        self._shown = False
        self._watched = stream.isatty()
        self.files = self.bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def step(self, size: int) -> None:
        """One more file of `size` bytes is done."""
        self.files += 1
        self.bytes += size
        now = self._clock()
        if self._watched and now - self._told >= _EACH:
            self._told = now
            line = self.line(now - self._began)[: shutil.get_terminal_size().columns - 1]
            self._stream.write(_CLEAR + line)
            self._stream.flush()
            self._shown = True

    def line(self, seconds: float) -> str:
        """Return the line after so many seconds."""
        rate = self.bytes / seconds if seconds else 0.0
        told = [
            f"{self.files:,}/{max(self.files, self._files):,} files",
            f"{size_text(self.bytes)}/{size_text(max(self.bytes, self._bytes))}",
            f"{size_text(rate)}/s",
            f"{self.files / seconds if seconds else 0:,.0f} files/s",
        ]
        left = self._left(seconds)
        return "  ".join(told + ([f"{_duration(left)} left"] if left else []))

    def _left(self, seconds: float) -> float:
        """Return the time left by the share done, of files and of bytes alike: either alone misleads."""
        if not self.files or not self._files:
            return 0.0
        share = self.files / self._files
        if self._bytes:
            share = (share + self.bytes / self._bytes) / 2
        return max(0.0, seconds / min(1.0, share) - seconds)

    def clear(self) -> None:
        """Take the line away before something else is written."""
        if self._shown:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._shown = False

    def close(self) -> None:
        """Take the line away for good."""
        self.clear()
        self._watched = False


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
