"""The ledger's stored tiles, read back in the C2SP tlog-tiles layout.

Source: C2SP tlog-tiles.  Full tiles are rows; a partial one is put together from what lies below it:
leaf hashes of entries, or the roots of full tiles.  Reads the database only; computing nodes is
`engine.evidence.tiles`.
"""

from __future__ import annotations

from typing import Final

from shoumi.engine.evidence.hashes import DIGEST_BYTES, Digest
from shoumi.engine.evidence.log import NodeReader
from shoumi.engine.evidence.tiles import TILE_WIDTH, Tile, TileReader, TileShapeError, join_entries
from shoumi.server.ledger.models import LedgerEntry, LedgerTile

FULL_BYTES: Final = TILE_WIDTH * DIGEST_BYTES


class StoredTiles:
    """A `TileSource` over the ledger's tables."""

    __slots__ = ()

    def read_tile(self, tile: Tile) -> bytes:
        """Return the bytes of `tile`; of an entry bundle, the entries themselves.

        Raises:
            TileShapeError: the ledger does not reach that far yet.
        """
        first = tile.index * TILE_WIDTH
        if tile.level is None:
            bodies = LedgerEntry.objects.filter(index__gte=first, index__lt=first + tile.width)
            entries = [bytes(body) for body in bodies.order_by("index").values_list("body", flat=True)]
            _refuse_short(tile, len(entries))
            return join_entries(entries)
        if tile.width == TILE_WIDTH:
            hashes = (
                LedgerTile.objects.filter(level=tile.level, index=tile.index)
                .values_list("hashes", flat=True)
                .first()
            )
            if hashes is not None:
                return bytes(hashes)
        return b"".join(self._hashes(tile, first))

    def _hashes(self, tile: Tile, first: int) -> list[Digest]:
        """Return the hashes of a tile that is no row of its own."""
        if tile.level == 0:
            rows = LedgerEntry.objects.order_by("index").values_list("leaf_hash", flat=True)
        else:
            rows = (
                LedgerTile.objects.filter(level=tile.level - 1)
                .order_by("index")
                .values_list("root", flat=True)
            )
        hashes = [bytes(item) for item in rows.filter(index__gte=first, index__lt=first + tile.width)]
        _refuse_short(tile, len(hashes))
        return hashes


def _refuse_short(tile: Tile, found: int) -> None:
    if found != tile.width:
        raise TileShapeError(reason=f"{tile.path} has {found} of {tile.width} parts")


def node_reader(size: int) -> NodeReader:
    """Return the reader of the nodes of the ledger's first `size` entries, which a checkpoint covers."""
    return TileReader(StoredTiles(), size)
