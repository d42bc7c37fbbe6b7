"""Agreements with a person or another party, and the versions of the libraries they came from.

Follows the guide's joining, service and leaving: which kinds there are and what they say is the pack's.  Once
offered, an agreement's bytes never change; another wording is another agreement.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class LibraryVersion(models.Model):
    """One version of a country's library, kept so that later ones can be compared with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.CharField(_("law pack"), max_length=8)
    edition = models.CharField(_("edition"), max_length=20)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    form = models.JSONField(_("form"))
    noticed_at = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("version of the library")
        verbose_name_plural = _("versions of the library")
        ordering = ("pack", "-noticed_at")

    def __str__(self) -> str:
        return f"{self.pack} {self.edition} {self.sha256[:8]}"


class Agreement(models.Model):
    """One agreement, from its draft to its end."""

    class State(models.TextChoices):
        """Where it stands; see `engine.workflow` AGREEMENT."""

        DRAFT = "draft", pgettext_lazy("agreement", "Draft")
        OFFERED = "offered", pgettext_lazy("agreement", "Waits for the signature")
        SIGNED = "signed", pgettext_lazy("agreement", "Waits for the company's signature")
        IN_FORCE = "in_force", pgettext_lazy("agreement", "In force")
        REFUSED = "refused", pgettext_lazy("agreement", "Signature refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Withdrawn")
        ENDED = "ended", pgettext_lazy("agreement", "Ended")
        REPLACED = "replaced", pgettext_lazy("agreement", "Replaced by a newer one")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="agreements", verbose_name=_("legal entity")
    )
    library = models.ForeignKey(
        LibraryVersion, models.PROTECT, related_name="agreements", verbose_name=_("version of the library")
    )
    kind = models.CharField(_("kind of agreement"), max_length=40)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="agreements", null=True, blank=True,
        verbose_name=_("person"),
    )  # fmt: skip
    party_name = models.CharField(
        _("other party"), max_length=200, blank=True, help_text=_("A partner, visitor or authority.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    known = models.JSONField(_("facts"), default=dict)
    inputs = models.OneToOneField(
        "agreements.Sealed", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("sealed inputs"),
    )  # fmt: skip
    optional = models.JSONField(_("optional clauses"), default=list, blank=True)
    own_changes = models.JSONField(_("own wordings"), default=dict, blank=True)
    deviations = models.JSONField(_("deviations from the library"), default=list, blank=True)
    reasons = models.JSONField(_("why each clause is there"), default=list, blank=True)
    form = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("text that is signed"),
    )  # fmt: skip
    pdf = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("PDF that is signed"),
    )  # fmt: skip
    docx = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("office document"),
    )  # fmt: skip
    replaces = models.ForeignKey(
        "self", models.PROTECT, related_name="successors", null=True, blank=True, verbose_name=_("replaces")
    )
    prepared_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, verbose_name=_("prepared by")
    )
    created_at = models.DateTimeField(_("created"))
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: it holds until it is ended.")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-created_at", "id")
        indexes = (
            models.Index(fields=("person", "kind", "state"), name="agreements_person_kind"),
            models.Index(fields=("state", "ends_on"), name="agreements_state_end"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(party_name=""), name="agreements_has_a_party"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn"))
                | Q(form__isnull=False, pdf__isnull=False, offered_at__isnull=False),
                name="agreements_offered_has_bytes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.party}"

    def get_absolute_url(self) -> str:
        """Return the address of the agreement's page."""
        return reverse("agreements:agreement_detail", args=[self.pk])

    @property
    def party(self) -> str:
        """The name of the other side."""
        return self.person.name if self.person else self.party_name

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this agreement."""
        return f"agreement:{self.pk}"
