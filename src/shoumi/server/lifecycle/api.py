"""The API of cases of people, below /api/v1/cases/: cases, their steps, what is mine, opening and recording.

Each call is what the console does: the same services ask the same permissions.  Files that prove a step are
brought in through the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import AwareDatetime, Field

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.paging import Paging
from shoumi.server.lifecycle.models import CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import (
    STEP_PLACES,
    case_resource,
    cases,
    cases_visible_to,
    tasks_of,
)
from shoumi.server.lifecycle.queries.rail import board_of
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open
from shoumi.server.lifecycle.services.recording import Done, step_record
from shoumi.server.people.queries import persons_visible

router = Router()
Kind = Literal["joining", "transfer", "leaving", "cool-down", "return"]


class PersonCaseOut(Schema):
    """One case of a person."""

    id: UUID
    number: str
    kind: str
    person: UUID
    state: str
    day: date | None = Field(alias="main_day")
    next_due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    version: int

    @staticmethod
    def resolve_person(row: PersonCase) -> UUID:
        """Return the person's id."""
        return row.person_id


class PersonCaseStepOut(Schema):
    """One step of a case."""

    id: UUID
    case: UUID
    key: str
    title: str
    role: str
    evidence: str
    state: str
    due_at: datetime | None
    satisfied_at: datetime | None

    @staticmethod
    def resolve_case(row: CaseStep) -> UUID:
        """Return the case's id."""
        return row.case_id


class PersonCaseWholeOut(PersonCaseOut):
    """One case with the steps that I may see, in their order."""

    steps: list[PersonCaseStepOut]

    @staticmethod
    def resolve_steps(row: PersonCase, context: Mapping[str, Any]) -> list[CaseStep]:
        """Return the steps that whoever asks may see."""
        board = board_of(row, context["request"].user)
        lines = [line.row for stage in board.stages for line in stage.lines]
        return sorted(lines, key=lambda step: step.position)


class PersonCaseOpenIn(Schema):
    """A case to be opened; days without a time where the pack counts from a day."""

    person: UUID
    kind: Kind
    facts: dict[str, str] = {}
    days: dict[str, date] = {}
    moments: dict[str, AwareDatetime] = {}


class StepItemIn(Schema):
    """What became of one item of a list."""

    state: Literal["settled", "not_held", "missing"]
    at: AwareDatetime | None = None


class StepRecordIn(Schema):
    """What was done in a step."""

    note: str = Field("", max_length=4000)
    at: AwareDatetime | None = None
    items: dict[str, StepItemIn] = {}


@router.get("/", response=list[PersonCaseOut], operation_id="person_case_list")
@paginate(Paging)
def person_case_list(request: HttpRequest, state: str = "", kind: str = "") -> object:
    """Return the cases that I may know of, newest first."""
    wanted = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    return cases_visible_to(request.user).filter(**wanted).order_by("-opened_at", "pk")


@router.post("/", response={201: PersonCaseOut}, operation_id="person_case_open")
def person_case_open(request: HttpRequest, data: PersonCaseOpenIn) -> object:
    """Open a case; its plan is made and the first owners are told."""
    person = get_object_or_404(persons_visible(request.user), pk=data.person)
    known = CaseFacts(data.facts, {**data.days, **data.moments})
    return Status(201, case_open(actor=request.user, person=person, kind=data.kind, known=known))


@router.get("/steps/mine", response=list[PersonCaseStepOut], operation_id="person_case_tasks")
@paginate(Paging)
def person_case_tasks(request: HttpRequest) -> object:
    """Return the steps that I can do something about, what is due first."""
    return tasks_of(request.user).order_by("due_at", "pk")


@router.post("/steps/{step_id}/record", response=PersonCaseStepOut, operation_id="person_case_step_record")
def person_case_step_record(request: HttpRequest, step_id: UUID, data: StepRecordIn) -> object:
    """Record what was done in a step; what needs a file, a signature or a second person is refused here."""
    rows = CaseStep.objects.select_related(*STEP_PLACES, "case__person__user")
    step = get_object_or_404(rows, pk=step_id)
    items = {name: (item.state, item.at) for name, item in data.items.items()}
    step_record(actor=request.user, step=step, done=Done(note=data.note, at=data.at, items=items))
    step.refresh_from_db()
    return step


@router.get("/{case_id}", response=PersonCaseWholeOut, operation_id="person_case_read")
def person_case_read(request: HttpRequest, case_id: UUID) -> object:
    """Return a case with the steps that I may see."""
    case = get_object_or_404(cases(), pk=case_id)
    gate.require(request.user, Action.PERSON_CASE_SEE, case_resource(case))
    return case
