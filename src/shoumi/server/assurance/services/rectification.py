"""Turns a gap of the self-inspection into a finding of an inspection: who puts it right, and by when.

Follows seed guide 二(二)5 and 二(一): what is found is put right, verified and closed.  The findings of one
run stand in one inspection; the run itself, and its hash, do not change.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import Finding, Inspection, SelfInspection, SelfInspectionRow
from shoumi.server.assurance.services.inspections import (
    finding_record,
    inspection_carry_out,
    inspection_plan,
)
from shoumi.server.assurance.services.self_inspection import RunUnknownError
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import entity_resource

Result = SelfInspectionRow.Result
TO_PUT_RIGHT = (Result.GAP, Result.PARTLY)


class GapError(InputError):
    """Nothing is missing in the row, or somebody puts it right already."""

    code = "assurance.gap"
    message = "This row shows no gap, or somebody is to put it right already."


def gap_assign(  # noqa: PLR0913 - the parts of a finding, each named
    *,
    actor: User,
    run_id: UUID,
    row: str,
    department: Department,
    owner: Person,
    due_on: date,
    weight: str,
    language: str,
) -> Finding:
    """Make a finding of a row's gap; the first of a run opens the inspection in which they stand.

    Raises:
        RunUnknownError, GapError, NotPermittedError, and what the inspection's own services raise.
    """
    run = SelfInspection.objects.select_related("entity", "inspection").filter(pk=run_id).first()
    if run is None:
        raise RunUnknownError
    gate.require(actor, Action.SELF_INSPECTION_RUN, entity_resource(run.entity))
    words = {item.id: item for item in load_assurance(run.pack).inspection.rows}
    with transaction.atomic():
        run = (
            SelfInspection.objects.select_for_update(of=("self",), no_key=True)
            .select_related("entity")
            .get(pk=run_id)
        )
        item = (
            SelfInspectionRow.objects.select_for_update(of=("self",), no_key=True)
            .filter(run=run, row=row)
            .first()
        )
        if item is None or row not in words:
            raise RunUnknownError
        if item.final not in TO_PUT_RIGHT or item.finding_id is not None:
            raise GapError
        inspection = run.inspection or _opened(actor, run, owner)
        text = f"{row} {words[row].checks.in_language(language)} ({item.have}/{item.need})"
        item.finding = finding_record(
            actor=actor,
            inspection=inspection,
            department=department,
            text=text,
            weight=weight,
            owner=owner,
            due_on=due_on,
        )
        item.save(update_fields=["finding"])
    return item.finding


def _opened(actor: User, run: SelfInspection, owner: Person) -> Inspection:
    """Return a new inspection of every open department, carried out on the day of the run.

    It is led by whoever runs the self-inspection; an account without a person leaves that to the owner.
    """
    inspection = inspection_plan(
        actor=actor,
        entity=run.entity,
        title=_("Self-inspection %(day)s") % {"day": run.day.isoformat()},
        reason=Inspection.Reason.REGULAR,
        departments=list(Department.objects.filter(entity=run.entity, closed_on=None)),
        lead=getattr(actor, "person", owner),
        planned_on=run.day,
    )
    inspection = inspection_carry_out(
        actor=actor,
        inspection=inspection,
        expected_version=inspection.version,
        carried_out_on=run.day,
        summary=_("Gaps found in the self-inspection."),
    )
    run.inspection = inspection
    run.save(update_fields=["inspection"])
    return inspection
