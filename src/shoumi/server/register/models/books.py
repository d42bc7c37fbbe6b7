"""The two ledgers of the guide, the owner departments' and the office's: each line is kept by its own side.

Follows the seed guide 五(二): both departments keep secret archives of their own that must correspond; a line
has nine fields and tells the life of the secret.  A line of one side is a row of its own with values of its
own; what a side wrote, who and when stands in `BookEntry` and is never changed.  Comparing is
`services.reconciling`'s task.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.holdings import Carrier
from shoumi.server.register.models.life import LifeEvent
from shoumi.server.register.models.secrets import TradeSecret

FIELDS = (
    "name",
    "level",
    "period",
    "owner",
    "carrier_form",
    "storage_place",
    "storage_form",
    "keeper",
    "reading_scope",
)  # the nine fields, in the order of the guide


class Side(models.TextChoices):
    """Whose book it is."""

    OWNER = "owner", _("Owner department")
    OFFICE = "office", _("Secrecy office")


class StorageForm(models.TextChoices):
    """How it is kept; the first two words of the guide are paper archives and electronic archives."""

    PAPER = "paper", _("Paper archive")
    FILES = "files", _("Electronic archive: encrypted files")
    MEDIUM = "medium", _("Electronic archive: storage media")
    SYSTEM = "system", _("Electronic archive: application system")
    DATABASE = "database", _("Electronic archive: database")
    OBJECT = "object", _("Objects under lock")
    PERSON = "person", _("With persons bound to confidentiality")
    OTHER = "other", _("Otherwise")


ELECTRONIC = (StorageForm.FILES, StorageForm.MEDIUM, StorageForm.SYSTEM, StorageForm.DATABASE)
FORM_OF_CARRIER = {
    Carrier.Kind.PAPER: StorageForm.PAPER,
    Carrier.Kind.MEDIUM: StorageForm.MEDIUM,
    Carrier.Kind.DEVICE: StorageForm.MEDIUM,
    Carrier.Kind.SAMPLE: StorageForm.OBJECT,
    Carrier.Kind.SEMI_FINISHED: StorageForm.OBJECT,
    Carrier.Kind.EQUIPMENT: StorageForm.OBJECT,
    Carrier.Kind.SYSTEM: StorageForm.SYSTEM,
    Carrier.Kind.DATABASE: StorageForm.DATABASE,
    Carrier.Kind.PERSON: StorageForm.PERSON,
}  # everything else: OTHER
FILE_FORM = "file"  # the carrier form of a stored file; the others are kinds of carriers


class BookLine(models.Model):
    """What one side's book says about one secret now; `head` chains everything that led there."""

    class Standing(models.TextChoices):
        """What the line stands for."""

        IN_FORCE = "in_force", pgettext_lazy("line of a ledger", "In force")
        DECLASSIFIED = "declassified", pgettext_lazy("line of a ledger", "Declassified")
        DESTROYED = "destroyed", pgettext_lazy("line of a ledger", "Destroyed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="book_lines")
    side = models.CharField(_("book"), max_length=10, choices=Side)
    standing = models.CharField(_("stands for"), max_length=12, choices=Standing, default=Standing.IN_FORCE)
    name = models.CharField(_("name"), max_length=200)
    level = models.CharField(_("level"), max_length=20)
    period = models.CharField(_("confidentiality period"), max_length=40)  # code, a slash, last secret day
    owner = models.CharField(_("owner"), max_length=200)
    carrier_form = models.JSONField(_("form of the carriers"), default=list)  # kinds of carriers, and `file`
    storage_place = models.TextField(_("storage place"), blank=True)
    storage_form = models.JSONField(_("form of storage"), default=list)  # values of `StorageForm`
    keeper = models.CharField(_("keeper"), max_length=200, blank=True)
    reading_scope = models.TextField(_("reading scope"), blank=True)
    drawn = models.JSONField(default=dict)  # the nine fields as the register told them last
    head = models.CharField(_("SHA-256 of the last entry"), max_length=64, blank=True)
    version = models.PositiveIntegerField(default=0)  # entries so far

    class Meta:
        verbose_name = _("line of a secrets ledger")
        verbose_name_plural = _("lines of a secrets ledger")
        ordering = ["secret", "-side"]
        constraints = [models.UniqueConstraint(fields=["secret", "side"], name="register_line_per_side")]
        indexes = [models.Index(fields=["side", "standing"], name="register_line_side")]

    def __str__(self) -> str:
        return f"{self.side} {self.secret_id}"

    @property
    def values(self) -> dict[str, Any]:
        """The nine fields as plain values."""
        return {name: getattr(self, name) for name in FIELDS}


class BookEntry(models.Model):
    """One thing that a side wrote into its book: a life event, a correction; never changed."""

    class Cause(models.TextChoices):
        """Why it was written."""

        EVENT = "event", pgettext_lazy("entry of a ledger", "Life event")
        DRAWN = "drawn", pgettext_lazy("entry of a ledger", "Taken over from the register")
        CORRECTION = "correction", pgettext_lazy("entry of a ledger", "Correction")
        STRUCK = "struck", pgettext_lazy("entry of a ledger", "Life event struck out")

    line = models.ForeignKey(BookLine, on_delete=models.PROTECT, related_name="entries")
    ordinal = models.PositiveIntegerField(_("number"))
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    event = models.ForeignKey(
        LifeEvent, on_delete=models.PROTECT, related_name="book_entries", null=True, blank=True
    )
    changes = models.JSONField(_("what changed"), default=dict)  # {field: [before, after]}
    reason = models.TextField(_("reason"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the clock
    written_at = models.DateTimeField(_("written"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    class Meta:
        verbose_name = _("entry of a secrets ledger")
        verbose_name_plural = _("entries of a secrets ledger")
        ordering = ["line", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["line", "ordinal"], name="register_entry_order")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.ordinal}"


class BookSignature(models.Model):
    """A keeper's signature under one book for one month; a department's is filed by it.

    `department` is empty for the office, which signs its whole book of a legal entity.  `sha256` covers the
    heads of all lines as they stood; `receipt` by another person makes the filing complete.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    side = models.CharField(_("book"), max_length=10, choices=Side)
    month = models.DateField(_("month"))  # its first day
    lines = models.PositiveIntegerField(_("lines"))
    differences = models.PositiveIntegerField(_("open differences"))
    sha256 = models.CharField(_("SHA-256 of the book"), max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("signed"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    received_at = models.DateTimeField(_("received by the office"), null=True, blank=True)

    class Meta:
        verbose_name = _("signature of a secrets ledger")
        verbose_name_plural = _("signatures of secrets ledgers")
        ordering = ["-month", "-signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "month"],
                condition=models.Q(department=None),
                name="register_office_signs_once",
            ),
            models.UniqueConstraint(
                fields=["department", "month"],
                condition=models.Q(department__isnull=False),
                name="register_department_signs_once",
            ),
            models.CheckConstraint(
                condition=models.Q(side="office", department=None, received_at=None)
                | models.Q(side="owner", department__isnull=False),
                name="register_signature_side",
            ),
            models.CheckConstraint(
                condition=models.Q(received_by=None) | ~models.Q(received_by=models.F("signed_by")),
                name="register_receipt_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.department_id or self.entity_id} {self.month}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the evidence ledger knows this signature."""
        return f"book:{self.pk}"


class Reconciliation(models.Model):
    """One comparison of the two books of a legal entity, with its result."""

    class State(models.TextChoices):
        """How far it is."""

        RUNNING = "running", pgettext_lazy("comparison", "Running")
        DONE = "done", pgettext_lazy("comparison", "Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the clock
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    total = models.PositiveIntegerField(_("secrets"), default=0)
    done = models.PositiveIntegerField(_("compared"), default=0)
    last_secret = models.UUIDField(null=True, blank=True)  # where a run that was interrupted goes on
    found = models.PositiveIntegerField(_("differences"), default=0)

    class Meta:
        verbose_name = _("comparison of the secrets ledgers")
        verbose_name_plural = _("comparisons of the secrets ledgers")
        ordering = ["-started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity"], condition=models.Q(state="running"), name="register_one_comparison"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} {self.started_at}"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the evidence ledger knows this comparison."""
        return f"comparison:{self.pk}"

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 if self.state == self.State.DONE else self.done * 100 // max(1, self.total)


class BookDifference(models.Model):
    """A place where the two books do not say the same; it stays on record when it is resolved."""

    LINE, EVENT = "line", "event"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="differences")
    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="book_differences")
    field = models.CharField(_("field"), max_length=20)  # one of the nine, `line` or `event`
    event = models.ForeignKey(LifeEvent, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    owner_value = models.JSONField(_("owner department"), null=True)  # None: missing there
    office_value = models.JSONField(_("secrecy office"), null=True)
    found_at = models.DateTimeField(_("found"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        BookEntry, on_delete=models.PROTECT, related_name="resolves", null=True, blank=True
    )

    class Meta:
        verbose_name = _("difference between the secrets ledgers")
        verbose_name_plural = _("differences between the secrets ledgers")
        ordering = ["secret", "field", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["secret", "field"],
                condition=models.Q(resolved_at=None, event=None),
                name="register_difference_once",
            ),
            models.UniqueConstraint(
                fields=["secret", "event"],
                condition=models.Q(resolved_at=None, event__isnull=False),
                name="register_event_difference_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.secret_id} {self.field}"
