"""However a text is written it folds to one form, and every place leads back to where it stood."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.normalise import edges_of, fold, folded, kanji_pairs, true_places

ANY = st.text(st.characters(codec="utf-16"), max_size=60)
WIDTHLESS = "\u200b\u200d\u2060\ufeff\u00ad\ufe0f"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢｚ１２３－４", "ABz123-4"),
        ("３７０１‐０１−１", "3701-01-1"),
        ("a\u3000b\u00a0c\u2009d", "a b c d"),
        ("ﾃﾞｰﾀ ﾊﾟｽﾜｰﾄﾞ", "データ パスワード"),
        ("⼀⽅ 福", "一方 福"),
        ("𝟏𝟑𝟖𝐚", "138a"),
        ("①甲，乙、丙。", "①甲，乙、丙。"),
        ("葛\U000e0100城", "葛城"),
        ("ﾞ", "\uff9e"),
        ("", ""),
    ],
)
def test_forms_fold(written, folded):
    assert fold(written).text == folded


def test_old_forms_become_new_ones_only_when_asked():
    assert fold("髙橋 渡邊 齋藤 𠮷田").text != fold("高橋 渡辺 斉藤 吉田").text
    assert fold("髙橋 渡邊 齋藤 𠮷田", kanji=True).text == fold("高橋 渡辺 斎藤 吉田", kanji=True).text
    assert not kanji_pairs().keys() & set(kanji_pairs().values())


@given(ANY, st.booleans())
def test_folding_is_idempotent_and_places_lead_back(text, kanji):
    folded = fold(text, kanji=kanji)
    again = fold(folded.text, kanji=kanji)
    assert again.text == folded.text
    places = folded.trace.places(np.arange(len(folded.codes) + 1)).tolist()
    assert places[-1] == len(text)
    assert all(first < second for first, second in pairwise(places))
    for at, letter in enumerate(folded.text):
        if text[places[at]].isascii():
            assert letter == text[places[at]]


@given(st.lists(st.tuples(st.sampled_from("甲1a９"), st.sampled_from(["", *WIDTHLESS])), min_size=1))
def test_a_span_covers_what_was_written_and_nothing_behind(pairs):
    text = "".join(letter + gone for letter, gone in pairs)
    folded = fold(text)
    assert folded.text == "".join(letter for letter, _gone in pairs).replace("９", "9")
    start, last = folded.trace.places(np.array([0, len(pairs) - 1])).tolist()
    end = last + 1
    assert (start, text[start:end].rstrip(WIDTHLESS)) == (0, text.rstrip(WIDTHLESS))
    assert end == len(text.rstrip(WIDTHLESS))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 70)), max_size=30))
def test_true_places_of_a_mask_are_found_whether_few_or_many(runs):
    mask = np.array([flag for flag, count in runs for _ in range(count)], np.bool_)
    assert true_places(mask).tolist() == np.flatnonzero(mask).tolist()


@given(ANY | st.text(WIDTHLESS + "ｶﾞﾊﾟ葛\U000e0100𝟏髙Ａ", max_size=12))
def test_the_text_alone_is_that_of_the_fold(text):
    assert folded(text) == fold(text).text


@given(st.lists(st.integers(0, 2), max_size=12))
def test_edges_part_equal_values(values):
    edges = edges_of(np.array(values, np.int64))
    stretches = [values[first:last] for first, last in pairwise(edges)]
    assert [value for some in stretches for value in some] == values
    assert all(len(set(some)) == 1 for some in stretches)
    assert all(one[-1] != other[0] for one, other in pairwise(stretches))
