"""Logs that were imported for a case, what the look-back found in them, and evidence that is held.

Follows the guide 五(五)3(4) and (5).  Logs hold what a person did: they lie encrypted, are used only with the
basis that is written beside them, and only hits are kept in rows.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shoumi.server.lifecycle.models.cases import PersonCase

USER = settings.AUTH_USER_MODEL


class CaseLog(models.Model):
    """One log file with what its columns mean."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(PersonCase, models.PROTECT, related_name="logs")
    kind = models.CharField(_("kind of log"), max_length=20)  # of the pack
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+", verbose_name=_("file"))
    mapping = models.JSONField(default=dict)  # field of an event → column
    accounts = models.JSONField(default=list)  # the person's; empty: every row is theirs
    basis = models.CharField(_("how the person was told of this log"), max_length=400)
    events = models.PositiveIntegerField(_("events"), default=0)
    faults = models.PositiveIntegerField(_("rows that could not be read"), default=0)
    imported_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("imported by"))
    imported_at = models.DateTimeField(_("imported"))

    class Meta:
        verbose_name = _("log of a case")
        verbose_name_plural = _("logs of cases")
        ordering = ["imported_at", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"


class LookBack(models.Model):
    """One run of the detectors over the logs of a case; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(PersonCase, models.PROTECT, related_name="look_backs")
    until = models.DateTimeField(_("looked back from"))
    parameters = models.JSONField(default=dict)
    logs = models.JSONField(default=list)  # id, kind and hash of each log that was read
    results = models.JSONField(default=list)
    results_sha256 = models.CharField(_("hash of the results"), max_length=64)
    hits = models.PositiveIntegerField(_("hits"), default=0)
    run_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("run by"))
    run_at = models.DateTimeField(_("run"))

    class Meta:
        verbose_name = _("look-back")
        verbose_name_plural = _("look-backs")
        ordering = ["-run_at", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.run_at:%Y-%m-%d}"


class EvidenceHold(models.Model):
    """What was held in one step: a list with hashes, and files that cannot be removed any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(PersonCase, models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=400)
    manifest = models.JSONField(default=dict)
    manifest_sha256 = models.CharField(_("hash of the list"), max_length=64)
    held_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("held by"))
    held_at = models.DateTimeField(_("held"))

    class Meta:
        verbose_name = _("evidence hold")
        verbose_name_plural = _("evidence holds")
        ordering = ["-held_at", "id"]

    def __str__(self) -> str:
        return f"{self.case} {self.held_at:%Y-%m-%d}"


class HeldFile(models.Model):
    """A file that a hold keeps."""

    hold = models.ForeignKey(EvidenceHold, models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("held file")
        verbose_name_plural = _("held files")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.file_id)
