"""What an update changed in an index, by the keys of its rows; and giving an index another name.

Rows of one key are compared as a whole.  It reads both indexes with their key and tells counts alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from shoumi.engine.inspection.exact.building import KEPT, KIND
from shoumi.engine.inspection.exact.keys import Keys
from shoumi.engine.inspection.exact.rules import Rule
from shoumi.engine.inspection.matching.container import Source, seal, unseal
from shoumi.engine.inspection.matching.tables import Table


@dataclass(frozen=True, slots=True)
class Change:
    """How an index differs from the one before it; counts of keys, where nothing else is said."""

    rows: int  # of the new one
    cells: int  # of the new one, that hold a value
    added: int
    changed: int
    removed: int


def compare(old: Source | None, new: Source, key: bytes) -> Change:
    """Return what is new in `new`; without `old` everything.  Raises as opening does."""
    meta, arrays = unseal(new, KIND, key)
    cells = len(arrays["cells.numbers"])
    after = _grouped(meta, arrays)
    before: Iterator[tuple[bytes, bytes]] = iter(())
    if old is not None:
        before = _grouped(*unseal(old, KIND, key))
    added = changed = removed = 0
    left, right = next(before, None), next(after, None)
    while left or right:
        if right is None or (left and left[0] < right[0]):
            removed += 1
            left = next(before, None)
        elif left is None or right[0] < left[0]:
            added += 1
            right = next(after, None)
        else:
            changed += left[1] != right[1]
            left, right = next(before, None), next(after, None)
    return Change(meta["rows"], cells, added, changed, removed)


def renamed(index: Source, name: str, key: bytes) -> bytes:
    """Return the same index under another name: findings bear it from then on.  Raises as opening does."""
    meta, arrays = unseal(index, KIND, key)
    return seal(KIND, {**meta, "rule": {**meta["rule"], "name": name}}, arrays, key)


def _grouped(meta: dict[str, Any], arrays: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    """Yield each key with the hashes of its rows, in order."""
    width = len(Rule.read(meta["rule"]).columns)
    table = Table.from_arrays(KEPT, arrays, "cells")
    matrix = np.zeros((meta["rows"], width), np.uint64)
    matrix.reshape(-1)[table.numbers] = table.hashes()
    rows = map(bytes, matrix.view(np.uint8).reshape(meta["rows"], width * matrix.itemsize))
    lines = zip(Keys.from_arrays(arrays), rows, strict=True)
    for key, group in groupby(lines, key=lambda line: line[0]):
        yield key, b"".join(line[1] for line in group)
