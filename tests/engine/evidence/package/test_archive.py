"""The zip form: other programs read it, and no byte of it can differ."""

from __future__ import annotations

import io
import subprocess
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.evidence.package import archive
from shoumi.engine.evidence.package.archive import ArchiveFiles, ArchiveShapeError, Member, lay_out


def zip_with(files: dict[str, bytes]) -> bytes:
    members = [Member(name, len(data), zlib.crc32(data)) for name, data in files.items()]
    layout = lay_out(members)
    parts = [
        part for header, data in zip(layout.headers, files.values(), strict=True) for part in (header, data)
    ]
    return b"".join([*parts, layout.tail])


FILES = {"top/a.txt": b"hello", "top/data/empty": b"", "top/verify.sh": b"#!/bin/sh\n" * 100}
ZIP = zip_with(FILES)


def read_all(raw: bytes) -> dict[str, bytes]:
    files = ArchiveFiles(io.BytesIO(raw))
    contents = {}
    for name in files.names():
        with files.open(name) as stream:
            contents[f"{files.folder}/{name}"] = b"".join(iter(lambda stream=stream: stream.read(7), b""))
        assert files.size(name) == len(contents[f"{files.folder}/{name}"])
    return contents


def test_what_was_written_is_read():
    assert read_all(ZIP) == FILES


def test_other_programs_read_it(tmp_path):
    with zipfile.ZipFile(io.BytesIO(ZIP)) as other:
        assert other.testzip() is None
        assert {name: other.read(name) for name in other.namelist()} == FILES
        modes = {info.filename: info.external_attr >> 16 for info in other.infolist()}
    assert (modes["top/verify.sh"], modes["top/a.txt"]) == (0o100755, 0o100644)
    (tmp_path / "p.zip").write_bytes(ZIP)
    assert subprocess.run(["unzip", "-tq", tmp_path / "p.zip"], check=True, capture_output=True)


@given(st.integers(0, len(ZIP) - 1), st.integers(1, 255))
def test_every_altered_byte_is_refused(position, flip):
    raw = bytearray(ZIP)
    raw[position] ^= flip
    with pytest.raises(ArchiveShapeError):
        read_all(bytes(raw))


def test_every_bit_of_the_directory_counts():
    begin = ZIP.index(b"PK\1\2")
    for position in range(begin, len(ZIP)):
        for bit in range(8):
            raw = bytearray(ZIP)
            raw[position] ^= 1 << bit
            with pytest.raises(ArchiveShapeError):
                ArchiveFiles(io.BytesIO(bytes(raw)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\3\4",
        ZIP[:-1],
        ZIP[1:],
        ZIP + b"\0",
        b"\0" + ZIP,
        ZIP[:-2] + b"\1\0c",
        zip_with({}),
        zip_with({"a.txt": b""}),
        zip_with({"top/a": b"", "other/b": b""}),
        zip_with({"top/b": b"", "top/a": b""}),
        zip_with({"top/a": b"", "top/a/../b": b""}),
        zip_with({"/top/a": b""}),
        zip_with({"top/.hidden": b""}),
        zip_with({"top/a b": b""}),
        zip_with({"top/a\nb": b""}),
        zip_with({"top/" + "a/" * 6 + "b": b""}),
    ],
    ids=range(17),
)
def test_other_layouts_are_refused(raw):
    with pytest.raises(ArchiveShapeError):
        ArchiveFiles(io.BytesIO(raw))


def test_a_compressed_or_repacked_archive_is_refused():
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", method) as other:
            for name, data in FILES.items():
                other.writestr(name, data)
        with pytest.raises(ArchiveShapeError):
            ArchiveFiles(io.BytesIO(sink.getvalue()))


def test_the_same_name_twice_is_refused():
    members = [Member("top/a", 0, 0), Member("top/a", 0, 0)]
    layout = lay_out(members)
    with pytest.raises(ArchiveShapeError):
        ArchiveFiles(io.BytesIO(b"".join([*layout.headers, layout.tail])))


def test_bytes_between_members_are_refused():
    layout = lay_out([Member("top/a", 5, zlib.crc32(b"hello"))])
    hidden = lay_out([Member("top/a", 5 + 3, zlib.crc32(b"hello"))])
    with pytest.raises(ArchiveShapeError):
        ArchiveFiles(io.BytesIO(layout.headers[0] + b"hello" + b"xyz" + layout.tail))
    with pytest.raises(ArchiveShapeError):
        ArchiveFiles(io.BytesIO(layout.headers[0] + b"hello" + b"xyz" + hidden.tail))


class Sparse(io.RawIOBase):
    """A file with a hole of zeroes in it, so that more than 4 GiB need no disk."""

    def __init__(self, parts: dict[int, bytes], size: int) -> None:
        super().__init__()
        self.parts, self.length, self.at = parts, size, 0

    def seekable(self):
        return True

    def readable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = {0: 0, 1: self.at, 2: self.length}[whence] + offset
        return self.at

    def read(self, size=-1):
        end = self.length if size is None or size < 0 else min(self.length, self.at + size)
        data = bytearray(end - self.at)
        for begin, part in self.parts.items():
            low, high = max(begin, self.at), min(begin + len(part), end)
            if low < high:
                data[low - self.at : high - self.at] = part[low - begin : high - begin]
        self.at = end
        return bytes(data)


def test_more_than_four_gibibytes():
    huge = 5 << 30
    members = [Member("top/a", huge, 1), Member("top/b", 3, zlib.crc32(b"end"))]
    layout = lay_out(members)
    first, second = layout.headers
    end = layout.offsets[1] + len(second) + 3
    parts = {0: first, layout.offsets[1]: second + b"end", end: layout.tail}
    stream = Sparse(parts, end + len(layout.tail))
    files = ArchiveFiles(stream)
    assert files.size("a") == huge
    with files.open("b") as member:
        assert member.read(10) == b"end"
        assert member.read(10) == b""
    with zipfile.ZipFile(Sparse(parts, end + len(layout.tail))) as other:
        assert [info.file_size for info in other.infolist()] == [huge, 3]
        assert other.read("top/b") == b"end"


def test_more_members_than_two_bytes_can_count(monkeypatch):
    files = {f"top/{number:05d}": b"" for number in range(65_536)}
    raw = zip_with(files)
    assert len(ArchiveFiles(io.BytesIO(raw)).names()) == 65_536
    with zipfile.ZipFile(io.BytesIO(raw)) as other:
        assert len(other.namelist()) == 65_536
    monkeypatch.setattr(archive, "MAX_MEMBERS", 65_535)
    with pytest.raises(ArchiveShapeError):
        ArchiveFiles(io.BytesIO(raw))
