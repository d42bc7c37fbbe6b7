"""Reads CSV texts: finds the encoding (UTF-8, UTF-16, GB18030, Shift_JIS) and the separator first.

Follows RFC 4180 for quoting; encodings after the byte ranges of GB 18030 and JIS X 0208.
A text has no types: every value is a string, and turning it into dates or levels is the task of the parsers.
"""

from __future__ import annotations

import codecs
import csv
import io

from shoumi.engine.errors import Location
from shoumi.server.files.tables.sheets import (
    DamagedTableError,
    Limits,
    Row,
    Sheet,
    Table,
    TableTooLargeError,
    UnknownTableFormatError,
    Value,
    trimmed,
)

# Spreadsheet programs may run a cell that begins like this, some also behind a space.
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SEPARATORS = ",\t;|"
_SAMPLE_LINES = 30
_BOMS = (  # the longer ones first, UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "gb18030", "cp932", "utf-16")  # what a person may choose when the guess was wrong


def read_separated(data: bytes, name: str, limits: Limits, encoding: str | None = None) -> Table:
    """Return the one sheet of a CSV text; its addresses are those a spreadsheet would show after opening it.

    `encoding` overrides the guess.  The apostrophe that `write_table` puts before a formula is taken off.

    Raises:
        UnknownTableFormatError: the bytes are not a text.
        DamagedTableError: the text does not fit the given encoding, or a quote is never closed.
        TableTooLargeError: a limit is exceeded.
    """
    found = encoding or detect_encoding(data)
    if found is None:
        raise UnknownTableFormatError(name=name)
    try:
        text = data.decode(found)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DamagedTableError(
            location=Location(path=name, line=line), reason=f"a character does not fit the encoding {found}"
        ) from None
    if "\x00" in text:
        raise UnknownTableFormatError(name=name)
    rows = _rows(text.removeprefix("\ufeff"), name, limits)
    return Table(name, (Sheet("", tuple(rows)),) if rows else (), encoding=found)


def _rows(text: str, name: str, limits: Limits) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=detect_separator(text), strict=True)
    rows: list[Row] = []
    cells = 0
    number = 0
    while True:
        try:
            raw = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            raise DamagedTableError(
                location=Location(path=name, line=max(reader.line_num, 1)), reason=str(error)
            ) from None
        number += 1
        values: tuple[Value, ...] = trimmed([_unguarded(item) or None for item in raw])
        if not values:
            continue
        cells += sum(1 for value in values if value is not None)
        longest = max(len(value) for value in values if isinstance(value, str))
        for what, size, limit in (
            ("rows", len(rows) + 1, limits.rows),
            ("columns", len(values), limits.columns),
            ("cells", cells, limits.cells),
            ("characters in one cell", longest, limits.cell_characters),
        ):
            if size > limit:
                raise TableTooLargeError(what=what, found=size, limit=limit)
        rows.append(Row(number, values))


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet program takes it for a formula."""
    return "'" + text if text.lstrip("' ").startswith(GUARDED) else text


def _unguarded(text: str) -> str:
    """Take back what `guarded` did."""
    return text[1:] if text.startswith("'") and text.lstrip("' ").startswith(GUARDED) else text


def detect_encoding(data: bytes) -> str | None:
    """Return the encoding of a CSV text, None if it is no text.

    A byte order mark decides; then strict UTF-8; then whichever of GB18030 and Shift_JIS (code page 932)
    yields the more ordinary characters.  Short texts without kana can fool it: hence `encoding` above.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    if b"\x00" in data:
        return None
    candidates = {encoding: _score(data, encoding) for encoding in ("utf-8", "gb18030", "cp932")}
    if candidates["utf-8"] is not None:
        return "utf-8"
    best = max(("gb18030", "cp932"), key=lambda name: candidates[name] or -1e9)
    return best if candidates[best] is not None else None


def _score(data: bytes, encoding: str) -> float | None:
    """Return how ordinary `data` looks in `encoding`, None if it does not decode."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if encoding == "utf-8":
        return 0.0
    weigh = _weigh_gb if encoding == "gb18030" else _weigh_sjis
    wide = [character for character in text[:20_000] if character > "\x7f"]
    return sum(weigh(character.encode(encoding)) for character in wide) / max(len(wide), 1)


def _weigh_gb(code: bytes) -> float:
    """Weigh one character: the 3,755 everyday hanzi of GB 2312 count most, rare extensions against."""
    two_bytes = 2
    if len(code) != two_bytes or code[1] < 0xA1:  # noqa: PLR2004 - byte ranges of the standard
        return -1.0
    if 0xB0 <= code[0] <= 0xD7:  # noqa: PLR2004
        return 1.0
    return 0.6 if 0xA1 <= code[0] <= 0xA5 else -0.3  # noqa: PLR2004 - punctuation and kana; rarer hanzi


def _weigh_sjis(code: bytes) -> float:
    """Weigh one character: kana and the kanji of JIS level 1 count, half-width katakana against."""
    if len(code) == 1:
        return -0.5
    if code[0] in {0x82, 0x83}:  # kana, full-width letters and digits
        return 1.0
    if 0x88 <= code[0] <= 0x97 or (code[0] == 0x98 and code[1] < 0x9F):  # noqa: PLR2004
        return 0.9
    return 0.5 if code[0] == 0x81 else -0.5  # noqa: PLR2004 - punctuation; kanji of level 2


def detect_separator(text: str) -> str:
    """Return the separator that cuts the first lines into the most equal columns; a comma if none does.

    One that cuts every line into as many goes before one that cuts most lines into more.
    """
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", (False, 0.0)
    for separator in _SEPARATORS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        share = wide.count(usual) / len(widths)
        score = (share == 1, share * min(usual, 10))
        if score > best_score:
            best, best_score = separator, score
    return best
