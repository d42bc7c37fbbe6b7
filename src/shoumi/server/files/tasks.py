"""What the files app does by itself: sweep up what crashes and abandoned uploads leave behind.

Removes only what nothing can read any more (bytes without a key row) or what nobody continued.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shoumi.server.files.form_drafts import drafts_expire
from shoumi.server.files.models import ContentKey, UploadPart
from shoumi.server.files.services import uploads_expire
from shoumi.server.files.storage.places import Area, remove, remove_drafts_before, stored_before
from shoumi.server.files.tables.imports import imports_expire
from shoumi.server.ledger.services import clock

LEFT_ALONE: Final = timedelta(hours=24)  # a transaction that is still open may yet save the row
_BATCH: Final = 500


def hourly() -> dict[str, int]:
    """Expire uploads, imports and drafts of forms, and remove orphans; return how many of each."""
    before = clock().now() - LEFT_ALONE
    return {
        "uploads": uploads_expire(),
        "imports": imports_expire(),
        "forms": drafts_expire(),
        "drafts": remove_drafts_before(before),
        "files": _sweep(Area.FILES, ContentKey),
        "parts": _sweep(Area.PARTS, UploadPart),
    }


def _sweep(area: Area, rows: type[ContentKey | UploadPart]) -> int:
    """Remove bytes in `area` whose row in `rows` is gone."""
    count = 0
    batch = []
    for place in stored_before(clock().now() - LEFT_ALONE, area):
        batch.append(place)
        if len(batch) == _BATCH:
            count += _sweep_batch(batch, area, rows)
            batch.clear()
    return count + _sweep_batch(batch, area, rows)


def _sweep_batch(batch: list, area: Area, rows: type[ContentKey | UploadPart]) -> int:
    known = set(rows.objects.filter(pk__in=batch).values_list("pk", flat=True))
    orphans = [place for place in batch if place not in known]
    for place in orphans:
        remove(place, area)
    return len(orphans)
