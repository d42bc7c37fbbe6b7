"""Indexes: the one of all registered secrets, and those of tables of customers.

An index lies encrypted at `<data>/indexes/<id>.index`; its key is wrapped by the key store like the keys of
files.  `IndexedFile` says what of the register stands in the index, and what could not be made recognisable.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Index(models.Model):
    """One index; without a key it was dropped, and whatever copies of it there are say nothing."""

    class Kind(models.TextChoices):
        """What it recognises."""

        SECRETS = "secrets", _("Registered secrets")
        TABLE = "table", _("Rows of a table")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    key = models.OneToOneField(
        "files.ContentKey", on_delete=models.SET_NULL, related_name="index", null=True, blank=True
    )
    entity = models.ForeignKey(
        "people.LegalEntity",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("legal entity"),
        null=True,
        blank=True,
    )  # whose table it is; the index of secrets is the whole company's
    level = models.CharField(_("level"), max_length=20, blank=True)  # of rows that are found
    rule = models.JSONField(_("rule"), default=dict, blank=True)  # columns, how many, how close
    key_column = models.CharField(_("column that names a row"), max_length=120, blank=True)
    connection = models.CharField(_("connection"), max_length=80, blank=True)  # of the settings
    query = models.TextField(_("query"), max_length=4000, blank=True)
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)  # empty: the first
    next_at = models.DateTimeField(_("next update"), null=True, blank=True)  # daily, by the query
    entries = models.PositiveBigIntegerField(_("documents or rows"), default=0)
    cells = models.PositiveBigIntegerField(_("cells"), default=0)
    size_bytes = models.PositiveBigIntegerField(_("size"), default=0)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last changed"))
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the system

    class Meta:
        verbose_name = _("index")
        verbose_name_plural = _("indexes")
        ordering = ["kind", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(dropped_at=None), name="documents_index_name_once"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="secrets"), name="documents_one_index_of_secrets"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="secrets") ^ models.Q(entity__isnull=False),
                name="documents_table_belongs_to_an_entity",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of a table's index; that of the secrets' is the room itself."""
        if self.kind == self.Kind.SECRETS:
            return reverse("documents:index")
        return reverse("documents:table_detail", args=[self.pk])

    @property
    def ledger_subject(self) -> str:
        """The opaque name under which the ledger knows this index."""
        return f"index:{self.id}"


class IndexRun(models.Model):
    """One update of an index: when, what it changed, and why it failed."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", pgettext_lazy("index", "Waiting")
        RUNNING = "running", pgettext_lazy("index", "Under way")
        DONE = "done", pgettext_lazy("index", "Done")
        FAILED = "failed", pgettext_lazy("index", "Failed")

    class What(models.TextChoices):
        """What it does to the index."""

        SECRETS = "secrets", pgettext_lazy("index", "In step with the register")
        WHOLE = "whole", pgettext_lazy("index", "Whole table")
        CHANGES = "changes", pgettext_lazy("index", "Rows added and replaced")
        RENAME = "rename", pgettext_lazy("index", "Another name")

    index = models.ForeignKey(Index, on_delete=models.CASCADE, related_name="runs")
    what = models.CharField(
        pgettext_lazy("index", "update"), max_length=10, choices=What, default=What.SECRETS
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )  # None: the system
    attempts = models.PositiveSmallIntegerField(default=0)
    wanted = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("rows read"), default=0)
    added = models.PositiveIntegerField(pgettext_lazy("index", "made recognisable"), default=0)
    changed = models.PositiveIntegerField(pgettext_lazy("index", "changed"), default=0)
    removed = models.PositiveIntegerField(pgettext_lazy("index", "taken out"), default=0)
    closed = models.PositiveIntegerField(_("not recognisable"), default=0)
    failure = models.CharField(_("code of the failure"), max_length=80, blank=True)
    told = models.JSONField(default=dict, blank=True)  # what the text of the failure names, never a cell

    class Meta:
        verbose_name = _("update of an index")
        verbose_name_plural = _("updates of indexes")
        ordering = ["-began_at", "-id"]
        indexes = [models.Index(fields=["index", "-began_at"], name="documents_runs_of_index")]

    def __str__(self) -> str:
        return f"{self.index_id} {self.began_at:%Y-%m-%d %H:%M:%S}"


class IndexedFile(models.Model):
    """A file of a registered secret, as the index has taken it in or could not."""

    class State(models.TextChoices):
        """How recognisable it is."""

        RECOGNISABLE = "recognisable", _("Recognisable")
        PARTLY = "partly", _("Partly recognisable")
        CLOSED = "closed", _("Not recognisable")

    secret = models.ForeignKey(
        "register.TradeSecret",
        on_delete=models.CASCADE,
        related_name="indexed_files",
        verbose_name=_("secret"),
    )
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.CASCADE, related_name="indexed", verbose_name=_("file")
    )
    number = models.CharField(_("number"), max_length=40)  # of the secret, as the index tells it
    level = models.CharField(_("level"), max_length=20)  # the same
    state = models.CharField(_("state"), max_length=12, choices=State)
    reason = models.CharField(
        _("why"), max_length=20, blank=True
    )  # a `Reason` of inspection, `empty` or `short`
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("indexed file")
        verbose_name_plural = _("indexed files")
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["secret", "file"], name="documents_file_indexed_once")]
        indexes = [models.Index(fields=["state", "number"], name="documents_indexed_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.file_id}"

    @property
    def document_id(self) -> str:
        """The id of the document in the index."""
        return document_id(self.secret_id, self.file_id)


def document_id(secret_id: uuid.UUID, file_id: uuid.UUID) -> str:
    """Return the id under which the index knows a file of a secret."""
    return f"{secret_id}/{file_id}"
