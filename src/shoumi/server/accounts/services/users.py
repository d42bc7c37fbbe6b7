"""Opens, changes, closes and unlocks sign-ins, and removes lost second factors.

Nobody sets another's password: a new user, or one who forgot, sets it through a link sent by e-mail.
Which person stands behind a sign-in is told by `people`.
"""

from __future__ import annotations

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as axes_reset
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.roles import refuse_if_last
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag, Tag

CHANGEABLE = ("email", "display_name", "language", "time_zone")


class UserExistsError(ConflictError):
    """The sign-in name or the e-mail address belongs to somebody else."""

    code = "accounts.user_exists"
    message = "The sign-in name or the e-mail address is in use already."


class UserChangedError(ConflictError):
    """Somebody else changed the user in the meantime."""

    code = "accounts.user_changed"
    message = "Somebody else changed this account in the meantime; look at it again."


class UserStateError(ConflictError):
    """The account is open or closed already."""

    code = "accounts.user_state"
    message = "The account is in this state already."


def user_open(  # noqa: PLR0913 - the facts of a user, each named
    *,
    actor: User | None,
    username: str,
    display_name: str,
    email: str = "",
    language: str = "zh-hans",
    time_zone: str = "Asia/Shanghai",
    password: str | None = None,
    places: frozenset[str] = frozenset(),
) -> User:
    """Store and return a new user; without `password` one is set through a link sent by e-mail.

    `actor` is None only for the installation itself (founding, demonstration); only then may `password` be
    given.  `places` are the places the user's person will stand in.

    Raises:
        NotPermittedError: `actor` may not open accounts there.
        UserExistsError: name or e-mail are taken.
    """
    if actor is not None:
        gate.require(actor, Action.ACCOUNT_MANAGE, resources.login("new", places))
        password = None
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    username,
                    password,
                    email=email.strip(),
                    display_name=display_name.strip(),
                    language=language,
                    time_zone=time_zone,
                )
        except IntegrityError as error:
            raise UserExistsError from error
        _email_follow(user)
        _record(LedgerTag.ACCOUNTS_USER_OPENED, actor, user, name=user.username)
    return user


def _email_follow(user: User) -> None:
    """Keep the address that allauth knows equal to the user's; the company vouches for it."""
    EmailAddress.objects.filter(user=user).delete()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _record(tag: Tag, actor: User | None, user: User, **detail: str) -> None:
    gate.forget_subjects()
    append(
        tag,
        actor=actor.ledger_actor if actor else "system:accounts",
        subject=user.ledger_actor,
        detail=detail,
    )


def user_change(*, actor: User, user: User, expected_version: int, **fields: str) -> User:
    """Change another's e-mail, name, language or time zone, or one's own language and time zone.

    Raises:
        NotPermittedError: `actor` may not.
        UserChangedError: somebody was faster.
        UserExistsError: the e-mail address is taken.
    """
    own = user.pk == actor.pk and set(fields) <= {"language", "time_zone"}
    if not own:
        gate.require(actor, Action.ACCOUNT_MANAGE, queries.user_resource(user))
    with transaction.atomic():
        found = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if found.version != expected_version:
            raise UserChangedError
        for name in CHANGEABLE:
            setattr(found, name, fields.get(name, getattr(found, name)))
        found.version += 1
        try:
            with transaction.atomic():
                found.save()
        except IntegrityError as error:
            raise UserExistsError from error
        _email_follow(found)
        _record(LedgerTag.ACCOUNTS_USER_CHANGED, actor, found, fields=", ".join(sorted(fields)))
    return found


def user_close(*, actor: User | None, user: User, reason: str = "") -> None:
    """Close an account at once: its sessions end, its tokens stop, its roles rest.

    `actor` is None when the engagement has ended and the system closes it.

    Raises:
        NotPermittedError: `actor` may not, or it is the own account.
        LastOfficerError: nobody would be left to grant roles.
        UserStateError: it is closed already.
    """
    if actor is not None:
        gate.require(actor, Action.ACCOUNT_MANAGE, queries.user_resource(user))
    with transaction.atomic():
        refuse_if_last(user)
        _set_active(user, active=False)
        for session in UserSession.objects.filter(user=user):
            session.end()
        _record(LedgerTag.ACCOUNTS_USER_CLOSED, actor, user, reason=reason)


def user_reopen(*, actor: User, user: User, reason: str = "") -> None:
    """Open a closed account again; see `user_close`."""
    gate.require(actor, Action.ACCOUNT_MANAGE, queries.user_resource(user))
    with transaction.atomic():
        _set_active(user, active=True)
        _record(LedgerTag.ACCOUNTS_USER_REOPENED, actor, user, reason=reason)


def _set_active(user: User, *, active: bool) -> None:
    changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
    if not changed:
        raise UserStateError
    user.is_active = active


def user_unlock(*, actor: User, user: User) -> None:
    """Let a user try again who is locked out after guessing.

    Raises:
        NotPermittedError: `actor` may not, or it is the own account.
    """
    gate.require(actor, Action.ACCOUNT_MANAGE, queries.user_resource(user))
    with transaction.atomic():
        axes_reset(username=user.username)
        _record(LedgerTag.ACCOUNTS_USER_UNLOCKED, actor, user)


def user_factors_remove(*, actor: User, user: User, purpose: str) -> int:
    """Remove all second factors of a user who lost them, end the sessions, and return how many were removed.

    Raises:
        NotPermittedError: `actor` may not, gave no reason, or it is the own account.
    """
    gate.require(actor, Action.ACCOUNT_RESET_FACTORS, queries.user_resource(user), purpose=purpose)
    with transaction.atomic():
        _all, removed = Authenticator.objects.filter(user=user).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
        _record(LedgerTag.ACCOUNTS_FACTOR_REMOVED, actor, user, reason=purpose)
    return sum(removed.values())


def password_link_send(*, request: HttpRequest, user: User) -> None:
    """Send `user` the link for setting a password by e-mail, as if they had asked for it themselves."""
    form = ResetPasswordForm({"email": user.email})
    if form.is_valid():
        form.save(request)


def password_link(*, user: User) -> str:
    """Return a link through which `user` sets a password once, for as long as Django's setting says.

    For the machine's own console and for tests; the console of the browser sends such links by e-mail only.
    """
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SHOUMI_PUBLIC_URL}{path}"
