"""Has the pages of a PDF drawn in grey by pdftoppm, a program of poppler-utils, one after another.

Source: pdftoppm(1) and the PGM format (netpbm).  The document goes in by standard input and the pages come
back by standard output, so that nothing lies on a disk; the program is bound in memory and time and killed
when its reader stops.  It does not judge what is on the pages, and opens no document that has a password.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

from shoumi.connectors.pages.page import GreyPage
from shoumi.engine.errors import ConfigurationError, InputError

LONG_SIDE: Final = 2000  # pixels; 171 to the inch on A4
MOST_PAGES: Final = 60
MOST_SECONDS: Final = 120.0
MOST_BYTES: Final = 200 * 1024 * 1024

_MEMORY_BYTES: Final = 2 << 30
_HEADER = re.compile(rb"P5\n(\d{1,5}) (\d{1,5})\n255\n")


class PDFProgramMissingError(ConfigurationError):
    """The program that draws PDF pages is not installed."""

    code = "configuration.pdf_program_missing"
    message = "PDF pages are drawn by pdftoppm, which is not installed; install poppler-utils."


class PDFUnreadableError(InputError):
    """The program could not draw a single page."""

    code = "input.pdf_unreadable"
    message = (
        "The file is not a PDF whose pages can be drawn: damaged, protected by a password, or too large."
    )


def pdf_pages(content: bytes, *, most: int = MOST_PAGES, seconds: float = MOST_SECONDS) -> Iterator[GreyPage]:
    """Draw the pages one by one, at most `most` of them; stop asking and the program is ended.

    Whoever takes long over each page does not use up the program's own `seconds` of processor time.

    Raises:
        PDFProgramMissingError: pdftoppm is not installed.
        PDFUnreadableError: no page could be drawn.
    """
    program = shutil.which("pdftoppm")
    if program is None:
        raise PDFProgramMissingError
    if len(content) > MOST_BYTES or b"%PDF-" not in content[:1024]:
        raise PDFUnreadableError
    command = [program, "-q", "-gray", "-scale-to", str(LONG_SIDE), "-l", str(most), "-"]
    child = subprocess.Popen(  # noqa: S603 - one program, no word of it from outside
        [*_bounds(seconds), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    if child.stdin is None or child.stdout is None:
        raise PDFUnreadableError
    feeder = threading.Thread(target=_feed, args=(child.stdin, content), daemon=True)
    feeder.start()
    number = 0
    try:
        while (page := _page(child.stdout, number + 1)) is not None:
            number += 1
            yield page
    finally:
        child.kill()
        child.wait()
        feeder.join()
        child.stdout.close()
    if not number:
        raise PDFUnreadableError


def _bounds(seconds: float) -> list[str]:
    """Return the words that bind what follows them, where util-linux has the program for it."""
    prlimit = shutil.which("prlimit")
    return (
        [prlimit, f"--as={_MEMORY_BYTES}", f"--cpu={int(seconds)}", "--fsize=0", "--core=0"]
        if prlimit
        else []
    )


def _feed(pipe: IO[bytes], content: bytes) -> None:
    with suppress(OSError):  # the program has seen enough
        pipe.write(content)
    with suppress(OSError):
        pipe.close()


def _page(stream: IO[bytes], number: int) -> GreyPage | None:
    """Return the next page of the stream; None when there is none, or only a part of one."""
    head = b"".join(stream.readline(16) for _ in range(3))
    found = _HEADER.fullmatch(head)
    if found is None:
        return None
    width, height = int(found[1]), int(found[2])
    if not 0 < max(width, height) <= LONG_SIDE:
        return None
    levels = stream.read(width * height)
    return GreyPage(number, width, height, 1, levels) if len(levels) == width * height else None
