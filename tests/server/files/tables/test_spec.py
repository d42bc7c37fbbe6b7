"""Headers in any shape are understood, good rows are kept, and every fault is named at its cell."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shoumi.server.files.tables import ColumnSpec, TableSpec, best_spec, parse_sheet, read_table
from shoumi.server.files.tables.cells import (
    CellError,
    email_address,
    list_of,
    number_between,
    one_of,
    text_up_to,
)
from shoumi.server.files.tables.dates import parse_date
from shoumi.server.files.tables.header import Synonyms, label_key, match_header

KEEPER = ("责任人", "责任人姓名", "管理者")
SPEC = TableSpec(
    "test.item",
    "Items",
    (
        ColumnSpec("number", "Number", ("编号", "管理番号"), text_up_to(20), required=True),
        ColumnSpec("name", "Name", ("名称", "名称(全称)"), text_up_to(10), required=True),
        ColumnSpec("made", "Made on", ("产生日期",), parse_date, dated=True),
        ColumnSpec("keeper", "Keeper", KEEPER, text_up_to(20), blank=""),
        ColumnSpec("phone", "Phone", ("责任人电话", "联系电话"), text_up_to(20), blank=""),
    ),
    key=("number",),
)


def csv_sheet(text: str):
    return read_table(io.BytesIO(text.encode()), "x.csv").sheets[0]


def xlsx_sheet(rows, merges=()):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for merge in merges:
        workbook.active.merge_cells(merge)
    workbook.active.title = "台账"
    target = io.BytesIO()
    workbook.save(target)
    return read_table(io.BytesIO(target.getvalue()), "x.xlsx").sheets[0]


@pytest.mark.parametrize(
    "label", ["编号", " 编 号 ", "*编号", "编号（必填）", "编号：", "編號\n编号", "ＮＵＭＢＥＲ", "number*"]
)
def test_labels_are_compared_without_their_decoration(label):
    found = Synonyms([("number", ("编号", "Number", "編號编号"))]).find(label)
    assert found is not None


@given(st.text(max_size=30))
def test_any_label_can_be_compared(label):
    assert not set(label_key(label)) & set(" \t\n*：")


def test_a_title_and_a_merged_two_row_header():
    sheet = xlsx_sheet(
        [
            ["商业秘密台账", None, None, None, None, None],
            ["编号", "名称", "产生日期", "责任人", None, "其他"],
            [None, None, None, "姓名", "电话", None],
            ["S1", "配方", date(2026, 3, 1), "甲", "100 0000 0001", "x"],
        ],
        ["A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"],
    )
    header = match_header(sheet, SPEC.synonyms)
    assert (header.row, header.depth) == (2, 2)
    assert header.columns == {"number": 1, "name": 2, "made": 3, "keeper": 4, "phone": 5}
    assert [heading.label for heading in header.unused] == ["其他"]
    (row,) = parse_sheet(sheet, SPEC).rows
    assert row.values == {
        "number": "S1",
        "name": "配方",
        "made": date(2026, 3, 1),
        "keeper": "甲",
        "phone": "100 0000 0001",
    }
    assert row.cells["phone"] == "台账!E4"


def test_a_two_row_header_without_merges():
    sheet = csv_sheet("编号,名称,责任人,\n,,姓名,电话\nS1,配方,甲,100 0000 0001\n")
    parsed = parse_sheet(sheet, SPEC)
    assert not parsed.faults
    assert parsed.header.depth == 2
    assert parsed.rows[0].values["phone"] == "100 0000 0001"


def test_a_one_row_header_does_not_swallow_the_first_record():
    parsed = parse_sheet(csv_sheet("编号,名称\nS1,配方\n"), SPEC)
    assert [row.values["number"] for row in parsed.rows] == ["S1"]


def test_all_faults_are_named_and_good_rows_kept():
    sheet = csv_sheet(
        "编号,名称,产生日期\nS1,甲,2026-03-01\n,乙,2026-02-30\nS3,一二三四五六七八九十一,昨天\nS1,丁,\nS5,戊,\n"
    )
    parsed = parse_sheet(sheet, SPEC)
    assert [row.values["number"] for row in parsed.rows] == ["S1", "S5"]
    assert [(fault.cell, fault.column, fault.code) for fault in parsed.faults] == [
        ("A3", "number", "tables.required"),
        ("C3", "made", "tables.impossible_date"),
        ("B4", "name", "tables.text_too_long"),
        ("C4", "made", "tables.not_a_date"),
        ("A5", "number", "tables.duplicate_row"),
    ]
    assert parsed.faulty_rows == 3
    assert parsed.faults[0].text == "“Number” is missing."
    assert str(parsed.faults[1].location) == "C3"


def test_headings_sums_and_notes_are_left_out_and_told():
    sheet = xlsx_sheet(
        [
            ["编号", "名称", "产生日期"],
            ["一、技术信息", None, None],
            ["S1", "甲", None],
            ["合计", "1", None],
            ["注：本表由各部门填写", None, None],
        ],
        ["A2:C2"],
    )
    parsed = parse_sheet(sheet, SPEC)
    assert not parsed.faults
    assert [item.cell for item in parsed.left_out] == ["台账!A2", "台账!A4", "台账!A5"]


def test_a_lonely_value_is_a_record_with_faults_and_not_left_out():
    parsed = parse_sheet(csv_sheet("编号,名称\nS1,甲\nS2,\n"), SPEC)
    assert [fault.cell for fault in parsed.faults] == ["B3"]


def test_missing_columns_and_headers_are_one_fault():
    parsed = parse_sheet(csv_sheet("编号,产生日期\nS1,2026-03-01\n"), SPEC)
    assert [(fault.code, fault.column) for fault in parsed.faults] == [("tables.column_missing", "name")]
    parsed = parse_sheet(csv_sheet("foo,bar\n1,2\n"), SPEC)
    assert [fault.code for fault in parsed.faults] == ["tables.no_header"]


def test_a_person_corrects_the_mapping():
    sheet = csv_sheet("编号,品名,名称,产生日期\nS1,配方,全名,\n")
    header = match_header(sheet, SPEC.synonyms)
    corrected = header.corrected({"name": 2, "made": None})
    assert corrected.columns == {"number": 1, "name": 2}
    assert parse_sheet(sheet, SPEC, header=corrected).rows[0].values["name"] == "配方"


def test_a_column_given_to_another_meaning_is_taken_from_the_first():
    header = match_header(csv_sheet("编号,名称\nS1,x\n"), SPEC.synonyms)
    assert header.corrected({"keeper": 2}).columns == {"number": 1, "keeper": 2}


def test_checks_across_a_row():
    class EndsFirstError(CellError):
        code = "tables.test_ends_first"
        message = "It ends before it begins."

    spec = TableSpec(
        "test.range",
        "Ranges",
        (
            ColumnSpec("a", "From", ("从",), parse_date, dated=True),
            ColumnSpec("b", "To", ("到",), parse_date, dated=True),
        ),
        check=lambda values: [("b", EndsFirstError())] if values["b"] < values["a"] else [],
    )
    parsed = parse_sheet(csv_sheet("从,到\n2026-03-01,2026-02-01\n2026-03-01,2026-03-02\n"), spec)
    assert [(fault.cell, fault.text) for fault in parsed.faults] == [("B2", "It ends before it begins.")]
    assert len(parsed.rows) == 1


def test_the_best_description_is_the_one_whose_needs_are_met():
    other = TableSpec(
        "test.other",
        "Others",
        (
            ColumnSpec("number", "Number", ("编号",), text_up_to(9), required=True),
            ColumnSpec("name", "Name", ("名称",), text_up_to(9), required=True),
            ColumnSpec("place", "Place", ("地点",), text_up_to(9), required=True),
        ),
    )
    assert best_spec(csv_sheet("编号,名称,地点\n1,2,3\n"), [SPEC, other])[0] is other
    assert best_spec(csv_sheet("编号,名称\n1,2\n"), [other, SPEC])[0] is SPEC
    assert best_spec(csv_sheet("a,b\n1,2\n"), [SPEC, other]) is None


PARSERS = {
    "text": (
        text_up_to(5),
        {" 甲\u3000": "甲", 7.0: "7", "a  b": "a b", 2026: "2026"},
        {"123456": "tables.text_too_long", "a\x07": "tables.control_character"},
    ),
    "number": (
        number_between(0, 3),
        {"３": 3, 2.0: 2, " 1 ": 1},
        {"4": "tables.not_a_number", "x": "tables.not_a_number", 1.5: "tables.not_a_number"},
    ),
    "word": (
        one_of({"CN": ("中国", "China"), "JP": ("日本",)}),
        {"中 国": "CN", "jp": "JP", "CHINA": "CN"},
        {"KR": "tables.unknown_word"},
    ),
    "list": (
        list_of(text_up_to(5)),
        {"甲、乙，丙": ("甲", "乙", "丙"), "甲;甲": ("甲",), " ": ()},
        {"甲、123456": "tables.text_too_long"},
    ),
    "e-mail": (
        email_address,
        {" d001@example.com ": "d001@example.com"},
        {"d001": "tables.not_an_email", "a b@example.com": "tables.not_an_email"},
    ),
}


@pytest.mark.parametrize("name", PARSERS)
def test_parsers(name):
    parser, good, bad = PARSERS[name]
    assert {value: parser(value) for value in good} == good
    for value, code in bad.items():
        with pytest.raises(CellError) as caught:
            parser(value)
        assert caught.value.code == code
