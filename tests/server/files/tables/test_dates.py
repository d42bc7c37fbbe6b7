"""Dates in every style that tables use mean one day, or are refused with the reason."""

# ruff: noqa: DTZ001 - the times in a workbook have no zone
from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import LONG_TERM, UNTIL_PUBLICATION, Period, PeriodKind
from shoumi.server.files.tables.dates import (
    EXCEL_DAY_ZERO,
    AmbiguousDateError,
    ImpossibleDateError,
    IncompleteDateError,
    NotADateError,
    NotAPeriodError,
    parse_date,
    parse_period,
)

days = st.dates(date(1955, 1, 1), date(2118, 12, 31))
HAN = "〇一二三四五六七八九"


def han(number: int) -> str:
    """Return a number below 100 as Chinese numerals."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else HAN[tens]) + "十" if tens else "") + (HAN[ones] if ones else "")


STYLES = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month}.{d.day}",
    "dotted zeros": lambda d: f"{d:%Y.%m.%d}",
    "cjk": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "cjk 号": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "cjk spaced": lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日 ",
    "compact": lambda d: f"{d:%Y%m%d}",
    "compact number": lambda d: int(f"{d:%Y%m%d}"),
    "full width": lambda d: f"{d.year}／{d.month}／{d.day}".translate(
        {ord("0") + i: 0xFF10 + i for i in range(10)}
    ),
    "with time": lambda d: f"{d.isoformat()} 08:30:00",
    "with weekday": lambda d: f"{d.year}年{d.month}月{d.day}日（{'月火水木金土日'[d.weekday()]}）",
    "with 星期": lambda d: f"{d.isoformat()} 星期{'一二三四五六日'[d.weekday()]}",
    "han": lambda d: "".join(HAN[int(digit)] for digit in str(d.year)) + f"年{han(d.month)}月{han(d.day)}日",
    "english": lambda d: f"{d:%B} {d.day}, {d.year}",
    "british": lambda d: f"{d.day} {d:%b} {d.year}",
    "serial": lambda d: (d - EXCEL_DAY_ZERO).days,
    "serial text": lambda d: str((d - EXCEL_DAY_ZERO).days),
    "serial with time": lambda d: (d - EXCEL_DAY_ZERO).days + 0.75,
    "date": lambda d: d,
    "datetime": lambda d: datetime(d.year, d.month, d.day, 23, 59),
}


@pytest.mark.parametrize("style", STYLES)
@given(day=days)
def test_every_style_means_its_day(style, day):
    assert parse_date(STYLES[style](day)) == day


@given(day=st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_reiwa(day):
    year = day.year - 2018
    for text in (
        f"R{year}.{day.month}.{day.day}",
        f"令和{year}年{day.month}月{day.day}日",
        f"r{year}/{day.month}/{day.day}",
    ):
        assert parse_date(text) == day
    if year == 1:
        assert parse_date(f"令和元年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("平成元年1月8日", date(1989, 1, 8)),
        ("H31.4.30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S.60.1.1", date(1985, 1, 1)),
        ("大正十五年十二月二十四日", date(1926, 12, 24)),
        ("平成33年3月31日", date(2021, 3, 31)),  # printed before the era ended
        ("二〇二六年廿一月", None),
    ],
)
def test_eras(text, day):
    if day:
        assert parse_date(text) == day
    else:
        with pytest.raises((NotADateError, IncompleteDateError)):
            parse_date(text)


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026/13/1", "20260231", "2026年4月31日", "0026-03-01", "令和0年3月1日", "令和1年4月30日"],
)
def test_days_that_do_not_exist(text):
    with pytest.raises(ImpossibleDateError):
        parse_date(text)


@pytest.mark.parametrize("text", ["03/04/2026", "3.4.2026", "26-3-1", "08/3/1", "260301"])
def test_days_that_could_be_two_are_never_guessed(text):
    with pytest.raises(AmbiguousDateError):
        parse_date(text)


@pytest.mark.parametrize(
    "text", ["2026", "2026年", "2026年3月", "2026-03", "202603", "3月1日", "令和8年", "R8年3月"]
)
def test_days_that_are_incomplete(text):
    with pytest.raises(IncompleteDateError):
        parse_date(text)


@pytest.mark.parametrize("value", ["昨天", "近期", "", "n/a", 7, 0.5, True, 999999, "2026-3-1-5", "二十十年"])
def test_no_dates(value):
    with pytest.raises((NotADateError, AmbiguousDateError, IncompleteDateError)):
        parse_date(value)


def test_a_workbook_that_counts_from_1904():
    assert parse_date(44620, date(1904, 1, 1)) == date(2026, 3, 1)


@given(st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_anything_is_a_day_or_one_of_the_refusals(value):
    try:
        found = parse_date(value)
    except (NotADateError, ImpossibleDateError, AmbiguousDateError, IncompleteDateError):
        return
    assert date(1868, 1, 1) <= found <= date(2199, 12, 31)


@pytest.mark.parametrize("text", ["长期", "長期", "永久", "無期限", "Long-term", "permanent", " 长 期 "])
def test_long_term(text):
    assert parse_period(text) == LONG_TERM


@pytest.mark.parametrize(
    "text", ["公布前", "公开前", "公開前", "公表まで", "until publication", "Until Published"]
)
def test_until_publication(text):
    assert parse_period(text) == UNTIL_PUBLICATION


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5年", "P5Y"),
        ("五年", "P5Y"),
        ("10年間", "P10Y"),
        ("十五年", "P15Y"),
        ("36个月", "P36M"),
        ("6ヶ月", "P6M"),
        ("1年6个月", "P1Y6M"),
        ("自产生之日起3年", "P3Y"),
        ("2 years", "P2Y"),
        ("18 months", "P18M"),
        ("P5Y", "P5Y"),
    ],
)
def test_spans(text, code):
    assert parse_period(text).code == code


@pytest.mark.parametrize("style", sorted(set(STYLES) - {"serial text", "with time", "with 星期"}))
@given(day=days)
def test_a_period_may_be_a_last_day_in_any_style(style, day):
    assert parse_period(STYLES[style](day)) == Period(PeriodKind.UNTIL_DATE, until=day)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01至2031-02-28",
        "2026.3.1～2031.2.28",
        "自2026年3月1日至2031年2月28日止",
        "令和8年3月1日から令和13年2月28日まで",
        "至2031-02-28",
        "2031年2月28日まで",
    ],
)
def test_of_a_range_the_end_counts(text):
    assert parse_period(text) == Period(PeriodKind.UNTIL_DATE, until=date(2031, 2, 28))


@pytest.mark.parametrize("text", ["很久", "5", "0年", "看情况", "-"])
def test_no_periods(text):
    with pytest.raises(NotAPeriodError):
        parse_period(text)


def test_a_period_that_looks_like_a_date_is_told_what_is_wrong_with_the_date():
    with pytest.raises(ImpossibleDateError):
        parse_period("2031-02-30")
    with pytest.raises(IncompleteDateError):
        parse_period("2031年")
