"""The letters of many texts in one array of codes, and one sign for each, without folding every letter.

Source: own; what letters mean is `normalise`'s. Nearly every pass over a text needs one byte a letter only,
its sign: the plain letter where it folds to one of ASCII, a mark for what joins digits, a number for the
letters of the words that are looked for, one sign for all others. Codes stay as they were written, so that a
fold costs something only where it is asked for; what has no width is taken out of both arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    Numbers,
    Places,
    Trace,
    code_beyond,
    fold_table,
    numbers_of,
    true_places,
    voiced,
)

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

MARGIN: Final = 128  # NUL at both ends of the arrays
OTHER: Final = 0x80
MIDDLE_DOT: Final = 0xB7
_FIRST, _LAST = 0x81, 0xFD  # signs of the letters of words
_LOOK: Final = 0xFE  # no letter of its own, perhaps: a sound mark, what has no width or is no code
_BLOCK: Final = 1 << 18  # characters
_FEW: Final = 64  # letters for one that is taken out: then slices are moved
_NOTHING: Final = np.zeros(0, np.int64)
_SOUNDS: Final = frozenset((chr(VOICED), chr(SEMI_VOICED)))
_DOTS: Final = "·・•"
_LONG_SOUND: Final = "ー"  # kana keyboards give it for a hyphen


@dataclass(frozen=True, slots=True)
class Signs:
    """Which sign each code has; the last one is that of all numbers beyond the codes."""

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
    table = np.full(PLANE + 1, _LOOK, np.uint8)
    plain.take(folds, out=table[:PLANE])
    table[:PLANE][folds == GONE] = _LOOK
    table[[VOICED, SEMI_VOICED]] = _LOOK
    table.setflags(write=False)
    return Signs(table)


def letters_of(texts: Sequence[str], signs: Signs) -> Letters:
    """Return the letters of `texts` in blocks that the processor keeps near; work: one look-up a letter."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    ends = np.cumsum(lengths)
    total = int(ends[-1]) - 1
    codes, row = np.empty(total + 2 * MARGIN, np.uint16), np.empty(total + 2 * MARGIN, np.uint8)
    codes[:MARGIN] = row[:MARGIN] = 0
    gone, read, end = [_NOTHING], 0, MARGIN
    for text in _blocks(texts, ends):
        block = slice(end, end + len(text))
        its = _write(text, signs, codes[block], row[block])
        gone.append(its + read)
        read += len(text)
        end += len(text) - len(its)
    codes[end : end + MARGIN] = row[end : end + MARGIN] = 0
    end += MARGIN
    trace = Trace(np.concatenate(gone), end - 2 * MARGIN, total)
    return Letters(codes[:end], row[:end], trace, ends - lengths)


def _blocks(texts: Sequence[str], ends: Places) -> Iterator[str]:
    """Yield the joined texts, which end there, in blocks, none of which begins with a sound mark."""
    first, begin = 0, 0
    while first < len(texts):
        behind = max(first + 1, int(np.searchsorted(ends, begin + _BLOCK, side="right")))
        text, start = texts[first], 0
        while len(text) - start > _BLOCK:
            cut = start + _BLOCK
            while text[cut : cut + 1] in _SOUNDS:
                cut += 1
            yield text[start:cut]
            start = cut
        end = [""] * (behind < len(texts))
        yield "\0".join([text[start:], *texts[first + 1 : behind], *end])
        first, begin = behind, int(ends[behind - 1])


def _write(text: str, signs: Signs, codes: Codes, row: Bytes) -> Places:
    """Write codes and signs of a block without what has no width; return where in the block that stands."""
    if text.isascii():
        row[:] = np.frombuffer(text.encode("ascii"), np.uint8)
        codes[:] = row
        return _NOTHING
    numbers = numbers_of(text)
    signs.table.take(numbers, out=row, mode="clip")
    special = true_places(row == _LOOK)
    beyond = special[numbers[special] >= PLANE]
    if len(beyond):
        numbers[beyond] = [code_beyond(number) for number in numbers[beyond].tolist()]
        row[beyond] = signs.table.take(numbers[beyond])
    found = numbers[special]
    sounds = special[(found == VOICED) | (found == SEMI_VOICED)]
    if len(sounds):
        row[sounds] = OTHER
        altered = _voiced(numbers, sounds)
        row[altered] = signs.table.take(numbers[altered])
        special = np.union1d(special, altered)
    gone = special[fold_table().take(numbers[special]) == GONE]
    codes[:] = numbers
    if len(gone):
        _close((codes, row), gone)
    return gone


def _close(arrays: Sequence[NDArray[Any]], gone: Places) -> None:
    """Move what stands behind the places that are `gone`, ascending, over them; arrays are of one length."""
    if len(gone) * _FEW > len(arrays[0]):
        for array in arrays:
            array[: len(array) - len(gone)] = np.delete(array, gone)
        return
    rows = [array.data for array in arrays]  # whose slices are moved in half the time
    places = gone.tolist()
    to = places[0]
    for place, behind in pairwise((*places, len(arrays[0]))):
        end = to + behind - place - 1
        for row in rows:
            row[to:end] = row[place + 1 : behind]
        to = end


def _voiced(codes: Numbers, sounds: Places) -> Places:
    """Write kana and a half-width sound mark behind as one, nothing for the mark; return the places."""
    folds, done = fold_table(), []
    for at in sounds.tolist():
        joined = voiced(int(folds[codes[at - 1]]), int(codes[at]))
        if joined:
            codes[at - 1], codes[at] = joined, GONE
            done += [at - 1, at]
    return np.array(done, np.int64)
