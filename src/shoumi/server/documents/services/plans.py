"""Plans scans of shares that are repeated; the schedule of the project begins those that are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Scan, ScanPlan
from shoumi.server.documents.queries.access import plan_resource
from shoumi.server.documents.services.keeping import SYSTEM
from shoumi.server.documents.services.scans import NothingToScanError, Wish, scan_queue, scan_start
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource

SPAN: Final = {ScanPlan.Every.DAY: timedelta(days=1), ScanPlan.Every.WEEK: timedelta(weeks=1)}


def scan_plan(*, actor: User, wish: Wish, every: str) -> Scan:
    """Begin a scan of a share now and again every day or week; files that have not changed cost little.

    Raises:
        NothingToScanError: no share was named: files that were brought do not change.
        and whatever `scan_start` raises.
    """
    if not wish.share:
        raise NothingToScanError
    with transaction.atomic():
        plan = ScanPlan.objects.create(
            **wish.means,
            every=every,
            next_at=clock().now() + SPAN[ScanPlan.Every(every)],
            made_by=actor,
        )
        append(
            LedgerTag.DOCUMENTS_SCAN_PLANNED,
            actor=actor.ledger_actor,
            subject=plan.ledger_subject,
            detail={"share": plan.share, "below": plan.below, "every": every},
        )
        return scan_start(actor=actor, wish=wish, plan=plan)


def plans_start_due() -> int:
    """Begin the planned scans that are due, as whoever planned them; return how many.

    One whose last scan is still open is left out this time; one whose planner may not scan any more ends.
    """
    count, now = 0, clock().now()
    for plan in ScanPlan.objects.filter(ended_at=None, next_at__lte=now).select_related("made_by", "entity"):
        with transaction.atomic():
            due = _following(plan, now)
            if not ScanPlan.objects.filter(pk=plan.pk, next_at=plan.next_at).update(next_at=due):
                continue  # another worker was faster
            if plan.scans.filter(state__in=(Scan.State.WAITING, Scan.State.RUNNING)).exists():
                continue
            if not gate.permits(plan.made_by, Action.SCAN_START, entity_resource(plan.entity)):
                _end(plan, SYSTEM)
                continue
            scan_queue(wish=_wish(plan), asked_by=plan.made_by, actor=SYSTEM, plan=plan)
            count += 1
    return count


def plan_end(*, actor: User, plan_id: UUID) -> None:
    """Repeat a scan no more.

    Raises:
        NotPermittedError: the actor does not control scans there.
    """
    with transaction.atomic():
        plan = (
            ScanPlan.objects.select_for_update(of=("self",), no_key=True)
            .select_related("entity")
            .get(pk=plan_id)
        )
        gate.require(actor, Action.SCAN_CONTROL, plan_resource(plan))
        if plan.ended_at is None:
            _end(plan, actor.ledger_actor)


def _following(plan: ScanPlan, now: datetime) -> datetime:
    """Return the next time after `now`; those that were missed are not made up for."""
    step = SPAN[ScanPlan.Every(plan.every)]
    return plan.next_at + step * ((now - plan.next_at) // step + 1)


def _wish(plan: ScanPlan) -> Wish:
    return Wish(
        entity=plan.entity,
        share=plan.share,
        below=plan.below,
        ocr=plan.ocr,
        packs=plan.packs,
        index_ids=plan.index_ids,
        policy=plan.policy,
    )


def _end(plan: ScanPlan, actor: str) -> None:
    ScanPlan.objects.filter(pk=plan.pk).update(ended_at=clock().now())
    append(LedgerTag.DOCUMENTS_SCAN_UNPLANNED, actor=actor, subject=plan.ledger_subject)
