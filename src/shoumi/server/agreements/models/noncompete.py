"""Non-competition that runs: its days, payments, alarms of arrears, breaches.

What is agreed stands in the agreement; whatever tells what somebody earns or is paid is sealed.  Schedule,
arrears and dues are computed from the packs each time and never stored readable.
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

from shoumi.server.agreements.models.agreements import Agreement

USER = settings.AUTH_USER_MODEL


class NonCompete(models.Model):
    """One agreement on non-competition after service has ended, or the decision not to use it."""

    class State(models.TextChoices):
        """Where it stands."""

        ACTIVE = "active", pgettext_lazy("non-competition", "Under way")
        WAIVED = "waived", pgettext_lazy("non-competition", "Waived")
        RELEASED = "released", pgettext_lazy("non-competition", "Released early")
        OVER = "over", pgettext_lazy("non-competition", "Over")

    agreement = models.OneToOneField(
        Agreement, models.PROTECT, primary_key=True, related_name="non_compete", verbose_name=_("agreement")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    service_ends = models.DateField(_("last day of service"))
    ends_on = models.DateField(_("last day of non-competition"))
    due_day = models.PositiveSmallIntegerField(
        _("day of payment"), default=15, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    sums = models.OneToOneField(
        "agreements.Sealed", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("sealed sums"),
    )  # fmt: skip
    employers_fault = models.BooleanField(
        _("arrears are the employer's fault"), null=True, blank=True, help_text=_("Empty: not recorded.")
    )
    months_behind = models.PositiveSmallIntegerField(_("months in arrears"), default=0)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"))
    released_on = models.DateField(_("released on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("non-competition")
        verbose_name_plural = _("non-competition")
        ordering = ("-decided_at", "agreement")
        indexes = (models.Index(fields=("state", "ends_on"), name="agreements_nc_state"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("service_ends")), name="agreements_nc_days"),
            models.CheckConstraint(
                condition=Q(state="waived") | Q(sums__isnull=False), name="agreements_nc_has_sums"
            ),
        )

    def __str__(self) -> str:
        return str(self.agreement)

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("agreements:nc_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows it: that of the agreement."""
        return f"agreement:{self.pk}"


class NonCompetePayment(models.Model):
    """Money that reached the person, as the bank's list tells; the amount is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    non_compete = models.ForeignKey(
        NonCompete, models.PROTECT, related_name="payments", verbose_name=_("non-competition")
    )
    day = models.DateField(_("day"))
    reference = models.CharField(_("number at the bank"), max_length=64)
    amount = models.OneToOneField(
        "agreements.Sealed", models.PROTECT, related_name="+", verbose_name=_("sealed amount")
    )
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("day", "reference")
        constraints = (
            models.UniqueConstraint(fields=("non_compete", "reference"), name="agreements_payment_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.reference}"


class ArrearsAlarm(models.Model):
    """That people were told of so many months in arrears; once for each stretch of arrears."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    non_compete = models.ForeignKey(
        NonCompete, models.PROTECT, related_name="alarms", verbose_name=_("non-competition")
    )
    months = models.PositiveSmallIntegerField(_("months in arrears"))
    since = models.DateField(_("since"))
    employee_may_end = models.BooleanField(_("the person may end it"), default=False)
    told_at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("alarm of arrears")
        verbose_name_plural = _("alarms of arrears")
        ordering = ("-told_at", "months")
        constraints = (
            models.UniqueConstraint(fields=("non_compete", "months", "since"), name="agreements_alarm_once"),
        )

    def __str__(self) -> str:
        return f"{self.months} · {self.since}"


class Breach(models.Model):
    """What was seen of a breach, with the papers that show it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    non_compete = models.ForeignKey(
        NonCompete, models.PROTECT, related_name="breaches", verbose_name=_("non-competition")
    )
    since = models.DateField(_("since"))
    seen = models.CharField(_("what was seen"), max_length=1000)
    files = models.ManyToManyField("files.StoredFile", related_name="+", verbose_name=_("papers"))
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("breach of non-competition")
        verbose_name_plural = _("breaches of non-competition")
        ordering = ("-recorded_at", "id")

    def __str__(self) -> str:
        return f"{self.since}"
