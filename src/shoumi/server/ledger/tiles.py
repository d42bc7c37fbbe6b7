"""The ledger's stored tiles in the C2SP tlog-tiles layout, and the nodes of the tree read from them.

Source: C2SP tlog-tiles.  Full tiles are rows; a partial one is put together from what lies below it:
entries, which are hashed anew, or the roots of full tiles.  Reads the database only and trusts what it reads:
a proof made from altered tiles does not verify.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from hashlib import sha256
from typing import Final

from django.db import connection

from shoumi.engine.evidence.hashes import DIGEST_BYTES, NODE, Digest, leaf_hash
from shoumi.engine.evidence.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    TileShapeError,
    join_entries,
    tile_of_node,
    tile_width,
)
from shoumi.server.ledger.raw_rows import stored_bytes

KEPT_TILES: Final = 512  # 8 MB of nodes

_PAIR: Final = 2 * DIGEST_BYTES

_SELECT_TILE: Final = 'SELECT hashes FROM ledger_ledgertile WHERE level = %s AND "index" = %s'
_SELECT_ROOTS: Final = (
    'SELECT root FROM ledger_ledgertile WHERE level = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'
)
_SELECT_BODIES: Final = (
    'SELECT body FROM ledger_ledgerentry WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
)


class StoredTiles:
    """A `TileSource` over the ledger's tables."""

    __slots__ = ()

    def read_tile(self, tile: Tile) -> bytes:
        """Return the bytes of `tile`; of an entry bundle, the entries themselves.

        Raises:
            TileShapeError: the ledger does not reach that far yet.
        """
        span = (tile.index * TILE_WIDTH, tile.index * TILE_WIDTH + tile.width)
        with connection.cursor() as cursor:
            if tile.level is not None and tile.width == TILE_WIDTH:
                cursor.execute(_SELECT_TILE, [tile.level, tile.index])
                if row := cursor.fetchone():
                    return stored_bytes(row[0])
            if tile.level:
                cursor.execute(_SELECT_ROOTS, [tile.level - 1, *span])
            else:
                cursor.execute(_SELECT_BODIES, span)
            parts = [stored_bytes(row[0]) for row in cursor.fetchall()]
        if len(parts) != tile.width:
            raise TileShapeError(reason=f"{tile.path} has {len(parts)} of {tile.width} parts")
        if tile.level is None:
            return join_entries(parts)
        return b"".join(parts if tile.level else map(leaf_hash, parts))


class StoredNodes:
    """A `NodeReader` over the first `size` entries, which keeps the nodes of the tiles it has read.

    Unlike `engine.evidence.tiles.TileReader` it computes all nodes of a tile at once, because many
    proofs are asked for under one checkpoint.
    """

    __slots__ = ("_kept", "_size", "_source")

    def __init__(self, size: int) -> None:
        self._size = size
        self._source = StoredTiles()
        self._kept: OrderedDict[tuple[int, int], list[list[Digest]]] = OrderedDict()

    def node(self, level: int, index: int) -> Digest:
        """Return the node, as `NodeReader` says.

        Raises:
            TileShapeError: the node is not within the log, or a tile is missing.
        """
        if (index + 1) << level > self._size:
            raise TileShapeError(reason=f"no node {index} at level {level} under {self._size} entries")
        tile_level, tile_index, first = tile_of_node(level, index)
        height = level % TILE_HEIGHT
        at = (first >> height) * DIGEST_BYTES
        return self._nodes(tile_level, tile_index)[height][at : at + DIGEST_BYTES]

    def _nodes(self, level: int, index: int) -> list[bytes]:
        """Return the nodes of one tile by height, its own hashes first, each height joined."""
        rows = self._kept.get((level, index))
        if rows is None:
            width = tile_width(level, index, self._size)
            row = self._source.read_tile(Tile(level, index, width))[: width * DIGEST_BYTES]
            rows = [row]
            while len(row) >= _PAIR:  # siblings lie side by side; an odd last one waits for its own
                ends = range(_PAIR, len(row) + 1, _PAIR)
                row = b"".join([sha256(NODE + row[end - _PAIR : end]).digest() for end in ends])
                rows.append(row)
            self._kept[level, index] = rows
            if len(self._kept) > KEPT_TILES:
                self._kept.popitem(last=False)
        return rows


@lru_cache(maxsize=4)
def node_reader(size: int, root: Digest) -> StoredNodes:
    """Return the reader of the nodes under the checkpoint of `size` entries with `root`.

    It is kept: `root` stands for everything below it, so what was read once stays right.
    """
    del root  # part of the key only
    return StoredNodes(size)
