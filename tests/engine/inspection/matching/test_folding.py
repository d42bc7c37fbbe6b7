"""Spellings of one thing are equal, and places lead back to where it stood."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shoumi.engine.inspection.matching.folding import edges, fold, text_of


def folded(text):
    return text_of(fold(text)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ－１２３", "abc123"),
        ("渡邊髙﨑", "渡辺高崎"),
        ("ｶﾞｷﾞﾊﾟ", "ガギパ"),
        ("か\u3099", "が"),
        ("ﬁnal ㈱", "final(株)"),
        ("Zoe\u0308 Müller", "zoemuller"),
        ("Straße", "STRASSE"),
        ("a\u200bb\u00adc", "abc"),
        ("①", "1"),
    ],
)
def test_spellings_fold_into_one(one, other):
    assert folded(one) == folded(other)


def test_what_differs_stays_different():
    assert folded("か") != folded("が")
    assert folded("ハ") != folded("パ")


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@example("\udc000\U00010000")  # half a character that stands alone, beside a whole one
@example("\U00010000\udc00")
def test_places_ascend_and_lead_to_the_character_that_folds_so(text):
    units, places = fold(text)
    assert len(units) == len(places)
    assert (places[1:] >= places[:-1]).all()
    assert all(0 <= place < len(text) for place in places)
    for unit, place in zip(units.tolist(), places.tolist(), strict=True):
        if 0xD800 <= unit < 0xE000 or (
            place + 1 < len(text) and text[place + 1] in "\u3099\u309a\uff9e\uff9f゛゜"
        ):
            continue  # half of a character, or joined with its mark
        assert chr(unit) in folded(text[place])


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab12", "10101"),
        ("12ab", "10001"),
        ("a b", "111"),
        ("张a1伟", "11111"),
        ("张伟", "111"),
        ("1-2", "111"),
        ("", "1"),
    ],
)
def test_words_begin_where_nothing_is_cut(text, expected):
    assert "".join(str(int(flag)) for flag in edges(*fold(text))) == expected


@given(
    st.lists(st.sampled_from(["a", "中", "㈱", "ﬁ", "½", "…", "ﷺ", "㌔", " ", "ー", "ǆ", "𠮷"]), max_size=40)
)
def test_what_becomes_several_is_written_out_in_its_place(letters):
    units, places = fold("".join(letters))
    assert text_of(units) == "".join(map(folded, letters))
    assert [
        place for at, letter in enumerate(letters) for place in [at] * len(fold(letter)[0])
    ] == places.tolist()
