"""Whether measures are lived: what was done although a rule forbade it, and what was done when it was due.

Source: the packs' `lived_days`; courts look at whether a rule was followed, not only at whether it exists.
Each rate is counted from records of the last twelve months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, Sum

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.server.accounts.models import ReminderAcknowledgement, User
from shoumi.server.assurance.models import MeasureRecord
from shoumi.server.assurance.queries.proofs import records_in_force
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import engaged_now
from shoumi.server.people.queries.days import beginning_of
from shoumi.server.register.models import AccessReview, LifeEvent, MarkingTask

YEAR = timedelta(days=365)
MOVING = (LifeEvent.Kind.CIRCULATED, LifeEvent.Kind.COPIED, LifeEvent.Kind.RELEASED)
HANDLING = (*MOVING, LifeEvent.Kind.DESTROYED)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; `need` 0 means that nothing has happened yet."""

    key: str
    have: int
    need: int

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None where nothing has happened."""
        return self.have / self.need if self.need else None


def lived_rates(entity: LegalEntity, day: date) -> list[Rate]:
    """Return how far approvals, marks, reminders and log reviews were lived in the year up to `day`."""
    moment = beginning_of(day + timedelta(days=1), entity.country)
    events = LifeEvent.objects.filter(secret__entity=entity, at__lt=moment, at__gte=moment - YEAR)
    handled = events.filter(kind__in=HANDLING).count()
    bypassed = MeasureRecord.objects.filter(
        entity=entity, proof="X.bypass", withdrawn_at=None, happened_on__gt=day - YEAR, happened_on__lte=day
    ).aggregate(cases=Sum("covered"))["cases"]
    bypassed = bypassed or 0
    moved = events.filter(kind__in=MOVING, carrier__isnull=False)
    done = MarkingTask.objects.filter(carrier=OuterRef("carrier"), done_at__lte=OuterRef("at"))
    marked = moved.filter(Exists(done)).count()
    users = User.objects.filter(is_active=True, created_at__lt=moment).filter(
        engaged_now("person__engagements__"), person__engagements__department__entity=entity
    )
    users = users.distinct()
    told = ReminderAcknowledgement.objects.filter(user=OuterRef("pk"), acknowledged_at__lt=moment)
    return [
        Rate("approvals", handled, handled + bypassed),
        Rate("marks", marked, moved.count()),
        Rate("reminders", users.filter(Exists(told)).count(), users.count()),
        _log_reviews(entity, day),
    ]


def _log_reviews(entity: LegalEntity, day: date) -> Rate:
    """Return for how many of the last twelve periods a review of the logs is recorded."""
    every = load_assurance(entity.pack).measures.lived_days["log_review"]
    rows = MeasureRecord.objects.filter(
        Q(withdrawn_at=None), entity=entity, proof="K5.log_review", happened_on__lte=day
    )
    reviewed = AccessReview.objects.filter(entity=entity, ends_on__lte=day)
    days = sorted([*rows.values_list("happened_on", flat=True), *reviewed.values_list("ends_on", flat=True)])
    if not days:
        return Rate("log_reviews", 0, 0)
    periods = min(12, (day - days[0]).days // every + 1)
    held = {(day - found).days // every for found in days if (day - found).days < every * periods}
    return Rate("log_reviews", len(held), periods)


def recorded(entity: LegalEntity, day: date, proof: str) -> tuple[int, int]:
    """Return how many of how many a recorded proof reaches at most, for the whole entity."""
    moment = beginning_of(day + timedelta(days=1), entity.country)
    rows = [row for row in records_in_force(entity, day, moment) if row.proof == proof]
    best = max(rows, key=lambda row: (row.covered / row.needed, row.needed), default=None)
    return (best.covered, best.needed) if best else (0, 0)
