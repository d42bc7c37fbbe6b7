"""Reads dates and confidentiality periods as people write them in Chinese, Japanese and English tables.

Follows the Gregorian calendar, the Japanese eras since Meiji, and the serial days of spreadsheets.
A date that could mean two days (03/04/2026, 26-3-1) is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime, timedelta

from shoumi.engine.jurisdiction import Period, PeriodFormError, PeriodKind, load_pack, pack_ids, period_named
from shoumi.server.files.tables.cells import CellError, plain, shown
from shoumi.server.files.tables.sheets import Value


class NotADateError(CellError):
    """Nothing in the cell looks like a date."""

    code = "tables.not_a_date"
    message = "“{value}” is not a date; write it like 2026-03-01."


class ImpossibleDateError(CellError):
    """It looks like a date, but there is no such day."""

    code = "tables.impossible_date"
    message = "There is no such day as “{value}”."


class AmbiguousDateError(CellError):
    """It could mean two different days."""

    code = "tables.ambiguous_date"
    message = "“{value}” could mean different days; write it like 2026-03-01."


class IncompleteDateError(CellError):
    """The year, the month or the day is missing."""

    code = "tables.incomplete_date"
    message = "“{value}” lacks a year, month or day; write it like 2026-03-01."


class NotAPeriodError(CellError):
    """Neither a date, nor a duration, nor a word for a period."""

    code = "tables.not_a_period"
    message = (
        "“{value}” is not a period; write a date, a number of years, “long-term” or “until publication”."
    )


EXCEL_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954-10-03 to 2119-01-11: beyond, it is another kind of number
_FIRST_YEAR, _LAST_YEAR = 1868, 2199
# First day of each era, from the Cabinet orders; years run on when people keep using the old era.
_ERAS = {
    "明治": date(1868, 1, 25),
    "大正": date(1912, 7, 30),
    "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1),
}
_ERA_LETTERS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[mtshr])\.?(元|\d{1,3})[年./-](\d{1,2})[月./-](\d{1,2})日?\Z")
_YMD = re.compile(r"(\d{4})(?:[年./_-])(\d{1,2})(?:[月./_-])(\d{1,2})[日号]?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_SHORT = re.compile(r"\d{1,2}[年./-]\d{1,2}[月./-](\d{1,2}|\d{4})[日号]?\Z|\d{6}\Z")
_PARTIAL = re.compile(
    r"(\d{4}年?|(19|20|21)\d{2}(0[1-9]|1[0-2])|\d{4}[年./-]\d{1,2}月?|\d{1,2}[月./-]\d{1,2}[日号]?)\Z"
    r"|(明治|大正|昭和|平成|令和|[mtshr])(元|\d{1,2})年(\d{1,2}月)?\Z"
)
_TIME_OF_DAY = re.compile(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})?\Z", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\((星期|周|週)?[一二三四五六日天月火水木金土](曜日|曜)?\)\Z"
    r"|(星期|周|週)[一二三四五六日天]\Z|[日月火水木金土]曜日?\Z"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = (
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ .-](?P<month>[a-z]{3,9})\.?[ ,.-]+(?P<year>\d{4})\Z"),
    re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})\Z"),
)
_HAN_DIGITS = {"零": 0, "○": 0, **{sign: digit for digit, sign in enumerate("〇一二三四五六七八九")}}
_HAN = re.compile(r"[〇零○一二三四五六七八九十廿卅]+")
_TO = re.compile(r"至|到|~|〜|から|[—–]+| to ")
_UNTIL = re.compile(r"(まで|止|为止|為止)\Z")
_YEAR_FIRST = re.compile(r"[^\d]{0,2}(18|19|20|21)\d\d")
_FROM_THEN = re.compile(r"\A自?.{0,8}?起")  # 自产生之日起
_LASTING = re.compile(r"[间間期]\Z")
_MORE_WORDS = {  # met in ledgers beside those of the packs
    **dict.fromkeys(("永久保密", "无期限", "无固定期限", "期限なし", "定めなし"), "long_term"),
    **dict.fromkeys(
        ("公開前", "公表前", "发布前", "至公布", "至公开", "untilpublished"), "until_publication"
    ),
}


def parse_date(value: Value, epoch: date = EXCEL_DAY_ZERO) -> date:
    """Return the day a cell means; `epoch` is day zero of the workbook's serial numbers.

    Raises:
        NotADateError, ImpossibleDateError, AmbiguousDateError, IncompleteDateError: each as it says.
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    written = plain(value)
    text = _WEEKDAY.sub("", _TIME_OF_DAY.sub("", _even(written))).strip()
    english = _english(text, written)
    if english:
        return english
    text = _han_to_digits(text.replace(" ", ""))
    if match := _ERA.match(text):
        return _era_day(match, written)
    if match := _YMD.match(text) or _COMPACT.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]), written)
    serial = _serial(value, text)
    if serial:
        return epoch + timedelta(days=serial)
    if _PARTIAL.match(text):
        raise IncompleteDateError(value=shown(written))
    if _SHORT.match(text):
        raise AmbiguousDateError(value=shown(written))
    raise NotADateError(value=shown(written))


