"""Who has left and when: persons whose last engagement is over.  Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q

from shoumi.server.people.models import Engagement, LegalEntity, Person

FORGOTTEN = "—"  # the name of somebody whose details were erased


def left_before(entity: LegalEntity, before: date) -> Iterator[tuple[Person, date]]:
    """Yield persons who left before a day, with the day; who still signs in or was forgotten is left out."""
    open_ended = Engagement.objects.filter(person=OuterRef("pk"), ends_on__isnull=True)
    rows = (
        Person.objects.filter(Q(user__isnull=True) | Q(user__is_active=False), entity=entity)
        .exclude(name=FORGOTTEN)
        .exclude(Exists(open_ended))
        .annotate(left=Max("engagements__ends_on"))
        .filter(left__lt=before)
        .order_by("left", "pk")
    )
    for row in rows.iterator(chunk_size=500):
        yield row, row.left
