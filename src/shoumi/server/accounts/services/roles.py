"""Grants roles by four eyes: one person asks, another approves, and the rules see to it.

The founding of an installation is the one exception: it grants the first two roles, once.
Each service writes one ledger entry; who holds what is read by `queries`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.models import FourEyesState, RoleGrant, User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag, Tag

INDISPENSABLE = (Role.SECRECY_OFFICER, Role.LEADER)  # without one of each nobody could grant anything
SCOPE_KINDS = ("entity:", "department:", "case:")


class GrantStateError(ConflictError):
    """The grant is not in a state that allows this."""

    code = "accounts.grant_state"
    message = "The role grant is {state}; this is not possible any more."


class GrantExistsError(ConflictError):
    """The same role for the same place is held or asked for already."""

    code = "accounts.grant_exists"
    message = "{name} holds this role already, or it has been requested."


class LastOfficerError(ConflictError):
    """Taking this role away would leave nobody to grant roles."""

    code = "accounts.last_officer"
    message = "This is the last grant of its kind; grant the role to another person first."


class AlreadyFoundedError(ConflictError):
    """The first roles have been granted long ago."""

    code = "accounts.already_founded"
    message = "The installation has been founded already; roles are granted in the console."


class GrantFormError(InputError):
    """The grant asked for cannot be: its place or its time is wrong."""

    code = "accounts.grant_form"
    message = "The role grant cannot be requested: {reason}"


def role_request(  # noqa: PLR0913 - the facts of a grant, each named
    *,
    actor: User,
    user: User,
    role: Role,
    scope: str = "",
    reason: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Ask that `user` gets `role` for `scope` (empty: the company); somebody else has to approve.

    Raises:
        NotPermittedError: `actor` may not ask for this.
        GrantFormError: place or time do not fit the role.
        GrantExistsError: it is held or asked for already.
    """
    now = clock().now()
    _check_form(role, scope, starts_at or now, ends_at)
    grant = RoleGrant(
        user=user,
        role=role,
        scope=scope,
        reason=reason,
        requested_by=actor,
        requested_at=now,
        starts_at=starts_at or now,
        ends_at=ends_at,
    )
    gate.require(actor, Action.ROLE_REQUEST, queries.role_grant_resource(grant))
    with transaction.atomic():
        _store(grant)
        _record(LedgerTag.ACCOUNTS_ROLE_REQUESTED, actor, grant, reason=reason)
    return grant


def _check_form(role: Role, scope: str, starts_at: datetime, ends_at: datetime | None) -> None:
    if scope and not scope.startswith(SCOPE_KINDS):
        raise GrantFormError(reason="the place is not a legal entity, a department or a case.")
    if ends_at is not None and ends_at <= starts_at:
        raise GrantFormError(reason="it ends before it begins.")
    if role is Role.OUTSIDE_COUNSEL and (ends_at is None or not scope.startswith("case:")):
        raise GrantFormError(reason="outside counsel needs a case and an end.")


def _store(grant: RoleGrant) -> None:
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        raise GrantExistsError(name=grant.user.display_name) from error


def _record(tag: Tag, actor: User, grant: RoleGrant, **detail: str) -> None:
    gate.forget_subjects()
    append(
        tag,
        actor=actor.ledger_actor,
        subject=f"role_grant:{grant.pk}",
        detail={
            "user": str(grant.user_id),
            "role": str(grant.role),
            "scope": grant.scope or "company",
            **detail,
        },
    )


def _locked(grant: RoleGrant, *states: FourEyesState) -> RoleGrant:
    """Return the grant as it is now, held until the transaction ends, if it is in one of `states`."""
    found = RoleGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if found.state not in states:
        raise GrantStateError(state=str(found.get_state_display()))
    return found


def _decide(actor: User, grant: RoleGrant, state: FourEyesState, tag: Tag, reason: str) -> RoleGrant:
    gate.require(actor, Action.ROLE_APPROVE, queries.role_grant_resource(grant))
    with transaction.atomic():
        found = _locked(grant, FourEyesState.REQUESTED)
        found.state = state
        found.approved_by = actor
        found.approved_at = clock().now()
        found.version += 1
        found.save()
        _record(tag, actor, found, reason=reason)
    return found


