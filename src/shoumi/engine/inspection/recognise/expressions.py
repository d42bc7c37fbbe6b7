"""Finds what regular expressions describe: tokens, keys, passwords in connection strings, plain marks.

Source: the entries of the packs with the way `expression`. Hyperscan finds where one may begin, over one
byte a character, and the words of a dictionary in the same pass; Python's `re` then reads it, and the check
asks whether it is random enough to be a secret. Matches touch no letter or digit that is not theirs. Compiled
once per process.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Final

import hyperscan
import numpy as np

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise.entries import Kind
from shoumi.engine.inspection.recognise.stretch import FLAGS, WORD, Stretch
from shoumi.engine.inspection.recognise.words import Words

_REPEAT: Final = re.compile(r"(\[(?:\\.|[^\]])+\]|\\?.)\{(\d+)(?:,(\d*))?\}")
_OPENED: Final = re.compile(r"(?<!\\)\((?!\?[a-z]+\))")  # not `(?i)`, not `\(`
_CLOSED: Final = re.compile(r"(?<!\\)(?<!\(\?i)\)")
_ENOUGH: Final = 6  # characters of a token behind its beginning
_PLACE: Final = 40  # bits of a place
_SAYS_LITTLE: Final = re.compile(r"[a-z]{0,5}[:/]+")
_FAR: Final = 20  # characters between a word and its value
_PLACEHOLDER: Final = re.compile(
    rb"example|sample|placeholder|changeme|change_me|your[-_ ]?|dummy|redacted|x{5,}|\*{3,}|\.{3,}|0{8,}"
    rb"|1234567|abcdefg|^\$|^<|^%|^\{|^process\.env|^os\.environ|^getenv|^none$|^null$|^true$|^false$|^password$",
    re.IGNORECASE,
)
_local: Final = threading.local()


@dataclass(frozen=True)
class Found:
    """What one pass over a stretch found."""

    words: dict[str, Places]  # for each word that occurs, the places behind it, ascending
    expressions: dict[int, list[tuple[int, int]]]  # by number of the kind


@dataclass(frozen=True)
class Expressions:
    """The expressions of some kinds and the words of a dictionary, compiled as one."""

    kinds: tuple[Kind, ...]
    readers: tuple[re.Pattern[bytes], ...]
    words: Words
    database: hyperscan.Database | None

    def find(self, stretch: Stretch) -> Found:
        """Return where words and what the kinds describe stand."""
        if self.database is None:
            return Found({}, {})
        hits: list[int] = []
        keep, few = hits.extend, len(self.kinds)

        def take(number: int, start: int, end: int, _flags: int, _context: object) -> None:
            keep((number, start if number < few else end))

        data = stretch.projection.data
        self.database.scan(data, match_event_handler=take, scratch=scratch_of(self.database))  # type: ignore[type-var]
        numbers, places = np.array(hits, np.int64).reshape(-1, 2).T
        are_words = numbers >= few
        words = self.words.found(stretch, numbers[are_words] - few, places[are_words])
        begins = numbers[~are_words] << _PLACE | places[~are_words]
        return Found(words, self._read_all(data, np.unique(begins).tolist()))

    def _read_all(self, data: memoryview, begins: list[int]) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        behind: dict[int, int] = {}
        for begin in begins:
            number, start = begin >> _PLACE, begin & ((1 << _PLACE) - 1)
            if start < behind.get(number, 0):
                continue
            span = self._read(number, data, start)
            if span:
                found.setdefault(number, []).append(span)
                behind[number] = span[1]
        return found

    def _read(self, number: int, data: memoryview, start: int) -> tuple[int, int] | None:
        match = self.readers[number].match(data, start)
        if match is None:
            return None
        first, last = match.span()
        if first and FLAGS[data[first - 1]] & FLAGS[data[first]] & WORD and not _changes(data, first):
            return None
        if last < len(data) and _is_word(data[last - 1]) and _is_word(data[last]):
            return None
        kind = self.kinds[number]
        start, end = match.span(1) if match.re.groups and match[1] is not None else (first, last)
        if kind.check == "entropy" and not is_random(bytes(data[start:end]), kind.entropy):
            return None
        return start, end


def _is_word(sign: int) -> bool:
    return bool(FLAGS[sign] & WORD)


def _changes(data: memoryview, at: int) -> bool:
    """Whether a small letter or digit ends and a capital begins, as in `dbPassword`."""
    return bytes(data[at - 1 : at]).islower() and bytes(data[at : at + 1]).isupper()


def is_random(text: bytes, bits: float) -> bool:
    """Return whether `text` has at least `bits` bits of entropy a character and is no placeholder."""
    if not text or _PLACEHOLDER.search(text):
        return False
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts) >= bits


def compile_expressions(kinds: tuple[Kind, ...], words: Words) -> Expressions:
    """Return the expressions of `kinds` and the `words`; work: some tenths of a second."""
    patterns = [*(anchor(kind.pattern) for kind in kinds), *words.patterns]
    flags = [hyperscan.HS_FLAG_SOM_LEFTMOST] * len(kinds) + [hyperscan.HS_FLAG_DOTALL] * len(words.words)
    readers = tuple(re.compile(kind.pattern.encode()) for kind in kinds)
    database = compiled([pattern.encode() for pattern in patterns], flags) if patterns else None
    return Expressions(kinds, readers, words, database)


def compiled(patterns: list[bytes], flags: list[int]) -> hyperscan.Database:
    """Return the database of `patterns`, numbered as they come."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=patterns, ids=list(range(len(patterns))), flags=flags)
    return database


def anchor(pattern: str) -> str:
    """Return a beginning of `pattern` that is enough to look further: up to its first long repeat.

    A pattern that begins with a class stays whole, as its beginning alone would stand everywhere, and so does
    one with a choice that goes on behind. A beginning that says little, as `https://` does, goes on over the
    repeat, which then has no upper bound; no other beginning may stand within, as only the first is told.
    """
    if pattern.startswith(("[", "\\d")):
        return pattern
    at = 0
    while repeat := _REPEAT.search(pattern, at):
        lowest, highest = int(repeat[2]), int(repeat[3] or repeat[2])
        at = repeat.end()
        if lowest >= _ENOUGH or highest >= _FAR:
            begun = pattern[: repeat.start()]
            begun = f"{begun}{repeat[1]}{{{_ENOUGH}}}" if lowest >= _ENOUGH else begun
            if lowest and _SAYS_LITTLE.fullmatch(begun) and not re.fullmatch(repeat[1], begun[-1]):
                pattern = f"{begun}{repeat[1]}+{pattern[at:]}"
                at = len(begun) + len(repeat[1]) + 1
                continue
            opened = len(_OPENED.findall(begun)) - len(_CLOSED.findall(begun))
            if not opened:
                return begun
            if "|" not in pattern[repeat.end() :]:
                return begun + ")" * opened
    return pattern


def scratch_of(database: hyperscan.Database) -> hyperscan.Scratch:
    """Return this thread's scratch space for `database`."""
    kept = _local.__dict__.setdefault("scratches", {})
    if id(database) not in kept:
        kept[id(database)] = (database, database.scratch.clone())
    return kept[id(database)][1]


def spans_of(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return starts and ends as arrays."""
    array = np.array(pairs, np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
