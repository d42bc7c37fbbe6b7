"""Finds the codes of a fixed form: identity numbers, cards, phones, passports, in runs of digits.

Source: the entries of the packs with the ways `code`, `mixed` and `iban`. Everything is done for all
candidates at once: form, grouping, check, and that it is not a piece of something longer. Context is
`context`'s task.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Codes, Places, edges_of
from shoumi.engine.inspection.recognise.checks import CHECKS
from shoumi.engine.inspection.recognise.entries import Kind
from shoumi.engine.inspection.recognise.letters import MARGIN, OTHER, Bools, Bytes
from shoumi.engine.inspection.recognise.runs import (
    Candidates,
    Runs,
    candidates,
    compact,
    groupings,
    runs_in,
    stands_free,
)
from shoumi.engine.inspection.recognise.stretch import DIGIT, FLAGS, JOINT, LETTER, WORD, Stretch

Spans = tuple[Places, Places]
_LABEL: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,12}\Z")
_LONGEST_LABEL: Final = 13
_SEPARATORS_IN_MIXED: Final = 8
_LONGEST_HOUSE: Final = 5  # digits of its number
_GROUP: Final = 4  # digits that a mixed code begins with
_ASKED: Final = (10, 13)  # places within every mixed code; at the second a date has the end of its hour
_NONE: Final = np.zeros(0, np.int64)
_NOT: Final = np.zeros(0, np.bool_)

# ISO 13616 register: length by country
_IBAN: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 "
    "EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
    "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 "
    "NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 "
    "TN24 TR26 UA29 VA22 VG24 XK20 "
)
_IBAN_LENGTHS: Final = np.zeros(1 << 16, np.int64)
for _country in _IBAN.split():
    _IBAN_LENGTHS[ord(_country[0]) * 256 + ord(_country[1])] = int(_country[2:])


@dataclass(frozen=True)
class Digits:
    """A stretch with its runs of digits, and what codes of some kinds could be made of."""

    stretch: Stretch
    kinds: tuple[Kind, ...]

    @cached_property
    def runs(self) -> Runs:
        """All runs of digits."""
        return runs_in(self.stretch)

    @cached_property
    def followed(self) -> tuple[Places, Codes]:
        """The runs behind which a hyphen stands or a letter beyond ASCII, and that one, as written.

        Blanks may stand on both sides of short runs.
        """
        runs = self.runs
        apart = (runs.behind == ord(" ")) & ((runs.ahead == ord(" ")) | (runs.ahead >= OTHER))
        apart &= runs.lengths <= _LONGEST_HOUSE
        some = (apart | (runs.behind >= OTHER) | (runs.behind == ord("-"))).nonzero()[0]
        return some, self.stretch.letters.codes.take(runs.ends[some] + apart[some] + MARGIN)

    @cached_property
    def _all(self) -> tuple[Candidates, Places]:
        """What has as many digits as some code wants, and how many."""
        layouts = {layout for kind in self.kinds if kind.way == "code" for layout in _layouts(kind)}
        return candidates(self.runs, {count for _before, count, _behind in layouts})

    @cached_property
    def _bare(self) -> tuple[Candidates, Places, Bools]:
        """Of all those that may be a code without a letter, and which of them touch nothing."""
        found, counts = self._all
        free = stands_free(self.stretch, self.runs, found)
        kept = free.copy()
        others = (~free).nonzero()[0]
        kept[others] = _touched(self.stretch, found.where(others))
        return found.where(kept), counts[kept], free[kept]

    @cached_property
    def _framed(self) -> dict[tuple[int, int, int], _Framed | None]:
        return {}

    def framed(self, layout: tuple[int, int, int]) -> _Framed | None:
        """Return what has so many digits, with so many letters at both ends; read once for all kinds."""
        if layout not in self._framed:
            self._framed[layout] = self._read(*layout)
        return self._framed[layout]

    @cached_property
    def _counts(self) -> dict[int, slice]:
        """Where the candidates with so many digits are among all."""
        return _alike(self._all[1])

    @cached_property
    def _bare_counts(self) -> dict[int, slice]:
        """The same among those without letters."""
        return _alike(self._bare[1])

    def _read(self, before: int, count: int, behind: int) -> _Framed | None:
        some = self._counts.get(count)
        if some is None:
            return None
        pure = not before and not behind
        if pure:
            bare = self._bare_counts.get(count, slice(0))
            found, free = self._bare[0].where(bare), self._bare[2][bare]
        else:
            found = _with_letters(self.stretch, self._all[0].where(some), before, behind)
            free = stands_free(self.stretch, self.runs, found) if len(found) else _NOT
        if not len(found):
            return None
        touched = ~free if pure else _touched(self.stretch, found)
        length = before + count + behind
        letters = compact(self.stretch, found.starts, found.ends, length, digits=pure)
        groups = groupings(self.runs, found)
        return _Framed(found, letters, free, touched, groups, bool(groups.any()))


@dataclass(frozen=True, slots=True)
class _Framed:
    """Candidates of one layout."""

    found: Candidates
    letters: Bytes  # a row each
    free: Bools
    touched: Bools  # by a letter before them and nothing behind
    groups: Places  # how their digits are grouped; 0: not at all
    grouped: bool  # whether some are


def _alike(counts: Places) -> dict[int, slice]:
    """Return where each count stands among `counts`, ascending."""
    return {int(counts[first]): slice(first, last) for first, last in pairwise(edges_of(counts))}


def _with_letters(stretch: Stretch, found: Candidates, before: int, behind: int) -> Candidates:
    """Return the candidates with as many letters at both ends; these may touch more letters."""
    good = np.ones(len(found), np.bool_)
    for step in range(before):
        good &= (stretch.flags_at(found.starts - 1 - step) & LETTER) > 0
    for step in range(behind):
        good &= (stretch.flags_at(found.ends + step) & LETTER) > 0
    found = found.where(good)
    return Candidates(found.first, found.last, found.starts - before, found.ends + behind)


def _layouts(kind: Kind) -> tuple[tuple[int, int, int], ...]:
    assert kind.shape is not None  # noqa: S101 - the loader saw to it
    return kind.shape.layouts


def find_codes(digits: Digits, kind: Kind) -> Spans:
    """Return where codes of `kind` stand."""
    starts, ends = _NONE, _NONE
    for layout in _layouts(kind):
        framed = digits.framed(layout)
        good = _fitting(digits.stretch, kind, framed) if framed else _NONE
        if framed and len(good):
            starts = np.concatenate([starts, framed.found.starts[good]])
            ends = np.concatenate([ends, framed.found.ends[good]])
    return starts, ends


def _fitting(stretch: Stretch, kind: Kind, framed: _Framed) -> Places:
    """Return the numbers of the candidates that are codes of `kind`."""
    assert kind.shape is not None  # noqa: S101 - see above
    good = framed.free | framed.touched if kind.labels else framed.free
    at = (good & kind.shape.fits_layout(framed.letters)).nonzero()[0]
    if len(at) and kind.groups is not None and framed.grouped:
        known = np.array([0, *kind.groups])
        at = at[(framed.groups[at, None] == known).any(axis=1)]
    if not len(at):
        return at
    if kind.check:
        at = at[CHECKS[kind.check](framed.letters[at])]
    if kind.labels and not framed.free[at].all():
        at = at[_labelled(stretch, kind, framed.found.where(at), framed.free[at])]
    return at


def _touched(stretch: Stretch, found: Candidates) -> Bools:
    """Return which candidates touch a letter before them and nothing behind."""
    touching = (stretch.flags_at(found.starts - 1) & LETTER) > 0
    return touching & ((stretch.flags_at(found.ends) & WORD) == 0)


def _labelled(stretch: Stretch, kind: Kind, found: Candidates, free: Bools) -> Bools:
    """Return which candidates touch a word that names them, as in `tel13800000000`."""
    good = free.copy()
    for at in (~free).nonzero()[0]:
        start = int(found.starts[at])
        before = stretch.rows(np.array([start - _LONGEST_LABEL]), _LONGEST_LABEL).tobytes().decode("latin-1")
        label = _LABEL.search(before)
        good[at] = label is not None and label[0].lower() in kind.labels
    return good


def find_mixed(digits: Digits, kind: Kind) -> Spans:
    """Return where codes stand that mix letters and digits, from the first digit of a word on."""
    assert kind.shape is not None  # noqa: S101 - the loader saw to it
    stretch, starts, lengths = digits.stretch, digits.runs.starts, digits.runs.lengths
    (length,) = kind.shape.lengths
    long = lengths >= kind.shape.leading
    kept = (long | ((lengths >= _GROUP) & (digits.runs.joints > 0))).nonzero()[0]
    ahead = digits.runs.ahead[kept]
    apart = (FLAGS.take(ahead) & WORD) == 0
    kept, ahead = kept[apart], ahead[apart]
    starts, joints = starts[kept], digits.runs.joints[kept]
    ends = (stretch.flags_at(starts + length) & WORD) == 0
    fresh = ((joints > 0) | ends) & kind.shape.begins.take(stretch.at(starts))
    fresh &= (ahead != ord(".")) | ((stretch.flags_at(starts - 2) & DIGIT) == 0)
    whole = starts[fresh & ends & long[kept]]
    if len(whole):
        rows = compact(stretch, whole, whole + length, length)
        good = kind.shape.fits(rows)
        good[good] = CHECKS[kind.check](rows[good])
        whole = whole[good]
    parted = starts[fresh & (joints > 0)]
    first, last = _windows(stretch, kind, parted, np.full(len(parted), length))
    split = last - first > length
    return np.concatenate([whole, first[split]]), np.concatenate([whole + length, last[split]])


def find_iban(digits: Digits, kind: Kind) -> Spans:
    """Return where account numbers of ISO 13616 stand, as long as their country wants."""
    stretch, runs = digits.stretch, digits.runs
    led = ((FLAGS.take(runs.ahead) & LETTER) > 0).nonzero()[0]
    starts = runs.starts[led[runs.lengths[led] > 1]] - 2
    if not len(starts):
        return _NONE, _NONE
    capitals = compact(stretch, starts, starts + 2, 2).astype(np.int64)
    wanted = _IBAN_LENGTHS.take(capitals[:, 0] * 256 + capitals[:, 1])
    good = (wanted > 0) & (starts >= 0) & ((stretch.flags_at(starts - 1) & WORD) == 0)
    return _windows(stretch, kind, starts[good], wanted[good])


def _windows(stretch: Stretch, kind: Kind, starts: Places, lengths: Places) -> Spans:
    """Return which starts begin a code of so many letters and digits, in groups or not."""
    for step in _ASKED:  # of most something else stands there
        kept = (stretch.flags_at(starts + step) & (WORD | JOINT)) > 0
        starts, lengths = starts[kept], lengths[kept]
    if not len(starts):
        return _NONE, _NONE
    rows = stretch.rows(starts, int(lengths.max()) + _SEPARATORS_IN_MIXED)
    word = (FLAGS.take(rows) & WORD) > 0
    counted = np.cumsum(np.ascontiguousarray(word.T), axis=0, dtype=np.uint8)  # over all rows in each step
    widths = np.argmax(counted == lengths, axis=0) + 1
    inside = np.arange(rows.shape[1]) < widths[:, None]
    joint = (rows == ord(" ")) | (rows == ord("-"))
    good = (widths >= lengths) & (word | joint | ~inside).all(axis=1)
    good &= ~(joint[:, 1:] & joint[:, :-1] & inside[:, 1:]).any(axis=1)
    starts, lengths, widths = starts[good], lengths[good], widths[good]
    good = (stretch.flags_at(starts + widths) & WORD) == 0
    good &= (stretch.at(starts - 1) != ord(".")) | ((stretch.flags_at(starts - 2) & DIGIT) == 0)
    starts, lengths, ends = starts[good], lengths[good], (starts + widths)[good]
    kept = np.zeros(len(starts), np.bool_)
    for length in np.unique(lengths):
        at = (lengths == length).nonzero()[0]
        letters = compact(stretch, starts[at], ends[at], int(length))
        kept[at] = CHECKS[kind.check](letters)
        if kind.shape is not None:
            kept[at] &= kind.shape.fits(letters)
        kept[at] &= (ends[at] - starts[at] == length) | ((FLAGS[letters] & LETTER) > 0).any(axis=1)
    return starts[kept], ends[kept]
