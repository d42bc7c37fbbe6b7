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

from shoumi.engine.inspection.normalise import Places, edges_of
from shoumi.engine.inspection.recognise.cells import Cells, cells_of
from shoumi.engine.inspection.recognise.entries import Catalogue, Kind
from shoumi.engine.inspection.recognise.letters import MARGIN, Bools
from shoumi.engine.inspection.recognise.stretch import Stretch
from shoumi.engine.inspection.recognise.surroundings import Surroundings, surroundings
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
    words: Surroundings  # a group for each kind that is weighed, then the words that name other numbers
    weighed: Bools  # of each kind: whether its surroundings are asked here, and not by its finder
    needing: Bools
    weak: tuple[tuple[int, re.Pattern[bytes]], ...]  # forms of some kinds that need it, by number
    doubtful: Bools

    @staticmethod
    def of(kinds: tuple[Kind, ...], catalogue: Catalogue) -> Weights:
        """Return the weights of `kinds`."""
        weighed = [_is_weighed(kind) for kind in kinds]
        words = [kind.words if asked else () for kind, asked in zip(kinds, weighed, strict=True)]
        return Weights(
            kinds,
            catalogue.against,
            surroundings([*words, catalogue.other_words]),
            np.array(weighed, np.bool_),
            np.array([kind.needs_context for kind in kinds], np.bool_),
            tuple((number, re.compile(kind.weak.encode())) for number, kind in enumerate(kinds) if kind.weak),
            np.array([kind.doubtful for kind in kinds], np.bool_),
        )


@dataclass(frozen=True)
class Context:
    """A stretch seen by what surrounds each place."""

    stretch: Stretch
    weights: Weights
    spoken: Spoken

    def _cells(self, numbers: Sequence[int]) -> Cells:
        """Return the cells of the tables of these ascending numbers."""
        begins = self.stretch.begins_folded
        spans = [(int(begins[number]), self._end(number)) for number in numbers]
        told = [self.stretch.pieces.tables[number] for number in numbers]
        return cells_of(self.stretch.letters.signs[MARGIN:], spans, told)

    @cached_property
    def _announced_cells(self) -> Cells:
        """The cells of the tables whose heads name some kind."""
        return self._cells(sorted({number for of_kind in self._announced.values() for number, *_ in of_kind}))

    def settle(self, hits: Hits) -> Hits:
        """Return the hits that their surroundings leave, each with the word that spoke for it."""
        weights = self.weights
        weighed = weights.weighed[hits.kinds]
        if not weighed.any():
            return hits
        at = slice(None) if weighed.all() else weighed.nonzero()[0]
        kinds, starts, ends = hits.kinds[at], hits.starts[at], hits.ends[at]
        words = np.zeros(len(kinds), np.int64)
        backed, refused = np.zeros(len(kinds), np.bool_), np.zeros(len(kinds), np.bool_)
        pieces = self.stretch.piece_at(starts)
        lowest = self.stretch.begins_folded[pieces]
        if self.stretch.pieces.tables:
            self._ask_heads((kinds, starts, pieces), lowest, words, (backed, refused))
        open_ = (~backed & ~refused).nonzero()[0]
        for first in range(0, len(open_), _AT_ONCE):
            some = open_[first : first + _AT_ONCE]
            found, against = self._look_around(kinds[some], starts[some], ends[some], lowest[some])
            words[some], backed[some], refused[some] = found, found > 0, against
        refused |= weights.needing[kinds] & ~backed
        for number, weak in weights.weak:
            for which in ((kinds == number) & ~backed & ~refused).nonzero()[0].tolist():
                code = weak.fullmatch(self.stretch.projection.data, int(starts[which]), int(ends[which]))
                refused[which] = code is not None
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
        tables[list(self.stretch.pieces.tables)] = True
        inside = tables[pieces].nonzero()[0]
        if not len(inside):
            return
        columns, lowest[inside] = self._cells(np.unique(pieces[inside]).tolist()).columns(starts[inside])
        keys = pieces[inside] * len(self.weights.kinds) + kinds[inside]
        short = keys.astype(np.uint16) if len(tables) * len(self.weights.kinds) < 1 << 16 else keys
        order = np.argsort(short, kind="stable")  # of so few bits they are sorted by counting
        inside, columns, keys = inside[order], columns[order], keys[order]
        for some in _alike(keys):
            number, kind = divmod(int(keys[some.start]), len(self.weights.kinds))
            its, (named, other) = inside[some], self._heads(number)[kind]
            if named is not None:
                words[its] = found = self.spoken.numbers(named).take(columns[some], mode="clip")
                backed[its] = found > 0
            if other is not None and self.weights.doubtful[kind]:
                refused[its] = other.take(columns[some], mode="clip")

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

    def _heads(self, number: int) -> tuple[tuple[Names | None, Bools | None], ...]:
        return _named(self.weights, self.stretch.pieces.tables[number].heads)

    @cached_property
    def _announced(self) -> dict[int, list[tuple[int, int, str]]]:
        """For each kind that heads of columns name the pieces, columns and words."""
        announced: dict[int, list[tuple[int, int, str]]] = {}
        for number, table in self.stretch.pieces.tables.items():
            for kind, column, word in _announcing(self.weights, table.heads):
                announced.setdefault(kind, []).append((number, column, word))
        return announced

    def names(self, kind: int) -> bool:
        """Return whether the head of some column names the kind of this number."""
        return kind in self._announced

    def cells(self, kind: int) -> Iterator[tuple[int, str, str]]:
        """Yield start and text of each cell in the columns whose head names `kind`, with the word."""
        for number, column, word in self._announced.get(kind, ()):
            begin, text = int(self.stretch.begins_folded[number]), self._text(number)
            starts, ends = self._announced_cells.of_column(column, begin, self._end(number))
            skipped = int(number in self.stretch.pieces.headed)
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


def _alike(keys: Places) -> Iterator[slice]:
    """Return the stretches of equal ones among `keys`, ascending."""
    edges = edges_of(keys)
    return map(slice, edges, edges[1:])


@lru_cache(maxsize=4096)
def _named(weights: Weights, heads: tuple[str, ...]) -> tuple[tuple[Names | None, Bools | None], ...]:
    """Return for each kind the words in the heads that name it, and which heads name another number.

    None where no head does.
    """
    against = [weights.against.search(text) is not None for text in heads]
    told = []
    for kind in weights.kinds:
        found = [kind.head.search(text) for text in heads]
        named: Names = np.full(len(heads), "", object)
        named[:] = [match[0] if match else "" for match in found]
        other = [match is None and is_other for match, is_other in zip(found, against, strict=True)]
        told.append((named if any(found) else None, np.array(other, np.bool_) if any(other) else None))
    return tuple(told)


@lru_cache(maxsize=4096)
def _announcing(weights: Weights, heads: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Return the kinds that `heads` name, each with column and word."""
    return [
        (kind, column, str(named[column]))
        for kind, (named, _other) in enumerate(_named(weights, heads))
        if named is not None
        for column in (named != "").nonzero()[0].tolist()
    ]
