"""That two answer for a thing, one for the law and one for security, and that both have agreed to it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class JointlyAgreed(models.Model):
    """A row that counts once both owners have agreed."""

    legal_agreed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("agreed for the law")
    )
    legal_agreed_at = models.DateTimeField(null=True, blank=True)
    security_agreed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("agreed for security")
    )
    security_agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def agreed_at(self) -> datetime | None:
        """Since when it counts; None: one of the two is missing."""
        if self.legal_agreed_at is None or self.security_agreed_at is None:
            return None
        return max(self.legal_agreed_at, self.security_agreed_at)
