"""What is not as it must be with storage, worked out from the records of today.

Follows the seed guide 五(三)2: authorised storage only, encryption, removed accounts, backup with restore
tests; no internet and no USB storage where secrets lie; nothing above the permitted level.  Writing
findings down and telling people is the services' matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet

from shoumi.server.people.queries import today_of
from shoumi.server.register.models import BackupRecord, Carrier, StorageFinding, StorageUnit, TradeSecret
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.carriers.rules import ELECTRONIC
from shoumi.server.register.queries.standards import pack_for

Kind = StorageFinding.Kind
IMPORTANT = 2  # from this rank on, backups are owed
ATTESTED = (StorageUnit.Kind.COMPUTER, StorageUnit.Kind.SERVER)


def unit_faults(unit: StorageUnit) -> Iterator[str]:
    """Yield what is wrong with a unit that carries `stored` (see `with_level`); nothing if it is scrapped."""
    if unit.status == StorageUnit.Status.SCRAPPED:
        return
    today = today_of(unit.department.entity)
    if unit.stored:
        if not unit.is_authorised:
            yield Kind.UNAUTHORISED
        elif unit.stored > unit.permitted:
            yield Kind.EXCEEDED
        if not unit.encryption or unit.key_owner_id is None:
            yield Kind.UNENCRYPTED
        if unit.kind in ATTESTED and not _attested(unit, today):
            yield Kind.PROFILE
    yield from _backup_faults(unit, today)
    if unit.accounts.filter(removed_at=None, ends_on__lt=today).exists():
        yield Kind.ACCOUNT


def carriers_outside() -> QuerySet[Carrier]:
    """Return the electronic carriers of designated secrets that are on no storage unit at all."""
    states = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
    rows = Carrier.objects.filter(
        number__isnull=False, kind__in=ELECTRONIC, unit=None, secret__state__in=states
    )
    return rows.exclude(status__in=GONE)


def next_due(unit: StorageUnit, kind: str) -> date | None:
    """Return the day by which the next backup or restore test is owed; None where none is owed."""
    days = _days(unit, kind)
    if days is None:
        return None
    last = (
        unit.backups.filter(kind=kind, succeeded=True).order_by("-done_on").values_list("done_on", flat=True)
    )
    begun = unit.authorised_at or unit.created_at
    return (last.first() or begun.date()) + timedelta(days=days)


def _backup_faults(unit: StorageUnit, today: date) -> Iterator[str]:
    for kind, fault in ((BackupRecord.Kind.BACKUP, Kind.BACKUP), (BackupRecord.Kind.RESTORE, Kind.RESTORE)):
        due = next_due(unit, kind)
        if due is not None and due < today:
            yield fault


def _days(unit: StorageUnit, kind: str) -> int | None:
    """Return the unit's own interval, else the pack's where the level stored asks for backups."""
    own = unit.backup_days if kind == BackupRecord.Kind.BACKUP else unit.restore_days
    if own or unit.stored < IMPORTANT:
        return own
    name = "backup" if kind == BackupRecord.Kind.BACKUP else "restore_test"
    return pack_for(unit.department.entity.pack).carriers.days[name]


def _attested(unit: StorageUnit, today: date) -> bool:
    last = unit.attestations.first()
    return last is not None and last.holds and last.due_on >= today
