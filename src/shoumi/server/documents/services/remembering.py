"""Remembers in the rows of earlier scans what was found in a content, so that it is not inspected again.

Only scans with the same means count (packs, indexes, switches, version: see `sandbox.scanning.Setting`), and
only files of which every finding was kept.  A content is asked for by its file's own name and its size, so
that a folder that was moved costs no more than its hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Count, F, QuerySet

from shoumi.engine.inspection.report import FindingRecord
from shoumi.engine.inspection.values import FindingKind
from shoumi.sandbox.scanning.state import Remembered
from shoumi.server.documents.models import Match, Scan, ScannedFile

EARLIER: Final = 5  # scans that are asked


class Earlier:
    """What the last scans with the same means know."""

    def __init__(self, scan: Scan, means: str) -> None:
        """Choose the scans: those of the same legal entity, and this one itself."""
        rows = Scan.objects.filter(means=means, entity=scan.entity_id).exclude(pk=scan.pk)
        self._scans = [scan.pk, *rows.order_by("-asked_at").values_list("pk", flat=True)[:EARLIER]]

    def known(self, name: str, size: int) -> Sequence[str]:
        """Return the hashes of contents of this size that were inspected under this name."""
        return sorted({row.sha256 for row in self._files(name, size).exclude(sha256="")})

    def remembered(self, name: str, size: int, sha256: str) -> Remembered | None:
        """Return what was made of a content."""
        file = self._files(name, size).filter(sha256=sha256).order_by("-pk").first()
        if file is None:
            return None
        found = Match.objects.filter(file=file).order_by("ordinal")
        return Remembered(sha256, file.type, tuple(map(record_of, found)))

    def add(self, name: str, size: int, what: Remembered) -> None:
        """Do nothing: the rows of the scan are what is remembered."""

    def _files(self, name: str, size: int) -> QuerySet[ScannedFile]:
        rows = ScannedFile.objects.filter(scan__in=self._scans, name=name, size_bytes=size)
        return rows.annotate(kept=Count("matches")).filter(kept=F("count"))


def record_of(row: Match) -> FindingRecord:
    """Return a finding as the scan that wrote it down was told."""
    return FindingRecord(
        finding=row.finding,
        kind=FindingKind(row.kind),
        id=row.code,
        score=row.score,
        level=row.level,
        member=row.member,
        location=row.location,
        text=row.text,
        matched=row.matched,
        check=row.check_passed,
        context=tuple(row.context),
        facts=row.facts,
        same=row.same,
        like=row.like,
    )
