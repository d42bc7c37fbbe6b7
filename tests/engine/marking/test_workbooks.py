"""Workbooks: every sheet's header and footer, a cover in front, and the places of sheets that are counted."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from tests.fakes.foreign_files.documents import changed, parts
from tests.fakes.foreign_files.workbooks import workbooks, written_by_xlsxwriter
from tests.fakes.marks import CHINESE, form

from shoumi.engine.marking.errors import NoRoomError
from shoumi.engine.marking.marking import Kind, mark
from shoumi.engine.marking.wording import banner_lines

FILES = workbooks()


def may_change(name: str) -> bool:
    return name.startswith(
        ("xl/worksheets/sheet", "xl/chartsheets/sheet", "[Content", "docProps/custom")
    ) or (name.endswith(".rels") or name == "xl/workbook.xml")


@pytest.mark.requirement("MRK-02", "MRK-07", "CPU-09")
@pytest.mark.parametrize("name", FILES)
def test_every_sheet_prints_the_mark_and_all_can_be_undone(name, verify):
    marked = verify(FILES[name], Kind.XLSX, may_change)
    book, before = (load_workbook(io.BytesIO(data), keep_vba=True) for data in (marked, FILES[name]))
    has_cover = not name.endswith("xlsm")
    assert len(book.sheetnames) == len(before.sheetnames) + has_cover
    if has_cover:
        cover = book.worksheets[0]
        assert [cover.cell(row, 2).value for row in range(2, 6)] == banner_lines(CHINESE)
        assert book.active.title == before.active.title
    for old in before.worksheets:
        sheet = book[old.title]
        assert [[c.value for c in row] for row in sheet.iter_rows()] == [
            [c.value for c in r] for r in old.iter_rows()
        ]
        wanted = ["odd"]
        wanted += ["even"] if old.HeaderFooter.differentOddEven else []
        wanted += ["first"] if old.HeaderFooter.differentFirst else []
        for place in wanted:
            head, foot = getattr(sheet, f"{place}Header"), getattr(sheet, f"{place}Footer")
            assert CHINESE.level in head.center.text
            assert foot.center.text
            for side in ("left", "center", "right"):
                was = getattr(getattr(old, f"{place}Header"), side).text
                assert not was or was in getattr(head, side).text
        assert set(sheet.defined_names) == set(old.defined_names)
    for data in parts(marked).values():
        for text in re.findall(rb"<(?:odd|even|first)(?:Header|Footer)>([^<]*)<", data):
            assert len(text.decode().replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")) <= 255


def test_header_elements_stand_where_the_schema_wants_them():
    order = re.compile(
        rb"</sheetData>.*(pageMargins|printOptions).*<headerFooter.*(<drawing|<legacyDrawing|<tableParts|</worksheet)",
        re.DOTALL,
    )
    for name, content in FILES.items():
        data = parts(mark(content, Kind.XLSX, CHINESE, form()))["xl/worksheets/sheet1.xml"]
        assert order.search(data), name
        behind = data[data.index(b"</headerFooter") :]
        assert b"<pageSetup" not in behind
        assert b"<pageMargins" not in behind


def test_a_full_header_gets_the_short_form_or_a_refusal():
    content = FILES["xlsxwriter-000.xlsx"]

    def filled(length):
        return changed(
            content, "xl/worksheets/sheet1.xml", lambda data: data.replace("中间".encode(), b"x" * length)
        )

    data = parts(mark(filled(190), Kind.XLSX, CHINESE, form()))["xl/worksheets/sheet1.xml"].decode()
    assert "核心商密" in data
    assert CHINESE.owner not in data
    with pytest.raises(NoRoomError):
        mark(filled(235), Kind.XLSX, CHINESE, form())


def test_local_names_and_the_active_sheet_move_with_the_cover_and_back():
    content = written_by_xlsxwriter(chart=True, first=True, table=True)
    before = parts(content)["xl/workbook.xml"]
    assert b'localSheetId="0"' in before
    assert b'activeTab="1"' in before
    after = parts(mark(content, Kind.XLSX, CHINESE, form()))["xl/workbook.xml"]
    assert b'localSheetId="1"' in after
    assert b'localSheetId="0"' not in after
    assert b'activeTab="2"' in after
