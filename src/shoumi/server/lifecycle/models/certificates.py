"""The certificate of leaving: what was found when it was drawn up, fixed by its hash, and the finished PDF.

Follows the guide 五(五)3: leaver, receiver and secrecy officer sign the same bytes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.lifecycle.models.cases import CaseStep

USER = settings.AUTH_USER_MODEL


class Certificate(models.Model):
    """One certificate, of the step that asks for it."""

    step = models.OneToOneField(CaseStep, models.PROTECT, related_name="certificate", verbose_name=_("step"))
    language = models.CharField(_("language"), max_length=8)
    statement = models.JSONField(default=dict)
    statement_sha256 = models.CharField(_("hash of what was signed"), max_length=64)
    drawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("drawn up by"))
    drawn_at = models.DateTimeField(_("drawn up"))
    stored = models.ForeignKey(
        "files.StoredFile", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("PDF")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate of leaving")
        verbose_name_plural = _("certificates of leaving")
        ordering = ["-drawn_at", "pk"]

    def __str__(self) -> str:
        return str(self.step)
