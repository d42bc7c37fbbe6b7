"""The API of personal data, below /api/v1/privacy/: the register, the gate, breaches, requests, erasure.

Persons appear by their keys only, so that nothing crosses the border.  Annotations are evaluated at once:
django-ninja wraps paginated functions in a module of its own.
"""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import AwareDatetime, Field

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.paging import Paging
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource
from shoumi.server.privacy.models import Breach, BreachMeasure, BreachStep, ExportBasis, SubjectRequest
from shoumi.server.privacy.queries.breaches import (
    DutyLine,
    breach_resource,
    breaches_visible_to,
    duties_of,
    next_due,
)
from shoumi.server.privacy.queries.collecting import may_collect
from shoumi.server.privacy.queries.erasing import erasures_visible_to, progress_of
from shoumi.server.privacy.queries.visible import (
    entities_of,
    processings_visible_to,
    requests_visible_to,
)
from shoumi.server.privacy.services.breaches import (
    BreachWish,
    breach_measure_record,
    breach_report,
    breach_step_record,
)
from shoumi.server.privacy.services.requests import request_make

router = Router()

Word = Annotated[str, Field(min_length=1, max_length=40)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Long = Annotated[str, Field(max_length=4000)]


class ProcessingOut(Schema):
    """One processing of the register."""

    id: UUID
    entity_id: UUID
    name: str
    purpose: str
    kinds: list[str]
    basis: str
    traits: list[str]
    keep_months: int
    legal_owner_id: UUID
    security_owner_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    agreed_at: datetime | None  # null: it does not count yet


class GateQuestion(Schema):
    """Whether data of a kind about a person may be collected for a purpose."""

    person_id: UUID
    kind: Word
    purpose: Word
    at: AwareDatetime | None = None  # null: now


class GateAnswer(Schema):
    """The answer, with what it rests on."""

    permitted: bool
    reason: str
    processing: str
    basis: str
    notice: str
    consents: list[str]
    missing: list[str]
    since: datetime | None


class BreachOut(Schema):
    """One breach."""

    id: UUID
    entity_id: UUID
    title: str
    state: str
    noticed_at: datetime
    cause: str
    kinds: list[str]
    persons: int | None
    countries: list[str]
    facts: list[str]
    closed_at: datetime | None
    version: int


class BreachDutyOut(Schema):
    """Who must be told by the law of one country, and how it stands."""

    country: str
    duty: str
    to: str
    standing: str
    due_at: datetime | None
    rule: str
    rule_status: str
    told_at: datetime | None


class BreachDetail(BreachOut):
    """One breach with all its duties."""

    what: str
    next_due: datetime | None
    duties: list[BreachDutyOut]


class BreachIn(Schema):
    """A breach to be reported."""

    entity_id: UUID
    legal_owner_id: UUID
    security_owner_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=120)]
    what: Annotated[str, Field(min_length=1, max_length=4000)]
    noticed_at: AwareDatetime
    cause: Word
    kinds: Annotated[list[Word], Field(min_length=1, max_length=40)]
    countries: Annotated[list[Word], Field(min_length=1, max_length=10)]
    persons: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    facts: Annotated[list[Word], Field(max_length=40)] = []
    contact: Annotated[str, Field(max_length=400)] = ""


class BreachStepIn(Schema):
    """A step of the playbook that was done, or was not needed."""

    step: Word
    needed: bool
    note: Line


class BreachStepOut(Schema):
    """A recorded step."""

    step: str
    needed: bool
    note: str
    recorded_at: datetime


class BreachMeasureIn(Schema):
    """A measure that was taken."""

    text: Line
    taken_at: AwareDatetime


class BreachMeasureOut(Schema):
    """A recorded measure."""

    id: UUID
    text: str
    taken_at: datetime


class SubjectRequestOut(Schema):
    """What a person asks about their data."""

    id: UUID
    person_id: UUID
    right: str
    state: str
    received_at: datetime
    due_at: datetime
    answered_at: datetime | None


class SubjectRequestIn(Schema):
    """What the caller asks about their own data."""

    right: Word
    text: Annotated[Long, Field(min_length=1)]


class ExportBasisOut(Schema):
    """A ground for seeing persons of an entity from another country."""

    id: UUID
    entity_id: UUID
    to_country: str
    way: str
    reference: str
    last_day: date
    ended_at: datetime | None


class ErasureOut(Schema):
    """A plan of erasure and how many of its things stand how."""

    id: UUID
    entity_id: UUID
    state: str
    made_at: datetime
    finished_at: datetime | None
    progress: dict[str, int]

    @staticmethod
    def resolve_progress(row: Any) -> dict[str, int]:
        """Return how far it is."""
        return progress_of(row)


@router.get("/processings", response=list[ProcessingOut])
@paginate(Paging)
def processing_list(request: HttpRequest) -> Any:
    """Return the register of the caller's entities, and what the caller answers for."""
    return processings_visible_to(request.user).order_by("name", "pk")


