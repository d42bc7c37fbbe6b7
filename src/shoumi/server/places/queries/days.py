"""Days of places: the day of a moment where an entity sits, and the day after.

Reads no clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shoumi.server.people.models.organisation import TIME_ZONES


def day_of(moment: datetime, country: str) -> date:
    """Return the day on which `moment` lies in `country`."""
    return moment.astimezone(ZoneInfo(TIME_ZONES[country])).date()


def day_after(day: date) -> date:
    """Return the following day."""
    return day + timedelta(days=1)
