"""Storage units: computers, servers, drives, systems and databases that secrets may be stored on.

Follows the seed guide 五(三)2: authorised storage, encryption, accounts with dynamic grants, backup,
repair, scrap.  What is stored on a unit are the carriers that name it; its level is the highest of
theirs.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models.organisation import LEVEL_IDS, LEVELS

USER = settings.AUTH_USER_MODEL


class StorageUnit(models.Model):
    """One unit with its place, keeper, the level it may hold, and how it is encrypted."""

    class Kind(models.TextChoices):
        """What it is."""

        COMPUTER = "computer", _("Computer")
        SERVER = "server", _("Server")
        DRIVE = "drive", _("Hard disk or drive")
        PORTABLE = "portable", _("Portable medium")
        SYSTEM = "system", _("Application system")
        DATABASE = "database", _("Database")
        OTHER = "other", _("Other")

    class Status(models.TextChoices):
        """Where it is in its life."""

        IN_USE = "in_use", pgettext_lazy("storage unit", "In use")
        SERVICING = "servicing", pgettext_lazy("storage unit", "In repair or maintenance")
        SCRAPPED = "scrapped", pgettext_lazy("storage unit", "Scrapped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    code = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.IN_USE)
    permitted = models.PositiveSmallIntegerField(_("highest level permitted"), choices=LEVELS, default=0)
    zone = models.ForeignKey(
        "places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("zone"),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=200, blank=True)
    keeper = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("keeper"),
    )  # fmt: skip
    encryption = models.CharField(_("encrypted with"), max_length=120, blank=True)
    key_owner = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("owner of the key"),
    )  # fmt: skip
    backup_days = models.PositiveSmallIntegerField(_("backed up every (days)"), null=True, blank=True)
    restore_days = models.PositiveSmallIntegerField(_("restore tested every (days)"), null=True, blank=True)
    authorised_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    authorised_at = models.DateTimeField(_("authorised"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("storage unit")
        verbose_name_plural = _("storage units")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "code"], name="register_unit_code_once"),
            models.CheckConstraint(
                condition=Q(authorised_at=None) | Q(permitted__gte=1), name="register_authorised_has_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the unit's page; its id says nothing about what it holds."""
        return reverse("register:unit_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this unit."""
        return f"storage:{self.pk}"

    @property
    def permitted_id(self) -> str:
        """The highest level permitted, as badges name it."""
        return LEVEL_IDS[self.permitted]

    @property
    def is_authorised(self) -> bool:
        """Whether it stands on the list of authorised storage now."""
        return self.authorised_at is not None and self.status != self.Status.SCRAPPED


class StorageAccount(models.Model):
    """An account on a unit: whose, with which rights, until when, filed by the office, and when removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(StorageUnit, on_delete=models.CASCADE, related_name="accounts")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("account name"), max_length=120)
    rights = models.CharField(_("rights"), max_length=200)
    password_kept = models.CharField(_("where the password is registered"), max_length=200, blank=True)
    granted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(_("granted"))
    ends_on = models.DateField(_("until"))
    filed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    filed_at = models.DateTimeField(_("filed"), null=True, blank=True)
    removed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    reason = models.CharField(_("reason of the removal"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("account on a storage unit")
        verbose_name_plural = _("accounts on storage units")
        ordering = ["unit", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(removed_at=None), name="register_account_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.name}"


class Attestation(models.Model):
    """A person vouches that a unit has no internet and takes no USB storage, until it is due again."""

    unit = models.ForeignKey(StorageUnit, on_delete=models.CASCADE, related_name="attestations")
    no_internet = models.BooleanField(_("not connected to the internet"))
    no_usb = models.BooleanField(_("takes no USB or other portable storage"))
    note = models.CharField(_("how it was checked"), max_length=300)
    attested_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    attested_at = models.DateTimeField(_("attested"))
    due_on = models.DateField(_("due again"))

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["-attested_at", "-id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.due_on}"

    @property
    def holds(self) -> bool:
        """Whether both halves of the profile were attested."""
        return self.no_internet and self.no_usb


class BackupRecord(models.Model):
    """A backup that was made, or a test that one could be restored, with its result."""

    class Kind(models.TextChoices):
        """What was done."""

        BACKUP = "backup", pgettext_lazy("backup record", "Backup")
        RESTORE = "restore", pgettext_lazy("backup record", "Restore test")

    unit = models.ForeignKey(StorageUnit, on_delete=models.CASCADE, related_name="backups")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    succeeded = models.BooleanField(_("succeeded"))
    medium = models.CharField(_("where to, or where from"), max_length=200)
    note = models.CharField(_("note"), max_length=300, blank=True)
    done_on = models.DateField(_("done on"))
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("backup record")
        verbose_name_plural = _("backup records")
        ordering = ["-done_on", "-id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.done_on}"


class Servicing(models.Model):
    """Repair, maintenance or scrapping of a unit: approved first, then secured, only then carried out."""

    class Kind(models.TextChoices):
        """What is to be done."""

        REPAIR = "repair", pgettext_lazy("servicing", "Repair")
        MAINTENANCE = "maintenance", pgettext_lazy("servicing", "Maintenance")
        SCRAP = "scrap", pgettext_lazy("servicing", "Scrapping")

    class State(models.TextChoices):
        """Where it stands: the states of `engine.workflow.SERVICING`, a test compares them."""

        ASKED = "asked", pgettext_lazy("servicing", "Waits for approval")
        REFUSED = "refused", pgettext_lazy("servicing", "Refused")
        APPROVED = "approved", pgettext_lazy("servicing", "Approved, to be secured")
        SECURED = "secured", pgettext_lazy("servicing", "Secured, may begin")
        OUT = "out", pgettext_lazy("servicing", "Under way")
        DONE = "done", pgettext_lazy("servicing", "Done")
        WITHDRAWN = "withdrawn", pgettext_lazy("servicing", "Withdrawn")

    class Measure(models.TextChoices):
        """How the secrets were taken out of it."""

        REMOVED = "removed", _("The storage was removed")
        DELETED = "deleted", _("Backed up, then deleted")
        EMPTY = "empty", _("Nothing secret was on it")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(StorageUnit, on_delete=models.CASCADE, related_name="servicings")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(_("reason"), max_length=300)
    provider = models.CharField(_("carried out by"), max_length=200, blank=True)
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    measure = models.CharField(_("measure"), max_length=8, choices=Measure, blank=True)
    secured_by = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("secured by"),
    )  # fmt: skip
    secured_at = models.DateTimeField(_("secured"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=300, blank=True)
    began_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("servicing")
        verbose_name_plural = _("servicings")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(state__in=["asked", "approved", "secured", "out"]),
                name="register_one_open_servicing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.state}"


class StorageFinding(models.Model):
    """Something that is not as it must be with a unit or an electronic carrier; closed when it is mended."""

    class Kind(models.TextChoices):
        """What is wrong."""

        UNAUTHORISED = "unauthorised", _("Stored outside the authorised storage")
        EXCEEDED = "exceeded", _("A higher level is stored than permitted")
        UNENCRYPTED = "unencrypted", _("No encryption or no owner of the key is recorded")
        PROFILE = "profile", _("“No internet, no USB” is not attested or not met")
        BACKUP = "backup", _("No backup in time")
        RESTORE = "restore", _("No successful restore test in time")
        ACCOUNT = "account", _("An account has ended and is not removed")

    kind = models.CharField(_("finding"), max_length=12, choices=Kind)
    unit = models.ForeignKey(
        StorageUnit, on_delete=models.CASCADE, related_name="findings", null=True, blank=True
    )
    carrier = models.ForeignKey(
        "register.Carrier", on_delete=models.CASCADE, related_name="findings", null=True, blank=True
    )
    department = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(_("found"))
    closed_at = models.DateTimeField(_("mended"), null=True, blank=True)

    class Meta:
        verbose_name = _("storage finding")
        verbose_name_plural = _("storage findings")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "unit"],
                condition=Q(closed_at=None, unit__isnull=False),
                name="register_finding_of_unit_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "carrier"],
                condition=Q(closed_at=None, carrier__isnull=False),
                name="register_finding_of_carrier_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id or self.carrier_id}"


class AccessReview(models.Model):
    """A scheduled look at sign-ins, retrievals and refusals over some days, with what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    figures = models.JSONField(_("figures"))  # tag → how many
    unusual = models.BooleanField(_("something unusual was found"))
    result = models.TextField(_("result"))
    due_on = models.DateField(_("next review due"))
    reviewed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed"))

    class Meta:
        verbose_name = _("review of access")
        verbose_name_plural = _("reviews of access")
        ordering = ["-reviewed_at", "id"]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.ends_on}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this review."""
        return f"review:{self.pk}"
