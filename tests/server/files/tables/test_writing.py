"""What is written reads back as it was, and no spreadsheet program runs it."""

# ruff: noqa: DTZ001 - the times in a workbook have no zone
from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from shoumi.server.files.tables import (
    ColumnSpec,
    Fault,
    TableFormat,
    read_table,
    write_annotated,
    write_table,
)
from shoumi.server.files.tables.cells import text_up_to

COLUMNS = (
    ColumnSpec("name", "Name", (), text_up_to(1000)),
    ColumnSpec("note", "Note", (), text_up_to(1000)),
)
DANGEROUS = [
    "=1+1",
    "+86 100 0000 0001",
    "-1+cmd",
    "@SUM(A1)",
    "\tx",
    " =1",
    "'=1",
    "''=1",
    "＝1",
    '=HYPERLINK("x")',
]


def written(rows, file_format: TableFormat) -> bytes:
    target = io.BytesIO()
    write_table(target, COLUMNS, rows, file_format=file_format, title="清单")
    return target.getvalue()


def back(data: bytes):
    return [row.values for row in read_table(io.BytesIO(data), "x").sheets[0].rows[1:]]


@pytest.mark.parametrize("file_format", TableFormat)
@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_texts_come_back_unchanged(file_format, text):
    assert back(written([[text, "x"]], file_format)) == [(text, "x")]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    rows = list(csv.reader(io.StringIO(written([[text, "x"]], TableFormat.CSV).decode("utf-8-sig"))))
    assert rows[1][0].startswith("'")


def test_a_workbook_holds_no_formula_and_quotes_what_looks_like_one():
    data = written([[text, 1] for text in DANGEROUS], TableFormat.XLSX)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    sheet = load_workbook(io.BytesIO(data)).active
    assert {sheet.cell(row, 1).data_type for row in range(2, 2 + len(DANGEROUS))} == {"s"}
    assert all(sheet.cell(row, 1).quotePrefix for row in range(2, 2 + len(DANGEROUS)))


printable = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff\u3000\u00a0\u200b"),
    min_size=1,
).filter(lambda text: text.strip() == text)


@given(st.lists(st.tuples(printable, printable), min_size=1, max_size=5))
@example([(";", ";")] * 3)  # the semicolon cuts most lines into more
@settings(max_examples=60, deadline=None)
def test_csv_round_trip(rows):
    assert back(written(rows, TableFormat.CSV)) == rows


@given(st.lists(st.tuples(printable, printable), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_xlsx_round_trip(rows):
    assert back(written(rows, TableFormat.XLSX)) == rows


def test_types_stay_in_a_workbook():
    rows = [[date(2026, 3, 1), 7], [datetime(2026, 3, 1, 8, 30), 1.5], [None, True]]
    assert back(written(rows, TableFormat.XLSX)) == [
        (datetime(2026, 3, 1), 7),
        (datetime(2026, 3, 1, 8, 30), 1.5),
        (None, True),
    ]


def test_an_unprintable_character_does_not_stop_an_export():
    assert back(written([["a\x00b", "x"]], TableFormat.XLSX)) == [("a\ufffdb", "x")]


def test_faults_are_marked_in_a_copy():
    source = read_table(io.BytesIO("工号,姓名\n1,\n,乙\n=2,丙\n".encode()), "x.csv")
    faults = [
        Fault("B2", "name", "tables.required", {"column": "姓名"}),
        Fault("A3", "number", "tables.required", {"column": "工号"}),
    ]
    target = io.BytesIO()
    write_annotated(target, source, faults)
    workbook = load_workbook(io.BytesIO(target.getvalue()))
    sheet = workbook.worksheets[0]
    assert sheet["B2"].comment.text == "“姓名” is missing."
    assert sheet["A3"].comment.text == "“工号” is missing."
    assert sheet["A2"].comment is None
    assert sheet["A4"].value == "=2"
    assert sheet["A4"].data_type == "s"
    listing = workbook.worksheets[1]
    assert [cell.value for cell in listing["A"]] == ["B2", "A3"]
