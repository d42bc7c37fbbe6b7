"""Finds how a repeated tile lies in a picture, its period and turn, without knowing the tile.

A pattern that repeats agrees with itself when shifted by its period: the autocorrelation of the residual has
peaks on a square lattice.  The spectrum is made even before (whitened), so that pictures and lines of text do
not drown the peaks.  Gives candidates only; whether one is ours is decided by `folding`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.marking.tiles.residual import Residual, box_sum

Plane = NDArray[np.float64]

SHORTEST: Final = 70.0  # pixels; below, a chip is about one pixel and nothing is left of it
LONGEST: Final = 620.0
CANDIDATES: Final = 10
LEAST_SCORE: Final = 5.0

_EVEN: Final = 9  # frequencies around one that make its neighbourhood
_ENOUGH: Final = 40.0  # a single peak counts for at most so much: lines of text agree one way, and strongly
_CAP: Final = 25.0  # a single frequency counts for at most this many times its neighbourhood
_NEARER: Final = 0.01  # score that a pixel of length costs: of a lattice and its multiples the first is meant
_EACH: Final = 3  # shifts of which one tells what chance does
_FAR: Final = 5  # periods that are looked at to make the first one precise


@dataclass(frozen=True, slots=True)
class Lattice:
    """Two steps, in pixels, that carry the pattern onto itself; `b` is about a quarter turn on from `a`."""

    ax: float
    ay: float
    bx: float
    by: float
    score: float  # standard deviations of chance

    @property
    def period(self) -> float:
        """The length of a step in pixels."""
        return math.sqrt(abs(self.ax * self.by - self.ay * self.bx))

    @property
    def turn(self) -> float:
        """The angle of the first step in degrees, modulo the quarter turn that the lattice cannot tell."""
        return math.degrees(math.atan2(self.ay, self.ax))


def lattices(residual: Residual) -> list[Lattice]:
    """Return the likeliest lattices, best first; none when nothing is left of the picture at all."""
    if not residual.values.any():
        return []
    scores = _autocorrelation(residual)
    found: list[Lattice] = []
    for x, y in _peaks(scores):
        lattice = _refined(scores, x, y)
        if all(math.hypot(lattice.ax - each.ax, lattice.ay - each.ay) > 3 for each in found):  # noqa: PLR2004
            found.append(lattice)
    return found


def _autocorrelation(residual: Residual) -> Plane:
    """Return the agreement for each shift, in standard deviations; no shift is in the middle."""
    height, width = residual.values.shape
    reach = int(LONGEST * 1.5)
    shape = (_fast(height + min(height, reach)), _fast(width + min(width, reach)))
    spectrum = np.fft.rfft2(residual.values, shape)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    around = box_sum(power, _EVEN) / (2 * _EVEN + 1) ** 2
    power = np.minimum(power / np.maximum(around, around.mean() * 1e-4), _CAP)
    plane = np.fft.irfft2(power, shape)
    down, right = min(reach, height * 3 // 4), min(reach, width * 3 // 4)
    plane = np.roll(plane, (down, right), axis=(0, 1))[: 2 * down + 1, : 2 * right + 1]
    overlap_y = 1 - np.abs(np.arange(-down, down + 1)) / height
    overlap_x = 1 - np.abs(np.arange(-right, right + 1)) / width
    plane = plane / np.sqrt(overlap_y[:, None] * overlap_x[None, :])
    plane -= np.median(plane[::_EACH, ::_EACH])
    evened: Plane = plane / (np.median(np.abs(plane[::_EACH, ::_EACH])) * 1.4826 + 1e-12)
    return evened


def _peaks(scores: Plane) -> list[tuple[int, int]]:
    """Return shifts (x, y) to the right half-plane whose whole square of shifts agrees, best first."""
    down, right = scores.shape[0] // 2, scores.shape[1] // 2
    reach = int(min(LONGEST, math.hypot(down, right)))
    capped = np.minimum(scores, _ENOUGH)
    y, x = np.mgrid[-reach : reach + 1, 0 : reach + 1]
    length = np.hypot(x, y)
    wanted = (length >= SHORTEST) & (length <= LONGEST) & (x > 0) & (y > -x) & (y <= x)
    x, y = x[wanted], y[wanted]

    def at(dx: NDArray[np.int64], dy: NDArray[np.int64]) -> NDArray[np.float64]:
        inside = (np.abs(dx) <= right) & (np.abs(dy) <= down)
        values = capped[np.where(inside, dy + down, 0), np.where(inside, dx + right, 0)]
        return np.where(inside, values, 0.0)

    total = (at(x, y) + at(-y, x) + at(x - y, y + x) + at(x + y, y - x)) / 2
    worth = np.flatnonzero(total >= LEAST_SCORE)
    order = worth[np.argsort(_NEARER * length[wanted][worth] - total[worth])[: 400 * CANDIDATES]]
    chosen: list[tuple[int, int]] = []
    for index in order:
        if len(chosen) == CANDIDATES:
            break
        if all(abs(int(x[index]) - cx) > 4 or abs(int(y[index]) - cy) > 4 for cx, cy in chosen):  # noqa: PLR2004
            chosen.append((int(x[index]), int(y[index])))
    return chosen


def _refined(scores: Plane, x: int, y: int) -> Lattice:
    """Return the lattice of a shift, made precise by the peaks of its multiples."""
    steps = np.array([[x, y], [-y, x]], dtype=np.float64)
    for _ in range(2):
        rows, targets, weights = [], [], []
        for i in range(_FAR + 1):
            for j in range(-_FAR, _FAR + 1):
                if (i, j) <= (0, 0):
                    continue
                expected = np.array([i, j]) @ steps
                peak = _peak_near(scores, expected, 3 if max(abs(i), abs(j)) == 1 else 2)
                if peak is not None:
                    rows.append((i, j))
                    targets.append(peak[:2])
                    weights.append(min(peak[2], 20.0) if max(abs(i), abs(j)) > 1 else 20.0)
        if len(rows) < 2:  # noqa: PLR2004 - two steps are wanted
            break
        scale = np.sqrt(np.array(weights))[:, None]
        steps, _, rank, _ = np.linalg.lstsq(np.array(rows) * scale, np.array(targets) * scale, rcond=None)
        if rank < 2:  # noqa: PLR2004
            steps = np.array([[x, y], [-y, x]], dtype=np.float64)
            break
    (ax, ay), (bx, by) = steps
    score = sum(peak[2] for peak in (_peak_near(scores, each, 2) for each in steps) if peak is not None)
    return Lattice(float(ax), float(ay), float(bx), float(by), float(score))


def _peak_near(scores: Plane, where: NDArray[np.float64], radius: int) -> tuple[float, float, float] | None:
    """Return (x, y, score) of the peak near a shift, between the pixels; None without a clear one."""
    down, right = scores.shape[0] // 2, scores.shape[1] // 2
    cx, cy = round(float(where[0])), round(float(where[1]))
    if abs(cx) > right - radius - 1 or abs(cy) > down - radius - 1:
        return None
    patch = scores[cy + down - radius : cy + down + radius + 1, cx + right - radius : cx + right + radius + 1]
    row, column = divmod(int(patch.argmax()), patch.shape[1])
    py, px = cy - radius + row, cx - radius + column
    value = float(scores[py + down, px + right])
    if value < 4.0:  # noqa: PLR2004 - chance gives this once in some thousand places
        return None
    line_x, line_y = (
        scores[py + down, px + right - 1 : px + right + 2],
        scores[py + down - 1 : py + down + 2, px + right],
    )
    return px + _vertex(line_x), py + _vertex(line_y), value


def _vertex(three: NDArray[np.float64]) -> float:
    """Return where the parabola through three values has its top, from -0.5 to 0.5 around the middle."""
    left, middle, right = (float(each) for each in three)
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else max(-0.5, min(0.5, (left - right) / (2 * bend)))


def _fast(length: int) -> int:
    """Return the next length, at least as great, that has only the factors 2, 3 and 5."""
    while True:
        rest = length
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return length
        length += 1
