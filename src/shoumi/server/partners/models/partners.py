"""Partners outside, from suppliers to dispatch agencies, and the filing of agreements with them.

Follows the seed guide 五(六)1 (agreement before the first disclosure, registered) and the Japanese page on
contractors.  Name, number and contact are those of the register's third party, so that they stand once only.
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


class Partner(models.Model):
    """A company or person outside with whom the company works, kept by one department."""

    class Kind(models.TextChoices):
        """What they are to the company."""

        SUPPLIER = "supplier", pgettext_lazy("partner", "Supplier")
        CUSTOMER = "customer", pgettext_lazy("partner", "Customer as a partner")
        EXPERT = "expert", pgettext_lazy("partner", "Outside expert")
        ADVISER = "adviser", pgettext_lazy("partner", "Adviser or lawyer")
        CONTRACTOR = "contractor", pgettext_lazy("partner", "Contractor")
        AGENCY = "dispatch_agency", pgettext_lazy("partner", "Dispatch agency")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    third_party = models.OneToOneField(
        "register.ThirdParty", models.PROTECT, related_name="partner", verbose_name=_("third party")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    work = models.CharField(_("what they do for us"), max_length=200, blank=True)
    manager_name = models.CharField(_("their responsible person"), max_length=80, blank=True)
    manager_contact = models.CharField(_("how to reach the responsible person"), max_length=200, blank=True)
    manager = models.ForeignKey(
        USER, models.PROTECT, related_name="managed_partners", null=True, blank=True,
        verbose_name=_("sign-in of the responsible person"),
    )  # fmt: skip
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["third_party__name", "id"]
        indexes = [models.Index(fields=["kind", "ended_on"], name="partners_partner_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(end_reason=""), name="partners_end_has_reason"
            )
        ]

    def __str__(self) -> str:
        return str(self.third_party)

    def get_absolute_url(self) -> str:
        """Return the address of the partner's page."""
        return reverse("partners:partner_detail", args=[self.pk])

    @property
    def department(self) -> models.Model:
        """The department that keeps the record."""
        return self.third_party.department

    @property
    def sends_workers(self) -> bool:
        """Whether people of theirs work here."""
        return self.kind in {self.Kind.CONTRACTOR, self.Kind.AGENCY}

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this partner."""
        return f"partner:{self.pk}"


class Filing(models.Model):
    """The registration of one signed agreement: its number, its five parts, and where the paper lies."""

    class Form(models.TextChoices):
        """Whether secrecy has a paper of its own."""

        OWN = "own", pgettext_lazy("agreement", "Secrecy agreement of its own")
        CLAUSE = "clause", pgettext_lazy("agreement", "Secrecy clauses in the business contract")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="filings")
    agreement = models.OneToOneField(
        "register.ConfidentialityAgreement", models.PROTECT, related_name="filing",
        verbose_name=_("signed agreement"),
    )  # fmt: skip
    number = models.CharField(_("filing number"), max_length=40)
    form = models.CharField(_("form"), max_length=8, choices=Form)
    content = models.CharField(_("what is secret, and how far"), max_length=1000)
    period = models.CharField(_("how long it stays secret"), max_length=200)
    duties = models.CharField(_("duties of secrecy"), max_length=1000)
    liability = models.CharField(_("liability for a breach"), max_length=1000)
    filed_where = models.CharField(_("where the paper is filed"), max_length=200)
    filed_on = models.DateField(_("filed on"))
    filed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("filed by"))

    class Meta:
        verbose_name = _("filed agreement")
        verbose_name_plural = _("filed agreements")
        ordering = ["-filed_on", "number"]
        constraints = [models.UniqueConstraint(fields=["number"], name="partners_filing_number")]

    def __str__(self) -> str:
        return self.number
