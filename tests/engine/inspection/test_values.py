"""Places and masks: what a person is told of a finding, and no more."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from shoumi.engine.inspection.values import (
    Explanation,
    Finding,
    FindingKind,
    Part,
    PartKind,
    Place,
    column_name,
    findings_of,
    masked,
    place_of,
)


@given(st.integers(0, 16_383))
def test_columns_are_named_as_the_spreadsheet_names_them(column):
    assert column_name(column) == get_column_letter(column + 1)


@given(
    st.lists(st.lists(st.text("ab我", max_size=3), min_size=2, max_size=4), min_size=1, max_size=4), st.data()
)
def test_each_cell_is_found_by_its_offset(rows, data):
    part = Part(PartKind.SHEET, "\n".join("\t".join(row) for row in rows), label="客户")
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    start = sum(len("\t".join(line)) + 1 for line in rows[:row]) + sum(len(c) + 1 for c in rows[row][:column])
    end = start + len(rows[row][column])
    assert place_of(part, start, end) == Place(
        sheet="客户", cell=f"{column_name(column)}{row + 1}", start=start, end=end
    )


def test_other_parts_tell_page_paragraph_line_or_themselves():
    text = "一\n二三"
    assert place_of(Part(PartKind.PAGE, text, "7"), 2, 3).page == 7
    assert place_of(Part(PartKind.BODY, text), 2, 3).paragraph == 2
    assert place_of(Part(PartKind.TEXT, text), 2, 3).line == 2
    assert place_of(Part(PartKind.COMMENT, text, "4"), 0, 1).part == "comment 4"


def test_findings_made_by_columns_are_those_made_one_by_one():
    part = Part(PartKind.BODY, "甲乙丙丁", member="a.zip!/b")
    why = [Explanation("x"), Explanation("y", "luhn")]
    rows = [
        (FindingKind.IDENTIFIER, "x", 0.5, part, 0, 2, why[0], "a.zip!/b", ""),
        (FindingKind.MARKING, "y", 1.0, None, 1, 4, why[1], "", "core"),
    ]
    names = [field.name for field in fields(Finding)]
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    assert findings_of(columns) == [Finding(*row) for row in rows]
    assert findings_of(dict.fromkeys(names, ())) == []


@given(st.text())
def test_a_mask_keeps_the_width_and_at_most_half(text):
    covered = masked(text)
    assert len(covered) == len(text)
    letters = [letter for letter in text if not letter.isspace()]
    shown = [new for old, new in zip(text, covered, strict=True) if not old.isspace() and new != "*"]
    assert len(shown) <= len(letters) / 2
