"""Notices to a leaver's customers, suppliers and partners, with proof that they arrived.

Follows the guide 五(五)3(6).
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


class OutsideNotice(models.Model):
    """One notice to one company."""

    class Channel(models.TextChoices):
        """How it goes out."""

        LETTER = "letter", pgettext_lazy("way of a notice", "Letter with proof of delivery")
        EMAIL = "email", pgettext_lazy("way of a notice", "E-mail")
        MESSENGER = "messenger", pgettext_lazy("way of a notice", "Company messenger")
        HAND = "hand", pgettext_lazy("way of a notice", "Handed over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(CaseStep, models.PROTECT, related_name="notices", verbose_name=_("step"))
    kind = models.CharField(_("kind"), max_length=40)  # item of the pack: customers, suppliers, partners
    name = models.CharField(_("company"), max_length=200)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8)
    text = models.TextField(_("text"), max_length=4000)
    channel = models.CharField(_("way"), max_length=10, choices=Channel, blank=True)
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    proof = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("notice outside")
        verbose_name_plural = _("notices outside")
        ordering = ["kind", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(sent_at__isnull=False),
                name="lifecycle_notice_sent_first",
            ),
        ]

    def __str__(self) -> str:
        return self.name
