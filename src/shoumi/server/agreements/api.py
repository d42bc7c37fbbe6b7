"""The API of agreements, below /api/v1/agreements/: agreements, who needs which, and the coverage.

No text and no sum is told; whoever may read them does so in the console, where each opening is recorded.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.agreements.models import Agreement, Need
from shoumi.server.agreements.queries.coverage import coverage, needs_visible_to
from shoumi.server.agreements.queries.visible import agreements_visible_to

router = Router()


class AgreementOut(Schema):
    """One agreement: with whom, of which kind, where it stands, and the hash of what is signed."""

    id: UUID
    kind: str
    person: UUID | None
    state: str
    offered_at: datetime | None
    in_force_from: date | None
    ends_on: date | None
    pdf_sha256: str

    @staticmethod
    def resolve_person(row: Agreement) -> UUID | None:
        """Return the person's id, none for another party."""
        return row.person_id

    @staticmethod
    def resolve_pdf_sha256(row: Agreement) -> str:
        """Return the hash of the PDF, empty for a draft."""
        return row.pdf.sha256 if row.pdf else ""


class AgreementNeedOut(Schema):
    """That a person needs a kind of agreement before a moment, and how it stands."""

    person: UUID
    kind: str
    before: str
    status: str
    level: int
    agreement: UUID | None
    checked_at: datetime

    @staticmethod
    def resolve_person(row: Need) -> UUID:
        """Return the person's id."""
        return row.person_id

    @staticmethod
    def resolve_agreement(row: Need) -> UUID | None:
        """Return the agreement's id."""
        return row.agreement_id


class CoverageCellOut(Schema):
    """One level of post and kind of agreement."""

    level: int
    kind: str
    needed: int
    covered: int
    missing: int


class AgreementCoverageOut(Schema):
    """All needs that I may know of, counted."""

    cells: list[CoverageCellOut]
    states: dict[str, int]


@router.get("/", response=list[AgreementOut], operation_id="agreement_list")
@paginate(Paging)
def agreement_list(request: HttpRequest, state: str = "", kind: str = "") -> object:
    """Return the agreements of which I may know, newest first."""
    wanted = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    rows = agreements_visible_to(request.user).filter(**wanted).defer("library__form")
    return rows.order_by("-created_at", "pk")


@router.get("/needs", response=list[AgreementNeedOut], operation_id="agreement_need_list")
@paginate(Paging)
def agreement_need_list(request: HttpRequest, status: str = "") -> object:
    """Return who needs which agreement, as it was counted last."""
    rows = needs_visible_to(request.user)
    return (rows.filter(status=status) if status else rows).order_by("person", "kind", "pk")


@router.get("/coverage", response=AgreementCoverageOut, operation_id="agreement_coverage")
def agreement_coverage(request: HttpRequest) -> object:
    """Return the coverage by level of post and kind."""
    return coverage(needs_visible_to(request.user))
