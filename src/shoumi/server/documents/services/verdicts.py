"""Judges files anew when findings become reviewed exceptions, and again when an exception ends.

What a scan has said of a file without exceptions stays beside its verdict.  An exception never makes one more
severe, and a file of which not every finding was kept keeps what the scan has said: rather too severe than
too mild.  Who may except is `exceptions`' to ask: nothing here is called before two persons have agreed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from shoumi.engine.inspection.report import FindingRecord
from shoumi.engine.inspection.verdict import Action as Verdict
from shoumi.engine.inspection.verdict import Facts, Place, Policy, default_policy, judge, read_policy, worst
from shoumi.server.documents.models import Match, MatchException, Scan, ScannedFile
from shoumi.server.documents.queries.excepted import excepted, still_open
from shoumi.server.documents.services.remembering import record_of
from shoumi.server.documents.services.sources import full_path

_BATCH: Final = 200  # files that are judged at once


def policy_of(scan: Scan) -> Policy:
    """Return the rules of a scan.

    Raises:
        PolicyFaultsError: its own are faulty, which its beginning has ruled out.
    """
    return read_policy("policy.yaml", scan.policy) if scan.policy else default_policy()


def facts_of(scan: Scan, name: str = "") -> Facts:
    """Return the circumstances of a scan's files, or of the one of this full name."""
    return Facts(name, Place.SHARE if scan.source == Scan.Source.SHARE else Place.UPLOAD)


def milder(said: Verdict, left: Iterable[FindingRecord], facts: Facts, policy: Policy) -> Verdict:
    """Return what the rules say of the findings that are `left`, never more than they have `said` of all."""
    return min(said, judge(left, facts, policy).action, key=lambda each: each.severity)


def verdicts_of_exception(row: MatchException) -> int:
    """Judge every file anew that a finding of `row` is in, as of now; return how many verdicts changed.

    Scans that are open wait meanwhile, so that none writes a file down by what held before.
    """
    with transaction.atomic():
        concerned = Q(pk__in=Match.objects.filter(exception=row).values("scan"))
        open_ones = Q(entity=row.entity_id, state__in=(Scan.State.WAITING, Scan.State.RUNNING))
        scans = list(Scan.objects.select_for_update(no_key=True).filter(concerned | open_ones).order_by("pk"))
        return sum(_judged_anew(scan, _files_of(scan, Q(exception=row))) for scan in scans)


def verdicts_check() -> int:
    """Judge every file anew that an exception in force speaks of; return how many verdicts were others.

    None is, but for what was excepted before verdicts followed exceptions.
    """
    concerned = Match.objects.filter(excepted()).order_by().values_list("scan", flat=True).distinct()
    return sum(map(_checked, list(concerned)))


def _checked(scan_id: UUID) -> int:
    with transaction.atomic():
        scan = Scan.objects.select_for_update(no_key=True).filter(pk=scan_id).first()
        return _judged_anew(scan, _files_of(scan, excepted())) if scan else 0


def _files_of(scan: Scan, matches: Q) -> list[int]:
    rows = Match.objects.filter(matches, scan=scan).order_by()
    return sorted(set(rows.values_list("file", flat=True)))


def _judged_anew(scan: Scan, files: list[int]) -> int:
    """Write the verdicts of `files` and the figures of their scan, which the caller holds."""
    if not files:
        return 0
    policy, changed = policy_of(scan), 0
    for first in range(0, len(files), _BATCH):
        rows = ScannedFile.objects.filter(pk__in=files[first : first + _BATCH])
        others = [row for row in _kept(rows) if _has_another(scan, row, policy)]
        ScannedFile.objects.bulk_update(others, ["verdict", "judged"])
        changed += len(others)
    said = scan.scanned_files.order_by().values_list("verdict", flat=True).distinct()
    scan.worst = str(worst(map(Verdict, said)))
    scan.excepted = scan.matches.filter(excepted()).count()
    scan.save(update_fields=["worst", "excepted"])
    return changed


def _kept(rows: QuerySet[ScannedFile]) -> QuerySet[ScannedFile]:
    return rows.annotate(kept=Count("matches"))


def _has_another(scan: Scan, row: ScannedFile, policy: Policy) -> bool:
    """Give a file the verdict that holds now; return whether it is another one than it has had."""
    said, before = Verdict(row.judged or row.verdict), (row.verdict, row.judged)
    now = said
    if row.kept == row.count:
        left = [record_of(each) for each in row.matches.filter(still_open()).order_by("ordinal")]
        now = milder(said, left, facts_of(scan, full_path(scan, row.path)), policy)
    row.verdict, row.judged = str(now), "" if now == said else str(said)
    return (row.verdict, row.judged) != before
