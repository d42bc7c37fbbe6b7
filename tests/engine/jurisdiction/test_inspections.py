"""Inspections that come round: their points, when the next one is due, and files that must be refused."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.inspections import load_inspections, read_inspections
from shoumi.engine.jurisdiction.reading import PackFaultsError


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_each_pack_has_both_kinds_with_their_points(pack):
    found = load_inspections(pack)
    assert [kind.id for kind in found.kinds] == ["conduct", "systems"]
    assert found.origin.status == "secondary"
    assert found.kind("regular") is None
    assert {"weaknesses", "rules"} <= {point.id for point in found.kind("systems").points}


@settings(max_examples=25)
@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)))
def test_the_next_one_is_due_in_a_year_and_never_later(last):
    due = load_inspections("cn").kind("systems").due_after(last)
    assert (due.year, due.month) == (last.year + 1, last.month)
    assert due.day == last.day or (last.month, last.day, due.day) == (2, 29, 28)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("due: 2027-03-01", "due: 2027-03-02", "does not come out"),
        ("refuse: [{last: 2026-03-01, due: 2026-09-01}]",
         "refuse: [{last: 2026-03-01, due: 2027-03-01}]", "does not come out"),
        ("every_months: 12", "every_months: 0", "whole number"),
        ("remind_days: [30, 7, 1]", "remind_days: [soon]", "list of days"),
        ("id: training", "id: rules", "same id"),
        ("status: secondary", "state: secondary", "status"),
    ],
)  # fmt: skip
def test_a_file_with_faults_is_refused(tmp_path, old, new, fault):
    text = files("shoumi.packs").joinpath("cn/inspections.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn/inspections.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as caught:
        read_inspections("cn", tmp_path)
    assert any(fault in str(told) for told in caught.value.fields["faults"])
