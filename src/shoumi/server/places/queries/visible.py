"""Rows that a user may see: zones, visits, designations and plans, scoped exactly as the rules decide.

The roles named here are those of `engine/policy/cedar/places.cedar`; a test compares both for every role and
every row of the demonstration company.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shoumi.engine.policy import COMPANY, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.places.models import Designation, EntryPermission, FloorPlan, Guard, Visit, Zone
from shoumi.server.places.queries.holding import guarding_now, held_now

MANAGERS = frozenset({Role.SECRECY_OFFICER, Role.DEPARTMENT_OWNER, Role.DEPARTMENT_SECRECY_OFFICER})
VISIT_READERS = MANAGERS | {Role.LEADER, Role.AUDITOR}
ZONE_READERS = VISIT_READERS | {Role.LEGAL}
DOORKEEPERS = frozenset({Role.SECRECY_OFFICER, Role.DEPARTMENT_SECRECY_OFFICER})
NOTHING = Q(pk__in=())


def zones() -> QuerySet[Zone]:
    """Return all zones with what their places need."""
    return Zone.objects.select_related("entity", "department__entity")


def zones_visible_to(user: User) -> QuerySet[Zone]:
    """Return the zones that `user` may see."""
    return zones().filter(within(scopes_of(user, ZONE_READERS)) | _own(user) | _kept(user, OuterRef("pk")))


def zones_managed_by(user: User) -> QuerySet[Zone]:
    """Return the zones that `user` may change."""
    if scopes_of(user, [Role.AUDITOR]):
        return zones().none()
    return zones().filter(within(scopes_of(user, MANAGERS)))


def zones_kept_by(user: User) -> QuerySet[Zone]:
    """Return the open zones at whose entrances `user` may record who enters and leaves."""
    if scopes_of(user, [Role.AUDITOR]):
        return zones().none()
    kept = within(scopes_of(user, DOORKEEPERS)) | _kept(user, OuterRef("pk"))
    return zones().filter(kept, closed_on__isnull=True)


def zones_to_visit(user: User) -> QuerySet[Zone]:
    """Return the open zones for which `user` may ask for a visit."""
    return zones().filter(within(scopes_of(user, [Role.EMPLOYEE])), closed_on__isnull=True)


def visits_visible_to(user: User) -> QuerySet[Visit]:
    """Return the visits that `user` may see."""
    rows = Visit.objects.select_related(
        "zone__entity", "zone__department__entity", "host", "escort", "requested_by"
    )
    within_remit = within(scopes_of(user, VISIT_READERS), "zone__")
    subject = gate.subject_of(user)
    if not _acts(user):
        return rows.none()
    own = Q(requested_by=user)
    if subject.person:
        own |= Q(host=subject.person) | Q(escort=subject.person)
    return rows.filter(within_remit | own | _kept(user, OuterRef("zone")))


def plans_visible_to(user: User) -> QuerySet[FloorPlan]:
    """Return the plans of the entities that `user` looks after, and those with a zone that they see."""
    scopes = scopes_of(user, ZONE_READERS)
    rows = FloorPlan.objects.select_related("entity", "picture")
    if COMPANY in scopes:
        return rows
    seen = zones_visible_to(user).order_by().values("pk")
    return rows.filter(Q(entity__in=_ids(scopes, "entity")) | Q(outlines__zone__in=seen)).distinct()


def designations_visible_to(user: User) -> QuerySet[Designation]:
    """Return the key departments and key places within `user`'s remit."""
    rows = Designation.objects.select_related(
        "entity",
        "department__entity",
        "zone__entity",
        "zone__department__entity",
        "proposed_by",
        "decided_by",
    )
    scopes = scopes_of(user, ZONE_READERS)
    departments = Q(department__isnull=False) & within(scopes, "", entity="entity", department="department")
    return rows.filter(departments | (Q(zone__isnull=False) & within(scopes, "zone__")))


def entities_managed_by(user: User) -> QuerySet[LegalEntity]:
    """Return the legal entities in which `user` manages zones, in the whole or in a department."""
    if scopes_of(user, [Role.AUDITOR]):
        return LegalEntity.objects.none()
    scopes = scopes_of(user, MANAGERS)
    if COMPANY in scopes:
        return LegalEntity.objects.all()
    departments = Department.objects.filter(pk__in=_ids(scopes, "department"))
    below = departments.order_by().values("entity")
    return LegalEntity.objects.filter(Q(pk__in=_ids(scopes, "entity")) | Q(pk__in=below))


def departments_managed_by(user: User) -> QuerySet[Department]:
    """Return the open departments whose zones `user` may manage."""
    rows = Department.objects.select_related("entity").filter(closed_on__isnull=True)
    if scopes_of(user, [Role.AUDITOR]):
        return rows.none()
    within_remit = within(scopes_of(user, MANAGERS), entity="entity", department="")
    return rows.filter(within_remit).order_by("entity__code", "path")


def within(
    scopes: Iterable[str], prefix: str = "", *, entity: str = "entity", department: str = "department"
) -> Q:
    """Return the condition that a row, whose zone stands at `prefix`, lies in one of `scopes`."""
    places = set(scopes)
    if COMPANY in places:
        return ~NOTHING
    found = Q(**{f"{prefix}{entity}__in": _ids(places, "entity")})
    path = "__".join(part for part in (department, "path__startswith") if part)
    roots = Department.objects.filter(pk__in=_ids(places, "department")).values_list("path", flat=True)
    for root in roots:
        found |= Q(**{f"{prefix}{path}": root})
    return found


def _own(user: User) -> Q:
    """Return the condition that a zone is of the user's own department, or that they may enter it."""
    subject = gate.subject_of(user)
    if not scopes_of(user, [Role.EMPLOYEE]):
        return NOTHING
    departments = [item for item in (subject.department, *subject.departments) if item]
    reach = Q(department__in=departments) | Q(post__in=subject.posts)
    if subject.person:
        reach |= Q(person=subject.person)
    held = EntryPermission.objects.filter(held_now(), reach, zone=OuterRef("pk"))
    return Q(department__in=departments) | Q(Exists(held))


def _kept(user: User, zone: OuterRef) -> Q:
    """Return the condition that the user keeps an entrance of the row's zone."""
    person = gate.subject_of(user).person
    if not person or not _acts(user):
        return NOTHING
    return Q(Exists(Guard.objects.filter(guarding_now(), person=person, zone=zone)))


def _acts(user: User) -> bool:
    """Tell whether the rules that bind everyone let the user act at all."""
    subject = gate.subject_of(user)
    outside = any(held.role is Role.OUTSIDE_COUNSEL for held in subject.roles)
    return subject.active and not outside and (subject.ends_at is None or clock().now() < subject.ends_at)


def _ids(scopes: Iterable[str], kind: str) -> list[UUID]:
    pairs = (scope.partition(":") for scope in scopes)
    return [UUID(key) for head, _colon, key in pairs if head == kind]
