"""Runs of digits in a stretch, and what a code could be made of: one run, or several with separators between.

Source: own.  All with numpy over the whole stretch; work: about three passes over the bytes, then a few array
steps for each length that some code has.  Says nothing about what the digits mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.stretch import (
    BRACKET,
    DIGIT,
    FLAGS,
    JOINT,
    LETTER,
    MARK,
    WORD,
    Bools,
    Bytes,
    Stretch,
)

MOST_GROUPS: Final = 6
_WIDEST_GAP: Final = 3
_HYPHEN, _DOT, _PLUS = ord("-"), ord("."), ord("+")


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of digits of a stretch."""

    starts: Places
    ends: Places
    before: Places  # digits of all runs before this one; one longer than the others
    joints: Bytes  # the separator between a run and the next one; 0: something else stands there
    joined_before: Places  # how many of the gaps before are separators

    @property
    def lengths(self) -> Places:
        """How long each run is."""
        return self.ends - self.starts


@dataclass(frozen=True, slots=True)
class Candidates:
    """Runs that together have a wanted number of digits."""

    first: Places  # numbers of runs
    last: Places
    starts: Places  # places of codes
    ends: Places

    def where(self, kept: Bools) -> Candidates:
        """Return some of them."""
        return Candidates(self.first[kept], self.last[kept], self.starts[kept], self.ends[kept])

    def __len__(self) -> int:
        return len(self.first)


def runs_in(stretch: Stretch) -> Runs:
    """Return the runs of digits."""
    digit = np.zeros(len(stretch.projection) + 2, np.bool_)
    np.less(stretch.projection - np.uint8(ord("0")), 10, out=digit[1:-1])
    edges = np.flatnonzero(digit[1:] != digit[:-1])
    starts, ends = edges[::2], edges[1::2]
    before = np.concatenate([[0], np.cumsum(ends - starts)])
    joints = _joints(stretch, starts, ends)
    joined = np.concatenate([[0], np.cumsum(joints > 0)])
    return Runs(starts, ends, before, joints, joined)


def _joints(stretch: Stretch, starts: Places, ends: Places) -> Bytes:
    joints = np.zeros(len(starts), np.uint8)
    if not len(starts):
        return joints
    gaps = starts[1:] - ends[:-1]
    near = np.flatnonzero(gaps <= _WIDEST_GAP)
    signs = stretch.at(ends[near, None] + np.arange(_WIDEST_GAP))
    inside = np.arange(_WIDEST_GAP) < gaps[near, None]
    flags = FLAGS[signs]
    fits = ((flags & (JOINT | BRACKET)) > 0) | ~inside
    bracket: Bools = np.asarray((((flags & BRACKET) > 0) & inside).any(axis=1))
    good: Bools = np.asarray(fits.all(axis=1) & ((gaps[near] == 1) | bracket))
    joints[near[good]] = np.where(bracket[good], ord("("), signs[good, 0])
    return joints


def candidates(runs: Runs, digits: int) -> Candidates:
    """Return the runs, alone or joined by separators, that have `digits` digits together."""
    alone = np.flatnonzero(runs.lengths == digits)
    first = np.flatnonzero((runs.joints > 0) & (runs.lengths < digits))
    wanted = runs.before[first] + digits
    behind = np.searchsorted(runs.before, wanted)
    near = (behind < len(runs.before)) & (behind - first <= MOST_GROUPS)
    first, wanted, behind = first[near], wanted[near], behind[near]
    last = behind - 1
    good = (runs.before[behind] == wanted) & (
        runs.joined_before[last] - runs.joined_before[first] == last - first
    )
    first, last = np.concatenate([alone, first[good]]), np.concatenate([alone, last[good]])
    return Candidates(first, last, runs.starts[first], runs.ends[last])


def stands_free(stretch: Stretch, runs: Runs, found: Candidates) -> Bools:
    """Return which candidates are not a piece of a longer number, word or part number."""
    free = np.ones(len(found), np.bool_)
    alone = found.first == found.last
    inner = runs.joints[found.first]
    for step, edge in ((-1, found.starts - 1), (1, found.ends)):
        beside, beyond = stretch.at(edge), stretch.flags_at(edge + step)
        free &= (FLAGS[beside] & (WORD | MARK)) == 0
        free &= ~((beside == _DOT) & ((beyond & DIGIT) > 0))
        free &= ~(alone & (beside == _HYPHEN) & ((beyond & WORD) > 0))
    left = np.where(found.first > 0, runs.joints[found.first - 1], 0)
    right = np.where(found.last + 1 < len(runs.starts), runs.joints[found.last], 0)
    return free & (alone | ((left != inner) & (right != inner)))


def compact(stretch: Stretch, starts: Places, ends: Places, length: int) -> Bytes:
    """Return `length` letters and digits of each place, without what stands between them; NUL where fewer."""
    if not len(starts):
        return np.zeros((0, length), np.uint8)
    width = int((ends - starts).max())
    rows = stretch.rows(starts, width)
    if width > length:
        inside = np.arange(width) < (ends - starts)[:, None]
        kept = ((FLAGS[rows] & WORD) > 0) & inside
        order = np.argsort(~kept, axis=1, kind="stable")[:, :length]
        rows = np.where(np.take_along_axis(kept, order, axis=1), np.take_along_axis(rows, order, axis=1), 0)
    lower = (FLAGS[rows] & LETTER & 2) > 0
    return np.where(lower, rows - np.uint8(32), rows)


def groupings(runs: Runs, found: Candidates) -> Places:
    """Return how the digits of each candidate are grouped, as a number in the system of base 32."""
    numbers = np.zeros(len(found), np.int64)
    lengths = runs.lengths
    for step in range(MOST_GROUPS):
        at = found.first + step
        inside = at <= found.last
        numbers[inside] = numbers[inside] * 32 + lengths[at[inside]]
    return numbers


def grouping_number(groups: tuple[int, ...]) -> int:
    """Return the number that `groupings` gives for these groups."""
    number = 0
    for group in groups:
        number = number * 32 + group
    return number
