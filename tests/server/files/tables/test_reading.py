"""Reading hostile, damaged and ordinary files: typed values at their addresses, or one clear refusal."""

# ruff: noqa: DTZ001 - the times in a workbook have no zone
from __future__ import annotations

import bz2
import contextlib
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from shoumi.server.files.tables import Limits, read_table
from shoumi.server.files.tables.separated import detect_encoding, detect_separator
from shoumi.server.files.tables.sheets import (
    CellTrouble,
    DamagedTableError,
    EmptyTableError,
    LockedWorkbookError,
    TableFileError,
    TableTooLargeError,
    UnknownTableFormatError,
    column_letters,
    spread_down,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook_bytes(fill) -> bytes:
    workbook = Workbook()
    fill(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def read(data: bytes, name: str = "名册.xlsx", limits: Limits | None = None, encoding: str | None = None):
    return read_table(io.BytesIO(data), name, limits, encoding=encoding)


def with_part(data: bytes, path: str, change, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """Return the workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for member in source.infolist():
            part = source.read(member)
            kind = compression if member.filename == path else zipfile.ZIP_DEFLATED
            copy.writestr(member.filename, change(part) if member.filename == path else part, kind)
    return target.getvalue()


@pytest.fixture(scope="module")
def roster() -> bytes:
    def fill(workbook):
        sheet = workbook.active
        sheet.title = "花名册"
        sheet.append(["商密人员花名册"])
        sheet.merge_cells("A1:D1")
        sheet.append(["工号", "姓名", "部门", "入职日期"])
        sheet.append(["0007", "顾清和", "研发部", date(2026, 3, 1)])
        sheet.append([8, "神崎 澪", None, datetime(2026, 3, 2, 8, 30)])
        sheet.merge_cells("C3:C4")
        sheet["B6"] = "#REF!"
        sheet["C6"] = "=1+1"
        workbook.create_sheet("空")

    return workbook_bytes(fill)


def test_values_are_typed_and_addressed(roster):
    table = read(roster)
    (sheet,) = table.sheets
    assert sheet.name == "花名册"
    assert [row.number for row in sheet.rows] == [1, 2, 3, 4, 6]
    assert sheet.rows[2].values == ("0007", "顾清和", "研发部", datetime(2026, 3, 1))
    assert sheet.rows[3].values == (8, "神崎 澪", None, datetime(2026, 3, 2, 8, 30))
    assert sheet.address(3, 2) == "花名册!B3"


def test_errors_and_uncalculated_formulas_are_told_apart_from_blanks(roster):
    last = read(roster).sheets[0].rows[-1]
    assert last.values == (None, CellTrouble.ERROR, CellTrouble.FORMULA)


def test_vertical_merges_reach_all_their_rows(roster):
    sheet = read(roster).sheets[0]
    assert [row.value(3) for row in spread_down(sheet.rows, sheet.merges)][2:4] == ["研发部", "研发部"]


def test_the_claimed_dimension_is_not_believed(roster):
    lying = with_part(
        roster, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'ref="A1:D6"', b'ref="A1:A1"')
    )
    assert read(lying).sheets == read(roster).sheets


@pytest.mark.parametrize(
    ("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_column_letters(column, letters):
    assert column_letters(column) == letters


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(rows=3), "rows"),
        (Limits(columns=3), "columns"),
        (Limits(cells=5), "cells"),
        (Limits(file_bytes=100), "bytes"),
        (Limits(unpacked_bytes=1000), "bytes when unpacked"),
        (Limits(members=3), "files inside"),
        (Limits(sheets=1), "sheets"),
        (Limits(cell_characters=4), "characters in one cell"),
    ],
)
def test_each_limit_is_kept(roster, limits, what):
    with pytest.raises(TableTooLargeError) as caught:
        read(roster, limits=limits)
    assert caught.value.fields["what"] == what


def test_a_zip_bomb_costs_nothing(roster):
    bomb = with_part(
        roster, "xl/worksheets/sheet1.xml", lambda part: part[:-12] + b" " * 400 * 1024**2 + part[-12:]
    )
    assert len(bomb) < 1024**2
    with pytest.raises(TableTooLargeError):
        read(bomb)


def test_a_lying_size_in_the_directory_does_not_help(roster):
    """The unpacked size is written in the file itself; unpacking stops there and the checksum fails."""
    data = bytearray(with_part(roster, "xl/styles.xml", lambda part: part + b" " * 1024**2))
    at = data.rfind(b"xl/styles.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    with pytest.raises(DamagedTableError):
        read(bytes(data))


def test_other_compressions_are_refused(roster):
    """Only deflate can be unpacked piece by piece in Python; a bzip2 bomb would unpack at once."""
    assert len(bz2.compress(b" " * 1024**2)) < 100
    packed = with_part(roster, "xl/styles.xml", lambda part: part, zipfile.ZIP_BZIP2)
    with pytest.raises(DamagedTableError):
        read(packed)


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_declarations_are_refused(roster, part, encoding):
    entity = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50}">]>'

    def plant(xml: bytes) -> bytes:
        text = xml.decode().partition("?>")[2] if xml.startswith(b"<?xml") else xml.decode()
        return f'<?xml version="1.0" encoding="{encoding}"?>{entity}{text}'.encode(encoding)

    with pytest.raises(DamagedTableError) as caught:
        read(with_part(roster, part, plant))
    assert "document type" in str(caught.value)


def test_rows_out_of_order_are_refused_not_lost(roster):
    swapped = with_part(
        roster, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'<row r="4"', b'<row r="2"')
    )
    with pytest.raises(DamagedTableError):
        read(swapped)


def test_deep_nesting_is_refused(roster):
    deep = b"<x>" * 5000 + b"</x>" * 5000
    with pytest.raises(DamagedTableError):
        read(
            with_part(
                roster,
                "xl/worksheets/sheet1.xml",
                lambda part: part.replace(b"</sheetData>", deep + b"</sheetData>"),
            )
        )


def test_far_away_merges_cost_nothing(roster):
    wide = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = with_part(
        roster,
        "xl/worksheets/sheet1.xml",
        lambda part: part[: part.index(b"<mergeCells")] + wide + part[part.index(b"</mergeCells>") + 13 :],
    )
    sheet = read(data).sheets[0]
    assert len(list(spread_down(sheet.rows, sheet.merges))) == 5


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_every_damage_is_one_refusal_or_still_a_table(data):
    """Cut, overwritten and stuffed files never end in another exception than ours."""
    global _ROSTER  # noqa: PLW0603 - built once, hypothesis has no module fixtures
    _ROSTER = _ROSTER or workbook_bytes(lambda w: w.active.append(["工号", "姓名", 1.5, date(2026, 3, 1)]))
    broken = bytearray(_ROSTER)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    if data.draw(st.booleans()):
        del broken[data.draw(st.integers(1, len(broken) - 1)) :]
    with contextlib.suppress(TableFileError):
        read(bytes(broken))


_ROSTER = b""


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_one_refusal_or_a_table(data):
    try:
        table = read(data, "x.csv")
    except TableFileError:
        return
    assert table.sheets


def test_old_and_locked_workbooks_say_what_to_do():
    with pytest.raises(LockedWorkbookError, match="password"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.xls")


def test_pictures_and_empty_files_are_refused():
    with pytest.raises(UnknownTableFormatError):
        read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 100, "bild.png")
    with pytest.raises(EmptyTableError):
        read(b"", "leer.csv")
    with pytest.raises(EmptyTableError):
        read(workbook_bytes(lambda _workbook: None))


CHINESE = "工号,姓名,部门\r\n0007,顾清和,研发部\r\n0008,沈若溪,保密办公室\r\n"
JAPANESE = "社員番号,氏名,フリガナ,部署\r\n0007,神崎 澪,カンザキ ミオ,技術営業部\r\n"
JAPANESE_WITHOUT_KANA = "番号,氏名,部署\r\n7,神崎澪,技術営業部\r\n8,星野律,技術営業部\r\n9,月島凪,製造部\r\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE_WITHOUT_KANA, "cp932", "cp932"),
        (JAPANESE, "utf-8", "utf-8"),
    ],
)
def test_encodings_are_found(text, encoding, found):
    data = text.encode(encoding)
    assert detect_encoding(data) == found
    assert [row.values for row in read(data, "x.csv").sheets[0].rows] == [
        tuple(line.split(",")) for line in text.splitlines()
    ]


def test_a_wrong_guess_can_be_overruled():
    data = "姓名\r\n顾清和\r\n".encode("gb18030")
    assert read(data, "x.csv", encoding="gb18030").sheets[0].rows[1].values == ("顾清和",)
    with pytest.raises(DamagedTableError) as caught:
        read(b"a\r\nb\r\n\xff\xff", "x.csv", encoding="utf-8")
    assert caught.value.location.line == 3


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(separator):
    text = "\n".join(
        separator.join(row) for row in (["工号", "姓名", '"a,b;c"'], ["1", "x", "y"], ["2", "", ""])
    )
    assert detect_separator(text) == separator


def test_quoted_line_breaks_keep_the_row_numbers_a_spreadsheet_shows():
    rows = read(b'a,b\n"x\ny",1\n\nz,2\n', "x.csv").sheets[0].rows
    assert [(row.number, row.values) for row in rows] == [
        (1, ("a", "b")),
        (2, ("x\ny", "1")),
        (4, ("z", "2")),
    ]


def test_an_open_quote_is_refused_with_its_line():
    with pytest.raises(DamagedTableError) as caught:
        read(b'a,b\n"x,1\n', "x.csv")
    assert caught.value.location.line == 2
