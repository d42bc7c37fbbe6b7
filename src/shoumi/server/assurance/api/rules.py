"""The API of rule documents, findings and tasks, below /api/v1/assurance/: what concerns the caller.

Errors are those of the services, in the one shape of `project.api`.  Annotations are evaluated at once here:
a paginated function is wrapped by django-ninja in a module that does not know the names in ours.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate
from pydantic import Field

from shoumi.server.accounts.paging import Paging
from shoumi.server.assurance.models import PlanTask, RuleAcknowledgement, RuleVersion
from shoumi.server.assurance.queries.access import findings_visible, tasks_visible
from shoumi.server.assurance.queries.rules import rules_binding, rules_visible
from shoumi.server.assurance.services.plans import task_report
from shoumi.server.assurance.services.rules import rule_acknowledge

router = Router()
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class RuleOut(Schema):
    """A version of a rule document."""

    id: UUID
    title: str
    ordinal: int
    state: str
    sha256: str
    in_force_from: date | None
    in_force_until: date | None


class AcknowledgeIn(Schema):
    """The hash of the words that were read."""

    text_sha256: Hash


class AcknowledgementOut(Schema):
    """That somebody took note of a version."""

    version_id: UUID
    text_sha256: str
    acknowledged_at: datetime


class FindingOut(Schema):
    """A finding of an inspection."""

    id: UUID
    inspection_id: UUID
    number: int
    text: str
    weight: str
    state: str
    due_on: date


class TaskOut(Schema):
    """A task of a yearly plan."""

    id: UUID
    plan_id: UUID
    title: str
    state: str
    progress: int
    due_on: date
    version: int


class ReportIn(Schema):
    """How far a task has come."""

    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    progress: Annotated[int, Field(ge=0, le=100)]
    note: Annotated[str, Field(max_length=20_000, pattern="^[^\\x00]*$")] = ""


@router.get("/rules", response=list[RuleOut])
@paginate(Paging)
def rule_list(request: HttpRequest) -> Any:
    """Return the versions that the caller sees because of their role."""
    return rules_visible(request.user).order_by("document__code", "-ordinal", "pk")


@router.get("/rules/mine", response=list[RuleOut])
@paginate(Paging)
def my_rules(request: HttpRequest) -> Any:
    """Return the published versions that bind the caller."""
    return rules_binding(request.user).order_by("title", "pk")


@router.post("/rules/{version_id}/acknowledge", response=AcknowledgementOut)
def acknowledge(request: HttpRequest, version_id: UUID, data: AcknowledgeIn) -> RuleAcknowledgement:
    """Acknowledge a version that binds the caller."""
    version: RuleVersion = get_object_or_404(rules_binding(request.user), pk=version_id)
    return rule_acknowledge(actor=request.user, version_id=version.pk, text_sha256=data.text_sha256)


@router.get("/findings", response=list[FindingOut])
@paginate(Paging)
def finding_list(request: HttpRequest) -> Any:
    """Return the findings that the caller may see."""
    return findings_visible(request.user).order_by("due_on", "pk")


@router.get("/tasks", response=list[TaskOut])
@paginate(Paging)
def task_list(request: HttpRequest) -> Any:
    """Return the tasks of plans that the caller may see."""
    return tasks_visible(request.user).order_by("due_on", "pk")


@router.post("/tasks/{task_id}/report", response=TaskOut)
def task_reported(request: HttpRequest, task_id: UUID, data: ReportIn) -> PlanTask:
    """Report how far a task has come."""
    task = get_object_or_404(tasks_visible(request.user), pk=task_id)
    return task_report(
        actor=request.user,
        task_id=task.pk,
        expected_version=data.expected_version,
        progress=data.progress,
        note=data.note,
    )
