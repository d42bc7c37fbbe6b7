"""The API of assurance, below /api/v1/assurance: cockpit, scores, risks, recorded measures, self-inspections.

Every call asks the same services and queries as the console.  Files are uploaded under /api/v1/files.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.paging import Paging
from shoumi.server.assurance.api.rules import router as rules_router
from shoumi.server.assurance.models import MeasureRecord, Risk, SecretScore, SelfInspection
from shoumi.server.assurance.queries.cockpit import cockpit_of
from shoumi.server.assurance.queries.grades import score_on
from shoumi.server.assurance.queries.risks import risk_get, risks_visible_to
from shoumi.server.assurance.queries.scoping import (
    VIEWING,
    entities_overseen,
    place_resource,
    within,
)
from shoumi.server.assurance.queries.self_inspection import rows_shown, runs_visible_to
from shoumi.server.assurance.services.package import self_inspection_export
from shoumi.server.assurance.services.risks import RiskValues, risk_create, risk_review
from shoumi.server.assurance.services.self_inspection import self_inspection_freeze, self_inspection_open
from shoumi.server.people.api.lookup import found
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import entities_visible, persons_visible, today_of
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to

router = Router()
router.add_router("", rules_router)
LANGUAGE = "en"


class BarOut(Schema):
    """So many of so many."""

    key: str
    have: int
    need: int
    percent: int


class CockpitOut(Schema):
    """The figures of the last count."""

    day: date | None
    total: float | None
    secrets: int
    reached: int
    missing: int
    coverage: list[BarOut]
    lived: list[BarOut]
    overdue: dict[str, int]
    notice: str
    status: str


class ScoreOut(Schema):
    """A score as last counted."""

    secret: UUID
    number: str | None
    level: str
    total: float
    pass_mark: int
    reached: bool
    missing: int
    kinds: dict[str, int | None]
    counted_at: datetime

    @staticmethod
    def resolve_secret(row: SecretScore) -> UUID:
        """Return the key of the secret."""
        return row.secret_id

    @staticmethod
    def resolve_number(row: SecretScore) -> str | None:
        """Return the number of the secret."""
        return row.secret.number

    @staticmethod
    def resolve_level(row: SecretScore) -> str:
        """Return the level of the secret."""
        return row.secret.level

    @staticmethod
    def resolve_total(row: SecretScore) -> float:
        """Return the score from 0 to 100."""
        return row.total / 10


class MissingOut(Schema):
    """A proof that is missing."""

    proof: str
    have: int
    need: int


class DayScoreOut(Schema):
    """A score at the end of a day; a proposal, never a conclusion of law."""

    day: date
    total: float
    pass_mark: int
    reached: bool
    strengths: dict[str, float]
    missing: list[MissingOut]
    status: str


class RiskOut(Schema):
    """A risk as lists show it."""

    id: UUID
    number: int
    title: str
    channel: str
    harms: list[str]
    likelihood: int
    impact: int
    treatment: str
    state: str
    review_on: date
    version: int


class RiskIn(Schema):
    """A new risk."""

    entity: str = Field(max_length=32)
    title: str = Field(min_length=1, max_length=200)
    channel: str = Field(max_length=20)
    harms: list[str] = Field(default=[], max_length=20)
    likelihood: int = Field(ge=1, le=5)
    likelihood_reason: str = Field(min_length=1, max_length=2000)
    impact: int = Field(ge=1, le=5)
    impact_reason: str = Field(min_length=1, max_length=2000)
    owner: UUID
    review_on: date
    department: UUID | None = None
    description: str = Field(default="", max_length=4000)
    measures: str = Field(default="", max_length=4000)
    treatment: str = Field(default="reduce", max_length=10)


class ReviewIn(Schema):
    """That a risk was looked at again."""

    expected_version: int = Field(ge=1, le=2**31 - 1)
    next_review: date
    note: str = Field(min_length=1, max_length=400)


class MeasureOut(Schema):
    """A recorded measure."""

    id: UUID
    proof: str
    happened_on: date
    ends_on: date | None
    covered: int
    needed: int
    withdrawn_at: datetime | None


class RunOut(Schema):
    """A run of the self-inspection."""

    id: UUID
    day: date
    state: str
    sha256: str
    version: int


class RowOut(Schema):
    """One row of a run."""

    row: str
    result: str
    have: int
    need: int
    change: str


class SeenIn(Schema):
    """The version that the caller saw."""

    expected_version: int = Field(ge=1, le=2**31 - 1)


def _entity(request: HttpRequest, code: str) -> LegalEntity:
    entity = entities_overseen(request.user).filter(code=code).first()
    if entity is None:
        raise Http404
    return entity


@router.get("/cockpit", response=CockpitOut)
def cockpit(request: HttpRequest, entity: str) -> dict[str, Any]:
    """Return the figures of a legal entity, named by its code, as last counted."""
    row = _entity(request, entity)
    gate.require(request.user, Action.ASSURANCE_VIEW, place_resource(row, None))
    shown = cockpit_of(row, None, LANGUAGE)
    return {
        "day": shown.day,
        "total": shown.total,
        "secrets": shown.secrets,
        "reached": shown.reached,
        "missing": shown.missing,
        "coverage": shown.coverage,
        "lived": shown.lived,
        "overdue": {item.key: item.count for item in shown.overdue},
        "notice": shown.notice,
        "status": shown.status,
    }


@router.get("/scores", response=list[ScoreOut])
@paginate(Paging)
def scores(request: HttpRequest) -> Any:
    """Return the scores of the secrets within the caller's remit."""
    remit = within(
        scopes_of(request.user, VIEWING), entity="secret__entity", path="secret__owner_department__path"
    )
    rows = SecretScore.objects.select_related("secret").filter(remit)
    return rows.filter(secret__in=secrets_visible_to(request.user).order_by().values("pk")).order_by(
        "total", "pk"
    )


