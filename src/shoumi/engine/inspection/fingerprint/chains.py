"""From single hits to passages: hits of one document in one order and near each other.

Four hits in a row verify 26 letters exactly; with a few letters changed, added or lost between them they
still lie near one diagonal of (place in the text, place in the document), and make one chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.fingerprint.documents import GRAM

Ints = npt.NDArray[np.int64]

DRIFT: Final = 8  # units by which the diagonal may move from one hit to the next
_STRIPS: Final = 1 << 16  # of diagonals that are counted apart
STEADY: Final = 2  # units by which edits move the diagonal from one hit to the next
GAP: Final = 60  # units from one hit to the next, at most


@dataclass(frozen=True, slots=True)
class Hits:
    """Places in the text (units) and in the documents (units over all of them) with equal hashes."""

    text: Ints
    document: Ints
    starts: Ints  # characters of the joined text
    ends: Ints

    @classmethod
    def joined(cls, several: Sequence[Hits]) -> Hits:
        """Return all of them."""
        return cls(*(np.concatenate([getattr(hits, name) for hits in several]) for name in cls.__slots__))

    def only(self, which: npt.NDArray[np.bool_] | Ints | slice) -> Hits:
        """Return some of them."""
        return Hits(self.text[which], self.document[which], self.starts[which], self.ends[which])


def chains(hits: Hits, owners: Ints, least: int, covered: int) -> list[Ints]:
    """Return chains as positions in `hits`, in order of place in the text and in the document.

    `owners` says to which pair of part and document a hit belongs: a chain has one owner.  A chain has at
    least `least` hits at different places of the document, which cover at least `covered` units of the text.
    """
    diagonal = hits.text - hits.document
    order = np.lexsort((hits.text, diagonal, owners))
    bands = np.cumsum(_breaks(owners[order], diagonal[order], DRIFT), dtype=np.int64)
    order = order[np.lexsort((hits.document[order], hits.text[order], bands))]
    bands = np.sort(bands)
    text, document = hits.text[order], hits.document[order]
    begin = np.flatnonzero(_breaks(bands, text, GAP))
    if not len(begin):
        return []
    steps, moved = np.zeros(len(text), np.int64), np.zeros(len(text), np.int64)
    steps[1:], moved[1:] = np.minimum(np.diff(text), GRAM), np.diff(document) != 0
    steps[begin], moved[begin] = GRAM, 1
    good = (np.add.reduceat(moved, begin) >= least) & (np.add.reduceat(steps, begin) >= covered)
    bounds = np.append(begin, len(text)).tolist()
    return [order[bounds[number] : bounds[number + 1]] for number in np.flatnonzero(good).tolist()]


def supported(text: Ints, document: Ints, least: int, begin: int, end: int) -> Ints:
    """Return which places of a block have enough others on and beside their diagonal to be part of a chain.

    Those near the borders `begin` and `end` of the block stay: their chain may go on beyond.
    """
    diagonal = text - document
    stays = (text < begin + least * GAP) | (text >= end - least * GAP)
    some = np.flatnonzero(_crowded(diagonal, least))
    diagonal = diagonal[some]
    order = np.argsort(diagonal)
    band = np.cumsum(np.diff(diagonal[order], prepend=diagonal[order[:1]]) > DRIFT)
    stays[some[order]] |= np.bincount(band)[band] >= least
    return np.flatnonzero(stays)


def _crowded(diagonal: Ints, least: int) -> npt.NDArray[np.bool_]:
    """Return which places may have `least` on and beside their diagonal: all that do, and few others.

    Of so many in a row none is further than the drift times their number: in the same strip or the next.
    """
    width = (DRIFT * (least - 1)).bit_length()
    strip = (diagonal >> width) & (_STRIPS - 1)
    counts = np.bincount(strip, minlength=_STRIPS)
    near = counts.take(strip) + counts.take(strip - 1, mode="wrap") + counts.take(strip + 1, mode="wrap")
    return np.asarray(near >= least)


def _breaks(groups: Ints, values: Ints, most: int) -> npt.NDArray[np.bool_]:
    """Return where another group begins, or the next value is further than `most`."""
    fresh = np.ones(len(groups), bool)
    fresh[1:] = (groups[1:] != groups[:-1]) | (values[1:] - values[:-1] > most)
    return fresh


def covers(groups: Ints, places: Ints) -> tuple[Ints, Ints]:
    """Return each of `groups` once, ascending, and how many units `GRAM` from each of its places cover."""
    order = np.lexsort((places, groups))
    groups, places = groups[order], places[order]
    begin = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
    steps = np.minimum(np.diff(places, prepend=places[:1]), GRAM)
    steps[begin] = GRAM
    return groups[begin], np.add.reduceat(steps, begin) if len(begin) else begin


def wanders(hits: Hits, begin: Ints) -> Ints:
    """Return by how many units the diagonal moves from hit to hit, over all of each chain.

    Chains lie in `hits` one after the other, each from its place in `begin` on and in its order.  Edits of
    letters move the diagonal by one or two, and these do not count.
    """
    fresh = np.diff(hits.text, prepend=hits.text[:1]) != 0
    fresh[begin] = True
    some = np.flatnonzero(fresh)
    steps = np.abs(np.diff((hits.text - hits.document)[some], prepend=0))
    moves = np.maximum(steps - STEADY, 0)
    first = np.searchsorted(some, begin)
    moves[first] = 0
    return np.add.reduceat(moves, first) if len(first) else first
