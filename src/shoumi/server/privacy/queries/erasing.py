"""What falls due to be erased: kept longer than the register says, and by no litigation hold.

Whose rule: the months of the processings that name the kind; of several the longest counts, and what the
pack's rule asks at the least counts before.  What no processing names is not touched.  Reads only.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.personal_data import Least, least_of
from shoumi.engine.policy import Resource, resources
from shoumi.server.accounts.models import User
from shoumi.server.people.keepers import Keeper, Kept, keepers
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import today_of
from shoumi.server.privacy.models import Erasure, ErasureItem, Hold, Processing
from shoumi.server.privacy.queries.keeping import Keeping, hold_on, last_day_after
from shoumi.server.privacy.queries.visible import entities_of
from shoumi.server.privacy.queries.words import table_of

MOST_ITEMS = 5000  # of one plan; what is left comes with the next


@dataclass(frozen=True, slots=True)
class Falling:
    """One thing that falls due, or would if nothing held it."""

    keeper: Keeper
    kept: Kept
    processing: Processing
    keeping: Keeping


def falling_due(entity: LegalEntity) -> Iterator[Falling]:
    """Yield what is kept longer than the register of an entity says, also what a hold keeps."""
    today = today_of(entity)
    holds: dict[UUID, Hold | None] = {}
    persons: dict[UUID, Person] = {}
    for keeper in keepers().values():
        processing = longest(entity, keeper)
        if processing is None:
            continue
        months = max(processing.keep_months, least(entity, keeper, today).months)
        for kept in keeper.find(entity, first_day_after(today, months)):
            last = last_day_after(months, kept.collected_on)
            if today <= last:
                continue
            if kept.person not in holds:
                persons[kept.person] = Person.objects.get(pk=kept.person)
                holds[kept.person] = hold_on(persons[kept.person])
            yield Falling(keeper, kept, processing, Keeping(last, holds[kept.person]))


def longest(entity: LegalEntity, keeper: Keeper) -> Processing | None:
    """Return the processing of an entity that keeps a keeper's kinds longest, ended ones too."""
    rows = Processing.objects.filter(entity=entity).order_by("-keep_months", "pk")
    return next((row for row in rows if keeper.kinds & set(row.kinds)), None)


def least(entity: LegalEntity, keeper: Keeper, day: date) -> Least:
    """Return how long a keeper's kinds are kept at the least by the pack; of several the longest counts."""
    table, pack = table_of(entity), load_pack(entity.pack)
    found = [least_of(pack, table, kind, day) for kind in sorted(keeper.kinds)]
    return max(found, key=lambda each: each.months)


def first_day_after(today: date, months: int) -> date:
    """Return a day before which lies everything that is due; a few days later do so too."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last)) + timedelta(days=3)


def erasures_visible_to(user: User) -> QuerySet[Erasure]:
    """Return the plans of the user's entities."""
    rows = Erasure.objects.filter(entity__in=entities_of(user))
    return rows.select_related("entity", "proposed_by", "decided_by").annotate(number=Count("items"))


def erasure_resource(row: Erasure) -> Resource:
    """Return a plan as the rules see it."""
    return resources.privacy_matter(
        str(row.pk),
        owners=(),
        requester=str(row.proposed_by_id) if row.proposed_by_id else None,
        places=[row.entity.scope],
    )


def progress_of(row: Erasure) -> dict[str, int]:
    """Return how many things stand how."""
    counted = row.items.order_by().values_list("outcome").annotate(found=Count("id"))
    return dict.fromkeys(ErasureItem.Outcome.values, 0) | dict(counted)
