"""Reads about users: the roles they hold, where they stand, what they have acknowledged, their tokens.

Where a person stands in the company is known to `people`, which supplies it through settings:
`SHOUMI_SUBJECT_LOADER` (user → Subject), `SHOUMI_PLACES_LOADER` (scope → it and all places above it),
`SHOUMI_SCOPES_LOADER` (places to choose, with names), `SHOUMI_PACK_LOADER` (user → law pack).
Without them, as in a test of this app alone, only the grants count.  Nothing here writes or decides.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.policy import (
    COMPANY,
    Action,
    Context,
    HeldRole,
    Resource,
    Role,
    Subject,
    decide,
    decide_each,
    resources,
)
from shoumi.server.accounts.models import (
    AccessToken,
    FourEyesState,
    KeyOperation,
    ReminderAcknowledgement,
    RoleGrant,
    User,
)
from shoumi.server.ledger.services import clock

ANONYMOUS = "anonymous"
_PACK_OF_LANGUAGE = {"ja": "jp"}  # for users whose legal entity is not known


@cache
def _imported(path: str) -> Callable[..., Any]:
    loader: Callable[..., Any] = import_string(path)
    return loader


def _loader(name: str) -> Callable[..., Any] | None:
    path = getattr(settings, name, "")
    return _imported(path) if path else None


# --- who a user is for the rules


def held_roles(user: User) -> frozenset[HeldRole]:
    """Return every approved grant of `user`, ended ones too: the rules look at the times themselves."""
    return frozenset(
        HeldRole(Role(grant.role), grant.scope or COMPANY, grant.starts_at, grant.ends_at)
        for grant in user.role_grants.all()
        if grant.state == FourEyesState.APPROVED
    )


def subject_by_grants(user: User) -> Subject:
    """Return the subject as far as this app knows it: its grants, and employee of the company."""
    roles = held_roles(user)
    if not any(held.role is Role.OUTSIDE_COUNSEL for held in roles):
        roles |= {HeldRole(Role.EMPLOYEE)}
    return Subject(id=str(user.pk), roles=roles, active=user.is_active)


def subject_of(user: User | AnonymousUser) -> Subject:
    """Return who `user` is for the rules; somebody who is not signed in is not active."""
    if not isinstance(user, User):
        return Subject(id=ANONYMOUS, active=False)
    loader = _loader("SHOUMI_SUBJECT_LOADER")
    subject: Subject = loader(user) if loader else subject_by_grants(user)
    return subject


def places_of(scope: str) -> frozenset[str]:
    """Return the place `scope` (empty: the company) and all places above it."""
    if not scope:
        return frozenset({COMPANY})
    loader = _loader("SHOUMI_PLACES_LOADER")
    above: frozenset[str] = frozenset(loader(scope)) if loader else frozenset()
    return above | {scope, COMPANY}


def scope_choices(*, closed: bool = False) -> list[tuple[str, str]]:
    """Return the places for which a role can be asked for, with their names; `closed` adds former ones."""
    loader = _loader("SHOUMI_SCOPES_LOADER")
    return list(loader(closed=closed)) if loader else []


def scope_label(scope: str) -> str:
    """Return the name of the place `scope`; its own text if nobody knows a name."""
    return dict(scope_choices(closed=True)).get(scope, scope) if scope else gettext("The whole company")


# --- grants and key operations


def role_grant_resource(grant: RoleGrant) -> Resource:
    """Return the grant as the rules see it."""
    return resources.role_grant(
        str(grant.pk),
        requester=str(grant.requested_by_id or "system"),
        grantee=str(grant.user_id),
        role=grant.role,
        places=places_of(grant.scope),
    )


def user_resource(user: User) -> Resource:
    """Return the account as something to be managed."""
    return resources.login(str(user.pk), subject_of(user).places)


def key_operation_resource(operation: KeyOperation) -> Resource:
    """Return the key operation as the rules see it."""
    return resources.key(str(operation.pk), requester=str(operation.requested_by_id))


def role_grants() -> QuerySet[RoleGrant]:
    """Return all grants with the persons in them, waiting ones first."""
    return RoleGrant.objects.select_related("user", "requested_by", "approved_by", "revoked_by").order_by(
        "-requested_at", "id"
    )


def role_holders(role: Role, scope: str | None = None) -> QuerySet[User]:
    """Return the active users who hold `role` now: for any place, or for `scope` or a place above it."""
    grants = _held_now(role)
    if scope is not None:
        grants = grants.filter(scope__in=[*places_of(scope), ""])
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))


def _held_now(role: Role) -> QuerySet[RoleGrant]:
    """Return the grants of `role` that are in force."""
    now = clock().now()
    return RoleGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        state=FourEyesState.APPROVED,
        role=role,
        starts_at__lte=now,
    )


def role_holders_by_place(role: Role) -> Mapping[str, set[object]]:
    """Return the ids of the active users who hold `role` now, by the place they hold it for; one query."""
    found: dict[str, set[object]] = defaultdict(set)
    for place, user in _held_now(role).filter(user__is_active=True).values_list("scope", "user_id"):
        found[place or COMPANY].add(user)
    return found


def waiting_grants(user: User) -> list[RoleGrant]:
    """Return the requested grants that `user` may decide on."""
    waiting = list(role_grants().filter(state=FourEyesState.REQUESTED))
    return _permitted(user, Action.ROLE_APPROVE, waiting)


def visible_grants(user: User, grants: QuerySet[RoleGrant]) -> list[RoleGrant]:
    """Return those of `grants` that `user` may see."""
    return _permitted(user, Action.ROLE_VIEW, list(grants))


def _permitted(user: User, action: Action, grants: list[RoleGrant]) -> list[RoleGrant]:
    wishes = [(action, role_grant_resource(grant)) for grant in grants]
    decisions = decide_each(subject_of(user), wishes, Context(clock().now()))
    labels = dict(scope_choices(closed=True))
    for grant in grants:
        grant.scope_label = (
            labels.get(grant.scope, grant.scope) if grant.scope else gettext("The whole company")
        )
    return [grant for grant, decision in zip(grants, decisions, strict=True) if decision.permitted]


def visible_users(user: User) -> list[User]:
    """Return the accounts that `user` may see, by sign-in name."""
    users = list(User.objects.order_by("username"))
    context = Context(clock().now())
    subject = subject_of(user)
    if decide(subject, Action.ACCOUNT_VIEW, resources.login("all"), context).permitted:
        return users
    wishes = [(Action.ACCOUNT_VIEW, user_resource(item)) for item in users]
    decisions = decide_each(subject, wishes, context)
    return [item for item, decision in zip(users, decisions, strict=True) if decision.permitted]


def installation_is_founded() -> bool:
    """Tell whether the first roles have been granted."""
    return RoleGrant.objects.exists()


# --- the reminder of the duty of confidentiality


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder in the words of one country, in one language."""

    pack: str
    version: str
    language: str
    sign_in: str  # to be acknowledged
    screen: str  # one line on every screen
    document: str  # on printed pages

    @property
    def sign_in_sha256(self) -> str:
        """Lower-case hex of the hash of the text that is acknowledged."""
        return hashlib.sha256(self.sign_in.encode()).hexdigest()


