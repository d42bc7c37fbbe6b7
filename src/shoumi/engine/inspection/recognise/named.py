"""Finds what a word announces: names of people, addresses, accounts without a form of their own, marks.

Source: the entries of the packs with the ways `named`, `person`, `address` and `marking`. All words of all
kinds are looked for at once; in tables the head of a column announces each of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from shoumi.engine.inspection.normalise import table_of
from shoumi.engine.inspection.recognise.addresses import Addresses
from shoumi.engine.inspection.recognise.codes import Digits
from shoumi.engine.inspection.recognise.context import Context, Hits
from shoumi.engine.inspection.recognise.entries import Catalogue, Kind
from shoumi.engine.inspection.recognise.expressions import spans_of
from shoumi.engine.inspection.recognise.markings import marked
from shoumi.engine.inspection.recognise.people import Surnames, before_word, behind_word, is_name
from shoumi.engine.inspection.recognise.words import Words, compile_words

WAYS: Final = frozenset({"named", "person", "address", "marking"})
_BETWEEN: Final = re.compile(
    r"(?:号码|号|账号|帳號|番号|ID|id|No\.?)?[ \t]{0,3}[:：=是为はが]?[ \t\"“「'(（]{0,3}"
)
_NUMBERED: Final = {  # what follows the number of a house
    "cn": table_of({"号弄栋幢楼室单": 1}),
    "jp": table_of({"丁番号-の": 1}),
}
_FIRST_CJK: Final = 0x3040  # kana and behind
_LONGEST_CELL: Final = 120


@dataclass(frozen=True)
class Trails:
    """The kinds that words lead to, with their words compiled."""

    kinds: tuple[Kind, ...]
    words: Words
    addresses: dict[str, Addresses]
    surnames: dict[str, Surnames]
    forms: dict[str, re.Pattern[str]]  # of what is named, by kind

    def find(self, context: Context, digits: Digits) -> Iterator[Hits]:
        """Yield what was found of each kind."""
        stretch, seen = context.stretch, context.seen
        for kind in self.kinds:
            if kind.way == "marking":
                pairs = [(end - len(word), end) for word in kind.words for end in seen.get(word, ())]
                yield marked(stretch, kind, *spans_of(sorted(pairs)))
            elif kind.way == "address":
                yield self._addresses(context, digits, kind, seen)
            else:
                yield self._announced(context, kind, seen)

    def _announced(self, context: Context, kind: Kind, seen: dict[str, list[int]]) -> Hits:
        text = context.stretch.text
        found: dict[tuple[int, int], str] = {}
        for form in sorted(kind.forms.keys() & seen.keys(), key=len, reverse=True):
            spans = (self._behind(kind, text, end) for end in seen[form])
            found |= {span: kind.forms[form] for span in spans if span and span not in found}
        for word in (word for word in kind.behind if word in seen):
            names = self.surnames[kind.pack]
            spans = (before_word(kind, names, text, end - len(word)) for end in seen[word])
            found |= {span: word for span in spans if span and span not in found}
        for start, cell, word in _cells(context, kind):
            span = start, start + len(cell)
            if span not in found and self._is_whole(kind, cell):
                found[span] = word
        return _hits(kind, found)

    def _behind(self, kind: Kind, text: str, end: int) -> tuple[int, int] | None:
        if kind.way == "person":
            return behind_word(kind, self.surnames[kind.pack], text, end)
        between = _BETWEEN.match(text, end)
        start = between.end() if between else end
        found = self.forms[kind.id].match(text, start)
        return found.span() if found else None

    def _is_whole(self, kind: Kind, cell: str) -> bool:
        if kind.way == "person":
            return is_name(kind, self.surnames[kind.pack], cell)
        return self.forms[kind.id].fullmatch(cell) is not None

    def _addresses(self, context: Context, digits: Digits, kind: Kind, seen: dict[str, list[int]]) -> Hits:
        stretch, addresses = context.stretch, self.addresses[kind.pack]
        runs = digits.runs
        following = stretch.codes[np.minimum(runs.ends, len(stretch.codes) - 1)]
        numbered = _NUMBERED[kind.pack].take(following) > 0
        numbered &= stretch.codes[np.maximum(runs.starts - 1, 0)] >= _FIRST_CJK
        anchors = {int(end) for end in runs.ends[numbered]}
        for place in addresses.places:
            anchors |= {end - 1 for end in seen.get(place, ())}
        text = stretch.text
        found = dict.fromkeys(addresses.find(text, sorted(anchors)), "")
        for start, cell, _word in _cells(context, kind):
            end = start + len(cell)
            if addresses.is_address(cell):
                found = {span: why for span, why in found.items() if span[1] <= start or span[0] >= end}
                found[start, end] = ""
        return context.settle(kind, *spans_of(sorted(found)))


def _cells(context: Context, kind: Kind) -> Iterator[tuple[int, str, str]]:
    """Yield start and text of each cell in the columns of `kind`, with the word of the head."""
    text = context.stretch.text
    for starts, ends, word in context.cells(kind):
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            cell = text[start:end] if end - start <= _LONGEST_CELL else ""
            bare = cell.strip(' "\r')
            if bare:
                yield start + cell.index(bare), bare, word


def _hits(kind: Kind, found: dict[tuple[int, int], str]) -> Hits:
    ordered = sorted(found)
    words = np.array([found[span] for span in ordered], object)
    return Hits(kind, *spans_of(ordered), words)


def compile_trails(kinds: tuple[Kind, ...], addresses: dict[str, Addresses], catalogue: Catalogue) -> Trails:
    """Return the trails of `kinds`; work: some tenths of a second."""
    led = tuple(kind for kind in kinds if kind.way in WAYS)
    words = {
        form
        for kind in kinds
        if (kind in led and kind.way != "address") or kind.needs_context
        for form in kind.forms
    } | {word for kind in led for word in kind.behind}
    for kind in led:
        if kind.way == "address":
            words |= set(addresses[kind.pack].places)
    forms = {kind.id: re.compile(f"(?:{kind.pattern})(?![A-Za-z0-9])") for kind in led if kind.way == "named"}
    surnames = {pack: Surnames(names, catalogue.nouns[pack]) for pack, names in catalogue.surnames.items()}
    return Trails(led, compile_words(words), addresses, surnames, forms)
