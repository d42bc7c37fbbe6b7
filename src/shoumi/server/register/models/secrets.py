"""The trade secret itself: what it is, whose it is, how secret, until when, and where it stands.

Follows the seed guide 四(一) to 四(三); levels, categories and periods are ids of the entity's pack.
Assessment, files, scope and history are rows of their own beside this one.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.search import SearchTextField


class TradeSecret(models.Model):
    """One trade secret, from its first draft to its declassification.

    `version` counts every edit (optimistic locking); `SecretVersion` keeps the designated states.
    `level` and `category` hold ids of the pack named by `pack`, `period` a code of the engine.
    """

    class State(models.TextChoices):
        """Where a secret stands: the states of `engine.workflow.SECRET`, a test compares them."""

        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        UNDER_REVIEW = "under_review", _("Under review")
        AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
        REGISTERED = "registered", _("Registered")
        CHANGING = "changing", _("Being changed")
        RETURNED = "returned", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NOT_A_SECRET = "not_a_secret", _("Not a secret")
        DECLASSIFIED = "declassified", _("Declassified")
        DESTROYED = "destroyed", _("Destroyed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("number"), max_length=40, unique=True, null=True, blank=True)
    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, verbose_name=_("legal entity"))
    owner_department = models.ForeignKey(
        "people.Department", on_delete=models.PROTECT, related_name="+", verbose_name=_("owner department")
    )
    custodian = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("custodian"),
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposer")
    )

    pack = models.CharField(_("law pack"), max_length=8)
    national_security = models.CharField(_("national security"), max_length=3, blank=True)  # "", "no"
    name = models.CharField(_("name"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    category = models.CharField(_("category"), max_length=20, blank=True)
    necessity = models.TextField(_("why it must be kept secret"), blank=True)

    level = models.CharField(_("level"), max_length=20, blank=True)
    suggested_level = models.CharField(_("suggested level"), max_length=20, blank=True)
    level_reason = models.TextField(_("reason for another level than suggested"), blank=True)

    # P5Y, P1Y6M, 2029-12-31, long_term, until_publication: the codes of `engine.jurisdiction`
    period = models.CharField(_("confidentiality period"), max_length=20, blank=True)
    period_starts_on = models.DateField(_("period begins"), null=True, blank=True)
    period_ends_on = models.DateField(_("last secret day"), null=True, blank=True)
    publication_event = models.CharField(_("publication awaited"), max_length=300, blank=True)
    period_reason = models.TextField(_("reason for another period than the default"), blank=True)
    scope_reason = models.TextField(_("reason for a wider scope than the template"), blank=True)

    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT, db_index=True)
    step = models.PositiveSmallIntegerField(_("step reached"), default=1)
    led_out = models.BooleanField(_("led out: may concern state secrets"), default=False)
    outcome_reason = models.TextField(_("reason of the outcome"), blank=True)
    request_id = models.UUIDField(_("approval request"), null=True, blank=True)
    worked_on_by = models.JSONField(
        _("worked on by"), default=list, blank=True
    )  # ids of users; none may decide
    designated_by = models.JSONField(_("designated by"), default=list, blank=True)  # [{user, name, step, at}]
    standard_at = models.DateTimeField(
        _("by the standard of"), null=True, blank=True
    )  # when it was decided: the company's catalogues of that moment go on to hold for it; None: those of now
    legacy = models.BooleanField(_("taken over from an older register"), default=False)
    legacy_number = models.CharField(_("number in the older register"), max_length=80, blank=True)

    search = SearchTextField(of=("name", "number", "legacy_number", "description"))
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last changed"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    declassified_at = models.DateTimeField(_("declassified"), null=True, blank=True)
    declassification_reason = models.CharField(_("reason of declassification"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("trade secret")
        verbose_name_plural = _("trade secrets")
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["state", "period_ends_on"], name="register_state_period"),
            models.Index(fields=["owner_department", "state"], name="register_owner_state"),
            models.Index(fields=["-updated_at", "id"], name="register_by_change"),  # the list's own order
            models.Index(fields=["name", "id"], name="register_by_name"),
            # everything that decides who sees a secret: what a user may see is counted from the index alone
            models.Index(
                fields=[
                    "state",
                    "level",
                    "entity",
                    "owner_department",
                    "custodian",
                    "proposer",
                    "legacy",
                    "id",
                ],
                name="register_seen",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__isnull=False)
                | ~models.Q(state__in=["registered", "changing", "declassified", "destroyed"]),
                name="register_registered_has_number",
            ),
            models.CheckConstraint(
                condition=models.Q(national_security__in=["", "no"])
                & (models.Q(led_out=False) | models.Q(name="", description="")),
                name="register_no_state_secret_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}" if self.number else self.name or str(self.id)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this secret."""
        return f"secret:{self.id}"


class NumberSeries(models.Model):
    """The last number given to a legal entity in a year; locked while a number is drawn, so none is lost."""

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["entity", "year"], name="register_series_unique")]

    def __str__(self) -> str:
        return f"{self.entity_id}-{self.year}: {self.last}"
