"""The import of partners for the wizard: who may, what each row would record, what is written.

Nothing is decided here that `services.partners` would decide otherwise: for the preview each row is recorded
and taken back, so that every fault is told before anything is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import COMPANY, Action, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.cells import CellError
from shoumi.server.files.tables.plans import Change, Effect, ImportKind, Plan
from shoumi.server.ledger.partner_tags import PartnerTag
from shoumi.server.ledger.services import append
from shoumi.server.partners.importing.specs import PARTNERS
from shoumi.server.partners.queries.partners import KEEPERS, departments_to_keep_for
from shoumi.server.partners.services.partners import PartnerWish, partner_record
from shoumi.server.people.queries.directory import Directory
from shoumi.server.people.queries.listing import scopes_of

COLUMN_OF = {
    "people.unknown_entity": "entity",
    "people.entity_needed": "entity",
    "people.unknown_department": "department",
    "people.ambiguous_department": "department",
    "partners.import_not_yours": "department",
    "people.field_missing": "manager_name",
}
PLAIN = ("name", "kind", "registration_number", "contact", "work", "manager_name", "manager_contact")


class NotYoursError(CellError):
    """The person who imports keeps no partners for this department."""

    code = "partners.import_not_yours"
    message = "You keep no partners for this department."


@dataclass(slots=True)
class Work:
    """The partners to be recorded."""

    wishes: list[PartnerWish] = field(default_factory=list)


def partners_allow(actor: User) -> None:
    """Return if `actor` may record partners somewhere; each row asks again for its department.

    Raises:
        NotPermittedError: nowhere.
    """
    scope = min(scopes_of(actor, KEEPERS), default=COMPANY)
    places = places_of("" if scope == COMPANY else scope)
    gate.require(actor, Action.PARTNER_EDIT, resources.unit(scope, places))


def partners_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    """Return which partners the rows would record, and what stands against it."""
    directory, work = Directory.load(), Work()
    plan = Plan(work=work)
    kept = set(departments_to_keep_for(actor).values_list("pk", flat=True))
    for row in (row for table in tables for row in table.rows):
        try:
            wish = _wish(row, directory)
            if wish.department.pk not in kept:
                raise NotYoursError
            _try(actor, wish)
        except ShoumiError as error:
            plan.faults.append(row.fault(error, COLUMN_OF.get(error.code, "name")))
            continue
        work.wishes.append(wish)
        plan.changes.append(Change(Effect.NEW, PARTNERS.name, row.cell(), wish.name))
    return plan


def partners_apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Record every partner of `plan`; part of the caller's transaction."""
    work: Work = plan.work
    for wish in work.wishes:
        partner_record(actor=actor, wish=wish)
    append(PartnerTag.IMPORT_APPLIED, actor=actor.ledger_actor, subject=subject, detail=detail)


def _wish(row: ParsedRow, directory: Directory) -> PartnerWish:
    values = row.values
    entity = directory.entity(values["entity"])
    department = directory.department(values["department"], entity)
    return PartnerWish(department=department, **{name: values[name] for name in PLAIN})


def _try(actor: User, wish: PartnerWish) -> None:
    """Record the partner and take it back.

    Raises:
        ShoumiError: whatever stands against it.
    """
    with transaction.atomic():
        partner_record(actor=actor, wish=wish)
        transaction.set_rollback(True)


PARTNER_IMPORT = ImportKind(
    name="partners",
    title=_("Import partners"),
    specs=(PARTNERS,),
    allow=partners_allow,
    plan=partners_plan,
    apply=partners_apply,
    help=_("One partner per row: department, name, kind, number, contact, responsible person."),
)
