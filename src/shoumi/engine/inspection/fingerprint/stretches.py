"""The stretches of a text that chains lie on, cut out so that they alone are looked up elsewhere.

Whether a text is publicly known is only asked of what was found: that costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.fingerprint.chains import Hits, Ints
from shoumi.engine.inspection.fingerprint.documents import GRAM
from shoumi.engine.inspection.matching.folding import WALL, Units, fold
from shoumi.engine.inspection.matching.reading import Joined


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of a text, one after the other with a wall between."""

    units: Units
    begins: Ints  # of each stretch, in `units`
    shifts: Ints  # from there to its place in the text

    @classmethod
    def of(cls, hits: Hits, which: Ints, joined: Joined) -> Stretches:
        """Return what the hits `which` lie on; at least one."""
        which = which[np.argsort(hits.text[which], kind="stable")]
        text = hits.text[which]
        fresh = np.ones(len(text), bool)
        fresh[1:] = np.diff(text) > GRAM
        bounds = np.append(np.flatnonzero(fresh), len(text))
        pieces = [
            joined.text[int(hits.starts[which[low]]) : int(hits.ends[which[high - 1]])]
            for low, high in pairwise(bounds.tolist())
        ]
        units, _ = fold(WALL.join(pieces))
        begins = np.append(0, np.flatnonzero(units == ord(WALL)) + 1)
        return cls(units, begins, text[bounds[:-1]] - begins)

    def owners(self, places: Ints) -> Ints:
        """Return in which stretch each place lies."""
        return np.searchsorted(self.begins, places, side="right") - 1


def within(places: Ints, spans: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return which stretches of `GRAM` units from `places` lie in the union of `spans` as a whole."""
    if not len(spans):
        return np.zeros(len(places), bool)
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    fresh = np.ones(len(spans), bool)
    fresh[1:] = spans[1:, 0] > reach[:-1]
    first = np.flatnonzero(fresh)
    begin, end = spans[first, 0], reach[np.append(first[1:], len(spans)) - 1]
    at = np.searchsorted(begin, places, side="right") - 1
    inside: npt.NDArray[np.bool_] = (at >= 0) & (places + GRAM <= end[np.maximum(at, 0)])
    return inside
