"""Folds a picture along a lattice into one tile, and looks there for the sync of a key.

All repetitions of the tile are laid over each other, first by groups of at least 3 x 3 tiles, where a lattice
that is slightly off does no harm yet; what the groups tell about their places then makes the lattice exact.
Most lattices are not ours, so what each of them costs is kept small: pixels of text are left out once for the
picture, a lattice is folded and transformed once for all keys, and the four turns are those of the template.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.marking.tiles.lattice import Lattice
from shoumi.engine.marking.tiles.layout import SIDE, Layout
from shoumi.engine.marking.tiles.residual import Residual

FINE: Final = 3  # bins along a chip while its place is sought
GROUP: Final = 3  # tiles along a group's side, at least
MOST_GROUPS: Final = 20  # about; where more would fit, groups are larger
HINT_SCORE: Final = 5.2  # a place that is worth being looked at again
_BINS: Final = SIDE * FINE
_LEAST_SHARE: Final = 0.5  # of a whole tile's pixels, for a group to have a say of its own
_NEAR: Final = 2 * FINE  # bins around the expected place in which a group's own place is sought
_FIT_SCORE: Final = 4.5
_EACH: Final = 16  # pixels of which one tells where the middle of a group is
_POINTS: Final = 32_768  # points placed, and
_GROUPS: Final = 4  # groups compared, at a time, so that both stay in the processor's cache

Plane = NDArray[np.float32]  # levels, places and scores; a bin of a place is kept to a thousandth
Places = NDArray[np.int32]
Spectra = NDArray[np.complex64]


@dataclass(frozen=True, slots=True)
class Mapping:
    """From pixels to tiles: column = x * ux + y * uy + u0, row = x * vx + y * vy + v0."""

    ux: float
    uy: float
    u0: float
    vx: float
    vy: float
    v0: float
    group: int = GROUP  # tiles along a group's side

    @classmethod
    def of(cls, lattice: Lattice, points: Points) -> Mapping:
        """Return the mapping whose steps are those of the lattice, and groups that suit the picture."""
        area = lattice.ax * lattice.by - lattice.ay * lattice.bx
        group = max(GROUP, round(math.sqrt(points.width * points.height / abs(area) / MOST_GROUPS)))
        return cls(
            lattice.by / area, -lattice.bx / area, 0.0, -lattice.ay / area, lattice.ax / area, 0.0, group
        )

    def turned(self) -> Mapping:
        """Return the same lattice seen a quarter turn on."""
        return Mapping(self.vx, self.vy, self.v0, -self.ux, -self.uy, -self.u0, self.group)

    def bins(self, points: Points) -> Iterator[tuple[slice, Places, Places]]:
        """Yield stretches of the points, with the row and column of each in bins, none of them below zero.

        They are counted from the corner of some group of tiles, the same for all stretches.
        """
        down, right = self._along(points)
        for begin in range(0, len(points.x), _POINTS):
            part = slice(begin, begin + _POINTS)
            x, y = points.x[part], points.y[part]
            yield (
                part,
                *((x * along[0] + y * along[1] + along[2]).astype(np.int32) for along in (down, right)),
            )

    def groups(self, points: Points) -> tuple[int, int]:
        """Return how many groups of tiles, down and right, are counted from that corner."""
        corners = np.array([(x, y) for x in (0, points.width) for y in (0, points.height)], dtype=np.float32)
        down, right = (
            int((corners @ along[:2] + along[2]).max()) // (self.group * _BINS) + 1
            for along in self._along(points)
        )
        return down, right

    def _along(self, points: Points) -> tuple[Plane, Plane]:
        """Return both directions in bins, moved by whole groups so that no pixel lies below zero."""

        def moved(x: float, y: float, start: float) -> Plane:
            least = start + min(x * points.width, 0.0) + min(y * points.height, 0.0)
            return np.array([x, y, start - math.floor(least / self.group) * self.group], dtype=np.float32)

        down, right = moved(self.vx, self.vy, self.v0), moved(self.ux, self.uy, self.u0)
        return down * np.float32(_BINS), right * np.float32(_BINS)


@dataclass(frozen=True, slots=True)
class Points:
    """The pixels of a picture that count, those of its paper, one after the other."""

    x: Plane
    y: Plane
    values: NDArray[np.float64]  # their deviations from the background
    width: int  # of the picture
    height: int

    @classmethod
    def of(cls, residual: Residual) -> Points:
        """Return the pixels of a residual that count."""
        y, x = np.nonzero(residual.weights)
        height, width = residual.weights.shape
        values = residual.values[y, x].astype(np.float64)
        return cls(x.astype(np.float32), y.astype(np.float32), values, width, height)


@dataclass(frozen=True, slots=True)
class Templates:
    """The sync of one layout, ready to be compared with folded pictures in the four quarter turns."""

    layout: Layout
    turns: tuple[Spectra, ...]  # the first is upright, each next one seen by a fold that is turned on

    @classmethod
    def of(cls, layout: Layout) -> Templates:
        """Return the templates of a layout."""
        fine = np.kron(layout.sync_pattern(), np.ones((FINE, FINE))).astype(np.float32)
        spectra = [_spectra(np.rot90(fine, -turn)).conj() for turn in range(4)]
        for each in spectra:
            each[0, 0] = 0  # agreement is compared with its own mean
        return cls(layout, tuple(spectra))


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile seen: its chips, its mapping with the phase in it, and how well the sync agrees."""

    chips: NDArray[np.float64]  # SIDE x SIDE
    mapping: Mapping
    score: float


