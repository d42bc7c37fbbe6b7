"""Recomputes the whole ledger from its bytes and finds the first entry that does not hold.

Source: RFC 9162 for the tree; `docs/decisions/0002-ledger-format.md` for the rows.  Trusted are the
key files and the code, nothing in the database.  Streams: memory does not grow with the ledger.
Writes and repairs nothing.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import Max, Min

from shoumi.engine.errors import EvidenceError, InputError, ShoumiError
from shoumi.engine.evidence.checkpoint import Checkpoint, open_checkpoint
from shoumi.engine.evidence.entry import Entry, commit_bytes, parse_entry
from shoumi.engine.evidence.hashes import DIGEST_BYTES, Digest, leaf_hash
from shoumi.engine.evidence.log import CompactRange, root_of
from shoumi.engine.evidence.tiles import TILE_HEIGHT, TILE_WIDTH
from shoumi.server.ledger.entries import seal_of
from shoumi.server.ledger.keys import log_signer, seal_key
from shoumi.server.ledger.mirror import MirrorUnreadableError, mirror_checkpoint
from shoumi.server.ledger.models import (
    DETAILS_PER_ENTRY,
    LedgerAudit,
    LedgerCheckpoint,
    LedgerDetail,
    LedgerEntry,
    LedgerTile,
)
from shoumi.server.ledger.raw_rows import DetailRow, EntryRow, detail_rows, entry_rows, stored_time
from shoumi.server.ledger.sealed_rows import verify_cosignature, verify_timestamp
from shoumi.server.ledger.tags import LedgerTag

LOGGER = logging.getLogger(__name__)
Finding = LedgerAudit.Finding
PAGE: Final = TILE_WIDTH * 8  # rows read at a time


class BadEntry(NamedTuple):
    """The first entry that does not hold, and what is wrong with it."""

    index: int
    finding: LedgerAudit.Finding


class Examination:
    """One pass over the ledger; `size` and `checkpoint_size` tell how far it came."""

    def __init__(self) -> None:
        self.size = 0  # entries examined and found to hold
        self.checkpoint_size = 0  # entries under the last checkpoint that was compared
        self._seal_key = seal_key()
        self._log_key = log_signer().verifier_key
        self._edge = CompactRange()
        self._waiting: list[Digest] = []  # leaves not yet in the edge
        self._levels: list[list[Digest]] = []  # by level, the hashes of the tile that is not full yet
        self._mirror: Checkpoint | None = None

    def first_bad(self) -> BadEntry | None:
        """Return the first entry that does not hold, or None if all do."""
        try:
            return self._first_bad()
        except (TypeError, ValueError, AttributeError, ArithmeticError, ShoumiError):
            # Entries and details are read unconverted; what cannot even be read lies among checkpoints,
            # tiles or what stands under them, and begins after the last checkpoint that held.
            LOGGER.exception("Rows of the ledger cannot be read")
            return BadEntry(self.checkpoint_size, Finding.ROWS_UNREADABLE)

    def _first_bad(self) -> BadEntry | None:
        strays = self._strays_before()
        if strays:
            return strays
        try:
            self._mirror = mirror_checkpoint(self._log_key)
        except MirrorUnreadableError:
            return BadEntry(self._last_checkpoint_size(), Finding.MIRROR_MISMATCH)
        signed = max(self._last_checkpoint_size(), self._mirror.size if self._mirror else 0)
        while page := entry_rows(self.size, PAGE):
            bad = self._examine_page(page)
            if bad:
                return bad
        if self.size < signed:
            return BadEntry(self.size, Finding.ENTRY_MISSING)
        return self._strays_behind()

    # -- reading

    @staticmethod
    def _last_checkpoint_size() -> int:
        return LedgerCheckpoint.objects.aggregate(size=Max("size"))["size"] or 0

    # -- what lies outside the numbers 0, 1, 2, ...

    @staticmethod
    def _strays_before() -> BadEntry | None:
        """Rows before the first entry."""
        first = LedgerEntry.objects.aggregate(first=Min("index"))["first"]
        if first is not None and first < 0:
            return BadEntry(first, Finding.ENTRY_FOREIGN)
        if LedgerDetail.objects.filter(id__lt=0).exists():
            return BadEntry(0, Finding.DETAIL_FOREIGN)
        if LedgerCheckpoint.objects.filter(size__lte=0).exists():
            return BadEntry(0, Finding.CHECKPOINT_MISMATCH)
        return None

    @staticmethod
    def _strays_behind() -> BadEntry | None:
        """Details and tiles that belong to no entry there is; entries may have come meanwhile."""
        detail = LedgerDetail.objects.aggregate(last=Max("id"))["last"]
        tile = LedgerTile.objects.filter(level=0).aggregate(last=Max("index"))["last"]
        end = LedgerEntry.objects.aggregate(last=Max("index"))["last"]
        end = -1 if end is None else end
        if detail is not None and detail // DETAILS_PER_ENTRY > end:
            return BadEntry(detail // DETAILS_PER_ENTRY, Finding.DETAIL_FOREIGN)
        if tile is not None and (tile + 1) * TILE_WIDTH > end + 1:
            return BadEntry(tile * TILE_WIDTH, Finding.TILE_MISMATCH)
        return None

    # -- one page

    def _examine_page(self, page: Sequence[EntryRow]) -> BadEntry | None:
        first, end = self.size, self.size + len(page)
        details = detail_rows(first, end)
        rows = LedgerCheckpoint.objects.filter(size__gt=first, size__lte=end)
        rows = rows.prefetch_related("cosignatures__party", "timestamps__party")
        checkpoints = {row.size: row for row in rows}
        for row in page:
            finding = self._examine_row(row, details.get(row.index, ()))
            if finding:
                return BadEntry(self.size, finding)
            leaf = leaf_hash(row.body)
            self._waiting.append(leaf)
            self.size += 1
            bad = self._examine_tiles(0, leaf, row.index)
            if bad:
                return bad
            if self.size in checkpoints or (self._mirror and self._mirror.size == self.size):
                bad = self._examine_checkpoint(checkpoints.get(self.size))
                if bad:
                    return bad
        return None

    def _examine_row(self, row: EntryRow, details: Iterable[DetailRow]) -> Finding | None:
        if row.index != self.size:
            return Finding.ENTRY_MISSING
        if not hmac.compare_digest(seal_of(row.index, row.body, self._seal_key), row.seal):
            return Finding.SEAL_MISMATCH
        try:
            entry = parse_entry(row.body)
        except InputError:
            return Finding.BODY_UNREADABLE
        said = (entry.tag, entry.subject, entry.actor, stored_time(entry.time))
        if (row.tag, row.subject, row.actor, row.time) != said:
            return Finding.COLUMN_MISMATCH
        return self._examine_details(row.index, entry, details)

    @staticmethod
    def _examine_details(index: int, entry: Entry, details: Iterable[DetailRow]) -> Finding | None:
        missing = dict(entry.commitments)
        for row in details:
            commitment = missing.pop(str(row.name), None)
            if commitment is None:
                return Finding.DETAIL_FOREIGN
            try:
                if commit_bytes(row.value, row.salt) != commitment:
                    return Finding.DETAIL_ALTERED
            except InputError:  # a salt that is too short
                return Finding.DETAIL_ALTERED
        if missing and not _is_recorded_as_erased(index, missing):
            return Finding.DETAIL_MISSING
        return None

    # -- tree

    def _examine_tiles(self, level: int, item: Digest, place: int) -> BadEntry | None:
        """Add `item`, which stands at `place` within its level; compare the tile if that fills it."""
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes.append(item)
        if len(hashes) < TILE_WIDTH:
            return None
        index = place // TILE_WIDTH
        root = root_of(hashes)
        stored = LedgerTile.objects.filter(level=level, index=index).values_list("hashes", "root").first()
        if stored is None:
            expected = self._last_checkpoint_size() >= (place + 1) << (TILE_HEIGHT * level)
            bad = 0 if expected else None
        else:
            bad = _first_difference(bytes(stored[0]), hashes)
            if bad is None and bytes(stored[1]) != root:
                bad = 0
        if bad is not None:
            return BadEntry((index * TILE_WIDTH + bad) << (TILE_HEIGHT * level), Finding.TILE_MISMATCH)
        hashes.clear()
        return self._examine_tiles(level + 1, root, index)

    def _examine_checkpoint(self, row: LedgerCheckpoint | None) -> BadEntry | None:
        """Compare the checkpoint over the entries so far, the copied one too, and what stands under it."""
        self._edge = self._edge.extend(self._waiting)
        self._waiting.clear()
        root = self._edge.root()
        covered = self.checkpoint_size
        copied = self._mirror if self._mirror and self._mirror.size == self.size else None
        if row is None or (copied and copied.root != root):  # without a row, only the copy has this size
            return BadEntry(covered, Finding.MIRROR_MISMATCH)
        try:
            signed = open_checkpoint(row.note, self._log_key)
        except EvidenceError:
            return BadEntry(covered, Finding.CHECKPOINT_MISMATCH)
        if not signed.root == root == bytes(row.root) or signed.size != self.size:
            return BadEntry(covered, Finding.CHECKPOINT_MISMATCH)
        for finding in _bad_anchors(row):
            return BadEntry(covered, finding)
        self.checkpoint_size = self.size
        return None


def _is_recorded_as_erased(index: int, names: Collection[str]) -> bool:
    """Tell whether the ledger itself says that the details `names` of entry `index` were erased.

    The entries that say so commit to the names; those names are compared with the commitments when the
    examination comes to them.  Where the names were erased in turn, any detail may be missing.
    """
    records = LedgerEntry.objects.filter(
        tag=LedgerTag.LEDGER_DETAIL_ERASED.value, subject=f"entry:{index}", index__gt=index
    )
    allowed: set[str] = set()
    for number in records.values_list("index", flat=True):
        kept = {row.name: row.value for row in detail_rows(number, number + 1).get(number, ())}
        if "names" not in kept:
            return True
        allowed.update(json.loads(kept["names"]))
    return allowed.issuperset(names)


def _first_difference(stored: bytes, hashes: Sequence[Digest]) -> int | None:
    """Return the place of the first hash that differs, or None."""
    if stored == b"".join(hashes):
        return None
    for place, item in enumerate(hashes):
        if stored[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES] != item:
            return place
    return 0  # longer than a tile


def _bad_anchors(row: LedgerCheckpoint) -> Iterator[Finding]:
    """Yield what does not hold of the cosignatures and time-stamps under a checkpoint."""
    for cosignature in row.cosignatures.all():
        try:
            verify_cosignature(cosignature, row.note)
        except (EvidenceError, InputError):
            yield Finding.COSIGNATURE_MISMATCH
    for timestamp in row.timestamps.all():
        try:
            verify_timestamp(timestamp, row.note)
        except (EvidenceError, InputError):
            yield Finding.TIMESTAMP_MISMATCH
