"""Scans of shares and of uploaded sets: how far they are, which files they saw, what they found.

A scan belongs to a legal entity.  What was found belongs to where its secret belongs, so that a department
sees what of its own was found wherever it lay.  Texts are masked; the ids of findings hang on content and
place (`engine.inspection.inspecting.finding_ids`).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.server.documents.models.exceptions import MatchException
from shoumi.server.documents.models.indexes import Index


class Means(models.Model):
    """Where a scan looks and with what."""

    entity = models.ForeignKey(
        "people.LegalEntity", on_delete=models.PROTECT, related_name="+", verbose_name=_("legal entity")
    )
    share = models.CharField(_("share"), max_length=80, blank=True)
    below = models.CharField(_("folder in it"), max_length=500, blank=True)
    ocr = models.BooleanField(_("read pictures too"), default=False)
    packs = models.JSONField(_("what is looked for"), default=list)  # ids of packs
    index_ids = models.JSONField(
        _("indexes"), default=list, blank=True
    )  # as texts; a dropped one is left out
    policy = models.TextField(_("rules of its own"), blank=True)  # YAML; empty: the rules that ship

    class Meta:
        abstract = True


class ScanPlan(Means):
    """A scan of a share that is repeated."""

    class Every(models.TextChoices):
        """How often."""

        DAY = "day", _("Daily")
        WEEK = "week", _("Weekly")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    every = models.CharField(_("how often"), max_length=5, choices=Every)
    next_at = models.DateTimeField(_("next time"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("scan plan")
        verbose_name_plural = _("scan plans")
        ordering = ["next_at", "id"]

    def __str__(self) -> str:
        return f"{self.share}/{self.below}".rstrip("/")

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this plan."""
        return f"scan-plan:{self.id}"


