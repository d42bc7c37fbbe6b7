"""Reads the copy ids out of a picture: residual, lattice, fold, sync, soft bits, check.

A copy id counts as read when the sync agrees by more than seven standard deviations and the check holds.
What falls short of the check may still be decided among the ids that were issued (`closed_set`).
The search is bounded: the picture's size by `pictures`, the number of lattices by `lattice`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from shoumi.engine.marking.tiles import codeword
from shoumi.engine.marking.tiles.folding import Folds, Mapping, Points, Templates, Tile
from shoumi.engine.marking.tiles.lattice import lattices
from shoumi.engine.marking.tiles.layout import SIDE, Layout, layout_of
from shoumi.engine.marking.tiles.pictures import grey_of
from shoumi.engine.marking.tiles.residual import Grey, residual_of

ACCEPT: Final = 7.0  # standard deviations of the sync; unmarked pages stay below 5
LEAST_SIDE: Final = 96  # pixels; in less there is not one tile


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tile seen in the picture; `copy_id` only when its check holds."""

    copy_id: int | None
    z: float  # of the sync
    key_index: int  # which of the keys
    chip: float  # pixels of the picture along a chip
    turn: float  # degrees clockwise by which the page is turned, -180 to 180
    soft: codeword.Soft  # for the decision among issued ids

    @property
    def accepted(self) -> bool:
        """Whether the id counts as read."""
        return self.copy_id is not None and self.z > ACCEPT


def decode(image: Image.Image, keys: Sequence[bytes]) -> list[Candidate]:
    """Return the tiles of any of the keys that are seen in `image`: accepted first, then the clearest."""
    return decode_grey(*grey_of(image), keys)


def decode_grey(grey: Grey, factor: int, keys: Sequence[bytes]) -> list[Candidate]:
    """Return the same for grey levels reduced by `factor`.  The first id accepted ends the search."""
    if min(grey.shape) < LEAST_SIDE:
        return []
    found: list[Candidate] = []
    sought = [Templates.of(layout_of(key)) for key in keys]
    residual = residual_of(grey)
    points = Points.of(residual)
    for lattice in lattices(residual):
        folds = Folds(points, Mapping.of(lattice, points))
        for index, templates in enumerate(sought):
            tile = folds.find(templates)
            if tile is not None:
                found.append(_candidate(tile, templates.layout, index, factor))
        if any(each.accepted for each in found):
            break
    return sorted(found, key=lambda each: (not each.accepted, -each.z))


def _candidate(tile: Tile, layout: Layout, index: int, factor: int) -> Candidate:
    soft = layout.soft_bits(tile.chips)
    mapping = tile.mapping
    area = abs(mapping.ux * mapping.vy - mapping.uy * mapping.vx)
    return Candidate(
        copy_id=codeword.decode(soft),
        z=tile.score,
        key_index=index,
        chip=factor / math.sqrt(area) / SIDE,
        turn=math.degrees(math.atan2(-mapping.vx, mapping.vy)),
        soft=soft,
    )
