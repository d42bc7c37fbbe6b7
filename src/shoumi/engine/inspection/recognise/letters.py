"""The letters of many texts in one array of codes, and one sign for each, without folding every letter.

Source: own; what letters mean is `normalise`'s. Nearly every pass over a text needs one byte a letter only,
its sign: the plain letter where it folds to one of ASCII, a mark for what joins digits, a number for the
letters of the words that are looked for, one sign for all others. Codes stay as they were written, so that a
fold costs something only where it is asked for; what has no width is taken out of both arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import (
    GONE,
    PLANE,
    SEMI_VOICED,
    VOICED,
    Codes,
    Places,
    Trace,
    code_beyond,
    fold_table,
    voiced,
)

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

MARGIN: Final = 128  # NUL at both ends of the arrays
OTHER: Final = 0x80
MIDDLE_DOT: Final = 0xB7
_FIRST, _LAST = 0x81, 0xFD  # signs of the letters of words
_LOOK: Final = (
    0xFE  # no letter of its own, perhaps: a sound mark, the second half of a pair, what has no width
)
_LOW: Final = 0xDC00
_PAIR, _HIGH, _HALF = 0xFC00, 0xD800, 0x3FF
_BLOCK: Final = 1 << 17
_FEW: Final = 256  # letters for one that is taken out: then slices are moved
_NOTHING: Final = np.zeros(0, np.int64)
_DOTS: Final = "·・•"
_LONG_SOUND: Final = "ー"  # kana keyboards give it for a hyphen


@dataclass(frozen=True, slots=True)
class Signs:
    """Which sign each code has."""

    table: Bytes

    def spelled(self, word: str) -> bytes:
        """Return the signs of a word; of others that have the same ones, only its codes tell it apart."""
        return bytes(self.table[[ord(letter) for letter in word]])


@dataclass(frozen=True, slots=True)
class Letters:
    """Texts, joined with a NUL; both arrays have `MARGIN` of NUL at both ends."""

    codes: Codes
    signs: Bytes
    trace: Trace  # from codes to the characters of the joined text
    begins: Places  # of each text, in characters


def signs_of(words: Iterable[str]) -> Signs:
    """Return signs that tell the letters of `words` apart from all others, if not always from one another.

    Words are folded. Letters that are words by themselves share their sign with nothing.
    """
    folds = fold_table()
    plain = np.full(PLANE, OTHER, np.uint8)
    plain[:128] = np.arange(128)
    plain[ord(_LONG_SOUND)] = ord("-")
    plain[[ord(dot) for dot in _DOTS]] = MIDDLE_DOT
    free = [sign for sign in range(_FIRST, _LAST + 1) if sign != MIDDLE_DOT]
    kept = sorted(set(words))
    alone = [word for word in kept if len(word) == 1 and plain[ord(word)] == OTHER][: len(free) // 2]
    others = sorted({letter for word in kept for letter in word if plain[ord(letter)] == OTHER} - {*alone})
    for number, letter in enumerate(alone):
        plain[ord(letter)] = free[number]
    for number, letter in enumerate(others):
        plain[ord(letter)] = free[len(alone) + number % (len(free) - len(alone))]
    table = plain.take(folds)
    table[folds == GONE] = _LOOK
    table[[VOICED, SEMI_VOICED]] = _LOOK
    table[_LOW : _LOW + _HALF + 1] = _LOOK
    table.setflags(write=False)
    return Signs(table)


def letters_of(texts: Sequence[str], signs: Signs) -> Letters:
    """Return the letters of `texts`; work: two copies and one look-up a letter."""
    edge = "\0" * (MARGIN - 1)
    text = "\0".join((edge, *texts, edge))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    begins = np.cumsum(lengths) - lengths
    total = len(text) - 2 * MARGIN
    if text.isascii():
        row = np.frombuffer(text.encode("ascii"), np.uint8)
        return Letters(row.astype(np.uint16), row, Trace(_NOTHING, total, total), begins)
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    row = _looked_up(signs.table, codes)
    special = np.flatnonzero(row >= _LOOK)
    if not len(special):
        return Letters(codes, row, Trace(_NOTHING, total, total), begins)
    found = codes[special]
    second = special[(found & _PAIR == _LOW) & (codes[special - 1] & _PAIR == _HIGH)]
    if len(second) != len(codes) - len(text):  # halves of pairs stand beside each other, each a character
        return letters_of(["".join(map(_whole, text)) for text in texts], signs)
    codes = codes.copy()
    row[special] = OTHER
    sounds = special[(found == VOICED) | (found == SEMI_VOICED)]
    altered = np.concatenate([_pairs_joined(codes, second), _voiced(codes, sounds)])
    row[altered] = signs.table.take(codes[altered])
    doubtful = np.union1d(np.setdiff1d(special, second, assume_unique=True), altered)
    gone = doubtful[fold_table().take(codes[doubtful]) == GONE]
    places = gone - MARGIN - np.searchsorted(second, gone)
    dropped = np.union1d(gone, second)
    codes, row = _without(codes, dropped), _without(row, dropped)
    return Letters(codes, row, Trace(places, len(codes) - 2 * MARGIN, total), begins)


def _looked_up(table: Bytes, codes: Codes) -> Bytes:
    row = np.empty(len(codes), np.uint8)
    for at in range(0, len(codes), _BLOCK):  # numpy widens the codes first: within the processor's cache
        table.take(codes[at : at + _BLOCK], out=row[at : at + _BLOCK], mode="clip")
    return row


def _whole(letter: str) -> str:
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter


def _pairs_joined(codes: Codes, second: Places) -> Places:
    """Write one code for each pair in the place of its first half; return these places."""
    first = second - 1
    wide = PLANE + ((codes[first].astype(np.int64) & _HALF) << 10) + (codes[second] & _HALF)
    distinct, which = np.unique(wide, return_inverse=True)
    codes[first] = np.array([code_beyond(letter) for letter in distinct.tolist()], np.uint16)[which]
    return first


def _voiced(codes: Codes, sounds: Places) -> Places:
    """Write kana and a half-width sound mark behind as one, nothing for the mark; return the places."""
    folds, done = fold_table(), []
    for at in sounds.tolist():
        joined = voiced(int(folds[codes[at - 1]]), int(codes[at]))
        if joined:
            codes[at - 1], codes[at] = joined, GONE
            done += [at - 1, at]
    return np.array(done, np.int64)


def _without(array: NDArray[Any], places: Places) -> NDArray[Any]:
    """Return `array` without `places`, ascending; where they are few its own memory is used again."""
    if not len(places):
        return array
    if len(places) * _FEW > len(array):
        return np.delete(array, places)
    edges = [*places.tolist(), len(array)]
    for moved, (start, end) in enumerate(pairwise(edges)):
        array[start - moved : end - moved - 1] = array[start + 1 : end]
    return array[: len(array) - len(places)]
