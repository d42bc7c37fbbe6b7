"""Zones, carriers, storage units and inventories for the tests of the register."""

from __future__ import annotations

import base64

from shoumi.server.ledger.services import clock
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, StorageUnit, TradeSecret
from shoumi.server.register.services.carriers.adding import Keeping, carrier_add
from shoumi.server.register.services.contents import marking_done
from shoumi.server.register.services.storage.units import (
    Protection,
    UnitValue,
    unit_add,
    unit_authorise,
    unit_protect,
)

PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 40).decode()


def zone(  # noqa: PLR0913 - what a zone is made of
    company, code="Z1", *, level=3, kind=Zone.Kind.SECRET, entity=None, department=None
):
    """Return an open zone of the company."""
    return Zone.objects.create(
        entity=entity or company.cn,
        department=department,
        code=code,
        name=f"区域{code}",
        kind=kind,
        level=level,
        created_at=clock().now(),
    )


def added(company, secret: TradeSecret, *, kind="paper", actor=None, **more) -> Carrier:
    """Return a carrier that the owner department added to a registered secret."""
    values = {
        "description": "工艺样件",
        "zone": more.pop("where", None) or zone(company, code=f"Z{Zone.objects.count()}"),
    }
    values |= {"keeper": company.head.person, **more}
    return carrier_add(
        actor=actor or company.owner, secret_id=secret.pk, kind=kind, keeping=Keeping(**values)
    )


def mark(company, carrier: Carrier) -> None:
    """Record the mark that the carrier owes."""
    task = carrier.secret.marking_tasks.get(carrier=carrier, done_at=None)
    marking_done(actor=company.owner, task_id=task.pk)


def unit(  # noqa: PLR0913 - what a unit is made of
    company, code="PC-1", *, permitted=0, kind="server", where=None, protected=True, **more
) -> StorageUnit:
    """Return a storage unit of the research department, authorised if a level is given."""
    place = where or zone(company, code=f"U{Zone.objects.count()}")
    value = UnitValue(code=code, name="研发服务器", kind=kind, zone=place, keeper=company.head.person, **more)
    row = unit_add(actor=company.owner, department=company.rd, value=value)
    if protected:
        protection = Protection(encryption="LUKS2", key_owner=company.officer.person)
        row = unit_protect(
            actor=company.owner, unit_id=row.pk, expected_version=row.version, value=protection
        )
    if permitted:
        row = unit_authorise(actor=company.officer, unit_id=row.pk, permitted=permitted, reason="研发用")
    return row