def parse_period(value: Value, epoch: date = EXCEL_DAY_ZERO) -> Period:
    """Return the confidentiality period a cell means: a last day, a span, long-term, until publication.

    The words are those of the law packs (`engine.jurisdiction.period_named`); days are read as by
    `parse_date`, and of a range from a day to a day the last one counts.

    Raises:
        NotAPeriodError: none of them; or one of the errors of `parse_date` if it looks like a date.
    """
    written = plain(value)
    even = _even(written).strip("。.")
    if not isinstance(value, str):
        return _until(value, written, epoch)
    looks_like_a_day = _han_to_digits(even.replace(" ", ""))
    if not _YEAR_FIRST.match(looks_like_a_day) and not _SHORT.match(looks_like_a_day):
        for words in (written.strip(), *_as_packs_write(even)):
            for pack in pack_ids():
                with suppress(PeriodFormError):
                    return period_named(load_pack(pack), words)
    return _until(_UNTIL.sub("", _TO.split(even)[-1]), written, epoch)


def _as_packs_write(even: str) -> tuple[str, ...]:
    """Return a period as written and without its padding: 自产生之日起五年间 → 5年."""
    bare = _LASTING.sub("", _FROM_THEN.sub("", even))
    digits = _han_to_digits(bare)
    return even, bare, digits, digits.rstrip("s"), _MORE_WORDS.get(bare.replace(" ", ""), "")


def _until(value: Value, written: str, epoch: date) -> Period:
    return Period(PeriodKind.UNTIL_DATE, until=_last_day(value, written, epoch))


def _last_day(value: Value, written: str, epoch: date) -> date:
    try:
        return parse_date(value, epoch)
    except NotADateError:
        raise NotAPeriodError(value=shown(written)) from None


def _even(written: str) -> str:
    """Return the text with half-width letters, small, and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", written).lower().split())


def _english(text: str, written: str) -> date | None:
    for pattern in _ENGLISH:
        if (match := pattern.match(text)) and match["month"][:3] in _MONTHS:
            return _day(int(match["year"]), _MONTHS.index(match["month"][:3]) + 1, int(match["day"]), written)
    return None


def _serial(value: Value, text: str) -> int:
    """Return the serial day in the cell, 0 if it is none; a time of day behind the point is dropped."""
    if isinstance(value, float):
        number = int(value)
    else:
        number = int(text) if text.isdecimal() and text.isascii() else 0
    return number if _FIRST_SERIAL <= number <= _LAST_SERIAL else 0


def _era_day(match: re.Match[str], written: str) -> date:
    begins = _ERAS[_ERA_LETTERS.get(match[1], match[1])]
    count = 1 if match[2] == "元" else int(match[2])
    day = _day(begins.year + count - 1, int(match[3]), int(match[4]), written)
    if count < 1 or day < begins:
        raise ImpossibleDateError(value=shown(written))
    return day


def _day(year: int, month: int, day: int, written: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ImpossibleDateError(value=shown(written)) from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ImpossibleDateError(value=shown(written))
    return found


def _han_to_digits(text: str) -> str:
    """Return `text` with Chinese numerals as digits: 二〇二六年三月十一日 → 2026年3月11日."""
    return _HAN.sub(lambda match: _han_number(match[0]), text)


def _han_number(word: str) -> str:
    for sign, tens in (("廿", "二十"), ("卅", "三十")):
        word = word.replace(sign, tens)
    if "十" not in word:
        return "".join(str(_HAN_DIGITS[sign]) for sign in word)
    head, _, tail = word.partition("十")
    if len(head) > 1 or len(tail) > 1 or "十" in tail:
        return word
    return str((_HAN_DIGITS[head] if head else 1) * 10 + (_HAN_DIGITS[tail] if tail else 0))
