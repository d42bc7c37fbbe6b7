"""Any bytes are answered: damaged files of every format, noise, bombs; what is empty or unknown is told."""

from __future__ import annotations

import io
import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.fakes import hostile_files

from shoumi.engine.inspection.extract import ExtractLimits, Outside, dispatch, extract
from shoumi.engine.inspection.extract.charsets import text_of
from shoumi.engine.inspection.values import PartKind, Reason
from shoumi.sandbox.reading import extraction_of

QUICK = {
    "overlapping.zip",
    "deep.zip",
    "bomb.bz2",
    "bomb.xz",
    "laughs.docx",
    "outside.docx",
    "laughs.xlsx",
    "laughs.odt",
    "form.pdf",
    "kids.pdf",
    "previous.pdf",
    "cycle.doc",
    "claims.tar",
    "repeated.ods",
}


@pytest.mark.parametrize("name", sorted(hostile_files.seeds()))
def test_a_sound_file_is_read_wholly_and_its_damaged_copies_are_answered(name):
    content = hostile_files.seeds()[name]
    read = extraction_of(content)
    assert read.parts or read.pictures
    assert read.unreadable == ()
    chance = random.Random(name)  # noqa: S311 - no secret
    for _ in range(5):
        read = extraction_of(hostile_files.damaged(content, chance), name)
        assert [part for part in read.parts if part.kind != PartKind.NAME] or read.pictures or read.unreadable


@pytest.fixture(scope="module")
def bombs():
    return dict(hostile_files.bombs(QUICK))


@pytest.mark.parametrize("name", sorted(QUICK))
def test_a_bomb_is_answered_within_its_limits(bombs, name):
    limits = ExtractLimits(content_bytes=1 << 24, unpacked_bytes=1 << 26, characters=1 << 22)
    read = extract(bombs[name], name, limits)
    assert sum(len(part.text) for part in read.parts) <= limits.characters
    if name.startswith(("laughs", "outside")):
        assert Reason.DAMAGED in {each.reason for each in read.unreadable}
        assert not any("root:" in part.text for part in read.parts)


@given(st.binary(max_size=2000), st.sampled_from(["", "a.txt", "a.eml", "a.html", "a.docx"]))
def test_noise_is_answered(content, name):
    read = extract(content, name)
    blank = read.type == "text/plain" and not text_of(content).strip()
    assert not content or blank or read.parts or read.unreadable


def test_an_empty_file_holds_nothing_and_hides_nothing():
    read = extract(b"")
    assert (read.type, read.parts, read.unreadable) == ("application/x-empty", (), ())


def test_the_name_of_a_file_is_a_part():
    (name, _text) = extract(b"x", "核心商密.txt").parts
    assert (name.kind, name.text) == (PartKind.NAME, "核心商密.txt")


@pytest.mark.parametrize("content", [b"\x7fELF\2\1\1" + bytes(200), b"\0\0\0\x18ftypmp42" + bytes(200)])
def test_what_has_no_reader_is_unknown(content):
    assert [each.reason for each in extract(content).unreadable] == [Reason.UNKNOWN]


def picture(form, size=(60, 40)):
    room = io.BytesIO()
    Image.effect_noise(size, 90).save(room, form)
    return room.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_picture_that_opens_is_no_closed_door_and_its_head_alone_is_one(form):
    whole = picture(form)
    assert (len(extract(whole).pictures), extract(whole).unreadable) == (1, ())
    assert [each.reason for each in extract(whole[:12]).unreadable] == [Reason.DAMAGED]


@given(st.sampled_from(["PNG", "JPEG"]), st.floats(0.05, 0.95))
def test_a_picture_cut_anywhere_is_damaged(form, share):
    whole = picture(form)
    assert [each.reason for each in extract(whole[: int(len(whole) * share)]).unreadable] == [Reason.DAMAGED]


def test_a_picture_of_a_type_without_reader_says_so_and_so_does_one_of_too_many_pixels():
    (closed,) = extract(b"\xd7\xcd\xc6\x9a" + bytes(60)).unreadable
    assert (closed.reason, closed.detail) == (Reason.UNKNOWN, "no reader for image/wmf")
    head = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 54, 0, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    assert [each.reason for each in extract(head).unreadable] == [Reason.TOO_LARGE]


def test_who_looks_into_a_picture_says_what_is_wrong_with_it():
    assert extract(b"GIF8", outside=Outside({}, lambda content, harvest, label: None)).unreadable == ()


def test_a_panic_of_a_library_is_damage_and_an_interrupt_is_not(monkeypatch):
    class Panic(BaseException):
        pass

    def panics(content, harvest):
        raise Panic

    def interrupted(content, harvest):
        raise KeyboardInterrupt

    monkeypatch.setattr(dispatch, "READERS", {"text/plain": panics, "text/html": interrupted})
    assert [each.detail for each in extract(b"x").unreadable] == ["Panic"]
    with pytest.raises(KeyboardInterrupt):
        extract(b"<html>")


def test_what_is_too_large_is_told_and_of_text_the_beginning_is_read():
    limits = ExtractLimits(content_bytes=100)
    read = extract(b"abc " * 100, "", limits)
    assert len(read.parts[0].text) == 100
    assert [each.reason for each in read.unreadable] == [Reason.TOO_LARGE]
    (closed,) = extract(b"%PDF-1.7" + bytes(200), "", limits).unreadable
    assert closed.reason == Reason.TOO_LARGE


def test_a_page_is_read_with_what_it_does_not_show():
    page = '<html><title>题</title><p>一<b>二</b>三<br>四</p><!-- 注释 --><img alt="图" src=x>'
    page += '<script>var k="密"</script>'
    page += "<table><tr><td>甲</td><td>乙&amp;</td></tr></table>"
    read = extract(page.encode("gb18030"))
    told = {(part.kind, part.label): part.text.strip() for part in read.parts}
    assert told[PartKind.BODY, ""] == "题\n一二三\n四\n甲\t乙&"
    assert told[PartKind.COMMENT, ""] == "注释"
    assert "图" in told[PartKind.PROPERTY, "attribute"]
    assert told[PartKind.PROPERTY, "script"] == 'var k="密"'
