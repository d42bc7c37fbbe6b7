"""The letters of many texts are those of their folded forms, each with the sign of what it folds to."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from shoumi.engine.inspection.normalise import fold, fold_table
from shoumi.engine.inspection.recognise.letters import MARGIN, OTHER, letters_of, signs_of

WORDS = ("身份证", "様", "氏名", "カナ", "東京都")
SIGNS = signs_of(WORDS)
ODD = "aカｶﾞﾟ９－ー・中証\0\n\u200b\ufeff\ufe0f😀𝟏𠮷\U000e0100\ud83d\udd0e\uffff"
TEXTS = st.lists(
    st.text(st.one_of(st.sampled_from(ODD), st.characters()), max_size=12), min_size=1, max_size=4
)


@given(TEXTS)
@example(["\ud83d", "\udd0e"])
@example(["\ud83d\udd0e😀", "ｶﾞﾟ\U000e0100", ""])
@example(["身" * 300_000 + "\u200b", "😀"])
@example(["ｶ" * (1 << 18) + "ﾞﾞa", "a" * (1 << 18), "９"])
@example(["\u200b身" * 200])
def test_letters_and_places_are_those_of_the_folded_text(texts):
    letters, folded = letters_of(texts, SIGNS), fold("\0".join(texts))
    codes = fold_table().take(letters.codes[MARGIN:-MARGIN])
    assert codes.tolist() == folded.codes.tolist()
    assert letters.trace.gone.tolist() == folded.trace.gone.tolist()
    assert (letters.trace.count, letters.trace.length) == (folded.trace.count, folded.trace.length)
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    assert letters.begins.tolist() == starts
    plain = folded.codes < OTHER
    signs = letters.signs[MARGIN:-MARGIN]
    assert (signs[plain] == folded.codes[plain]).all()
    assert len(signs) == len(codes)
    assert not letters.signs[:MARGIN].any()
    assert not letters.signs[-MARGIN:].any()


def test_letters_of_words_have_signs_that_other_letters_have_not():
    signs = letters_of(["身份证様氏名カナ東京都", "甲乙丙，。"], SIGNS).signs[MARGIN:-MARGIN]
    inside, outside = signs[:11], signs[12:]
    assert (inside > OTHER).all()
    assert (outside == OTHER).all()
    assert np.count_nonzero(inside == inside[3]) == 1
    assert [bytes(SIGNS.spelled(word)) for word in ("様", "-a")] == [bytes(inside[3:4]), b"-a"]
