"""What happened to a secret or one of its carriers in its life, as both ledgers of the guide list it.

Follows the seed guide 五(二): created, circulated, copied, released, changed, declassified, destroyed.  The
evidence ledger proves each event; these rows make it searchable and countable.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.holdings import Carrier
from shoumi.server.register.models.secrets import TradeSecret


class LifeEvent(models.Model):
    """One of the seven life events; written once by `services.life`, never changed."""

    class Kind(models.TextChoices):
        """The seven events of the guide, in its order."""

        CREATED = "created", _("Created")
        CIRCULATED = "circulated", _("Circulated")
        COPIED = "copied", _("Copied")
        RELEASED = "released", _("Released")
        CHANGED = "changed", _("Changed")
        DECLASSIFIED = "declassified", _("Declassified")
        DESTROYED = "destroyed", _("Destroyed")

    secret = models.ForeignKey(TradeSecret, on_delete=models.CASCADE, related_name="life_events")
    carrier = models.ForeignKey(
        Carrier, on_delete=models.PROTECT, related_name="life_events", null=True, blank=True
    )
    kind = models.CharField(_("event"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the clock
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["secret", "-at"], name="register_life_of_secret"),
            models.Index(fields=["kind", "-at"], name="register_life_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.secret_id} {self.kind}"
