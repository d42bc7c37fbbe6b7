"""The keeper of passages of employees: what is kept longer than the register of processings says is deleted.

Visitors' details have a time of their own (`retention`).  Whoever is still inside is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.places.models import Passage
from shoumi.server.privacy.keepers import Keeper, Kept

SYSTEM = "system:places"


def passages_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the passages of an entity's persons before a day, the oldest first."""
    zone = ZoneInfo(entity.time_zone)
    over = Q(left_at__isnull=False) | ~Q(refusal="")
    rows = Passage.objects.filter(
        over, person__entity=entity, recorded_at__lt=datetime.combine(before, time(0), zone)
    )
    for row in rows.order_by("recorded_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.person_id, row.recorded_at.astimezone(zone).date())


def passage_erase(key: str, reason: str) -> bool:
    """Delete one passage inside the caller's transaction; return False if it is gone already."""
    row = (
        Passage.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=key, person__isnull=False)
        .first()
    )
    if row is None:
        return False
    append(
        LedgerTag.PLACES_PASSAGE_ERASED,
        actor=SYSTEM,
        subject=f"passage:{row.pk}",
        detail={"zone": row.zone.ledger_subject, "reason": reason},
    )
    row.delete()
    return True


KEEPER = Keeper(
    "places-passages", _("Passages through doors"), frozenset({"door-passage"}), passages_due, passage_erase
)
