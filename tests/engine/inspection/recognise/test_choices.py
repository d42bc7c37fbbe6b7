"""Choices of words: the same matches as the words written one beside the other, longest first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise.choices import all_but, any_of

letters = st.sampled_from("ab田中]^-")
words = st.lists(st.text(letters, max_size=4), max_size=20)


@given(words, st.text(letters, max_size=12), st.text(letters, max_size=2))
def test_a_choice_matches_what_its_words_match(words: list[str], text: str, behind: str) -> None:
    plain = "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True)) if words else "(?!)"
    rest = re.escape(behind)
    for one, other in zip(
        re.finditer(any_of(words) + rest, text), re.finditer(f"(?:{plain}){rest}", text), strict=True
    ):
        assert one.span() == other.span()


def test_many_choices_ask_for_the_first_letter_at_once() -> None:
    many = [chr(0x4E00 + number) + "山" for number in range(20)]
    assert any_of(many).startswith("(?:(?=[")
    assert all(re.fullmatch(any_of(many), word) for word in many)
    assert not re.search(any_of(many), "山山")


@pytest.mark.parametrize("out", ["", "a", "f", "c", "cd", "acf", "xyz"])
def test_a_class_holds_all_letters_but_those_left_out(out: str) -> None:
    held = re.compile(f"[{all_but('a', 'f', out)}]")
    assert {letter for letter in "abcdefgx" if held.match(letter)} == set("abcdef") - set(out)
