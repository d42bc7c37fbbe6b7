"""Documents: every place where text stands, and what belongs together stays together."""

from __future__ import annotations

import pytest
from tests.fakes import office_files

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.values import PartKind, Reason


def texts(extraction, kind, member=""):
    return [part.text.strip() for part in extraction.parts if part.kind == kind and part.member == member]


@pytest.fixture(scope="module")
def read():
    return extract(office_files.document(), "合同.docx")


def test_the_body_has_paragraphs_and_table_rows_as_lines(read):
    body = texts(read, PartKind.BODY)[0].split("\n")
    assert body[:4] == ["正文第一段", "姓名\t电话", "张三\t13800000000", "外侧"]


def test_a_value_over_several_runs_is_one(read):
    assert "13800000000" in texts(read, PartKind.BODY)[0].split("\n")


def test_inserted_text_is_in_the_body_and_deleted_text_apart(read):
    assert "插入价格" in texts(read, PartKind.BODY)[0].split("\n")
    assert texts(read, PartKind.DELETED) == ["删除底价"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PartKind.BODY, "框内机密"),
        (PartKind.BODY, "隐藏客户"),
        (PartKind.HEADER, "社外秘"),
        (PartKind.FOOTER, "页脚编号"),
        (PartKind.COMMENT, "批注&意见"),
        (PartKind.NOTE, "脚注出处"),
        (PartKind.PROPERTY, "题目"),
        (PartKind.PROPERTY, "核心商密"),
        (PartKind.PROPERTY, "{00000000-0000-0000-0000-00000000abcd}"),
        (PartKind.PROPERTY, 'HYPERLINK "mailto:a@example.com"'),
    ],
)
def test_hidden_places_are_read(read, kind, text):
    assert texts(read, kind).count(text) == 1


def test_an_embedded_workbook_is_a_member(read):
    assert texts(read, PartKind.COMMENT, "word/embeddings/oleObject1.xlsx") == ["单元格批注"]


def test_nothing_stays_closed(read):
    assert read.unreadable == ()


def test_a_document_type_declaration_is_damage_and_its_entities_stay_as_written():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:p><w:t>明文&b;</w:t></w:p>'
    read = extract(office_files.with_members(office_files.document(), {"word/document.xml": bomb}))
    assert [(each.reason, each.member) for each in read.unreadable] == [(Reason.DAMAGED, "word/document.xml")]
    assert texts(read, PartKind.BODY)[0] == "明文&b;"


def test_a_part_cut_short_gives_what_it_has_and_is_reported():
    body = office_files.member(office_files.document(), "word/document.xml")
    content = office_files.with_members(
        office_files.document(), {"word/document.xml": body[: body.index("张三")]}
    )
    read = extract(content)
    assert texts(read, PartKind.BODY)[0].startswith("正文第一段\n姓名")
    assert [each.reason for each in read.unreadable] == [Reason.DAMAGED]
