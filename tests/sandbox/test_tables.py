"""Rows of chosen columns come out of a table, the key first; a look comes out masked."""

from __future__ import annotations

import json

from shoumi.sandbox.tables import Choosing, look_at, rows_in, rows_told

CONTENT = "编号,姓名,手机\nK1,陆知微,55512345678\n,没有编号,55512345679\n\nK2,何清越\n".encode()


def test_rows_keep_the_order_of_the_rule_and_those_without_a_key_are_counted():
    content, facts = rows_in(CONTENT, {"sheet": "", "columns": ["编号", "手机", "姓名"]})
    assert list(rows_told(content)) == [("K1", ["55512345678", "陆知微"]), ("K2", ["", "何清越"])]
    assert facts == {"missing": [], "rows": 2, "left": 1}


def test_missing_columns_are_named():
    assert rows_in(CONTENT, {"sheet": "", "columns": ["编号", "电话"]}) == (b"", {"missing": ["电话"]})
    assert Choosing([], ["a"]).missing == ["a"]


def test_a_line_separator_in_a_cell_parts_no_line():
    table = '编号,姓名\nK1,"a\u2028b\x85c\nd"\n'.encode()
    content, _facts = rows_in(table, {"sheet": "", "columns": ["编号", "姓名"]})
    assert list(rows_told(content)) == [("K1", ["a\u2028b\x85c\nd"])]


def test_a_look_is_masked():
    content, _facts = look_at(CONTENT, {"sheet": ""})
    assert json.loads(content)["rows"] == 3
    assert "陆知微" not in content.decode("unicode_escape")
    assert "55512345678" not in content.decode()