class Folds:
    """A picture folded by groups along one lattice; made once and read with any number of keys."""

    def __init__(self, points: Points, mapping: Mapping) -> None:
        self.points = points
        self.mapping = mapping
        self.groups, self.centres = self._by_groups()
        whole = () if len(self.groups) == 1 else (_even(self.groups.sum(axis=0, keepdims=True)),)
        self.spectra = _spectra(np.concatenate([*whole, _even(self.groups)]))

    def find(self, templates: Templates) -> Tile | None:
        """Return the tile of this layout, if the sync is seen at all."""
        best_score, best_turn, sign = 0.0, 0, 1
        for turn, template in enumerate(templates.turns):
            for begin in range(0, len(self.spectra), _GROUPS):
                scores = _agreement(self.spectra[begin : begin + _GROUPS], template)
                high, low = float(scores.max()), float(scores.min())
                if max(high, -low) > best_score:
                    best_score, best_turn, sign = max(high, -low), turn, 1 if high > -low else -1
        if best_score < HINT_SCORE:
            return None
        mapping = self.mapping
        for _ in range(best_turn):
            mapping = mapping.turned()
        upright = templates.turns[0]
        return self._exact(self._fitted(mapping, best_turn, sign, upright), templates.layout, upright, sign)

    def _by_groups(self) -> tuple[Plane, Plane]:
        """Return sums and weights for each group, (n, 2, bins, bins), and the groups' middles in pixels."""
        down, across = self.mapping.groups(self.points)
        count, side = down * across, self.mapping.group
        place = np.empty(len(self.points.x), dtype=np.int64)
        for part, v, u in self.mapping.bins(self.points):
            tile_v, tile_u = v // _BINS, u // _BINS
            group = tile_v // side * across + tile_u // side
            place[part] = (group * _BINS + v - tile_v * _BINS) * _BINS + u - tile_u * _BINS
        stacked = _folded(place, self.points, count)
        size = stacked[:, 1].sum(axis=(1, 2), dtype=np.float64)
        some = place[::_EACH] // _BINS**2
        number = np.maximum(np.bincount(some, minlength=count), 1)
        middle_x = np.bincount(some, self.points.x[::_EACH], count) / number
        middle_y = np.bincount(some, self.points.y[::_EACH], count) / number
        area = 1 / abs(self.mapping.ux * self.mapping.vy - self.mapping.uy * self.mapping.vx)
        keep = size > _LEAST_SHARE * area
        if not keep.any():
            keep = size >= size.max()
        return stacked[keep], np.stack([middle_x, middle_y], axis=1).astype(np.float32)[keep]

    def _fitted(self, mapping: Mapping, turn: int, sign: int, template: Spectra) -> Mapping:
        """Return the mapping with what the groups tell about their places taken into account."""
        upright = np.rot90(_even(self.groups), turn, axes=(1, 2)) * np.float32(sign)
        maps = _agreement(_spectra(upright), template)  # colours may have been inverted
        first = int(maps.max(axis=(1, 2)).argmax())
        home = np.array(np.unravel_index(int(maps[first].argmax()), maps[first].shape), dtype=np.float64)
        places, offsets, weights = [], [], []
        for scores, centre in zip(maps, self.centres, strict=True):
            row, column, score = _near(scores, home)
            if score >= _FIT_SCORE:
                places.append((1.0, *centre))
                offsets.append((row - home[0], column - home[1]))
                weights.append(score)
        v0, u0 = home / _BINS
        base = replace(mapping, u0=mapping.u0 - u0, v0=mapping.v0 - v0)
        if len(places) < 4:  # noqa: PLR2004 - three numbers are wanted, and one to check
            return base
        scale = np.array(weights)[:, None]
        terms, _, rank, _ = np.linalg.lstsq(np.array(places) * scale, np.array(offsets) * scale, rcond=None)
        if rank < 3:  # noqa: PLR2004
            return base
        (dv0, du0), (dvx, dux), (dvy, duy) = terms / _BINS
        return replace(
            base,
            ux=base.ux - dux,
            uy=base.uy - duy,
            u0=base.u0 - du0,
            vx=base.vx - dvx,
            vy=base.vy - dvy,
            v0=base.v0 - dv0,
        )

    def _exact(self, mapping: Mapping, layout: Layout, template: Spectra, sign: int) -> Tile:
        """Fold once more, all at once, correct the phase, and average what lies in each chip."""
        place = np.empty(len(self.points.x), dtype=np.int64)
        for part, v, u in mapping.bins(self.points):
            place[part] = v % _BINS * _BINS + u % _BINS
        folded = _folded(place, self.points, 1)
        folded[:, 0] *= sign
        (scores,) = _agreement(_spectra(_even(folded)), template)
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        phased = np.roll(folded[0], (-int(row), -int(column)), axis=(1, 2)).astype(np.float64)
        chips = phased.reshape(2, SIDE, FINE, SIDE, FINE).sum(axis=(2, 4))
        values = chips[0] / np.maximum(chips[1], 1e-9)
        values -= values.mean()
        final = replace(mapping, u0=mapping.u0 - column / _BINS, v0=mapping.v0 - row / _BINS)
        return Tile(values, final, layout.sync_score(values))


