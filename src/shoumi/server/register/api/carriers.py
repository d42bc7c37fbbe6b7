"""The API of carriers, storage units and inventories: lists, single records, handovers, scans.

Every call asks the same services and queries as the console.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.people.models import Person
from shoumi.server.people.models.organisation import LEVEL_IDS
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, Handover, Inventory, StorageUnit
from shoumi.server.register.queries.carriers.visible import carrier_get, carriers_visible_to
from shoumi.server.register.queries.inventory import inventories_visible_to, inventory_get, progress_of
from shoumi.server.register.queries.storage.visible import unit_get, units_visible_to
from shoumi.server.register.services.carriers import handing
from shoumi.server.register.services.inventory import counting

carriers_router, storage_router, inventories_router = Router(), Router(), Router()


class CarrierOut(Schema):
    """A carrier: where it is, in whose hands, and what it bears by number."""

    id: UUID
    number: str
    secret_id: UUID
    kind: str
    description: str
    status: str
    zone: str
    place: str
    keeper: str
    holder: str
    storage_unit: UUID | None = Field(alias="unit_id")
    version: int

    @staticmethod
    def resolve_zone(row: Carrier) -> str:
        """Return the code of the zone."""
        return row.zone.code if row.zone else ""

    @staticmethod
    def resolve_keeper(row: Carrier) -> str:
        """Return the keeper's name."""
        return str(row.keeper or "")

    @staticmethod
    def resolve_holder(row: Carrier) -> str:
        """Return the name of who has it in use."""
        return str(row.holder or "")


class HandoverOut(Schema):
    """A handover and where it stands."""

    id: UUID
    carrier_id: UUID
    step: str
    state: str
    given_at: datetime
    answered_at: datetime | None


class HandoverIn(Schema):
    """Which step, to whom, and where it goes."""

    step: Literal["make", "send", "pass", "use", "keep", "destroy"]
    receiver: UUID
    zone: UUID | None = None
    place: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=300)


class RefusalIn(Schema):
    """Why it is refused."""

    reason: str = Field(min_length=1, max_length=300)


class UnitOut(Schema):
    """A storage unit: its level, and whether it is authorised."""

    id: UUID
    code: str
    name: str
    kind: str
    status: str
    department: str
    permitted: str
    stored: str
    authorised: bool = Field(alias="is_authorised")
    encryption: str
    version: int

    @staticmethod
    def resolve_department(row: StorageUnit) -> str:
        """Return the department's name."""
        return str(row.department)

    @staticmethod
    def resolve_permitted(row: StorageUnit) -> str:
        """Return the highest level permitted, empty for none."""
        return row.permitted_id

    @staticmethod
    def resolve_stored(row: StorageUnit) -> str:
        """Return the highest level stored, empty for none."""
        return LEVEL_IDS[row.stored]


class InventoryOut(Schema):
    """An inventory and how far it is."""

    id: UUID
    title: str
    state: str
    expected: int = 0
    scanned: int = 0
    found: int = 0
    missing: int = 0
    misplaced: int = 0
    unknown: int = 0
    unmarked: int = 0


class ScanIn(Schema):
    """One scan; sending the same id again changes nothing."""

    id: UUID
    code: str = Field(min_length=1, max_length=500)
    unmarked: bool = False


class ScansIn(Schema):
    """Scans made in one zone; no zone takes each carrier to be where it should be."""

    zone: UUID | None = None
    scans: list[ScanIn] = Field(max_length=counting.MOST_SCANS)


class ReadingOut(Schema):
    """What a scan was taken for."""

    id: UUID
    result: str
    number: str
    repeated: bool


@carriers_router.get("", response=list[CarrierOut], operation_id="carrier_list")
@paginate(Paging)
def carrier_list(request: HttpRequest, *, number: str = "", kind: str = "", status: str = "") -> object:
    """Return the carriers that the caller may see, by number."""
    rows = carriers_visible_to(request.user).order_by("number")
    wanted = {"number": number, "kind": kind, "status": status}
    return rows.filter(**{name: value for name, value in wanted.items() if value and "\0" not in value})


@carriers_router.get("/{carrier_id}", response=CarrierOut, operation_id="carrier_get")
def carrier_read(request: HttpRequest, carrier_id: UUID) -> Carrier:
    """Return one carrier."""
    return _carrier(request, carrier_id)


