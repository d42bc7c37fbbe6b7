"""One line on a terminal that tells how far a scan is, how fast, and how long it will take.

Nothing is written where standard error is no terminal.  The line is rewritten in place a few times a second.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Final, Self, TextIO

from shoumi.engine.inspection.report.table import size_text
from shoumi.engine.jurisdiction.values import Texts

_EACH: Final = 0.2  # seconds between two lines
_CLEAR: Final = "\r\x1b[K"
_MINUTE = 60
_TELLING: Final = (
    0.02  # of the whole; before, the start of the workers would be taken for the pace of the scan
)
_SETTLED: Final = 30.0  # seconds after which it is told however little is done
_LINE: Final = Texts(
    "{files} 个文件  {size}  {rate}/秒  {each} 个文件/秒",
    "{files} ファイル  {size}  {rate}/秒  {each} ファイル/秒",
    "{files} files  {size}  {rate}/s  {each} files/s",
)
_LEFT: Final = Texts("还需 {time}", "残り {time}", "{time} left")
_HOURS: Final = Texts("{h} 小时 {m} 分", "{h} 時間 {m} 分", "{h} h {m} min")
_MINUTES: Final = Texts("{m} 分 {s} 秒", "{m} 分 {s} 秒", "{m} min {s} s")
_SECONDS: Final = Texts("{s} 秒", "{s} 秒", "{s} s")


class Progress:
    """Counts files and bytes that are done, and tells."""

    def __init__(
        self,
        stream: TextIO,
        total: tuple[int, int],
        clock: Callable[[], float] = time.monotonic,
        language: str = "en",
    ) -> None:
        """Tell on `stream` of `total` files and bytes, in the language of the tag `language`."""
        self._language = language
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
        told = _LINE.in_language(self._language).format(
            files=f"{self.files:,}/{max(self.files, self._files):,}",
            size=f"{size_text(self.bytes)}/{size_text(max(self.bytes, self._bytes))}",
            rate=size_text(rate),
            each=f"{self.files / seconds if seconds else 0:,.0f}",
        )
        left = self._left(seconds)
        if not left:
            return told
        return f"{told}  {_LEFT.in_language(self._language).format(time=self._duration(left))}"

    def _left(self, seconds: float) -> float:
        """Return the time left by the share done, of files and of bytes alike: either alone misleads."""
        if not self.files or not self._files:
            return 0.0
        share = self.files / self._files
        if self._bytes:
            share = (share + self.bytes / self._bytes) / 2
        if share < _TELLING and seconds < _SETTLED:
            return 0.0
        return max(0.0, seconds / min(1.0, share) - seconds)

    def _duration(self, seconds: float) -> str:
        whole = round(seconds)
        hours, minutes = divmod(whole // _MINUTE, _MINUTE)
        form = _HOURS if hours else _MINUTES if minutes else _SECONDS
        return form.in_language(self._language).format(h=hours, m=minutes, s=whole % _MINUTE)

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
