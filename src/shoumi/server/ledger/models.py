"""The ledger's tables: entries and what proves them.

Source: `docs/decisions/0002-ledger-format.md`.  Rows are written by `services`, `checkpointer`, `anchors` and
`audit` alone; triggers (migration 0002) refuse to change or remove what is evidence.
Nothing here hashes, signs or decides.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shoumi.engine.evidence.hashes import leaf_hash

DETAILS_PER_ENTRY: Final = 256  # a detail's key is entry index x 256 + position


class LedgerNumberField(models.BigIntegerField):
    """A 64-bit primary key that the ledger counts itself.

    On SQLite the type must read `integer` for the key to be the row's own address, which saves an index.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column type of the database in use."""
        return "integer" if connection.vendor == "sqlite" else "bigint"


class LedgerEntry(models.Model):
    """One entry: the bytes that are hashed, and copies of their fields to search by."""

    index = LedgerNumberField(_("number"), primary_key=True)  # 0-based position in the log, no gaps
    body = models.BinaryField()  # canonical JSON, see `engine.evidence.entry`
    seal = models.BinaryField(max_length=32)  # HMAC over index and body, key outside the database
    tag = models.CharField(_("tag"), max_length=128)
    subject = models.CharField(_("subject"), max_length=128)
    actor = models.CharField(_("actor"), max_length=128)
    time = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["index"]
        indexes = [
            models.Index(fields=["subject", "index"], name="ledger_entry_subject"),
            models.Index(fields=["actor", "index"], name="ledger_entry_actor"),
            models.Index(fields=["tag", "index"], name="ledger_entry_tag"),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.tag}"

    @property
    def leaf_hash(self) -> bytes:
        """The hash under which the entry stands in the tree (RFC 9162), 32 bytes."""
        return leaf_hash(bytes(self.body))


class LedgerDetail(models.Model):
    """One named value behind a commitment: outside the log, so that it can be erased on request."""

    id = LedgerNumberField(primary_key=True)  # entry index x 256 + position, so that no index is needed
    name = models.CharField(max_length=64)
    value = models.TextField()  # canonical JSON
    salt = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("detail of a ledger entry")
        verbose_name_plural = _("details of ledger entries")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.entry_index} {self.name}"

    @property
    def entry_index(self) -> int:
        """The entry this detail belongs to."""
        return self.id // DETAILS_PER_ENTRY


class LedgerTile(models.Model):
    """256 neighbouring hashes of one level of the tree, complete and final (C2SP tlog-tiles, height 8)."""

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()  # 0 holds leaf hashes, 1 the roots of tiles of level 0, ...
    index = models.BigIntegerField()
    hashes = models.BinaryField()  # 256 x 32 bytes
    root = models.BinaryField(max_length=32)  # the hash over the whole tile: its place in the level above

    class Meta:
        verbose_name = _("ledger tile")
        verbose_name_plural = _("ledger tiles")
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="ledger_tile_place")]

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class LedgerCheckpoint(models.Model):
    """A signed statement of the log's size and root."""

    size = LedgerNumberField(_("entries"), primary_key=True)  # how many entries it covers, at least 1
    root = models.BinaryField(max_length=32)
    note = models.TextField()  # C2SP signed note with the log's own signature
    time = models.DateTimeField(_("time"), db_index=True)  # by the local clock: for search, proves nothing

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["size"]

    def __str__(self) -> str:
        return f"checkpoint over {self.size} entries"


class LedgerParty(models.Model):
    """A witness or a time-stamp authority, with the key or certificate by which it is known here.

    Pinned when it is first used; sealed, so that a row written by SQL is not believed.
    """

    class Kind(models.TextChoices):
        """What it does for the ledger."""

        WITNESS = "witness", _("witness")
        INTERNAL_AUTHORITY = "internal", _("internal time-stamp authority")
        EXTERNAL_AUTHORITY = "external", _("outside time-stamp authority")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    material = models.TextField()  # a verifier key in one line, or root certificates in PEM
    since = models.DateTimeField(_("since"))
    seal = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("witness or authority")
        verbose_name_plural = _("witnesses and authorities")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What people call it: the internal authority by a word, others by their name."""
        internal = self.kind == self.Kind.INTERNAL_AUTHORITY
        return gettext("Internal time-stamp") if internal else self.name


class LedgerCosignature(models.Model):
    """A witness's signature under a checkpoint: it saw no other history."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(LedgerCheckpoint, on_delete=models.PROTECT, related_name="cosignatures")
    party = models.ForeignKey(LedgerParty, on_delete=models.PROTECT, related_name="cosignatures")
    line = models.TextField()  # the signature line of the note, without its newline
    time = models.DateTimeField(_("time"))  # as signed by the witness

    class Meta:
        verbose_name = _("cosignature")
        verbose_name_plural = _("cosignatures")
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "party"], name="ledger_cosignature_once")
        ]

    def __str__(self) -> str:
        return f"{self.party_id} under {self.checkpoint_id}"


