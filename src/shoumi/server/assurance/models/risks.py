"""The risk register: on which ways secrets may leak, with what harm, how likely, and what is done about it.

Source: seed guide 一(三), prevention first; channels, harms and scales are ids of the pack's `risks.yaml`.
Each saved state is kept as a version; nothing is deleted.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Department, LegalEntity, Person, Post
from shoumi.server.places.models import Zone
from shoumi.server.register.models import TradeSecret

GRADES = (MinValueValidator(1), MaxValueValidator(5))


class Risk(models.Model):
    """One risk of one legal entity, or of one of its departments."""

    class Treatment(models.TextChoices):
        """What is done about it."""

        REDUCE = "reduce", pgettext_lazy("treatment of a risk", "Reduce")
        AVOID = "avoid", pgettext_lazy("treatment of a risk", "Avoid")
        TRANSFER = "transfer", pgettext_lazy("treatment of a risk", "Transfer")
        ACCEPT = "accept", pgettext_lazy("treatment of a risk", "Accept")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("risk", "Open")
        TREATED = "treated", pgettext_lazy("risk", "Treated")
        CLOSED = "closed", pgettext_lazy("risk", "Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(
        LegalEntity, models.PROTECT, related_name="risks", verbose_name=_("legal entity")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("risk"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    channel = models.CharField(_("channel"), max_length=20)
    harms = models.JSONField(_("harms"), default=list)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), validators=GRADES)
    likelihood_reason = models.TextField(_("reason for the likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"), validators=GRADES)
    impact_reason = models.TextField(_("reason for the impact"))
    product = models.GeneratedField(
        expression=F("likelihood") * F("impact"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
        verbose_name=_("likelihood × impact"),
    )
    treatment = models.CharField(_("treatment"), max_length=10, choices=Treatment, default=Treatment.REDUCE)
    measures = models.TextField(_("what is done about it"), blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("risk owner"))
    review_on = models.DateField(_("to be reviewed by"))
    reviewed_at = models.DateTimeField(_("last reviewed"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["entity", "-product", "number"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "number"], name="assurance_risk_number_once"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="assurance_risk_grades"
            ),
        ]

    def __str__(self) -> str:
        return f"R{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Return the address of the risk."""
        return reverse("assurance:risk_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this risk."""
        return f"risk:{self.pk}"


class RiskLink(models.Model):
    """What a risk is about: a registered secret, a zone, a post, or a partner by name."""

    class Kind(models.TextChoices):
        """What it points to."""

        SECRET = "secret", _("Trade secret")
        ZONE = "zone", _("Zone")
        POST = "post", _("Post")
        PARTNER = "partner", _("Partner")

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    secret = models.ForeignKey(TradeSecret, models.PROTECT, null=True, blank=True, related_name="risk_links")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="risk_links")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="risk_links")
    partner = models.CharField(_("partner"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("link of a risk")
        verbose_name_plural = _("links of risks")
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="secret", secret__isnull=False, zone=None, post=None, partner="")
                | Q(kind="zone", zone__isnull=False, secret=None, post=None, partner="")
                | Q(kind="post", post__isnull=False, secret=None, zone=None, partner="")
                | (Q(kind="partner", secret=None, zone=None, post=None) & ~Q(partner="")),
                name="assurance_risk_link_names_one",
            ),
            models.UniqueConstraint(
                fields=["risk", "secret"], condition=Q(kind="secret"), name="assurance_risk_secret_once"
            ),
            models.UniqueConstraint(
                fields=["risk", "zone"], condition=Q(kind="zone"), name="assurance_risk_zone_once"
            ),
            models.UniqueConstraint(
                fields=["risk", "post"], condition=Q(kind="post"), name="assurance_risk_post_once"
            ),
            models.UniqueConstraint(
                fields=["risk", "partner"], condition=Q(kind="partner"), name="assurance_risk_partner_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> object:
        """What the link points to."""
        return self.secret or self.zone or self.post or self.partner


class RiskVersion(models.Model):
    """A risk as it was saved; the history of likelihood, impact, treatment and owner."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="versions")
    ordinal = models.PositiveIntegerField(_("version"))
    record = models.JSONField(_("record"))
    reason = models.CharField(_("reason of the change"), max_length=400, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("version of a risk")
        verbose_name_plural = _("versions of a risk")
        ordering = ["risk", "-ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["risk", "ordinal"], name="assurance_risk_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} v{self.ordinal}"
