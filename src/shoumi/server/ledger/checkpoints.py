"""Makes checkpoints: examines the new rows, stores the tiles they complete, and signs size and root.

Source: C2SP tlog-checkpoint; `docs/decisions/0002-ledger-format.md`.  A row whose seal or bytes do not
hold is never covered, and a database that was set back is never signed again: that would vouch for it.
Running this in time is `checkpointer`'s task, cosignatures and time-stamps are `anchors`'.
"""

from __future__ import annotations

import hmac
from typing import Final

from django.db import connection, transaction

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.checkpoint import Checkpoint, add_signatures, sign_checkpoint
from shoumi.engine.evidence.hashes import Digest, leaf_hash
from shoumi.engine.evidence.log import CompactRange, root_of
from shoumi.engine.evidence.notes import parse_signature_line
from shoumi.engine.evidence.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, split_hashes, tile_width
from shoumi.server.ledger.entries import seal_of
from shoumi.server.ledger.keys import log_signer, seal_key
from shoumi.server.ledger.mirror import mirror_checkpoint, mirror_write
from shoumi.server.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerTile
from shoumi.server.ledger.raw_rows import entry_rows
from shoumi.server.ledger.tiles import StoredTiles
from shoumi.server.ledger.times import clock

CHECKPOINT_LOCK: Final = 0x5348_4F55_4D49_0002  # PostgreSQL advisory lock: one checkpoint at a time
STEP_ENTRIES: Final = 8192  # at most so many new entries under one checkpoint; the next follows at once


class LedgerBrokenError(EvidenceError):
    """A row that no checkpoint covers yet was not written by us, or rows are missing."""

    code = "evidence.ledger_broken"
    message = "Ledger entry {index} was altered, removed or put in from outside."


class LedgerRolledBackError(EvidenceError):
    """The database does not know the checkpoint that was signed and copied to disk before."""

    code = "evidence.ledger_rolled_back"
    message = "The database does not hold the checkpoint over {signed} entries that was signed before."


def checkpoint_latest() -> LedgerCheckpoint | None:
    """Return the checkpoint over the most entries, if there is one."""
    return LedgerCheckpoint.objects.order_by("-size").first()


def checkpoint_note(checkpoint: LedgerCheckpoint) -> str:
    """Return the signed note of `checkpoint` with the cosignatures that have arrived."""
    lines = checkpoint.cosignatures.order_by("id").values_list("line", flat=True)
    return add_signatures(checkpoint.note, map(parse_signature_line, lines))


def checkpoint_make() -> LedgerCheckpoint | None:
    """Cover all entries that are committed by now, and return the checkpoint over them.

    Returns the latest one if nothing is new, and None if the ledger is empty.  Safe from several
    processes at once; call it outside of transactions.

    Raises:
        LedgerBrokenError: an entry after the last checkpoint does not hold; nothing is signed.
        LedgerRolledBackError, MirrorUnreadableError: the copy on disk contradicts the database.
        LedgerKeyMissingError: and other faults of the key files, see `keys`.
    """
    refuse_rollback()
    latest = checkpoint_latest()
    while _cover(latest.size if latest else 0):
        latest = checkpoint_latest()
    if latest:
        mirror_write(checkpoint_note(latest), latest.size, log_signer().verifier_key)
    return latest


def refuse_rollback() -> None:
    """Raise unless the database holds the checkpoint that was copied to disk last.

    Raises:
        LedgerRolledBackError, MirrorUnreadableError: see there.
    """
    copied = mirror_checkpoint(log_signer().verifier_key)
    if copied and not LedgerCheckpoint.objects.filter(size=copied.size, root=copied.root).exists():
        raise LedgerRolledBackError(signed=copied.size)


def refuse_fewer_than(size: int) -> None:
    """Raise unless the ledger has a checkpoint over at least `size` entries, which somebody saw signed.

    Raises:
        LedgerRolledBackError: it has not.
    """
    if not LedgerCheckpoint.objects.filter(size__gte=size).exists():
        raise LedgerRolledBackError(signed=size)


def _cover(size: int) -> bool:
    """Sign a checkpoint beyond `size` entries; return whether there was anything to cover."""
    leaves = _examined_leaves(size)
    if not leaves:
        return False
    growth = _Growth(size)
    growth.extend(leaves)
    signer = log_signer()
    checkpoint = Checkpoint(signer.verifier_key.name, growth.size, growth.root())
    note = sign_checkpoint(checkpoint, signer)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHECKPOINT_LOCK])
        latest = checkpoint_latest()
        if (latest.size if latest else 0) == size:  # else another process was faster
            LedgerTile.objects.bulk_create(growth.tiles)
            LedgerCheckpoint.objects.create(
                size=growth.size, root=checkpoint.root, note=note, time=clock().now()
            )
    return True


def _examined_leaves(size: int) -> list[Digest]:
    """Return the leaf hashes from entry `size` on, after comparing each row's seal.

    Raises:
        LedgerBrokenError: one does not hold, or entries that were covered are gone.
    """
    key = seal_key()
    leaves: list[Digest] = []
    for expected, row in enumerate(entry_rows(size, STEP_ENTRIES), size):
        if row.index != expected or not hmac.compare_digest(seal_of(expected, row.body, key), row.seal):
            raise LedgerBrokenError(index=expected)
        leaves.append(leaf_hash(row.body))
    if not leaves and size and not LedgerEntry.objects.filter(index=size - 1).exists():
        raise LedgerBrokenError(index=LedgerEntry.objects.filter(index__lt=size).count())
    return leaves


class _Growth:
    """The right edge of the tree: completes tiles as leaves are added, and knows the root."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.tiles: list[LedgerTile] = []  # completed since
        self._edge: list[list[Digest]] = []  # by level, the hashes of the tile that is not full yet
        source = StoredTiles()
        for level in range(-(-size.bit_length() // TILE_HEIGHT)):
            index = (size >> (TILE_HEIGHT * level)) // TILE_WIDTH
            width = tile_width(level, index, size)
            data = source.read_tile(Tile(level, index, width)) if width else b""
            self._edge.append(list(split_hashes(data, width)))

    def extend(self, leaves: list[Digest]) -> None:
        """Add `leaves` in order."""
        for leaf in leaves:
            self._add(0, leaf, self.size)
            self.size += 1

    def _add(self, level: int, item: Digest, place: int) -> None:
        """Add `item`, which stands at `place` within its level, and what it completes above."""
        if level == len(self._edge):
            self._edge.append([])
        edge = self._edge[level]
        edge.append(item)
        if len(edge) == TILE_WIDTH:
            index = place // TILE_WIDTH
            root = root_of(edge)
            self.tiles.append(LedgerTile(level=level, index=index, hashes=b"".join(edge), root=root))
            edge.clear()
            self._add(level + 1, root, index)

    def root(self) -> Digest:
        """Return the root over all entries."""
        hashes: tuple[Digest, ...] = ()
        for edge in reversed(self._edge):  # from the top: complete subtrees, the largest first
            hashes += CompactRange().extend(edge).hashes
        return CompactRange(self.size, hashes).root()
