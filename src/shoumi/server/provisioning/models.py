"""What an identity provider calls a person, and the directories that are read, with what each run found.

The person's own record stays the one truth.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class Account(models.Model):
    """A user of an identity provider, and the person of ours that it stands for."""

    person = models.OneToOneField(
        "people.Person", models.PROTECT, related_name="provisioned", verbose_name=_("person")
    )
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    user_name = models.CharField(_("user name at the identity provider"), max_length=120)
    external_id = models.CharField(_("key at the identity provider"), max_length=120, blank=True)
    manager = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("manager")
    )
    active = models.BooleanField(_("active"), default=True)
    removed_at = models.DateTimeField(_("removed at the identity provider"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("provisioned account")
        verbose_name_plural = _("provisioned accounts")
        constraints = [
            models.UniqueConstraint("entity", Lower("user_name"), name="provisioning_user_name_once")
        ]

    def __str__(self) -> str:
        return self.user_name


class Directory(models.Model):
    """A directory service that is read for one legal entity; who set it up does not start it."""

    class Kind(models.TextChoices):
        """Whose names it uses."""

        INET = "inet", pgettext_lazy("directory", "LDAP (inetOrgPerson)")
        ACTIVE = "ad", pgettext_lazy("directory", "Active Directory")

    class Rhythm(models.TextChoices):
        """How often it is read by itself."""

        OFF = "off", pgettext_lazy("directory", "Not by itself")
        HOURLY = "hourly", pgettext_lazy("directory", "Every hour")
        DAILY = "daily", pgettext_lazy("directory", "Every day")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.OneToOneField(
        "people.LegalEntity", models.PROTECT, related_name="directory", verbose_name=_("legal entity")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.INET)
    url = models.CharField(_("address"), max_length=200)
    base = models.CharField(_("base"), max_length=300)
    filter = models.CharField(_("filter"), max_length=500)
    authority = models.TextField(_("certificate of its authority (PEM)"), blank=True)
    bind_dn = models.CharField(_("account to read with"), max_length=300, blank=True)
    key = models.OneToOneField("files.ContentKey", models.PROTECT, related_name="+", null=True)
    password = models.BinaryField(_("sealed password"), default=b"")
    attributes = models.JSONField(_("attributes"))  # ours → theirs
    member_of = models.JSONField(_("groups that count"), default=list)  # names in full; empty: everybody
    rhythm = models.CharField(_("read by itself"), max_length=6, choices=Rhythm, default=Rhythm.OFF)
    most_leavers = models.PositiveSmallIntegerField(_("how many may leave at once"), null=True)
    started_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)  # runs in their name
    changed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        ordering = ["entity"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm="off") | Q(started_by__isnull=False), name="provisioning_runs_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(rhythm="off") | ~Q(started_by=models.F("changed_by")),
                name="provisioning_started_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("directories:detail", args=[self.entity.code])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it."""
        return f"directory:{self.pk}"


class SyncRun(models.Model):
    """One reading of a directory: a test that changed nothing, or a run, with its counts and faults."""

    class Kind(models.TextChoices):
        """What was done with what was found."""

        TEST = "test", pgettext_lazy("reading of a directory", "Test")
        HAND = "hand", pgettext_lazy("reading of a directory", "By hand")
        CLOCK = "clock", pgettext_lazy("reading of a directory", "By itself")

    directory = models.ForeignKey(Directory, models.CASCADE, related_name="runs")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    started_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("in the name of"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    found = models.PositiveIntegerField(_("entries found"), default=0)
    joiners = models.JSONField(_("joiners"), default=list)  # numbers of persons
    changes = models.JSONField(_("changes"), default=list)
    leavers = models.JSONField(_("leavers"), default=list)
    faults = models.JSONField(_("faults"), default=list)  # place, code, detail
    fault_code = models.CharField(_("why it stopped"), max_length=80, blank=True)
    fault = models.JSONField(_("what stopped it"), default=dict)

    class Meta:
        verbose_name = _("reading of a directory")
        verbose_name_plural = _("readings of directories")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.directory_id} {self.started_at:%Y-%m-%d %H:%M}"