class Scan(Means):
    """One look through a share or an uploaded set; `seen_at` is the last sign of life of its runner."""

    class Source(models.TextChoices):
        """Where the files are."""

        SHARE = "share", _("Share")
        UPLOAD = "upload", _("Uploaded files")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", pgettext_lazy("scan", "Waiting")
        RUNNING = "running", pgettext_lazy("scan", "Under way")
        STOPPED = "stopped", pgettext_lazy("scan", "Stopped")
        DONE = "done", pgettext_lazy("scan", "Done")
        FAILED = "failed", pgettext_lazy("scan", "Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    plan = models.ForeignKey(ScanPlan, on_delete=models.SET_NULL, related_name="scans", null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, db_index=True)
    stop_asked = models.BooleanField(default=False)
    expected_files = models.PositiveBigIntegerField(_("files to look into"), default=0)
    expected_bytes = models.PositiveBigIntegerField(_("bytes to look into"), default=0)
    files = models.PositiveBigIntegerField(_("files"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    matches_count = models.PositiveBigIntegerField(pgettext_lazy("scan", "findings"), default=0)
    closed = models.PositiveBigIntegerField(_("could not look inside"), default=0)
    reused = models.PositiveBigIntegerField(_("files that have not changed"), default=0)
    skipped = models.PositiveBigIntegerField(_("links and devices passed by"), default=0)
    excepted = models.PositiveBigIntegerField(_("excepted"), default=0)  # findings, by now
    worst = models.CharField(_("most severe verdict"), max_length=12, blank=True)  # by now
    seconds = models.FloatField(_("seconds of work"), default=0)
    failure = models.CharField(_("code of the failure"), max_length=80, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    asked_at = models.DateTimeField(_("asked"))
    began_at = models.DateTimeField(_("began"), null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    runner = models.UUIDField(null=True, blank=True)  # who runs it; an older one finds its claim gone
    means = models.CharField(max_length=64, blank=True)  # digest of packs, indexes and switches
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["-asked_at", "id"], name="documents_scan_by_time"),
            models.Index(fields=["means", "-asked_at"], name="documents_scan_by_means"),
        ]

    def __str__(self) -> str:
        if self.source == self.Source.UPLOAD:
            return str(self.get_source_display())
        return f"{self.share}/{self.below}".rstrip("/")

    def get_absolute_url(self) -> str:
        """Return the scan's page."""
        return reverse("documents:scan_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this scan."""
        return f"scan:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in {self.State.WAITING, self.State.RUNNING}


class ScanUpload(models.Model):
    """A file that was brought to be scanned."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="uploads")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="scanned")
    ordinal = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("uploaded file of a scan")
        verbose_name_plural = _("uploaded files of scans")
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["scan", "ordinal"], name="documents_upload_ordinal")]

    def __str__(self) -> str:
        return str(self.file_id)


class ScannedFile(models.Model):
    """A file that a scan looked into."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="scanned_files")
    path = models.CharField(_("path"), max_length=4200)  # as told: below the share, or the uploaded name
    digest = models.CharField(max_length=64)  # SHA-256 of the path: an index holds no text of any length
    folder = models.CharField(_("folder"), max_length=4200, blank=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=1020)  # a letter may take 4
    upload = models.ForeignKey(ScanUpload, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0)
    type = models.CharField(_("kind of content"), max_length=120, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12)  # by now; exceptions count
    judged = models.CharField(
        _("verdict without exceptions"), max_length=12, blank=True
    )  # empty: they change nothing
    count = models.PositiveIntegerField(
        pgettext_lazy("scan", "findings"), default=0
    )  # more than are kept, it may be

    class Meta:
        verbose_name = _("scanned file")
        verbose_name_plural = _("scanned files")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scan", "digest"], name="documents_scanned_once")]
        indexes = [models.Index(fields=["scan", "name"], name="documents_scanned_name")]

    def __str__(self) -> str:
        return self.path


class Match(models.Model):
    """One thing found in one file, as `engine.inspection.report.FindingRecord` tells it."""

    class Kind(models.TextChoices):
        """By what means."""

        FINGERPRINT = "fingerprint", _("Excerpt of a secret")
        EXACT = "exact", _("Row of a table")
        MARKING = "marking", _("Secrecy marking")
        IDENTIFIER = "identifier", _("Identifier or credential")
        UNREADABLE = "unreadable", _("Could not look inside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="matches")
    file = models.ForeignKey(ScannedFile, on_delete=models.CASCADE, related_name="matches")
    finding = models.CharField(max_length=32, db_index=True)  # the stable id
    ordinal = models.PositiveIntegerField(default=0)  # in the file
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(_("what"), max_length=120)  # id of the pack entry, name of the index
    score = models.FloatField(_("score"))
    level = models.CharField(_("level"), max_length=20, blank=True)
    member = models.CharField(_("way into the file"), max_length=4200, blank=True)
    location = models.JSONField(default=dict)
    text = models.TextField(blank=True)  # masked
    matched = models.CharField(max_length=300, blank=True)
    check_passed = models.CharField(max_length=120, blank=True)
    context = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    same = models.PositiveIntegerField(default=0)  # equal for equal values of one file
    like = models.CharField(max_length=32, blank=True)  # equal for equal values of any file; keyed
    secret = models.ForeignKey(
        "register.TradeSecret",
        on_delete=models.SET_NULL,
        related_name="matches",
        null=True,
        blank=True,
        verbose_name=_("secret"),
    )
    index = models.ForeignKey(Index, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    exception = models.ForeignKey(
        MatchException, on_delete=models.SET_NULL, related_name="matches", null=True, blank=True
    )

    class Meta:
        verbose_name = _("finding of a scan")
        verbose_name_plural = _("findings of scans")
        ordering = ["file", "id"]
        indexes = [
            models.Index(fields=["scan", "kind"], name="documents_match_kind"),
            models.Index(fields=["scan", "secret"], name="documents_match_secret"),
            models.Index(fields=["scan", "like"], name="documents_match_like"),
        ]
        constraints = [models.UniqueConstraint(fields=["file", "finding"], name="documents_match_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    def get_absolute_url(self) -> str:
        """Return the finding's page."""
        return reverse("documents:match_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this finding."""
        return f"match:{self.id}"
