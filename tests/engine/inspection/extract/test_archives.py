"""Archives: names of East Asia, nesting, passwords, damage and bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import libarchive
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import rar_files
from tests.fakes.open_files import zipped

from shoumi.engine.inspection.extract import ExtractLimits, extract, kinds
from shoumi.engine.inspection.extract.archives import inner_name
from shoumi.engine.inspection.extract.sealed import sealed_members
from shoumi.engine.inspection.values import PartKind, Reason

TEXT = "核心商密".encode()


def told(content, name="", limits=None):
    read = extract(content, name, limits)
    return {part.member: part.text for part in read.parts if part.kind == PartKind.TEXT}


def reasons(content, limits=None):
    return {(each.member, each.reason) for each in extract(content, "", limits).unreadable}


def by_libarchive(form, members, codec=None):
    blocks = []
    with libarchive.custom_writer(
        lambda block: blocks.append(bytes(block)) or len(block), form, codec
    ) as writer:
        for name, content in members.items():
            writer.add_file_from_memory(name, len(content), content)
    return b"".join(blocks)


def nested(times, content=TEXT):
    for _ in range(times):
        content = zipped({"a.zip" if content[:2] == b"PK" else "a.txt": content})
    return content


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("gbk", "技术图纸/配方清单.txt"),
        ("gb18030", "客户名单.txt"),
        ("cp932", "見積書/顧客リスト.txt"),
        ("cp932", "社外秘.txt"),
        ("big5", "機密檔案/報價單.txt"),
        ("utf-8", "秘密/営業.txt"),
    ],
)
def test_names_in_a_zip_are_read_as_they_were_written(codec, name):
    assert told(zipped({name: TEXT}, codec)) == {name: "核心商密"}


def test_a_name_that_says_it_is_utf8_is_believed():
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr("ひみつ.txt", TEXT)
    assert told(room.getvalue()) == {"ひみつ.txt": "核心商密"}


@pytest.mark.parametrize("form", ["7zip", "gnutar", "cpio_newc", "iso9660", "zip"])
def test_formats_of_libarchive(form):
    assert told(by_libarchive(form, {"a/one.txt": TEXT, "two.txt": TEXT})) == {
        "a/one.txt": "核心商密",
        "two.txt": "核心商密",
    }


@pytest.mark.parametrize("owner", [0, 7])
def test_a_tar_without_a_mark(owner):
    info = tarfile.TarInfo("two.txt")
    info.size, info.uid = len(TEXT), owner
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[257:512] = bytes(255)  # as the Seventh Edition of Unix wrote it
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    assert told(bytes(head) + TEXT.ljust(512, b"\0") + bytes(1024), "plan.txt") == {"two.txt": "核心商密"}
    head[0] ^= 1
    assert extract(bytes(head) + TEXT.ljust(512, b"\0") + bytes(1024)).type == kinds.UNKNOWN


def test_a_cpio_with_sums():
    packed = by_libarchive("cpio_newc", {"two.txt": TEXT})
    summed = packed.replace(b"070701", b"070702")
    at = summed.index(b"070702")
    summed = summed[: at + 102] + b"%08X" % sum(TEXT) + summed[at + 110 :]
    assert told(summed) == {"two.txt": "核心商密"}


@pytest.mark.parametrize("codec", ["gbk", "cp932", "utf-8"])
def test_names_in_a_tar(codec):
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w", encoding=codec, format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo("秘密/図面.txt" if codec == "cp932" else "机密/图纸.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    assert told(room.getvalue()) == {info.name: "核心商密"}


@pytest.mark.parametrize(
    ("packed", "name"),
    [
        (gzip.compress(TEXT), "a.txt.gz"),
        (bz2.compress(TEXT), "a.txt.bz2"),
        (lzma.compress(TEXT), "a.txt.xz"),
        (by_libarchive("raw", {"x": TEXT}, "zstd"), "a.txt.zst"),
    ],
    ids=["gzip", "bzip2", "xz", "zstd"],
)
def test_compressed_files(packed, name):
    assert told(packed, name) == {"a.txt": "核心商密"}


def test_what_is_compressed_names_itself():
    assert inner_name("x/b.tar.gz") == "b.tar"
    assert inner_name("b.tgz") == "b.tar"
    assert inner_name(".gz") == "content"


def test_the_way_to_a_member_goes_through_all_containers():
    content = zipped(
        {"外.zip": zipped({"内.txt": TEXT}, "gbk"), "b.gz": gzip.compress(zipped({"c.txt": TEXT}))}
    )
    assert set(told(content)) == {"外.zip!/内.txt", "b.gz!/b!/c.txt"}


def test_containers_are_opened_so_deep_and_no_deeper():
    assert told(nested(8)) == {"!/".join(["a.zip"] * 7 + ["a.txt"]): "核心商密"}
    assert {reason for _way, reason in reasons(nested(9))} == {Reason.TOO_DEEP}


def test_a_password_closes_the_member_and_no_other():
    content = zipped({"a.txt": TEXT}, encrypted=True)
    assert reasons(content) == {("a.txt", Reason.ENCRYPTED)}


def test_a_member_out_of_proportion_is_not_unpacked():
    content = zipped({"bomb.txt": bytes(1 << 25), "good.txt": TEXT})
    assert reasons(content) == {("bomb.txt", Reason.TOO_LARGE)}
    assert told(content) == {"good.txt": "核心商密"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_stream_out_of_proportion_is_not_unpacked_to_its_end(pack):
    limits = ExtractLimits(ratio_from_bytes=1 << 20)
    assert {reason for _way, reason in reasons(pack(bytes(1 << 25)), limits)} == {Reason.TOO_LARGE}


def test_all_members_together_have_a_limit():
    content = zipped({f"{number}.txt": b"abcd" * 1000 for number in range(20)})
    limits = ExtractLimits(unpacked_bytes=50_000)
    assert len(told(content, "", limits)) == 12
    assert reasons(content, limits) == {("", Reason.TOO_LARGE)}
    assert reasons(content, ExtractLimits(members=5)) == {("", Reason.TOO_MANY)}
    assert reasons(content, ExtractLimits(characters=9_000)) == {("", Reason.TOO_LARGE)}


def test_a_zip_that_lost_its_directory_is_read_from_the_front():
    content = zipped({"one.txt": TEXT * 50, "two.txt": TEXT * 50})
    cut = content[: content.index(b"PK\1\2")]
    assert set(told(cut)) == {"one.txt", "two.txt"}
    assert ("", Reason.DAMAGED) in reasons(cut)


def test_a_damaged_member_leaves_the_others():
    content = bytearray(zipped({"one.txt": bytes(range(256)) * 9, "two.txt": TEXT}))
    content[50] ^= 0xFF
    assert told(bytes(content)) == {"two.txt": "核心商密"}
    assert reasons(bytes(content)) == {("one.txt", Reason.DAMAGED)}


@pytest.mark.parametrize("form", ["7zip", "gnutar"])
def test_a_cut_archive_is_reported(form):
    content = by_libarchive(form, {"one.txt": TEXT * 5000, "two.txt": TEXT})
    assert Reason.DAMAGED in {reason for _way, reason in reasons(content[: len(content) // 2])}


def test_without_libarchive_its_formats_are_closed_for_want_of_a_program(monkeypatch):
    import sys

    content = by_libarchive("7zip", {"a.txt": TEXT})
    monkeypatch.setitem(sys.modules, "libarchive", None)
    assert reasons(content) == {("", Reason.PROGRAM)}


@pytest.mark.parametrize("form", [rar_files.rar4, rar_files.rar5])
def test_members_of_rar_with_a_password_are_told_and_the_others_read(form):
    content = form({"一.txt": TEXT} if form is rar_files.rar5 else {"1.txt": TEXT}, {"2.txt": b"\x9c" * 40})
    assert list(told(content).values()) == ["核心商密"]
    assert reasons(content) == {("2.txt", Reason.ENCRYPTED)}


@given(st.binary(max_size=200))
def test_headers_of_rar_that_are_none_give_no_names_and_no_error(tail):
    whole = rar_files.rar5({"a": b"1"}, {"b": b"2"})
    assert sealed_members(whole) == sealed_members(whole[:-9]) == sealed_members(whole + tail) == {"b"}
    for cut in (8, 20, len(whole) - 9):
        assert isinstance(sealed_members(whole[:cut] + tail), frozenset)


def with_method(name, content, packed, method):
    """Return a ZIP with one member, packed by a method that zipfile does not know."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w") as archive:
        archive.writestr(name, packed)
    whole = bytearray(room.getvalue())
    facts = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    central = whole.index(b"PK\1\2")
    for place in (8, central + 10):
        whole[place : place + 2] = struct.pack("<H", method)
        checksum = 14 if place == 8 else central + 16
        whole[checksum : checksum + 12] = facts
    return bytes(whole)


def test_a_member_packed_by_a_newer_method_is_read_by_libarchive():
    content = with_method("a.txt", TEXT, lzma.compress(TEXT), 95)
    with pytest.raises(NotImplementedError), zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.read("a.txt")
    assert told(content) == {"a.txt": "核心商密"}
    assert reasons(content) == set()


def test_a_member_packed_by_no_known_method_stays_closed():
    assert reasons(with_method("a.txt", TEXT, TEXT, 200)) == {("a.txt", Reason.UNKNOWN)}


def test_of_two_members_of_one_name_the_closed_one_is_told():
    room = io.BytesIO(with_method("a.txt", TEXT, TEXT, 200))
    with zipfile.ZipFile(room, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.txt", TEXT)
    assert told(room.getvalue()) == {"a.txt": "核心商密"}
    assert reasons(room.getvalue()) == {("a.txt", Reason.UNKNOWN)}


def test_a_member_is_read_whose_name_stands_otherwise_before_it():
    content = zipped({"配方.txt": TEXT}, "utf-8")
    other = content.replace("配方".encode(), "处方".encode("gbk") + b"__", 1)
    assert other != content
    assert told(other) == {"配方.txt": "核心商密"}
    assert reasons(other) == set()
