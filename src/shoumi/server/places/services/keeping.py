"""The keepers of passages of employees and of visits: what is kept longer than the register says is erased.

Visitors' names and telephones have a time of their own, which may be shorter (`retention`).  Whoever is still
inside is left alone.  Of a visit it stays that there was one, where and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.keepers import Keeper, Kept, day_of, erased, first_moment
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries.leaving import FORGOTTEN
from shoumi.server.places.models import Passage, Visit
from shoumi.server.places.services.retention import visits_inside

SYSTEM = "system:places"
VISITS = "places-visits"


def passages_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the passages of an entity's persons before a day, the oldest first."""
    over = Q(left_at__isnull=False) | ~Q(refusal="")
    rows = Passage.objects.filter(over, person__entity=entity, recorded_at__lt=first_moment(entity, before))
    for row in rows.order_by("recorded_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.person_id, day_of(entity, row.recorded_at))


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


def visits_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the visits to an entity's persons that were over before a day, the oldest first."""
    rows = Visit.objects.filter(host__entity=entity, ends_at__lt=first_moment(entity, before))
    rows = rows.exclude(purpose=FORGOTTEN).exclude(pk__in=visits_inside())
    for row in rows.order_by("ends_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.host_id, day_of(entity, row.ends_at))


def visit_erase(key: str, reason: str) -> bool:
    """Erase who came and what for, inside the caller's transaction; return False if it is gone already."""
    rows = Visit.objects.select_for_update(of=("self",), no_key=True).filter(pk=key)
    row = rows.exclude(purpose=FORGOTTEN).exclude(pk__in=visits_inside()).first()
    if row is None:
        return False
    row.organisation, row.purpose = "", FORGOTTEN
    row.erased_at = row.erased_at or clock().now()
    row.version += 1
    row.save(update_fields=["organisation", "purpose", "erased_at", "version"])
    row.visitors.update(name="", phone="")
    Passage.objects.filter(visitor__visit=row).update(note="")
    erased(row.ledger_subject, keeper=VISITS, reason=reason)
    return True


KEEPERS = (
    Keeper(
        "places-passages",
        _("Passages through doors"),
        frozenset({"door-passage"}),
        passages_due,
        passage_erase,
    ),
    Keeper(VISITS, _("Visits"), frozenset({"visit"}), visits_due, visit_erase),
)
