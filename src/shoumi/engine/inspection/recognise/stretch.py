"""The text of many parts as one array, so that numpy and Hyperscan run over all of them at once.

Source: own. The pieces of parts are joined with a NUL and keep the way back to the part. Where they are cut
is `pieces`' task, what a letter looks like `letters`'; windows around places are folded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Codes, Places, fold_table, table_of, true_places
from shoumi.engine.inspection.recognise.letters import (
    MARGIN,
    MIDDLE_DOT,
    Bytes,
    Letters,
    Signs,
    letters_of,
)
from shoumi.engine.inspection.recognise.pieces import Pieces, gathered
from shoumi.engine.inspection.values import Part, PartKind

DIGIT, LOWER, UPPER, JOINT, BRACKET, MARK = 1, 2, 4, 8, 16, 32
LETTER: Final = LOWER | UPPER
WORD: Final = DIGIT | LETTER


def _flags() -> Bytes:
    letters = "abcdefghijklmnopqrstuvwxyz"
    table = table_of(
        {
            "0123456789": DIGIT,
            letters: LOWER,
            letters.upper(): UPPER,
            " -": JOINT,
            "()": BRACKET,
            "$": MARK,
        }
    )[:256].copy()
    table[MIDDLE_DOT] = JOINT
    return table


FLAGS: Final = _flags()
CAPITALS: Final = np.frombuffer(bytes(range(256)).upper(), np.uint8)  # small letters as capitals


@dataclass(frozen=True)
class Stretch:
    """Some pieces as one text; a place is that of a code, the first one is 0."""

    pieces: Pieces
    letters: Letters

    @property
    def length(self) -> int:
        """How many codes there are."""
        return self.letters.trace.count

    @cached_property
    def projection(self) -> Bytes:
        """The sign of each code."""
        return self.letters.signs[MARGIN:-MARGIN]

    @cached_property
    def _onwards(self) -> Bytes:
        """The signs with the margin behind them."""
        return self.letters.signs[MARGIN:]

    @cached_property
    def shifts(self) -> Places:
        """What leads from a place of each piece in the joined text to that in its part."""
        return self.offsets - self.letters.begins

    @cached_property
    def parts(self) -> Places:
        """The number of each piece's part."""
        return np.array(self.pieces.parts, np.int64)

    @cached_property
    def offsets(self) -> Places:
        """Where each piece begins in its part."""
        return np.array(self.pieces.offsets, np.int64)

    def places_of(self, sign: str) -> Places:
        """Return where a sign stands."""
        return true_places(self.projection == ord(sign))

    @cached_property
    def colons(self) -> Places:
        """Where colons stand."""
        return self.places_of(":")

    def text(self, start: int, end: int) -> str:
        """Return the folded text from one place to another."""
        return (
            fold_table().take(self.letters.codes[MARGIN + start : MARGIN + end]).tobytes().decode("utf-16-le")
        )

    @cached_property
    def owned(self) -> tuple[Places, Places] | None:
        """The first and last places in each piece's text that it owns; nothing where each owns its whole."""
        if not self.pieces.owned:
            return None
        bounds = np.array([(0, len(text)) for text in self.pieces.texts], np.int64)
        for number, its in self.pieces.owned.items():
            bounds[number] = its
        return bounds[:, 0], bounds[:, 1]

    @cached_property
    def begins_folded(self) -> Places:
        """Where the pieces begin among the codes."""
        return self.letters.trace.behind(self.letters.begins)

    def originals(self, starts: Places, ends: Places) -> Iterator[tuple[PartKind, str, int, int]]:
        """Yield kind and text of the pieces that spans of codes belong to, and the spans in the texts."""
        numbers, places = self.piece_at(starts), self.letters.trace.places
        shifts = self.letters.begins[numbers]
        firsts, lasts = places(starts) - shifts, places(ends - 1) + 1 - shifts
        for number, first, last in zip(numbers.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
            yield self.pieces.kinds[number], self.pieces.texts[number], first, last

    def piece_at(self, places: Places) -> Places:
        """Return for each place of a code the number of its piece."""
        return np.searchsorted(self.begins_folded, places, side="right") - 1

    def at(self, places: Places) -> Bytes:
        """Return the signs at `places`; NUL up to `MARGIN` outside."""
        return self._onwards.take(places)  # places below zero lead to its end: NUL as well

    def flags_at(self, places: Places) -> Bytes:
        """Return the flags at `places`."""
        return FLAGS.take(self.at(places))

    def rows(self, starts: Places, width: int) -> Bytes:
        """Return the signs from each start on, `width` wide; places up to `MARGIN` outside."""
        return _windows(self.letters.signs, starts, width)

    def written(self, starts: Places, width: int) -> Codes:
        """Return the codes as written from each start on, `width` wide; places up to `MARGIN` outside."""
        return _windows(self.letters.codes, starts, width)

    def folded(self, starts: Places, width: int) -> Codes:
        """Return the folded codes from each start on, `width` wide; places up to `MARGIN` outside."""
        return fold_table().take(self.written(starts, width))


def _windows(array: NDArray[Any], starts: Places, width: int) -> NDArray[Any]:
    """Return `width` items from each start on; each row is copied as one item."""
    size = array.itemsize
    items = np.ndarray((len(array) - width + 1,), f"V{size * width}", array.data, 0, (size,))
    return items[starts + MARGIN].view(array.dtype).reshape(len(starts), width)


def stretches(parts: Sequence[Part], signs: Signs) -> Iterator[Stretch]:
    """Yield the texts of `parts`, joined up to about `MOST` characters."""
    for pieces in gathered(parts):
        yield Stretch(pieces, letters_of(pieces.texts, signs))
