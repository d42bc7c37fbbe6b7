"""Who in a knowledge scope was told, and when they took note of it: one row per person and secret, or batch.

Follows the seed guide 四: those who come into contact with a secret are told.  An imported register is told
once per person, for all of its secrets.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.register.models.legacy import LegacyBatch
from shoumi.server.register.models.secrets import TradeSecret


class ScopeNotice(models.Model):
    """The notice to one person that they are bound to keep a secret, or those of an imported register."""

    class Cause(models.TextChoices):
        """Why now."""

        DESIGNATED = "designated", pgettext_lazy("notice", "Designated")
        CHANGED = "changed", pgettext_lazy("notice", "Scope changed")
        JOINED = "joined", pgettext_lazy("notice", "Came into the scope later")

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="scope_notices")
    secret = models.ForeignKey(
        TradeSecret, on_delete=models.PROTECT, related_name="scope_notices", null=True, blank=True
    )
    batch = models.ForeignKey(
        LegacyBatch, on_delete=models.PROTECT, related_name="scope_notices", null=True, blank=True
    )
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    told_at = models.DateTimeField(_("told"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # who took the acknowledgement on paper from somebody without an account
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("notice to a person in the knowledge scope")
        verbose_name_plural = _("notices to persons in the knowledge scope")
        ordering = ["-told_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(secret=None, batch__isnull=False)
                | models.Q(batch=None, secret__isnull=False),
                name="register_notice_about_one",
            ),
            models.UniqueConstraint(fields=["person", "secret"], name="register_notice_per_secret"),
            models.UniqueConstraint(fields=["person", "batch"], name="register_notice_per_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.secret_id or self.batch_id}"
