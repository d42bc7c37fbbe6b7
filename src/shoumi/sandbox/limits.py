"""What a call in the sandbox may use up, and how it is enforced inside the child.

Sources: the manuals of setrlimit(2), prctl(2) and mallopt(3).  Wall-clock time and the size of the answer are
the parent's to watch.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # of glibc's mallopt(3)
_KEPT: Final = 1 << 27  # bytes of freed memory that a process does not give back
_TAKEN: Final = 1 << 24  # bytes of a block of which the first ones are made
_OBJECTS: Final = 200_000  # new ones that are still held; Python's own number is 700
_MAPPED: Final = 1 << 25  # bytes from which a block is given back by itself; glibc takes no more


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one call may take."""

    seconds: float = 60.0  # of the wall clock; processor time is held to the same figure
    memory_bytes: int = 1 << 30  # of address space, the interpreter and its libraries included
    answer_bytes: int = 1 << 29  # what comes back


def address_space_bytes() -> int:
    """Return how much address space this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def end_with_parent() -> None:
    """Let the kernel kill this process when the thread that started it ends, however that came about.

    Without this a reader that loops would go on for ever once nobody is left who watches its clock.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_freed_memory() -> None:
    """Let this process keep the memory that arrays give back, for those of the next text or file.

    Without this the kernel gives it anew, page by page and each of them cleared: a fifth of the time of
    recognising.  Its first stretch is asked for in large pages, which some kernels give only so: a twentieth
    more.  Does nothing where the C library knows no such settings.
    """
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return
    library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
    library.mallopt(_M_MMAP_THRESHOLD, _MAPPED)
    library.malloc.restype = ctypes.c_void_p
    taken = [library.malloc(ctypes.c_size_t(_TAKEN)) for _block in range(_KEPT // _TAKEN - 1)]
    for block in filter(None, taken):
        first = -(-block // mmap.PAGESIZE) * mmap.PAGESIZE
        size = ctypes.c_size_t(block + _TAKEN - first)
        library.madvise(ctypes.c_void_p(first), size, mmap.MADV_HUGEPAGE)
        library.free(ctypes.c_void_p(block))


def seek_cycles_seldom() -> None:
    """Let Python look for objects that only hold one another after many new ones, not among those there are.

    A finding, a part and a cell are small objects by the thousand of which none refers to another one: a
    fiftieth of the time of recognising. What holds itself is still freed.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])


def confine(memory_bytes: int, *, programs: bool) -> None:
    """Bind a process that works for long: as `enforce`, but for its clock, which its pool watches.

    With `programs` it may start other programs, which are bound as it is.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    if not programs:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def enforce(seconds: int, memory_bytes: int) -> None:
    """Bind this process and what it starts; it cannot loosen them again unless it is root."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no byte to disk; pipes are not counted
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no dump that would hold the content
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # no further process or thread
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
