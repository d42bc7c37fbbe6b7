"""Which lines of the two ledgers a user may see, what they hold, and what is owed on them.

Follows the seed guide 五(一) and 五(二): archives are kept by level and category, used by permission.  The
query says in SQL what `engine/policy/cedar/ledgers.cedar` says about `book.view`; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from shoumi.engine.policy import Action, Resource, Role, resources
from shoumi.engine.policy.facts import BookFacts
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries import department_places, today_of
from shoumi.server.register.models import (
    BookDifference,
    BookEntry,
    BookLine,
    BookSignature,
    CatalogueEntry,
    TradeSecret,
)
from shoumi.server.register.models.books import Side
from shoumi.server.register.queries.book_values import IN_BOOKS, book_sha256
from shoumi.server.register.queries.catalogues import clearances_needed
from shoumi.server.register.queries.resources import level_rank
from shoumi.server.register.queries.secrets import within

KEEPERS = (Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER)  # seen up to their clearance
OVERSEERS = (Role.SECRECY_OFFICER, Role.LEADER, Role.LEGAL, Role.AUDITOR)
RANKS = {"core": 3, "important": 2, "general": 1}
DAYS_TO_SIGN = 10  # after the end of a month


@dataclass(frozen=True, slots=True)
class Book:
    """One book to be kept and signed: an owner department's, or the office's of a legal entity."""

    entity: LegalEntity
    department: Department | None = None  # None: the office's

    @property
    def side(self) -> str:
        """Whose book it is."""
        return Side.OFFICE if self.department is None else Side.OWNER

    @property
    def key(self) -> str:
        """The book in an address: `office` or the id of the department."""
        return str(self.department.pk) if self.department else "office"

    def lines(self) -> QuerySet[BookLine]:
        """Return the lines of the book."""
        rows = BookLine.objects.filter(side=self.side, secret__entity=self.entity)
        return rows.filter(secret__owner_department=self.department) if self.department else rows


@dataclass(frozen=True, slots=True)
class SigningState:
    """How a book stands with its signatures."""

    book: Book
    month: date  # the last month that is over
    signature: BookSignature | None  # of that month
    overdue: bool
    lines: int
    last: BookSignature | None = None


def line_rank(line: BookLine) -> int:
    """Return for which level one must be cleared to read a line: its own, or what its category asks for."""
    secret = line.secret
    if secret.state == TradeSecret.State.DECLASSIFIED:
        return 0
    return max(level_rank(secret), clearances_needed(secret.entity_id).get(secret.category, 0))


def _rank_of_line() -> Case:
    """Return the same as an expression for the database."""
    wanted = CatalogueEntry.objects.filter(
        catalogue=CatalogueEntry.Catalogue.ARCHIVE_ACCESS, confirmed_at__isnull=False, replaced_at=None
    )
    above = [
        When(
            secret__entity=row.entity_id,
            secret__category=row.item,
            secret__level__in=_below(rank),
            then=Value(rank),
        )
        for row in wanted
        for rank in [row.value["clearance"]]
    ]
    return Case(
        When(secret__state=TradeSecret.State.DECLASSIFIED, then=Value(0)),
        *above,
        *(When(secret__level=level, then=Value(rank)) for level, rank in RANKS.items()),
        default=Value(0),
        output_field=IntegerField(),
    )


def _below(rank: int) -> list[str]:
    return [level for level, its in RANKS.items() if its < rank]


def line_resource(line: BookLine) -> Resource:
    """Return a line as the rules see it."""
    secret = line.secret
    facts = BookFacts(
        side=line.side,
        level=line_rank(line),
        custodian=str(secret.custodian_id) if secret.custodian_id else None,
        places=department_places(secret.owner_department),
    )
    return resources.book(str(line.pk), facts)


def book_resource(book: Book, signer: object | None = None) -> Resource:
    """Return a whole book as the rules see it; `signer` is who signed what is to be received."""
    places = department_places(book.department) if book.department else frozenset({book.entity.scope})
    facts = BookFacts(side=book.side, level=0, signer=str(signer) if signer else None, places=places)
    return resources.book(f"{book.side}:{book.key}", facts)


def lines_visible_to(user: User | AnonymousUser) -> QuerySet[BookLine]:
    """Return the lines of both ledgers that `user` may see."""
    rows = BookLine.objects.select_related(
        "secret__entity", "secret__owner_department__owner", "secret__custodian"
    )
    subject, now = gate.subject_of(user), clock().now()
    ended = subject.ends_at is not None and subject.ends_at <= now
    external = any(role.role is Role.OUTSIDE_COUNSEL for role in subject.roles)
    if not subject.active or ended or external:
        return rows.none()
    wide, kept = Q(pk__in=()), Q(pk__in=())
    if subject.person is not None:
        wide |= Q(secret__custodian_id=subject.person)
    for held in subject.roles:
        if held.in_force(now) and held.role in OVERSEERS:
            wide |= within(held.scope, "secret__")
        elif held.in_force(now) and held.role in KEEPERS:
            kept |= within(held.scope, "secret__")
    return rows.alias(rank=_rank_of_line()).filter(wide | (kept & Q(rank__lte=subject.clearance)))


def book_of(entity: LegalEntity, key: str) -> Book | None:
    """Return a book by its key in an address; None if there is none."""
    if key == "office":
        return Book(entity)
    department = Department.objects.filter(entity=entity, pk=key).select_related("entity").first()
    return Book(entity, department) if department else None


def books_of(entity: LegalEntity) -> list[Book]:
    """Return every book of a legal entity that has lines, the office's first."""
    owners = BookLine.objects.filter(secret__entity=entity).order_by().values("secret__owner_department")
    rows = Department.objects.filter(pk__in=owners).select_related("entity").order_by("code")
    return [Book(entity), *(Book(entity, row) for row in rows)]


