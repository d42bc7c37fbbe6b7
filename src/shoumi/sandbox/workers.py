"""A pool of processes that stay and can be killed: a file that loops, bursts or crashes costs only itself.

Source: CWE-400 and CWE-502; the manual of setrlimit(2).  Each worker is an interpreter of its own, prepares
once (indexes, recognisers) and then answers request after request.  One that dies or is late is replaced,
and its file is answered with the reason.  Answers come in the order in which they are ready.  Frames are JSON
and raw bytes; nothing a worker says is executed here.  One thread uses a pool.

    with Pool(jobs=2) as pool:
        for result in pool.run(Task("shoumi.sandbox.reading:read_file", path) for path in paths):
            ...
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, BinaryIO, Final, Self, cast

from shoumi.engine.errors import UnavailableError
from shoumi.engine.inspection.values import Reason, Unreadable
from shoumi.sandbox.frames import FrameError, head_bytes, read_head
from shoumi.sandbox.runner import ENVIRONMENT, Answer

_STARTING_SECONDS: Final = 120  # an index of gigabytes is mapped, a database of patterns compiled
_WATCH_SECONDS: Final = 0.05
_WORKER: Final = "shoumi.sandbox.worker"


class WorkersFailedError(UnavailableError):
    """Workers die before they have prepared: not a file is at fault but the installation."""

    code = "sandbox.workers"
    message = "The reading processes do not start: {reason}."


@dataclass(frozen=True, slots=True)
class WorkLimits:
    """The most that one task may take of its worker."""

    seconds: float = 120.0  # of the wall clock
    memory_bytes: int = 3 << 29  # of address space, beyond what the worker had once it was prepared
    answer_bytes: int = 1 << 28
    read_bytes: int = 1 << 28  # of a file that the worker reads; it gets one byte more if there is more
    tasks: int = 5_000  # after so many a worker is replaced: libraries leak
    programs: bool = False  # tasks may start programs (OCR)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What each worker does once, `function(b"", parameters)`; its value is each task's third argument."""

    function: str
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a function of the engine or sandbox on bytes, or on a file that the worker reads itself."""

    function: str  # `module:name`
    content: bytes | Path
    parameters: dict[str, Any] = field(default_factory=dict)
    key: object = None  # the caller's, untouched


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a task: an answer, or why there is none."""

    task: Task
    answer: Answer | None
    unreadable: Unreadable | None
    seconds: float


class Pool:
    """Workers, what waits for them and what they have answered."""

    def __init__(
        self, jobs: int = 1, limits: WorkLimits | None = None, prepared: Prepared | None = None
    ) -> None:
        """Start nothing yet; workers start with the first tasks."""
        self.limits = limits or WorkLimits()
        self._prepared = prepared or Prepared("")
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._done: SimpleQueue[Result | WorkersFailedError] = SimpleQueue()
        self._open = 0  # tasks whose result has not been given yet
        self._seats = [_Seat(self.limits, self._prepared) for _ in range(max(1, jobs))]
        self._threads: list[Thread] = []
        self._closing = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """End every worker, whatever it does."""
        self._closing.set()
        for _ in self._seats:
            self._tasks.put(None)
        for seat in self._seats:
            seat.kill()
        for thread in self._threads:
            thread.join()

    def submit(
        self,
        function: str,
        content: bytes | Path,
        parameters: dict[str, Any] | None = None,
        key: object = None,
    ) -> None:
        """Queue a task; `results` gives its result."""
        self._queue(Task(function, content, parameters or {}, key))

    def results(self) -> Iterator[Result]:
        """Give the result of each task queued so far or meanwhile, in the order of completion.

        Raises:
            WorkersFailedError: workers die before they are prepared.
        """
        while self._open:
            yield self._next()

    def run(self, tasks: Iterable[Task], ahead: int = 2) -> Iterator[Result]:
        """Give the result of each of `tasks`, taking no more of them in advance than `ahead` for a worker.

        Raises:
            WorkersFailedError: workers die before they are prepared.
        """
        for task in tasks:
            self._queue(task)
            while self._open >= len(self._seats) * ahead:
                yield self._next()
        yield from self.results()

    def _queue(self, task: Task) -> None:
        if not self._threads:
            work = [Thread(target=self._work, args=(seat,), daemon=True) for seat in self._seats]
            self._threads = [*work, Thread(target=self._watch, daemon=True)]
            for thread in self._threads:
                thread.start()
        self._open += 1
        self._tasks.put(task)

    def _next(self) -> Result:
        result = self._done.get()
        self._open -= 1
        if isinstance(result, WorkersFailedError):
            raise result
        return result

    def _work(self, seat: _Seat) -> None:
        """Serve one seat until the pool closes."""
        while (task := self._tasks.get()) and not self._closing.is_set():
            try:
                self._done.put(seat.ask(task))
            except WorkersFailedError as error:
                self._done.put(error)
        seat.kill()

    def _watch(self) -> None:
        """End workers that are late."""
        while not self._closing.wait(_WATCH_SECONDS):
            now = time.monotonic()
            for seat in self._seats:
                seat.kill_if_late(now)


