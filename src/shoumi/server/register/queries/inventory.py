"""Inventories: who sees which, what a scanned code means, and how far the count has come.

The list query says in SQL what the rules say about `inventory.view`; a test compares the two.  A carrier that
is counted is shown by number and kind, which tell nothing of the secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from shoumi.engine.policy import Action, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Department
from shoumi.server.people.queries import department_places
from shoumi.server.register.models import Carrier, Inventory, InventoryItem
from shoumi.server.register.models.holdings import GONE
from shoumi.server.register.queries.carriers.visible import roles_held
from shoumi.server.register.queries.storage.visible import in_department

WATCHING = (
    Role.DEPARTMENT_OWNER,
    Role.DEPARTMENT_SECRECY_OFFICER,
    Role.SECRECY_OFFICER,
    Role.LEADER,
    Role.AUDITOR,
)
RELATED = ("department__entity", "zone", "keeper", "started_by")
CARRIER_ADDRESS = re.compile(
    r"/register/carriers/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?\Z"
)
Result = InventoryItem.Result


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the count is."""

    expected: int
    scanned: int  # of those expected
    found: int
    missing: int
    misplaced: int
    unknown: int
    unmarked: int

    @property
    def percent(self) -> int:
        """Expected carriers that were scanned, in hundredths."""
        return self.scanned * 100 // self.expected if self.expected else 100


def inventories_visible_to(user: User | AnonymousUser) -> QuerySet[Inventory]:
    """Return the inventories that `user` may see."""
    rows = Inventory.objects.select_related(*RELATED)
    subject = gate.subject_of(user)
    held = roles_held(subject)
    if held is None:
        return rows.none()
    wide = Q(pk__in=())
    for role, scope in held:
        if role in WATCHING:
            wide |= in_department(scope, "department")
    if subject.person is not None:
        wide |= Q(keeper=subject.person)
    return rows.filter(wide)


def inventory_get(user: User, inventory_id: UUID, action: Action = Action.INVENTORY_VIEW) -> Inventory | None:
    """Return the inventory if it exists and the user may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    row = Inventory.objects.select_related(*RELATED).filter(pk=inventory_id).first()
    if row is not None:
        gate.require(user, action, inventory_resource(row))
    return row


def inventory_resource(row: Inventory) -> Resource:
    """Return the inventory as the rules see it."""
    return resources.inventory(
        str(row.pk),
        keeper=str(row.keeper_id) if row.keeper_id else None,
        signer=str(row.keeper_by_id) if row.keeper_by_id else None,
        places=department_places(row.department),
    )


def inventory_to_be(department: Department) -> Resource:
    """Return an inventory that a department does not have yet, as the rules see it."""
    return resources.inventory(f"new:{department.pk}", places=department_places(department))


def expected_carriers(row: Inventory) -> QuerySet[Carrier]:
    """Return what should be there: held carriers of the zone, department or keeper that is counted."""
    rows = Carrier.objects.filter(number__isnull=False).exclude(kind=Carrier.Kind.PERSON)
    rows = rows.exclude(status__in=GONE).filter(status=Carrier.Status.HELD)
    if row.scope == Inventory.Scope.ZONE:
        return rows.filter(zone=row.zone)
    if row.scope == Inventory.Scope.KEEPER:
        return rows.filter(keeper=row.keeper)
    return rows.filter(secret__owner_department__path__startswith=row.department.path)


def carrier_by_code(code: str) -> Carrier | None:
    """Return the carrier behind a scanned address, an id or a number typed by hand; None if there is none."""
    text = code.strip()
    rows = Carrier.objects.filter(number__isnull=False)
    if match := CARRIER_ADDRESS.search(text.lower()):
        return rows.filter(pk=match.group(1)).first()
    return rows.filter(number__iexact=text).first() if text else None


def progress_of(row: Inventory) -> Progress:
    """Return the figures of an inventory in one query."""
    figures = row.items.aggregate(
        n_expected=Count("pk", filter=Q(expected=True)),
        n_scanned=Count("pk", filter=Q(expected=True, scanned_at__isnull=False)),
        n_found=Count("pk", filter=Q(result=Result.FOUND)),
        n_missing=Count("pk", filter=Q(result=Result.MISSING)),
        n_misplaced=Count("pk", filter=Q(result=Result.MISPLACED)),
        n_unknown=Count("pk", filter=Q(result=Result.UNKNOWN)),
        n_unmarked=Count("pk", filter=Q(unmarked=True)),
    )
    return Progress(**{name.removeprefix("n_"): count for name, count in figures.items()})


def differences_of(row: Inventory) -> QuerySet[InventoryItem]:
    """Return the lines that have to be cleared, or were."""
    wrong = Q(result__in=(Result.MISSING, Result.MISPLACED, Result.UNKNOWN)) | Q(unmarked=True)
    rows = row.items.filter(wrong).select_related("carrier", "zone", "scanned_in", "cleared_by")
    return rows.order_by("result", "carrier__number", "pk")
