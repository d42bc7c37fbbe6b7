"""Compares a directory with the accounts of a legal entity: who joins, changes, leaves, and what is unclear.

An entry becomes the same wish that SCIM brings, and goes the same way.  Nothing is deleted: who is not found
any more gets a leaving case.  Two entries with one number, or one that cannot be read, are faults with their
place, and nobody leaves because of a fault.  Many leavers at once are likely a wrong filter, and stop all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shoumi.connectors.directory import DirectoryEntry
from shoumi.engine.errors import ConflictError, ShoumiError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.provisioning.errors import EntryControlError, EntryTwiceError
from shoumi.server.provisioning.models import Account, Directory
from shoumi.server.provisioning.queries.directories import PRESETS
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.queries.resources import accounts_of
from shoumi.server.provisioning.services.users import Wish, current, user_create, user_replace, wish_of

ATTRIBUTES = PRESETS[Directory.Kind.INET].attributes
DISABLED = 0x2  # the flag ADS_UF_ACCOUNTDISABLE of userAccountControl
LONGEST_KEY = 120  # characters of a distinguished name that are kept as the key of an account
FEW_LEAVERS = 5  # that are believed without asking


class ManyLeaversError(ConflictError):
    """More would leave at once than is believed."""

    code = "provisioning.many_leavers"
    message = "{found} persons would leave at once, more than {limit}; look at the base and the filter."


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands against an entry, and which."""

    place: str  # distinguished name, or the number of a person
    code: str
    detail: str
    form: str = ""  # the message of the error before its fields are filled in, for translating
    fields: Mapping[str, str] = field(default_factory=dict)


def fault_of(place: str, error: ShoumiError) -> Fault:
    """Return an error as a fault of the entry at `place`."""
    fields = {name: str(value) for name, value in error.fields.items()}
    return Fault(place, error.code, str(error), type(error).message, fields)


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
    member_of: Collection[str] = (),
) -> SyncPlan:
    """Return what the entries would do to the accounts of `entity`.

    Raises:
        NotPermittedError: the actor does not bring people into the entity.
    """
    gate.require(actor, Action.PERSON_IMPORT, entity_resource(entity))
    return compared(entity, found, attributes, member_of)


def compared(
    entity: LegalEntity,
    found: Sequence[DirectoryEntry],
    attributes: Mapping[str, str],
    member_of: Collection[str] = (),
) -> SyncPlan:
    """Return what the entries would do; the caller has asked whether that may be seen.

    An account that is disabled there is as good as not there, and so is one outside the groups that count.
    """
    plan = SyncPlan()
    found = _that_count(plan, found, attributes, member_of)
    known = {row.person.number: row for row in accounts_of(entity)}
    numbers = Counter(entry.first(attributes["number"]) for entry in found)
    for entry in found:
        number = entry.first(attributes["number"])
        if number and numbers[number] > 1:
            plan.faults.append(fault_of(entry.dn, EntryTwiceError(number=number)))
            continue
        resource = _resource(entry, attributes)
        try:
            wish = wish_of(entity, resource)
        except ShoumiError as error:
            plan.faults.append(fault_of(entry.dn, error))
            continue
        row = known.get(number)
        if row is None:
            plan.joiners.append(resource)
        elif not row.active or _differs(row, wish_of(entity, current(row)), wish):
            plan.changes.append((row, resource))
    unclear = {fault.place[:LONGEST_KEY] for fault in plan.faults}
    plan.leavers = [
        row
        for number, row in known.items()
        if row.active and number not in numbers and row.external_id not in unclear
    ]
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
            refused.append(fault_of(resource["externalId"], error))
    for row, resource in [*plan.changes, *((row, {**current(row), "active": False}) for row in plan.leavers)]:
        try:
            user_replace(actor=actor, account=row, resource=resource)
        except ShoumiError as error:
            refused.append(fault_of(row.person.number, error))
    return refused


def _that_count(
    plan: SyncPlan,
    found: Sequence[DirectoryEntry],
    attributes: Mapping[str, str],
    member_of: Collection[str],
) -> list[DirectoryEntry]:
    """Return the entries that are enabled and in one of the groups; of which that is unclear is a fault."""
    control, groups = attributes.get("control", ""), attributes.get("groups", "")
    wanted = {name.casefold() for name in member_of}
    kept = []
    for entry in found:
        flags = entry.first(control) if control else ""
        if flags and not flags.lstrip("-").isdecimal():
            plan.faults.append(fault_of(entry.dn, EntryControlError(flags=flags[:40])))
            continue
        held = {value.casefold() for value in entry.values.get(groups.lower(), ())} if groups else set()
        if not (flags and int(flags) & DISABLED) and (not wanted or held & wanted):
            kept.append(entry)
    return kept


def _resource(entry: DirectoryEntry, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry as SCIM would bring it; its distinguished name tells which it is."""
    value = {name: entry.first(theirs) for name, theirs in attributes.items() if theirs}
    lists = {
        key: [{"value": value[name]}]
        for key, name in (("emails", "email"), ("phoneNumbers", "phone"))
        if value.get(name)
    }
    return {
        "userName": value.get("user_name") or value["number"],
        "externalId": entry.dn[:LONGEST_KEY],
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
