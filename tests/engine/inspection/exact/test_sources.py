"""Rows come out of tables of any encoding, with their columns in any place."""

from __future__ import annotations

import openpyxl
import pytest

from shoumi.engine.inspection.exact import Column, Rule, rows_of, rows_of_csv, rows_of_workbook
from shoumi.engine.inspection.exact.sources import cells_in, tables_in
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp932"])
def test_the_cells_of_a_text_are_read_without_knowing_its_columns(encoding):
    lines = [["顧客番号", "氏名", "住所"], ["C1", "山田 太郎", "東京都の住所です"], ["C2", 'a "b"', "x\ny"]]
    written = "\n".join(
        "\t".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines
    )
    content = written.encode(encoding)
    assert list(cells_in(content)) == lines
    assert tables_in(content) == ()


def test_the_cells_of_a_workbook_are_read_from_its_bytes(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "first"
    book.create_sheet("客户").append(["姓名", 5])
    book.save(tmp_path / "table.xlsx")
    content = (tmp_path / "table.xlsx").read_bytes()
    assert tables_in(content) == ("first", "客户")
    assert list(cells_in(content, "客户")) == [["姓名", 5]]
    with pytest.raises(RuleError):
        list(cells_in(content, "none"))
