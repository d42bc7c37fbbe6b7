"""The API of the two secrets ledgers: lines, differences, a correction, a comparison, designations, notices.

Every call asks the same services and queries as the console.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.pagination import paginate

from shoumi.server.accounts.paging import Paging
from shoumi.server.people.queries import entities_visible
from shoumi.server.register.models import BookDifference, BookLine, Duty, ScopeNotice
from shoumi.server.register.models.books import FIELDS
from shoumi.server.register.queries.books import lines_visible_to
from shoumi.server.register.queries.duties import duties_visible_to
from shoumi.server.register.queries.scope_notices import notices_of
from shoumi.server.register.services.books import line_correct
from shoumi.server.register.services.reconciling import reconciliation_start
from shoumi.server.register.services.scope_notices import notices_acknowledge

router = Router()
LARGEST = 2**31 - 1
LARGEST_KEY = 2**63 - 1
TEXT = r"^[^\x00]*$"  # PostgreSQL stores no zero byte


class BookLineOut(Schema):
    """One line of one of the two books."""

    id: UUID
    secret: UUID
    number: str | None
    side: str
    standing: str
    name: str
    level: str
    period: str
    owner: str
    carrier_form: list[str]
    storage_place: str
    storage_form: list[str]
    keeper: str
    reading_scope: str
    head: str
    version: int

    @staticmethod
    def resolve_secret(row: BookLine) -> UUID:
        """Return the secret's id."""
        return row.secret_id

    @staticmethod
    def resolve_number(row: BookLine) -> str | None:
        """Return the secret's number."""
        return row.secret.number


class DifferenceOut(Schema):
    """Where the two books do not say the same."""

    id: UUID
    secret: UUID
    field: str
    owner_value: str | list[str] | int | None
    office_value: str | list[str] | int | None
    found_at: datetime
    resolved_at: datetime | None

    @staticmethod
    def resolve_secret(row: BookDifference) -> UUID:
        """Return the secret's id."""
        return row.secret_id


class CorrectionIn(Schema):
    """Another value for one of the nine fields, with its reason."""

    version: int = Field(ge=0, le=LARGEST)
    field: str = Field(max_length=20, pattern=f"^({'|'.join(FIELDS)})$")
    value: str | list[str]
    reason: str = Field(min_length=1, max_length=2000, pattern=TEXT)


class ComparisonOut(Schema):
    """How far a comparison is, and what it found."""

    id: UUID
    state: str
    total: int
    done: int
    found: int


class DutyOut(Schema):
    """The designation of a department, a post or a person."""

    id: UUID
    kind: str
    target: str
    department: str
    level: int
    proposed_level: int
    state: str
    review_on: date | None

    @staticmethod
    def resolve_target(row: Duty) -> str:
        """Return the name of what is designated."""
        return str(row.target)

    @staticmethod
    def resolve_department(row: Duty) -> str:
        """Return the department's name."""
        return str(row.department)


class NoticeOut(Schema):
    """What the caller was told about a knowledge scope."""

    id: int
    secret: UUID | None
    batch: UUID | None
    cause: str
    told_at: datetime
    acknowledged_at: datetime | None

    @staticmethod
    def resolve_secret(row: ScopeNotice) -> UUID | None:
        """Return the secret's id."""
        return row.secret_id

    @staticmethod
    def resolve_batch(row: ScopeNotice) -> UUID | None:
        """Return the batch's id."""
        return row.batch_id


class NoticesIn(Schema):
    """Which notices the caller takes note of."""

    ids: list[int] = Field(min_length=1, max_length=500)


class NoticesCountOut(Schema):
    """How many."""

    count: int


@router.get("/lines", response=list[BookLineOut])
@paginate(Paging)
def lines(request: HttpRequest, side: str = "", number: str = "") -> QuerySet[BookLine]:
    """List the lines that the caller may see, of one side or of one secret's number."""
    rows = lines_visible_to(request.user).order_by("secret__number", "side", "pk")
    if side:
        rows = rows.filter(side=side.replace("\x00", ""))
    return rows.filter(secret__number=number.replace("\x00", "")) if number else rows


@router.get("/differences", response=list[DifferenceOut])
@paginate(Paging)
def differences(request: HttpRequest, *, resolved: bool = False) -> QuerySet[BookDifference]:
    """List the differences that are open, or those resolved."""
    seen = lines_visible_to(request.user).values("secret_id")
    rows = BookDifference.objects.filter(secret__in=seen, resolved_at__isnull=not resolved)
    return rows.order_by("found_at", "pk")


@router.post("/lines/{line_id}/correct", response=BookLineOut)
def correct(request: HttpRequest, line_id: UUID, body: CorrectionIn) -> BookLine:
    """Correct one field of one side's line."""
    given = body.value
    clean = (
        given.replace("\x00", "") if isinstance(given, str) else [item.replace("\x00", "") for item in given]
    )
    line_correct(
        actor=request.user,
        line_id=line_id,
        expected_version=body.version,
        field=body.field,
        value=clean,
        reason=body.reason,
    )
    return BookLine.objects.select_related("secret").get(pk=line_id)


@router.post("/entities/{code}/compare", response={202: ComparisonOut})
def compare(request: HttpRequest, code: str) -> Status:
    """Have the two books of a legal entity compared."""
    entity = entities_visible(request.user).filter(code=code.replace("\x00", "")).first()
    if entity is None:
        raise Http404
    return Status(202, reconciliation_start(actor=request.user, entity=entity))


@router.get("/designations", response=list[DutyOut])
@paginate(Paging)
def designations(request: HttpRequest) -> QuerySet[Duty]:
    """List the designations that the caller may see."""
    return duties_visible_to(request.user).order_by("-proposed_at", "pk")


@router.get("/notices", response=list[NoticeOut])
@paginate(Paging)
def notices(request: HttpRequest) -> QuerySet[ScopeNotice]:
    """List what the caller was told, what waits first."""
    return notices_of(request.user)


@router.post("/notices/acknowledge", response=NoticesCountOut)
def acknowledge(request: HttpRequest, body: NoticesIn) -> dict[str, int]:
    """Take note of one's own notices."""
    known = [key for key in body.ids if 0 < key <= LARGEST_KEY]
    return {"count": notices_acknowledge(actor=request.user, notice_ids=known)}
