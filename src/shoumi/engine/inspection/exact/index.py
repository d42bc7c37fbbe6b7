"""Find rows of indexed tables in the parts of a file.

Places where a value may stand are looked up together; the cells they belong to are gathered by row, and a
row is found where enough of its columns stand within the distance its rule allows.  A value that many rows
share, such as a common name, cannot lead to a row by itself: it is asked for beside rows that a rarer value
led to, and two such values are intersected.  Told is the key of the row and which columns stood there, never
what is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from shoumi.engine.inspection.exact.building import KEPT, KIND
from shoumi.engine.inspection.exact.joining import Hits, Match, matches
from shoumi.engine.inspection.exact.keys import Keys
from shoumi.engine.inspection.exact.rules import ColumnKind, Rule
from shoumi.engine.inspection.exact.values import LONGEST, Searcher, Secrets
from shoumi.engine.inspection.matching.container import Source, unseal
from shoumi.engine.inspection.matching.reading import Block, Joined
from shoumi.engine.inspection.matching.tables import Filter, Table
from shoumi.engine.inspection.values import Explanation, Finding, FindingKind, Part


@dataclass(frozen=True)
class ExactIndex:
    """An opened index; it lies in memory as a whole and is never changed."""

    rule: Rule
    rows: int
    table: Table
    keys: Keys
    searcher: Searcher

    @classmethod
    def open(cls, source: Source, key: bytes) -> ExactIndex:
        """Open an index.

        Raises:
            NotAnIndexError: other content, another kind or version.
            OtherKeyError: made with another key.
            IndexAlteredError: altered, cut or lengthened.
            IndexKeyError: the key is not 32 bytes long.
        """
        meta, arrays = unseal(source, KIND, key)
        rule = Rule.read(meta["rule"])
        shapes: dict[int, tuple[int, ...]] = {}
        for kind, length in sorted(meta["shapes"]):
            shapes[kind] = (*shapes.get(kind, ()), length)
        searcher = Searcher(
            Secrets.of(key),
            shapes,
            Filter(meta["quick"], arrays["quick"]),
            Filter(meta["heads"], arrays["heads"]),
            any(column.kind == ColumnKind.PHONE for column in rule.columns),
        )
        table = Table.from_arrays(KEPT, arrays, "cells")
        return cls(rule, meta["rows"], table, Keys.from_arrays(arrays), searcher)

    @property
    def name(self) -> str:
        """The name of the index."""
        return self.rule.name

    @property
    def cells(self) -> int:
        """Cells that hold a value."""
        return len(self.table.numbers)

    @cached_property
    def _phones(self) -> frozenset[int]:
        return frozenset(at for at, each in enumerate(self.rule.columns) if each.kind == ColumnKind.PHONE)

    def findings(self, parts: Sequence[Part]) -> list[Finding]:
        """Return a finding for each place where a row stands in `parts`."""
        return findings([self], parts)

    def hits(self, block: Block) -> list[Hits]:
        """Return where values of the table stand in `block`, in characters of the joined text."""
        found = []
        for seen in self.searcher.seen(block):
            low, high = self.table.ranges(seen.hashes)
            there = np.flatnonzero(low < high)
            if len(there):
                starts = seen.starts[there]
                found.append(
                    Hits(
                        block.places[starts],
                        block.places[starts + seen.length - 1] + 1,
                        low[there],
                        high[there],
                        seen.inside[there],
                    )
                )
        return found


def findings(indexes: Sequence[ExactIndex], parts: Sequence[Part]) -> list[Finding]:
    """Return what several indexes find; the parts are read once."""
    if not parts or not indexes:
        return []
    joined = Joined.of(parts)
    hits: list[list[Hits]] = [[] for _ in indexes]
    for block in joined.blocks(LONGEST):
        for number, index in enumerate(indexes):
            hits[number] += index.hits(block)
    found = []
    for index, its in zip(indexes, hits, strict=True):
        if its:
            whole = Hits.joined(its)
            rows = matches(whole, joined.part_at(whole.starts), index.table, index.rule, index._phones)  # noqa: SLF001
            found += _told(index, rows, joined)
    return found


def _told(index: ExactIndex, rows: list[Match], joined: Joined) -> list[Finding]:
    rule = index.rule
    keys = index.keys.named([match.row for match in rows])
    told: dict[tuple[int, ...], tuple[tuple[str, ...], str, float]] = {}
    found = []
    for match in rows:
        if match.columns not in told:
            names = tuple(rule.columns[column].name for column in match.columns)
            share = len(names) / len(rule.columns)
            told[match.columns] = (
                names,
                f"{len(names)} of {len(rule.columns)} columns",
                round(0.8 + 0.2 * share, 3),
            )
        names, check, score = told[match.columns]
        part = joined.parts[match.part]
        offset = int(joined.starts[match.part])
        facts = (("row", keys[match.row]), ("columns", len(names)), ("distance", match.distance))
        explanation = Explanation(rule.name, check, names, facts)
        found.append(
            Finding(
                FindingKind.EXACT,
                rule.name,
                score,
                part,
                match.start - offset,
                match.end - offset,
                explanation,
                member=part.member,
                level=rule.level,
            )
        )
    return found
