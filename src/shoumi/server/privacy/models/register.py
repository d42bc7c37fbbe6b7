"""The register of processings of personal data, and the impact assessments made of them.

Fields follow the packs' `personal_data.yaml`.  Kinds, purpose and basis of a processing never change, because
notices and consents rest on them: it is ended and a new one recorded.  Both count once two owners agree.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.privacy.models.owners import JointlyAgreed

USER = settings.AUTH_USER_MODEL


class Processing(JointlyAgreed):
    """What is collected about whom, what for, on which basis, who gets it, where and how long it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        "people.LegalEntity", models.PROTECT, related_name="processings", verbose_name=_("legal entity")
    )
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=40)
    kinds = models.JSONField(_("kinds of data"))
    basis = models.CharField(_("legal basis"), max_length=40)
    basis_note = models.CharField(
        _("why this basis holds"), max_length=400, help_text=_("The rule, contract or duty it rests on.")
    )
    traits = models.JSONField(_("what makes it delicate"), default=list, blank=True)
    departments = models.ManyToManyField(
        "people.Department", related_name="+", blank=True, verbose_name=_("departments concerned")
    )
    persons = models.ManyToManyField(
        "people.Person", related_name="+", blank=True, verbose_name=_("persons concerned")
    )
    recipients = models.CharField(_("recipients"), max_length=400, help_text=_("Who gets to see it."))
    storage = models.CharField(_("place of storage"), max_length=200)
    keep_months = models.PositiveSmallIntegerField(_("months it is kept"))
    legal_owner = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("answerable for the law")
    )
    security_owner = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("answerable for security")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("processing")
        verbose_name_plural = _("processings")
        ordering = ("name", "starts_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="privacy_processing_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(keep_months__gte=1), name="privacy_processing_ends_keeping"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the processing's page."""
        return reverse("privacy:processing_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this processing."""
        return f"processing:{self.pk}"


class Assessment(JointlyAgreed):
    """An impact assessment of a processing, kept as long as the pack says."""

    class Outcome(models.TextChoices):
        """What it came to."""

        ACCEPTABLE = "acceptable", pgettext_lazy("impact assessment", "Acceptable with these measures")
        NOT_ACCEPTABLE = "not_acceptable", pgettext_lazy("impact assessment", "Not acceptable")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    processing = models.ForeignKey(
        Processing, models.PROTECT, related_name="assessments", verbose_name=_("processing")
    )
    triggers = models.JSONField(_("why it is needed"), default=list)
    necessity = models.TextField(_("lawful, proper and necessary"), max_length=4000)
    risks = models.TextField(_("effect on persons and risks"), max_length=4000)
    measures = models.TextField(_("measures and whether they fit the risk"), max_length=4000)
    adviser = models.CharField(
        _("legal adviser"), max_length=120, blank=True, help_text=_("Who was asked for advice on the law.")
    )
    advice = models.TextField(_("what the adviser said"), max_length=4000, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("made by"))
    keep_until = models.DateField(_("kept at least until"), null=True)

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        ordering = ("-made_at", "id")

    def __str__(self) -> str:
        return f"{self.processing} · {self.made_at.date()}"

    def get_absolute_url(self) -> str:
        """Return the address of the assessment on its processing's page."""
        return f"{self.processing.get_absolute_url()}#assessments"

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this assessment."""
        return f"assessment:{self.pk}"