@router.post("/gate", response=GateAnswer)
def gate_ask(request: HttpRequest, data: GateQuestion) -> Any:
    """Answer whether something may be collected, as every collector asks before it keeps an event."""
    person = get_object_or_404(Person.objects.select_related("entity"), pk=data.person_id)
    gate.require(request.user, Action.PRIVACY_VIEW, entity_resource(person.entity))
    return may_collect(person, data.kind, data.purpose, data.at or clock().now())


@router.get("/breaches", response=list[BreachOut])
@paginate(Paging)
def breach_list(request: HttpRequest, state: str = "") -> Any:
    """Return the breaches the caller may know of, the newest first."""
    rows = breaches_visible_to(request.user).order_by("-noticed_at", "pk")
    return rows.filter(state=state) if state else rows


@router.post("/breaches", response={201: BreachOut})
def breach_create(request: HttpRequest, data: BreachIn) -> Any:
    """Report a breach: the clocks of every country concerned run from when it was noticed."""
    entity = get_object_or_404(LegalEntity, pk=data.entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))
    persons = Person.objects.filter(entity=entity)
    owners = tuple(
        get_object_or_404(persons, pk=key) for key in (data.legal_owner_id, data.security_owner_id)
    )
    known = data.dict(exclude={"entity_id", "legal_owner_id", "security_owner_id", "noticed_at"})
    made = breach_report(
        actor=request.user,
        entity=entity,
        wish=BreachWish(**known),
        noticed_at=data.noticed_at,
        owners=owners,
    )
    return Status(201, made)


@router.get("/breaches/{breach_id}", response=BreachDetail)
def breach_detail(request: HttpRequest, breach_id: UUID) -> Any:
    """Return one breach: whom the law lets be told, by when, by which rule, and how that stands."""
    row = _breach(request, breach_id)
    now = clock().now()
    shown = BreachOut.from_orm(row).dict()
    return {
        **shown,
        "what": row.what,
        "next_due": next_due(row, now),
        "duties": [_duty(line) for line in duties_of(row, now)],
    }


@router.post("/breaches/{breach_id}/steps", response={201: BreachStepOut})
def breach_step_create(request: HttpRequest, breach_id: UUID, data: BreachStepIn) -> Any:
    """Record a step of the playbook."""
    row: BreachStep = breach_step_record(
        actor=request.user, breach=_breach(request, breach_id), **data.dict()
    )
    return Status(201, row)


@router.post("/breaches/{breach_id}/measures", response={201: BreachMeasureOut})
def breach_measure_create(request: HttpRequest, breach_id: UUID, data: BreachMeasureIn) -> Any:
    """Record a measure that was taken."""
    row: BreachMeasure = breach_measure_record(
        actor=request.user, breach=_breach(request, breach_id), **data.dict()
    )
    return Status(201, row)


@router.get("/requests", response=list[SubjectRequestOut])
@paginate(Paging)
def request_list(request: HttpRequest, state: str = "") -> Any:
    """Return what persons of the caller's entities ask for, what is due first in front."""
    rows = requests_visible_to(request.user).order_by("due_at", "pk")
    return rows.filter(state=state) if state else rows


@router.post("/requests", response={201: SubjectRequestOut})
def request_create(request: HttpRequest, data: SubjectRequestIn) -> Any:
    """Ask about one's own data; whoever asks is known by the sign-in."""
    person = get_object_or_404(Person.objects.select_related("entity"), user=request.user)
    row: SubjectRequest = request_make(actor=request.user, person=person, right=data.right, text=data.text)
    return Status(201, row)


@router.get("/export-bases", response=list[ExportBasisOut])
@paginate(Paging)
def export_basis_list(request: HttpRequest) -> Any:
    """Return the grounds for seeing persons from abroad."""
    return ExportBasis.objects.filter(entity__in=entities_of(request.user)).order_by("-recorded_at", "pk")


@router.get("/erasures", response=list[ErasureOut])
@paginate(Paging)
def erasure_list(request: HttpRequest) -> Any:
    """Return the plans of erasure of the caller's entities, the newest first."""
    return erasures_visible_to(request.user).order_by("-made_at", "pk")


def _breach(request: HttpRequest, key: UUID) -> Breach:
    rows = Breach.objects.select_related("entity", "legal_owner", "security_owner")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, Action.PRIVACY_MATTER_VIEW, breach_resource(row))
    return row


def _duty(line: DutyLine) -> dict[str, object]:
    basis = line.answer.basis
    return {
        "country": line.country,
        "duty": line.duty.id,
        "to": line.duty.to.value,
        "standing": line.standing.value,
        "due_at": line.at,
        "rule": line.duty.rule,
        "rule_status": basis.status.value if basis else "",
        "told_at": line.notice.sent_at if line.notice else None,
    }
