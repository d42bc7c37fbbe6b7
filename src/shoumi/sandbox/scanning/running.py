"""Runs a scan with an engine: judges, remembers and tells each file once, in the order of walking.

Results wait for the files before them, so that two scans of the same files tell the same in the same order
whatever the workers did.  Which engine inspects, this machine's or a cluster's, makes no difference here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, Self

from shoumi.engine.inspection.report import FileRecord, FindingRecord
from shoumi.engine.inspection.values import Reason, Unreadable
from shoumi.engine.inspection.verdict import Facts, Policy, judge
from shoumi.sandbox.scanning.local import Asked, Engine, Inspected, closed
from shoumi.sandbox.scanning.state import Remembered
from shoumi.sandbox.scanning.walking import Candidate

Outcome = tuple[FileRecord, tuple[FindingRecord, ...]]


class Memory(Protocol):
    """What remembers contents that were inspected with the same means."""

    def known(self, name: str, size: int) -> Sequence[str]:
        """Return the hashes of contents of this size that were inspected under this name."""
        ...

    def remembered(self, name: str, size: int, sha256: str) -> Remembered | None:
        """Return what was made of a content."""
        ...

    def add(self, name: str, size: int, what: Remembered) -> None:
        """Remember what was made of a content."""
        ...


class Scan:
    """An engine, and what to do with what it says."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        facts: Facts,
        *,
        state: Memory | None = None,
        done: Callable[[int], None] = lambda _size: None,
    ) -> None:
        """Start nothing yet.

        `facts` are those of every file but for its name; `done` hears the size of each at once.  A state
        keeps masked records only: an engine whose setting reveals must get none.
        """
        self._engine = engine
        self._policy = policy
        self._facts = facts
        self._state = state
        self._done = done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._engine.close()

    def run(self, candidates: Iterable[Candidate]) -> Iterator[Outcome]:
        """Inspect every candidate; yield one outcome for each, in their order."""
        waiting: dict[int, Outcome] = {}
        following = 0
        for number, outcome in self._outcomes(candidates):
            waiting[number] = outcome
            while following in waiting:
                yield waiting.pop(following)
                following += 1

    def _outcomes(self, candidates: Iterable[Candidate]) -> Iterator[tuple[int, Outcome]]:
        """Yield outcomes as they come, each with the number of its candidate."""
        open_ones: dict[int, Candidate] = {}
        refused: list[int] = []

        def asked() -> Iterator[Asked]:
            for number, candidate in enumerate(candidates):
                open_ones[number] = candidate
                if candidate.refused:
                    refused.append(number)
                else:
                    yield Asked(number, candidate, self._known(candidate))

        def told(number: int, found: Inspected | None) -> tuple[int, Outcome]:
            candidate = open_ones.pop(number)
            self._done(candidate.size)
            found = found or closed(candidate, Unreadable(candidate.why, detail=candidate.refused))
            return number, self._judged(candidate, self._remembered(candidate, found))

        for number, found in self._engine.inspect(asked()):
            yield told(number, found)
            while refused:
                yield told(refused.pop(), None)
        while refused:
            yield told(refused.pop(), None)

    def _known(self, candidate: Candidate) -> tuple[str, ...]:
        return tuple(self._state.known(candidate.name, candidate.size)) if self._state else ()

    def _remembered(self, candidate: Candidate, found: Inspected) -> Inspected:
        """Return what the state holds of a known content, and put what is new into it."""
        if found.known:
            kept = self._state.remembered(candidate.name, found.size, found.sha256) if self._state else None
            if kept is None:  # it answers what it was not asked
                return closed(candidate, Unreadable(Reason.CRASHED, detail="no answer"), found.seconds)
            return replace(found, type=kept.type, findings=kept.findings)
        if self._state and found.sha256:
            self._state.add(candidate.name, found.size, Remembered(found.sha256, found.type, found.findings))
        return found

    def _judged(self, candidate: Candidate, found: Inspected) -> Outcome:
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
            reused=found.known,
        )
        return record, found.findings
