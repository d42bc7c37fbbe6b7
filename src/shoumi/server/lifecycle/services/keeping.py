"""The keeper of logs that were imported for a look-back: the file is destroyed, what was found in it stays.

The time counts from the import, and ends at the earliest when the case is closed.  What is held as evidence
is not touched, and this app says which files those are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shoumi.server.files.models import FileState
from shoumi.server.files.services import file_shred
from shoumi.server.lifecycle.models import CaseLog, HeldFile, PersonCase
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

NAME = "lifecycle-logs"
OVER = (PersonCase.State.CLOSED, PersonCase.State.CANCELLED)


def files_held(files: Iterable[UUID]) -> bool:
    """Tell whether an evidence hold keeps one of the files."""
    return HeldFile.objects.filter(file__in=list(files)).exists()


def logs_due(entity: LegalEntity, before: date) -> Iterator[Kept]:
    """Yield the logs of an entity's closed cases that were imported before a day, the oldest first."""
    rows = CaseLog.objects.filter(
        case__entity=entity, imported_at__lt=first_moment(entity, before), case__state__in=OVER
    ).exclude(file__state=FileState.SHREDDED)
    rows = rows.exclude(file__in=HeldFile.objects.values("file")).select_related("case")
    for row in rows.order_by("imported_at", "pk").iterator(chunk_size=500):
        yield Kept(str(row.pk), row.case.person_id, day_of(entity, row.imported_at))


def log_erase(key: str, reason: str) -> bool:
    """Destroy one log inside the caller's transaction; return False if it is gone already.

    Raises:
        HeldAsEvidenceError: an evidence hold keeps it.
    """
    rows = CaseLog.objects.select_for_update(of=("self",), no_key=True).select_related("file", "case")
    row = rows.filter(pk=key).first()
    if row is None or row.file.state == FileState.SHREDDED:
        return False
    require_not_held([row.file_id])
    file_shred(actor=SYSTEM, stored=row.file, reason=reason)
    row.accounts = []
    row.save(update_fields=["accounts"])
    erased(row.case.ledger_subject, keeper=NAME, reason=reason, own=False)  # the case itself stays told
    return True


KEEPER = Keeper(NAME, _("Logs imported for a look-back"), frozenset({"imported-log"}), logs_due, log_erase)
