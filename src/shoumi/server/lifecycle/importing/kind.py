"""The import of joiners and leavers for the wizard: who may, what each row would open, what is written.

Nothing is decided here that `services.cases` would decide otherwise: for the preview each row is opened and
taken back, so that every fault is told before anything is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import COMPANY, Action, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.files.tables import ParsedRow, ParsedTable
from shoumi.server.files.tables.plans import Change, Effect, ImportKind, Plan
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.importing.specs import CASES
from shoumi.server.lifecycle.queries.packs import MAIN_DAYS, kind_words
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open
from shoumi.server.people.models import Person
from shoumi.server.people.queries.directory import Directory
from shoumi.server.people.queries.listing import scopes_of

COLUMN_OF = {
    "people.unknown_entity": "entity",
    "lifecycle.day_missing": "day",
    "jurisdiction.case_day": "notice",
    "lifecycle.case_open_already": "kind",
}
VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Opening:
    """A case that a row opens."""

    person: Person
    kind: str
    known: CaseFacts


@dataclass(slots=True)
class Work:
    """The cases to be opened."""

    openings: list[Opening] = field(default_factory=list)


def cases_allow(actor: User) -> None:
    """Return if `actor` may bring in joiners and leavers somewhere; each row asks again for its person.

    Raises:
        NotPermittedError: nowhere.
    """
    scope = min(scopes_of(actor, [Role.HR]), default=COMPANY)
    places = places_of("" if scope == COMPANY else scope)
    gate.require(actor, Action.PERSON_CASE_IMPORT, resources.unit(scope, places))


def cases_plan(actor: User, tables: Sequence[ParsedTable]) -> Plan:
    """Return which cases the rows would open, and what stands against it."""
    directory, work = Directory.load(), Work()
    plan = Plan(work=work)
    for row in (row for table in tables for row in table.rows):
        column = "entity"
        try:
            entity = directory.entity(row.values["entity"])
            column = "number"
            opening = _opening(row, directory.person(row.values["number"], entity))
            _try(actor, opening)
        except ShoumiError as error:
            plan.faults.append(row.fault(error, COLUMN_OF.get(error.code, column)))
            continue
        work.openings.append(opening)
        label = f"{kind_words(opening.kind)} {opening.person.name}"
        plan.changes.append(Change(Effect.NEW, CASES.name, row.cell(), label))
    return plan


def cases_apply(actor: User, plan: Plan, subject: str, detail: Mapping[str, JSONValue]) -> None:
    """Open every case of `plan`; part of the caller's transaction."""
    work: Work = plan.work
    for opening in work.openings:
        case_open(actor=actor, person=opening.person, kind=opening.kind, known=opening.known)
    append(LedgerTag.LIFECYCLE_IMPORT_APPLIED, actor=actor.ledger_actor, subject=subject, detail=detail)


def _opening(row: ParsedRow, person: Person) -> Opening:
    values: Mapping[str, Any] = row.values
    days: dict[str, date] = {}
    if values["day"]:
        vanished = values["reason"] == VANISHED
        days["found_day" if vanished else MAIN_DAYS[values["kind"]]] = values["day"]
    if values["notice"]:
        days["notice_day"] = values["notice"]
    facts = {"reason": values["reason"]} if values["kind"] == "leaving" else {}
    return Opening(person, values["kind"], CaseFacts(facts, days))


def _try(actor: User, opening: Opening) -> None:
    """Open the case and take it back.

    Raises:
        ShoumiError: whatever stands against it.
    """
    with transaction.atomic():
        case_open(actor=actor, person=opening.person, kind=opening.kind, known=opening.known)
        transaction.set_rollback(True)


CASE_IMPORT = ImportKind(
    name="lifecycle",
    title=_("Import joiners and leavers"),
    specs=(CASES,),
    allow=cases_allow,
    plan=cases_plan,
    apply=cases_apply,
    help=_("One person per row: legal entity, employee number, joining or leaving, the day, the reason."),
)