@carriers_router.get("/{carrier_id}/handovers", response=list[HandoverOut], operation_id="handover_list")
def handover_list(request: HttpRequest, carrier_id: UUID) -> object:
    """Return the handovers of a carrier, the newest first."""
    return list(_carrier(request, carrier_id).handovers.all()[:200])


@carriers_router.post("/{carrier_id}/handovers", response=HandoverOut, operation_id="handover_offer")
def handover_offer(request: HttpRequest, carrier_id: UUID, body: HandoverIn) -> Handover:
    """Offer a carrier to a person; the token's owner signs as its giver."""
    carrier = _carrier(request, carrier_id)
    receiver = Person.objects.filter(pk=body.receiver, entity=carrier.secret.entity_id).first()
    zone = Zone.objects.filter(pk=body.zone, entity=carrier.secret.entity_id).first() if body.zone else None
    if receiver is None or (body.zone and zone is None):
        raise Http404
    passage = handing.Passage(body.step, receiver=receiver, zone=zone, place=body.place, note=body.note)
    return handing.handover_offer(actor=request.user, carrier_id=carrier.pk, passage=passage)


@carriers_router.post(
    "/handovers/{handover_id}/receive", response=HandoverOut, operation_id="handover_receive"
)
def handover_receive(request: HttpRequest, handover_id: UUID) -> Handover:
    """Confirm that a carrier was received."""
    return handing.handover_receive(actor=request.user, handover_id=handover_id)


@carriers_router.post("/handovers/{handover_id}/refuse", response=HandoverOut, operation_id="handover_refuse")
def handover_refuse(request: HttpRequest, handover_id: UUID, body: RefusalIn) -> Handover:
    """Refuse what is offered."""
    return handing.handover_refuse(actor=request.user, handover_id=handover_id, reason=body.reason)


@storage_router.get("", response=list[UnitOut], operation_id="storage_unit_list")
@paginate(Paging)
def unit_list(request: HttpRequest, *, authorised: bool | None = None) -> object:
    """Return the storage units that the caller may see, by number."""
    rows = units_visible_to(request.user).order_by("code", "pk")
    return rows if authorised is None else rows.filter(authorised_at__isnull=not authorised)


@storage_router.get("/{unit_id}", response=UnitOut, operation_id="storage_unit_get")
def unit_read(request: HttpRequest, unit_id: UUID) -> StorageUnit:
    """Return one storage unit."""
    unit = unit_get(request.user, unit_id)
    if unit is None:
        raise Http404
    return unit


@inventories_router.get("", response=list[InventoryOut], operation_id="inventory_list")
@paginate(Paging)
def inventory_list(request: HttpRequest) -> object:
    """Return the inventories that the caller may see, the newest first; figures are with each one."""
    return inventories_visible_to(request.user).order_by("-started_at", "pk")


@inventories_router.get("/{inventory_id}", response=InventoryOut, operation_id="inventory_get")
def inventory_read(request: HttpRequest, inventory_id: UUID) -> object:
    """Return one inventory with its figures."""
    row = inventory_get(request.user, inventory_id)
    if row is None:
        raise Http404
    return _with_figures(row)


@inventories_router.post("/{inventory_id}/scans", response=list[ReadingOut], operation_id="inventory_scan")
def inventory_scan(request: HttpRequest, inventory_id: UUID, body: ScansIn) -> object:
    """Take scans in."""
    zone = Zone.objects.filter(pk=body.zone).first() if body.zone else None
    if body.zone and zone is None:
        raise Http404
    scans = [counting.Scan(one.id, one.code, unmarked=one.unmarked) for one in body.scans]
    return counting.inventory_scan(actor=request.user, inventory_id=inventory_id, zone=zone, scans=scans)


def _with_figures(row: Inventory) -> Inventory:
    figures = progress_of(row)
    for name in ("expected", "scanned", "found", "missing", "misplaced", "unknown", "unmarked"):
        setattr(row, name, getattr(figures, name))
    return row


def _carrier(request: HttpRequest, carrier_id: UUID) -> Carrier:
    carrier = carrier_get(request.user, carrier_id)
    if carrier is None:
        raise Http404
    return carrier