def month_before(day: date) -> date:
    """Return the first day of the month before that of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def signing_states(entity: LegalEntity, books: Iterable[Book] | None = None) -> list[SigningState]:
    """Return how the books of a legal entity stand with their signatures; a handful of queries."""
    today = today_of(entity)
    month, due = month_before(today), today.day > DAYS_TO_SIGN
    signatures = list(BookSignature.objects.filter(entity=entity).select_related("signed_by", "received_by"))
    states = []
    counts = _line_counts(entity)
    for book in books_of(entity) if books is None else books:
        key = book.department.pk if book.department else None
        own = [row for row in signatures if row.department_id == key]
        found = next((row for row in own if row.month == month), None)
        lines = counts.get(key, 0)
        states.append(
            SigningState(book, month, found, due and not found and lines > 0, lines, own[0] if own else None)
        )
    return states


def _line_counts(entity: LegalEntity) -> dict[object, int]:
    rows = BookLine.objects.filter(secret__entity=entity).order_by()
    owner = rows.filter(side=Side.OWNER).values_list("secret__owner_department").annotate(number=Count("pk"))
    return {**dict(owner), None: rows.filter(side=Side.OFFICE).count()}


def heads_of(book: Book) -> QuerySet[BookLine]:
    """Return secret and head of every line of a book, in the order in which its hash covers them."""
    return book.lines().order_by("secret_id").values_list("secret_id", "head")


def hash_of(book: Book) -> str:
    """Return the hash of a book as it stands."""
    pairs = heads_of(book).iterator(chunk_size=2000)
    return book_sha256((str(secret), head) for secret, head in pairs)


def events_entered(line_ids: Iterable[object]) -> dict[object, set[int]]:
    """Return the life events that each line holds, without those struck out."""
    found: dict[object, set[int]] = {}
    rows = BookEntry.objects.filter(line__in=list(line_ids), event__isnull=False).order_by("line", "ordinal")
    for line, event, cause in rows.values_list("line_id", "event_id", "cause"):
        held = found.setdefault(line, set())
        if cause == BookEntry.Cause.STRUCK:
            held.discard(event)
        else:
            held.add(event)
    return found


def differences_open(entity: LegalEntity) -> QuerySet[BookDifference]:
    """Return the differences of a legal entity that nobody has resolved."""
    rows = BookDifference.objects.filter(secret__entity=entity, resolved_at=None)
    return rows.select_related("secret__entity", "secret__owner_department", "secret__custodian", "event")


def secrets_to_compare(entity: LegalEntity) -> QuerySet[TradeSecret]:
    """Return the secrets that must have a line in both ledgers, in the order of the comparison."""
    return TradeSecret.objects.filter(entity=entity, state__in=IN_BOOKS).order_by("pk")


def permits_each(user: User, action: Action, lines: Iterable[BookLine]) -> list[BookLine]:
    """Return the lines to which `user` may do `action`."""
    known = list(lines)
    decisions = gate.decide_each(user, [(action, line_resource(line)) for line in known])
    return [line for line, decision in zip(known, decisions, strict=True) if decision.permitted]
