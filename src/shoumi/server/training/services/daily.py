"""What training does without being asked, once a day: it reminds, escalates, and asks for what a plan lacks.

Follows the guide 五(五)2(1): a plan for every year.  Each thing is told on certain days only.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db import transaction

from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.training.models import Certificate, Course, PlannedSession
from shoumi.server.training.queries.learning import RENEWAL
from shoumi.server.training.queries.plans import coverage_of_year, sessions_of
from shoumi.server.training.services.notices import runners_of, tell
from shoumi.server.training.services.reminding import campaigns_remind

PLAN_MONTH: Final = 12  # in December next year's plan is asked for
SOON: Final = timedelta(days=14)
LATE: Final = timedelta(days=7)  # after this a training without a record is asked about


def training_run() -> int:
    """Look after every campaign and every plan; return how many reminders of plans were sent."""
    campaigns_remind()
    told = 0
    for entity in LegalEntity.objects.order_by("code"):
        with transaction.atomic():
            day = today_of(entity)
            told += _plan(entity, day) + _sessions(entity, day) + _certificates(entity, day)
    return told


def _plan(entity: LegalEntity, day: date) -> int:
    """Ask on the first day of a month for a plan that is missing or has gaps."""
    if day.day != 1:
        return 0
    told = 0
    for year in [day.year] + ([day.year + 1] if day.month >= PLAN_MONTH else []):
        sessions = sessions_of(entity, year)
        missing = coverage_of_year(entity, year, sessions).missing
        if not sessions:
            tell(runners_of(entity), "plan_missing", {"entity": entity.name, "year": year})
        elif missing:
            named = {"entity": entity.name, "year": year, "count": missing}
            tell(runners_of(entity), "plan_gaps", named)
        told += bool(missing)
    return told


def _sessions(entity: LegalEntity, day: date) -> int:
    rows = PlannedSession.objects.filter(entity=entity, struck_on=None, held_on=None)
    soon = list(rows.filter(day=day + SOON))
    late = list(rows.filter(day=day - LATE, course=None))
    for event, found in (("session_soon", soon), ("session_unrecorded", late)):
        for row in found:
            tell(runners_of(entity), event, {"title": row.title, "day": row.day.isoformat()})
    return len(soon) + len(late)


def _certificates(entity: LegalEntity, day: date) -> int:
    """Tell everybody whose certificate ends in so many days that it may be renewed."""
    rows = Certificate.objects.filter(
        version__course__entity=entity,
        version__course__retired_on=None,
        ended_on=None,
        valid_until=day + RENEWAL,
        person__user__is_active=True,
    )
    told = 0
    for course in Course.objects.filter(pk__in=rows.order_by().values("version__course")):
        users = [
            row.person.user for row in rows.filter(version__course=course).select_related("person__user")
        ]
        tell(users, "ends_soon", {"course": course.title, "day": (day + RENEWAL).isoformat()})
        told += len(users)
    return told
