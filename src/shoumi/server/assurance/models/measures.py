"""What people record about measures: proofs, circumstances, weights, and the five steps of leavers.

Source: the seven kinds of measures in the packs' `measures.yaml`, seed guide question 4.  What other parts of
the product record themselves is read from there, never copied here.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.people.models import Department, Engagement, LegalEntity
from shoumi.server.register.models import Carrier, TradeSecret


class MeasureRecord(models.Model):
    """One recorded proof of a measure, or one circumstance that weakens it; withdrawn, never deleted.

    `proof` is an id of the pack (`K1.staff`) or, for circumstances, `X.` and the id of a deduction.  Without
    secret, carrier and department it holds for the whole legal entity.
    """

    class Party(models.TextChoices):
        """Of whom the measure asks something."""

        STAFF = "staff", pgettext_lazy("party of a measure", "Staff")
        SUPPLIER = "supplier", pgettext_lazy("party of a measure", "Supplier")
        CUSTOMER = "customer", pgettext_lazy("party of a measure", "Customer")
        VISITOR = "visitor", pgettext_lazy("party of a measure", "Visitor")
        OTHER = "other", pgettext_lazy("party of a measure", "Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+", verbose_name=_("legal entity"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    secret = models.ForeignKey(
        TradeSecret, models.PROTECT, null=True, blank=True, related_name="measure_records",
        verbose_name=_("trade secret"),
    )  # fmt: skip
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, null=True, blank=True, related_name="measure_records",
        verbose_name=_("carrier"),
    )  # fmt: skip
    proof = models.CharField(_("proof"), max_length=30, db_index=True)
    party = models.CharField(_("concerns"), max_length=10, choices=Party, blank=True)
    party_name = models.CharField(_("name of the partner"), max_length=200, blank=True)
    text = models.TextField(_("what was done"))
    happened_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    covered = models.PositiveIntegerField(_("reached"), default=1)
    needed = models.PositiveIntegerField(_("of"), default=1)
    lived = models.PositiveSmallIntegerField(_("followed (%)"), null=True, blank=True)
    lived_reason = models.CharField(_("how this is known"), max_length=400, blank=True)
    recognisable = models.PositiveSmallIntegerField(_("recognisable (%)"), null=True, blank=True)
    recognisable_reason = models.CharField(_("how people can tell"), max_length=400, blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("record of a measure")
        verbose_name_plural = _("records of measures")
        ordering = ["-happened_on", "-recorded_at"]
        indexes = [models.Index(fields=["entity", "proof", "happened_on"], name="assurance_measure_proof")]
        constraints = [
            models.CheckConstraint(
                condition=Q(covered__lte=F("needed"), needed__gte=1), name="assurance_measure_covered"
            ),
            models.CheckConstraint(
                condition=(Q(lived=None) | Q(lived__lte=100))
                & (Q(recognisable=None) | Q(recognisable__lte=100)),
                name="assurance_measure_percent",
            ),
            models.CheckConstraint(
                condition=(Q(lived=None) | ~Q(lived_reason=""))
                & (Q(recognisable=None) | ~Q(recognisable_reason="")),
                name="assurance_measure_grade_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("happened_on")), name="assurance_measure_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proof}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        """Return the address of the record."""
        return reverse("assurance:measure_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this record."""
        return f"measure:{self.pk}"

    @property
    def recorded_afterwards(self) -> bool:
        """Whether it was written down on a later day than it is said to hold from."""
        return self.recorded_at.date() > self.happened_on


class WeightChange(models.Model):
    """A weight or mark that counsel set otherwise than the pack; holds once another person confirmed it."""

    entity = models.ForeignKey(LegalEntity, models.PROTECT, related_name="+")
    key = models.CharField(_("weight"), max_length=20)  # K1 … K7, or a level id for its pass mark
    value = models.PositiveSmallIntegerField(_("value"))
    pack_value = models.PositiveSmallIntegerField(_("value of the pack"))
    reason = models.TextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True)

    class Meta:
        verbose_name = _("changed weight")
        verbose_name_plural = _("changed weights")
        ordering = ["entity", "key", "-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "key"],
                condition=Q(replaced_at=None, confirmed_at__isnull=False),
                name="assurance_weight_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("set_by")), name="assurance_weight_by_two"
            ),
            models.CheckConstraint(condition=Q(value__lte=100), name="assurance_weight_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


class LeaverStep(models.Model):
    """One of the five steps of the guide for somebody who left, ticked off with its proof."""

    class Step(models.TextChoices):
        """Register, return, delete, destroy, remain bound."""

        REGISTER = "register", pgettext_lazy("leaver", "Registered what the person had")
        RETURN = "return", pgettext_lazy("leaver", "Returned")
        DELETE = "delete", pgettext_lazy("leaver", "Deleted")
        DESTROY = "destroy", pgettext_lazy("leaver", "Destroyed")
        DUTY = "duty", pgettext_lazy("leaver", "Reminded of the duty that goes on")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="leaver_steps")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    done_on = models.DateField(_("done on"))
    text = models.CharField(_("what was done"), max_length=400)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("step of a leaver")
        verbose_name_plural = _("steps of leavers")
        ordering = ["engagement", "done_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "step"], name="assurance_leaver_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.step}"
