"""Inputs that may not lie readable in the database: identity numbers, wages, sums.

Encrypted with AES-256-GCM under a content key of their own, which the key store wraps; destroying the key's
row makes them unreadable in every copy.  Nothing is encrypted or read here; `sealing` does.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sealed(models.Model):
    """One sealed set of inputs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.OneToOneField("files.ContentKey", models.PROTECT, related_name="+", verbose_name=_("key"))
    content = models.BinaryField(_("sealed content"))

    class Meta:
        verbose_name = _("sealed inputs")
        verbose_name_plural = _("sealed inputs")

    def __str__(self) -> str:
        return str(self.id)
