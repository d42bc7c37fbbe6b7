"""Rows come out of tables of any encoding, with their columns in any place."""

from __future__ import annotations

import openpyxl
import pytest

from shoumi.engine.inspection.exact import Column, Rule, rows_of, rows_of_csv, rows_of_workbook
from shoumi.engine.inspection.matching.errors import RuleError

RULE = Rule("x", (Column("电话"), Column("姓名")), needed=1)
EXPECTED = [("C1", ["00012345678", "陆知微"]), ("C2", ["5", "渡辺"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv(tmp_path, encoding, separator):
    path = tmp_path / "table.csv"
    lines = ["编号,姓名,备注,电话", "C1,陆知微,x,00012345678", "C2,渡辺,,5", ",无编号,,1"]
    path.write_text("\n".join(lines).replace(",", separator), encoding=encoding)
    assert list(rows_of_csv(path, RULE, "编号")) == EXPECTED


def test_csv_in_shift_jis(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes("番号,氏名\nC1,ﾔﾏﾀﾞ 髙橋\n".encode("cp932"))
    assert list(rows_of_csv(path, Rule("x", (Column("氏名"),), needed=1), "番号")) == [("C1", ["ﾔﾏﾀﾞ 髙橋"])]


def test_workbooks(tmp_path):
    path = tmp_path / "table.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["note"])
    sheet = book.create_sheet("客户")
    for row in (["姓名", "编号", "电话"], ["陆知微", "C1", "00012345678"], ["渡辺", "C2", 5]):
        sheet.append(row)
    book.save(path)
    assert list(rows_of_workbook(path, RULE, "编号", "客户")) == EXPECTED
    with pytest.raises(RuleError):
        list(rows_of_workbook(path, RULE, "编号"))
    with pytest.raises(RuleError):
        list(rows_of_workbook(path, RULE, "编号", "missing"))


def test_a_cursor_is_a_table():
    table = [("姓名", "编号", "电话"), (None, "C1", 7.0), ("渡辺", None, "1")]
    assert list(rows_of(table, RULE, "编号")) == [("C1", ["7", ""])]
    with pytest.raises(RuleError):
        list(rows_of([("姓名",)], RULE, "编号"))
