"""Workers of partners here, kept apart from employees: their company, papers, computer, and accesses.

Follows the seed guide 五(六)2 (the company's computer and encryption) and the Japanese page.  Who
they are and where they work is told by their engagement; nothing of that is repeated here.
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


class Worker(models.Model):
    """One person whom a partner sends, or who is the partner, for the time of one engagement."""

    class Computer(models.TextChoices):
        """On what they work."""

        COMPANY = "company", pgettext_lazy("computer of an outsider", "Computer of the company")
        OWN = "own", pgettext_lazy("computer of an outsider", "Computer of their own")
        NONE = "none", pgettext_lazy("computer of an outsider", "No computer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, related_name="workers", verbose_name=_("partner")
    )
    engagement = models.OneToOneField(
        "people.Engagement", models.PROTECT, related_name="outside", verbose_name=_("engagement")
    )
    pledge = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("signed pledge"),
    )  # fmt: skip
    pledged_on = models.DateField(_("pledged on"), null=True, blank=True)
    computer = models.CharField(_("computer"), max_length=8, choices=Computer, blank=True)
    device = models.CharField(_("which computer"), max_length=120, blank=True)
    encrypted = models.BooleanField(_("what is stored on it is encrypted"), default=False)
    equipment_proof = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("proof")
    )
    equipment_checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    equipment_checked_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("checked by")
    )
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("outsider working here")
        verbose_name_plural = _("outsiders working here")
        ordering = ["partner", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(computer="")
                | Q(equipment_checked_at__isnull=False, equipment_proof__isnull=False),
                name="partners_computer_is_proved",
            )
        ]

    def __str__(self) -> str:
        return str(self.engagement.person)

    def get_absolute_url(self) -> str:
        """Return the address of the worker's page."""
        return reverse("partners:worker_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this worker: the person."""
        return f"person:{self.engagement.person_id}"


class Access(models.Model):
    """Something that was opened for a worker of a partner: an account, a system, a zone, a card."""

    class Kind(models.TextChoices):
        """What was opened."""

        ACCOUNT = "account", pgettext_lazy("access", "Account")
        SYSTEM = "system", pgettext_lazy("access", "System or database")
        ZONE = "zone", pgettext_lazy("access", "Zone")
        CARD = "card", pgettext_lazy("access", "Card or key")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="accesses")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    what = models.CharField(_("what is opened"), max_length=200)
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("zone")
    )
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("given by"))
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("taken back by")
    )

    class Meta:
        verbose_name = _("access of an outsider")
        verbose_name_plural = _("accesses of outsiders")
        ordering = ["-given_at", "id"]

    def __str__(self) -> str:
        return self.what
