"""Operations on secrets: what was asked for, line by line, what was done, who signed, witnessed and filed it.

Follows the seed guide 五(二)5 to 7, 五(三) and 五(四): consult, borrow, copy, move, disclose, destroy, scrap,
repair, and the review before something is published.  States are those of `engine.workflow.OPERATION`.
Acts, witnesses' words and filings are written once and never changed.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.holdings import Carrier, SecretFile
from shoumi.server.register.models.secrets import TradeSecret
from shoumi.server.register.models.third_parties import ConfidentialityAgreement, ThirdParty

USER = settings.AUTH_USER_MODEL
LINE = 80  # characters of a purpose in a list


class Operation(models.Model):
    """One request for an operation on secrets of one department, from its draft to its end."""

    class Kind(models.TextChoices):
        """What is done: the ids of `packs/*/operations.yaml`."""

        CONSULT = "consult", pgettext_lazy("operation", "Consult")
        BORROW = "borrow", pgettext_lazy("operation", "Borrow")
        COPY = "copy", pgettext_lazy("operation", "Copy")
        TRANSFER = "transfer", pgettext_lazy("operation", "Move to another zone")
        DISCLOSE = "disclose", pgettext_lazy("operation", "Disclose to a third party")
        RELEASE = "release", pgettext_lazy("operation", "Review before publication")
        DESTROY = "destroy", pgettext_lazy("operation", "Destroy")
        SCRAP = "scrap", pgettext_lazy("operation", "Scrap")
        REPAIR = "repair", pgettext_lazy("operation", "Repair")

    class State(models.TextChoices):
        """Where it stands: the states of `engine.workflow.OPERATION`, a test compares them."""

        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        APPROVED = "approved", pgettext_lazy("operation", "Approved, to be carried out")
        UNDER_WAY = "under_way", pgettext_lazy("operation", "Under way")
        RETURNED = "returned", _("Sent back")
        DONE = "done", pgettext_lazy("operation", "Done")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    class Method(models.TextChoices):
        """How something is copied, or where something is to be published."""

        PRINT = "print", pgettext_lazy("way of copying", "Print")
        PHOTOCOPY = "photocopy", pgettext_lazy("way of copying", "Photocopy")
        SCAN = "scan", pgettext_lazy("way of copying", "Scan")
        EXCERPT = "excerpt", pgettext_lazy("way of copying", "Excerpt")
        NETWORK = "network", pgettext_lazy("way of copying", "Transfer over a network")
        PAPER = "paper", pgettext_lazy("publication", "Paper or book")
        TALK = "talk", pgettext_lazy("publication", "Talk or lecture")
        EXHIBITION = "exhibition", pgettext_lazy("publication", "Exhibition")
        WEBSITE = "website", pgettext_lazy("publication", "Website or advertisement")
        OTHER = "other", pgettext_lazy("publication", "Another way")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=60, unique=True, null=True, blank=True)
    kind = models.CharField(_("operation"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, db_index=True)
    department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("owner department")
    )
    level = models.CharField(_("level"), max_length=20)  # the highest among its secrets, as it was approved
    requester = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="operations", verbose_name=_("requested by")
    )
    let_in = models.BooleanField(_("lets somebody in from outside the knowledge scope"), default=False)

    purpose = models.TextField(_("purpose"), blank=True)
    receiver = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("handed to"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)  # back, until when, or planned, by the kind
    method = models.CharField(_("way"), max_length=12, choices=Method, blank=True)
    copies = models.PositiveSmallIntegerField(_("copies of each"), default=1)
    to_zone = models.ForeignKey(
        "places.Zone",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("to zone"),
    )
    third_party = models.ForeignKey(
        ThirdParty,
        on_delete=models.PROTECT,
        related_name="operations",
        null=True,
        blank=True,
        verbose_name=_("third party"),
    )
    agreement = models.ForeignKey(
        ConfidentialityAgreement,
        on_delete=models.PROTECT,
        related_name="operations",
        null=True,
        blank=True,
        verbose_name=_("confidentiality agreement"),
    )
    what = models.CharField(_("what exactly"), max_length=300, blank=True)
    where = models.CharField(_("where"), max_length=300, blank=True)
    ends_secret = models.BooleanField(_("ends the secret as destroyed"), default=False)
    conditions = models.TextField(_("conditions of the approval"), blank=True)

    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    begun_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "due_on"], name="register_operation_due"),
            models.Index(fields=["department", "state"], name="register_operation_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=False) | ~models.Q(state__in=["under_way", "done"]),
                name="register_no_operation_before_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number or ''} {self.get_kind_display()}".strip()

    @property
    def purpose_line(self) -> str:
        """The beginning of the purpose, for lists."""
        return self.purpose if len(self.purpose) <= LINE else f"{self.purpose[: LINE - 1]}…"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this operation."""
        return f"operation:{self.pk}"


