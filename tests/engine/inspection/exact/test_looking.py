"""A look at a table proposes kinds, finds faults, and lets no value out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.exact import ColumnKind
from shoumi.engine.inspection.exact.looking import MOST_COLUMNS, TableLook, look

HEAD = ("编号", "姓名", "手机", "公司", "省份", "")
ROWS = [
    (f"K{n}", f"陆知微{n}", f"555{n:08}", f"甲乙{n}有限公司", "广东省" if n % 2 else "浙江省", "")
    for n in range(60)
]


def test_columns_are_what_their_names_say():
    found = look([HEAD, *ROWS])
    assert (found.rows, found.looked_at, found.faults) == (60, 60, ())
    assert [(each.name, each.kind) for each in found.columns] == [
        ("编号", ColumnKind.TEXT),
        ("姓名", ColumnKind.NAME),
        ("手机", ColumnKind.PHONE),
        ("公司", ColumnKind.COMPANY),
        ("省份", ColumnKind.TEXT),
    ]
    key, *_names, province = found.columns
    assert not key.names_rows, "K1 is too short to be looked for"
    assert found.columns[2].names_rows
    assert province.often
    assert TableLook.from_json(found.to_json()) == found


def test_faults():
    assert look([]).faults == ("no_rows",)
    assert look([("a", "", "a"), ("1", "2", "3")]).faults == ("unnamed", "named_twice")
    assert "head_is_data" in look([("K1", "555 1234 5678"), ("K2", "555 1234 5679")]).faults
    wide = look([[f"c{n}" for n in range(MOST_COLUMNS + 9)], ["x"]])
    assert wide.faults == ("many_columns",)
    assert len(wide.columns) == MOST_COLUMNS
    assert look([("a", "b"), (None, ""), ("x", 1.0)]).rows == 1, "blank rows are none"


@given(st.lists(st.text(alphabet="陆知微5山田Aa@. ", min_size=4, max_size=30), min_size=1, max_size=8))
def test_no_value_leaves_whole(values):
    found = look([("column",), *((value,) for value in values)])
    for sample, value in zip(
        found.columns[0].samples, (each.strip() for each in values if each.strip()), strict=False
    ):
        assert len(sample) == len(value)
        assert sample.count("*") * 2 >= len(value.replace(" ", ""))
