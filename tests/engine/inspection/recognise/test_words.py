"""Words are found where they stand; a word of one letter only where what stands behind it leads on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise.expressions import compile_expressions
from shoumi.engine.inspection.recognise.stretch import stretches
from shoumi.engine.inspection.recognise.words import dictionary
from shoumi.engine.inspection.values import Part, PartKind

WORDS, SHORT, ON = ("京都", "新", "京", "姓名"), ("新", "京"), "是 “AB1:"
LETTERS = "".join(sorted({*"".join(WORDS), *ON, *"ＡＢ：　的旧C\u200b\n"}))


@pytest.fixture(scope="module")
def expressions():
    return compile_expressions((), dictionary(WORDS, SHORT, ON))


@given(text=st.text(LETTERS, max_size=40))
def test_short_words_count_before_a_letter_that_leads_on(expressions, text):
    (stretch,) = stretches([Part(PartKind.BODY, text)], expressions.words.signs)
    found = expressions.find(stretch).words
    plain = stretch.text(0, stretch.length)
    wanted = {
        word: ends
        for word in WORDS
        if (
            ends := [
                at + len(word)
                for at in range(len(plain))
                if plain.startswith(word, at)
                and (word not in SHORT or (at + 1 < len(plain) and plain[at + 1] in ON))
            ]
        )
    }
    assert {word: ends.tolist() for word, ends in found.items()} == wanted
