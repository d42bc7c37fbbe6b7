"""Sign-ins, the roles they hold, and what each of them has acknowledged.

A user is a sign-in; the person behind it lives in `people`.  Passwords, sessions and second factors are
tables of Django and django-allauth.  Roles come from grants that two persons made, never from flags.
Nothing here decides; `gate` does.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Role
from shoumi.server.accounts.naming import AddressField, NameField

LANGUAGES = (("zh-hans", "简体中文"), ("ja", "日本語"), ("en", "English"))


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser, roles are granted."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store and return a user; without `password` nobody can sign in until one is set by e-mail."""
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by sign-in name, in any case of letters."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One sign-in.  Roles come from grants, never from flags."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = NameField(_("sign-in name"), max_length=80, unique=True)
    email = AddressField(_("e-mail"), blank=True)
    display_name = NameField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGES, default="zh-hans")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="accounts_user_username_any_case"),
            models.UniqueConstraint(
                Lower("email"), name="accounts_user_email_any_case", condition=~Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def ledger_actor(self) -> str:
        """The opaque name under which the ledger knows this user."""
        return f"user:{self.id}"

    def get_full_name(self) -> str:
        """Return the name to show."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the name to show."""
        return self.display_name


ROLE_LABELS = {
    Role.SECRECY_OFFICER: pgettext_lazy("role", "Secrecy officer"),
    Role.DEPARTMENT_SECRECY_OFFICER: pgettext_lazy("role", "Department secrecy officer"),
    Role.DEPARTMENT_OWNER: pgettext_lazy("role", "Department owner"),
    Role.LEADER: pgettext_lazy("role", "Leader"),
    Role.LEGAL: pgettext_lazy("role", "Legal"),
    Role.HR: pgettext_lazy("role", "Human resources"),
    Role.IT_ADMINISTRATOR: pgettext_lazy("role", "IT administrator"),
    Role.AUDITOR: pgettext_lazy("role", "Auditor"),
    Role.OUTSIDE_COUNSEL: pgettext_lazy("role", "Outside counsel"),
    Role.EMPLOYEE: pgettext_lazy("role", "Employee"),
}


class FourEyesState(models.TextChoices):
    """How far something that needs a second person has come."""

    REQUESTED = "requested", pgettext_lazy("four eyes", "Waiting for a second person")
    APPROVED = "approved", pgettext_lazy("four eyes", "Approved")
    REFUSED = "refused", pgettext_lazy("four eyes", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("four eyes", "Withdrawn")
    REVOKED = "revoked", pgettext_lazy("four eyes", "Revoked")


class RoleGrant(models.Model):
    """One role for one place, asked for by one person and approved by another.

    `scope` is empty for the whole company, or `entity:<id>`, `department:<id>`, `case:<id>`.
    The grants that found an installation have neither requester nor approver.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, models.PROTECT, related_name="role_grants", verbose_name=_("who receives the role")
    )
    role = models.CharField(_("role"), max_length=32, choices=[(r.value, ROLE_LABELS[r]) for r in Role])
    scope = models.CharField(_("for"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    requested_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    approved_at = models.DateTimeField(_("decided"), null=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=FourEyesState, default=FourEyesState.REQUESTED
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope"],
                condition=Q(state__in=["requested", "approved"]),
                name="accounts_rolegrant_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", requested_by__isnull=False)
                | (
                    Q(approved_by__isnull=False)
                    & ~Q(approved_by=F("requested_by"))
                    & ~Q(approved_by=F("user"))
                ),
                name="accounts_rolegrant_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="accounts_rolegrant_times",
            ),
            models.CheckConstraint(
                condition=~Q(role="outside_counsel")
                | (Q(ends_at__isnull=False) & Q(scope__startswith="case:")),
                name="accounts_rolegrant_counsel_in_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class KeyOperation(models.Model):
    """Something done to a key, asked for by one person and approved by another before it happens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.CharField(_("operation"), max_length=40)  # a name registered in `services.keys`
    key_id = models.CharField(_("key"), max_length=120)
    reason = models.CharField(_("reason"), max_length=400)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("requested by"))
    requested_at = models.DateTimeField(_("requested"))
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    approved_at = models.DateTimeField(_("decided"), null=True)
    state = models.CharField(
        _("state"), max_length=12, choices=FourEyesState, default=FourEyesState.REQUESTED
    )

    class Meta:
        verbose_name = _("key operation")
        verbose_name_plural = _("key operations")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("requested_by"))),
                name="accounts_keyoperation_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} · {self.key_id}"


class ReminderAcknowledgement(models.Model):
    """That a user has read one wording of the reminder of the duty of confidentiality."""

    user = models.ForeignKey(User, models.CASCADE, related_name="reminder_acknowledgements")
    pack = models.CharField(max_length=20)  # country whose wording it was
    text_version = models.CharField(max_length=40)
    text_sha256 = models.CharField(max_length=64)  # of the text that was shown, lower-case hex
    language = models.CharField(max_length=10)
    acknowledged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("acknowledgement of the reminder")
        verbose_name_plural = _("acknowledgements of the reminder")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pack", "text_version"], name="accounts_reminder_once_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.pack} {self.text_version}"


class AccessToken(models.Model):
    """A personal access token for the API; the token itself is shown once and only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="access_tokens")
    name = models.CharField(_("name"), max_length=80)
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)  # lower-case hex
    rights = models.JSONField(_("rights"), default=list)  # "<area>:read" or "<area>:write"; area "*" is all
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_on = models.DateField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class RefusalCount(models.Model):
    """How often a user was refused an action on a day; the ledger has each of them."""

    actor = models.CharField(max_length=60)  # as in the ledger; "system:anonymous" for signed out
    day = models.DateField()
    action = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("refusals of a day")
        verbose_name_plural = _("refusals of a day")
        constraints = [
            models.UniqueConstraint(fields=["actor", "day", "action"], name="accounts_refusal_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.day}: {self.count}"
