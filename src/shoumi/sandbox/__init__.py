"""Runs one function of the engine over foreign bytes in a process of its own that can be killed.

Source: CWE-400 and CWE-502, and the manual of setrlimit(2): a parser of other people's files may loop,
eat memory or be taken over, and none of that may reach the process that holds keys and database
connections. A fresh interpreter is started for each call; nothing is forked, unpickled or written to
disk.  What it does not do: it takes no rights away from the child beyond memory, time, files and
processes, and cuts no network.

    answer = call("shoumi.engine.marking.calls:labels_of", content, {"kind": "docx"})
"""

from shoumi.sandbox.limits import Limits
from shoumi.sandbox.runner import (
    Answer,
    SandboxFailedError,
    SandboxMemoryError,
    SandboxOutputError,
    SandboxTimeError,
    call,
)

__all__ = [
    "Answer",
    "Limits",
    "SandboxFailedError",
    "SandboxMemoryError",
    "SandboxOutputError",
    "SandboxTimeError",
    "call",
]