@router.get("/scores/{secret_id}", response=DayScoreOut)
def score(request: HttpRequest, secret_id: UUID, day: date | None = None) -> dict[str, Any]:
    """Return the score of one secret at the end of a day, today without one."""
    secret: TradeSecret = found(secrets_visible_to(request.user), secret_id)
    resource = place_resource(secret.entity, secret.owner_department)
    gate.require(request.user, Action.ASSURANCE_VIEW, resource)
    today = today_of(secret.entity)
    wanted = today if day is None or day > today else day
    if wanted.year < 2000:  # noqa: PLR2004 - before any record can be
        raise Http404
    weights, item = score_on(secret.entity, wanted, secret.pk)
    if item is None:
        raise Http404
    return {
        "day": wanted,
        "total": round(item.score.total, 1),
        "pass_mark": item.score.pass_mark,
        "reached": item.score.reached,
        "strengths": {share.kind.id: round(share.strength, 3) for share in item.score.kinds},
        "missing": [
            {
                "proof": missing.proof.id,
                "have": missing.state.have if missing.state else 0,
                "need": missing.state.need if missing.state else 1,
            }
            for missing in item.missing
        ],
        "status": str(weights.table.origin.status),
    }


@router.get("/risks", response=list[RiskOut])
@paginate(Paging)
def risks(request: HttpRequest, state: str = "") -> Any:
    """Return the risks that the caller may see."""
    rows = risks_visible_to(request.user)
    rows = rows.filter(state=state) if state in Risk.State.values else rows
    return rows.order_by("entity__code", "number")


@router.get("/risks/{risk_id}", response=RiskOut)
def risk(request: HttpRequest, risk_id: UUID) -> Risk:
    """Return one risk."""
    row = risk_get(request.user, risk_id)
    if row is None:
        raise Http404
    return row


@router.post("/risks", response={201: RiskOut})
def risk_new(request: HttpRequest, data: RiskIn) -> Status:
    """Put a risk into the register."""
    entity = entities_visible(request.user).filter(code=data.entity).first()
    if entity is None:
        raise Http404
    department = found(Department.objects.filter(entity=entity), data.department) if data.department else None
    values = RiskValues(
        **data.dict(exclude={"entity", "department", "owner", "harms"}),
        harms=tuple(data.harms),
        owner=found(persons_visible(request.user), data.owner),
        department=department,
    )
    return Status(201, risk_create(actor=request.user, entity=entity, values=values))


@router.post("/risks/{risk_id}/review", response=RiskOut)
def risk_reviewed(request: HttpRequest, risk_id: UUID, data: ReviewIn) -> Risk:
    """Record that a risk was looked at again."""
    return risk_review(
        actor=request.user,
        risk_id=risk_id,
        expected_version=data.expected_version,
        next_review=data.next_review,
        note=data.note,
    )


@router.get("/measures", response=list[MeasureOut])
@paginate(Paging)
def measures(request: HttpRequest) -> Any:
    """Return the recorded measures within the caller's remit."""
    return MeasureRecord.objects.filter(within(scopes_of(request.user, VIEWING))).order_by(
        "-happened_on", "pk"
    )


@router.get("/self-inspections", response=list[RunOut])
@paginate(Paging)
def runs(request: HttpRequest) -> Any:
    """Return the runs that the caller may see."""
    return runs_visible_to(request.user).order_by("-day", "pk")


@router.post("/self-inspections", response={201: RunOut})
def run_new(request: HttpRequest, entity: str) -> Status:
    """Begin a run for a legal entity, named by its code."""
    return Status(201, self_inspection_open(actor=request.user, entity=_entity(request, entity)))


@router.get("/self-inspections/{run_id}/rows", response=list[RowOut])
def run_rows(request: HttpRequest, run_id: UUID) -> list[dict[str, Any]]:
    """Return the rows of a run."""
    run: SelfInspection = found(runs_visible_to(request.user), run_id)
    return [
        {
            "row": shown.item.row,
            "result": shown.item.final,
            "have": shown.item.have,
            "need": shown.item.need,
            "change": shown.change,
        }
        for shown in rows_shown(run)
    ]


@router.post("/self-inspections/{run_id}/freeze", response=RunOut)
def run_freeze(request: HttpRequest, run_id: UUID, data: SeenIn) -> SelfInspection:
    """Freeze a run."""
    return self_inspection_freeze(actor=request.user, run_id=run_id, expected_version=data.expected_version)


@router.post("/self-inspections/{run_id}/package")
def run_package(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Return the package of a run as a zip, in the caller's language."""
    found(runs_visible_to(request.user), run_id)
    content = self_inspection_export(actor=request.user, run_id=run_id, language=request.user.language)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="package.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)
