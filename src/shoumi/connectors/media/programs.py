"""Starts ffmpeg, ffprobe and espeak-ng: no shell, no terminal, no network, bound in memory and time.

Sources: ffmpeg-protocols(1) (`-protocol_whitelist`), memfd_create(2), prlimit(1).
A memory file has no name on any disk; a program reaches it as `/proc/self/fd/N`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from shoumi.engine.errors import InputError, UnavailableError

PROGRAMS: Final = {"ffmpeg": "ffmpeg", "ffprobe": "ffmpeg", "espeak-ng": "espeak-ng"}  # by Debian package
_MEMORY_BYTES: Final = 3 << 30
_MOST_OUTPUT: Final = 64 << 20  # of standard output: speech and facts, never a film


class MediaProgramMissingError(UnavailableError):
    """A program that marks audio and video is not installed."""

    code = "unavailable.media_program"
    message = "Audio and video are marked by {program}, which is not installed: apt install {package}"


class MediaUnreadableError(InputError):
    """The content is damaged, or of a form for which no reminder can be set before it."""

    code = "input.media_unreadable"
    message = "The recording cannot be marked: {reason}."


class MediaTimeError(InputError):
    """The program did not finish in time."""

    code = "input.media_time"
    message = "The recording could not be marked within {seconds} seconds."


@dataclass(frozen=True, slots=True)
class MemoryFile:
    """A file in memory that programs can open by its path."""

    fd: int

    @property
    def path(self) -> str:
        """Under which the program that gets the descriptor finds it."""
        return f"/proc/self/fd/{self.fd}"

    def read(self) -> bytes:
        """Return the whole content."""
        size = os.fstat(self.fd).st_size
        return os.pread(self.fd, size, 0) if size < (1 << 30) else b"".join(self._blocks(size))

    def _blocks(self, size: int) -> Iterator[bytes]:
        for at in range(0, size, 1 << 26):
            yield os.pread(self.fd, 1 << 26, at)


@contextmanager
def memory_file(content: bytes = b"") -> Iterator[MemoryFile]:
    """Lend a memory file with `content`."""
    fd = os.memfd_create("shoumi-media", os.MFD_CLOEXEC)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(fd, view) :]
        yield MemoryFile(fd)
    finally:
        os.close(fd)


def missing_programs() -> list[tuple[str, str]]:
    """Return the programs that are not installed, each with its Debian package."""
    return [(name, package) for name, package in PROGRAMS.items() if shutil.which(name) is None]


def run(
    program: str,
    arguments: Sequence[str],
    *,
    files: Sequence[MemoryFile] = (),
    given: bytes = b"",
    seconds: float,
) -> bytes:
    """Run a program over memory files and return its standard output.

    Raises:
        MediaProgramMissingError: it is not installed.
        MediaUnreadableError: it refused the content.
        MediaTimeError: it was stopped.
    """
    found = shutil.which(program)
    if found is None:
        raise MediaProgramMissingError(program=program, package=PROGRAMS[program])
    child = subprocess.Popen(  # noqa: S603 - one of three programs; no word of a command is a content's
        [*_bounds(seconds), found, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=[file.fd for file in files],
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
        start_new_session=True,
    )
    try:
        said, _none = child.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise MediaTimeError(seconds=seconds) from error
    finally:
        with suppress(ProcessLookupError):
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.communicate()
    if child.returncode == -signal.SIGXCPU:
        raise MediaTimeError(seconds=seconds)
    if child.returncode or len(said) > _MOST_OUTPUT:
        raise MediaUnreadableError(reason=f"{program} refuses it")
    return said


def _bounds(seconds: float) -> list[str]:
    prlimit = shutil.which("prlimit")
    cpu = int(seconds * 2) + 1
    return [prlimit, f"--as={_MEMORY_BYTES}", f"--cpu={cpu}", "--core=0"] if prlimit else []
