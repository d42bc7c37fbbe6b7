"""Weighs what stands around candidates: words that name their kind, in the text or at the head of the column.

Source: the context words of the packs. A word counts within 30 characters before and 12 behind; in a table
only within the row. Words that name other numbers speak against kinds that the pack calls doubtful. All
candidates of all kinds are weighed at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.entries import Catalogue, Kind
from shoumi.engine.inspection.recognise.letters import Bools, Bytes
from shoumi.engine.inspection.recognise.stretch import Stretch
from shoumi.engine.inspection.recognise.surroundings import Surroundings, surroundings
from shoumi.engine.inspection.recognise.tables import Table
from shoumi.engine.inspection.values import FindingKind

Names = NDArray[Any]  # of str; empty: no word
BEFORE: Final = 30
BEHIND: Final = 12
_JUST_BEFORE: Final = 14
_AT_ONCE: Final = 1 << 15
_LONGEST_CELL: Final = 120
_LINE_FEED: Final = np.uint16(ord("\n"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words that have spoken for something, each with its number; 0 is no word."""

    known: dict[str, int] = field(default_factory=lambda: {"": 0})

    @property
    def words(self) -> tuple[str, ...]:
        """The words by their numbers."""
        return tuple(self.known)

    def numbers(self, words: Iterable[str]) -> Places:
        """Return the number of each word; those that are new get one."""
        told = tuple(words)
        for word in dict.fromkeys(told):
            self.known.setdefault(word, len(self.known))
        return np.fromiter(map(self.known.__getitem__, told), np.int64, len(told))


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found in a stretch; of any kinds."""

    kinds: Places  # the number of each one's kind
    starts: Places
    ends: Places
    words: Places  # the number of what spoke for each; 0: nothing did
    backed: Bools  # whether that or the finder raises the score

    @classmethod
    def of(cls, kind: int, starts: Places, ends: Places) -> Hits:
        """Return hits of one kind for which nothing has spoken yet."""
        count = len(starts)
        return cls(np.full(count, kind), starts, ends, np.zeros(count, np.int64), np.zeros(count, np.bool_))

    @classmethod
    def joined(cls, several: Sequence[Hits]) -> Hits:
        """Return all of them."""
        if len(several) == 1:
            return several[0]
        if not several:
            return cls.of(0, np.zeros(0, np.int64), np.zeros(0, np.int64))
        return cls(*(np.concatenate([getattr(hits, name) for hits in several]) for name in cls.__slots__))

    def where(self, kept: NDArray[np.bool_] | Places) -> Hits:
        """Return some of them."""
        return Hits(*(getattr(self, name)[kept] for name in Hits.__slots__))

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, eq=False)
class Weights:
    """What counts for and against some kinds."""

    kinds: tuple[Kind, ...]
    against: re.Pattern[str]
    words: Surroundings  # a group for each kind, then the words that name other numbers
    weighed: Bools  # of each kind: whether its surroundings are asked here, and not by its finder
    needing: Bools
    doubtful: Bools

    @staticmethod
    def of(kinds: tuple[Kind, ...], catalogue: Catalogue) -> Weights:
        """Return the weights of `kinds`."""
        return Weights(
            kinds,
            catalogue.against,
            surroundings([*(kind.words for kind in kinds), catalogue.other_words]),
            np.array([_is_weighed(kind) for kind in kinds], np.bool_),
            np.array([kind.needs_context for kind in kinds], np.bool_),
            np.array([kind.doubtful for kind in kinds], np.bool_),
        )


@dataclass(frozen=True)
class Context:
    """A stretch seen by what surrounds each place."""

    stretch: Stretch
    weights: Weights
    spoken: Spoken

    @cached_property
    def _found(self) -> dict[int, tuple[Places, Places, Places]]:
        return {}

    @cached_property
    def tables(self) -> list[int]:
        """The pieces that are tables."""
        return [number for number, piece in enumerate(self.stretch.pieces) if piece.table]

    def _lines(self, number: int) -> tuple[Places, Places, Places]:
        """Where the lines of a piece that is a table begin, where cells end, how many before each line."""
        if number not in self._found:
            start, end = int(self.stretch.begins_folded[number]), self._end(number)
            signs = self.stretch.projection[start:end]
            lines = np.concatenate([[start], start + 1 + np.flatnonzero(signs == ord("\n"))])
            table = self._table(number)
            cells = start + np.flatnonzero(signs == table.cell_end)
            cells = _unquoted(signs, cells, lines, start) if table.quoted else cells
            self._found[number] = lines, cells, np.searchsorted(cells, lines)
        return self._found[number]

    def settle(self, hits: Hits) -> Hits:
        """Return the hits that their surroundings leave, each with the word that spoke for it."""
        weights = self.weights
        weighed = weights.weighed[hits.kinds]
        if not weighed.any():
            return hits
        at = slice(None) if weighed.all() else np.flatnonzero(weighed)
        kinds, starts, ends = hits.kinds[at], hits.starts[at], hits.ends[at]
        words = np.zeros(len(kinds), np.int64)
        backed, refused = np.zeros(len(kinds), np.bool_), np.zeros(len(kinds), np.bool_)
        pieces = self.stretch.piece_at(starts)
        lowest = self.stretch.begins_folded[pieces]
        if self.tables:
            self._ask_heads((kinds, starts, pieces), lowest, words, (backed, refused))
        open_ = np.flatnonzero(~backed & ~refused)
        for first in range(0, len(open_), _AT_ONCE):
            some = open_[first : first + _AT_ONCE]
            found, against = self._look_around(kinds[some], starts[some], ends[some], lowest[some])
            words[some], backed[some], refused[some] = found, found > 0, against
        refused |= weights.needing[kinds] & ~backed
        hits.words[at], hits.backed[at] = words, backed
        kept = np.ones(len(hits), np.bool_)
        kept[at] = ~refused
        return hits if kept.all() else hits.where(kept)

    def _ask_heads(
        self,
        hits: tuple[Places, Places, Places],
        lowest: Places,
        words: Places,
        settled: tuple[Bools, Bools],
    ) -> None:
        """Ask the heads of columns, and let surroundings begin at the beginning of the row."""
        (kinds, starts, pieces), (backed, refused) = hits, settled
        tables = np.zeros(len(self.stretch.pieces), np.bool_)
        tables[self.tables] = True
        inside = np.flatnonzero(tables[pieces])
        keys = pieces[inside] * len(self.weights.kinds) + kinds[inside]
        short = keys.astype(np.uint16) if len(tables) * len(self.weights.kinds) < 1 << 16 else keys
        order = np.argsort(short, kind="stable")  # of so few bits they are sorted by counting
        inside, keys = inside[order], keys[order]
        for some in _alike(keys):
            its = inside[some]
            number, kind = int(pieces[its[0]]), int(kinds[its[0]])
            columns, lowest[its] = self._columns(number, starts[its])
            named, other = self._heads(number)[kind]
            columns = np.minimum(columns, len(named) - 1)
            words[its] = found = self.spoken.numbers(named).take(columns)
            backed[its] = found > 0
            if self.weights.doubtful[kind] and other.any():
                refused[its] = other.take(columns)

    def _look_around(
        self, kinds: Places, starts: Places, ends: Places, lowest: Places
    ) -> tuple[Places, Bools]:
        """Return for each candidate the number of the word near it, and whether others speak against it."""
        surrounding, weights = self.weights.words, self.weights
        rows = np.zeros((len(starts), BEFORE + 1 + BEHIND + 1), np.uint16)
        before, behind = self.stretch.folded(starts - BEFORE, BEFORE), self.stretch.folded(ends, BEHIND)
        of_row = np.arange(-BEFORE, 0) >= (lowest - starts)[:, None]
        of_line = ~np.logical_or.accumulate(behind == _LINE_FEED, axis=1)
        np.multiply(before, of_row, out=rows[:, :BEFORE])  # what stands elsewhere becomes NUL
        np.multiply(behind, of_line, out=rows[:, BEFORE + 1 : -1])
        rows[:, BEFORE] = _LINE_FEED
        met = surrounding.search(rows)
        own = surrounding.groups[kinds[met.where], met.numbers]
        where, words = surrounding.first(met, own & surrounding.free(met, 0, BEFORE + 1 + BEHIND))
        found = np.zeros(len(starts), np.int64)
        found[where] = self.spoken.numbers(words)
        just = surrounding.free(met, BEFORE - _JUST_BEFORE, BEFORE)
        against = np.zeros(len(starts), np.bool_)
        against[met.where[just & surrounding.groups[-1, met.numbers]]] = True
        against[met.where[just & own]] = False
        return found, against & weights.doubtful[kinds]

    def _table(self, number: int) -> Table:
        table = self.stretch.pieces[number].table
        assert table is not None  # noqa: S101 - only such are in `_tables`
        return table

    def _columns(self, number: int, places: Places) -> tuple[Places, Places]:
        """Return the column of each place in the piece `number`, and where its line begins."""
        lines, cells, first = self._lines(number)
        line = np.searchsorted(lines, places, side="right") - 1
        return np.searchsorted(cells, places) - first[line], lines[line]

    def _heads(self, number: int) -> tuple[tuple[Names, Bools], ...]:
        return _named(self.weights, self._table(number).heads)

    @cached_property
    def _announced(self) -> dict[int, list[tuple[int, int, str]]]:
        """For each kind that heads of columns name the pieces, columns and words."""
        announced: dict[int, list[tuple[int, int, str]]] = {}
        for number in self.tables:
            for kind, column, word in _announcing(self.weights, self._table(number).heads):
                announced.setdefault(kind, []).append((number, column, word))
        return announced

    def names(self, kind: int) -> bool:
        """Return whether the head of some column names the kind of this number."""
        return kind in self._announced

    def cells(self, kind: int) -> Iterator[tuple[int, str, str]]:
        """Yield start and text of each cell in the columns whose head names `kind`, with the word."""
        for number, column, word in self._announced.get(kind, ()):
            starts, ends = _column(*self._lines(number), column, self._end(number))
            skipped = int(self.stretch.pieces[number].first)
            begin, text = int(self.stretch.begins_folded[number]), self._text(number)
            for start, end in zip(starts[skipped:].tolist(), ends[skipped:].tolist(), strict=True):
                cell = text[start - begin : end - begin] if end - start <= _LONGEST_CELL else ""
                bare = cell.strip(' "\r')
                if bare:
                    yield start + cell.index(bare), bare, word

    def _text(self, number: int) -> str:
        """Return the folded text of a piece; places are those of the codes."""
        if number not in self._texts:
            begin = int(self.stretch.begins_folded[number])
            self._texts[number] = self.stretch.text(begin, self._end(number))
        return self._texts[number]

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {}

    def _end(self, number: int) -> int:
        begins = self.stretch.begins_folded
        return int(begins[number + 1]) - 1 if number + 1 < len(begins) else self.stretch.length


def _is_weighed(kind: Kind) -> bool:
    own = kind.finding == FindingKind.MARKING or kind.way in {"named", "person"}
    return not own and bool(kind.words or kind.doubtful or kind.needs_context)


def _unquoted(signs: Bytes, cells: Places, lines: Places, start: int) -> Places:
    """Return the ends of cells that do not stand between quotation marks of their line."""
    marks = np.concatenate([[0], np.cumsum(signs == ord('"'))])
    before = marks[lines[np.searchsorted(lines, cells, side="right") - 1] - start]
    return cells[(marks[cells - start] - before) % 2 == 0]


def _alike(keys: Places) -> Iterator[slice]:
    """Yield the stretches of equal ones among `keys`, ascending."""
    if len(keys):
        edges = [0, *(np.flatnonzero(keys[1:] != keys[:-1]) + 1).tolist(), len(keys)]
        yield from map(slice, edges, edges[1:])


def _column(lines: Places, cells: Places, first: Places, column: int, end: int) -> tuple[Places, Places]:
    """Return where the cells of a column start and end, of all lines that have so many cells."""
    behind = np.append(lines[1:] - 1, end)  # where each line ends
    count = np.searchsorted(cells, behind) - first
    good = count >= column
    first, lines, behind, count = first[good], lines[good], behind[good], count[good]
    padded = np.append(cells, end)
    starts = lines if column == 0 else padded[first + column - 1] + 1
    ends = np.where(count > column, padded[np.minimum(first + column, len(cells))], behind)
    return starts, ends


@lru_cache(maxsize=4096)
def _named(weights: Weights, heads: tuple[str, ...]) -> tuple[tuple[Names, Bools], ...]:
    """Return for each kind the words in the heads that name it, and which heads name another number."""
    against = [weights.against.search(text) is not None for text in heads]
    told = []
    for kind in weights.kinds:
        found = [kind.head.search(text) for text in heads]
        named: Names = np.full(len(heads), "", object)
        named[:] = [match[0] if match else "" for match in found]
        other = [match is None and is_other for match, is_other in zip(found, against, strict=True)]
        told.append((named, np.array(other, np.bool_)))
    return tuple(told)


@lru_cache(maxsize=4096)
def _announcing(weights: Weights, heads: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Return the kinds that `heads` name, each with column and word."""
    return [
        (kind, column, str(named[column]))
        for kind, (named, _other) in enumerate(_named(weights, heads))
        for column in np.flatnonzero(named != "").tolist()
    ]
