"""The yearly plan: drafted by the office, adopted by a leader, its tasks reported on by those in charge.

Follows the guide 一(四).  A plan that is adopted still takes further tasks; what changed stands in the
ledger.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import PlanTask, YearPlan
from shoumi.server.assurance.queries.access import task_resource
from shoumi.server.assurance.services.notices import tell_persons
from shoumi.server.assurance.services.writing import AlreadyEndedError, StandsTwiceError, lines_of, subject_of
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import locked, text_of
from shoumi.server.people.services.writing import counted, writing

YEARS = range(2000, 2101)
WHOLE = 100  # percent


class YearError(InputError):
    """Not a year that can be planned for."""

    code = "assurance.year"
    message = "{year} is not a year that can be planned for."


class PlanEmptyError(InputError):
    """A plan without tasks is no plan."""

    code = "assurance.plan_empty"
    message = "A plan needs at least one task before it is adopted."


class PlanByTwoError(ConflictError):
    """Who drafted the plan does not adopt it."""

    code = "assurance.plan_by_two"
    message = "A plan is adopted by another person than the one who drafted it."


class ProgressError(InputError):
    """Progress is told in percent."""

    code = "assurance.progress"
    message = "Progress is a whole number from 0 to 100."


def plan_make(*, actor: User, entity: LegalEntity, year: int, goals: str) -> YearPlan:
    """Draft the plan of one year.

    Raises:
        NotPermittedError, YearError, StandsTwiceError, FieldMissingError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.ASSURANCE_PLAN_CHANGED,
    ) as entry:
        if year not in YEARS:
            raise YearError(year=year)
        if YearPlan.objects.filter(entity=entity, year=year).exists():
            raise StandsTwiceError
        plan = YearPlan.objects.create(
            entity=entity,
            year=year,
            goals=lines_of(YearPlan, "goals", goals),
            made_by=actor,
            created_at=clock().now(),
        )
        entry.subject = subject_of(plan)
        entry.detail = {"event": "drafted", "entity": str(entity.pk), "year": year}
    return plan


def plan_adopt(*, actor: User, plan: YearPlan, expected_version: int) -> YearPlan:
    """Adopt a plan that another person drafted.

    Raises:
        NotPermittedError, PlanEmptyError, PlanByTwoError, AlreadyEndedError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.PLAN_ADOPT,
        resource=entity_resource(plan.entity),
        tag=LedgerTag.ASSURANCE_PLAN_ADOPTED,
    ) as entry:
        row = locked(YearPlan, plan.pk, expected_version)
        if row.state == YearPlan.State.ADOPTED:
            raise AlreadyEndedError
        if row.made_by_id == actor.pk:
            raise PlanByTwoError
        tasks = row.tasks.count()
        if not tasks:
            raise PlanEmptyError
        row.state, row.adopted_by, row.adopted_at = YearPlan.State.ADOPTED, actor, clock().now()
        counted(row)
        entry.subject = subject_of(row)
        entry.detail = {"year": row.year, "tasks": tasks}
    return row


def task_add(  # noqa: PLR0913 - the parts of a task, each named
    *,
    actor: User,
    plan: YearPlan,
    title: str,
    owner: Person,
    due_on: date,
    duty: str = "",
    department: Department | None = None,
) -> PlanTask:
    """Add a task to a plan; whoever is in charge is told."""
    with writing(
        actor=actor,
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(plan.entity),
        tag=LedgerTag.ASSURANCE_PLAN_CHANGED,
    ) as entry:
        task = PlanTask.objects.create(
            plan=plan,
            title=text_of(PlanTask, "title", title, required=True),
            duty=duty,
            owner=owner,
            department=department,
            due_on=due_on,
            created_at=clock().now(),
        )
        tell_persons([owner], "task", {"task": task.title, "due_on": due_on.isoformat()})
        entry.subject = subject_of(plan)
        entry.detail = {"event": "task", "task": str(task.pk), "due_on": due_on.isoformat(), "duty": duty}
    return task


def task_report(  # noqa: PLR0913 - the parts of a report, each named
    *,
    actor: User,
    task_id: UUID,
    expected_version: int,
    progress: int,
    note: str,
    proof: StoredFile | None = None,
    drop: bool = False,
) -> PlanTask:
    """Report how far a task has come; with 100 percent it is done, with `drop` it will not be.

    Raises:
        NotPermittedError, ProgressError, AlreadyEndedError, FieldMissingError: each as it says.
    """
    found = PlanTask.objects.select_related("plan__entity", "owner", "department").get(pk=task_id)
    with writing(
        actor=actor,
        action=Action.WORK_REPORT,
        resource=task_resource(found),
        tag=LedgerTag.ASSURANCE_PLAN_CHANGED,
    ) as entry:
        if not 0 <= progress <= WHOLE:
            raise ProgressError
        row = locked(PlanTask, found.pk, expected_version)
        if row.state != PlanTask.State.OPEN:
            raise AlreadyEndedError
        row.progress, row.proof = progress, proof or row.proof
        row.note = lines_of(PlanTask, "note", note, required=drop)
        if drop:
            row.state = PlanTask.State.DROPPED
        elif progress == WHOLE:
            row.state, row.done_on = PlanTask.State.DONE, today_of(found.plan.entity)
        counted(row)
        entry.subject = subject_of(found.plan)
        entry.detail = {
            "event": "reported",
            "task": str(row.pk),
            "progress": progress,
            "state": row.state,
            "proof_sha256": proof.sha256 if proof else None,
        }
    return row
