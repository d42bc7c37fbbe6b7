"""OpenDocument: tables with their addresses, what stands apart, passwords."""

from __future__ import annotations

import pytest
from tests.fakes.open_files import odf

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.values import PartKind, Reason


def told(content):
    read = extract(content)
    assert read.unreadable == ()
    return {(part.kind, part.label): part.text for part in read.parts}


def test_a_text_has_paragraphs_rows_notes_comments_and_deletions():
    found = told(
        odf(
            "text",
            "<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>底价</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            "<text:p>13<text:span>80</text:span>0<text:s/>x<text:note><text:note-citation>1</text:note-citation>"
            "<text:note-body><text:p>脚注</text:p></text:note-body></text:note></text:p>"
            "<table:table table:name='t'><table:table-row><table:table-cell><text:p>甲</text:p>"
            "<text:p>乙</text:p>"
            "</table:table-cell><table:table-cell><text:p>丙&amp;丁</text:p></table:table-cell></table:table-row>"
            "</table:table><text:p>末<office:annotation><dc:creator>某</dc:creator><text:p>批注</text:p>"
            "</office:annotation></text:p></office:text>",
        )
    )
    assert found[PartKind.BODY, ""] == "13800 x1\n甲 乙\t丙&丁\n末"
    assert found[PartKind.NOTE, ""] == "脚注"
    assert found[PartKind.DELETED, ""] == "底价"
    assert found[PartKind.COMMENT, ""] == "某\n批注"
    assert found[PartKind.HEADER, ""] == "社外秘"
    assert found[PartKind.PROPERTY, "title"] == "题目"
    assert found[PartKind.PROPERTY, "部门"] == "研发"


def test_cells_of_a_sheet_keep_their_addresses_whatever_is_repeated():
    found = told(
        odf(
            "spreadsheet",
            "<office:spreadsheet><table:table table:name='客户'>"
            "<table:table-row table:number-rows-repeated='2'><table:table-cell/></table:table-row>"
            "<table:table-row><table:table-cell table:number-columns-repeated='2'/>"
            "<table:table-cell table:number-columns-repeated='2'><text:p>138</text:p></table:table-cell>"
            "<table:table-cell><text:p>末</text:p></table:table-cell>"
            "<table:table-cell table:number-columns-repeated='16379'/></table:table-row>"
            "<table:table-row table:number-rows-repeated='1048573'><table:table-cell/></table:table-row>"
            "</table:table></office:spreadsheet>",
        )
    )
    assert found[PartKind.SHEET, "客户"] == "\n\n\t\t138\t\t末"
    assert found[PartKind.NAME, "客户"] == "客户"


def test_slides_and_their_notes_carry_numbers():
    slide = (
        "<draw:page><draw:text-box><text:p>题{0}</text:p></draw:text-box>"
        "<presentation:notes><text:p>注{0}</text:p></presentation:notes></draw:page>"
    )
    found = told(odf("presentation", slide.format(1) + slide.format(2)))
    assert found[PartKind.SLIDE, "2"] == "题2"
    assert found[PartKind.NOTES, "2"] == "注2"


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_a_password_is_told(kind):
    read = extract(odf(kind, "", encrypted=True))
    assert [each.reason for each in read.unreadable] == [Reason.ENCRYPTED]
    assert read.parts == ()
