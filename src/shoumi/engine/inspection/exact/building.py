"""Build an index from rows, and change one: add, replace and remove rows by their key.

Rows stand in the order of their keys, so that the table of hashes depends on the rows alone and not on
the way they came in.  Both functions are pure: rows and bytes in, bytes out.
A change reads and writes the whole index: under a minute for ten million rows, once a day.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.exact.keys import Keys, cleaned
from shoumi.engine.inspection.exact.rules import Rule, walled
from shoumi.engine.inspection.exact.values import Secrets, values_of
from shoumi.engine.inspection.matching.container import Source, seal, unseal
from shoumi.engine.inspection.matching.errors import IndexFullError, RuleError
from shoumi.engine.inspection.matching.hashing import Hashes
from shoumi.engine.inspection.matching.tables import Filter, Table

KIND: Final = b"exct"
Row = tuple[str, Sequence[str]]  # key, cells in the order of the rule's columns

_CHUNK: Final = 1 << 14  # rows folded together
_NEAR: Final = 1 << 12  # rows that the processor's cache holds: taken apart while they are in it
_MOST_CELLS: Final = 1 << 32
KEPT: Final = 60  # bits of a hash that count
_BITS_QUICK, _BITS_HEAD = 6, 4  # of the filters, for each cell


@dataclass(slots=True)
class _Gathered:
    """What was read of the rows."""

    rule: Rule
    secrets: Secrets
    key_groups: list[tuple[bytes, ...]] = field(default_factory=list)  # the collector passes over tuples
    hashes: list[Hashes] = field(default_factory=list)  # rows x columns, a chunk each; 0: no value
    quick: list[Hashes] = field(default_factory=list)
    heads: list[Hashes] = field(default_factory=list)
    shapes: set[tuple[int, int]] = field(default_factory=set)

    def read(self, rows: Iterable[Row]) -> None:
        """Read all of `rows`."""
        rows = iter(rows)
        while columns := self._columns(rows):
            hashes = []
            for column, text in zip(self.rule.columns, columns, strict=True):
                values = values_of(text, column.kind, self.secrets)
                hashes.append(values.hashes)
                self.quick.append(values.quick)
                self.heads.append(values.heads)
                self.shapes |= values.shapes
            self.hashes.append(np.stack(hashes, axis=1))

    def _columns(self, rows: Iterator[Row]) -> list[str]:
        """Return the next `_CHUNK` rows as their walled columns; nothing if there are none."""
        width = len(self.rule.columns)
        texts: list[list[str]] = [[] for _ in range(width)]
        for _ in range(_CHUNK // _NEAR):
            some = list(islice(rows, _NEAR))
            if not some:
                break
            self.key_groups.append(tuple(cleaned([key for key, _ in some])))
            cells_of = [cells for _, cells in some]
            if set(map(len, cells_of)) != {width}:
                raise RuleError(reason="a row has another number of cells than there are columns")
            every = list(chain.from_iterable(cells_of))
            for number, column in enumerate(texts):
                column.append(walled(every[number::width]))
        return ["".join(column) for column in texts] if texts[0] else []

    def keys(self) -> list[bytes]:
        """Return the keys of the rows."""
        return list(chain.from_iterable(self.key_groups))

    def matrix(self) -> Hashes:
        """Return the hashes, a row of cells for each row."""
        width = len(self.rule.columns)
        return np.concatenate(self.hashes) if self.hashes else np.zeros((0, width), np.uint64)

    def filters(self) -> tuple[Filter, Filter]:
        """Return the filters over what was read."""
        nothing = [np.zeros(0, np.uint64)]
        quick = Filter.of(np.concatenate(self.quick + nothing), _BITS_QUICK)
        return quick, Filter.of(np.concatenate(self.heads + nothing), _BITS_HEAD)


def build(rows: Iterable[Row], rule: Rule, key: bytes) -> bytes:
    """Return the index of `rows`: sealed under `key`, 32 random bytes that are kept elsewhere.

    Rows that are equal in key and values count once.

    Raises:
        RuleError: a row has another number of cells than the rule has columns.
        IndexFullError: rows times columns are more than 2**32.
        IndexKeyError: the key is not 32 bytes long.
    """
    gathered = _Gathered(rule, Secrets.of(key))
    gathered.read(rows)
    return _written(gathered, gathered.keys(), gathered.matrix(), gathered.filters(), key)


def update(index: Source, changed: Iterable[Row], removed: Collection[str], key: bytes) -> bytes:
    """Return `index` with all rows of the keys in `changed` replaced, and those in `removed` gone.

    A key in `changed` that the index does not know is added; an unknown one in `removed` is no error.
    Raises as `build` and as opening do.
    """
    meta, arrays = unseal(index, KIND, key)
    rule = Rule.read(meta["rule"])
    old = Table.from_arrays(KEPT, arrays, "cells")
    kept_keys = Keys.from_arrays(arrays)
    gathered = _Gathered(rule, Secrets.of(key))
    gathered.read(changed)
    width = len(rule.columns)
    matrix = np.zeros((meta["rows"], width), np.uint64)
    matrix.reshape(-1)[old.numbers] = old.hashes()
    stays = np.ones(meta["rows"], bool)
    new_keys = gathered.keys()
    stays[kept_keys.rows_with({*new_keys, *cleaned(list(removed))})] = False
    keys = (
        [each for each, keep in zip(kept_keys, stays.tolist(), strict=True) if keep] if meta["rows"] else []
    )
    gathered.shapes |= {(kind, length) for kind, length in meta["shapes"]}
    quick, heads = gathered.filters()
    filters = (
        Filter(meta["quick"], arrays["quick"]) | quick,
        Filter(meta["heads"], arrays["heads"]) | heads,
    )
    matrix = np.concatenate((matrix[stays], gathered.matrix()))
    return _written(gathered, keys + new_keys, matrix, filters, key)


def _written(
    gathered: _Gathered, keys: list[bytes], matrix: Hashes, filters: tuple[Filter, Filter], key: bytes
) -> bytes:
    order = _order(keys, matrix)
    if order is not None:
        keys, matrix = [keys[at] for at in order.tolist()], matrix[order]
    if matrix.size >= _MOST_CELLS:
        raise IndexFullError(what="cells", limit=_MOST_CELLS)
    flat = matrix.reshape(-1)
    cells = np.flatnonzero(flat != 0).astype(np.uint32)
    table = Table.of(flat[cells], cells, KEPT)
    quick, heads = filters
    meta = {
        "rule": gathered.rule.described(),
        "rows": len(keys),
        "quick": quick.bits,
        "heads": heads.bits,
        "shapes": sorted(gathered.shapes),
    }
    arrays = {
        **table.arrays("cells"),
        **Keys.of(keys).arrays(),
        "quick": quick.content,
        "heads": heads.content,
    }
    return seal(KIND, meta, arrays, key)


def _order(keys: list[bytes], matrix: Hashes) -> npt.NDArray[np.int64] | None:
    """Return the order by key and hashes without rows that come twice; None if it is so already."""
    if all(map(operator.lt, keys, islice(keys, 1, None))):
        return None
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
    new = np.array([True] + [keys[before] != keys[after] for before, after in pairwise(order.tolist())])
    groups = np.cumsum(new)
    rows = matrix[order]
    inner = np.lexsort((*rows.T[::-1], groups))
    order, rows = order[inner], rows[inner]
    again = (groups[1:] == groups[:-1]) & (rows[1:] == rows[:-1]).all(axis=1)
    distinct: npt.NDArray[np.int64] = order[np.concatenate((np.ones(1, bool), ~again))]
    return distinct
