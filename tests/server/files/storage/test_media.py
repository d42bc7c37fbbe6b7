"""The kind of a content comes from its bytes; a name that promises something else is flagged."""

from __future__ import annotations

import io
import struct
import zipfile

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shoumi.server.files.storage.media import UNKNOWN, recognise

CHINESE = "本规定所称商业秘密，是指不为公众所知悉、具有商业价值并经权利人采取相应保密措施的技术信息。"
JAPANESE = "この規程において営業秘密とは、秘密として管理されている技術上又は営業上の情報をいう。"
OOXML = "application/vnd.openxmlformats-officedocument"


def found(raw: bytes, name="x"):
    return recognise(io.BytesIO(raw), name)


def zipped(members: dict[str, str], *, stored=False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def saved(thing, **how) -> bytes:
    out = io.BytesIO()
    thing.save(out, **how)
    return out.getvalue()


def compound(names: list[str], directory_sector=1) -> bytes:
    """A compound file of 512-byte sectors with nothing but a table (sector 0) and a directory."""
    sectors = -(-len(names) // 4)
    table = [0xFFFFFFFD, *[index + 2 for index in range(sectors - 1)], 0xFFFFFFFE]
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<I", header, 48, directory_sector)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    entries = bytearray(sectors * 512)
    for index, name in enumerate(names):
        encoded = name.encode("utf-16-le")
        entries[index * 128 : index * 128 + len(encoded)] = encoded
        struct.pack_into("<H", entries, index * 128 + 64, len(encoded) + 2)
    return bytes(header) + fat + bytes(entries)


@pytest.mark.parametrize(
    ("name", "raw", "media_type"),
    [
        ("a.docx", saved(docx.Document()), f"{OOXML}.wordprocessingml.document"),
        ("a.xlsx", saved(openpyxl.Workbook()), f"{OOXML}.spreadsheetml.sheet"),
        (
            "a.pptx",
            zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
            f"{OOXML}.presentationml.presentation",
        ),
        (
            "a.docm",
            zipped({"[Content_Types].xml": "", "word/document.xml": "", "word/vbaProject.bin": ""}),
            "application/vnd.ms-word.document.macroEnabled.12",
        ),
        ("a.zip", zipped({"word/document.xml": "no content types"}), "application/zip"),
        ("a.zip", zipped({}), "application/zip"),
        (
            "a.odt",
            zipped({"mimetype": "application/vnd.oasis.opendocument.text"}, stored=True),
            "application/vnd.oasis.opendocument.text",
        ),
        ("a.png", saved(Image.new("L", (2, 2)), format="PNG"), "image/png"),
        ("a.jpg", saved(Image.new("L", (2, 2)), format="JPEG"), "image/jpeg"),
        ("a.tiff", saved(Image.new("L", (2, 2)), format="TIFF"), "image/tiff"),
        ("a.webp", saved(Image.new("L", (2, 2)), format="WEBP"), "image/webp"),
        ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.pdf", b"junk first\n%PDF-1.4\n", "application/pdf"),
        ("a.doc", compound(["Root Entry", "1Table", "WordDocument"]), "application/msword"),
        (
            "a.xls",
            compound(["Root Entry", "a", "b", "c", "d", "e", "f", "g", "Workbook"]),
            "application/vnd.ms-excel",
        ),
        ("a.exe", b"MZ" + bytes(60), "application/vnd.microsoft.portable-executable"),
        ("a.dwg", b"AC1032" + bytes(60), "image/vnd.dwg"),
        ("a.stp", b"ISO-10303-21;\nHEADER;", "model/step"),
        ("a.csv", b"a,b\r\n1,2\r\n", "text/csv"),
        ("a.txt", b"plain", "text/plain"),
        ("a.txt", b"MZ is how it begins", "text/plain"),
        ("a.rtf", b"{\\rtf1}", "application/rtf"),
        ("a.html", b"\n<!DOCTYPE html><p>", "text/html"),
        ("a.svg", b'<?xml version="1.0"?><svg/>', "image/svg+xml"),
        ("a.bin", bytes(range(256)), UNKNOWN),
        ("empty.docx", b"", "text/plain"),
    ],
)
def test_known_contents(name, raw, media_type):
    finding = found(raw, name)
    assert finding.media_type == media_type
    assert finding.name_agrees


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("drawing.pdf", b"MZ" + bytes(60)),
        ("photo.jpg", b"%PDF-1.7\n"),
        ("report.docx", saved(openpyxl.Workbook())),
        ("report.docx", zipped({"a": ""})),
        ("notes.txt", b"<html><script>"),
        ("report.pdf", b"plain words"),
        ("table.csv", bytes(range(256))),
        ("report.doc", compound(["Root Entry"])),
    ],
)
def test_a_name_that_promises_something_else_is_flagged(name, raw):
    assert not found(raw, name).name_agrees


def test_a_document_under_a_password_of_its_own_is_flagged_as_such():
    finding = found(compound(["Root Entry", "EncryptionInfo", "EncryptedPackage"]), "plan.docx")
    assert (finding.media_type, finding.encrypted, finding.name_agrees) == (
        "application/x-ole-storage",
        True,
        True,
    )
    assert found(b"%PDF-1.7\n" + bytes(100_000) + b"trailer<</Encrypt 5 0 R>>", "a.pdf").encrypted
    assert not found(b"%PDF-1.7\n", "a.pdf").encrypted


@pytest.mark.parametrize(
    ("text", "encoding", "charset"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-32", "utf-32"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gb2312", "gb18030"),
        (JAPANESE, "utf-8", "utf-8"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE, "cp932", "shift_jis"),
        (JAPANESE, "euc-jp", "euc-jp"),
        (JAPANESE, "iso-2022-jp", "iso-2022-jp"),
        ("plain", "ascii", "utf-8"),
    ],
)
def test_the_encodings_of_the_two_countries(text, encoding, charset):
    raw = text.encode(encoding)
    assert found(raw, "a.txt").charset == charset
    assert (
        found(b"a,b\r\n" + raw if charset == "utf-8" and encoding != "utf-8-sig" else raw, "a.csv").media_type
        == "text/csv"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "euc-jp"])
@pytest.mark.parametrize("shift", [0, 1, 2, 3])
def test_a_character_cut_at_the_end_of_the_head_is_forgiven(encoding, shift):
    raw = b"x" * shift + (JAPANESE if encoding == "euc-jp" else CHINESE).encode(encoding) * 2000
    assert found(raw, "a.txt").charset == encoding


@given(st.binary(max_size=700))
def test_no_bytes_at_all_make_it_stumble(raw):
    for head in (
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-",
        b"\xff\xfe",
    ):
        finding = found(head + raw, "x.docx")
        assert "/" in finding.media_type


def test_a_zip_that_lies_about_its_directory_is_a_zip():
    raw = bytearray(zipped({"[Content_Types].xml": "", "word/document.xml": ""}))
    raw[-10:-6] = struct.pack("<I", 0xFFFFFFF0)  # the directory's size
    assert found(bytes(raw), "a.zip").media_type == "application/zip"
