"""Levels in their many spellings mean one of three; words of state secrets and mere numbers are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import load_pack, pack_ids
from shoumi.server.files.tables.levels import (
    CORE,
    GENERAL,
    IMPORTANT,
    NONE,
    WORDS,
    AmbiguousLevelError,
    NotALevelError,
    StateSecretLevelError,
    _known,
    parse_level,
    parse_post_level,
)

pairs = [
    *_known().items(),
    *(
        (word, level.rank)
        for pack in pack_ids()
        for level in load_pack(pack).levels
        for word in (
            level.id,
            level.labels.zh,
            level.labels.ja,
            level.labels.en,
            level.names.zh,
            *level.spellings,
        )
    ),
]


EXAMPLES = {
    CORE: "核心商密 核心 核心商业秘密 A级 Ａ級 極秘 Core 核心商密（A级） 核心/極秘 ★核心 一级 Ⅰ级",
    IMPORTANT: "重要商密 秘 ㊙ マル秘 【重要】 B类",
    GENERAL: "普通商密 社外秘 一般 general C",
}


@pytest.mark.parametrize(
    ("text", "level"), [(text, level) for level, texts in EXAMPLES.items() for text in texts.split()]
)
def test_spellings(text, level):
    assert parse_level(text) == level


def test_no_spelling_stands_for_two_levels():
    assert dict(pairs) == dict(reversed(pairs))


@given(
    st.sampled_from(pairs),
    st.text(" \u3000\t\n*★", max_size=3),
    st.text(" \u3000*★。", max_size=3),
    st.booleans(),
)
def test_decoration_does_not_change_a_level(pair, before, after, upper):
    word, level = pair
    assert parse_post_level(before + (word.upper() if upper else word) + after) == level


@given(st.sampled_from(sorted(WORDS.items())))
def test_what_exports_write_reads_back(item):
    assert parse_post_level(item[1]) == item[0]


@pytest.mark.parametrize("text", ["绝密", "机密", "秘密", "機密", "机密级"])
def test_levels_of_state_secrets_are_refused_in_their_own_words(text):
    with pytest.raises(StateSecretLevelError, match="state secret"):
        parse_level(text)


@pytest.mark.parametrize("text", ["1", "2级", "L3", "level 1", "3", 1])
def test_numbers_do_not_say_a_level(text):
    with pytest.raises(AmbiguousLevelError):
        parse_level(text)


@pytest.mark.parametrize("text", ["高", "", "较重要", "top", "内部资料", None])
def test_unknown_words(text):
    with pytest.raises(NotALevelError):
        parse_level(text)


def test_a_secret_has_a_level_and_a_post_may_have_none():
    assert parse_post_level("非涉密") == NONE
    with pytest.raises(NotALevelError):
        parse_level("非涉密")
