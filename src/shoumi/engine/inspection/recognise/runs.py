"""Runs of digits in a stretch, and what a code could be made of: one run, or several with separators between.

Source: own.  All with numpy over the whole stretch; work: about three passes over the bytes, then a few array
steps for each length that some code has.  Says nothing about what the digits mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.letters import Bools, Bytes
from shoumi.engine.inspection.recognise.stretch import (
    BRACKET,
    DIGIT,
    FLAGS,
    JOINT,
    LOWER,
    MARK,
    WORD,
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

    def where(self, kept: Bools | Places) -> Candidates:
        """Return some of them."""
        return Candidates(self.first[kept], self.last[kept], self.starts[kept], self.ends[kept])

    def __len__(self) -> int:
        return len(self.first)


def runs_in(stretch: Stretch) -> Runs:
    """Return the runs of digits."""
    digit = np.zeros(stretch.length + 2, np.bool_)
    np.less(stretch.projection - np.uint8(ord("0")), 10, out=digit[1:-1])
    edges = np.flatnonzero(digit[1:] != digit[:-1])
    starts, ends = edges[::2], edges[1::2]
    before = np.concatenate([[0], np.cumsum(ends - starts)])
    return Runs(starts, ends, before, _joints(stretch, starts, ends))


def _joints(stretch: Stretch, starts: Places, ends: Places) -> Bytes:
    joints = np.zeros(len(starts), np.uint8)
    gaps = starts[1:] - ends[:-1]
    single = np.flatnonzero(gaps == 1)
    signs = stretch.at(ends[single])
    flags = FLAGS.take(signs)
    joints[single] = np.where((flags & BRACKET) > 0, ord("("), np.where((flags & JOINT) > 0, signs, 0))
    wide = np.flatnonzero((gaps > 1) & (gaps <= _WIDEST_GAP))
    flags = stretch.flags_at(ends[wide, None] + np.arange(_WIDEST_GAP))
    inside = np.arange(_WIDEST_GAP) < gaps[wide, None]
    fits = (((flags & (JOINT | BRACKET)) > 0) | ~inside).all(axis=1)
    bracket = (((flags & BRACKET) > 0) & inside).any(axis=1)
    joints[wide[fits & bracket]] = ord("(")
    return joints


def candidates(runs: Runs, digits: Iterable[int]) -> dict[int, Candidates]:
    """Return for each number of `digits` what has so many: runs alone, or joined by separators."""
    most = max(digits, default=0)
    wanted = np.zeros(most + 2, np.bool_)
    wanted[list(digits)] = True
    alone = np.flatnonzero(wanted.take(runs.lengths, mode="clip"))
    firsts, lasts = [alone], [alone]
    first = last = np.flatnonzero(runs.joints > 0)
    for _group in range(1, MOST_GROUPS):
        last = last + 1
        total = runs.before[last + 1] - runs.before[first]
        good = wanted.take(total, mode="clip")
        firsts.append(first[good])
        lasts.append(last[good])
        further = (runs.joints[last] > 0) & (total < most)
        first, last = first[further], last[further]
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    total = runs.before[last + 1] - runs.before[first]
    order = np.argsort(total, kind="stable")
    first, last, total = first[order], last[order], total[order]
    found = {}
    for count in digits:
        low, high = np.searchsorted(total, (count, count + 1))
        some, end = first[low:high], last[low:high]
        found[count] = Candidates(some, end, runs.starts[some], runs.ends[end])
    return found


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
    rows = stretch.rows(starts, length)
    spread = np.flatnonzero(ends - starts != length)
    if len(spread):
        width = int((ends[spread] - starts[spread]).max())
        wide = stretch.rows(starts[spread], width)
        kept = ((FLAGS.take(wide) & WORD) > 0) & (np.arange(width) < (ends - starts)[spread, None])
        order = np.argsort(~kept, axis=1, kind="stable")[:, :length]
        letters = np.take_along_axis(wide, order, axis=1) * np.take_along_axis(kept, order, axis=1)
        rows[spread] = 0
        rows[spread, : letters.shape[1]] = letters
    return rows - ((FLAGS.take(rows) & LOWER) << 4)  # 32 from small letters to capitals


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
