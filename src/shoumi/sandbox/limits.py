"""What a call in the sandbox may use up, and how it is enforced inside the child.

Source: the manual of setrlimit(2).  Wall-clock time and the size of the answer are the parent's to watch.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one call may take."""

    seconds: float = 60.0  # of the wall clock; processor time is held to the same figure
    memory_bytes: int = 1 << 30  # of address space, the interpreter and its libraries included
    answer_bytes: int = 1 << 29  # what comes back


def enforce(seconds: int, memory_bytes: int) -> None:
    """Bind this process and what it starts; it cannot loosen them again unless it is root."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no byte to disk; pipes are not counted
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no dump that would hold the content
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # no further process or thread
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
