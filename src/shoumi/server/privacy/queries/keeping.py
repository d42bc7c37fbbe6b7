"""How long data are kept: the retention of the processing, unless a litigation hold goes before.

Whose rule: the months in the register; a hold overrides them until it is released.  Reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shoumi.engine.jurisdiction.periods import Period, PeriodKind, period_end
from shoumi.server.people.models import Person
from shoumi.server.privacy.models import Hold, Processing


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when something is kept, and what holds it beyond."""

    last_day: date  # by the register
    hold: Hold | None

    def may_erase(self, today: date) -> bool:
        """Tell whether it may be erased on `today`."""
        return self.hold is None and today > self.last_day


def hold_on(person: Person) -> Hold | None:
    """Return the hold in force that covers a person, the oldest of several."""
    rows = Hold.objects.filter(entity=person.entity_id, released_at__isnull=True)
    return rows.filter(Q(persons=person) | Q(persons__isnull=True)).order_by("set_at", "pk").first()


def keeping_of(processing: Processing, person: Person, collected_on: date) -> Keeping:
    """Return how long what was collected about a person on a day is kept."""
    return Keeping(last_day_of(processing, collected_on), hold_on(person))


def last_day_of(processing: Processing, collected_on: date) -> date:
    """Return the last day on which what was collected on a day is kept by the register."""
    return last_day_after(processing.keep_months, collected_on)


def last_day_after(months: int, collected_on: date) -> date:
    """Return the last day on which what was collected on a day is kept for a number of months."""
    end = period_end(collected_on, Period(PeriodKind.SPAN, months=months))
    return end or collected_on  # a span always ends
