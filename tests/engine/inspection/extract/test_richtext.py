"""Rich text: code pages by font, `\\u` with stand-ins, destinations, objects, what Outlook compresses."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import old_files

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.extract.richtext import uncompressed
from shoumi.engine.inspection.values import PartKind, Reason

PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def hexed(text, codec):
    return "".join(f"\\'{byte:02x}" for byte in text.encode(codec))


def body(text):
    return [part.text for part in extract(text.encode("latin-1")).parts if part.kind == PartKind.BODY]


def test_each_font_has_its_code_page():
    fonts = r"{\fonttbl{\f0\fcharset134 SimSun;}"
    fonts += r"{\f1\fcharset128 MS Mincho;}{\f2\fcharset136 Ming;}}"
    text = rf"{{\rtf1\ansi\ansicpg1252{fonts}"
    text += rf"\f0 {hexed('机密', 'gbk')}\f1 {hexed('社外秘', 'cp932')}"
    text += rf"\f2 {hexed('機密', 'big5')}\f9 caf\'e9\par}}"
    assert body(text) == ["机密社外秘機密café\n"]


@pytest.mark.parametrize("codec", ["gbk", "cp932", "big5"])
def test_the_code_page_of_the_document_serves_where_no_font_says_otherwise(codec):
    page = {"gbk": 936, "cp932": 932, "big5": 950}[codec]
    assert body(rf"{{\rtf1\ansi\ansicpg{page} {hexed('東京', codec)}}}") == ["東京"]


def test_unicode_takes_the_place_of_its_stand_ins():
    assert body(r"{\rtf1\ansi\uc1 \u26426?\u23494?{\uc2 \u-10179 ??\u-8704 ??}1380000\u48\'300}") == [
        "机密😀138000000"
    ]


def test_destinations_are_told_apart():
    text = (
        r"{\rtf1\ansi{\info{\title secret plan}}{\header head\par}{\footer foot\par}main\par"
        r"{\*\annotation remark}{\footnote below}{\deleted gone}{\*\generator x;}{\v hidden}"
        r"\trowd a\cell b\cell\row c\par{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}}"
    )
    told = {}
    for part in extract(text.encode()).parts:
        told.setdefault(part.kind, []).append(part.text.strip())
    assert told[PartKind.BODY] == ["main\nhiddena\tb\t\nc\nshown"]
    assert told[PartKind.HEADER] == ["head"]
    assert told[PartKind.FOOTER] == ["foot"]
    assert told[PartKind.COMMENT] == ["remark"]
    assert told[PartKind.NOTE] == ["below"]
    assert told[PartKind.DELETED] == ["gone"]
    assert told[PartKind.PROPERTY] == ["secret plan\nHYPERLINK x"]


def test_objects_and_pictures_are_read_from_their_digits():
    inner = "内嵌".encode()
    name = b"Package\0"
    data = struct.pack("<II", 0x501, 2) + struct.pack("<I", len(name)) + name + struct.pack("<II", 0, 0)
    data += struct.pack("<I", len(inner)) + inner
    picture = b"\x89PNG\r\n\x1a\n" + bytes(20)
    text = rf"{{\rtf1{{\object\objemb{{\*\objdata {data.hex()}}}}}{{\pict\pngblip {picture.hex()}}}}}"
    read = extract(text.encode())
    assert [(part.member, part.text) for part in read.parts] == [("object", "内嵌")]
    assert [each.content for each in read.pictures] == [picture]


def test_groups_that_stay_open_are_damage():
    read = extract(rb"{\rtf1 begun")
    assert [part.text for part in read.parts] == ["begun"]
    assert [each.reason for each in read.unreadable] == [Reason.DAMAGED]


@given(st.binary(max_size=300))
def test_what_is_not_compressed_comes_out_as_it_is(text):
    assert uncompressed(struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text, 10_000) == text


def test_the_example_of_the_specification_is_uncompressed():  # MS-OXRTFCP 4.1.1
    assert uncompressed(PACKED, 10_000) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_message_whose_body_is_compressed_rich_text():
    content = old_files.compound({"__properties_version1.0": bytes(32), "__substg1.0_10090102": PACKED})
    assert [part.text.strip() for part in extract(content).parts] == ["hello world"]
