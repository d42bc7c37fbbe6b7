"""Writes down what a scan found, batch by batch, each whole or not at all.

A batch is written only while the runner still holds the scan.  Of one file the first `MOST_KEPT` findings are
kept, secrets and rows of tables before all others; how many there were stands beside the file.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shoumi.engine.inspection.report import FindingRecord
from shoumi.engine.inspection.values import FindingKind
from shoumi.engine.inspection.verdict import Action as Verdict
from shoumi.engine.inspection.verdict import Policy, worst
from shoumi.sandbox.scanning.running import Outcome
from shoumi.server.documents.models import (
    ExceptedFinding,
    Index,
    Match,
    MatchException,
    Scan,
    ScannedFile,
    ScanUpload,
)
from shoumi.server.documents.queries.excepted import place_of, today
from shoumi.server.documents.services.sources import digest_of
from shoumi.server.documents.services.verdicts import facts_of, milder
from shoumi.server.ledger.services import clock
from shoumi.server.register.models import TradeSecret

MOST_KEPT: Final = 1000  # findings of one file
FLUSH_SECONDS: Final = 1.0
FLUSH_FILES: Final = 100
FLUSH_FINDINGS: Final = 5000
FIRST: Final = {FindingKind.FINGERPRINT: 0, FindingKind.EXACT: 1, FindingKind.UNREADABLE: 2}
Covered = dict[tuple[str, str], ExceptedFinding]  # by the digest of the path and the finding
COVERING: Final = (MatchException.State.PROPOSED, MatchException.State.IN_FORCE)


class ClaimLostError(Exception):
    """Another runner has taken the scan over; this one writes nothing any more."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one file, and under which path it is told."""

    path: str
    outcome: Outcome
    upload: ScanUpload | None


def _kept(told: Told) -> list[FindingRecord]:
    """Return the findings of a file that are written down, what weighs most before all others."""
    return sorted(told.outcome[1], key=lambda each: FIRST.get(each.kind, len(FIRST)))[:MOST_KEPT]