def role_approve(*, actor: User, grant: RoleGrant, reason: str = "") -> RoleGrant:
    """Approve a grant that somebody else asked for; it is in force from its start.

    Raises:
        NotPermittedError: `actor` may not, or asked for it, or would receive it.
        GrantStateError: it waits no longer.
    """
    return _decide(actor, grant, FourEyesState.APPROVED, LedgerTag.ACCOUNTS_ROLE_APPROVED, reason)


def role_refuse(*, actor: User, grant: RoleGrant, reason: str) -> RoleGrant:
    """Refuse a grant that somebody else asked for; see `role_approve`."""
    return _decide(actor, grant, FourEyesState.REFUSED, LedgerTag.ACCOUNTS_ROLE_REFUSED, reason)


def role_withdraw(*, actor: User, grant: RoleGrant) -> RoleGrant:
    """Take back a request that waits still.

    Raises:
        NotPermittedError: `actor` may not.
        GrantStateError: it waits no longer.
    """
    gate.require(actor, Action.ROLE_REVOKE, queries.role_grant_resource(grant))
    with transaction.atomic():
        found = _locked(grant, FourEyesState.REQUESTED)
        found.state = FourEyesState.WITHDRAWN
        found.version += 1
        found.save()
        _record(LedgerTag.ACCOUNTS_ROLE_WITHDRAWN, actor, found)
    return found


def role_revoke(*, actor: User, grant: RoleGrant, reason: str) -> RoleGrant:
    """End a grant now; one person is enough to take away.

    Raises:
        NotPermittedError: `actor` may not.
        GrantStateError: it is not in force.
        LastOfficerError: nobody would be left to grant roles.
    """
    gate.require(actor, Action.ROLE_REVOKE, queries.role_grant_resource(grant))
    with transaction.atomic():
        found = _locked(grant, FourEyesState.APPROVED)
        refuse_if_last(found.user, found)
        found.state = FourEyesState.REVOKED
        found.revoked_by = actor
        found.revoked_at = clock().now()
        found.version += 1
        found.save()
        _record(LedgerTag.ACCOUNTS_ROLE_REVOKED, actor, found, reason=reason)
    return found


def refuse_if_last(user: User, grant: RoleGrant | None = None) -> None:
    """Raise if without `user`, or without `grant`, no secrecy officer or no leader of the company is left.

    Raises:
        LastOfficerError: so it is.
    """
    for role in INDISPENSABLE:
        if grant is not None and (grant.role != role or grant.scope):
            continue
        holders = queries.role_holders(role, "")
        if holders.filter(pk=user.pk).exists() and not holders.exclude(pk=user.pk).exists():
            raise LastOfficerError


def installation_found(*, officer: User, leader: User) -> None:
    """Grant the first two roles for the whole company, before anybody could approve anything.

    Raises:
        AlreadyFoundedError: there are grants.
        GrantFormError: officer and leader are the same person.
    """
    if officer.pk == leader.pk:
        raise GrantFormError(reason="the first officer and the first leader are two persons.")
    now = clock().now()
    with transaction.atomic():
        if queries.installation_is_founded():
            raise AlreadyFoundedError
        for user, role in ((officer, Role.SECRECY_OFFICER), (leader, Role.LEADER)):
            RoleGrant.objects.create(
                user=user,
                role=role,
                reason="founding of the installation",
                requested_at=now,
                approved_at=now,
                starts_at=now,
                state=FourEyesState.APPROVED,
            )
        gate.forget_subjects()
        append(
            LedgerTag.ACCOUNTS_INSTALLATION_FOUNDED,
            actor="system:accounts",
            subject="installation:this",
            detail={"officer": str(officer.pk), "leader": str(leader.pk)},
        )


def role_granted_by_two(  # noqa: PLR0913 - the facts of a grant, each named
    *,
    requester: User,
    approver: User,
    user: User,
    role: Role,
    scope: str = "",
    reason: str,
    ends_at: datetime | None = None,
) -> RoleGrant:
    """Ask and approve in one go, by two persons: for setting up many grants, such as the demonstration."""
    grant = role_request(actor=requester, user=user, role=role, scope=scope, reason=reason, ends_at=ends_at)
    return role_approve(actor=approver, grant=grant)
