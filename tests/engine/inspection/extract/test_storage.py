"""The compound formats (doc, xls, ppt, msg, and WPS's): text, properties, embedded files, passwords."""

from __future__ import annotations

import re

import pytest
from tests.fakes import old_files

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.extract.storage import wrapped
from shoumi.engine.inspection.values import PartKind, Reason


def told(content, name=""):
    read = extract(content, name)
    assert read.unreadable == ()
    return [(part.kind.value, part.label, part.member, part.text.strip(" \n")) for part in read.parts]


@pytest.mark.parametrize("name", ["a.doc", "a.wps"])
def test_a_document_gives_pieces_stories_properties_and_what_was_dropped_into_it(name):
    assert told(old_files.doc(), name)[1:] == [
        ("body", "", "", "plain\n正文\n姓名\t电话\n张三\t138"),
        ("note", "", "", "脚注"),
        ("header", "", "", "社外秘"),
        ("property", "title", "", "题目"),
        ("property", "author", "", "作者"),
        ("property", "company", "", "公司"),
        ("property", "MSIP_Label_x_Name", "", "核心商密"),
        ("text", "", "附件.txt", "内嵌机密材料"),
    ]


@pytest.mark.parametrize("name", ["a.xls", "a.et"])
def test_a_workbook_gives_hidden_sheets_headers_and_comments(name):
    found = told(old_files.xls(), name)
    assert ("sheet", "客户", "", "姓名\n张三\t13800000000") in found
    assert ("sheet", "藏", "", "\t藏着") in found
    assert ("header", "", "", "极秘") in found
    assert ("comment", "", "", "批注在此") in found
    assert ("property", "title", "", "表") in found


@pytest.mark.parametrize("name", ["a.ppt", "a.dps"])
def test_a_presentation_gives_slides_notes_comments_and_embedded_documents(name):
    found = told(old_files.ppt(), name)
    assert ("slide", "1", "", "标题一\nlatin box\n姓名\t电话\n姓名\t无") in found
    assert ("notes", "", "", "备注一") in found
    assert ("comment", "1", "", "讲评") in found
    assert ("body", "", "object 1", "plain\n嵌入文档") in found
    assert ("text", "", "object 1!/附件.txt", "内嵌机密材料") in found


def test_what_programs_left_between_the_records_of_a_presentation_is_passed_over():
    found = told(old_files.ppt_with_leftovers(), "a.ppt")
    assert [each[3] for each in found if each[0] == "slide"] == ["第一页", "第二页"]
    assert ("body", "layout", "", "版式") in found


def test_of_a_presentation_saved_for_two_programs_the_newer_one_is_read():
    older = {"PowerPoint Document": b"\4" * 600, "Current User": bytes(40)}
    content = old_files.ppt_with_leftovers(folder="PP97_DUALSTORAGE/", beside=older)
    assert [each[3] for each in told(content, "a.ppt") if each[0] == "slide"] == ["第一页", "第二页"]


def test_a_presentation_whose_directory_leads_beyond_its_end_is_damaged():
    read = extract(old_files.ppt_with_leftovers(lost=True), "a.ppt")
    assert [each.reason for each in read.unreadable] == [Reason.DAMAGED]
    assert "第一页" in [part.text for part in read.parts]


def test_pictures_of_a_presentation_are_kept():
    (picture,) = extract(old_files.ppt()).pictures
    assert picture.content.startswith(b"\x89PNG")


def test_a_message_gives_people_bodies_attachments_and_messages_within():
    found = told(old_files.msg(), "a.msg")
    assert found[1][3].split("\n") == ["From: sender@example.com", "Subject: 报价", "to@example.com"]
    assert ("message", "text/plain", "", "报价的正文") in found
    assert ("message", "text/html", "", "网页正文") in found
    assert ("text", "", "名单.txt", "客户名单在此") in found
    assert ("message", "text/plain", "转发", "内层的正文") in found


@pytest.mark.parametrize(
    "content",
    [
        old_files.doc(encrypted=True),
        old_files.xls(encrypted=True),
        old_files.ppt(encrypted=True),
        old_files.compound({"EncryptedPackage": bytes(64), "EncryptionInfo": bytes(64)}),
    ],
    ids=["doc", "xls", "ppt", "package"],
)
def test_a_password_is_told_and_nothing_else(content):
    read = extract(content)
    assert [each.reason for each in read.unreadable] == [Reason.ENCRYPTED]
    assert read.parts == ()


PACKAGE = {"EncryptedPackage": bytes(64), "EncryptionInfo": bytes(64)}
RIGHTS = {"\tDRMContent": bytes(64)}


@pytest.mark.parametrize("envelope", [PACKAGE, RIGHTS], ids=["password", "rights"])
@pytest.mark.parametrize(
    "open_",
    [
        lambda beside: old_files.doc("公开的说明", beside=beside),
        lambda beside: old_files.compound({"Workbook": old_files.xls_stream(), **beside}),
        lambda beside: old_files.ppt_with_leftovers(beside=beside),
    ],
    ids=["doc", "xls", "ppt"],
)
def test_what_lies_open_beside_an_encrypted_file_is_read_and_that_one_told(open_, envelope):
    read = extract(open_(envelope))
    assert [each.reason for each in read.unreadable] == [Reason.ENCRYPTED]
    assert any(re.search("公开的说明|张三|第二页", part.text) for part in read.parts)


def test_an_encrypted_file_is_told_where_the_document_beside_it_is_empty():
    read = extract(old_files.compound({"WordDocument": bytes(4096), **PACKAGE}), "a.docx")
    assert [each.reason for each in read.unreadable] == [Reason.ENCRYPTED, Reason.DAMAGED]


def test_a_storage_of_an_unknown_program_gives_the_words_in_it():
    read = extract(old_files.compound({"Data": "某图纸参数 drawing parameters".encode("utf-16-le")}))
    assert [part.text for part in read.parts] == ["某图纸参数 drawing parameters"]


def test_an_empty_storage_is_unknown():
    (closed,) = extract(old_files.compound({"Data": b""})).unreadable
    assert closed.reason == Reason.UNKNOWN


def test_a_workbook_inside_a_document_is_read():
    content = old_files.compound(
        {
            "WordDocument": b"\xec\xa5\xc1\0" + bytes(500),
            "ObjectPool/_1/Workbook": old_files.xls_stream(),
        }
    )
    read = extract(content, "a.doc")
    assert any(part.kind == PartKind.SHEET and "张三" in part.text for part in read.parts)


def test_a_wrapped_stream_can_be_opened_again():
    assert ("sheet", "藏", "", "\t藏着") in told(wrapped("Workbook", old_files.xls_stream()))


def test_pieces_that_overlap_do_not_multiply_the_file():
    content = bytearray(old_files.doc())
    place = content.index(b"\2" + (12 * 2 + 4).to_bytes(4, "little"))
    content[place + 9 : place + 13] = (2**30).to_bytes(4, "little")
    read = extract(bytes(content))
    assert Reason.DAMAGED in {each.reason for each in read.unreadable}
