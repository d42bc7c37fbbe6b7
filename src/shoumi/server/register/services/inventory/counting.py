"""An inventory begun and counted: scans from phones, late or twice, each counted once.

Follows the seed guide 五(三).  The place of a carrier is judged by the zone that the counting person says
they are in; the result of what was not scanned is known when the count is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, Inventory, InventoryItem, InventoryScan
from shoumi.server.register.queries.inventory import (
    carrier_by_code,
    expected_carriers,
    inventory_resource,
    inventory_to_be,
)
from shoumi.server.register.queries.marks import marked
from shoumi.server.register.services.carriers.places import ZoneElsewhereError
from shoumi.server.register.services.proposals import ReasonMissingError
from shoumi.server.register.services.verifying import NothingNamedError

Scope, State, Result = Inventory.Scope, Inventory.State, InventoryItem.Result
LONGEST_CODE = 500
MOST_SCANS = 500  # in one sending


class InventoryUnknownError(InputError):
    """No such inventory, as far as the asker may know."""

    code = "register.inventory_unknown"
    message = "There is no such inventory."


class InventoryStateError(ConflictError):
    """The inventory is not at the point where this can be done."""

    code = "register.inventory_state"
    message = "This cannot be done now: the inventory stands at “{state}”."


class NothingToCountError(InputError):
    """No carrier is expected there."""

    code = "register.nothing_to_count"
    message = "No carrier is registered there, so there is nothing to count."


class InventoryDueError(InputError):
    """The day lies in the past."""

    code = "register.inventory_due"
    message = "The inventory is to be done by a day that is still to come."


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as a phone sends it."""

    id: UUID  # given by the phone
    code: str
    unmarked: bool = False  # the person saw that no mark is on it


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scan was taken for."""

    id: UUID
    result: str
    number: str
    kind: str
    repeated: bool


def inventory_start(  # noqa: PLR0913 - the parts of a campaign, each named
    *,
    actor: User,
    department: Department,
    title: str,
    scope: str,
    due_on: date,
    zone: Zone | None = None,
    keeper: Person | None = None,
) -> Inventory:
    """Begin an inventory and keep what is expected where, as the register has it now.

    Raises:
        NotPermittedError: the gate refuses.
        NothingToCountError, InventoryDueError, ReasonMissingError, ZoneElsewhereError: each as it says.
    """
    gate.require(actor, Action.INVENTORY_RUN, inventory_to_be(department))
    if not title.strip():
        raise ReasonMissingError
    if scope not in Scope.values or (scope == Scope.ZONE) != (zone is not None):
        raise NothingNamedError(what="zone", value="")
    if (scope == Scope.KEEPER) != (keeper is not None):
        raise NothingNamedError(what="keeper", value="")
    if zone is not None and zone.entity_id != department.entity_id:
        raise ZoneElsewhereError
    if due_on < today_of(department.entity):
        raise InventoryDueError
    with transaction.atomic():
        row = Inventory.objects.create(
            title=title.strip()[:120],
            department=department,
            scope=scope,
            zone=zone,
            keeper=keeper,
            due_on=due_on,
            started_by=actor,
            started_at=clock().now(),
        )
        carriers = list(expected_carriers(row).filter(secret__entity=department.entity_id).order_by("number"))
        if not carriers:
            raise NothingToCountError
        InventoryItem.objects.bulk_create(
            InventoryItem(inventory=row, carrier=carrier, expected=True, zone_id=carrier.zone_id)
            for carrier in carriers
        )
        append(
            RegisterTag.INVENTORY_STARTED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={"scope": scope, "expected": str(len(carriers)), "due_on": due_on.isoformat()},
        )
    return row


def inventory_scan(
    *, actor: User, inventory_id: UUID, zone: Zone | None, scans: Sequence[Scan]
) -> list[Reading]:
    """Take scans in; a scan that was sent before changes nothing and is answered as it was.

    `zone` is where the counting person stands; None takes each carrier to be where it should be.

    Raises:
        InventoryUnknownError, InventoryStateError: each as it says.
        NotPermittedError: the actor does not count this inventory.
    """
    inventory_allowed(actor, inventory_id, Action.INVENTORY_COUNT)
    with transaction.atomic():
        row = inventory_locked(inventory_id, State.COUNTING)
        if zone is not None and zone.entity_id != row.department.entity_id:
            raise ZoneElsewhereError
        now = clock().now()
        readings = [_take(row, scan, zone, actor, now) for scan in scans[:MOST_SCANS]]
        fresh = sum(not reading.repeated for reading in readings)
        if fresh:
            append(
                RegisterTag.INVENTORY_SCANNED,
                actor=actor.ledger_actor,
                subject=row.ledger_subject,
                detail={"scans": str(fresh), "zone": str(zone.pk) if zone else ""},
            )
    return readings


def inventory_locked(inventory_id: UUID, state: str) -> Inventory:
    """Return the inventory locked until the transaction ends.

    Raises:
        InventoryStateError: it does not stand at `state`.
    """
    rows = Inventory.objects.select_for_update(of=("self",), no_key=True).select_related("department__entity")
    row = rows.get(pk=inventory_id)
    if row.state != state:
        raise InventoryStateError(state=str(row.get_state_display()))
    return row


def inventory_allowed(actor: User, inventory_id: UUID, action: Action) -> Inventory:
    """Return the inventory if the actor may do `action` to it.

    Raises:
        InventoryUnknownError: there is none.
        NotPermittedError: the gate refuses.
    """
    row = Inventory.objects.select_related("department__entity").filter(pk=inventory_id).first()
    if row is None:
        raise InventoryUnknownError
    gate.require(actor, action, inventory_resource(row))
    return row


def _take(row: Inventory, scan: Scan, zone: Zone | None, actor: User, now: datetime) -> Reading:
    known = InventoryScan.objects.filter(pk=scan.id, inventory=row).select_related("item__carrier").first()
    if known is not None:
        return _reading(scan, known.item, repeated=True)
    code = scan.code.strip()[:LONGEST_CODE]
    carrier = carrier_by_code(code)
    if carrier is not None and carrier.secret.entity_id != row.department.entity_id:
        carrier = None  # of another legal entity: unknown here
    item = _item(row, carrier, code)
    item.scanned_in, item.scanned_by, item.scanned_at = zone, actor, now
    item.result = _result(item, carrier, zone)
    if carrier is not None:
        item.unmarked = scan.unmarked or not Carrier.objects.filter(marked(), pk=carrier.pk).exists()
    item.save()
    InventoryScan.objects.create(
        id=scan.id,
        inventory=row,
        item=item,
        code=code,
        zone=zone,
        unmarked=scan.unmarked,
        by=actor,
        at=now,
    )
    return _reading(scan, item, repeated=False)


def _item(row: Inventory, carrier: Carrier | None, code: str) -> InventoryItem:
    if carrier is None:
        short = code[:120]
        return row.items.filter(carrier=None, code=short).first() or InventoryItem(
            inventory=row, code=short, expected=False
        )
    found = row.items.filter(carrier=carrier).first()
    return found or InventoryItem(inventory=row, carrier=carrier, expected=False, zone_id=carrier.zone_id)


def _result(item: InventoryItem, carrier: Carrier | None, zone: Zone | None) -> str:
    if carrier is None:
        return Result.UNKNOWN
    if zone is not None and item.zone_id != zone.pk:
        return Result.MISPLACED
    return Result.FOUND if item.expected else Result.MISPLACED


def _reading(scan: Scan, item: InventoryItem, *, repeated: bool) -> Reading:
    carrier = item.carrier
    return Reading(
        scan.id,
        item.result,
        (carrier.number or "") if carrier else item.code,
        str(carrier.get_kind_display()) if carrier else "",
        repeated,
    )
