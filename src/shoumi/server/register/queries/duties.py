"""Secret departments, posts and persons: the catalogue of them, and what the secrets they may know speak for.

Follows the seed guide 四(一)6.  A department sees its own; the secrecy office, leaders, legal, HR and
auditors see those within their remit, and everybody what concerns themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from shoumi.engine.jurisdiction.duties import DutyProposal, load_duties, propose_duty
from shoumi.engine.policy import Resource, Role, resources
from shoumi.engine.policy.values import COMPANY
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post
from shoumi.server.people.queries import department_places, engaged_now
from shoumi.server.register.models import Duty, ScopeEntry, TradeSecret
from shoumi.server.register.queries.scope_notices import LIVE

READERS = (
    Role.SECRECY_OFFICER,
    Role.DEPARTMENT_OWNER,
    Role.DEPARTMENT_SECRECY_OFFICER,
    Role.HR,
    Role.LEGAL,
    Role.LEADER,
    Role.AUDITOR,
)
RANKS = {"core": 3, "important": 2, "general": 1}
Target = Department | Post | Person


def secrets_known_to(target: Target) -> QuerySet[TradeSecret]:
    """Return the registered secrets that a department, the holder of a post or a person may know now."""
    posts, people, above = _reach(target)
    entries = Q(kind=ScopeEntry.Kind.POSTS, post__in=posts)
    entries |= Q(kind=ScopeEntry.Kind.PERSONS, person__in=people)
    entries |= Q(kind=ScopeEntry.Kind.DEPARTMENTS, department__in=above)
    entries |= Q(
        kind=ScopeEntry.Kind.ALL_STAFF,
        secret__entity__in=Department.objects.filter(pk__in=above).values("entity"),
    )
    keys = ScopeEntry.objects.filter(entries).values("secret_id")
    return TradeSecret.objects.filter(pk__in=keys, state__in=LIVE)


def highest_secret(target: Target) -> int:
    """Return the highest level among the secrets that a target may know, 0 for none."""
    levels = secrets_known_to(target).order_by().values_list("level", flat=True).distinct()
    return max((RANKS.get(level, 0) for level in levels), default=0)


def proposal_for(target: Target, pack_id: str, grades: Mapping[str, int | None]) -> DutyProposal:
    """Return the level that the risk and the secrets of a target speak for."""
    return propose_duty(load_duties(pack_id), grades, highest_secret(target))


def department_of(target: Target) -> Department | None:
    """Return the department that a target is or belongs to; None for a person who does not work here now."""
    if isinstance(target, Department):
        return target
    if isinstance(target, Post):
        return target.department
    rows = Engagement.objects.filter(engaged_now(), person=target).select_related("department__entity")
    row = rows.order_by("-post__level", "starts_on").first()
    return row.department if row else None


def duty_resource(duty: Duty) -> Resource:
    """Return a designation as the rules see it."""
    return resources.duty(
        str(duty.pk),
        person=str(duty.person_id) if duty.person_id else None,
        post=str(duty.post_id) if duty.post_id else None,
        places=department_places(duty.department),
    )


def duties_visible_to(user: User | AnonymousUser) -> QuerySet[Duty]:
    """Return the designations that `user` may see."""
    rows = Duty.objects.select_related("entity", "department", "post__department", "person", "proposed_by")
    subject, now = gate.subject_of(user), clock().now()
    ended = subject.ends_at is not None and subject.ends_at <= now
    external = any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles)
    if not subject.active or ended or external:
        return rows.none()
    wide = Q(pk__in=())
    if subject.person is not None:
        wide |= Q(person_id=subject.person) | Q(post_id__in=subject.posts)
    for held in subject.roles:
        if held.in_force(now) and held.role in READERS:
            wide |= _within(held.scope)
    return rows.filter(wide)


def undesignated(entities: Iterable[LegalEntity]) -> list[tuple[Post, int]]:
    """Return posts that may know secrets above their own level, with the highest level; two queries."""
    posts = Post.objects.filter(department__entity__in=list(entities), closed_on=None)
    lines = ScopeEntry.objects.filter(secret__state__in=LIVE).exclude(kind=ScopeEntry.Kind.PERSONS)
    named = ("kind", "post", "department", "secret__entity", "secret__level")
    highest: dict[tuple[str, UUID], int] = defaultdict(int)
    for kind, post, department, entity, level in lines.order_by().values_list(*named).distinct():
        key = (kind, post or department or entity)
        highest[key] = max(highest[key], RANKS.get(level, 0))
    found = []
    for post in posts.select_related("department__entity"):
        reach = [(ScopeEntry.Kind.POSTS, post.pk), (ScopeEntry.Kind.ALL_STAFF, post.department.entity_id)]
        reach += [(ScopeEntry.Kind.DEPARTMENTS, key) for key in post.department.path_ids]
        known = max(highest.get((str(kind), key), 0) for kind, key in reach)
        if known > post.level:
            found.append((post, known))
    return found


def _reach(target: Target) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Return the posts, persons and departments (with all above) through which a target knows secrets."""
    if isinstance(target, Department):
        posts = set(Post.objects.filter(department=target, closed_on=None).values_list("pk", flat=True))
        return posts, set(), set(target.path_ids)
    if isinstance(target, Post):
        return {target.pk}, set(), set(target.department.path_ids)
    rows = list(Engagement.objects.filter(engaged_now(), person=target).select_related("department"))
    above = {key for row in rows for key in row.department.path_ids}
    return {row.post_id for row in rows if row.post_id}, {target.pk}, above


def _within(scope: str) -> Q:
    if scope in {"", COMPANY}:
        return Q(pk__isnull=False)
    kind, _colon, key = scope.partition(":")
    if kind == "entity":
        return Q(entity_id=key)
    if kind == "department":
        return Q(department__path__contains=f"{UUID(key).hex}/")
    return Q(pk__in=())
