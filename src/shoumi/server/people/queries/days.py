"""Which day it is where a legal entity sits, and which engagements hold then.

An engagement holds from the first moment of `starts_on` until the first moment of `ends_on`, in the zone of
the department's entity.  Reads the ledger's clock, never the machine's.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q

from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Engagement, LegalEntity
from shoumi.server.people.models.organisation import TIME_ZONES


def today_in(country: str) -> date:
    """Return the day it is now in `country` (`CN`, `JP`)."""
    return clock().now().astimezone(ZoneInfo(TIME_ZONES[country])).date()


def today_of(entity: LegalEntity) -> date:
    """Return the day it is now where `entity` sits."""
    return today_in(entity.country)


def beginning_of(day: date, country: str) -> datetime:
    """Return the first moment of `day` in `country`, aware."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(TIME_ZONES[country]))


def engaged_now(prefix: str = "") -> Q:
    """Return the condition under which an engagement holds now.

    `prefix` is the path from the queried rows to the engagements, such as `engagements__`.
    """
    return _each_country(prefix, begun=True)


def not_over(prefix: str = "") -> Q:
    """Return the condition under which an engagement holds now or will; `prefix` as in `engaged_now`."""
    return _each_country(prefix, begun=False)


def _each_country(prefix: str, *, begun: bool) -> Q:
    found = Q(pk__in=())
    for country in TIME_ZONES:
        today = today_in(country)
        there = Q(**{f"{prefix}department__entity__country": country})
        if begun:
            there &= Q(**{f"{prefix}starts_on__lte": today})
        found |= there & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": today}))
    return found


def holds(engagement: Engagement) -> bool:
    """Tell whether one engagement holds now; its department and entity are loaded."""
    today = today_of(engagement.department.entity)
    return engagement.starts_on <= today and (engagement.ends_on is None or today < engagement.ends_on)


def end_moment(engagement: Engagement) -> datetime | None:
    """Return the moment from which the engagement gives no rights, None if no end is known."""
    if engagement.ends_on is None:
        return None
    return beginning_of(engagement.ends_on, engagement.department.entity.country)
