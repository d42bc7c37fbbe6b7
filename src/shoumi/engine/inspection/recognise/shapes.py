r"""Turns the pattern of a code into tables that numpy compares many candidates with at once.

Source: own; the patterns are regular expressions that Python and Hyperscan read alike, of this subset: plain
characters, `\d`, classes, `(?:…|…)`, `{n}`, `{m,n}` and `?`.  Whatever matches is of one of a few lengths.
Separators are not part of a pattern: candidates come without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
_SIGNS: Final = 256  # of a letter; beyond ASCII none fits
_DIGITS: Final = frozenset("0123456789")
_MOST: Final = 64  # forms of one pattern
Form = tuple[frozenset[str], ...]  # for each place the characters that may stand there


class ShapeError(ValueError):
    """The pattern is not of the subset; the text tells where."""

    def __init__(self, pattern: str, reason: str) -> None:
        """Take the pattern and what is wrong with it."""
        super().__init__(f"{pattern}: {reason}")


@dataclass(frozen=True)
class Shape:
    """All forms of one pattern, by length."""

    forms: tuple[Form, ...]
    tables: dict[int, NDArray[np.uint64]]  # by length: for each place and character the forms that allow it

    @property
    def lengths(self) -> tuple[int, ...]:
        """How long a match may be, ascending."""
        return tuple(sorted(self.tables))

    def fits(self, letters: NDArray[np.uint8]) -> Bools:
        """Return which rows of ASCII codes match; all rows are of one length."""
        table = self.tables.get(letters.shape[1])
        if table is None:
            return np.zeros(len(letters), np.bool_)
        forms = table[0].take(letters[:, 0])
        for place in range(1, len(table)):
            forms &= table[place].take(letters[:, place])
        return forms > 0

    def fits_layout(self, letters: NDArray[np.uint8]) -> Bools:
        """Return the same for rows of a layout: where every form has any digit, they have one too."""
        table, places = self.tables[letters.shape[1]], self._telling[letters.shape[1]]
        if not places:
            return np.ones(len(letters), np.bool_)
        forms = table[places[0]].take(letters[:, places[0]])
        for place in places[1:]:
            forms &= table[place].take(letters[:, place])
        return forms > 0

    @cached_property
    def _telling(self) -> dict[int, list[int]]:
        """By length, the places at which some form does not have any digit and nothing else."""
        told: dict[int, set[int]] = {length: set() for length in self.tables}
        for form in self.forms:
            told[len(form)] |= {place for place, letters in enumerate(form) if letters != _DIGITS}
        return {length: sorted(places) for length, places in told.items()}

    @cached_property
    def begins(self) -> Bools:
        """Which characters some form begins with, by code."""
        table = np.zeros(256, np.bool_)
        table[[ord(letter) for form in self.forms for letter in form[0]]] = True
        return table

    @cached_property
    def leading(self) -> int:
        """How many digits a match begins with, if it begins with one."""
        return 1 + min(
            next((place for place, letters in enumerate(form[1:]) if not letters <= _DIGITS), len(form) - 1)
            for form in self.forms
        )

    @cached_property
    def layouts(self) -> tuple[tuple[int, int, int], ...]:
        """Return letters before, digits, letters behind, of each form that is built so."""
        return tuple(sorted({_layout(pure) for form in self.forms for pure in _pure(form)}))


def shape_of(pattern: str) -> Shape:
    """Return the shape of `pattern`.

    Raises:
        ShapeError: the pattern is not of the subset.
    """
    forms, rest = _choice(pattern, 0)
    if rest != len(pattern):
        raise ShapeError(pattern, f"not understood from place {rest}")
    tables: dict[int, NDArray[np.uint64]] = {}
    for number, form in enumerate(forms):
        table = tables.setdefault(len(form), np.zeros((len(form), _SIGNS), np.uint64))
        for place, letters in enumerate(form):
            table[place, [ord(letter) for letter in letters]] |= np.uint64(1 << number)
    return Shape(tuple(forms), tables)


def _pure(form: Form) -> list[Form]:
    """Return the forms in which the last place is a digit, or is a letter."""
    last = form[-1]
    return [(*form[:-1], letters) for letters in (last & _DIGITS, last - _DIGITS) if letters]


def _layout(form: Form) -> tuple[int, int, int]:
    before = next((place for place, letters in enumerate(form) if letters <= _DIGITS), len(form))
    behind = next((place for place, letters in enumerate(reversed(form)) if letters <= _DIGITS), 0)
    return before, len(form) - before - behind, behind


def _choice(pattern: str, at: int) -> tuple[list[Form], int]:
    forms: list[Form] = []
    while True:
        new, at = _sequence(pattern, at)
        forms += new
        if len(forms) > _MOST:
            raise ShapeError(pattern, f"more than {_MOST} forms")
        if at == len(pattern) or pattern[at] != "|":
            return forms, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[list[Form], int]:
    forms: list[Form] = [()]
    while at < len(pattern) and pattern[at] not in "|)":
        units, at = _unit(pattern, at)
        lowest, highest, at = _times(pattern, at)
        repeated: list[Form] = []
        for times in range(lowest, highest + 1):
            some: list[Form] = [()]
            for _time in range(times):
                some = [(*form, *unit) for form in some for unit in units]
            repeated += some
        forms = [(*form, *more) for form in forms for more in repeated]
        if len(forms) > _MOST:
            raise ShapeError(pattern, f"more than {_MOST} forms")
    return forms, at


def _unit(pattern: str, at: int) -> tuple[list[Form], int]:
    if pattern.startswith("(?:", at):
        forms, at = _choice(pattern, at + 3)
        if at == len(pattern):
            raise ShapeError(pattern, "a group stays open")
        return forms, at + 1
    if pattern[at] == "[":
        end = pattern.find("]", at)
        if end < 0:
            raise ShapeError(pattern, "a class stays open")
        return [(_class(pattern[at + 1 : end]),)], end + 1
    if pattern.startswith("\\d", at):
        return [(_DIGITS,)], at + 2
    if not pattern[at].isalnum() or not pattern[at].isascii():
        raise ShapeError(pattern, f"not understood from place {at}")
    return [(frozenset(pattern[at]),)], at + 1


def _class(inside: str) -> frozenset[str]:
    letters: set[str] = set()
    inside = inside.replace("\\d", "0-9")
    at = 0
    while at < len(inside):
        if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            letters |= {chr(code) for code in range(ord(inside[at]), ord(inside[at + 2]) + 1)}
            at += 3
        else:
            letters.add(inside[at])
            at += 1
    return frozenset(letters)


def _times(pattern: str, at: int) -> tuple[int, int, int]:
    if pattern[at : at + 1] == "?":
        return 0, 1, at + 1
    if pattern[at : at + 1] == "{":
        end = pattern.find("}", at)
        lowest, _comma, highest = pattern[at + 1 : end].partition(",")
        if end < 0 or not lowest.isdecimal() or not (highest or lowest).isdecimal():
            raise ShapeError(pattern, f"not understood from place {at}")
        return int(lowest), int(highest or lowest), end + 1
    return 1, 1, at
