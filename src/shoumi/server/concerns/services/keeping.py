"""The keeper of concerns that were reported by name and are closed: letters and files are destroyed.

The time counts from the end of the examination.  A concern without a name leads to nobody, so it falls due
for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from shoumi.server.concerns.models import Concern, Enclosure
from shoumi.server.files.models import FileState
from shoumi.server.files.services import file_shred
from shoumi.server.people.keepers import (
    SYSTEM,
    Keeper,
    Kept,
    day_of,
    erased,
    first_moment,
    require_not_held,
)
from shoumi.server.people.models import LegalEntity

NAME = "concerns-closed"
ERASED = b""  # in the place of a sealed letter


def concerns_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the closed concerns that an entity's persons reported by name, the first to end first."""
    rows = Concern.objects.filter(
        entity=entity,
        reporter__person__isnull=False,
        state=Concern.State.CLOSED,
        closed_at__lt=first_moment(entity, before),
    )
    rows = rows.exclude(letters__sealed=ERASED).select_related("reporter__person")
    for row in rows.order_by("closed_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.reporter.person.pk, day_of(entity, row.closed_at))


def concern_erase(key: str, reason: str) -> bool:
    """Destroy letters and files inside the caller's transaction; False if they are gone already.

    Raises:
        HeldAsEvidenceError: one of the files is held.
    """
    rows = Concern.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=key, state=Concern.State.CLOSED).first()
    if row is None or not row.letters.exclude(sealed=ERASED).exists():
        return False
    enclosures = Enclosure.objects.filter(letter__concern=row).select_related("file")
    require_not_held(each.file_id for each in enclosures)
    for each in enclosures:
        if each.file.state != FileState.SHREDDED:
            file_shred(actor=SYSTEM, stored=each.file, reason=reason)
    row.letters.update(sealed=ERASED)
    erased(row.ledger_subject, keeper=NAME, reason=reason)
    return True


KEEPER = Keeper(
    NAME, _("Concerns that were reported by name"), frozenset({"concern"}), concerns_due, concern_erase
)
