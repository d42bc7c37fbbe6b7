"""One value is one find however it is written and wherever it stands; finds explain themselves."""

from __future__ import annotations

import logging
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes import identifiers as make

from shoumi.engine.inspection.recognise import Recogniser
from shoumi.engine.inspection.recognise.pieces import MOST as STRETCH
from shoumi.engine.inspection.values import FindingKind, Part, PartKind, place_of

SOURCE = random.Random(5)  # noqa: S311 - test data
ID = make.resident_id(SOURCE)
CARD = make.bank_card(SOURCE)
WAYS = [
    lambda text: text,
    make.wide,
    make.ZERO_WIDTH.join,
    lambda text: make.grouped(text, "6-8-4"),
    lambda text: make.grouped(text, "6-4-4-4", "-"),
    lambda text: make.wide(make.grouped(text, "6-8-4", "-")),
]
AROUND = st.text(st.sampled_from("你好，これはthe。 \n（）「」:=名前です的"), max_size=12)


def found(text: str, kind: PartKind = PartKind.BODY, **options) -> list:
    return Recogniser.load().findings([Part(kind, text)], **options)


@settings(max_examples=40)
@given(st.sampled_from(WAYS), AROUND, AROUND)
def test_a_value_is_found_however_it_is_written_and_whatever_touches_it(way, before, behind):
    value = way(ID)
    text = f"{before}号{value}的{behind}"
    finding = next(each for each in found(text) if each.id == "cn.resident_id")
    assert finding.text == value
    assert (finding.kind, finding.explanation.check) == (FindingKind.IDENTIFIER, "resident_id")


@settings(max_examples=40)
@given(st.text(max_size=200), st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_read_and_places_lie_within_it(text, more):
    parts = [Part(PartKind.BODY, each) for each in (text, *more)]
    for finding in Recogniser.load().findings(parts):
        assert 0 <= finding.start < finding.end <= len(finding.part.text)
        assert 0 < finding.score <= 1


@pytest.mark.parametrize("blank", [" ", "\u3000", "  ", "\u3000\u3000", "    "])
def test_labels_and_marks_may_be_set_wide(blank):
    (name,) = found(f"姓{blank}名：王小明")
    assert (name.id, name.text, name.explanation.context) == ("cn.person_name", "王小明", ("姓名",))
    heads = f"序{blank}号\t姓{blank}名\t卡{blank}号\n1\t王小明\t{CARD}\n2\t李大山\t{CARD}"
    told = [each.explanation.context[0].replace(" ", "") for each in found(heads, PartKind.SHEET)]
    assert told == ["姓名", "卡号"] * 2
    (mark,) = found(f"密{blank}级：机{blank}密")
    assert (mark.id, mark.text) == ("cn.state_secret", f"机{blank}密")


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("负责人", "商务部"),
        ("联系人", "管理员"),
        ("担当", "千葉支店"),
        ("担当者", "西日本"),
        ("数量", make.mobile(SOURCE)),
        ("売上", f"090{make.mobile(SOURCE)[3:]}"),
        ("商品", make.barcode(SOURCE)),
        ("章节", "3.1.2.4"),
    ],
)
def test_what_only_looks_like_one_in_a_column_is_none(head, cell):
    assert found(f"序号\t{head}\n1\t{cell}\n2\t{cell}", PartKind.SHEET) == []


def test_the_head_of_a_column_is_context():
    sheet = Part(PartKind.SHEET, f"姓名\t卡号\n王小明\t{CARD}\n李大山\t{CARD}", "客户")
    finds = Recogniser.load().findings([sheet])
    cards = [each for each in finds if each.id == "cn.bank_card"]
    assert [place_of(sheet, each.start, each.end).cell for each in cards] == ["B2", "B3"]
    assert {each.explanation.context for each in cards} == {("卡号",)}
    assert [each.text for each in finds if each.id == "cn.person_name"] == ["王小明", "李大山"]


def test_a_column_that_names_another_number_speaks_against_it():
    assert not [
        each
        for each in found(f"客户,订单号\n甲,{CARD}\n乙,{CARD}\n", PartKind.TEXT)
        if each.id == "cn.bank_card"
    ]


def test_context_raises_the_score_and_is_told():
    bare, told = (
        next(each for each in found(text) if each.id == "cn.bank_card") for text in (CARD, f"卡号 {CARD}")
    )
    assert bare.score < told.score
    assert (bare.explanation.context, told.explanation.context) == ((), ("卡号",))


def test_finds_beyond_the_cap_are_counted_exactly():
    rows = "\n".join(make.mobile(SOURCE) for _row in range(50))
    finds = [each for each in found(f"手机,编号\n{rows}", most=10) if each.id == "cn.mobile"]
    assert (len(finds), sum(each.count for each in finds)) == (10, 50)
    assert [each.count for each in finds[:-1]] == [1] * 9


def test_long_parts_are_cut_at_lines_and_places_stay_right():
    line = "这是一行没有内容的文字\n"
    text = line * (STRETCH // len(line)) + f"证件{ID}有效\n" + line * 100
    parts = [Part(PartKind.BODY, "短"), Part(PartKind.BODY, text), Part(PartKind.BODY, f"x {ID}")]
    finds = [each for each in Recogniser.load().findings(parts) if each.id == "cn.resident_id"]
    assert [(each.part is part, each.text) for each, part in zip(finds, parts[1:], strict=True)] == [
        (True, ID)
    ] * 2


def test_only_the_better_of_two_overlapping_finds_is_told():
    names = [each.id for each in found(f"身份证 {ID}")]
    assert names == ["cn.resident_id"]


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        (PartKind.HEADER, "核心商密 | 图纸", ["cn.core_secret"]),
        (PartKind.BODY, "绝密★启用前", ["cn.state_secret"]),
        (PartKind.BODY, "本文讨论机密信息的一般保护方法", []),
        (PartKind.FOOTER, "株式会社例 社外秘", ["jp.company_only"]),
        (PartKind.SHEET, "件名\t秘\n甲\t乙", ["jp.secret"]),
        (PartKind.NAME, "【関係者外秘】計画.docx", ["jp.concerned_only"]),
    ],
)
def test_marks_are_told_from_mentions(kind, text, names):
    assert [each.id for each in found(text, kind) if each.kind == FindingKind.MARKING] == names


def test_a_mention_of_a_plain_mark_scores_less_than_a_mark():
    mention, mark = (found(text)[0].score for text in ("社外秘の資料を社外に持ち出した場合の規程", "社外秘"))
    assert mention < mark


def test_only_the_kinds_asked_for_are_told():
    only = Recogniser.load(kinds=["world.email"])
    assert {each.id for each in only.findings([Part(PartKind.BODY, f"{ID} a@example.com")])} == {
        "world.email"
    }


def test_a_canary_never_reaches_a_log(caplog):
    canary = f"CANARY{make.digits(SOURCE, 20)}"
    caplog.set_level(logging.DEBUG)
    for kind in Recogniser.load().catalogue.kinds:
        texts = [make.filled(example, SOURCE) for example in (*kind.match, *kind.refuse)]
        parts = [Part(PartKind.BODY, f"{canary} {text} password='{canary}' {ID}", canary) for text in texts]
        Recogniser.load().findings(parts, canary)
    assert canary not in caplog.text
    assert ID not in caplog.text
