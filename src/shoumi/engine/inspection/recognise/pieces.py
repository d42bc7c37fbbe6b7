"""Cuts parts into pieces of which as many are read at once as the processor keeps near.

Source: own. Long parts are cut at line ends, and tables stand apart from the text around them. Pieces of one
part overlap and each owns what begins in its own stretch, so that no cut is seen. Nearly all parts are one
piece that has nothing to tell: what pieces have in common stands in columns, the rest by their numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple

from shoumi.engine.inspection.recognise.tables import Block, Table, blocks_of, tables_of
from shoumi.engine.inspection.values import Part, PartKind

MOST: Final = 1 << 23  # characters that are read at once
AROUND: Final = 1 << 13  # by which a piece reaches into its neighbours: more than anything found has


@dataclass(slots=True)
class Pieces:
    """Some stretches of parts, numbered as they come."""

    parts: list[int] = field(default_factory=list)  # of each, the place of its part among the parts
    offsets: list[int] = field(default_factory=list)  # where it begins in the part's text
    texts: list[str] = field(default_factory=list)
    kinds: list[PartKind] = field(default_factory=list)
    tables: dict[int, Table] = field(default_factory=dict)  # how those that are a table are one
    headed: set[int] = field(default_factory=set)  # those whose first line is that of the heads
    owned: dict[int, tuple[int, int]] = field(default_factory=dict)  # of those that do not own all their text
    size: int = 0  # characters, one more for each

    def __len__(self) -> int:
        return len(self.texts)


class _Cut(NamedTuple):
    """A stretch of a part from which some of its text is owned."""

    begin: int
    reached: int
    owned: tuple[int, int]
    block: Block


def gathered(parts: Sequence[Part]) -> Iterator[Pieces]:
    """Yield the pieces of `parts` in order, as many at once as have about `MOST` characters."""
    tables = list(map(tables_of, parts))
    ends = [0, *accumulate(len(part.text) + 1 for part in parts)]
    apart = [number for number, its in enumerate(tables) if its or ends[number + 1] - ends[number] > MOST + 1]
    pieces, done = Pieces(), 0
    for number in (*apart, len(parts)):
        while done < number:
            room = ends[done] + MOST + 1 - pieces.size
            behind = min(number, bisect_right(ends, room, done) - 1)
            if behind <= done:
                yield pieces
                pieces = Pieces()
                continue
            _add_whole(pieces, parts, done, behind)
            pieces.size += ends[behind] - ends[done]
            done = behind
        if number == len(parts):
            break
        for cut in _cuts(parts[number], tables[number]):
            if len(pieces) and pieces.size + cut.reached - cut.begin > MOST:
                yield pieces
                pieces = Pieces()
            _add(pieces, number, parts[number], cut)
        done = number + 1
    if len(pieces):
        yield pieces


def _add_whole(pieces: Pieces, parts: Sequence[Part], first: int, behind: int) -> None:
    """Add the parts of these numbers, each as one piece without a table."""
    some = parts[first:behind]
    pieces.parts += range(first, behind)
    pieces.offsets += [0] * len(some)
    pieces.texts += [part.text for part in some]
    pieces.kinds += [part.kind for part in some]


def _add(pieces: Pieces, number: int, part: Part, cut: _Cut) -> None:
    """Add one piece of the part of this number."""
    begin, reached, (first, last), block = cut
    if block.table:
        pieces.tables[len(pieces)] = block.table
    if block.headed and begin == block.start:
        pieces.headed.add(len(pieces))
    if (begin, reached) != (first, last):
        pieces.owned[len(pieces)] = first - begin, last - begin
    pieces.parts.append(number)
    pieces.offsets.append(begin)
    pieces.kinds.append(part.kind)
    pieces.texts.append(part.text[begin:reached])
    pieces.size += reached - begin + 1


def _cuts(part: Part, tables: Sequence[Block]) -> Iterator[_Cut]:
    """Yield the stretches of `part`, its tables apart, of no more than `MOST` characters each."""
    for block in blocks_of(part, tables):
        for start, end in _at_lines(part.text, block.start, block.end):
            yield _Cut(*_reach(part.text, block, start, end), (start, end), block)


def _at_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of no more than `MOST` characters, ended by a line feed where there is one."""
    while end - start > MOST:
        cut = text.rfind("\n", start, start + MOST) + 1
        behind = cut if cut > start else start + MOST
        yield start, behind
        start = behind
    yield start, end


def _reach(text: str, block: Block, start: int, end: int) -> tuple[int, int]:
    """Return from where to where a piece is read; in a table from the beginning of a row on."""
    begin = max(block.start, start - AROUND)
    if block.table and block.start < begin < start:
        begin = text.find("\n", begin, start) + 1 or start
    return begin, min(block.end, end + AROUND)
