"""What can be wrong with one cell, and how plain texts, numbers and chosen words are read from it.

Each parser takes a `Value` and returns what it means, or raises a `CellError` leaf; the caller adds
the place.  Spellings are compared after Unicode's NFKC and case folding.
Dates are read in `dates`, secrecy levels in `levels`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from shoumi.engine.errors import InputError
from shoumi.server.files.tables.sheets import CellTrouble, Value, is_blank


class CellError(InputError):
    """One cell cannot be used as it is; never raised itself."""

    code = "tables.cell"
    message = "The value cannot be used."


class RequiredCellError(CellError):
    """A column that must be filled is blank in this row."""

    code = "tables.required"
    message = "“{column}” is missing."


class FormulaResultError(CellError):
    """The cell shows an error such as #REF!."""

    code = "tables.cell_error"
    message = "The cell shows a spreadsheet error instead of a value."


class FormulaNotCalculatedError(CellError):
    """The cell holds a formula that no program has calculated."""

    code = "tables.cell_formula"
    message = "The formula has no calculated value; open the file in a spreadsheet program and save it."


class TextTooLongError(CellError):
    """The text is longer than the record allows."""

    code = "tables.text_too_long"
    message = "The text has {found} characters, at most {limit} are allowed."


class ControlCharacterError(CellError):
    """The text holds a character that cannot be shown."""

    code = "tables.control_character"
    message = "The text holds a character that cannot be shown (U+{character})."


class NotANumberError(CellError):
    """A number was expected."""

    code = "tables.not_a_number"
    message = "“{value}” is not a whole number from {least} to {most}."


class UnknownWordError(CellError):
    """The word is none of those this column knows."""

    code = "tables.unknown_word"
    message = "“{value}” is not known here; use one of: {choices}."


class NotAnAddressError(CellError):
    """The text is no e-mail address."""

    code = "tables.not_an_email"
    message = "“{value}” is not an e-mail address."


Parser = Callable[[Value], object]

_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}\Z")
_KEPT_CONTROLS = "\t\n\u200d"
_SHOWN = 60  # characters of a wrong value that a message repeats


def plain(value: Value) -> str:  # noqa: PLR0911 - one line per kind of value
    """Return what the cell shows, as one text; whole numbers without `.0`, dates as `2026-03-01`.

    Raises:
        FormulaResultError: the cell shows an error.
        FormulaNotCalculatedError: the cell holds a formula without a value.
    """
    if isinstance(value, CellTrouble):
        raise FormulaResultError if value is CellTrouble.ERROR else FormulaNotCalculatedError
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def folded(text: str) -> str:
    """Return `text` for comparison: full-width as half-width, small letters, no spaces or invisible signs."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("\u200b", "")


def shown(text: str) -> str:
    """Return `text` short enough to stand in a message."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def text_up_to(limit: int, *, lines: bool = False) -> Parser:
    """Return a parser for texts of at most `limit` characters; with `lines`, line breaks stay.

    Raises (the parser): TextTooLongError, ControlCharacterError.
    """

    def parse(value: Value) -> str:
        text = plain(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        for character in text:
            if unicodedata.category(character) in {"Cc", "Cs"} and character not in _KEPT_CONTROLS:
                raise ControlCharacterError(character=f"{ord(character):04X}")
        text = text.strip(" \t\n\u3000\u00a0\u200b\ufeff")
        if not lines:
            text = " ".join(text.split())
        if len(text) > limit:
            raise TextTooLongError(found=len(text), limit=limit)
        return text

    return parse


def number_between(least: int, most: int) -> Parser:
    """Return a parser for whole numbers from `least` to `most`.

    Raises (the parser): NotANumberError.
    """

    def parse(value: Value) -> int:
        text = folded(plain(value))
        if not re.fullmatch(r"[+-]?\d{1,12}", text) or not least <= int(text) <= most:
            raise NotANumberError(value=shown(plain(value)), least=least, most=most)
        return int(text)

    return parse


def one_of(words: Mapping[str, tuple[str, ...]]) -> Parser:
    """Return a parser for a closed list: `words` maps what is stored to its spellings, the first ones shown.

    Raises (the parser): UnknownWordError.
    """
    known = {folded(word): stored for stored, spellings in words.items() for word in (stored, *spellings)}
    choices = ", ".join(spellings[0] if spellings else stored for stored, spellings in words.items())

    def parse(value: Value) -> str:
        text = plain(value)
        stored = known.get(folded(text))
        if stored is None:
            raise UnknownWordError(value=shown(text.strip()), choices=choices)
        return stored

    return parse


def list_of(parser: Parser, separators: str = "、，,;；\n／/|") -> Parser:
    """Return a parser for several values in one cell, as a tuple in their order without repetition."""

    def parse(value: Value) -> tuple[object, ...]:
        parts = re.split(f"[{re.escape(separators)}]", plain(value))
        return tuple(dict.fromkeys(parser(part.strip()) for part in parts if not is_blank(part)))

    return parse


def email_address(value: Value) -> str:
    """Return an e-mail address as written, without spaces around.

    Raises:
        NotAnAddressError: it cannot be one.
    """
    text = unicodedata.normalize("NFKC", plain(value)).strip()
    if not _EMAIL.match(text) or len(text) > 254:  # noqa: PLR2004 - RFC 5321
        raise NotAnAddressError(value=shown(text))
    return text
