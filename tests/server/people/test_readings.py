"""Names are read as surnames are, and searched in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.server.people.readings import (
    hiragana_of,
    initials_of,
    pinyin_of,
    reading_for,
    search_text,
    words_of,
)


@pytest.mark.parametrize(
    ("name", "reading", "initials"),
    [
        ("顾清和", "gu qinghe", "gqh"),
        ("单雄信", "shan xiongxin", "sxx"),
        ("曾国", "zeng guo", "zg"),
        ("乐毅", "yue yi", "yy"),
        ("东方既白", "dongfang jibai", "dfjb"),
        ("万俟卨", "moqi xie", "mqx"),
        ("尉迟 恭", "yuchi gong", "ycg"),
        ("解", "xie", "x"),
        ("John", "", ""),
    ],
)
def test_pinyin(name, reading, initials):
    assert pinyin_of(name) == reading
    assert initials_of(name, reading) == initials


@pytest.mark.parametrize(
    ("kana", "hiragana"),
    [("カンザキ　ミオ", "かんざき みお"), ("ｶﾝｻﾞｷ ﾐｵ", "かんざき みお"), ("みお", "みお"), ("ヴ", "ゔ")],
)
def test_kana(kana, hiragana):
    assert hiragana_of(kana) == hiragana


def test_only_chinese_names_are_read_by_pinyin():
    assert reading_for(name="星野 律", reading="", country="JP") == ""
    assert reading_for(name="顾清和", reading="", country="CN") == "gu qinghe"
    assert reading_for(name="顾清和", reading="Ku Ching-ho", country="CN") == "ku ching-ho"


@given(st.text(max_size=80), st.text(max_size=32), st.sampled_from(["CN", "JP"]))
def test_any_name_can_be_searched(name, number, country):
    reading = reading_for(name=name, reading="", country=country)
    assert len(search_text(name=name, number=number, reading=reading)) <= 400
    assert all(word for word in words_of(name))
