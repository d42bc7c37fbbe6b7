"""Mail: heads, bodies and attachments in the encodings of East Asia; what is encrypted; folders of mails."""

from __future__ import annotations

import pytest
from tests.fakes.open_files import eml, zipped

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.values import PartKind, Reason


def told(content, name="a.eml"):
    return {(part.label, part.member): part.text for part in extract(content, name).parts}


@pytest.mark.parametrize(
    ("codec", "subject", "body", "name"),
    [
        ("gb2312", "报价单", "请见附件。", "报价.txt"),
        ("gb18030", "合同", "第二版合同", "合同.txt"),
        ("iso-2022-jp", "見積書の件", "添付をご確認ください。", "見積書.txt"),
        ("shift_jis", "見積書", "よろしくお願いします", "図面.txt"),
        ("big5", "報價單", "請見附件", "報價.txt"),
        ("utf-8", "机密", "核心", "机密.txt"),
    ],
)
def test_a_mail_in_any_encoding(codec, subject, body, name):
    found = told(eml(codec, subject, body, name, "核心商密".encode()))
    assert f"Subject: {subject}" in found["head", ""].split("\n")
    assert found["text/plain", ""] == body
    assert found["", name] == "核心商密"


def test_an_attached_archive_is_opened():
    found = told(eml("utf-8", "s", "b", "包.zip", zipped({"内.txt": "密文".encode()}, "gbk")))
    assert found["", "包.zip!/内.txt"] == "密文"


def test_bare_letters_in_heads_are_decoded_by_their_look():
    content = (
        b"From: a@example.com\r\nTo: b@example.com\r\nSubject: " + "客户名单".encode("gbk") + b"\r\n\r\nx\r\n"
    )
    assert "Subject: 客户名单" in told(content)["head", ""]


def test_a_page_as_body():
    content = b"From: a@x\r\nTo: b@x\r\nSubject: s\r\nContent-Type: text/html; charset=gb2312\r\n\r\n"
    content += "<table><tr><td>姓名<td>电话<tr><td>张三<td>138</table>".encode("gbk")
    assert "张三" in told(content)["text/html", ""].split("\n")[-1]


@pytest.mark.parametrize(
    "kind", ["application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "application/x-pkcs7-mime"]
)
def test_an_encrypted_mail_is_told(kind):
    content = f"From: a@x\r\nTo: b@x\r\nSubject: s\r\nContent-Type: {kind}\r\n"
    content += "Content-Transfer-Encoding: base64\r\n\r\nMIIB\r\n"
    assert [each.reason for each in extract(content.encode(), "a.eml").unreadable] == [Reason.ENCRYPTED]


def test_a_mail_within_a_mail_is_a_member():
    inner = "From: c@x\r\nTo: d@x\r\nSubject: inner\r\n\r\nbody within"
    content = "From: a@x\r\nTo: b@x\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
    content += 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    content += f"Content-Type: message/rfc822\r\n\r\n{inner}"
    assert told((content + "\r\n--b--\r\n").encode())["text/plain", "message 1.eml"].strip() == "body within"


def test_a_folder_of_mails_is_read_one_by_one():
    one = "From x Mon Jan  1 00:00:00 2024\nFrom: a@x\nTo: b@x\nSubject: s{0}\n\nbody {0}\n\n"
    found = told((one.format(1) + one.format(2)).encode(), "inbox")
    assert found["text/plain", "message 2.eml"].strip() == "body 2"


def test_a_mail_without_its_end_is_reported_and_read():
    content = eml("utf-8", "s", "正文", "a.txt", b"x")
    read = extract(content[: content.index("正文".encode()) + 6], "a.eml")
    assert any(part.kind == PartKind.MESSAGE and part.text == "正文" for part in read.parts)
    assert [each.reason for each in read.unreadable] == [Reason.DAMAGED]
