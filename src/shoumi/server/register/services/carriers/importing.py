"""Carriers and storage units taken in from spreadsheets: every fault at its cell, then all or nothing.

A row whose number is known changes that record, or nothing if it says the same; applying a file twice changes
nothing.  The rules are those of the services for single records; permission is asked row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ConflictError, InputError, RefusalError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError
from shoumi.server.files.tables.plans import Change, Effect, ImportKind, Plan
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append
from shoumi.server.people.models import Department, Person
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, StorageUnit
from shoumi.server.register.queries.carriers.columns import CARRIERS, UNITS
from shoumi.server.register.queries.carriers.rules import verify_place
from shoumi.server.register.queries.carriers.visible import carrier_of, carrier_to_be
from shoumi.server.register.queries.choosing import departments_for
from shoumi.server.register.queries.marks import DESIGNATED
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.queries.storage.visible import unit_to_be
from shoumi.server.register.services.carriers.adding import Keeping, carrier_edit, carrier_enter
from shoumi.server.register.services.storage.units import (
    Protection,
    UnitValue,
    unit_edit,
    unit_enter,
    unit_protect,
)


class NoSuchRowError(CellError):
    """The cell names something that is not there, or not for the one who imports."""

    code = "register.import_unknown"
    message = "There is no “{value}” here."


class KindFixedError(CellError):
    """The kind of a carrier does not change."""

    code = "register.import_kind"
    message = "The kind of a registered carrier does not change."


@dataclass(slots=True)
class _Work:
    """What the plan will write: steps that take the actor."""

    steps: list[Callable[[User], None]] = field(default_factory=list)


def _carriers_allow(actor: User) -> None:
    """Return if `actor` manages carriers of some department."""
    _somewhere(actor, Action.CARRIER_MANAGE, carrier_of)


def _units_allow(actor: User) -> None:
    """Return if `actor` manages storage units of some department."""
    _somewhere(actor, Action.STORAGE_MANAGE, unit_to_be)


def _somewhere(actor: User, action: Action, resource_of: Callable[[Department], Any]) -> None:
    department = Department.objects.filter(closed_on=None).first()
    if department is not None and not departments_for(actor, action, resource_of):
        gate.require(actor, action, resource_of(department))


def _carriers_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    plan, work = Plan(), _Work()
    plan.work = work
    secrets = {row.number: row for row in secrets_visible_to(actor).filter(state__in=DESIGNATED)}
    for row in (row for table in tables for row in table.rows):
        secret = secrets.get(row.values["secret"])
        if secret is None:
            plan.faults.append(row.fault(NoSuchRowError(value=row.values["secret"]), "secret"))
            continue
        with _faulty(plan, row, "secret"):
            gate.require(actor, Action.CARRIER_MANAGE, carrier_to_be(secret))
            keeping = _keeping(plan, row, secret.entity_id)
            known = _known(secret, row)
            if keeping is None:
                continue
            verify_place(secret, row.values["kind"], keeping.zone, keeper=keeping.keeper)
            if known is not None and known.kind != row.values["kind"]:
                raise KindFixedError
            effect = Effect.NEW if known is None else _effect(known, keeping)
            label = f"{secret.number} {keeping.description}"
            plan.changes.append(Change(effect, CARRIERS.name, row.cell(), label))
            if known is None:
                work.steps.append(_adding(secret.pk, row.values["kind"], keeping))
            elif effect is Effect.CHANGED:
                work.steps.append(_changing(known, keeping))
    return plan


def _adding(secret_id: Any, kind: str, keeping: Keeping) -> Callable[[User], None]:
    def step(actor: User) -> None:
        carrier_enter(actor=actor, secret_id=secret_id, kind=kind, keeping=keeping)

    return step


def _changing(known: Carrier, keeping: Keeping) -> Callable[[User], None]:
    def step(actor: User) -> None:
        carrier_edit(actor=actor, carrier_id=known.pk, expected_version=known.version, keeping=keeping)

    return step


def _known(secret: Any, row: ParsedRow) -> Carrier | None:
    rows = secret.carriers.filter(number__isnull=False)
    number = row.values["number"].strip()
    if number:
        found = rows.filter(number=number).first()
        if found is None:
            raise NoSuchRowError(value=number)
        return found
    return rows.filter(kind=row.values["kind"], description=row.values["description"].strip()).first()


def _effect(known: Carrier, keeping: Keeping) -> Effect:
    same = (known.description, known.zone, known.place, known.keeper, known.unit) == (
        keeping.description.strip(), keeping.zone, keeping.place.strip(), keeping.keeper, keeping.unit,
    )  # fmt: skip
    return Effect.UNCHANGED if same else Effect.CHANGED


def _keeping(plan: Plan, row: ParsedRow, entity_id: Any) -> Keeping | None:
    before = len(plan.faults)
    units = StorageUnit.objects.filter(department__entity=entity_id)
    keeping = Keeping(
        description=row.values["description"],
        zone=_zone(plan, row, entity_id),
        place=row.values["place"],
        keeper=_person(plan, row, "keeper", entity_id),
        unit=_one(plan, row, "unit", units.filter(code=row.values["unit"])),
    )
    return keeping if len(plan.faults) == before else None


def _units_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    plan, work = Plan(), _Work()
    plan.work = work
    for row in (row for table in tables for row in table.rows):
        departments = Department.objects.filter(closed_on=None, code=row.values["department"])
        department = _one(plan, row, "department", departments.select_related("entity"))
        if department is None:
            continue
        with _faulty(plan, row, "code"):
            gate.require(actor, Action.STORAGE_MANAGE, unit_to_be(department))
            before, values = len(plan.faults), row.values
            value = UnitValue(
                values["code"], values["name"], values["kind"], _zone(plan, row, department.entity_id),
                values["place"], _person(plan, row, "keeper", department.entity_id),
            )  # fmt: skip
            key_owner = _person(plan, row, "key_owner", department.entity_id)
            shield = Protection(
                values["encryption"], key_owner, values["backup_days"], values["restore_days"]
            )
            if len(plan.faults) > before:
                continue
            known = StorageUnit.objects.filter(department=department, code=value.code.strip()).first()
            effect = Effect.NEW if known is None else _unit_effect(known, value, shield)
            plan.changes.append(Change(effect, UNITS.name, row.cell(), f"{value.code} {value.name}"))
            if effect is not Effect.UNCHANGED:
                work.steps.append(_unit_step(department, known, value, shield))
    return plan


def _unit_effect(known: StorageUnit, value: UnitValue, shield: Protection) -> Effect:
    here = (known.name, known.kind, known.zone, known.place, known.keeper)
    there = (value.name.strip(), value.kind, value.zone, value.place.strip(), value.keeper)
    guarded = (known.encryption, known.key_owner, known.backup_days, known.restore_days)
    wished = (shield.encryption.strip(), shield.key_owner, shield.backup_days, shield.restore_days)
    return Effect.UNCHANGED if (here, guarded) == (there, wished) else Effect.CHANGED


def _unit_step(
    department: Department, known: StorageUnit | None, value: UnitValue, shield: Protection
) -> Callable[[User], None]:
    def step(actor: User) -> None:
        if known is None:
            unit_enter(actor=actor, department=department, value=value, protection=shield)
            return
        row = unit_edit(actor=actor, unit_id=known.pk, expected_version=known.version, value=value)
        unit_protect(actor=actor, unit_id=row.pk, expected_version=row.version, value=shield)

    return step


def _apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Write what was planned, in the caller's transaction; the last entry names the import itself."""
    for step in plan.work.steps:
        step(actor)
    append(RegisterTag.CARRIERS_IMPORTED, actor=actor.ledger_actor, subject=subject, detail=dict(detail))


