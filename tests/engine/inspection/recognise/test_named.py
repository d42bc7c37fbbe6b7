"""What is passed over without reading holds nothing that a word names."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise import Recogniser, named

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
