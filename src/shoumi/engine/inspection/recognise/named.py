"""Finds what a word announces: names of people, addresses, accounts without a form of their own, marks.

Source: the entries of the packs with the ways `named`, `person`, `address` and `marking`. All words of all
kinds are looked for at once; in tables the head of a column announces each of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import Codes, Places, fold_table, table_of
from shoumi.engine.inspection.recognise.addresses import Addresses
from shoumi.engine.inspection.recognise.codes import Digits
from shoumi.engine.inspection.recognise.context import Context, Hits
from shoumi.engine.inspection.recognise.entries import Catalogue, Kind
from shoumi.engine.inspection.recognise.expressions import spans_of
from shoumi.engine.inspection.recognise.letters import Bools
from shoumi.engine.inspection.recognise.markings import marked
from shoumi.engine.inspection.recognise.people import (
    LOOK_BEFORE,
    NEAR,
    Finder,
    Surnames,
    before_word,
    behind_word,
    is_name,
    looks_behind,
)

WAYS: Final = frozenset({"named", "person", "address", "marking"})
_BETWEEN: Final = re.compile(
    r"(?:号码|号|账号|帳號|番号|ID|id|No\.?)?[ \t]{0,3}[:：=是为はが]?[ \t\"“「'(（]{0,3}"
)
_PASSED_BY: Final = "号码账帳號番 \t是为はが“「：（"  # the letters of `_BETWEEN` that are not plain
_PLAIN_ONES: Final = "".join(map(chr, range(0x21, 0x7F)))
_PASSED: Final = table_of({_PASSED_BY: 1}) > 0
_PLAIN: Final = table_of({_PLAIN_ONES: 1}) > 0
LEADING_ON: Final = _PASSED_BY + _PLAIN_ONES  # what stands behind a word that names something
_NOWHERE: Final = np.zeros(0, np.int64)
_NUMBERED: Final = {"cn": "号號弄栋幢楼室单", "jp": "丁番号-の"}  # what follows the number of a house
_FIRST_CJK: Final = 0x3040  # kana and behind
_LONGEST_NAMED: Final = 96
_FARTHEST: Final = 12  # characters from a word to what it names


Span = tuple[int, int]


@dataclass(frozen=True)
class Trails:
    """The kinds that words lead to."""

    kinds: tuple[tuple[int, Kind], ...]  # each with its number
    addresses: dict[str, Addresses]
    surnames: dict[str, Surnames]
    forms: dict[str, re.Pattern[str]]  # of what is named, by kind

    def find(self, context: Context, digits: Digits, seen: dict[str, Places]) -> Iterator[Hits]:
        """Yield what was found of each kind; for addresses nothing has spoken yet."""
        stretch = context.stretch
        for number, kind in self.kinds:
            if kind.way == "address":
                spans = self._addresses(context, digits, (number, kind), seen)
                if spans:
                    yield Hits.of(number, *spans_of(spans))
            elif kind.way == "marking":
                pairs = [
                    (end - len(form), end)
                    for form in kind.forms
                    if form in seen
                    for end in seen[form].tolist()
                ]
                if pairs:
                    yield marked(stretch, kind, Hits.of(number, *spans_of(sorted(pairs))))
            elif context.names(number) or not seen.keys().isdisjoint((*kind.forms, *kind.behind)):
                yield self._announced(context, (number, kind), seen)

    def _announced(self, context: Context, numbered: tuple[int, Kind], seen: dict[str, Places]) -> Hits:
        number, kind = numbered
        found: dict[tuple[int, int], str] = {}
        forms = sorted(kind.forms.keys() & seen.keys(), key=lambda form: (-len(form), form))
        if forms:
            words = np.repeat(np.arange(len(forms)), [len(seen[form]) for form in forms])
            for at, span in self._behind(context, kind, np.concatenate([seen[form] for form in forms])):
                found.setdefault(span, kind.forms[forms[words[at]]])
        titles = [word for word in kind.behind if word in seen]
        if titles:
            words = np.repeat(np.arange(len(titles)), [len(seen[word]) for word in titles])
            starts = np.concatenate([seen[word] - len(word) for word in titles])
            for at, span in self._before(context, kind, starts):
                found.setdefault(span, titles[words[at]])
        for start, cell, word in context.cells(number):
            if self._is_whole(kind, cell):
                found.setdefault((start, start + len(cell)), word)
        ordered = sorted(found)
        told = context.spoken.numbers(found[span] for span in ordered)
        return Hits(np.full(len(ordered), number), *spans_of(ordered), told, told > 0)

    def _behind(self, context: Context, kind: Kind, ends: Places) -> Iterator[tuple[int, Span]]:
        """Yield what the words before these places name, each with the number of the place."""
        if kind.way == "person":
            surnames = self.surnames[kind.pack]
            behind = _Window(0, looks_behind(kind), NEAR, lambda codes: surnames.may_begin(kind, codes))
            return behind.found(context, ends, behind_word(kind, surnames))
        form = self.forms[kind.id]

        def named(text: str, at: int) -> Span | None:
            between = _BETWEEN.match(text, at)
            found = form.match(text, between.end() if between else at)
            return found.span() if found else None

        return _Window(0, _LONGEST_NAMED, _FARTHEST, _leads_to_plain).found(context, ends, named)

    def _before(self, context: Context, kind: Kind, starts: Places) -> Iterator[tuple[int, Span]]:
        """Yield the names that bear the titles behind these places, each with the number of the place."""
        surnames = self.surnames[kind.pack]
        before = _Window(LOOK_BEFORE, 0, LOOK_BEFORE, lambda codes: surnames.may_end(kind, codes))
        return before.found(context, starts, before_word(kind, surnames))

    def _is_whole(self, kind: Kind, cell: str) -> bool:
        if kind.way == "person":
            return is_name(kind, self.surnames[kind.pack], cell)
        return self.forms[kind.id].fullmatch(cell) is not None

    def _addresses(
        self, context: Context, digits: Digits, numbered: tuple[int, Kind], seen: dict[str, Places]
    ) -> list[tuple[int, int]]:
        number, kind = numbered
        stretch, addresses = context.stretch, self.addresses[kind.pack]
        runs, (followed, codes) = digits.runs, digits.followed
        houses = followed[_numbered(kind.pack).take(codes)]
        last, before = stretch.folded(runs.starts[houses] - 2, 2).T
        before = np.where(before == ord(" "), last, before)
        named = np.sort(
            np.concatenate([_NOWHERE, *(seen[place] - 1 for place in addresses.places if place in seen)])
        )
        found = addresses.find(stretch, runs.ends[houses[before >= _FIRST_CJK]], named)
        for start, cell, _word in context.cells(number):
            end = start + len(cell)
            if addresses.is_address(cell):
                found = [span for span in found if span[1] <= start or span[0] >= end]
                found.append((start, end))
        return sorted(found)


@dataclass(frozen=True, slots=True)
class _Window:
    """How far around a place is read."""

    before: int
    behind: int
    asked: int  # how many characters tell whether something may stand there
    may: Callable[[Codes], Bools]  # in which of such windows

    def found(
        self,
        context: Context,
        places: Places,
        find: Finder,
    ) -> Iterator[tuple[int, Span]]:
        """Yield what `find` finds at the places, each with the number of its place."""
        starts = places - self.before
        some = self.may(context.stretch.folded(starts, self.asked)).nonzero()[0]
        width = self.before + self.behind + 1
        codes = context.stretch.folded(starts[some], width)
        codes[:, -1] = 0
        text = codes.tobytes().decode("utf-16-le")
        for row, (number, start) in enumerate(zip(some.tolist(), starts[some].tolist(), strict=True)):
            span = find(text[row * width : (row + 1) * width], self.before)
            if span:
                yield number, (span[0] + start, span[1] + start)


def _leads_to_plain(codes: Codes) -> Bools:
    """Return behind which words something plain stands, as all that is named begins with.

    Nothing but what `_BETWEEN` passes over stands before it.
    """
    open_ = np.ones(codes.shape, np.bool_)
    open_[:, 1:] = np.logical_and.accumulate(_PASSED.take(codes[:, :-1]), axis=1)
    return np.asarray((_PLAIN.take(codes) & open_).any(axis=1))


@cache
def _numbered(pack: str) -> Bools:
    """Return of which codes, as written, what follows the number of a house begins."""
    folded = table_of({_NUMBERED[pack]: 1}) > 0
    return np.asarray(folded.take(fold_table()))


def compile_trails(kinds: tuple[Kind, ...], addresses: dict[str, Addresses], catalogue: Catalogue) -> Trails:
    """Return the trails of `kinds`; work: some tenths of a second."""
    led = tuple((number, kind) for number, kind in enumerate(kinds) if kind.way in WAYS)
    forms = {
        kind.id: re.compile(f"(?:{kind.pattern})(?![A-Za-z0-9])", re.ASCII)
        for _, kind in led
        if kind.way == "named"
    }
    surnames = {
        pack: Surnames(names, catalogue.nouns[pack], catalogue.endings[pack])
        for pack, names in catalogue.surnames.items()
    }
    return Trails(led, addresses, surnames, forms)


def short_words(kinds: tuple[Kind, ...], addresses: dict[str, Addresses]) -> set[str]:
    """Return the words of one letter that lead to something behind them and to nothing else."""
    named = tuple(kind for kind in kinds if kind.way == "named")
    words = {form for kind in named for form in kind.forms if len(form) == 1}
    return words - leading_words(tuple(kind for kind in kinds if kind not in named), addresses)


def leading_words(kinds: tuple[Kind, ...], addresses: dict[str, Addresses]) -> set[str]:
    """Return the words that lead to something of `kinds`."""
    words: set[str] = set()
    for kind in kinds:
        if kind.way == "address":
            words.update(addresses[kind.pack].places)
        elif kind.way in WAYS:
            words.update(kind.forms, kind.behind)
    return words
