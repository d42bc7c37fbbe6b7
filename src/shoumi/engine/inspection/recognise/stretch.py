"""The text of many parts as one array, so that numpy and Hyperscan run over all of them at once.

Source: own. Parts are cut into pieces at line ends where they are long, and pieces are joined with a NUL;
both keep the way back to the part. Pieces of one part overlap and each owns what begins in its own stretch,
so that no cut is seen. A piece of a table knows the cells' separator and the words in the columns' heads.
What a letter looks like is `letters`' task; windows around places are folded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

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
from shoumi.engine.inspection.recognise.tables import Block, Table, blocks_of, tables_of
from shoumi.engine.inspection.values import Part, PartKind

DIGIT, LOWER, UPPER, JOINT, BRACKET, MARK = 1, 2, 4, 8, 16, 32
LETTER: Final = LOWER | UPPER
WORD: Final = DIGIT | LETTER
MOST: Final = 1 << 23  # characters of a stretch
AROUND: Final = (
    1 << 13
)  # characters by which a piece reaches into its neighbours: more than anything found has


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


class Piece(NamedTuple):
    """A stretch of one part."""

    part: int  # its place among the parts
    offset: int  # where the piece begins in the part's text
    text: str
    kind: PartKind
    table: Table | None
    first: bool  # whether its first line is that of the heads
    owned: tuple[int, int] | None = None  # where in its text begins what it tells of; None: anywhere


_PART, _OFFSET, _TABLE, _OWNED = map(Piece._fields.index, ("part", "offset", "table", "owned"))


@dataclass(frozen=True)
class Stretch:
    """Some pieces as one text; a place is that of a code, the first one is 0."""

    pieces: tuple[Piece, ...]
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
    def _columns(self) -> tuple[tuple[Any, ...], ...]:
        """The fields of all pieces, of each one as a column."""
        return tuple(zip(*self.pieces, strict=True))

    @cached_property
    def parts(self) -> Places:
        """The number of each piece's part."""
        return np.array(self._columns[_PART], np.int64)

    @cached_property
    def offsets(self) -> Places:
        """Where each piece begins in its part."""
        return np.array(self._columns[_OFFSET], np.int64)

    @cached_property
    def tables(self) -> list[int]:
        """The numbers of the pieces that are tables."""
        return [number for number, table in enumerate(self._columns[_TABLE]) if table]

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
        if not any(self._columns[_OWNED]):
            return None
        bounds = np.array([piece.owned or (0, len(piece.text)) for piece in self.pieces], np.int64)
        return bounds[:, 0], bounds[:, 1]

    @cached_property
    def begins_folded(self) -> Places:
        """Where the pieces begin among the codes."""
        return self.letters.trace.behind(self.letters.begins)

    def originals(self, starts: Places, ends: Places) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces that spans of codes belong to, and the spans in the pieces' texts."""
        numbers, places = self.piece_at(starts), self.letters.trace.places
        shifts = self.letters.begins[numbers]
        firsts, lasts = places(starts) - shifts, places(ends - 1) + 1 - shifts
        for number, first, last in zip(numbers.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
            yield self.pieces[number], first, last

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

    def folded(self, starts: Places, width: int) -> Codes:
        """Return the folded codes from each start on, `width` wide; places up to `MARGIN` outside."""
        return fold_table().take(_windows(self.letters.codes, starts, width))


def _windows(array: NDArray[Any], starts: Places, width: int) -> NDArray[Any]:
    """Return `width` items from each start on; each row is copied as one item."""
    size = array.itemsize
    items = np.ndarray((len(array) - width + 1,), f"V{size * width}", array.data, 0, (size,))
    return items[starts + MARGIN].view(array.dtype).reshape(len(starts), width)


def stretches(parts: Sequence[Part], signs: Signs) -> Iterator[Stretch]:
    """Yield the texts of `parts`, joined up to about `MOST` characters."""
    batch: list[Piece] = []
    size = 0
    for piece in _pieces(parts):
        if batch and size + len(piece.text) > MOST:
            yield joined(batch, signs)
            batch, size = [], 0
        batch.append(piece)
        size += len(piece.text) + 1
    if batch:
        yield joined(batch, signs)


def joined(pieces: Iterable[Piece], signs: Signs) -> Stretch:
    """Return `pieces` as one text."""
    kept = tuple(pieces)
    return Stretch(kept, letters_of([piece.text for piece in kept], signs))


def _pieces(parts: Sequence[Part]) -> Iterator[Piece]:
    for number, part in enumerate(parts):
        text, tables = part.text, tables_of(part)
        if not tables and len(text) <= MOST:
            yield Piece(number, 0, text, part.kind, None, False)
            continue
        for block in blocks_of(part, tables):
            for start, end in _cut(part.text, block.start, block.end):
                begin, reached = _reach(part.text, block, start, end)
                yield Piece(
                    number,
                    begin,
                    part.text[begin:reached],
                    part.kind,
                    block.table,
                    block.headed and begin == block.start,
                    None if (begin, reached) == (start, end) else (start - begin, end - begin),
                )


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield stretches of no more than `MOST` characters, ended by a line feed where there is one."""
    while end - start > MOST:
        cut = text.rfind("\n", start, start + MOST) + 1
        behind = cut if cut > start else start + MOST
        yield start, behind
        start = behind
    yield start, end


def _reach(text: str, block: Block, start: int, end: int) -> tuple[int, int]:
    """Return from where to where a piece is read; in a table from the beginning of a row on."""
    begin = max(block.start, start - AROUND)
    if block.table and block.start < begin < start:
        begin = text.find("\n", begin, start) + 1 or start
    return begin, min(block.end, end + AROUND)
