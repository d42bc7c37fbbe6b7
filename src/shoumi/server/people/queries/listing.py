"""Rows that a user may see: persons, departments, entities, scoped exactly as the rules would decide.

The roles named here are those of `engine/policy/cedar/people.cedar`; a test compares both for every role and
every person of a company.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from shoumi.engine.policy import COMPANY, Role, Subject
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post
from shoumi.server.people.queries.days import engaged_now
from shoumi.server.people.queries.sets import within_any
from shoumi.server.people.readings import words_of

READERS = frozenset(
    {
        Role.HR,
        Role.LEGAL,
        Role.SECRECY_OFFICER,
        Role.DEPARTMENT_OWNER,
        Role.DEPARTMENT_SECRECY_OFFICER,
        Role.AUDITOR,
    }
)
LOOKING_UP = READERS | {Role.EMPLOYEE}


def scopes_of(user: User, roles: Iterable[Role]) -> frozenset[str]:
    """Return the places for which `user` holds one of `roles` now; none for whom every rule refuses."""
    subject = gate.subject_of(user)
    now = clock().now()
    if not _may_act(subject) or any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles):
        return frozenset()
    wanted = set(roles)
    return frozenset(held.scope for held in subject.roles if held.role in wanted and held.in_force(now))


def persons_within(scopes: Iterable[str], path: str = "pk") -> Q:
    """Return the condition that the person at `path` stands in one of `scopes`."""
    places = set(scopes)
    if COMPANY in places:
        return Q(**{f"{path}__isnull": False})  # everybody; an empty Q would vanish beside others
    found: list[QuerySet] = []
    entities = _ids(places, "entity")
    if entities:
        found.append(Person.objects.filter(entity__in=entities).values("pk"))
        found += _engaged_within(Q(department__entity__in=entities), Q(last_entity__in=entities))
    departments = Department.objects.filter(pk__in=_ids(places, "department"))
    for path_ in departments.values_list("path", flat=True):
        found += _engaged_within(Q(department__path__startswith=path_), Q(last_path__startswith=path_))
    return within_any(found, path)


def _engaged_within(there: Q, last_there: Q) -> list[QuerySet]:
    """Return who works there now, and who works nowhere any more and last stood there."""
    stays = Engagement.objects.filter(there)
    current = Engagement.objects.filter(engaged_now(), person=OuterRef("pk"))
    gone = _with_last_place(Person.objects.filter(pk__in=stays.order_by().values("person")))
    return [
        stays.filter(engaged_now()).values("person"),
        gone.filter(~Exists(current), last_there).values("pk"),
    ]


def _with_last_place(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Return the rows with where each person last stood."""
    latest = Engagement.objects.filter(person=OuterRef("pk")).order_by("-starts_on", "-pk")
    return rows.annotate(
        last_path=Subquery(latest.values("department__path")[:1]),
        last_entity=Subquery(latest.values("department__entity")[:1]),
    )


def persons() -> QuerySet[Person]:
    """Return all persons with today's engagements as `current`."""
    today = Engagement.objects.filter(engaged_now()).select_related("department__entity", "post")
    return Person.objects.select_related("entity").prefetch_related(
        Prefetch("engagements", today.order_by("starts_on", "pk"), to_attr="current")
    )


def persons_visible(user: User, roles: Iterable[Role] = LOOKING_UP) -> QuerySet[Person]:
    """Return the persons whom `user` may look up (or, with `READERS`, whose record they may read)."""
    subject = gate.subject_of(user)
    own = Q(pk=subject.person) if subject.person and _may_act(subject) else Q(pk__in=())
    return persons().filter(own | persons_within(scopes_of(user, roles)))


def persons_found(rows: QuerySet[Person], query: str) -> QuerySet[Person]:
    """Return the rows that hold every word of `query` in name, number or reading."""
    for word in words_of(query):
        rows = rows.filter(search__contains=word)
    return rows


def persons_of(department: Department, *, below: bool = False) -> QuerySet[Person]:
    """Return the persons engaged in a department today, with `below` also in those under it."""
    where = Q(department__path__startswith=department.path) if below else Q(department=department)
    engaged = Engagement.objects.filter(engaged_now(), where, person=OuterRef("pk"))
    return persons().filter(Exists(engaged))


def departments_visible(user: User) -> QuerySet[Department]:
    """Return the departments that `user` may see, in the order of their codes."""
    scopes = scopes_of(user, LOOKING_UP)
    rows = Department.objects.select_related("entity", "parent", "owner").order_by("entity__code", "code")
    if COMPANY in scopes:
        return rows
    within = Q(entity__in=_ids(scopes, "entity"))
    roots = Department.objects.filter(pk__in=_ids(scopes, "department"))
    for path in roots.values_list("path", flat=True):
        within |= Q(path__startswith=path)
    return rows.filter(within)


def entities_visible(user: User) -> QuerySet[LegalEntity]:
    """Return the legal entities of which `user` may see at least one department, or the entity itself."""
    scopes = scopes_of(user, LOOKING_UP)
    if COMPANY in scopes:
        return LegalEntity.objects.all()
    below = departments_visible(user).order_by().values("entity")
    return LegalEntity.objects.filter(Q(pk__in=_ids(scopes, "entity")) | Q(pk__in=below))


def posts_visible(user: User) -> QuerySet[Post]:
    """Return the posts in the departments that `user` may see."""
    departments = departments_visible(user).order_by().values("pk")
    return Post.objects.filter(department__in=departments).select_related("department__entity")


def _may_act(subject: Subject) -> bool:
    return subject.active and (subject.ends_at is None or clock().now() < subject.ends_at)


def _ids(scopes: Iterable[str], kind: str) -> list[UUID]:
    found = []
    for scope in scopes:
        head, _, identifier = scope.partition(":")
        if head == kind:
            found.append(UUID(identifier))
    return found