@cache
def _reminder(pack_id: str, language: str) -> Reminder:
    pack = load_pack(pack_id)
    texts = {
        place: pack.reminders[place].in_language(language) for place in ("sign_in", "screen", "document")
    }
    return Reminder(pack=pack_id, version=pack.reminder_version, language=language, **texts)


def pack_of(user: User | AnonymousUser, language: str) -> str:
    """Return the country whose wording `user` gets: the legal entity's, or else by language."""
    loader = _loader("SHOUMI_PACK_LOADER")
    named = loader(user) if loader and isinstance(user, User) else ""
    return str(named) if named else _PACK_OF_LANGUAGE.get(language, "cn")


def reminder_for(user: User | AnonymousUser, language: str) -> Reminder:
    """Return the reminder to show to `user` in `language` (a Django code such as `zh-hans`)."""
    return _reminder(pack_of(user, language), language)


def reminder_is_acknowledged(user: User, reminder: Reminder) -> bool:
    """Tell whether `user` has acknowledged this version."""
    return ReminderAcknowledgement.objects.filter(
        user=user, pack=reminder.pack, text_version=reminder.version
    ).exists()


# --- access tokens


def secret_sha256(secret: str) -> str:
    """Return what is stored of a token: lower-case hex of its SHA-256; random, so without salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_in_force(user: User) -> QuerySet[AccessToken]:
    """Return the user's tokens that are neither revoked nor expired."""
    return user.access_tokens.filter(revoked_at__isnull=True, expires_at__gt=clock().now())


def own_token(user: User, token_id: UUID) -> AccessToken:
    """Return one token of the user.

    Raises:
        Http404: the user has no such token.
    """
    return get_object_or_404(AccessToken, pk=token_id, user=user)


def token_of(secret: str) -> AccessToken | None:
    """Return the token with this secret if it is neither revoked nor expired and its user is active."""
    return (
        AccessToken.objects.select_related("user")
        .filter(
            secret_sha256=secret_sha256(secret),
            revoked_at__isnull=True,
            expires_at__gt=clock().now(),
            user__is_active=True,
        )
        .first()
    )
