"""What is left of a picture once text, pictures and shading are taken away: the faint mark and noise.

Pure arithmetic on arrays of grey levels; knows neither keys nor files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

_QUIET_LEVELS: Final = 13.0  # a patch of 5 x 5 pixels with a wider range holds text, at least
_QUIET_TIMES: Final = 2.5  # ... or this many times the usual range, in noisy pictures
_USUAL: Final = 20  # per cent of the patches are at most so uneven; even dense text leaves as much paper
_BACKGROUND: Final = 12  # pixels around a pixel that make its background
_CLIP_TIMES: Final = 3.0  # a pixel counts for at most this many times the usual deviation


@dataclass(frozen=True, slots=True)
class Residual:
    """The deviation of each pixel from its background, and how much it counts (0 or 1)."""

    values: Grey
    weights: Grey


def residual_of(grey: Grey) -> Residual:
    """Return what is left of `grey` (0 to 255) without text, edges and shading."""
    spread = _range5(grey)
    usual = float(np.percentile(spread[::3, ::3], _USUAL))
    quiet = (spread <= max(_QUIET_LEVELS, _QUIET_TIMES * usual)).astype(np.float32)
    total = box_sum(quiet, _BACKGROUND)
    background = box_sum(grey * quiet, _BACKGROUND) / np.maximum(total, 1)
    quiet *= total >= _BACKGROUND
    values = (grey - background) * quiet
    counted = np.abs(values[quiet > 0])
    limit = _CLIP_TIMES * max(float(counted.mean()) if counted.size else 0.0, 0.5)
    return Residual(np.clip(values, -limit, limit), quiet)


def box_sum(values: Grey, radius: int) -> Grey:
    """Return for each pixel the sum over the `2 * radius + 1` pixels square around it, cut at the border."""
    return _sums(_sums(values.T, radius).T, radius)


def _sums(values: Grey, radius: int) -> Grey:
    """Return the sums along the rows."""
    length = values.shape[1]
    sums = np.zeros((values.shape[0], length + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    upper = np.minimum(np.arange(length) + radius + 1, length)
    lower = np.maximum(np.arange(length) - radius, 0)
    result: Grey = (sums[:, upper] - sums[:, lower]).astype(np.float32)
    return result


def _range5(grey: Grey) -> Grey:
    """Return the range of the grey levels in the 5 x 5 pixels around each pixel."""
    high = low = np.pad(grey, 2, mode="edge")
    for axis in (0, 1):
        high = _slide(high, axis, np.maximum)
        low = _slide(low, axis, np.minimum)
    return high - low


def _slide(values: Grey, axis: int, choose: np.ufunc) -> Grey:
    """Return the extreme of five neighbours along an axis; the result is four shorter."""
    length = values.shape[axis]
    index = [slice(None), slice(None)]

    def part(array: Grey, begin: int, end: int) -> Grey:
        index[axis] = slice(begin, end)
        return array[tuple(index)]

    two: Grey = choose(part(values, 0, length - 1), part(values, 1, length))
    four: Grey = choose(part(two, 0, length - 3), part(two, 2, length - 1))
    five: Grey = choose(part(four, 0, length - 4), part(values, 4, length))
    return five