class _Seat:
    """A place for one worker after another."""

    def __init__(self, limits: WorkLimits, prepared: Prepared) -> None:
        self._limits = limits
        self._prepared = prepared
        self._worker: subprocess.Popen[bytes] | None = None
        self._asked = 0
        self._deadline = math.inf
        self._late = False
        self._clock = Lock()  # the watch and the answer may come at the same moment

    def ask(self, task: Task) -> Result:
        """Return what the worker makes of `task`; start one if there is none."""
        if self._worker and self._worker.poll() is not None:
            self.kill()  # it died between two tasks; that is not the fault of the next
        worker = self._worker or self._start(task)
        began = time.monotonic()
        answer, reason, detail = None, Reason.CRASHED, ""
        self._set_clock(began + self._limits.seconds)
        try:
            _send(worker, self._request(task))
            if isinstance(task.content, bytes):
                _send(worker, task.content)
            head, content = _received(worker, self._limits.answer_bytes)
        except _TooLongError:
            reason, detail = Reason.TOO_LARGE, "what was made of it is too large"
            self.kill()
        except (FrameError, OSError, ValueError):
            status = self.kill()
            reason, detail = self._cause(status)
        else:
            answer, reason, detail = _understood(head, content)
        self._set_clock(math.inf)
        self._asked += 1
        if self._late or self._asked >= self._limits.tasks or reason is Reason.MEMORY:
            self.kill()
        self._late = False
        unreadable = None if answer else Unreadable(reason, "", detail)
        return Result(task, answer, unreadable, time.monotonic() - began)

    def _request(self, task: Task) -> bytes:
        head: dict[str, Any] = {"function": task.function, "parameters": task.parameters}
        if isinstance(task.content, bytes):
            head["size_bytes"] = len(task.content)
        else:
            head |= {"path": os.fsencode(task.content).hex(), "read_bytes": self._limits.read_bytes}
        return head_bytes(head)

    def _cause(self, status: int) -> tuple[Reason, str]:
        """Return why a worker ended without an answer."""
        if self._late:
            return Reason.TIME, f"more than {self._limits.seconds:g} seconds"
        return (
            Reason.CRASHED,
            f"its reader ended by signal {-status}" if status < 0 else "its reader ended early",
        )

    def _start(self, task: Task) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it has prepared, and has loaded what the first task needs.

        Raises:
            WorkersFailedError: it has not.
        """
        worker = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
            [sys.executable, "-I", "-B", "-m", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        self._worker, self._asked = worker, 0
        self._set_clock(time.monotonic() + _STARTING_SECONDS)
        first = {
            "prepare": self._prepared.function,
            "task": task.function,
            "parameters": self._prepared.parameters,
            "memory_bytes": self._limits.memory_bytes,
            "programs": self._limits.programs,
        }
        try:
            _send(worker, head_bytes(first))
            head, _content = _received(worker, 0)
        except (FrameError, OSError, ValueError, _TooLongError) as error:
            status = self.kill()
            raise WorkersFailedError(reason=f"one ended with status {status}") from error
        self._set_clock(math.inf)
        if not head.get("ready"):
            self.kill()
            raise WorkersFailedError(reason=str(head.get("failure", "unknown"))[:80])
        return worker

    def kill_if_late(self, now: float) -> None:
        """End the worker if its time is over."""
        with self._clock:
            worker = self._worker
            if worker and now > self._deadline:
                self._late = True
                _end(worker)

    def _set_clock(self, deadline: float) -> None:
        with self._clock:
            self._deadline = deadline

    def kill(self) -> int:
        """End the worker and what it started; return its status."""
        worker, self._worker = self._worker, None
        if worker is None:
            return 0
        _end(worker)
        status = worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        return status


class _TooLongError(Exception):
    """An answer is larger than it may be."""


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)


def _send(worker: subprocess.Popen[bytes], content: bytes) -> None:
    if worker.stdin:
        worker.stdin.write(content)
        worker.stdin.flush()


def _received(worker: subprocess.Popen[bytes], most: int) -> tuple[dict[str, Any], bytes]:
    """Return head and content of one answer.

    Raises:
        FrameError: the worker has ended or speaks nonsense.
        _TooLongError: the content is longer than `most`.
    """
    pipe = cast("BinaryIO", worker.stdout)
    head = read_head(pipe)
    size = head.get("size_bytes")
    if not isinstance(size, int) or size < 0:
        raise FrameError("no size")
    if size > most:
        raise _TooLongError
    content = pipe.read(size)
    if len(content) != size:
        raise FrameError("cut")
    return head, content


def _understood(head: dict[str, Any], content: bytes) -> tuple[Answer | None, Reason, str]:
    """Return the answer, or why there is none."""
    if isinstance(head.get("facts"), dict):
        return Answer(content, head["facts"]), Reason.UNKNOWN, ""
    if head.get("memory"):
        return None, Reason.MEMORY, "more memory than it may have"
    if "denied" in head:
        return None, Reason.DENIED, str(head["denied"])[:80]
    return None, Reason.DAMAGED, str(head.get("error") or head.get("failure") or "unknown")[:80]
