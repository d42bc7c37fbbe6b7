"""Folds a picture along a lattice into one tile, and looks there for the sync of a key.

All repetitions of the tile are laid over each other, first by groups of 3 x 3 tiles, where a lattice that is
slightly off does no harm yet; what the groups tell about their places then makes the lattice exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.marking.tiles.lattice import Lattice
from shoumi.engine.marking.tiles.layout import SIDE, Layout
from shoumi.engine.marking.tiles.residual import Residual

FINE: Final = 3  # bins along a chip while its place is sought
GROUP: Final = 3  # tiles along a group's side
HINT_SCORE: Final = 5.2  # a place that is worth being looked at again
_BINS: Final = SIDE * FINE
_LEAST_SHARE: Final = 0.5  # of a whole tile's pixels, for a group to have a say of its own
_NEAR: Final = 2 * FINE  # bins around the expected place in which a group's own place is sought
_FIT_SCORE: Final = 4.5

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mapping:
    """From pixels to tiles: column = x * ux + y * uy + u0, row = x * vx + y * vy + v0."""

    ux: float
    uy: float
    u0: float
    vx: float
    vy: float
    v0: float

    @classmethod
    def of(cls, lattice: Lattice) -> Mapping:
        """Return the mapping whose steps are those of the lattice."""
        area = lattice.ax * lattice.by - lattice.ay * lattice.bx
        return cls(lattice.by / area, -lattice.bx / area, 0.0, -lattice.ay / area, lattice.ax / area, 0.0)

    def turned(self) -> Mapping:
        """Return the same lattice seen a quarter turn on."""
        return Mapping(self.vx, self.vy, self.v0, -self.ux, -self.uy, -self.u0)

    def columns(self, x: Plane, y: Plane) -> Plane:
        """Return the tile column, with its fraction, of each pixel."""
        return x * self.ux + y * self.uy + self.u0

    def rows(self, x: Plane, y: Plane) -> Plane:
        """Return the tile row, with its fraction, of each pixel."""
        return x * self.vx + y * self.vy + self.v0


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile seen: its chips, its mapping with the phase in it, and how well the sync agrees."""

    chips: Plane  # SIDE x SIDE
    mapping: Mapping
    score: float


