"""Signs of a leak outside: what customers complain of, and what an outsider carried out.

Follows the Japanese page: sales from other trades to customers, and the smartphone of a contractor's
dispatched worker.  The name of a customer is personal data and is masked.
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


class Signal(models.Model):
    """One sign, as somebody told it, and what the secrecy office makes of it."""

    class Kind(models.TextChoices):
        """What it is a sign of."""

        SALES = "sales", pgettext_lazy("sign of a leak", "Unsolicited sales to customers")
        CARRIED = "carried_out", pgettext_lazy("sign of a leak", "Something carried out by an outsider")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("sign of a leak", "To be judged")
        SUSPECTED = "suspected", pgettext_lazy("sign of a leak", "Leak suspected")
        HARMLESS = "harmless", pgettext_lazy("sign of a leak", "No leak")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="leak_signals")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    happened_on = models.DateField(_("when it happened"))
    source = models.CharField(_("how it became known"), max_length=200)
    text = models.CharField(_("what happened"), max_length=1000)
    customer = models.CharField(_("customer"), max_length=120, blank=True)
    offered = models.CharField(_("what was offered, from which trade"), max_length=200, blank=True)
    seeded = models.CharField(_("seeded records that were named"), max_length=300, blank=True)
    worker = models.ForeignKey(
        "partners.Worker", models.PROTECT, related_name="signals", null=True, blank=True,
        verbose_name=_("outsider"),
    )  # fmt: skip
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("zone")
    )
    device = models.CharField(_("device"), max_length=200, blank=True)
    taken_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("written down by"))
    taken_at = models.DateTimeField(_("written down"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    judgement = models.CharField(_("judgement"), max_length=600, blank=True)
    judged_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("sign of a leak")
        verbose_name_plural = _("signs of leaks")
        ordering = ["-taken_at", "id"]
        indexes = [models.Index(fields=["state", "-taken_at"], name="partners_signal_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (Q(judged_at__isnull=False) & ~Q(judgement="")),
                name="partners_judged_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="carried_out") | Q(worker__isnull=False),
                name="partners_carried_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"

    def get_absolute_url(self) -> str:
        """Return the address of the sign's page."""
        return reverse("partners:signal_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this sign."""
        return f"signal:{self.pk}"
