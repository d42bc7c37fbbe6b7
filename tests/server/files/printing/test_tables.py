"""Cells of tables on paper: short ones stay whole, long words break, the rest flows."""

from __future__ import annotations

import pytest

from shoumi.server.accounts.templatetags.shoumi import paper_cell


@pytest.mark.parametrize(
    ("text", "columns", "wanted"),
    [
        ("2026-11-29 04:40", 6, "short"),
        ("2026-11-29 04:40", 7, ""),  # there is no room for seven of them
        ("无须告知", 6, "short"),
        ("向个人信息保护委员会速报", 6, ""),  # wide signs count twice
        ("一行\n两行", 6, ""),
        ("a" * 64, 6, "long"),
        ("个" * 64, 6, ""),  # such text breaks anywhere by itself
    ],
)
def test_a_cell_is_short_or_long_or_flows(text, columns, wanted):
    assert paper_cell(text, columns) == wanted
