"""Values in the country's words, and those that do not fit their field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shoumi.engine.jurisdiction import LONG_TERM, UNTIL_PUBLICATION, parse_period
from shoumi.engine.jurisdiction.agreements import Facts, FieldValueError, UnknownFieldError, load_agreements
from shoumi.engine.jurisdiction.agreements.fields import clause_label, written, written_fields
from shoumi.engine.jurisdiction.noncompete import load_non_compete

CN, JP = load_agreements("cn"), load_agreements("jp")


@pytest.mark.parametrize(
    ("field", "value", "zh", "ja"),
    [
        ("contract_day", date(2026, 3, 5), "2026年3月5日", "2026年3月5日"),
        ("agreed_sum", Decimal("1200000.50"), "人民币1,200,000.50元", "1,200,000.50円"),
        ("cool_down", parse_period("P1Y6M"), "1年6个月", "1年6か月"),
        ("cool_down", parse_period("P90D"), "90日", "90日"),
        ("secrecy_period", parse_period("2029-12-31"), "至2029年12月31日止", "2029年12月31日まで"),
        ("secrecy_period", LONG_TERM, "长期", "無期限"),
        ("secrecy_period", UNTIL_PUBLICATION, "至该信息公开之日止", "当該情報が公知となるまで"),
        ("rules", (" 甲 ", "乙"), "甲、乙", "甲、乙"),
        ("person", " 林 ", "林", "林"),
    ],
)
def test_values_are_written_in_the_countrys_words(field, value, zh, ja):
    assert written(CN.forms, CN.fields[field], value) == zh
    assert written(JP.forms, JP.fields[field], value) == ja


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person", ""),
        ("person", " 　"),
        ("person", "{company}"),
        ("person", "a\nb"),
        ("person", "a\x00b"),
        ("person", "\ud800"),
        ("person", ("a",)),
        ("rules", ()),
        ("rules", ("a", " ")),
        ("rules", "a"),
        ("contract_day", datetime(2026, 1, 1, tzinfo=UTC)),
        ("contract_day", "2026-01-01"),
        ("agreed_sum", Decimal(-1)),
        ("agreed_sum", Decimal("NaN")),
        ("agreed_sum", 5),
        ("cool_down", "P1Y"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(field, value):
    with pytest.raises(FieldValueError):
        written(CN.forms, CN.fields[field], value)


@pytest.mark.parametrize("name", ["nothing", "level_name", "nc_scope"])
def test_unknown_fields_and_those_that_follow_from_facts_are_not_told(name):
    with pytest.raises(UnknownFieldError):
        written_fields(CN, Facts({}, {name: "x"}))


def test_fields_that_follow_from_facts_are_written_in_the_countrys_language():
    known = {"level": 0, "role": "manager", "leaving": "retires"}
    assert dict(written_fields(CN, Facts(known))) == {
        "level_name": "非涉密岗位", "role_name": "高级管理人员", "leaving_name": "退休",
    }  # fmt: skip
    assert written_fields(JP, Facts(known))["leaving_name"] == "定年退職"


@pytest.mark.parametrize(
    ("library", "written_as"), [(CN, "人民币8,000.01元"), (JP, "8,000円")], ids=["cn", "jp"]
)
def test_sums_of_non_competition_are_written_as_they_were_checked(library, written_as):
    sound = load_non_compete(library.pack).examples[0].agreement
    facts = Facts({}, {}, replace(sound, monthly=Decimal("8000.005") if library is CN else Decimal("8000.4")))
    assert written_fields(library, facts)["nc_monthly"] == written_as


@pytest.mark.parametrize(
    ("number", "label"),
    [(1, "第一条"), (10, "第十条"), (11, "第十一条"), (20, "第二十条"), (99, "第九十九条")],
)
def test_clauses_are_numbered_as_contracts_are(number, label):
    assert clause_label(CN.forms, number) == label
    assert clause_label(JP.forms, number) == f"第{number}条"
