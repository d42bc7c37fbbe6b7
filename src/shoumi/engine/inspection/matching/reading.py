"""Walk over the folded units of many parts in blocks, as if they were one text with walls between.

Nothing is lost at a border: the units that a window may still need are carried into the next block.
Places are told as (part, character), found late and only for hits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.matching.folding import WALL, Places, Units, fold
from shoumi.engine.inspection.values import Part

_BLOCK: Final = 1 << 17  # characters folded at a time
_MARKS: Final = "\u3099\u309a\uff9e\uff9f\u309b\u309c"  # belong to the letter before


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of folded units; windows may begin from `first` on and before `end`."""

    units: Units
    places: Places  # of each unit, in characters of the joined text
    first: int
    end: int
    before: int  # units in the stream before this block's first one


@dataclass(frozen=True, slots=True)
class Joined:
    """The texts of parts as one, with a wall between."""

    parts: Sequence[Part]
    text: str
    starts: npt.NDArray[np.int64]  # of each part

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Joined:
        """Join the texts of `parts`."""
        lengths = np.fromiter((len(part.text) + 1 for part in parts), np.int64, len(parts))
        starts = np.zeros(len(parts), np.int64)
        np.cumsum(lengths[:-1], out=starts[1:])
        return cls(parts, WALL.join(part.text for part in parts), starts)

    def part_at(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the part in which each place lies."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def blocks(self, longest: int) -> Iterator[Block]:
        """Yield blocks such that each window of up to `longest` units begins in exactly one of them."""
        units, places = np.zeros(0, np.uint16), np.zeros(0, np.int64)
        seen, at, first = 0, 0, 0
        while True:
            end = min(at + _BLOCK, len(self.text))
            while end < len(self.text) and self.text[end] in _MARKS:
                end += 1
            more, where = fold(self.text[at:end])
            units, places = np.concatenate((units, more)), np.concatenate((places, where + at))
            last = end == len(self.text)
            stop = len(units) if last else max(first, len(units) - longest + 1)
            yield Block(units, places, first, stop, seen)
            if last:
                return
            keep = max(0, stop - 1)  # one unit before the next window, so that a reader sees what it follows
            units, places, seen, at, first = units[keep:], places[keep:], seen + keep, end, stop - keep
