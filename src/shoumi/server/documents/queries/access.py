"""Who sees which indexes, scans and findings, as database queries; single things by the gate.

The queries say in SQL what `engine/policy/cedar/documents.cedar` says; a test compares the two for every
sign-in of the demonstration company.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from shoumi.engine.policy import COMPANY, Action, Resource, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import places_of
from shoumi.server.documents.models import Match, MatchException, Scan, ScanPlan
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import department_places, entity_resource
from shoumi.server.register.queries.carriers.visible import roles_held

RUNNING = (Role.SECRECY_OFFICER, Role.IT_ADMINISTRATOR)
SEEING_SCANS = (*RUNNING, Role.AUDITOR)
SEEING_MATCHES = (
    Role.DEPARTMENT_OWNER,
    Role.DEPARTMENT_SECRECY_OFFICER,
    Role.SECRECY_OFFICER,
    Role.LEGAL,
    Role.AUDITOR,
)
HOLDERS = {
    Action.INDEX_VIEW: SEEING_SCANS,
    Action.INDEX_MANAGE: (Role.SECRECY_OFFICER,),
    Action.SCAN_START: RUNNING,
    Action.MATCH_EXPORT: (Role.SECRECY_OFFICER, Role.LEGAL),
}


def scopes_held(user: User | AnonymousUser, roles: Collection[Role]) -> list[str]:
    """Return the places for which `user` holds one of `roles` now."""
    held = roles_held(gate.subject_of(user)) or []
    return sorted({scope or COMPANY for role, scope in held if role in roles})


def index_place(user: User, action: Action) -> Resource:
    """Return the widest place in which `user` may do `action`, one of `HOLDERS`; else the company."""
    scopes = scopes_held(user, HOLDERS[action])
    scope = COMPANY if COMPANY in scopes or not scopes else scopes[0]
    return resources.unit(scope, places_of("" if scope == COMPANY else scope))


def entities_to_scan(user: User) -> list[LegalEntity]:
    """Return the legal entities for which `user` may start scans."""
    entities = list(LegalEntity.objects.order_by("code"))
    decisions = gate.decide_each(user, [(Action.SCAN_START, entity_resource(each)) for each in entities])
    return [each for each, decision in zip(entities, decisions, strict=True) if decision.permitted]


def scan_resource(scan: Scan) -> Resource:
    """Return a scan as the rules see it."""
    return resources.scan(str(scan.pk), {scan.entity.scope})


def plan_resource(plan: ScanPlan) -> Resource:
    """Return a plan as the rules see it: like the scans that it begins."""
    return resources.scan(str(plan.pk), {plan.entity.scope})


def match_resource(match: Match) -> Resource:
    """Return a finding as the rules see it: where its secret stands, or else where its scan does."""
    secret = match.secret
    places = department_places(secret.owner_department) if secret else {match.scan.entity.scope}
    return resources.match(str(match.pk), places=places)


def exception_resource(row: MatchException) -> Resource:
    """Return an exception as the rules see it: like its findings, with who called them harmless."""
    places = department_places(row.department) if row.department else {row.entity.scope}
    return resources.match(str(row.pk), proposer=str(row.proposed_by_id), places=places)


def scans_visible_to(user: User | AnonymousUser) -> QuerySet[Scan]:
    """Return the scans whose state, counts and paths `user` may see."""
    rows = Scan.objects.select_related("entity", "asked_by", "plan")
    return rows.filter(of_entities(scopes_held(user, SEEING_SCANS)))


def plans_visible_to(user: User | AnonymousUser) -> QuerySet[ScanPlan]:
    """Return the plans of scans that `user` may see."""
    rows = ScanPlan.objects.select_related("entity", "made_by")
    return rows.filter(of_entities(scopes_held(user, SEEING_SCANS)))


def of_entities(scopes: Iterable[str]) -> Q:
    """Return which rows with an `entity` lie within `scopes`."""
    found = Q(pk__in=())
    for scope in scopes:
        if scope == COMPANY:
            return Q(pk__isnull=False)
        kind, _colon, key = scope.partition(":")
        if kind == "entity":
            found |= Q(entity=key)
    return found


def matches_visible_to(user: User | AnonymousUser) -> QuerySet[Match]:
    """Return the findings that `user` may see, masked, with what lists show selected."""
    rows = Match.objects.select_related(
        "scan__entity", "file", "secret__owner_department__entity", "exception__proposed_by"
    )
    return rows.filter(_found(user, "secret__owner_department", Q(secret=None), "scan__entity"))


def exceptions_visible_to(user: User | AnonymousUser) -> QuerySet[MatchException]:
    """Return the exceptions whose findings `user` may see."""
    rows = MatchException.objects.select_related("entity", "department__entity", "proposed_by", "decided_by")
    return rows.filter(_found(user, "department", Q(department=None), "entity"))


def _found(user: User | AnonymousUser, department: str, nobodys: Q, entity: str) -> Q:
    """Return the condition of what was found in the remit of `user`; without a secret it is the entity's."""
    found = Q(pk__in=())
    for scope in scopes_held(user, SEEING_MATCHES):
        kind, _colon, key = scope.partition(":")
        if scope == COMPANY:
            return Q(pk__isnull=False)
        if kind == "entity":
            found |= Q(**{f"{department}__entity": key}) | (nobodys & Q(**{entity: key}))
        elif kind == "department":
            found |= Q(**{f"{department}__path__contains": f"{UUID(key).hex}/"})
    return found


def scan_get(user: User, scan_id: UUID, action: Action = Action.SCAN_VIEW) -> Scan | None:
    """Return the scan if it exists and `user` may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    scan = Scan.objects.select_related("entity", "asked_by", "plan").filter(pk=scan_id).first()
    if scan is not None:
        gate.require(user, action, scan_resource(scan))
    return scan


def match_get(user: User, match_id: UUID, action: Action = Action.MATCH_VIEW) -> Match | None:
    """Return the finding if it exists and `user` may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    rows = Match.objects.select_related(
        "scan__entity",
        "file__upload__file",
        "secret__owner_department__entity",
        "exception__proposed_by",
        "exception__decided_by",
    )
    match = rows.filter(pk=match_id).first()
    if match is not None:
        gate.require(user, action, match_resource(match))
    return match


def exception_get(
    user: User, exception_id: UUID, action: Action = Action.MATCH_VIEW
) -> MatchException | None:
    """Return the exception if it exists and `user` may do `action`; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    rows = MatchException.objects.select_related("entity", "department__entity", "proposed_by", "decided_by")
    row = rows.filter(pk=exception_id).first()
    if row is not None:
        gate.require(user, action, exception_resource(row))
    return row
