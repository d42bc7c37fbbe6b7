"""The API of operations, below /api/v1/operations: list, get, ask, save, submit, withdraw, third parties.

Every call asks the same services and queries as the console.  Carrying out, giving back and witnessing are
signed with a password at the console; deciding is under /api/v1/approvals.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.register.models import Operation
from shoumi.server.register.operation_values import Thing, Wish
from shoumi.server.register.queries.operations.lists import (
    operation_get,
    operations_visible_to,
    third_parties_visible_to,
)
from shoumi.server.register.services.operations import requests

router = Router()
SHORT, LONG = 300, 2000  # characters of the longest texts
MOST_THINGS = 500


class LineOut(Schema):
    """One thing an operation is about."""

    id: int
    secret_id: UUID
    carrier_id: UUID | None
    file_id: UUID | None
    state: str
    method: str
    condition: str


class OperationOut(Schema):
    """An operation as lists show it."""

    id: UUID
    number: str | None
    kind: str
    state: str
    level: str
    department_id: UUID
    requester_id: UUID
    receiver_id: UUID | None
    third_party_id: UUID | None
    to_zone_id: UUID | None
    due_on: date | None
    let_in: bool
    version: int
    created_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    begun_at: datetime | None
    closed_at: datetime | None


class OperationDetailOut(OperationOut):
    """An operation with its answers and lines."""

    purpose: str
    method: str
    copies: int
    what: str
    where: str
    ends_secret: bool
    conditions: str
    outcome_reason: str
    lines: list[LineOut]

    @staticmethod
    def resolve_lines(row: Operation) -> list[Any]:
        """Return the lines in their order."""
        return list(row.lines.order_by("pk"))


class ThingIn(Schema):
    """A carrier or file of a secret, or the secret as a whole."""

    secret: UUID
    carrier: UUID | None = None
    file: UUID | None = None


class WishIn(Schema):
    """The answers; each kind needs some of them, and the submission names what is missing."""

    purpose: str = Field("", max_length=LONG)
    receiver: UUID | None = None
    due_on: date | None = None
    method: str = Field("", max_length=12)
    copies: int = Field(1, ge=1, le=99)
    to_zone: UUID | None = None
    third_party: UUID | None = None
    what: str = Field("", max_length=SHORT)
    where: str = Field("", max_length=SHORT)
    ends_secret: bool = False


class OperationIn(WishIn):
    """A new request: what, about which things, with which answers."""

    kind: str = Field(..., pattern="^(consult|borrow|copy|transfer|disclose|release|destroy|scrap|repair)$")
    things: list[ThingIn] = Field(..., min_length=1, max_length=MOST_THINGS)


class OperationChange(WishIn):
    """The answers of a draft, and the version they were made from."""

    expected_version: int = Field(..., ge=0, le=2**31 - 1)


class OperationVersionIn(Schema):
    """The version that the caller looked at."""

    expected_version: int = Field(..., ge=0, le=2**31 - 1)


class WithdrawIn(Schema):
    """Why a request is taken back."""

    reason: str = Field("", max_length=LONG)


class ThirdPartyOut(Schema):
    """A third party."""

    id: UUID
    name: str
    registration_number: str
    contact: str
    department_id: UUID


@router.get("", response=list[OperationOut], operation_id="operation_list")
@paginate(Paging)
def operation_list(request: HttpRequest, state: str = "", kind: str = "", q: str = "") -> Any:
    """List the operations that the caller may see, the newest first."""
    rows = operations_visible_to(request.user)
    given = {"state": state, "kind": kind, "number__icontains": q}
    return rows.filter(**{name: value for name, value in given.items() if value}).order_by(
        "-created_at", "pk"
    )


@router.post("", response={201: OperationDetailOut}, operation_id="operation_draft")
def operation_draft(request: HttpRequest, body: OperationIn) -> Status:
    """Begin a request; submit it when its answers are complete."""
    things = [Thing(item.secret, item.carrier, item.file) for item in body.things]
    row = requests.operation_draft(actor=request.user, kind=body.kind, things=things, wish=_wish(body))
    return Status(201, row)


@router.get("/third-parties", response=list[ThirdPartyOut], operation_id="third_party_list")
@paginate(Paging)
def third_party_list(request: HttpRequest) -> Any:
    """List the third parties that the caller may see."""
    return third_parties_visible_to(request.user).order_by("name", "pk")


@router.get("/{operation_id}", response=OperationDetailOut, operation_id="operation_get")
def operation_read(request: HttpRequest, operation_id: UUID) -> Operation:
    """Return one operation."""
    return operation_get(request.user, operation_id)


@router.patch("/{operation_id}", response=OperationDetailOut, operation_id="operation_save")
def operation_save(request: HttpRequest, operation_id: UUID, body: OperationChange) -> Operation:
    """Replace the answers of a draft."""
    return requests.operation_save(
        actor=request.user,
        operation_id=operation_id,
        expected_version=body.expected_version,
        wish=_wish(body),
    )


@router.post("/{operation_id}/submit", response=OperationDetailOut, operation_id="operation_submit")
def operation_submit(request: HttpRequest, operation_id: UUID, body: OperationVersionIn) -> Operation:
    """Put a draft to approval."""
    return requests.operation_submit(
        actor=request.user, operation_id=operation_id, expected_version=body.expected_version
    )


@router.post("/{operation_id}/withdraw", response=OperationDetailOut, operation_id="operation_withdraw")
def operation_withdraw(request: HttpRequest, operation_id: UUID, body: WithdrawIn) -> Operation:
    """Take a request back before it is carried out."""
    return requests.operation_withdraw(actor=request.user, operation_id=operation_id, reason=body.reason)


def _wish(body: WishIn) -> Wish:
    return Wish(
        purpose=body.purpose,
        receiver=body.receiver,
        due_on=body.due_on,
        method=body.method,
        copies=body.copies,
        to_zone=body.to_zone,
        third_party=body.third_party,
        what=body.what,
        where=body.where,
        ends_secret=body.ends_secret,
    )
