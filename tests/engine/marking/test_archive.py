"""The zip of an office file: untouched members keep their bytes, and what is no sound zip is refused."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.marks import CHINESE, form

from shoumi.engine.marking import archive
from shoumi.engine.marking.archive import packed, read_members, written
from shoumi.engine.marking.errors import (
    DamagedError,
    EncryptedError,
    KindUnknownError,
    SignedError,
    TooLargeError,
    UnsupportedFeatureError,
)
from shoumi.engine.marking.marking import mark

SIGNED_TYPES = (
    b'<Types><Default ContentType="application/vnd.openxmlformats-package.digital-signature-origin"/></Types>'
)
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="/\\\0"),
    min_size=1,
    max_size=12,
)


def zipped(members: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
def test_what_is_written_is_read_by_others_and_by_us(members):
    if len({name.lower() for name in members}) < len(members):
        return
    content = written([packed(name, data) for name, data in members.items()])
    with zipfile.ZipFile(io.BytesIO(content)) as others:
        assert {name: others.read(name) for name in others.namelist()} == members
        assert others.testzip() is None
    assert written(read_members(content)) == content
    assert {member.name: member.read() for member in read_members(content)} == members


def test_members_keep_their_stored_bytes_and_times():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(zipfile.ZipInfo("a", (2020, 2, 3, 4, 5, 6)), b"x" * 100, zipfile.ZIP_DEFLATED, 9)
        made.writestr(zipfile.ZipInfo("b", (2021, 2, 3, 4, 5, 6)), b"y", zipfile.ZIP_STORED)
    again = written(read_members(stream.getvalue()))
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(io.BytesIO(again)) as new:
        facts = [
            [(i.filename, i.date_time, i.compress_type, i.compress_size) for i in z.infolist()]
            for z in (old, new)
        ]
    assert facts[0] == facts[1]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", DamagedError),
        (b"PK\x03\x04 and nothing", DamagedError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), EncryptedError),
        (zipped({"a": b"x"}), DamagedError),
        (zipped({"a": b"x", "A": b"y"}), DamagedError),
        (zipped({"[Content_Types].xml": b"<Types/>"}), DamagedError),
        (zipped({"[Content_Types].xml": b"<Types/>"}, zipfile.ZIP_BZIP2), UnsupportedFeatureError),
        (zipped({"[Content_Types].xml": b"<Types>"}), DamagedError),
        (zipped({"[Content_Types].xml": b"<!DOCTYPE x><Types/>"}), UnsupportedFeatureError),
        (zipped({"[Content_Types].xml": b"<Types/>", "_xmlsignatures/origin.sigs": b""}), SignedError),
        (
            zipped({"[Content_Types].xml": SIGNED_TYPES}),
            SignedError,
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_what_is_no_markable_office_file_is_refused(content, error, kind):
    with pytest.raises(error):
        mark(content, kind, CHINESE, form())


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch):
    with pytest.raises(TooLargeError):
        read_members(zipped({"a": bytes(50 << 20)}))
    monkeypatch.setattr(archive, "MOST_PARTS", 3)
    with pytest.raises(TooLargeError):
        read_members(zipped({str(number): b"" for number in range(4)}))
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    with pytest.raises(TooLargeError):
        read_members(zipped({"a": bytes(11)}))
    monkeypatch.setattr(archive, "MOST_PART_BYTES", 5)
    with pytest.raises(TooLargeError):
        read_members(zipped({"a": bytes(6)}))[0].read()


def test_a_directory_that_lies_about_a_member_is_caught():
    content = bytearray(zipped({"a": b"x" * 1000}))
    directory = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, directory + 24, 10)  # promises less than it unpacks to
    with pytest.raises(DamagedError):
        read_members(bytes(content))[0].read()
    struct.pack_into("<L", content, directory + 42, 5_000)  # lies outside
    with pytest.raises(DamagedError):
        read_members(bytes(content))


def test_members_with_a_password_are_refused():
    content = bytearray(zipped({"a": b"x"}))
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(head) + offset] |= 1
    with pytest.raises(EncryptedError):
        read_members(bytes(content))


@given(st.binary(max_size=300))
def test_noise_is_refused_by_a_leaf_of_the_tree(noise):
    for kind in ("docx", "pdf", "png", "jpeg"):
        with pytest.raises((DamagedError, EncryptedError, UnsupportedFeatureError)):
            mark(noise, kind, CHINESE, form())


def test_other_kinds_are_named():
    with pytest.raises(KindUnknownError) as unknown:
        mark(b"", "dwg", CHINESE, form())
    assert unknown.value.fields == {"kind": "dwg"}