class Folds:
    """A picture folded by groups along one lattice; made once and read with any number of keys."""

    def __init__(self, residual: Residual, mapping: Mapping) -> None:
        self.residual = residual
        self.mapping = mapping
        height, width = residual.values.shape
        self._x = np.arange(width, dtype=np.float64)[None, :]
        self._y = np.arange(height, dtype=np.float64)[:, None]
        self.groups, self.centres = self._by_groups()

    def find(self, layout: Layout) -> Tile | None:
        """Return the tile of this layout, if the sync is seen at all."""
        template = np.fft.rfft2(np.kron(layout.sync_pattern(), np.ones((FINE, FINE)))).conj()
        best_score, best_turn, sign = 0.0, 0, 1
        for turn in range(4):
            for group in [self.groups.sum(axis=0), *(self.groups if len(self.groups) > 1 else ())]:
                scores = _agreement(_even(np.rot90(group, turn, axes=(1, 2))), template)
                high, low = float(scores.max()), float(scores.min())
                if max(high, -low) > best_score:
                    best_score, best_turn, sign = max(high, -low), turn, 1 if high > -low else -1
        if best_score < HINT_SCORE:
            return None
        mapping = self.mapping
        for _ in range(best_turn):
            mapping = mapping.turned()
        flip = np.array([sign, 1.0])[:, None, None]  # colours may have been inverted; weights stay
        turned = [np.rot90(group, best_turn, axes=(1, 2)) * flip for group in self.groups]
        mapping = self._fitted(mapping, turned, template)
        return self._exact(mapping, layout, template, sign)

    def _by_groups(self) -> tuple[Plane, Plane]:
        """Return sums and weights for each group, (n, 2, bins, bins), and the groups' middles in pixels."""
        x, y = self._x, self._y
        u, v = self.mapping.columns(x, y), self.mapping.rows(x, y)
        group_u, group_v = np.floor(u / GROUP).astype(np.int64), np.floor(v / GROUP).astype(np.int64)
        first_u, first_v = int(group_u.min()), int(group_v.min())
        across = int(group_u.max()) - first_u + 1
        count = across * (int(group_v.max()) - first_v + 1)
        index = (group_v - first_v) * across + group_u - first_u
        place = index * _BINS * _BINS + _bin(v, _BINS) * _BINS + _bin(u, _BINS)
        sums = _sum(place, self.residual.values, count * _BINS * _BINS).reshape(count, _BINS, _BINS)
        weights = _sum(place, self.residual.weights, count * _BINS * _BINS).reshape(count, _BINS, _BINS)
        size = np.bincount(index.ravel(), self.residual.weights.ravel(), count)
        middle_x = np.bincount(index.ravel(), np.broadcast_to(x, index.shape).ravel(), count)
        middle_y = np.bincount(index.ravel(), np.broadcast_to(y, index.shape).ravel(), count)
        number = np.bincount(index.ravel(), minlength=count)
        area = 1 / abs(self.mapping.ux * self.mapping.vy - self.mapping.uy * self.mapping.vx)
        keep = size > _LEAST_SHARE * area
        if not keep.any():
            keep = size >= size.max()
        stacked = np.stack([sums, weights], axis=1)
        centres = np.stack([middle_x, middle_y], axis=1) / np.maximum(number, 1)[:, None]
        return stacked[keep], centres[keep]

    def _fitted(self, mapping: Mapping, groups: list[Plane], template: NDArray[np.complex128]) -> Mapping:
        """Return the mapping with what the groups tell about their places taken into account."""
        maps = [_agreement(_even(group), template) for group in groups]
        first = max(range(len(maps)), key=lambda index: float(maps[index].max()))
        home = np.array(np.unravel_index(int(maps[first].argmax()), maps[first].shape), dtype=np.float64)
        places, offsets, weights = [], [], []
        for scores, centre in zip(maps, self.centres, strict=True):
            row, column, score = _near(scores, home)
            if score >= _FIT_SCORE:
                places.append((1.0, *centre))
                offsets.append((row - home[0], column - home[1]))
                weights.append(score)
        v0, u0 = home / _BINS
        base = Mapping(mapping.ux, mapping.uy, mapping.u0 - u0, mapping.vx, mapping.vy, mapping.v0 - v0)
        if len(places) < 4:  # noqa: PLR2004 - three numbers are wanted, and one to check
            return base
        scale = np.array(weights)[:, None]
        terms, _, rank, _ = np.linalg.lstsq(np.array(places) * scale, np.array(offsets) * scale, rcond=None)
        if rank < 3:  # noqa: PLR2004
            return base
        (dv0, du0), (dvx, dux), (dvy, duy) = terms / _BINS
        return Mapping(
            base.ux - dux, base.uy - duy, base.u0 - du0, base.vx - dvx, base.vy - dvy, base.v0 - dv0
        )

    def _exact(self, mapping: Mapping, layout: Layout, template: NDArray[np.complex128], sign: int) -> Tile:
        """Fold once more, all at once, correct the phase, and average what lies in each chip."""
        u, v = mapping.columns(self._x, self._y), mapping.rows(self._x, self._y)
        place = _bin(v, _BINS) * _BINS + _bin(u, _BINS)
        folded = np.stack(
            [
                _sum(place, each, _BINS * _BINS).reshape(_BINS, _BINS)
                for each in (self.residual.values, self.residual.weights)
            ]
        )
        folded[0] *= sign
        scores = _agreement(_even(folded), template)
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        folded = np.roll(folded, (-int(row), -int(column)), axis=(1, 2))
        chips = folded.reshape(2, SIDE, FINE, SIDE, FINE).sum(axis=(2, 4))
        values = chips[0] / np.maximum(chips[1], 1e-9)
        values -= values.mean()
        final = Mapping(
            mapping.ux,
            mapping.uy,
            mapping.u0 - column / _BINS,
            mapping.vx,
            mapping.vy,
            mapping.v0 - row / _BINS,
        )
        return Tile(values, final, layout.sync_score(values))


def _bin(where: Plane, bins: int) -> NDArray[np.int64]:
    """Return the bin of the fraction of each number."""
    return np.minimum(((where - np.floor(where)) * bins).astype(np.int64), bins - 1)


def _sum(place: NDArray[np.int64], values: NDArray[np.float32], count: int) -> Plane:
    return np.bincount(place.ravel(), values.ravel(), count).astype(np.float64, copy=False)


def _even(folded: Plane) -> Plane:
    """Return the mean of each bin, zero where nothing fell."""
    sums, weights = folded
    values = sums / np.maximum(weights, 1e-9)
    filled = weights > 0
    values = np.where(filled, values - values[filled].mean() if filled.any() else 0.0, 0.0)
    result: Plane = values * np.sqrt(np.minimum(weights, weights.mean() * 2 + 1e-9))
    return result


def _agreement(folded: Plane, template: NDArray[np.complex128]) -> Plane:
    """Return, for each shift, by how many standard deviations the sync agrees."""
    scores = np.fft.irfft2(np.fft.rfft2(folded) * template, folded.shape)
    evened: Plane = (scores - scores.mean()) / (scores.std() + 1e-12)
    return evened


def _near(scores: Plane, home: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return (row, column, score) of the best place near the expected one; the tile is a ring both ways."""
    reach = range(-_NEAR, _NEAR + 1)
    rows = (int(home[0]) + np.array(reach)) % _BINS
    columns = (int(home[1]) + np.array(reach)) % _BINS
    patch = scores[np.ix_(rows, columns)]
    row, column = divmod(int(patch.argmax()), len(reach))
    return home[0] - _NEAR + row, home[1] - _NEAR + column, float(patch.max())
