"""Long parts are read in pieces, and nothing that is found tells where they were cut."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes import identifiers as make

from shoumi.engine.inspection.recognise import Recogniser, pieces
from shoumi.engine.inspection.recognise.pieces import MOST
from shoumi.engine.inspection.values import Part, PartKind

SOURCE = random.Random(11)  # noqa: S311 - test data
VALUES = [
    f"身份证号：{make.resident_id(SOURCE)}",
    f"手机 {make.mobile(SOURCE)}",
    f"卡号:{make.bank_card(SOURCE)}",
    make.credit_code(SOURCE),
    "氏名：山田太郎 様",
    "联系人：王小明",
    "东京都千代田区丸の内1-2-3",
    "mailto:user1@example.com",
    "社外秘",
    "password=Xk9d93hfjdkQ7aZ2",
    f"kind: Secret\ndata:\n  password: {base64.b64encode(b'Xk9d93hfjdkQ7aZ2').decode()}",
]
FILLERS = ["本月会议纪要，", "前略、", "x" * 40, " ", "\n", "，", "the quick brown fox ", "12 "]
TEXTS = st.lists(st.sampled_from(VALUES + FILLERS * 3), min_size=20, max_size=80).map("".join)


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser.load()


def told(recogniser, kind, text):
    part = Part(kind, text)
    return [(each.id, each.start, each.end, each.score) for each in recogniser.findings([part])]


def cut(recogniser, kind, text, most, around=160):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "MOST", most)
        patch.setattr(pieces, "AROUND", around)
        return told(recogniser, kind, text)


@settings(max_examples=40)
@given(TEXTS, st.integers(170, 400))
def test_a_cut_changes_nothing_in_a_text(recogniser, text, most):
    assert cut(recogniser, PartKind.BODY, text, most) == told(recogniser, PartKind.BODY, text)


@settings(max_examples=15)
@given(st.integers(0, 1 << 30), st.integers(200, 400), st.sampled_from([PartKind.SHEET, PartKind.TEXT]))
def test_a_cut_changes_nothing_in_a_table(recogniser, seed, most, kind):
    source = random.Random(seed)  # noqa: S311 - test data
    makers = [make.resident_id, make.mobile, make.bank_card]
    rows = ["\t".join(maker(source) for maker in makers) for _row in range(30)]
    text = "\n".join(["身份证号\t手机\t银行卡号", *rows])
    found = told(recogniser, kind, text)
    assert len(found) == 90
    assert cut(recogniser, kind, text, most) == found


@pytest.mark.parametrize("most", [170, 260, MOST])
@pytest.mark.parametrize("kind", [PartKind.SHEET, PartKind.TEXT])
def test_the_first_row_of_a_table_alone_is_its_heads(recogniser, kind, most):
    names = [f"王{first}{second}" for first in "伟芳娜敏静" for second in "军洋勇艳杰"]
    text = "\n".join(["王姓名\t电话", *(f"{name}\t无" for name in names)])
    found = cut(recogniser, kind, text, most, around=20)
    assert [text[start:end] for _id, start, end, _score in found] == names


def test_every_letter_is_owned_once(recogniser):
    text = "".join(f"{make.mobile(SOURCE)}，手机 " for _number in range(60))
    whole = told(recogniser, PartKind.BODY, text)
    assert len(whole) == 60
    for most in range(161, 190):
        assert cut(recogniser, PartKind.BODY, text, most) == whole


def test_what_stands_across_the_real_cut_is_found(recogniser):
    token = base64.b64encode(make.filled("token: ghp_<w36>", SOURCE).encode()).decode()
    for value, name in (
        (f"卡号 {make.bank_card(SOURCE)}", "cn.bank_card"),
        (f"base64 {token}", "world.github"),
    ):
        for at in (MOST - 3, MOST - len(value) // 2):
            found = told(recogniser, PartKind.BODY, f"{'内' * at}{value}，" + "外" * 300)
            assert [each[0].startswith(name) for each in found] == [True]
