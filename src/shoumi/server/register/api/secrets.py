"""The API of the register, below /api/v1/secrets: list, get, draft, save steps, submit, withdraw, export.

Every call asks the same services and queries as the console.  Deciding is under /api/v1/approvals.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.people.models import Department
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.queries.secrets import secret_get, secrets_visible_to
from shoumi.server.register.queries.snapshot import scope_lines
from shoumi.server.register.services import drafts, proposals
from shoumi.server.register.services.exports import register_export
from shoumi.server.register.services.leading_out import proposal_lead_out
from shoumi.server.register.values import (
    CarrierValue,
    ElementValue,
    EvidenceValue,
    ExclusionValue,
    FactorValue,
    Grading,
    Identity,
    Limits,
    ScopeValue,
)

router = Router()
SHORT, LONG = 200, 8000  # characters of the longest texts


class ScopeLine(Schema):
    """One line of the knowledge scope."""

    kind: Literal["departments", "posts", "persons", "all_staff"]
    id: str = ""
    name: str = ""


class SecretOut(Schema):
    """A trade secret as lists show it: never its content."""

    id: UUID
    number: str | None
    name: str
    state: str
    level: str
    category: str
    owner_department: str
    entity: str
    custodian: str | None
    period: str
    period_ends_on: date | None
    version: int
    updated_at: datetime

    @staticmethod
    def resolve_owner_department(row: TradeSecret) -> str:
        """Return the department's name."""
        return str(row.owner_department)

    @staticmethod
    def resolve_entity(row: TradeSecret) -> str:
        """Return the entity's code."""
        return row.entity.code

    @staticmethod
    def resolve_custodian(row: TradeSecret) -> str | None:
        """Return the custodian's name."""
        return str(row.custodian) if row.custodian else None


class SecretDetailOut(SecretOut):
    """One trade secret with its description and scope."""

    description: str
    necessity: str
    suggested_level: str
    level_reason: str
    publication_event: str
    scope: list[ScopeLine]
    outcome_reason: str

    @staticmethod
    def resolve_scope(row: TradeSecret) -> list[dict[str, str]]:
        """Return the lines with their names."""
        return scope_lines(row)


class DraftFaultOut(Schema):
    """One thing that is missing before a draft can be submitted."""

    step: int
    field: str
    code: str
    text: str


class IdentityIn(Schema):
    """What it is; never the secret itself."""

    name: str = Field(default="", max_length=SHORT)
    description: str = Field(default="", max_length=4000)
    category: str = Field(default="", max_length=20)
    necessity: str = Field(default="", max_length=2000)
    custodian: UUID | None = None


class DraftIn(IdentityIn):
    """A new draft: the answer to the question about national security comes first."""

    owner_department: UUID
    national_security: Literal["no", "yes"]


class CarrierIn(Schema):
    """A carrier besides the files."""

    kind: Literal[
        "paper",
        "medium",
        "device",
        "sample",
        "semi_finished",
        "equipment",
        "system",
        "database",
        "person",
        "other",
    ]
    description: str = Field(min_length=1, max_length=300)
    place: str = Field(default="", max_length=SHORT)
    keeper: UUID | None = None


class EvidenceIn(Schema):
    """A piece of evidence in words; files are attached in the console."""

    text: str = Field(min_length=1, max_length=LONG)


class ElementIn(Schema):
    """One of the three elements."""

    element: Literal["secrecy", "value", "measures"]
    verdict: Literal["met", "not_met", "unclear"]
    reason: str = Field(default="", max_length=4000)
    evidence: list[EvidenceIn] = []


class ExclusionIn(Schema):
    """One exclusion of the pack."""

    exclusion: str = Field(max_length=20)
    answer: Literal["yes", "no"]
    fields: dict[str, str] = {}


class FactorIn(Schema):
    """One level factor."""

    factor: str = Field(max_length=20)
    grade: int | None = Field(default=None, ge=0, le=4)
    reason: str = Field(default="", max_length=2000)
    title: str = Field(default="", max_length=120)


class StepsIn(Schema):
    """Any of the steps of a draft; what is left out stays as it is."""

    expected_version: int
    identity: IdentityIn | None = None
    carriers: list[CarrierIn] | None = None
    elements: list[ElementIn] | None = None
    exclusions: list[ExclusionIn] | None = None
    grading: GradingIn | None = None
    limits: LimitsIn | None = None


class GradingIn(Schema):
    """The factors and the level."""

    factors: list[FactorIn]
    level: str = Field(default="", max_length=20)
    level_reason: str = Field(default="", max_length=2000)


class LimitsIn(Schema):
    """Period and scope."""

    period: str = Field(max_length=20)
    publication_event: str = Field(default="", max_length=300)
    period_reason: str = Field(default="", max_length=2000)
    scope: list[ScopeLine]
    scope_reason: str = Field(default="", max_length=2000)


StepsIn.model_rebuild()


class SecretVersionIn(Schema):
    """The version that the caller saw last."""

    expected_version: int


class ReasonIn(SecretVersionIn):
    """A version and a reason."""

    reason: str = Field(min_length=1, max_length=2000)


@router.get("", response=list[SecretOut], operation_id="secret_list")
@paginate(Paging)
def secret_list(request: HttpRequest, *, q: str = "", state: str = "", level: str = "") -> object:
    """Return the secrets that the caller may see, the latest change first."""
    rows = secrets_visible_to(request.user).order_by("-updated_at", "pk")
    for word in q.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(number__icontains=word) | Q(description__icontains=word)
        )
    rows = rows.filter(state=state) if state else rows
    return rows.filter(level=level) if level else rows


