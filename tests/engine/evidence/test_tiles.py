"""Tile paths, widths and bundles against the examples of tlog-tiles; nodes read back from tiles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import MemoryNodes, consistency_proof, inclusion_proof, read_root, root_of
from shoumi.engine.evidence.tiles import (
    TILE_WIDTH,
    Tile,
    TileReader,
    TileShapeError,
    join_entries,
    parse_tile_path,
    split_entries,
    split_hashes,
    tile_of_node,
    tile_width,
    tiles_of,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/c2sp/tiles.json").read_bytes())
LEAVES = [leaf_hash(b"%d" % number) for number in range(1000)]
NODES = MemoryNodes(LEAVES)


@pytest.mark.parametrize("case", VECTORS["paths"], ids=lambda case: case["path"])
def test_published_paths(case):
    tile = Tile(case["level"], case["index"], case["width"])
    assert tile.path == case["path"]
    assert parse_tile_path(case["path"]) == tile


@pytest.mark.parametrize("path", VECTORS["refused_paths"])
def test_other_spellings_are_refused(path):
    with pytest.raises(TileShapeError):
        parse_tile_path(path)


@pytest.mark.parametrize("case", VECTORS["trees"], ids=lambda case: case["size"])
def test_published_trees(case):
    tiles = list(tiles_of(case["size"]))
    for level, (full, partial) in case["tiles"].items():
        widths = [tile.width for tile in tiles if tile.level == int(level)]
        assert widths == [TILE_WIDTH] * full + [partial] * bool(partial)
    assert {tile.level for tile in tiles} == {int(level) for level in case["tiles"]}


@given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_path_reads_back(level, index, width):
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile


@given(st.integers(0, 40), st.integers(0, 10**6))
def test_a_node_lies_in_one_tile(level, index):
    tile_level, tile_index, first = tile_of_node(level, index)
    assert 0 <= first < TILE_WIDTH
    assert (tile_index * TILE_WIDTH + first) << (8 * tile_level) == index << level


class MemoryTiles:
    """Tiles made from nodes, and nothing for what does not exist."""

    def __init__(self, size):
        self.tiles = {}
        for tile in tiles_of(size):
            first = tile.index * TILE_WIDTH
            hashes = [NODES.node(8 * tile.level, first + at) for at in range(tile.width)]
            self.tiles[tile] = b"".join(hashes)

    def read_tile(self, tile):
        return self.tiles[tile]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700, 1000])
def test_proofs_from_tiles_are_those_from_nodes(size):
    reader = TileReader(MemoryTiles(size), size)
    assert read_root(size, reader) == root_of(LEAVES[:size])
    for index in {0, size // 3, size - 1}:
        assert inclusion_proof(index, size, reader) == inclusion_proof(index, size, NODES)
        assert consistency_proof(index, size, reader) == consistency_proof(index, size, NODES)


def test_a_longer_version_of_a_partial_tile_will_do():
    class Newer:
        def read_tile(self, tile):
            return MemoryTiles(700).tiles[
                Tile(tile.level, tile.index, tile_width(tile.level, tile.index, 700))
            ]

    assert read_root(600, TileReader(Newer(), 600)) == root_of(LEAVES[:600])


def test_a_node_beyond_the_log_is_refused():
    with pytest.raises(TileShapeError):
        TileReader(MemoryTiles(5), 5).node(1, 2)


def test_a_tile_of_another_length_is_refused():
    class Short:
        def read_tile(self, tile):
            return MemoryTiles(5).tiles[tile][:-1]

    with pytest.raises(TileShapeError):
        TileReader(Short(), 5).node(0, 0)
    with pytest.raises(TileShapeError):
        split_hashes(bytes(33), 1)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_entry_bundles_read_back(entries):
    bundle = join_entries(entries)
    assert split_entries(bundle, len(entries)) == tuple(entries)
    with pytest.raises(TileShapeError):
        split_entries(bundle, len(entries) + 1)
    with pytest.raises(TileShapeError):
        split_entries(bundle + b"\0", len(entries))
    with pytest.raises(TileShapeError):
        split_entries(bundle + b"\0\5abc", len(entries) + 1)


def test_an_entry_longer_than_its_length_field_is_refused():
    assert len(join_entries([bytes(65_535)])) == 65_537
    with pytest.raises(TileShapeError):
        join_entries([bytes(65_536)])


@pytest.mark.parametrize(
    ("level", "index", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]
)
def test_no_such_tiles(level, index, width):
    with pytest.raises(TileShapeError):
        Tile(level, index, width)
