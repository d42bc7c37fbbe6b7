"""The keeper of agreements that have ended: papers and inputs are destroyed, that there was one stays.

The time counts from the end.  Agreements with a decision on non-competition are left alone: its payments have
books of their own.  What is held as evidence is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from shoumi.server.agreements.models import Agreement
from shoumi.server.files.models import FileState, StoredFile
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
from shoumi.server.people.queries.leaving import FORGOTTEN

NAME = "agreements-ended"
OVER = (Agreement.State.ENDED, Agreement.State.REPLACED)


def agreements_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the agreements of an entity's persons that ended before a day, the first to end first."""
    rows = Agreement.objects.filter(
        entity=entity,
        person__isnull=False,
        state__in=OVER,
        ended_at__lt=first_moment(entity, before),
        non_compete__isnull=True,
    ).exclude(pdf__state=FileState.SHREDDED)
    for row in rows.order_by("ended_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.person_id, day_of(entity, row.ended_at))


def agreement_erase(key: str, reason: str) -> bool:
    """Destroy the papers of one agreement inside the caller's transaction; False if they are gone already.

    Raises:
        HeldAsEvidenceError: one of them is held.
    """
    row = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=key, state__in=OVER)
        .select_related("pdf", "inputs")
        .first()
    )
    if row is None or (row.pdf is not None and row.pdf.state == FileState.SHREDDED):
        return False
    signatures = list(row.signatures.select_for_update(of=("self",), no_key=True))
    keys = {row.form_id, row.pdf_id, row.docx_id}
    keys |= {file for each in signatures for file in (each.picture_id, each.strokes_id)}
    require_not_held(keys)
    for stored in StoredFile.objects.filter(pk__in=keys - {None}).exclude(state=FileState.SHREDDED):
        file_shred(actor=SYSTEM, stored=stored, reason=reason)
    for each in signatures:
        each.signer_name, each.reference = FORGOTTEN, ""
        each.save(update_fields=["signer_name", "reference"])
    sealed, row.inputs = row.inputs, None
    row.known, row.own_changes, row.deviations, row.reasons = {}, {}, [], []
    row.reason = ""
    row.version += 1
    row.save()
    if sealed is not None:
        sealed_key = sealed.key
        sealed.delete()
        sealed_key.delete()
    erased(row.ledger_subject, keeper=NAME, reason=reason)
    return True


KEEPER = Keeper(
    NAME, _("Agreements that have ended"), frozenset({"agreement"}), agreements_due, agreement_erase
)
