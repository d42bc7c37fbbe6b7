"""Starts the child, feeds it, watches clock and answer, and turns its end into a value or an error.

An error of the engine that the child met is raised here as the same leaf of the tree, found by its code.
"""

from __future__ import annotations

import io
import math
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from shoumi.engine.errors import InputError, Location, ShoumiError, error_of
from shoumi.sandbox.frames import FrameError, head_bytes, read_head
from shoumi.sandbox.limits import Limits

_BLOCK = 1 << 20
_STARTING_SECONDS = 5  # on a busy machine an interpreter with its libraries takes that long
_CHILD = "shoumi.sandbox.child"
# one processor each: a library that starts threads of its own takes them from the processes beside it
ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "LC_ALL": "C.UTF-8",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class SandboxTimeError(InputError):
    """The content took longer than it may."""

    code = "sandbox.time"
    message = "The file could not be read within {seconds} seconds."


class SandboxMemoryError(InputError):
    """The content needed more memory than it may."""

    code = "sandbox.memory"
    message = "The file needs more memory to be read than it may have."


class SandboxOutputError(InputError):
    """The result is larger than it may be."""

    code = "sandbox.output"
    message = "What was made of the file is larger than {limit_bytes} bytes."


class SandboxFailedError(InputError):
    """The child died or broke without naming an error of the tree: the content is at fault."""

    code = "sandbox.failed"
    message = "The file could not be read: {reason}."


@dataclass(frozen=True, slots=True)
class Answer:
    """What the function returned."""

    content: bytes
    facts: dict[str, Any]  # plain JSON; written by the child, so to be checked like any input


def call(
    function: str, content: bytes, parameters: dict[str, Any] | None = None, *, limits: Limits | None = None
) -> Answer:
    """Return what `function`, such as `shoumi.engine.marking.calls:mark_bytes`, makes of `content`.

    Raises:
        SandboxTimeError, SandboxMemoryError, SandboxOutputError: a limit was reached; the child is gone.
        SandboxFailedError: the child died, or met an error outside the tree.
        and the leaf of the tree that the function raised.
    """
    limits = limits or Limits()
    head = head_bytes(
        {
            "function": function,
            "parameters": parameters or {},
            "seconds": math.ceil(limits.seconds),
            "memory_bytes": limits.memory_bytes,
        }
    )
    said, status = _run(head, content, limits)
    return _understood(function, said, status, limits)


def _run(head: bytes, content: bytes, limits: Limits) -> tuple[bytes, int]:
    """Return what the child wrote and how it ended, after it has ended."""
    child = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
        [sys.executable, "-I", "-B", "-m", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(child)

    clock = threading.Timer(limits.seconds + _STARTING_SECONDS, stop)
    feeder = threading.Thread(target=_feed, args=(child, head, content), daemon=True)
    clock.start()
    feeder.start()
    said = io.BytesIO()
    try:
        while block := child.stdout.read1(_BLOCK) if child.stdout else b"":  # type: ignore[attr-defined]
            said.write(block)
            if said.tell() > limits.answer_bytes:
                raise SandboxOutputError(limit_bytes=limits.answer_bytes)
    finally:
        clock.cancel()
        _kill(child)
        status = child.wait()
        feeder.join()
        if child.stdout:
            child.stdout.close()
    if late.is_set():
        raise SandboxTimeError(seconds=limits.seconds)
    return said.getvalue(), status


def _feed(child: subprocess.Popen[bytes], head: bytes, content: bytes) -> None:
    """Write the request; a child that has ended meanwhile breaks the pipe, which its status explains."""
    if child.stdin is None:
        return
    with suppress(OSError):
        child.stdin.write(head)
        child.stdin.write(content)
    with suppress(OSError):
        child.stdin.close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started, if it has not answered and gone already."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _understood(function: str, said: bytes, status: int, limits: Limits) -> Answer:
    stream = io.BytesIO(said)
    try:
        head = read_head(stream)
    except FrameError as error:
        if status == -signal.SIGXCPU:
            raise SandboxTimeError(seconds=limits.seconds) from error
        reason = f"its reader ended by signal {-status}" if status < 0 else "its reader ended early"
        raise SandboxFailedError(reason=reason) from error
    if "facts" in head:
        content = stream.read()
        if len(content) != head.get("size_bytes"):
            raise SandboxFailedError(reason="its answer was cut")
        return Answer(content, head["facts"])
    if head.get("memory"):
        raise SandboxMemoryError
    if "error" in head:
        raise _leaf(function, head)
    raise SandboxFailedError(reason=str(head.get("failure", "unknown"))[:80])


def _leaf(function: str, head: dict[str, Any]) -> ShoumiError:
    """Return the error that the child named, as an instance of its class."""
    import_module(function.partition(":")[0])  # so that its leaves are known here
    found = error_of(head["error"])
    if found is None:
        return SandboxFailedError(reason=str(head["error"])[:80])
    place = head.get("location")
    fields = head["fields"].items()
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in fields}
    return found(location=Location(*place) if place else None, **plain)