@router.get("/export", operation_id="secret_export")
def secret_export(request: HttpRequest, *, form: Literal["xlsx", "csv"] = "xlsx") -> HttpResponse:
    """Return the secrets that the caller may export, in the form that can be imported again."""
    content = register_export(actor=request.user, rows=secrets_visible_to(request.user), form=form)
    kinds = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
    return HttpResponse(content, content_type=kinds[form], headers={"Cache-Control": "no-store"})


@router.post("", response={201: SecretDetailOut, 204: None}, operation_id="secret_draft")
def secret_draft(request: HttpRequest, body: DraftIn) -> Status:
    """Begin a draft; a yes to the question about national security keeps nothing and answers 204."""
    department = Department.objects.filter(pk=body.owner_department).select_related("entity").first()
    if department is None:
        raise Http404
    if body.national_security == "yes":
        proposal_lead_out(actor=request.user, department=department)
        return Status(204, None)
    return Status(
        201, drafts.secret_draft(actor=request.user, department=department, identity=_identity(body))
    )


@router.get("/{secret_id}", response=SecretDetailOut, operation_id="secret_get")
def secret_read(request: HttpRequest, secret_id: UUID) -> TradeSecret:
    """Return one secret, without its content."""
    return _found(request, secret_id)


@router.get("/{secret_id}/faults", response=list[DraftFaultOut], operation_id="secret_faults")
def secret_faults(request: HttpRequest, secret_id: UUID) -> object:
    """Return everything that is missing before the draft can be submitted."""
    secret = _found(request, secret_id)
    return faults_of(secret, today_of(secret.entity))


@router.patch("/{secret_id}", response=SecretDetailOut, operation_id="secret_save")
def secret_save(request: HttpRequest, secret_id: UUID, body: StepsIn) -> TradeSecret:
    """Save the steps that the body names; each counts the version once."""
    secret = _found(request, secret_id)
    common: dict[str, Any] = {"actor": request.user, "secret_id": secret_id}
    version = body.expected_version
    if body.identity is not None:
        version = drafts.secret_describe(
            **common, expected_version=version, identity=_identity(body.identity)
        ).version
    if body.carriers is not None:
        version = drafts.secret_carry(
            **common, expected_version=version, carriers=_carriers(body.carriers)
        ).version
    if body.elements is not None or body.exclusions is not None:
        version = drafts.secret_assess(
            **common,
            expected_version=version,
            elements=_elements(body.elements or []),
            exclusions=_exclusions(body.exclusions or []),
        ).version
    if body.grading is not None:
        version = drafts.secret_grade(
            **common, expected_version=version, grading=_grading(body.grading)
        ).version
    if body.limits is not None:
        drafts.secret_limit(**common, expected_version=version, limits=_limits(body.limits))
    return _found(request, secret.pk)


@router.post("/{secret_id}/submit", response=SecretDetailOut, operation_id="secret_submit")
def secret_submit(request: HttpRequest, secret_id: UUID, body: SecretVersionIn) -> TradeSecret:
    """Propose a complete draft to the secrecy office."""
    return proposals.secret_submit(
        actor=request.user, secret_id=secret_id, expected_version=body.expected_version
    )


@router.post("/{secret_id}/withdraw", response=SecretDetailOut, operation_id="secret_withdraw")
def secret_withdraw(request: HttpRequest, secret_id: UUID) -> TradeSecret:
    """Take a proposal back before it is decided."""
    return proposals.secret_withdraw(actor=request.user, secret_id=secret_id)


@router.post("/{secret_id}/not-a-secret", response=SecretDetailOut, operation_id="secret_not_a_secret")
def secret_not_a_secret(request: HttpRequest, secret_id: UUID, body: ReasonIn) -> TradeSecret:
    """Record that it is no trade secret."""
    return proposals.secret_find_not_a_secret(
        actor=request.user, secret_id=secret_id, expected_version=body.expected_version, reason=body.reason
    )


def _found(request: HttpRequest, secret_id: UUID) -> TradeSecret:
    secret = secret_get(request.user, secret_id)
    if secret is None:
        raise Http404
    return secret


def _identity(body: IdentityIn) -> Identity:
    custodian = str(body.custodian) if body.custodian else None
    return Identity(body.name, body.description, body.category, body.necessity, custodian)


def _carriers(rows: list[CarrierIn]) -> list[CarrierValue]:
    return [
        CarrierValue(row.kind, row.description, row.place, str(row.keeper) if row.keeper else None)
        for row in rows
    ]


def _elements(rows: list[ElementIn]) -> list[ElementValue]:
    return [
        ElementValue(
            row.element, row.verdict, row.reason, tuple(EvidenceValue(piece.text) for piece in row.evidence)
        )
        for row in rows
    ]


def _exclusions(rows: list[ExclusionIn]) -> list[ExclusionValue]:
    return [ExclusionValue(row.exclusion, row.answer, row.fields) for row in rows]


def _grading(body: GradingIn) -> Grading:
    factors = tuple(FactorValue(row.factor, row.grade, row.reason, row.title) for row in body.factors)
    return Grading(factors, body.level, body.level_reason)


def _limits(body: LimitsIn) -> Limits:
    scope = tuple(ScopeValue(row.kind, row.id or None) for row in body.scope)
    return Limits(body.period, scope, body.publication_event, body.period_reason, body.scope_reason)
