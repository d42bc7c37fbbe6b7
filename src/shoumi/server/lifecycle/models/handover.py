"""What a leaver gives back: one row for each thing, with who handed it over and who received it.

Follows the guide 五(五)3(2): files, hardware, accounts, passwords, data and carriers, item by item,
to a named receiver.  A secret itself is never written here, only what it is called.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.lifecycle.models.cases import CaseStep

USER = settings.AUTH_USER_MODEL


class HandoverItem(models.Model):
    """One thing."""

    class State(models.TextChoices):
        """Where it is."""

        LISTED = "listed", pgettext_lazy("handover item", "With the person")
        HANDED = "handed", pgettext_lazy("handover item", "Handed over, not yet confirmed")
        RECEIVED = "received", pgettext_lazy("handover item", "Received")
        MISSING = "missing", pgettext_lazy("handover item", "Missing")
        NONE = "none", pgettext_lazy("handover item", "The person has none")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(CaseStep, models.PROTECT, related_name="things", verbose_name=_("step"))
    group = models.CharField(_("kind"), max_length=40)  # item of the pack
    label = models.CharField(_("what"), max_length=300)
    carrier = models.ForeignKey(
        "register.Carrier", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("carrier"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.LISTED)
    note = models.CharField(_("note"), max_length=400, blank=True)
    listed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(_("listed"))
    handed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    received_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a handover list")
        verbose_name_plural = _("items of handover lists")
        ordering = ["group", "listed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "carrier"], condition=Q(carrier__isnull=False), name="lifecycle_carrier_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_by__isnull=False, received_at__isnull=False),
                name="lifecycle_item_received",
            ),
        ]

    def __str__(self) -> str:
        return self.label
