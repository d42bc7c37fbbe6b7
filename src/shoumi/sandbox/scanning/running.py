"""Runs a scan on this machine: workers inspect, this thread judges, remembers and tells in walking order.

A file that kills its worker, takes too long or vanishes costs itself and is told.  Results wait for the files
before them, so that two scans of the same files tell the same in the same order whatever the workers did.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from shoumi.engine.inspection.inspecting import Means, inspect
from shoumi.engine.inspection.report import FileRecord, FindingRecord, finding_records
from shoumi.engine.inspection.values import Extraction, Reason, Unreadable
from shoumi.engine.inspection.verdict import Facts, Policy, judge
from shoumi.sandbox.scanning.setting import Setting
from shoumi.sandbox.scanning.state import Remembered, ScanState
from shoumi.sandbox.scanning.walking import Candidate
from shoumi.sandbox.workers import Pool, Prepared, Result, Task, WorkLimits

INSIDE: Final = "shoumi.sandbox.scanning.inside"
AHEAD: Final = 4  # files handed to a worker before it is asked for results

Outcome = tuple[FileRecord, list[FindingRecord]]


@dataclass(frozen=True, slots=True)
class _Inspected:
    """What became of one file, before it is judged."""

    sha256: str
    size: int
    type: str
    findings: list[FindingRecord]
    seconds: float
    reused: bool = False


class Scan:
    """A pool of workers with the means of a setting, and what to do with their answers."""

    def __init__(  # noqa: PLR0913 - all but the first three by name
        self,
        setting: Setting,
        policy: Policy,
        facts: Facts,
        *,
        jobs: int = 1,
        state: ScanState | None = None,
        limits: WorkLimits | None = None,
        done: Callable[[int], None] = lambda _size: None,
    ) -> None:
        """Start nothing yet.

        `facts` are those of every file but for its name; `done` hears the size of each as soon as it is.
        """
        self._done = done
        self._setting = setting
        self._policy = policy
        self._facts = facts
        self._state = None if setting.reveal else state  # what is kept is masked, and what is shown is not
        self._limits = replace(limits or WorkLimits(), programs=setting.ocr)
        self._pool = Pool(jobs, self._limits, Prepared(f"{INSIDE}:prepare", setting.parameters()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.close()

    def run(self, candidates: Iterable[Candidate]) -> Iterator[Outcome]:
        """Inspect every candidate; yield one outcome for each, in their order.

        Raises:
            WorkersFailedError: the workers do not start; an index, its key or the installation is at fault.
        """
        waiting: dict[int, Outcome] = {}
        following = 0
        for number, outcome in self._outcomes(candidates):
            waiting[number] = outcome
            while following in waiting:
                yield waiting.pop(following)
                following += 1

    def _outcomes(self, candidates: Iterable[Candidate]) -> Iterator[tuple[int, Outcome]]:
        """Yield outcomes as they come, each with the number of its candidate."""
        handed: dict[int, Candidate] = {}
        refused: list[tuple[int, Candidate]] = []

        def tasks() -> Iterator[Task]:
            for number, candidate in enumerate(candidates):
                if candidate.refused:
                    refused.append((number, candidate))
                else:
                    handed[number] = candidate
                    yield self._task(number, candidate)

        for result in self._pool.run(tasks(), AHEAD):
            number = int(str(result.task.key))
            candidate = handed.pop(number)
            self._done(candidate.size)
            yield number, self._judged(candidate, self._inspected(candidate, result))
            while refused:
                yield self._refused(*refused.pop())
        while refused:
            yield self._refused(*refused.pop())

    def _task(self, number: int, candidate: Candidate) -> Task:
        known = self._state.known(candidate.name, candidate.size) if self._state else []
        parameters = {
            "path": os.fsencode(candidate.path).hex(),
            "known": known,
            "read_bytes": self._limits.read_bytes,
        }
        return Task(f"{INSIDE}:inspect_file", candidate.path, parameters, number)

    def _refused(self, number: int, candidate: Candidate) -> tuple[int, Outcome]:
        closed = Unreadable(Reason.DENIED, detail=candidate.refused)
        return number, self._judged(candidate, _closed(candidate, closed, 0.0))

    def _inspected(self, candidate: Candidate, result: Result) -> _Inspected:
        """Return what a worker's answer says, which is checked like any input."""
        if result.answer is None:
            return _closed(candidate, result.unreadable or Unreadable(Reason.CRASHED), result.seconds)
        try:
            found = _understood(result.answer.content, result.answer.facts, result.seconds)
        except (KeyError, TypeError, ValueError):
            return _closed(candidate, Unreadable(Reason.CRASHED, detail="no answer"), result.seconds)
        name = candidate.name
        if found.reused:
            kept = self._state.remembered(name, found.size, found.sha256) if self._state else None
            if kept is None:  # it answers what it was not asked
                return _closed(candidate, Unreadable(Reason.CRASHED, detail="no answer"), result.seconds)
            return replace(found, type=kept.type, findings=list(kept.findings))
        if self._state:
            self._state.add(name, found.size, Remembered(found.sha256, found.type, tuple(found.findings)))
        return found

    def _judged(self, candidate: Candidate, found: _Inspected) -> Outcome:
        path = candidate.shown
        verdict = judge(found.findings, replace(self._facts, name=path), self._policy)
        record = FileRecord(
            path=path,
            sha256=found.sha256,
            bytes=found.size,
            type=found.type,
            verdict=verdict,
            findings=len(found.findings),
            seconds=found.seconds,
            reused=found.reused,
        )
        return record, found.findings


def _understood(content: bytes, facts: dict[str, Any], seconds: float) -> _Inspected:
    return _Inspected(
        sha256=str(facts["sha256"]),
        size=int(facts["bytes"]),
        type=str(facts["type"]),
        findings=[FindingRecord.from_json(each) for each in json.loads(content)],
        seconds=seconds,
        reused=bool(facts["same"]),
    )


def _closed(candidate: Candidate, closed: Unreadable, seconds: float) -> _Inspected:
    """Return what is told of a file that nobody could look into."""
    extraction = Extraction("", unreadable=(closed,))
    records = finding_records(inspect(extraction, Means()), extraction, candidate.shown)
    return _Inspected("", candidate.size, "", records, seconds)
