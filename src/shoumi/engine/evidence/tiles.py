"""Tiles: the layout in which the ledger's hashes and entries are stored and served.

Source: C2SP tlog-tiles.  A full tile holds 256 hashes; only they are stored, the levels between are
computed.  Bytes and paths only: reading files, databases or HTTP is the caller's, through `TileSource`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from shoumi.engine.errors import InputError
from shoumi.engine.evidence.entry import MAX_ENTRY_BYTES
from shoumi.engine.evidence.hashes import DIGEST_BYTES, NODE, Digest

TILE_WIDTH: Final = 256  # hashes in a full tile
TILE_HEIGHT: Final = 8  # levels of the tree from a tile's hashes to the first hash above
MAX_TILE_LEVEL: Final = 63
ENTRIES: Final = "entries"  # stands in the path where a hash tile has its level

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class TileShapeError(InputError):
    """A path, a tile or an entry bundle breaks the layout."""

    code = "input.tile_shape"
    message = "This does not fit the tile layout: {reason}."


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of one tile, full or partial."""

    level: int | None  # 0 … 63; None for the entry bundle beside a level-0 tile
    index: int  # 0-based within the level
    width: int = TILE_WIDTH  # hashes or entries in it, 1 … 256; below 256 it is partial

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= MAX_TILE_LEVEL:
            raise TileShapeError(reason=f"level {self.level}")
        if self.index < 0 or not 1 <= self.width <= TILE_WIDTH:
            raise TileShapeError(reason=f"index {self.index}, width {self.width}")

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as `tile/0/x001/234.p/5`."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        level = ENTRIES if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"


def parse_tile_path(path: str) -> Tile:
    """Return the tile that `path` names.

    Raises:
        TileShapeError: another spelling than the one `Tile.path` gives.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        raise TileShapeError(reason="the path is not one of a tile")
    level, groups, width = match.groups()
    tile = Tile(
        level=None if level == ENTRIES else int(level),
        index=int(groups.replace("x", "").replace("/", "")),
        width=TILE_WIDTH if width is None else int(width),
    )
    if tile.path != path:
        raise TileShapeError(reason="the path is not spelled the one right way")
    return tile


def tile_of_node(level: int, index: int) -> tuple[int, int, int]:
    """Return (tile level, tile index, first hash in the tile) below the node at `level`, `index`.

    The node is the root over `1 << (level % 8)` consecutive hashes of that tile.
    """
    tile_level, above = divmod(level, TILE_HEIGHT)
    first = index << above
    return tile_level, first // TILE_WIDTH, first % TILE_WIDTH


def tile_width(tile_level: int, tile_index: int, size: int) -> int:
    """Return how many hashes the tile holds in a log of `size` entries, 0 … 256."""
    present = size >> (TILE_HEIGHT * tile_level)
    return max(0, min(TILE_WIDTH, present - tile_index * TILE_WIDTH))


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every hash tile of a log of `size` entries, lowest level first."""
    level = 0
    while (count := size >> (TILE_HEIGHT * level)) > 0:
        for index in range(-(-count // TILE_WIDTH)):
            yield Tile(level, index, tile_width(level, index, size))
        level += 1


def split_hashes(data: bytes, width: int) -> tuple[Digest, ...]:
    """Return the `width` hashes of a hash tile.

    Raises:
        TileShapeError: the length is not `width` times 32 bytes.
    """
    if len(data) != width * DIGEST_BYTES:
        raise TileShapeError(reason=f"a tile of width {width} has {len(data)} bytes")
    return tuple(data[at : at + DIGEST_BYTES] for at in range(0, len(data), DIGEST_BYTES))


def join_entries(entries: Iterable[bytes]) -> bytes:
    """Return the entry bundle of `entries`: each preceded by its length in 16 bits, big-endian.

    Raises:
        TileShapeError: an entry is longer than 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise TileShapeError(reason=f"an entry of {len(entry)} bytes")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def split_entries(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the `width` entries of an entry bundle.

    Raises:
        TileShapeError: the bundle ends within an entry or holds another number of them.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > len(data) or at > len(data):
            raise TileShapeError(reason="the entry bundle ends within an entry")
        entries.append(data[begin:at])
    if len(entries) != width:
        raise TileShapeError(reason=f"{len(entries)} entries in a bundle of {width}")
    return tuple(entries)


class TileSource(Protocol):
    """Where tiles come from: a folder, a table, an HTTP prefix."""

    def read_tile(self, tile: Tile) -> bytes:
        """Return the bytes of `tile`; a longer version of a partial tile will do."""
        ...


class TileReader:
    """A `NodeReader` over tiles of a log of `size` entries, keeping the tiles it has read."""

    __slots__ = ("_rows", "_size", "_source")

    def __init__(self, source: TileSource, size: int) -> None:
        self._source = source
        self._size = size
        self._rows: dict[tuple[int, int], list[bytes]] = {}  # of each tile: its hashes, then the levels above

    def node(self, level: int, index: int) -> Digest:
        """Return the node, as `NodeReader` says; tiles are taken as they are, proofs will tell.

        Raises:
            TileShapeError: the node is not within the log, or a tile has the wrong length.
        """
        if (index + 1) << level > self._size:
            raise TileShapeError(reason=f"no node {index} at level {level} under {self._size} entries")
        tile_level, tile_index, first = tile_of_node(level, index)
        rows, above = self._read(tile_level, tile_index), level % TILE_HEIGHT
        while len(rows) <= above:
            rows.append(_row_above(rows[-1]))
        at = (first >> above) * DIGEST_BYTES
        return rows[above][at : at + DIGEST_BYTES]

    def _read(self, level: int, index: int) -> list[bytes]:
        rows = self._rows.get((level, index))
        if rows is None:
            width = tile_width(level, index, self._size)
            data = self._source.read_tile(Tile(level, index, width))[: width * DIGEST_BYTES]
            if len(data) != width * DIGEST_BYTES:
                raise TileShapeError(reason=f"a tile of width {width} has {len(data)} bytes")
            rows = self._rows[level, index] = [data]
        return rows


def _row_above(row: bytes) -> bytes:
    """Return the hashes over each pair of hashes in `row`; an odd last one has none yet."""
    pair, sha256 = 2 * DIGEST_BYTES, hashlib.sha256
    return b"".join(
        [sha256(NODE + row[at : at + pair]).digest() for at in range(0, len(row) - pair + 1, pair)]
    )
