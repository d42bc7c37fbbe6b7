"""How marks look inside files of a company, and which files bore which mark from when on.

Follows the seed guide 五(一): the form of the mark is the company's to determine by category, the four parts
are not.  The bytes of a marked file are not kept: they follow from the original, the mark and the look, and
are made anew.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.register.models.history import SecretVersion
from shoumi.server.register.models.holdings import SecretFile


class MarkLook(models.Model):
    """Which parts a mark has inside the files of one category and level; empty stands for every one."""

    entity = models.ForeignKey("people.LegalEntity", on_delete=models.PROTECT, related_name="mark_looks")
    category = models.CharField(_("category"), max_length=20, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    banner = models.BooleanField(_("box on the first page"), default=True)
    header = models.BooleanField(_("header"), default=True)
    footer = models.BooleanField(_("footer"), default=True)
    watermark = models.BooleanField(_("watermark on every page"), default=True)
    cover_sheet = models.BooleanField(_("cover sheet in workbooks"), default=True)
    label_id = models.UUIDField(_("Purview label"), null=True, blank=True)
    site_id = models.UUIDField(_("Purview tenant"), null=True, blank=True)
    label_name = models.CharField(_("name of the Purview label"), max_length=100, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))

    class Meta:
        verbose_name = _("look of marks")
        verbose_name_plural = _("looks of marks")
        ordering = ["entity", "category", "level"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "category", "level"], name="register_look_unique"),
            models.CheckConstraint(
                condition=models.Q(header=True) | models.Q(watermark=True),
                name="register_look_shows_on_every_page",
            ),
            models.CheckConstraint(
                condition=models.Q(label_id=None, site_id=None)
                | models.Q(label_id__isnull=False, site_id__isnull=False),
                name="register_look_label_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'} {self.level or '*'}"


class EmbeddedMark(models.Model):
    """That the mark of one version was set into a file, or why it could not be; one per file and version."""

    file = models.ForeignKey(SecretFile, on_delete=models.CASCADE, related_name="embedded_marks")
    version = models.ForeignKey(SecretVersion, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("name or number"), max_length=200)
    level = models.CharField(_("level"), max_length=200)
    period = models.CharField(_("period"), max_length=200)
    owner = models.CharField(_("owner unit"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the marked file"), max_length=64, blank=True)
    fault = models.CharField(_("why there is no mark inside"), max_length=80, blank=True)  # code of an error
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("marked"))

    class Meta:
        verbose_name = _("mark inside a file")
        verbose_name_plural = _("marks inside files")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["file", "version"], name="register_embedded_once"),
            models.CheckConstraint(
                condition=models.Q(sha256="") ^ models.Q(fault=""), name="register_embedded_or_fault"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.fault or self.sha256[:12]}"