def _zone(plan: Plan, row: ParsedRow, entity_id: Any) -> Zone | None:
    return _one(plan, row, "zone", Zone.objects.filter(entity=entity_id, code=row.values["zone"]))


def _person(plan: Plan, row: ParsedRow, column: str, entity_id: Any) -> Person | None:
    return _one(plan, row, column, Person.objects.filter(entity=entity_id, number=row.values[column]))


def _one(plan: Plan, row: ParsedRow, column: str, rows: Any) -> Any:
    """Return the one row that a cell names; a blank cell names none, another value is a fault."""
    if not row.values[column]:
        return None
    found = list(rows[:2])
    if len(found) != 1:
        plan.faults.append(row.fault(NoSuchRowError(value=row.values[column]), column))
        return None
    return found[0]


@contextmanager
def _faulty(plan: Plan, row: ParsedRow, column: str) -> Iterator[None]:
    """Turn what the rules refuse into a fault at the cell."""
    try:
        yield
    except (InputError, ConflictError, RefusalError) as error:
        plan.faults.append(row.fault(error, column))


CARRIER_IMPORT = ImportKind(
    name="carriers",
    title=_("Import carriers"),
    specs=(CARRIERS,),
    allow=_carriers_allow,
    plan=_carriers_plan,
    apply=_apply,
    help=_("One carrier a row, with the number of its secret; the export of carriers has the same columns."),
)
UNIT_IMPORT = ImportKind(
    name="storage",
    title=_("Import storage units"),
    specs=(UNITS,),
    allow=_units_allow,
    plan=_units_plan,
    apply=_apply,
    help=_("One storage unit a row; authorisation is given afterwards by the secrecy office."),
)
