"""What a secret was and how it became what it is: versions, filings, changes, declassification, marking.

Follows the seed guide 四 (two filings), 四(五) (declassification) and 四(六) (change).  Versions and
filings are written once; nothing here is edited afterwards except the state of a change or task.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.holdings import Carrier, SecretFile
from shoumi.server.register.models.secrets import TradeSecret


class SecretVersion(models.Model):
    """The designated state of a secret from one moment on; the older ones are kept."""

    class Cause(models.TextChoices):
        """Why there is a new version."""

        REGISTERED = "registered", _("Registered")
        LEGACY = "legacy", _("Taken over from an older register")
        CHANGED = "changed", _("Changed")
        DECLASSIFIED = "declassified", _("Declassified")
        DESTROYED = "destroyed", _("Destroyed")

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="versions")
    ordinal = models.PositiveIntegerField(_("version"))
    cause = models.CharField(_("cause"), max_length=20, choices=Cause)
    snapshot = models.JSONField(_("record"))
    sha256 = models.CharField(_("SHA-256 of the record"), max_length=64)
    made_at = models.DateTimeField(_("in force from"))

    class Meta:
        verbose_name = _("version of a secret")
        verbose_name_plural = _("versions of a secret")
        ordering = ["secret", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["secret", "ordinal"], name="register_version_unique")]

    def __str__(self) -> str:
        return f"{self.secret_id} v{self.ordinal}"


class SecretFiling(models.Model):
    """One of the two filings of a version: the owner department's and the secrecy office's.

    Each keeps a record and a hash of its own, so that the two can be reconciled with each other.
    """

    class Side(models.TextChoices):
        """Who files."""

        OWNER = "owner", _("Owner department")
        OFFICE = "office", _("Secrecy office")

    version = models.ForeignKey(SecretVersion, on_delete=models.CASCADE, related_name="filings")
    side = models.CharField(_("filed by"), max_length=10, choices=Side)
    record = models.JSONField(_("record"))
    sha256 = models.CharField(_("SHA-256 of the record"), max_length=64)
    filed_for = models.CharField(_("unit"), max_length=200)
    filed_at = models.DateTimeField(_("filed"))

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["version", "-side"]
        constraints = [models.UniqueConstraint(fields=["version", "side"], name="register_filing_unique")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.side}"


class SecretChange(models.Model):
    """A wish to change what holds, or to declassify; decided by the same three steps."""

    class Kind(models.TextChoices):
        """What is wished."""

        CHANGE = "change", _("Change")
        DECLASSIFY = "declassify", _("Declassification")

    class State(models.TextChoices):
        """Where the wish stands: the states of `engine.workflow.CHANGE_REQUEST`, a test compares them."""

        DRAFT = "draft", _("Draft")
        UNDER_REVIEW = "under_review", _("Under review")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        RETURNED = "returned", _("Sent back")
        APPLIED = "applied", _("Applied")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    wished = models.JSONField(_("what shall hold"))
    reason = models.TextField(_("reason"))
    declassification_reason = models.CharField(_("reason of declassification"), max_length=20, blank=True)
    incident = models.CharField(_("incident"), max_length=80, blank=True)
    measures = models.JSONField(_("measures planned"), default=list, blank=True)
    based_on = models.PositiveIntegerField(_("based on version"))
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)

    class Meta:
        verbose_name = _("change of a secret")
        verbose_name_plural = _("changes of secrets")
        ordering = ["-requested_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["secret"],
                condition=models.Q(state__in=["draft", "under_review", "awaiting_approval", "returned"]),
                name="register_one_open_change",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.secret_id} {self.state}"


class DeclassificationAct(models.Model):
    """A measure after declassification (`DEC-M1`…), for one carrier or for the secret as a whole."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="declassification_acts")
    measure = models.CharField(_("measure"), max_length=20)
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    file = models.ForeignKey(SecretFile, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    note = models.CharField(_("what was done"), max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("declassification act")
        verbose_name_plural = _("declassification acts")
        ordering = ["measure", "id"]

    def __str__(self) -> str:
        return f"{self.measure} {self.secret_id}"


class MarkingTask(models.Model):
    """The duty to mark one carrier or file with number, level, period and owner department."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="marking_tasks")
    version = models.ForeignKey(SecretVersion, on_delete=models.CASCADE, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    file = models.ForeignKey(SecretFile, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    anew = models.BooleanField(_("the old mark is void"), default=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    escalated_on = models.DateField(_("escalated"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("marking task")
        verbose_name_plural = _("marking tasks")
        ordering = ["id"]
        indexes = [models.Index(fields=["carrier", "done_at"], name="register_marking_of_carrier")]

    def __str__(self) -> str:
        return f"{self.secret_id}: {self.carrier_id or self.file_id}"

    @property
    def thing_words(self) -> str:
        """What is to be marked: a carrier by number and description, a file by its place among the files."""
        return (
            str(self.carrier) if self.carrier else f"{self.secret.number} · {_('File')} {self.file_id!s:.8}"
        )


class ExpiryNotice(models.Model):
    """A notice that was sent before a period ends; one per secret, end and distance in days."""

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="expiry_notices")
    ends_on = models.DateField(_("last secret day"))
    days_before = models.PositiveIntegerField(_("days before"))
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("expiry notice")
        verbose_name_plural = _("expiry notices")
        constraints = [
            models.UniqueConstraint(fields=["secret", "ends_on", "days_before"], name="register_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.secret_id} {self.ends_on} −{self.days_before}"


class Publication(models.Model):
    """The event that ends a period “until publication”: recorded by one person, confirmed by another."""

    secret = models.OneToOneField(TradeSecret, on_delete=models.CASCADE, related_name="publication")
    published_on = models.DateField(_("day of publication"))
    proof = models.TextField(_("where it was published"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.secret_id} {self.published_on}"
