"""Runs of digits in a stretch, and what a code could be made of: one run, or several with separators between.

Source: own.  All with numpy over the whole stretch; work: about three passes over the bytes, then a few array
steps for each length that some code has.  Says nothing about what the digits mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Places, true_places
from shoumi.engine.inspection.recognise.letters import Bools, Bytes
from shoumi.engine.inspection.recognise.stretch import (
    BRACKET,
    CAPITALS,
    DIGIT,
    FLAGS,
    JOINT,
    MARK,
    WORD,
    Stretch,
)

MOST_GROUPS: Final = 6
_WIDEST_GAP: Final = 3
_PARTS: Final = (FLAGS & (WORD | MARK)) == 0  # what may stand beside a code
_JOINTS: Final = np.where(  # the separator that a sign between two runs is
    (FLAGS & BRACKET) > 0, ord("("), np.where((FLAGS & JOINT) > 0, np.arange(256), 0)
).astype(np.uint8)
_HYPHEN, _DOT, _PLUS = ord("-"), ord("."), ord("+")


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs of digits of a stretch."""

    starts: Places
    ends: Places
    lengths: Places
    before: Places  # digits of all runs before this one; one longer than the others
    ahead: Bytes  # the sign before each run
    behind: Bytes  # the sign behind it
    joints: Bytes  # the separator between a run and the next one; 0: something else stands there


@dataclass(frozen=True, slots=True)
class Candidates:
    """Runs that together have a wanted number of digits."""

    first: Places  # numbers of runs
    last: Places
    starts: Places  # places of codes
    ends: Places

    def where(self, kept: Bools | Places | slice) -> Candidates:
        """Return some of them."""
        return Candidates(self.first[kept], self.last[kept], self.starts[kept], self.ends[kept])

    def __len__(self) -> int:
        return len(self.first)


def runs_in(stretch: Stretch) -> Runs:
    """Return the runs of digits."""
    digit = np.empty(stretch.length + 2, np.bool_)
    digit[[0, -1]] = False
    np.less(stretch.projection - np.uint8(ord("0")), 10, out=digit[1:-1])
    edges = true_places(digit[1:] ^ digit[:-1])
    starts, ends = edges[::2].copy(), edges[1::2].copy()
    lengths, ahead, behind = ends - starts, stretch.at(starts - 1), stretch.at(ends)
    before = np.concatenate([[0], np.cumsum(lengths)])
    return Runs(starts, ends, lengths, before, ahead, behind, _joints(stretch, starts, ends, behind))


def _joints(stretch: Stretch, starts: Places, ends: Places, behind: Bytes) -> Bytes:
    joints = np.zeros(len(starts), np.uint8)
    gaps = starts[1:] - ends[:-1]
    first = _JOINTS.take(behind[:-1])
    joints[:-1] = first * (gaps == 1)
    wide = ((first > 0) & (gaps > 1) & (gaps <= _WIDEST_GAP)).nonzero()[0]
    flags = stretch.flags_at(ends[wide, None] + np.arange(_WIDEST_GAP))
    inside = np.arange(_WIDEST_GAP) < gaps[wide, None]
    fits = (((flags & (JOINT | BRACKET)) > 0) | ~inside).all(axis=1)
    bracket = (((flags & BRACKET) > 0) & inside).any(axis=1)
    joints[wide[fits & bracket]] = ord("(")
    return joints


def candidates(runs: Runs, digits: Iterable[int]) -> tuple[Candidates, Places]:
    """Return what has one of so many `digits`, runs alone or joined by separators; how many, ascending."""
    most = max(digits, default=0)
    wanted = np.zeros(most + 2, np.bool_)
    wanted[list(digits)] = True
    alone = wanted.take(runs.lengths, mode="clip").nonzero()[0]
    firsts, lasts = [alone], [alone]
    first = last = (runs.joints > 0).nonzero()[0]
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
    order = np.argsort(total.astype(np.uint16), kind="stable")  # of so few bits it is sorted by counting
    first, last = first[order], last[order]
    return Candidates(first, last, runs.starts[first], runs.ends[last]), total[order]


def stands_free(stretch: Stretch, runs: Runs, found: Candidates) -> Bools:
    """Return which candidates are not a piece of a longer number, word or part number."""
    free = np.ones(len(found), np.bool_)
    alone = found.first == found.last
    inner = runs.joints[found.first]
    for step, edge in ((-1, found.starts - 1), (1, found.ends)):
        beside = stretch.at(edge)
        free &= _PARTS.take(beside)
        joined = ((beside == _DOT) | (alone & (beside == _HYPHEN))).nonzero()[0]
        beyond = stretch.flags_at(edge[joined] + step)
        free[joined] &= (beyond & np.where(beside[joined] == _DOT, DIGIT, WORD)) == 0
    left = np.where(found.first > 0, runs.joints[found.first - 1], 0)
    right = np.where(found.last + 1 < len(runs.starts), runs.joints[found.last], 0)
    return free & (alone | ((left != inner) & (right != inner)))


def compact(stretch: Stretch, starts: Places, ends: Places, length: int, *, digits: bool = False) -> Bytes:
    """Return the `length` letters and digits of each place as capitals, without what stands between them.

    With `digits` there are no letters among them.
    """
    rows = stretch.rows(starts, length)
    spread = (ends - starts != length).nonzero()[0]
    if len(spread):
        steps = np.arange(int((ends[spread] - starts[spread]).max()))
        wide = stretch.at(starts[spread, None] + steps)
        kept = ((FLAGS.take(wide) & WORD) > 0) & (steps < (ends - starts)[spread, None])
        rows[spread] = wide[kept].reshape(-1, length)
    columns = np.ascontiguousarray(rows.T)  # they lie together: steps go over all rows
    return columns.T if digits else CAPITALS.take(columns).T


def groupings(runs: Runs, found: Candidates) -> Places:
    """Return how the digits of each candidate are grouped, as a number of base 32; 0: not at all."""
    numbers = np.zeros(len(found), np.int64)
    joined = (found.first != found.last).nonzero()[0]
    at, last = found.first[joined], found.last[joined]
    for _step in range(MOST_GROUPS):
        if not len(joined):
            break
        numbers[joined] = numbers[joined] * 32 + (runs.ends[at] - runs.starts[at])
        at += 1
        inside = at <= last
        joined, at, last = joined[inside], at[inside], last[inside]
    return numbers


def grouping_number(groups: tuple[int, ...]) -> int:
    """Return the number that `groupings` gives for these groups."""
    number = 0
    for group in groups:
        number = number * 32 + group
    return number
