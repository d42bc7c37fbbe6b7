"""The import of zones for the wizard: who may, what each row would do, what is written.

Nothing is decided here that `services.zones` would decide otherwise; every row asks for its own place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError
from shoumi.engine.jurisdiction import COMPANY_CHOICE, recognised_by
from shoumi.engine.policy import COMPANY, Action, explain, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError
from shoumi.server.files.tables.plans import Change, Difference, Effect, ImportKind, Plan
from shoumi.server.ledger.services import Record, append_many, clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries.directory import Directory
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.importing.specs import ZONES
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.resources import unit_of
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.queries.visible import MANAGERS
from shoumi.server.places.services.zones import ZoneFacts, verify_fits_stored, zone_describe

BATCH_ROWS = 500


class NotYoursError(CellError):
    """The rules do not let the person who imports change this zone."""

    code = "places.import_not_permitted"
    message = "You may not enter or change this zone: {explanation}"


@dataclass(slots=True)
class Work:
    """The rows to be written, and the ledger entries to go with them."""

    new: list[Zone] = field(default_factory=list)
    changed: list[Zone] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


class Planner:
    """One import being planned."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.directory = Directory.load()
        self.work = Work()
        self.plan = Plan(work=self.work)
        self.zones = {(row.entity_id, row.code): row for row in Zone.objects.select_related("department")}

    def take(self, row: ParsedRow) -> None:
        """Plan one row; what is wrong with it becomes a fault at its cell."""
        values = row.values
        column = "entity"
        try:
            entity = self.directory.entity(values["entity"])
            column = "department"
            named = values["department"]
            department = self.directory.department(named, entity) if named else None
            column = "code"
            self._permit(row, entity, department)
            self._zone(row, entity, department)
        except ShoumiError as error:
            self.plan.faults.append(row.fault(error, COLUMN_OF.get(error.code, column)))

    def _permit(self, row: ParsedRow, entity: LegalEntity, department: Department | None) -> None:
        places = [unit_of(entity, department)]
        known = self.zones.get((entity.pk, row.values["code"]))
        if known is not None:
            known.entity = entity
            places.append(unit_of(entity, known.department))
        for decision in gate.decide_each(self.actor, [(Action.ZONE_CREATE, place) for place in places]):
            if not decision.permitted:
                words = " ".join(pgettext("policy reason", explain(reason)) for reason in decision.reasons)
                raise NotYoursError(explanation=words)

    def _zone(self, row: ParsedRow, entity: LegalEntity, department: Department | None) -> None:
        values = row.values
        known = self.zones.get((entity.pk, values["code"]))
        facts = ZoneFacts(
            code=values["code"],
            name=values["name"],
            kind=values["kind"],
            level=values["level"] or 0,
            location=values["location"] if "location" in row.cells else (known.location if known else ""),
            ground=self._ground(row, entity, department, known),
            ground_reason=values["ground_reason"]
            if "ground_reason" in row.cells
            else (known.ground_reason if known else ""),
            bans_devices=known.bans_devices if known else False,
        )
        zone = known or Zone(entity=entity, created_at=clock().now())
        before = {name: getattr(zone, name) for name in TOLD}
        zone.entity = entity
        if department is not None or "department" in row.cells or known is None:
            zone.department = department
        zone_describe(zone, facts)
        label = f"{zone.code} {zone.name}"
        if known is None:
            self.zones[entity.pk, zone.code] = zone
            self.work.new.append(zone)
            self._record(LedgerTag.PLACES_ZONE_CREATED, zone, {"kind": zone.kind, "level": str(zone.level)})
            self.plan.changes.append(Change(Effect.NEW, ZONES.name, row.cell(), label))
            return
        changed = [name for name in TOLD if before[name] != getattr(zone, name)]
        if not changed:
            self.plan.changes.append(Change(Effect.UNCHANGED, ZONES.name, row.cell(), label))
            return
        verify_fits_stored(zone)
        differences = tuple(_difference(zone, name, before[name]) for name in changed)
        self.plan.changes.append(Change(Effect.CHANGED, ZONES.name, row.cell(), label, differences))
        if zone in self.work.new:
            return
        self.work.changed.append(zone)
        self._record(LedgerTag.PLACES_ZONE_CHANGED, zone, {"fields": changed})

    def _ground(
        self, row: ParsedRow, entity: LegalEntity, department: Department | None, known: Zone | None
    ) -> str:
        """Return the group that the row names, or that the names of the zone or its department fit."""
        text = row.values["ground"].strip()
        groups = rules_for(entity).must_be
        for group in groups:
            if text and text in {group.id, group.names.zh, group.names.ja, group.names.en}:
                return group.id
        if text:
            return text  # the service says that it is unknown
        if known is not None and known.ground:
            return known.ground
        names = [row.values["name"], *([department.name] if department else [])]
        found = (group.id for group in groups if any(recognised_by(group, name) for name in names))
        return next(found, COMPANY_CHOICE)

    def _record(self, tag: Tag, zone: Zone, detail: Mapping[str, Any]) -> None:
        self.work.records.append(Record(tag, self.actor.ledger_actor, zone.ledger_subject, detail))


TOLD = ("name", "kind", "level", "location", "ground", "ground_reason", "department_id")
COLUMN_OF = {
    "people.unknown_entity": "entity",
    "people.entity_needed": "entity",
    "people.unknown_department": "department",
    "people.ambiguous_department": "department",
    "places.zone_kind": "level",
    "places.zone_ground": "ground_reason",
    "places.zone_holds_carriers": "level",
}


def zones_allow(actor: User) -> None:
    """Return if `actor` may enter zones somewhere; each row asks again for its own place.

    Raises:
        NotPermittedError: nowhere.
    """
    scope = min(scopes_of(actor, MANAGERS), default=COMPANY)
    places = places_of("" if scope == COMPANY else scope)
    gate.require(actor, Action.ZONE_CREATE, resources.unit(scope, places))


def zones_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    """Return what the tables would do to the present zones."""
    planner = Planner(actor)
    for table in tables:
        for row in table.rows:
            planner.take(row)
    return planner.plan


def zones_apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Write all rows of `plan`, each with its ledger entry; part of the caller's transaction."""
    work: Work = plan.work
    Zone.objects.bulk_create(work.new, batch_size=BATCH_ROWS)
    for zone in work.changed:
        zone.version += 1
    fields = [name.removesuffix("_id") for name in TOLD]
    if work.changed:
        Zone.objects.bulk_update(work.changed, [*fields, "version"], batch_size=BATCH_ROWS)
    closing = Record(LedgerTag.PLACES_IMPORT_APPLIED, actor.ledger_actor, subject, detail)
    append_many([*work.records, closing])


def _difference(zone: Zone, name: str, before: object) -> Difference:
    column = Zone._meta.get_field(name)  # noqa: SLF001 - Django's documented way
    if name == "department_id":
        held = Department.objects.filter(pk=before).first() if before else None
        return Difference(str(column.verbose_name), str(held or ""), str(zone.department or ""))
    words = dict(column.flatchoices)
    old, new = (
        "" if value is None else str(words.get(value, value)) for value in (before, getattr(zone, name))
    )
    return Difference(str(column.verbose_name), old, new)


ZONE_IMPORT = ImportKind(
    name="places",
    title=_("Import zones"),
    specs=(ZONES,),
    allow=zones_allow,
    plan=zones_plan,
    apply=zones_apply,
    help=_("One zone per row: code, name, kind, level, responsible department, where it is."),
)
