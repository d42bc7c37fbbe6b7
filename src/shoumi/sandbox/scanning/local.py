"""The engine of this machine: a pool of workers inspects one file after another.

An engine takes what is asked and gives what was inspected, in any order; `running` sorts it and judges.  A
file that kills its worker, takes too long or vanishes costs itself and is told.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from shoumi.engine.inspection.inspecting import Means, inspect
from shoumi.engine.inspection.report import FindingRecord, finding_records
from shoumi.engine.inspection.values import Extraction, Reason, Unreadable
from shoumi.sandbox.scanning.inside import inspect_file, prepare
from shoumi.sandbox.scanning.setting import Setting
from shoumi.sandbox.scanning.walking import Candidate
from shoumi.sandbox.workers import Pool, Prepared, Result, Task, WorkLimits

INSIDE: Final = "shoumi.sandbox.scanning.inside"
AHEAD: Final = 4  # files handed to a worker before it is asked for results
OCR_SECONDS: Final = 1800.0  # a scan of some hundred pages, at several seconds a page


@dataclass(frozen=True, slots=True)
class Asked:
    """A file to inspect, and the hashes of contents that need no inspection."""

    number: int
    candidate: Candidate
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspected:
    """What became of one file, before it is judged."""

    sha256: str
    size: int
    type: str
    findings: tuple[FindingRecord, ...]
    seconds: float
    known: bool = False  # one of the asked hashes; nothing was inspected


class Engine(Protocol):
    """Anything that inspects files."""

    def inspect(self, asked: Iterable[Asked]) -> Iterator[tuple[int, Inspected]]:
        """Yield the number of each that was asked and what became of it, each once, in any order."""
        ...

    def close(self) -> None:
        """End whatever still works."""
        ...


class LocalEngine:
    """Workers on this machine."""

    def __init__(
        self, setting: Setting, jobs: int = 1, limits: WorkLimits | None = None, ahead: int = AHEAD
    ) -> None:
        """Start nothing yet; `ahead` files, or their contents, are taken in advance for each worker."""
        self._ahead = ahead
        usual = WorkLimits(seconds=OCR_SECONDS) if setting.ocr else WorkLimits()
        self._limits = replace(limits or usual, programs=bool(setting.ocr))
        self._pool = Pool(jobs, self._limits, Prepared(f"{INSIDE}:prepare", setting.parameters()))

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def inspect(self, asked: Iterable[Asked]) -> Iterator[tuple[int, Inspected]]:
        """Yield what becomes of each file.

        Raises:
            WorkersFailedError: the workers do not start; an index, its key or the installation is at fault.
        """
        open_ones: dict[int, Candidate] = {}

        def tasks() -> Iterator[Task]:
            for each in asked:
                open_ones[each.number] = each.candidate
                yield self._task(each)

        for result in self._pool.run(tasks(), self._ahead):
            number = int(str(result.task.key))
            yield number, _inspected(open_ones.pop(number), result)

    def _task(self, asked: Asked) -> Task:
        candidate = asked.candidate
        parameters = _parameters(asked, self._limits.read_bytes)
        content = candidate.path if candidate.content is None else candidate.content
        return Task(f"{INSIDE}:inspect_file", content, parameters, asked.number)


class SameProcessEngine:
    """This very process, for files of our own making only: nothing protects it from what is in them."""

    def __init__(self, setting: Setting) -> None:
        """Open the indexes.

        Raises:
            what opening an index and its key raises.
        """
        self._prepared = prepare(b"", setting.parameters())

    def close(self) -> None:
        """Do nothing: nothing was started."""

    def inspect(self, asked: Iterable[Asked]) -> Iterator[tuple[int, Inspected]]:
        """Yield what becomes of each file."""
        for each in asked:
            candidate, began = each.candidate, time.monotonic()
            content = candidate.path.read_bytes() if candidate.content is None else candidate.content
            found, facts = inspect_file(content, _parameters(each, len(content)), self._prepared)
            yield each.number, _understood(found, facts, time.monotonic() - began)


def _parameters(asked: Asked, read_bytes: int) -> dict[str, Any]:
    path = os.fsencode(asked.candidate.path).hex()
    return {"path": path, "known": list(asked.known), "read_bytes": read_bytes}


def closed(candidate: Candidate, why: Unreadable, seconds: float = 0.0) -> Inspected:
    """Return what is told of a file that nobody could look into."""
    extraction = Extraction("", unreadable=(why,))
    records = finding_records(inspect(extraction, Means()), extraction, candidate.shown)
    return Inspected("", candidate.size, "", tuple(records), seconds)


def _inspected(candidate: Candidate, result: Result) -> Inspected:
    """Return what a worker's answer says, which is checked like any input."""
    if result.answer is None:
        return closed(candidate, result.unreadable or Unreadable(Reason.CRASHED), result.seconds)
    try:
        return _understood(result.answer.content, result.answer.facts, result.seconds)
    except (KeyError, TypeError, ValueError):
        return closed(candidate, Unreadable(Reason.CRASHED, detail="no answer"), result.seconds)


def _understood(content: bytes, facts: dict[str, Any], seconds: float) -> Inspected:
    return Inspected(
        sha256=str(facts["sha256"]),
        size=int(facts["bytes"]),
        type=str(facts["type"]),
        findings=tuple(FindingRecord.from_json(each) for each in json.loads(content)),
        seconds=seconds,
        known=bool(facts["same"]),
    )
