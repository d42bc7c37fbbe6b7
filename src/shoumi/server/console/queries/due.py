"""All due things of one person in one answer: what, by when, and where it is done.

One query for each registered source, whatever the number of rows; of each at most `MOST` rows are read.
What somebody may see is decided by the apps' own queries, not here.
"""

from __future__ import annotations

import calendar
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any

from django.utils.translation import gettext

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.accounts.templatetags.shoumi import last_day
from shoumi.server.console.queries.due_sources import SOURCES, Source
from shoumi.server.ledger.services import clock

MOST = 300  # rows of one source
LONG_AGO = 3650  # days back for what is overdue


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due."""

    day: date  # in the person's time zone
    at: datetime | None  # the moment, where it is due at one
    source: Source
    key: str  # of its row
    title: str  # names records: for the person after sign-in only
    url: str

    @property
    def label(self) -> str:
        """What kind of thing it is, without any name, in the language that is active now."""
        return gettext(self.source.label)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month's page."""

    day: date
    inside: bool  # of the month
    items: tuple[Due, ...]


def zone_of(user: User) -> zoneinfo.ZoneInfo:
    """Return the time zone a user reads in; UTC for one that no longer exists."""
    try:
        return zoneinfo.ZoneInfo(user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def today_for(user: User) -> date:
    """Return the day it is for the user."""
    return clock().now().astimezone(zone_of(user)).date()


def due_for(user: User, first: date, last: date) -> list[Due]:
    """Return what is due from `first` to `last`, both included, the earliest first."""
    zone = zone_of(user)
    with remembered_subjects():
        found = [item for source in SOURCES for item in _of(source, user, zone, first, last)]
    return sorted(found, key=lambda item: (item.day, item.at or datetime.max.replace(tzinfo=zone), item.key))


def overdue_for(user: User, today: date) -> list[Due]:
    """Return what should have been done before today and is still open; what merely ended is left out."""
    ended = {"agreement", "secret", "certificate", "third-party", "account", "meeting", "entry", "exception"}
    first = today - timedelta(days=LONG_AGO)
    return [item for item in due_for(user, first, today - timedelta(days=1)) if item.source.key not in ended]


def month_of(user: User, year: int, month: int) -> list[list[Day]]:
    """Return the weeks of a month, Monday first, each day with what is due on it."""
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    by_day: dict[date, list[Due]] = {}
    for item in due_for(user, weeks[0][0], weeks[-1][-1]):
        by_day.setdefault(item.day, []).append(item)
    return [[Day(day, day.month == month, tuple(by_day.get(day, ()))) for day in week] for week in weeks]


def counted(items: Iterable[Due]) -> list[tuple[str, int, date]]:
    """Return each kind of due things as source text, how many there are, and the first day."""
    items = list(items)
    counts = Counter(item.source.label for item in items)
    first: dict[str, date] = {}
    for item in items:
        first.setdefault(item.source.label, item.day)
    return [(label, count, first[label]) for label, count in counts.items()]


def _of(source: Source, user: User, zone: zoneinfo.ZoneInfo, first: date, last: date) -> Iterable[Due]:
    for row, value in _found(source, user, zone, first, last):
        at = value if isinstance(value, datetime) else None
        day = at.astimezone(zone).date() if at else value
        if at and source.counted and (ends := last_day(at, source.counted(row))):
            day, at = ends, None
        if first <= day <= last:
            yield Due(day, at, source, str(row.pk), str(source.title(row)), source.url(row))


def _found(
    source: Source, user: User, zone: zoneinfo.ZoneInfo, first: date, last: date
) -> Iterable[tuple[Any, Any]]:
    """Return rows with the day or moment of each, between the beginning of `first` and the end of `last`."""
    rows, name = source.rows(user), source.field
    start = datetime.combine(first, time.min, zone)
    end = datetime.combine(last + timedelta(days=2 if source.counted else 1), time.min, zone)
    if source.moment is not None:
        moments = [(row, at) for row in rows[:MOST] if (at := source.moment(row)) is not None]
        return [
            (row, at)
            for row, at in moments
            if (start <= at < end if isinstance(at, datetime) else first <= at <= last)
        ]
    span = {f"{name}__gte": start, f"{name}__lt": end}
    if not name.endswith("_at"):
        span = {f"{name}__gte": first, f"{name}__lte": last}
    wanted = rows.filter(**span).order_by(name, "pk")[:MOST]
    return [(row, reduce(getattr, name.split("__"), row)) for row in wanted]
