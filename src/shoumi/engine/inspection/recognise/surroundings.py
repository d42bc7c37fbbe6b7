"""Finds the context words of many candidates at once: their surroundings become one text, read in one pass.

Source: the context words of the packs. A word is found in any case, with or without the spaces in it, a
short label also where blanks widen it, and plain words only where no letter touches them, as
`entries.words_pattern` describes it; of several the first one counts, and the longest of those. Which places
surround a candidate and what follows from a word is `context`'s task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Final

import hyperscan
import numpy as np

from shoumi.engine.inspection.normalise import Codes, Places, edges_of
from shoumi.engine.inspection.recognise.entries import widened
from shoumi.engine.inspection.recognise.expressions import compiled, scratch_of
from shoumi.engine.inspection.recognise.letters import Bools

_UNIT: Final = 2
_VARYING: Final = re.compile("[A-Za-z ]")  # in any case, with or without a space
_GAP: Final = r"(?:[\x09-\x0d\x1c-\x20_-]\x00|\x85\x00)"  # what may stand between two words of one


@dataclass(frozen=True)
class Surroundings:
    """The words of some groups, compiled."""

    database: hyperscan.Database | None
    sizes: Places  # of each pattern in letters
    ranks: Places  # letters of its word as the pack writes it
    written: tuple[str, ...]  # how each is always written; empty: in more than one way
    plain: Bools  # whether no letter may touch it: at its beginning, at its end
    groups: Bools  # which groups each pattern's word belongs to

    def search(self, rows: Codes) -> Met:
        """Return what words stand in `rows`, each closed by a NUL."""
        if self.database is None or not len(rows):
            nothing = np.zeros(0, np.int64)
            return Met(rows, nothing, nothing, nothing, nothing)
        hits: list[int] = []
        keep = hits.extend

        def take(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            keep((number, end))

        data = np.ascontiguousarray(rows).data.cast("B")
        self.database.scan(data, match_event_handler=take, scratch=scratch_of(self.database))  # type: ignore[type-var]
        numbers, ends = np.array(hits, np.int64).reshape(-1, 2).T
        even = ends % _UNIT == 0
        numbers, ends = numbers[even], ends[even] // _UNIT
        where, ends = np.divmod(ends - 1, rows.shape[1])
        return Met(rows, numbers, where, ends + 1 - self.sizes[numbers], ends + 1)

    def free(self, met: Met, low: int, high: int) -> Bools:
        """Return which words stand within the columns `low` to `high` with no letter beside them there."""
        inside = (met.starts >= low) & (met.ends <= high)
        width = met.rows.shape[1]
        before = met.rows[met.where, np.maximum(met.starts - 1, 0)]
        behind = met.rows[met.where, np.minimum(met.ends, width - 1)]
        inside &= ~(self.plain[met.numbers, 0] & (met.starts > low) & _is_letter(before))
        inside &= ~(self.plain[met.numbers, 1] & (met.ends < high) & _is_letter(behind))
        return inside

    def first(self, met: Met, kept: Bools) -> tuple[Places, list[str]]:
        """Return the rows in which some of the words that are kept stand, and the one that counts of each."""
        where, starts, ends = met.where[kept], met.starts[kept], met.ends[kept]
        width, ranks = met.rows.shape[1], self.ranks[met.numbers[kept]]
        keys = (where * width + starts) * (int(self.ranks.max(initial=0)) + 1) - ranks
        order = np.argsort(keys, kind="stable")  # fast, since they were met in about this order
        chosen = order[edges_of(where[order])[:-1]]
        words = list(map(self.written.__getitem__, met.numbers[kept][chosen].tolist()))
        where, starts, ends = where[chosen], starts[chosen], ends[chosen]
        varying = [at for at, word in enumerate(words) if not word]
        letters = met.rows[where[varying]].tobytes().decode("utf-16-le", "replace")
        spans = zip(varying, starts[varying].tolist(), ends[varying].tolist(), strict=True)
        for row, (at, start, end) in enumerate(spans):
            words[at] = letters[width * row + start : width * row + end]
        return where, words


@dataclass(frozen=True, slots=True)
class Met:
    """The words that stand in some rows, by number of the pattern."""

    rows: Codes
    numbers: Places
    where: Places  # the row
    starts: Places  # columns
    ends: Places


def surroundings(groups: Iterable[Iterable[str]]) -> Surroundings:
    """Return the words of `groups`; work: some hundredths of a second."""
    told = [frozenset(words) for words in groups]
    patterns: list[bytes] = []
    sizes: list[int] = []
    words: list[str] = []
    for word in sorted({word for group in told for word in group}):
        pieces = word.split(" ")
        for gaps in product((False, True), repeat=len(pieces) - 1):
            spelled = _spelled(pieces[0])
            for gap, piece in zip(gaps, pieces[1:], strict=True):
                spelled += (_GAP if gap else "") + _spelled(piece)
            patterns.append(spelled.encode())
            sizes.append(sum(map(len, pieces)) + sum(gaps))
            words.append(word)
        for wide in widened(word):
            patterns.append(_spelled(wide).encode())
            sizes.append(len(wide))
            words.append(word)
    database = compiled(patterns, [hyperscan.HS_FLAG_DOTALL] * len(patterns)) if patterns else None
    plain = [
        [word[0].isascii() and word[0].isalnum(), word[-1].isascii() and word[-1].isalnum()] for word in words
    ]
    return Surroundings(
        database,
        np.array(sizes, np.int64),
        np.array([len(word) for word in words], np.int64),
        tuple("" if _VARYING.search(word) else word for word in words),
        np.array(plain, np.bool_).reshape(-1, 2),
        np.array([[word in group for word in words] for group in told], np.bool_).reshape(len(told), -1),
    )


def _spelled(word: str) -> str:
    """Return an expression over the bytes of codes, for plain letters in any case."""
    return "".join(
        f"[{letter.lower()}{letter.upper()}]\\x00"
        if letter.isascii() and letter.isalpha()
        else "".join(f"\\x{byte:02x}" for byte in letter.encode("utf-16-le"))
        for letter in word
    )


def _is_letter(codes: Codes) -> Bools:
    lowered = codes | np.uint16(0x20)
    return np.asarray((lowered >= ord("a")) & (lowered <= ord("z")))
