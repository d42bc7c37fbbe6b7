"""Findings: what is wrong with storage is written down once, told, and closed when it is mended.

Follows the seed guide 五(三)2.  Called after each change of a carrier or unit, in its transaction, and
daily for what comes with time.  It asks nobody for permission.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.people.models import Department
from shoumi.server.register.models import Carrier, StorageFinding, StorageUnit
from shoumi.server.register.queries.storage.faults import carriers_outside, unit_faults
from shoumi.server.register.queries.storage.visible import with_level

SYSTEM = "system:register"
FOUND = _("%(thing)s: something about the storage is not as it must be. Look at the finding and mend it.")


def findings_refresh(*, carriers: Iterable[Carrier] = (), units: Iterable[object] = ()) -> tuple[int, int]:
    """Write down new findings of carriers and units (ids), close mended ones; return how many of each."""
    opened = closed = 0
    wanted = [key for key in units if key]
    for unit in with_level(
        StorageUnit.objects.filter(pk__in=wanted).select_related("department__entity", "keeper")
    ):
        for counted in _settle_unit(unit):
            opened, closed = opened + (counted > 0), closed + (counted < 0)
    keys = [carrier.pk for carrier in carriers]
    outside = set(carriers_outside().filter(pk__in=keys).values_list("pk", flat=True))
    for carrier in Carrier.objects.filter(pk__in=keys).select_related("secret__owner_department"):
        for counted in _settle_carrier(carrier, outside=carrier.pk in outside):
            opened, closed = opened + (counted > 0), closed + (counted < 0)
    return opened, closed


def findings_run() -> tuple[int, int]:
    """Look at every unit and every electronic carrier; for the daily schedule."""
    opened = closed = 0
    for key in StorageUnit.objects.exclude(status=StorageUnit.Status.SCRAPPED).values_list("pk", flat=True):
        with transaction.atomic():
            one = findings_refresh(units=[key])
        opened, closed = opened + one[0], closed + one[1]
    known = StorageFinding.objects.filter(closed_at=None, carrier__isnull=False).values("carrier")
    new = carriers_outside().exclude(pk__in=known)
    stale = Carrier.objects.filter(pk__in=known).exclude(pk__in=carriers_outside().values("pk"))
    for carrier in [*new, *stale]:
        with transaction.atomic():
            one = findings_refresh(carriers=[carrier])
        opened, closed = opened + one[0], closed + one[1]
    return opened, closed


def _settle_unit(unit: StorageUnit) -> Iterable[int]:
    rows = {row.kind: row for row in unit.findings.filter(closed_at=None)}
    faults = [str(kind) for kind in unit_faults(unit)]
    for kind in faults:
        if kind not in rows:
            row = StorageFinding(kind=kind, unit=unit, department=unit.department)
            _open(row, str(unit), unit.ledger_subject, keeper=unit.keeper.user if unit.keeper else None)
            yield 1
    for kind, row in rows.items():
        if kind not in faults:
            _close(row, unit.ledger_subject)
            yield -1


def _settle_carrier(carrier: Carrier, *, outside: bool) -> Iterable[int]:
    row = carrier.findings.filter(closed_at=None).first()
    if outside and row is None:
        department = carrier.secret.owner_department
        new = StorageFinding(kind=StorageFinding.Kind.UNAUTHORISED, carrier=carrier, department=department)
        _open(new, carrier.number or "", carrier.secret.ledger_subject, keeper=None)
        yield 1
    elif row is not None and not outside:
        _close(row, carrier.secret.ledger_subject)
        yield -1


def _open(row: StorageFinding, thing: str, subject: str, *, keeper: User | None) -> None:
    row.found_at = clock().now()
    row.save()
    receivers = _concerned(row.department) | ({keeper} if keeper is not None and keeper.is_active else set())
    if receivers:
        notify(
            users=sorted(receivers, key=lambda user: str(user.pk)),
            message=FOUND,
            parameters={"thing": thing},
            link=reverse("register:finding_list"),
        )
    append(
        RegisterTag.STORAGE_FINDING_OPENED,
        actor=SYSTEM,
        subject=subject,
        detail={"finding": str(row.pk), "kind": row.kind},
    )


def _close(row: StorageFinding, subject: str) -> None:
    row.closed_at = clock().now()
    row.save(update_fields=["closed_at"])
    append(
        RegisterTag.STORAGE_FINDING_CLOSED,
        actor=SYSTEM,
        subject=subject,
        detail={"finding": str(row.pk), "kind": row.kind},
    )


def _concerned(department: Department) -> set[User]:
    """Return the department's secrecy officers and the secrecy office."""
    own = role_holders(Role.DEPARTMENT_SECRECY_OFFICER, department.scope)
    return set(own) | set(role_holders(Role.SECRECY_OFFICER, department.entity.scope))