class LedgerTimestamp(models.Model):
    """An RFC 3161 token over a checkpoint."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(LedgerCheckpoint, on_delete=models.PROTECT, related_name="timestamps")
    party = models.ForeignKey(LedgerParty, on_delete=models.PROTECT, related_name="timestamps")
    token = models.BinaryField()  # the whole reply, DER
    time = models.DateTimeField(_("time"))  # as signed by the authority

    class Meta:
        verbose_name = _("time-stamp")
        verbose_name_plural = _("time-stamps")
        constraints = [models.UniqueConstraint(fields=["checkpoint", "party"], name="ledger_timestamp_once")]

    def __str__(self) -> str:
        return f"{self.party_id} over {self.checkpoint_id}"


class LedgerGap(models.Model):
    """A span in which a witness or an authority did not answer; shown, never filled by the local clock."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=LedgerParty.Kind.choices)
    since = models.DateTimeField(_("since"))
    tried_at = models.DateTimeField(_("last tried"))
    retry_at = models.DateTimeField(_("next try"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    error_code = models.CharField(max_length=80)
    error_text = models.TextField(blank=True)  # in English, as the error says
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(closed_at=None), name="ledger_gap_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since:%Y-%m-%d %H:%M:%S}"


class LedgerAudit(models.Model):
    """The result of one self-audit, sealed so that a row written by SQL does not pass as one."""

    class State(models.TextChoices):
        """How it ended."""

        HOLDS = "holds", _("everything holds")
        BROKEN = "broken", _("something was altered")

    class Finding(models.TextChoices):
        """What does not hold at the first bad entry."""

        NOTHING = "", _("nothing")
        ENTRY_MISSING = "entry_missing", _("The entry was removed.")
        ENTRY_FOREIGN = "entry_foreign", _("The entry was put in from outside.")
        BODY_UNREADABLE = "body_unreadable", _("The entry's bytes are not those of a ledger entry.")
        SEAL_MISMATCH = "seal_mismatch", _("The entry was altered, or was not written by this installation.")
        COLUMN_MISMATCH = (
            "column_mismatch",
            _("A column beside the entry contradicts it."),
        )
        DETAIL_ALTERED = "detail_altered", _("A detail of the entry was altered.")
        DETAIL_MISSING = "detail_missing", _("A detail of the entry was removed without a record.")
        DETAIL_FOREIGN = "detail_foreign", _("A detail was added to the entry from outside.")
        TILE_MISMATCH = "tile_mismatch", _("The stored hashes of the tree were altered.")
        CHECKPOINT_MISMATCH = "checkpoint_mismatch", _("A checkpoint does not fit the entries before it.")
        MIRROR_MISMATCH = (
            "mirror_mismatch",
            _("The copied checkpoint on disk contradicts the database."),
        )
        ROWS_UNREADABLE = "rows_unreadable", _("Rows cannot be read; somebody put something else there.")
        COSIGNATURE_MISMATCH = "cosignature_mismatch", _("A cosignature does not fit its checkpoint.")
        TIMESTAMP_MISMATCH = "timestamp_mismatch", _("A time-stamp does not fit its checkpoint.")

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    entries = models.BigIntegerField(_("entries examined"))
    checkpoint_size = models.BigIntegerField(_("entries under the last checkpoint"))
    first_bad_index = models.BigIntegerField(_("first bad entry"), null=True, blank=True)
    finding = models.CharField(_("finding"), max_length=40, choices=Finding.choices, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"))
    seal = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("self-audit")
        verbose_name_plural = _("self-audits")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.ended_at:%Y-%m-%d %H:%M:%S} {self.state}"
