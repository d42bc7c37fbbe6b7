"""Which secrets a user may see in lists, as one database query, and single secrets by the gate.

The query says in SQL what the rules of `engine/policy/cedar` say about `secret.view_metadata`; a test
compares the two for every role and every secret of the demonstration company.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from shoumi.engine.policy import Action, Role, Subject
from shoumi.engine.policy.values import COMPANY
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.queries import requests_to_decide
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department
from shoumi.server.register.models import ScopeEntry, TradeSecret
from shoumi.server.register.models.search import search_text
from shoumi.server.register.queries.resources import secret_resource

State = TradeSecret.State
KNOWN = (State.REGISTERED, State.CHANGING, State.DECLASSIFIED)  # seen by those in the knowledge scope
WATCHING = (
    Role.DEPARTMENT_OWNER,
    Role.DEPARTMENT_SECRECY_OFFICER,
    Role.SECRECY_OFFICER,
    Role.LEADER,
    Role.LEGAL,
    Role.AUDITOR,
)
RELATED = ("entity", "owner_department", "custodian", "proposer")


def secrets_visible_to(user: User | AnonymousUser) -> QuerySet[TradeSecret]:
    """Return the secrets whose existence and description `user` may see, with what lists show selected."""
    rows = TradeSecret.objects.select_related(*RELATED)
    subject, now = gate.subject_of(user), clock().now()
    held = [(role.role, role.scope) for role in subject.roles if role.in_force(now)]
    ended = subject.ends_at is not None and subject.ends_at <= now
    external = any(role.role is Role.OUTSIDE_COUNSEL for role in subject.roles)
    if not subject.active or ended or external:  # outside counsel sees cases, and no case is attached yet
        return rows.none()
    own = Q(proposer_id=user.pk, legacy=False)
    not_private = ~Q(state=State.DRAFT) | own
    for role, scope in held:
        if role is Role.DEPARTMENT_SECRECY_OFFICER:
            not_private |= within(scope)
    watched = {scope for role, scope in held if role in WATCHING}
    if watched & {"", COMPANY}:  # nothing narrows it any more, and the database need not weigh the rest
        return rows.filter(not_private)
    wide = own | _decided_by(user)
    if subject.person is not None:
        wide |= Q(custodian_id=subject.person)
    if any(role is Role.EMPLOYEE for role, _scope in held):
        wide |= Q(state__in=KNOWN) & in_knowledge_scope(subject)
    for scope in watched:
        wide |= within(scope)
    return rows.filter(wide & not_private)


def secrets_found(rows: QuerySet[TradeSecret], text: str) -> QuerySet[TradeSecret]:
    """Return those of `rows` in whose name, number or description every word of `text` stands."""
    for word in search_text([text]).split():
        rows = rows.filter(search__contains=word)
    return rows


def secret_get(user: User, secret_id: UUID) -> TradeSecret | None:
    """Return the secret if it exists and the user may see it; None if it does not exist.

    Raises:
        NotPermittedError: the gate refuses.
    """
    secret = TradeSecret.objects.select_related(*RELATED).filter(pk=secret_id).first()
    if secret is not None:
        gate.require(user, Action.SECRET_VIEW_METADATA, secret_resource(secret))
    return secret


def within(scope: str, prefix: str = "") -> Q:
    """Return the condition “lies within the place of a role”; `prefix` is the path to the secret."""
    if scope in {"", COMPANY}:
        return Q(pk__isnull=False)
    kind, _colon, key = scope.partition(":")
    if kind == "entity":
        return Q(**{f"{prefix}entity_id": key})
    if kind == "department":
        return Q(**{f"{prefix}owner_department__path__contains": f"{UUID(key).hex}/"})
    return Q(pk__in=())


def in_knowledge_scope(subject: Subject) -> Q:
    """Return the condition “the knowledge scope includes the subject” on secrets."""
    departments = {*subject.departments, *([subject.department] if subject.department else [])}
    entities = list(
        Department.objects.filter(pk__in=departments, parent=None).values_list("entity", flat=True)
    )
    known = Q(entity__in=entities, pk__in=_named(kind=ScopeEntry.Kind.ALL_STAFF))
    known |= Q(pk__in=_named(kind=ScopeEntry.Kind.DEPARTMENTS, department_id__in=departments))
    known |= Q(pk__in=_named(kind=ScopeEntry.Kind.POSTS, post_id__in=subject.posts))
    if subject.person is not None:
        known |= Q(pk__in=_named(kind=ScopeEntry.Kind.PERSONS, person_id=subject.person))
    return known


def _named(**line: object) -> QuerySet[ScopeEntry]:
    """Return the secrets whose scope has such a line: each kind by an index of its own."""
    return ScopeEntry.objects.filter(**line).values("secret_id")


def _decided_by(user: User | AnonymousUser) -> Q:
    """Return the condition “waits for a decision of this user by name”."""
    if not isinstance(user, User):
        return Q(pk__in=())
    subjects = requests_to_decide(user).values_list("subject", flat=True)
    keys = [subject.removeprefix("secret:") for subject in subjects if subject.startswith("secret:")]
    return Q(pk__in=keys)
