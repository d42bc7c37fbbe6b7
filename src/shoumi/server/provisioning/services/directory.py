"""Compares a directory with the accounts of a legal entity: who joins, changes, leaves, and what is unclear.

An entry becomes the same wish that SCIM brings, and goes the same way.  Nothing is deleted: who is not found
any more gets a leaving case.  Two entries with one number, or one that cannot be read, are faults with their
place, and nobody leaves because of a fault.  Many leavers at once are likely a wrong filter, and stop all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shoumi.connectors.directory import DirectoryEntry
from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.provisioning.models import Account
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.queries.resources import accounts_of
from shoumi.server.provisioning.services.users import Wish, current, user_create, user_replace, wish_of

ATTRIBUTES: Mapping[str, str] = {  # ours → theirs, as inetOrgPerson has them
    "number": "employeeNumber",
    "user_name": "uid",
    "name": "cn",
    "department": "departmentNumber",
    "title": "title",
    "email": "mail",
    "phone": "telephoneNumber",
}
FEW_LEAVERS = 5  # that are believed without asking


class ManyLeaversError(ConflictError):
    """More would leave at once than is believed."""

    code = "provisioning.many_leavers"
    message = "{found} persons would leave at once, more than {limit}; look at the base and the filter."


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands against an entry, and which."""

    place: str  # distinguished name
    code: str
    detail: str


@dataclass(slots=True)
class SyncPlan:
    """What a synchronisation would do; `SyncPlan.faults` hold nothing up."""

    joiners: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[Account, dict[str, Any]]] = field(default_factory=list)
    leavers: list[Account] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def sync_plan(
    *,
    actor: User,
    entity: LegalEntity,
    found: Sequence[DirectoryEntry],
    attributes: Mapping[str, str] = ATTRIBUTES,
) -> SyncPlan:
    """Return what the entries would do to the accounts of `entity`.

    Raises:
        NotPermittedError: the actor does not bring people into the entity.
    """
    gate.require(actor, Action.PERSON_IMPORT, entity_resource(entity))
    plan = SyncPlan()
    known = {row.person.number: row for row in accounts_of(entity)}
    numbers = Counter(entry.first(attributes["number"]) for entry in found)
    for entry in found:
        number = entry.first(attributes["number"])
        if number and numbers[number] > 1:
            plan.faults.append(Fault(entry.dn, "twice", number))
            continue
        resource = _resource(entry, attributes)
        try:
            wish = wish_of(entity, resource)
        except ShoumiError as error:
            plan.faults.append(Fault(entry.dn, error.code, str(error)))
            continue
        row = known.get(number)
        if row is None:
            plan.joiners.append(resource)
        elif not row.active or _differs(row, wish_of(entity, current(row)), wish):
            plan.changes.append((row, resource))
    plan.leavers = [row for number, row in known.items() if row.active and number not in numbers]
    return plan


def sync_apply(
    *, actor: User, entity: LegalEntity, plan: SyncPlan, most_leavers: int | None = None
) -> list[Fault]:
    """Do what `plan` says, each person by themselves; return what was refused.

    Raises:
        ManyLeaversError: more would leave than `most_leavers`, or than a twentieth and five.
    """
    limit = max(FEW_LEAVERS, accounts_of(entity).count() // 20) if most_leavers is None else most_leavers
    if len(plan.leavers) > limit:
        raise ManyLeaversError(found=len(plan.leavers), limit=limit)
    refused: list[Fault] = []
    for resource in plan.joiners:
        try:
            user_create(actor=actor, entity=entity, resource=resource)
        except ShoumiError as error:
            refused.append(Fault(resource["externalId"], error.code, str(error)))
    for row, resource in [*plan.changes, *((row, {**current(row), "active": False}) for row in plan.leavers)]:
        try:
            user_replace(actor=actor, account=row, resource=resource)
        except ShoumiError as error:
            refused.append(Fault(row.person.number, error.code, str(error)))
    return refused


def _resource(entry: DirectoryEntry, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry as SCIM would bring it; its distinguished name tells which it is."""
    value = {name: entry.first(theirs) for name, theirs in attributes.items()}
    lists = {
        key: [{"value": value[name]}]
        for key, name in (("emails", "email"), ("phoneNumbers", "phone"))
        if value.get(name)
    }
    return {
        "userName": value.get("user_name") or value["number"],
        "externalId": entry.dn[:120],
        "displayName": value.get("name", ""),
        "title": value.get("title", ""),
        "active": True,
        ENTERPRISE: {"employeeNumber": value["number"], "department": value.get("department", "")},
        **lists,
    }


def _differs(row: Account, before: Wish, after: Wish) -> bool:
    """Tell whether anything that is kept here would change."""
    facts = ("user_name", "external_id", "name", "department", "post")
    contact = any(getattr(row.person, name) != value for name, value in after.contact.items())
    return contact or any(getattr(before, name) != getattr(after, name) for name in facts)
