"""Rows are found however they are written, and told by key."""

from __future__ import annotations

import pytest

from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex, Rule, build, update
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
RULE = Rule(
    "customers",
    (
        Column("name", ColumnKind.NAME),
        Column("phone", ColumnKind.PHONE),
        Column("company", ColumnKind.COMPANY),
        Column("mail"),
    ),
    level="important",
)
ROWS = [
    ("C1", ("陆知微", "000-0123-4567", "岱岳精密陶瓷有限公司", "lu@example.com")),
    ("C2", ("渡邊 髙志", "+81 (0)90-0000-1234", "（株）澤井製作所", "watanabe@example.com")),
    ("C3", ("Zoë Müller", "0086 01012345678", "Acme Widgets Co., Ltd.", "zoe.mueller@example.com")),
]


def found(text, index=None):
    index = index or ExactIndex.open(build(ROWS, RULE, KEY), KEY)
    return [
        (dict(finding.explanation.facts)["row"], finding.explanation.context, finding.text)
        for finding in index.findings([Part(PartKind.BODY, text)])
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("客户陆知微，电话00001234567。", "C1"),
        ("Ｌｕ＠ｅｘａｍｐｌｅ．ｃｏｍ 的陆\u200b知 微", "C1"),
        ("岱岳精密陶瓷股份有限公司的陆知微女士", "C1"),
        ("渡辺高志様 09000001234", "C2"),
        ("沢井製作所株式会社\t渡邉　高志", "C2"),
        ("+819000001234\twatanabe@example.com", "C2"),
        ("ACME WIDGETS LIMITED, Zoe Muller", "C3"),
        ("01012345678 / +86 10 1234 5678 zoe.mueller@example.com", "C3"),
    ],
)
def test_two_columns_are_enough_in_any_spelling_and_order(text, row):
    assert {each[0] for each in found(text)} == {row}


@pytest.mark.parametrize(
    "text",
    [
        "客户陆知微。",  # one column
        "客户陆知微" + "，" * 400 + "电话00001234567",  # too far
        "陆知微 watanabe@example.com",  # of two rows
        "1lu@example.com 陆知微",  # a longer word
        "陆知微 100001234567",  # a longer number
        "Acmewidgets2 Zoe Mullers",
    ],
)
def test_less_is_no_row(text):
    assert not found(text)


def test_parts_are_apart_and_places_are_told_within_them():
    index = ExactIndex.open(build(ROWS, RULE, KEY), KEY)
    assert not index.findings(
        [Part(PartKind.PAGE, "陆知微", "1"), Part(PartKind.PAGE, "lu@example.com", "2")]
    )
    parts = [Part(PartKind.PAGE, "x", "1"), Part(PartKind.PAGE, "见：lu@example.com 陆知微。", "2")]
    (finding,) = index.findings(parts)
    assert (finding.part, finding.text, finding.level) == (parts[1], "lu@example.com 陆知微", "important")


def test_an_update_adds_changes_and_removes():
    changed = update(
        build(ROWS, RULE, KEY),
        [("C1", ("陆知微", "00009999999", "", "")), ("C4", ("新客户", "00007777777", "", ""))],
        ["C3", "unknown"],
        KEY,
    )
    index = ExactIndex.open(changed, KEY)
    assert index.rows == 3
    assert not found("陆知微 lu@example.com", index)
    assert found("陆知微 00009999999", index)
    assert found("新客户 00007777777", index)
    assert not found("Acme Widgets, Zoe Müller", index)
    assert found("渡辺高志 沢井製作所", index)
