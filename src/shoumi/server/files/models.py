"""What is remembered of stored contents, their keys, and uploads that are under way.

The bytes lie on disk, encrypted (`docs/formats/stored-file.md`); a row's key is what makes them readable,
so a content is destroyed by destroying its row in `ContentKey`.  Names of files may be secret themselves:
they stand in this database only, never in a log.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shoumi.server.files.form_drafts import FormDraft  # noqa: F401 - a table of this app
from shoumi.server.files.listing.saved import SavedView  # noqa: F401 - a table of this app
from shoumi.server.files.tables.models import TableImport  # noqa: F401 - a table of this app


class ContentKey(models.Model):
    """The key of one content, wrapped by the key store; deleting the row makes every copy unreadable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kid = models.CharField(_("key-encryption key"), max_length=80, db_index=True)
    wrapped = models.BinaryField(_("wrapped key"), max_length=200)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("content key")
        verbose_name_plural = _("content keys")

    def __str__(self) -> str:
        return str(self.id)


class FileState(models.TextChoices):
    """Where a stored file is in its life."""

    UPLOADING = "uploading", _("uploading")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    SHREDDED = "shredded", _("destroyed")


class StoredFile(models.Model):
    """One content under the name it came with.  Once ready, its row stays, if only as a tombstone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=255)
    size_bytes = models.BigIntegerField(_("size in bytes"), default=0)
    media_type = models.CharField(_("kind of content"), max_length=120, blank=True)
    charset = models.CharField(_("text encoding"), max_length=20, blank=True)
    name_agrees = models.BooleanField(_("name agrees with content"), default=True)
    encrypted = models.BooleanField(_("has a password of its own"), default=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    sm3 = models.CharField("SM3", max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FileState, default=FileState.UPLOADING)
    failure = models.CharField(_("code of the failure"), max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stored by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="stored_files",
    )
    key = models.OneToOneField(ContentKey, on_delete=models.SET_NULL, null=True, related_name="stored")
    created_at = models.DateTimeField(_("created"))
    shredded_at = models.DateTimeField(_("destroyed"), null=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ("-created_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=FileState.READY) | (Q(key__isnull=False) & ~Q(sha256="") & ~Q(sm3="")),
                name="files_ready_has_key_and_hashes",
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.SHREDDED) | Q(key__isnull=True),
                name="files_shredded_has_no_key",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The opaque name under which the ledger knows this file."""
        return f"file:{self.id}"


class Upload(models.Model):
    """An upload under way: its parts lie encrypted on disk until the last byte came and all were hashed."""

    stored = models.OneToOneField(StoredFile, on_delete=models.CASCADE, primary_key=True)
    key = models.OneToOneField(ContentKey, on_delete=models.PROTECT, related_name="upload")
    length_bytes = models.BigIntegerField(_("announced size in bytes"))
    offset_bytes = models.BigIntegerField(_("received bytes"), default=0)
    finished_bytes = models.BigIntegerField(_("hashed bytes"), default=0)
    claim = models.UUIDField(_("who is writing"), null=True)  # the newest request; older ones lose
    finishing_at = models.DateTimeField(_("last progress of the last step"), null=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (
            models.CheckConstraint(
                condition=Q(offset_bytes__gte=0) & Q(offset_bytes__lte=models.F("length_bytes")),
                name="files_upload_offset_within_length",
            ),
        )

    def __str__(self) -> str:
        return f"{self.offset_bytes}/{self.length_bytes}"

    @property
    def is_complete(self) -> bool:
        """Whether every announced byte has come."""
        return self.offset_bytes == self.length_bytes


class UploadPart(models.Model):
    """A stretch of an upload, in a stored file of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start_bytes = models.BigIntegerField(_("first byte"))
    size_bytes = models.BigIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("part of an upload")
        verbose_name_plural = _("parts of uploads")
        ordering = ("start_bytes",)
        constraints = (
            models.UniqueConstraint(fields=("upload", "start_bytes"), name="files_upload_part_start"),
        )

    def __str__(self) -> str:
        return f"{self.start_bytes}+{self.size_bytes}"
