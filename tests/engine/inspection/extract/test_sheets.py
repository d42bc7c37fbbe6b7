"""Workbooks: cells as people see them, and what is not in cells."""

from __future__ import annotations

import io
import math

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import office_files
from tests.fakes.office_files import member, with_members

from shoumi.engine.inspection.extract import ExtractLimits, extract
from shoumi.engine.inspection.extract.sheets import number
from shoumi.engine.inspection.values import PartKind, Reason


@pytest.fixture(scope="module")
def read():
    return extract(office_files.workbook(), "客户.xlsx")


def sheet(extraction, name):
    return next(p.text for p in extraction.parts if p.kind == PartKind.SHEET and p.label == name).split("\n")


def test_cells_read_as_they_are_seen(read):
    assert sheet(read, "客户") == [
        "身份证\t日期\t数\t真",
        "110101\t2024-03-05\t1.5\tTRUE",
        "13812345678\t2024-03-05 08:30:00\t0.1\t带 表 格",
        "",
        "6222020000000000",
    ]


def test_a_very_hidden_sheet_is_a_sheet_and_cells_keep_their_addresses(read):
    assert sheet(read, "藏") == ["", "", "\t\t很深"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PartKind.COMMENT, "单元格批注"),
        (PartKind.HEADER, "极秘"),
        (PartKind.PROPERTY, '"口令"&A1'),
        (PartKind.NAME, "藏"),
    ],
)
def test_what_is_not_in_cells_is_read_too(read, kind, text):
    assert text in [part.text.strip() for part in read.parts if part.kind == kind]


def test_digits_that_a_float_would_lose_come_from_the_xml():
    where = "xl/worksheets/sheet1.xml"
    long = "9" * 14 + "1234"
    xml = member(office_files.workbook(), where).replace("<v>6222020000000000</v>", f"<v>{long}</v>")
    assert long in xml
    assert sheet(extract(with_members(office_files.workbook(), {where: xml})), "客户")[4] == long


def test_a_stray_cell_in_the_last_corner_makes_no_table_of_the_whole_sheet():
    where = "xl/worksheets/sheet1.xml"
    stray = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远&amp;方</t></is></c></row></sheetData>'
    xml = member(office_files.workbook(), where).replace("</sheetData>", stray)
    rows = sheet(extract(with_members(office_files.workbook(), {where: xml})), "客户")
    assert rows[1].split("\t")[0] == "110101"
    assert rows[-1] == "\t" * 16_383 + "远&方"
    assert len(rows) == 1_048_576


def test_a_pivot_cache_outlives_its_table():
    cache = (
        '<pivotCacheRecords><r><s v="王五"/><n v="42"/></r><r><s v="赵六"/><n v="7"/></r></pivotCacheRecords>'
    )
    read = extract(with_members(office_files.workbook(), {"xl/pivotCache/pivotCacheRecords1.xml": cache}))
    assert sheet(read, "pivotCacheRecords1.xml") == ["王五\t42", "赵六\t7"]


def test_a_broken_workbook_still_gives_its_comments():
    read = extract(with_members(office_files.workbook(), {"xl/workbook.xml": "<workbook><sheets><sheet"}))
    assert {each.reason for each in read.unreadable} == {Reason.DAMAGED}
    assert any(part.kind == PartKind.COMMENT for part in read.parts)


RELATIONS = "xl/_rels/workbook.xml.rels"


def with_a_sheet_of_old_macros():
    """Return a workbook that calamine refuses as a whole."""
    content = office_files.workbook()
    sheet = member(content, "xl/worksheets/sheet2.xml")
    relations = member(content, RELATIONS).replace("worksheets/sheet2.xml", "macrosheets/sheet2.xml")
    return with_members(
        content,
        {
            RELATIONS: relations.replace("relationships/worksheet", "relationships/xlMacrosheet", 2),
            "xl/macrosheets/sheet2.xml": sheet,
        },
    )


def test_a_sheet_of_a_kind_that_calamine_does_not_know_closes_no_workbook():
    content = with_a_sheet_of_old_macros()
    with pytest.raises(python_calamine.CalamineError):
        python_calamine.load_workbook(io.BytesIO(content))
    read = extract(content, "a.xlsm")
    assert read.unreadable == ()
    assert sheet(read, "客户")[2].split("\t")[0] == "13812345678"
    assert sheet(read, "藏") == ["", "", "\t\t很深"]
    names = [part.text for part in read.parts if part.kind == PartKind.NAME]
    assert sorted(names) == sorted({*names})


def test_a_long_string_in_every_cell_is_told_no_further_than_the_limit():
    content = with_a_sheet_of_old_macros()
    cells = "".join(f'<row r="{row}"><c r="ZZ{row}" t="s"><v>0</v></c></row>' for row in range(1, 2001))
    bomb = {
        "xl/sharedStrings.xml": f"<sst><si><t>{'长' * 100_000}</t></si></sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
    }
    read = extract(with_members(content, bomb), "a.xlsm", ExtractLimits(characters=1 << 20))
    assert [each.reason for each in read.unreadable] == [Reason.TOO_LARGE]
    assert sum(len(part.text) for part in read.parts) == 1 << 20


def test_a_sheet_that_ends_within_a_row_is_told_to_be_damaged_and_read():
    where = "xl/worksheets/sheet1.xml"
    cut = member(office_files.workbook(), where).partition("</sheetData>")[0]
    read = extract(with_members(office_files.workbook(), {where: cut}))
    assert {each.reason for each in read.unreadable} == {Reason.DAMAGED}
    assert "13812345678" in sheet(read, "客户")[2]


def test_a_drawing_as_programs_write_it_is_no_damage():
    drawing = "<xml><v:shape><v:textbox><div>旁注<br>续</div></v:textbox></v:shape></xml>"
    read = extract(with_members(office_files.workbook(), {"xl/drawings/vmlDrawing9.vml": drawing}))
    assert read.unreadable == ()
    assert any("旁注\n续" in part.text for part in read.parts)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_digits(value):
    assert number(float(value)) == str(value)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_number_can_be_shown(value):
    shown = float(number(value))
    assert math.isnan(value) or math.isclose(shown, value, rel_tol=1e-14)
