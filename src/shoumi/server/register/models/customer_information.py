"""Why compiled customer information is a secret: of what it consists, and the trace of working it up.

Follows the seed guide 四(一)2 (客户信息: 整理、加工后形成).  The customers themselves are never stored here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.secrets import TradeSecret


class CustomerInformation(models.Model):
    """The depth of one secret of the category of customer information."""

    secret = models.OneToOneField(TradeSecret, on_delete=models.CASCADE, related_name="customer_information")
    kinds = models.JSONField(_("kinds of information"), default=list)  # ids of `packs/*/duties.yaml`
    collected = models.TextField(_("how it was collected"), blank=True)
    worked_up = models.TextField(_("how it was sorted and worked up"), blank=True)
    effort = models.TextField(_("time, money and people spent"), blank=True)
    sources = models.TextField(_("sources, and what of it is not public"), blank=True)

    class Meta:
        verbose_name = _("customer information")
        verbose_name_plural = _("customer information")

    def __str__(self) -> str:
        return str(self.secret_id)
