"""Originals of what was exchanged with partners about secrets: mails and chats, kept in their very bytes.

Follows the seed guide 五(六)1.  The file is encrypted and never altered; what its head says is sealed,
because a subject line may tell a secret.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

USER = settings.AUTH_USER_MODEL


class Original(models.Model):
    """One original, tied to a partner and, if it is about one, to a secret."""

    class Medium(models.TextChoices):
        """How it was exchanged."""

        MAIL = "mail", pgettext_lazy("medium", "E-mail")
        CHAT = "chat", pgettext_lazy("medium", "Chat, such as WeChat")
        OTHER = "other", pgettext_lazy("medium", "Other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="originals")
    secret = models.ForeignKey(
        "register.TradeSecret", models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("trade secret it is about"),
    )  # fmt: skip
    medium = models.CharField(_("medium"), max_length=8, choices=Medium)
    file = models.OneToOneField(
        "files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("original")
    )
    facts = models.OneToOneField(
        "agreements.Sealed", models.PROTECT, related_name="+", verbose_name=_("what its head says")
    )
    kept_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    kept_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("original of an exchange")
        verbose_name_plural = _("originals of exchanges")
        ordering = ["-kept_at", "id"]

    def __str__(self) -> str:
        return str(self.file)

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this original."""
        return f"original:{self.pk}"
