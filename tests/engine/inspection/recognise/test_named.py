"""What is passed over without reading holds nothing that a word names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise import Recogniser, named
from shoumi.engine.inspection.values import Part, PartKind

BETWEEN = st.tuples(
    st.sampled_from(("", "号码", "号", "账号", "帳號", "番号", "ID", "No.")),
    st.text(" \t", max_size=3),
    st.sampled_from(("", *":：=是为はが")),
    st.text(" \t\"“「'(（", max_size=3),
).map("".join)
VALUES = ("A·12345", "B1D234", "abc_123", "12345678", "#1passwort", "٣٤٥٦٧٨", "新", "京 A12345")


@given(BETWEEN, st.sampled_from(VALUES), st.text("。的 ", max_size=2))
def test_only_what_leads_to_something_plain_is_read(between, value, behind):
    text = between + value + behind
    passed = named._BETWEEN.match(text)
    assert passed is not None
    forms = Recogniser.load().trails.forms.values()
    is_named = any(form.match(text, passed.end()) for form in forms)
    window = np.zeros((1, named._FARTHEST), np.uint16)
    letters = text[: named._FARTHEST]
    window[0, : len(letters)] = [ord(letter) for letter in letters]
    assert named._leads_to_plain(window)[0] >= is_named
    assert is_named or value not in VALUES[:5]
    assert not is_named or text[0] in named.LEADING_ON


@pytest.mark.parametrize("text", ["新A12345", "京：B1D234", "川 “粤C12345”", "沪是A12345"])
def test_a_place_of_one_letter_leads_to_a_plate_over_what_may_stand_between(text):
    assert [each.id for each in Recogniser.load().findings([Part(PartKind.BODY, text)])] == ["cn.plate"]


def test_a_letter_that_also_names_something_else_is_not_short():
    recogniser = Recogniser.load()
    kinds, addresses = recogniser.kinds, recogniser.trails.addresses
    short = named.short_words(kinds, addresses)
    assert "新" in short
    assert short.isdisjoint(place for each in addresses.values() for place in each.places)
    assert short.isdisjoint(
        word for kind in kinds if kind.way != "named" for word in (*kind.forms, *kind.behind)
    )
