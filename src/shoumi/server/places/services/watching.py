"""What is looked after without being asked: permissions that end, visitors who stay, checklists due.

Runs as the system.  Each notice is sent once: a permission remembers it, a passage as well, and checklists
and gaps are told on the first day and then weekly.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Q

from shoumi.engine.workflow import VISIT, advance
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import EntryPermission, Passage, Visit, Zone
from shoumi.server.places.queries.holding import SOON, held_now
from shoumi.server.places.queries.visible import zones
from shoumi.server.places.services.asking import request_stop
from shoumi.server.places.services.notices import (
    tell_gaps,
    tell_inspection,
    tell_overdue,
    tell_permission_ends,
)
from shoumi.server.places.services.retention import SYSTEM

WEEK = 7
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Told:
    """How many notices of each kind were sent."""

    permissions: int = 0
    overdue: int = 0
    inspections: int = 0
    gaps: int = 0


def permissions_notice() -> int:
    """Tell of permissions that end within two weeks, each once; return how many."""
    rows = EntryPermission.objects.filter(held_now(), noticed_at__isnull=True).select_related(
        "zone__entity", "zone__department", "person__user", "post", "department"
    )
    told = 0
    for row in rows:
        if row.ends_on - today_of(row.zone.entity) > SOON:
            continue
        with transaction.atomic():
            tell_permission_ends(row)
            EntryPermission.objects.filter(pk=row.pk).update(noticed_at=clock().now())
        told += 1
    return told


def overdue_alert() -> int:
    """Tell once of everybody who should have left and is still inside; return how many."""
    rows = Passage.objects.filter(
        entered_at__isnull=False,
        left_at__isnull=True,
        alerted_at__isnull=True,
        expected_until__lt=clock().now(),
    ).select_related(
        "zone__entity", "visitor__visit__host__user", "visitor__visit__escort__user", "person__user"
    )
    told = 0
    for row in rows:
        with transaction.atomic():
            tell_overdue(row)
            Passage.objects.filter(pk=row.pk).update(alerted_at=clock().now())
        told += 1
    return told


def visits_close() -> int:
    """Close visits whose time is over and whose visitors have left; return how many."""
    open_states = (Visit.State.REQUESTED, Visit.State.APPROVED)
    due = Visit.objects.filter(state__in=open_states, ends_at__lt=clock().now())
    inside = Passage.objects.filter(entered_at__isnull=False, left_at__isnull=True, visitor__isnull=False)
    closed = 0
    for visit_id in due.exclude(pk__in=inside.values("visitor__visit")).values_list("pk", flat=True):
        with transaction.atomic():
            visit = Visit.objects.select_for_update(no_key=True).get(pk=visit_id)
            if visit.state not in open_states:
                continue
            visit.state = advance(VISIT, visit.state, "close")
            visit.version += 1
            visit.save(update_fields=["state", "version"])
            request_stop(visit.request_id, actor=None)
            append(LedgerTag.PLACES_VISIT_EXPIRED, actor=SYSTEM, subject=visit.ledger_subject, detail={})
        closed += 1
    return closed


def checklists_notice() -> Told:
    """Tell of checklists and gaps that are due, on the first day and then weekly."""
    told = Told()
    secret = zones().filter(kind=Zone.Kind.SECRET, closed_on__isnull=True)
    for zone in secret:
        today = today_of(zone.entity)
        since = zone.next_inspection_on or zone.created_at.date()
        if since <= today and (today - since).days % WEEK == 0:
            tell_inspection(zone)
            told.inspections += 1
    late = secret.annotate(
        gaps=Count("tasks", filter=Q(tasks__done_at__isnull=True, tasks__due_on__lt=clock().now().date()))
    ).filter(gaps__gt=0)
    if clock().now().weekday() == 0:
        for zone in late.order_by(F("entity"), F("code")):
            tell_gaps(zone, zone.gaps)
            told.gaps += 1
    return told