def _folded(place: NDArray[np.int64], points: Points, count: int) -> Plane:
    """Return the sums and the numbers of the points by place, (count, 2, bins, bins)."""
    sums = np.bincount(place, points.values, count * _BINS * _BINS)
    numbers = np.bincount(place, minlength=count * _BINS * _BINS)
    shape = (count, _BINS, _BINS)
    return np.stack([each.reshape(shape).astype(np.float32) for each in (sums, numbers)], axis=1)


def _even(folded: Plane) -> Plane:
    """Return, for each group, the mean of each bin, zero where nothing fell."""
    sums, weights = folded[:, 0], folded[:, 1]
    filled = weights > 0
    values = sums / np.maximum(weights, np.float32(1e-9))
    number = np.maximum(filled.sum(axis=(1, 2), keepdims=True), 1)
    values = values - values.sum(axis=(1, 2), keepdims=True) / number.astype(np.float32)
    most = 2 * weights.mean(axis=(1, 2), keepdims=True) + np.float32(1e-9)
    evened: Plane = values * np.sqrt(np.minimum(weights, most))  # zero, too, where nothing fell
    return evened


def _agreement(spectra: Spectra, template: Spectra) -> Plane:
    """Return, for each group and shift, by how many standard deviations the sync agrees."""
    scores = np.fft.irfft2(spectra * template, (_BINS, _BINS)).astype(np.float32, copy=False)
    deviation = np.sqrt(np.einsum("gij,gij->g", scores, scores) / np.float32(_BINS**2))
    scores /= (deviation + np.float32(1e-12))[:, None, None]
    return scores


def _spectra(folded: Plane) -> Spectra:
    """Return the spectra of folds, in single precision, which numpy keeps and does not say."""
    return np.fft.rfft2(folded).astype(np.complex64, copy=False)


def _near(scores: Plane, home: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return (row, column, score) of the best place near the expected one; the tile is a ring both ways."""
    reach = range(-_NEAR, _NEAR + 1)
    rows = (int(home[0]) + np.array(reach)) % _BINS
    columns = (int(home[1]) + np.array(reach)) % _BINS
    patch = scores[np.ix_(rows, columns)]
    row, column = divmod(int(patch.argmax()), len(reach))
    return home[0] - _NEAR + row, home[1] - _NEAR + column, float(patch.max())