class OperationLine(models.Model):
    """One thing an operation is about: a carrier, a file, or a secret as a whole."""

    class State(models.TextChoices):
        """Where one line stands."""

        WAITING = "waiting", pgettext_lazy("line of an operation", "To be carried out")
        OUT = "out", pgettext_lazy("line of an operation", "Handed out")
        UNWITNESSED = "unwitnessed", pgettext_lazy("line of an operation", "To be witnessed")
        DONE = "done", pgettext_lazy("line of an operation", "Done")
        REFUSED = "refused", pgettext_lazy("line of an operation", "Refused")
        DROPPED = "dropped", pgettext_lazy("line of an operation", "Not carried out")

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="lines")
    secret = models.ForeignKey(TradeSecret, on_delete=models.PROTECT, related_name="operation_lines")
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="operation_lines", null=True, blank=True
    )
    file = models.ForeignKey(
        SecretFile, on_delete=models.PROTECT, related_name="operation_lines", null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    from_zone = models.ForeignKey(
        "places.Zone", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    method = models.CharField(_("method"), max_length=20, blank=True)  # of destruction, or erase/remove
    tool = models.CharField(_("tool"), max_length=120, blank=True)
    verification = models.CharField(_("verification"), max_length=300, blank=True)
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    back_at = models.DateTimeField(_("given back"), null=True, blank=True)
    copies = models.ManyToManyField(Carrier, related_name="copied_by")  # carriers that came into being

    class Meta:
        verbose_name = _("line of an operation")
        verbose_name_plural = _("lines of operations")
        ordering = ["operation", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(carrier=None) | models.Q(file=None), name="register_line_of_one_thing"
            ),
            models.UniqueConstraint(
                fields=["operation", "carrier"],
                condition=models.Q(carrier__isnull=False),
                name="register_line_carrier_once",
            ),
            models.UniqueConstraint(
                fields=["operation", "file"],
                condition=models.Q(file__isnull=False),
                name="register_line_file_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.carrier or self.file or self.secret_id)


class OperationAct(models.Model):
    """One signed step: handed over, received, carried out, given back, witnessed."""

    class Kind(models.TextChoices):
        """What was done."""

        CARRIED_OUT = "carried_out", pgettext_lazy("act", "Carried out")
        RECEIVED = "received", pgettext_lazy("act", "Received")
        GIVEN_BACK = "given_back", pgettext_lazy("act", "Given back")
        WITNESSED = "witnessed", pgettext_lazy("act", "Witnessed")

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="acts")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    lines = models.ManyToManyField(OperationLine, related_name="acts")
    actor = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("signed by"))
    signed_by = models.CharField(_("signature"), max_length=10, default="password")  # the only way there is
    at = models.DateTimeField(_("when"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    recording = models.CharField(_("recording"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.kind}"


class OperationWitness(models.Model):
    """A person named to see a destruction, who confirms it with their own password."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="witnesses")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+", verbose_name=_("witness"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("witness")
        verbose_name_plural = _("witnesses")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["operation", "user"], name="register_witness_once")]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.user_id}"


class OperationFiling(models.Model):
    """What one of the two sides files of an operation, when it is carried out and when it is closed."""

    class Side(models.TextChoices):
        """Who files."""

        OWNER = "owner", _("Owner department")
        OFFICE = "office", _("Secrecy office")

    class Occasion(models.TextChoices):
        """When."""

        BEGUN = "begun", pgettext_lazy("filing of an operation", "Carried out")
        CLOSED = "closed", pgettext_lazy("filing of an operation", "Closed")

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="filings")
    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion)
    side = models.CharField(_("filed by"), max_length=10, choices=Side)
    record = models.JSONField(_("record"))
    sha256 = models.CharField(_("SHA-256 of the record"), max_length=64)
    filed_for = models.CharField(_("unit"), max_length=200)
    filed_at = models.DateTimeField(_("filed"))

    class Meta:
        verbose_name = _("filing of an operation")
        verbose_name_plural = _("filings of operations")
        ordering = ["operation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "occasion", "side"], name="register_operation_filing_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.occasion} {self.side}"


class OperationExtension(models.Model):
    """A wish to keep something longer; approved by the same steps as the operation."""

    class State(models.TextChoices):
        """Where the wish stands."""

        OPEN = "open", pgettext_lazy("extension", "Awaiting approval")
        APPROVED = "approved", pgettext_lazy("extension", "Approved")
        REFUSED = "refused", pgettext_lazy("extension", "Refused")
        LAPSED = "lapsed", pgettext_lazy("extension", "No longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="extensions")
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    request_id = models.UUIDField(_("approval request"), null=True)
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation"], condition=models.Q(state="open"), name="register_one_open_extension"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.until}"


class OperationNotice(models.Model):
    """A reminder or an alarm about something due, sent once."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("what"), max_length=12)  # reminder, overdue, escalated
    due_on = models.DateField(_("due"))
    days = models.IntegerField(_("days before"))  # negative: overdue
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("notice about an operation")
        verbose_name_plural = _("notices about operations")
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "kind", "due_on", "days"], name="register_operation_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation_id} {self.kind}"


class OperationTemplate(models.Model):
    """A frequent request kept under a name, with its answers; its things are chosen anew each time."""

    owner = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name of the template"), max_length=80)
    kind = models.CharField(_("operation"), max_length=10, choices=Operation.Kind)
    answers = models.JSONField(_("answers"))

    class Meta:
        verbose_name = _("template of an operation")
        verbose_name_plural = _("templates of operations")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="register_template_name_once")]

    def __str__(self) -> str:
        return self.name


class OperationSeries(models.Model):
    """The last number given to an operation of a legal entity in a year; locked while a number is drawn."""

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series of operations")
        verbose_name_plural = _("number series of operations")
        constraints = [
            models.UniqueConstraint(fields=["entity", "year"], name="register_operation_series_unique")
        ]

    def __str__(self) -> str:
        return f"{self.entity_id}-{self.year}: {self.last}"
