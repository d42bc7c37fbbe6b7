"""One pass over the surroundings of many candidates tells what the words' patterns tell one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise.entries import words_pattern
from shoumi.engine.inspection.recognise.surroundings import surroundings

GROUPS = (("電話", "電話番号", "tel", "phone number"), ("ID", "id card", "号"), ())
WIDTH = 24
BITS = (
    "電話",
    "電話番号",
    "番",
    "号",
    "tel",
    "TEL",
    "Phone",
    " ",
    "_",
    "-",
    "\n",
    "number",
    "i",
    "D",
    "card",
    "x",
    "7",
)
ROWS = st.lists(st.lists(st.sampled_from(BITS), max_size=12).map("".join), min_size=1, max_size=5)


@given(ROWS, st.integers(0, 8), st.integers(12, WIDTH - 1))
def test_the_word_that_counts_is_the_one_the_pattern_finds(texts, low, high):
    texts = [f"{text:.<{WIDTH - 1}}"[: WIDTH - 1] for text in texts]
    rows = np.zeros((len(texts), WIDTH), np.uint16)
    rows[:, :-1] = [[ord(letter) for letter in text] for text in texts]
    read = surroundings(GROUPS)
    met = read.search(rows)
    for group, words in enumerate(GROUPS):
        where, names = read.first(met, read.groups[group, met.numbers] & read.free(met, low, high))
        told = dict(zip(where.tolist(), names, strict=True))
        found = [words_pattern(words).search(text[low:high]) for text in texts]
        assert told == {row: match[0] for row, match in enumerate(found) if match}