@dataclass
class Batch:
    """What is not written down yet."""

    scan: Scan
    runner: UUID
    policy: Policy
    told: list[Told] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    skipped: int = 0
    _waiting: int = 0  # findings
    _secrets: dict[str, UUID] = field(default_factory=dict)
    _indexes: dict[str, UUID] | None = None

    def add(self, told: Told) -> None:
        """Take in the outcome of one file."""
        self.told.append(told)
        self._waiting += len(told.outcome[1])

    @property
    def is_due(self) -> bool:
        """Whether it is time to write."""
        return (
            len(self.told) >= FLUSH_FILES
            or self._waiting >= FLUSH_FINDINGS
            or time.monotonic() - self.began >= FLUSH_SECONDS
        )

    def write(self) -> bool:
        """Write everything down, all or nothing; return whether somebody wants us to stop.

        Raises:
            ClaimLostError: the scan is not ours any more.
        """
        records = [told.outcome[0] for told in self.told]
        found = [each for told in self.told for each in told.outcome[1]]
        now = time.monotonic()
        with transaction.atomic():
            scan = Scan.objects.select_for_update(no_key=True).filter(pk=self.scan.pk).first()
            if scan is None or scan.runner != self.runner or scan.state != Scan.State.RUNNING:
                raise ClaimLostError
            files, excepted = self._rows()
            actions = [Verdict(file.verdict) for file in files]
            before = [Verdict(scan.worst)] if scan.worst else []
            Scan.objects.filter(pk=scan.pk).update(
                seen_at=clock().now(),
                files=F("files") + len(records),
                bytes=F("bytes") + sum(record.bytes for record in records),
                matches_count=F("matches_count") + len(found),
                closed=F("closed") + sum(each.kind == FindingKind.UNREADABLE for each in found),
                reused=F("reused") + sum(record.reused for record in records),
                excepted=F("excepted") + excepted,
                skipped=F("skipped") + self.skipped,
                seconds=F("seconds") + (now - self.began),
                worst=str(worst([*actions, *before])) if actions or before else "",
            )
        self.told, self.began, self.skipped, self._waiting = [], now, 0, 0
        return scan.stop_asked

    def _rows(self) -> tuple[list[ScannedFile], int]:
        """Write files and findings; return the files, and how many findings exceptions in force cover."""
        files = [self._file(told) for told in self.told]
        covered = self._covered({file.digest for file in files})
        count = sum(self._except(*each, covered) for each in zip(files, self.told, strict=True))
        files = ScannedFile.objects.bulk_create(files)
        matches: list[Match] = []
        for file, told in zip(files, self.told, strict=True):
            for ordinal, each in enumerate(_kept(told)):
                match = self._match(file, each, ordinal)
                found = covered.get((file.digest, each.finding))
                match.exception = found.exception if found else None
                matches.append(match)
        Match.objects.bulk_create(matches, batch_size=500)
        return files, count

    def _except(self, file: ScannedFile, told: Told, covered: Covered) -> int:
        """Give a file the verdict without what exceptions in force cover; return how much that is."""

        def is_excepted(each: FindingRecord) -> bool:
            found = covered.get((file.digest, each.finding))
            return found is not None and found.exception.state == MatchException.State.IN_FORCE

        count = sum(map(is_excepted, _kept(told)))
        record, findings = told.outcome
        if count and len(findings) <= MOST_KEPT:
            left = [each for each in findings if not is_excepted(each)]
            said = record.verdict.action
            now = milder(said, left, facts_of(self.scan, record.path), self.policy)
            file.verdict, file.judged = str(now), "" if now == said else str(said)
        return count

    def _file(self, told: Told) -> ScannedFile:
        record, findings = told.outcome
        path = PurePosixPath(told.path)
        folder = str(path.parent)
        return ScannedFile(
            scan=self.scan,
            path=told.path,
            digest=digest_of(told.path),
            folder="" if folder == "." else folder,
            name=path.name[:1020],
            upload=told.upload,
            sha256=record.sha256,
            size_bytes=record.bytes,
            type=record.type[:120],
            verdict=str(record.verdict.action),
            count=len(findings),
        )

    def _match(self, file: ScannedFile, each: FindingRecord, ordinal: int) -> Match:
        return Match(
            scan=self.scan,
            file=file,
            finding=each.finding,
            ordinal=ordinal,
            kind=str(each.kind),
            code=each.id[:120],
            score=each.score,
            level=each.level,
            member=each.member[:4200],
            location=dict(each.location),
            text=each.text,
            matched=each.matched[:300],
            check_passed=each.check[:120],
            context=list(each.context),
            facts=dict(each.facts),
            same=each.same,
            like=each.like,
            secret_id=self._secret(each.facts),
            index_id=self._index(each),
        )

    def _covered(self, digests: set[str]) -> Covered:
        """Return the exceptions that name just these findings at just these paths."""
        if not digests:
            return {}
        rows = ExceptedFinding.objects.filter(
            digest__in=digests,
            exception__place=place_of(self.scan),
            exception__entity=self.scan.entity_id,
            exception__state__in=COVERING,
            exception__expires_on__gte=today(),
        ).order_by("exception__state")  # what is in force stands before what is proposed
        found: Covered = {}
        for row in rows.select_related("exception"):
            found.setdefault((row.digest, row.finding), row)
        return found

    def _secret(self, facts: Any) -> UUID | None:
        """Return the registered secret that a finding tells of by its number."""
        number = str(facts.get("secret", ""))
        if number and number not in self._secrets:
            row = TradeSecret.objects.filter(number=number).values_list("pk", flat=True).first()
            if row is None:
                return None
            self._secrets[number] = row
        return self._secrets.get(number)

    def _index(self, each: FindingRecord) -> UUID | None:
        """Return the index whose row or document was found, by its name."""
        if each.kind not in {FindingKind.EXACT, FindingKind.FINGERPRINT}:
            return None
        if self._indexes is None:
            rows = Index.objects.filter(pk__in=self.scan.index_ids)
            self._indexes = {
                Index.Kind.SECRETS if row.kind == Index.Kind.SECRETS else row.name: row.pk for row in rows
            }
        name = Index.Kind.SECRETS if each.kind == FindingKind.FINGERPRINT else each.id
        return self._indexes.get(name)
