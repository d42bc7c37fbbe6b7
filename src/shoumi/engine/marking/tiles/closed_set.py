"""Decides among the ids that were issued, where the check of a tile seen no longer holds.

A damaged tile that cannot name its id alone can still tell which of the issued ones it resembles: the code
bits of every id are compared, and the best must stand clear of chance and of the second.
It can name nobody who is not on the list, so an id found this way is a lead with a margin, never more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from shoumi.engine.marking.tiles.codeword import CODE_BITS, Soft, encode_many

LEAST_SCORE: Final = 7.0  # standard deviations; chance among a million ids stays below 6.5
LEAST_MARGIN: Final = 2.5  # ... and this far ahead of the second

_BLOCK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Match:
    """The issued id that a tile resembles most."""

    copy_id: int
    score: float  # standard deviations of chance
    margin: float  # by how many it leads the second
    among: int  # how many ids were compared

    @property
    def clear(self) -> bool:
        """Whether it stands clear of chance and of the others."""
        return self.score >= LEAST_SCORE and self.margin >= LEAST_MARGIN


def closest(soft: Soft, issued: Sequence[int]) -> Match | None:
    """Return which of the distinct `issued` ids the soft bits resemble most; None when none was issued."""
    ids = list(dict.fromkeys(issued))
    if not ids:
        return None
    scale = float(np.sqrt(np.square(soft).mean() * CODE_BITS)) or 1.0
    scores = np.concatenate(
        [
            encode_many(ids[begin : begin + _BLOCK]).astype(np.float32) @ soft.astype(np.float32)
            for begin in range(0, len(ids), _BLOCK)
        ]
    ) / np.float32(scale)
    best = int(scores.argmax())
    others = np.delete(scores, best)
    second = max(float(others.max()), 0.0) if others.size else 0.0
    return Match(ids[best], float(scores[best]), float(scores[best]) - second, len(ids))
