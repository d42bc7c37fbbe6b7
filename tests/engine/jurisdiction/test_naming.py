"""The words of companies' own ledgers: understood or refused, never guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    PeriodFormError,
    ReservedLevelError,
    UnknownCategoryError,
    UnknownLevelError,
    category_named,
    level_named,
    load_pack,
    period_named,
)

CN, JP = load_pack("cn"), load_pack("jp")


@pytest.mark.parametrize(
    "text", ["核心商密", " 核心商密\n", "核 心 商 密", "核心商业秘密", "Ｃｏｒｅ", "CORE", "極秘"]
)
def test_blanks_case_and_width_do_not_matter(text):
    assert level_named(CN, text).id == "core"


@pytest.mark.parametrize(("pack", "text"), [(CN, "绝密"), (CN, " 机 密 "), (CN, "秘密"), (JP, "特定秘密")])
def test_grades_of_the_state_are_refused_by_name(pack, text):
    with pytest.raises(ReservedLevelError):
        level_named(pack, text)


@given(st.text(max_size=12))
def test_any_text_is_a_known_word_or_refused(text):
    for pack in (CN, JP):
        with suppress(UnknownLevelError, ReservedLevelError):
            assert level_named(pack, text) in pack.levels
        with suppress(UnknownCategoryError):
            assert category_named(pack, text) in pack.categories
        with suppress(PeriodFormError):
            assert period_named(pack, text).code


@pytest.mark.parametrize("text", ["", " ", "　"])
def test_nothing_means_nothing(text):
    with pytest.raises(UnknownLevelError):
        level_named(CN, text)
    with pytest.raises(UnknownCategoryError):
        category_named(CN, text)
    with pytest.raises(PeriodFormError):
        period_named(CN, text)


@given(st.integers(1, 99), st.integers(1, 11), st.integers(1, 300))
def test_counts_with_units_in_both_languages(years, months, days):
    code = f"P{years}Y{months}M{days}D"
    assert period_named(CN, f"{years}年{months}个月{days}天").code == code
    assert period_named(JP, f"{years}年 {months}ヶ月 {days}日間").code == code
    assert period_named(CN, f"{years} years {months} months {days} days").code == code


@pytest.mark.parametrize(
    "text", ["until_date", "span", "至指定日期", "3年3年", "3", "年", "3世纪", "1.5年", "-3年"]
)
def test_a_kind_without_its_number_is_no_period(text):
    with pytest.raises(PeriodFormError):
        period_named(CN, text)
