"""The stored-file format: nothing readable on disk, nothing altered accepted, any part readable alone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.connectors.keys.wrapping import unwrap_bytes
from shoumi.server.files.storage.format import (
    CHUNK_BYTES,
    HEADER_BYTES,
    NotStoredFileError,
    StoredFileAlteredError,
    StoredReader,
    StoredWriter,
    sealed_size,
)

ROOT = Path(__file__).resolve().parents[4]
RECORDED = Path(__file__).parent / "recorded"
FILE = UUID(int=1)
KEY = UUID(int=2)
SECRET = bytes(range(32))
SMALL = 16  # chunk size of the property tests: many chunks out of few bytes
REFUSED = (NotStoredFileError, StoredFileAlteredError)


def sealed(content: bytes, *, file_id=FILE, key_id=KEY, chunk_bytes=SMALL) -> bytes:
    sink = io.BytesIO()
    writer = StoredWriter(sink, file_id=file_id, key_id=key_id, file_key=SECRET, chunk_bytes=chunk_bytes)
    writer.write(content)
    writer.finish()
    return sink.getvalue()


def reader_of(raw: bytes, *, file_id=FILE, key_id=KEY, secret=SECRET) -> StoredReader:
    return StoredReader(io.BytesIO(raw), file_id=file_id, key_id=key_id, file_key=secret)


def opened(raw: bytes, **kwargs) -> bytes:
    return b"".join(reader_of(raw, **kwargs).chunks())


@given(content=st.binary(max_size=100), cuts=st.lists(st.integers(0, 100), max_size=5))
def test_what_was_written_in_any_pieces_is_read(content, cuts):
    sink = io.BytesIO()
    writer = StoredWriter(sink, file_id=FILE, key_id=KEY, file_key=SECRET, chunk_bytes=SMALL)
    edges = sorted({0, len(content), *(min(cut, len(content)) for cut in cuts)})
    for start, end in pairwise(edges):
        writer.write(content[start:end])
    writer.finish()
    raw = sink.getvalue()
    assert writer.size_bytes == len(content)
    assert len(raw) == sealed_size(len(content), SMALL)
    assert opened(raw) == content
    assert reader_of(raw).read() == content


@given(
    content=st.binary(max_size=100),
    moves=st.lists(st.tuples(st.integers(0, 2), st.integers(-120, 120), st.integers(-1, 60))),
)
def test_any_part_reads_as_in_a_plain_file(content, moves):
    plain, stored = io.BytesIO(content), reader_of(sealed(content))
    for whence, offset, size in moves:
        origin = (0, plain.tell(), len(content))[whence]
        if origin + offset < 0:
            with pytest.raises(ValueError, match="before the beginning"):
                stored.seek(offset, whence)
            continue
        assert stored.seek(offset, whence) == plain.seek(offset, whence)
        assert stored.read(size) == plain.read(size)
        assert stored.tell() == plain.tell()


@given(content=st.binary(max_size=80), data=st.data())
def test_every_altered_bit_is_noticed_before_a_byte_of_its_chunk_is_returned(content, data):
    raw = bytearray(sealed(content))
    position = data.draw(st.integers(0, len(raw) - 1))
    raw[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(REFUSED):
        opened(bytes(raw))


@given(content=st.binary(max_size=80), data=st.data())
def test_every_cut_is_noticed_when_the_file_is_opened(content, data):
    raw = sealed(content)
    with pytest.raises(REFUSED):
        reader_of(raw[: data.draw(st.integers(0, len(raw) - 1))])


@given(content=st.binary(max_size=80), more=st.binary(min_size=1, max_size=80))
def test_everything_appended_is_noticed_when_the_file_is_opened(content, more):
    with pytest.raises(REFUSED):
        reader_of(sealed(content) + more)


def chunks_of(raw: bytes) -> list[bytes]:
    step = SMALL + 16
    return [raw[start : start + step] for start in range(HEADER_BYTES, len(raw), step)]


@given(order=st.permutations(range(5)))
def test_chunks_in_another_order_are_noticed(order):
    content = bytes(range(SMALL * 5))
    raw = sealed(content)
    parts = chunks_of(raw)
    shuffled = raw[:HEADER_BYTES] + b"".join(parts[index] for index in order)
    if list(order) == sorted(order):
        assert opened(shuffled) == content
    else:
        with pytest.raises(StoredFileAlteredError):
            opened(shuffled)


def test_a_dropped_or_doubled_chunk_is_noticed():
    raw = sealed(bytes(SMALL * 4))
    head, parts = raw[:HEADER_BYTES], chunks_of(raw)
    for wrong in ([*parts[:1], *parts[2:]], [parts[0], *parts], parts[:-1], [*parts, parts[-1]]):
        with pytest.raises(StoredFileAlteredError):
            opened(head + b"".join(wrong))


def test_chunks_do_not_move_between_files_even_under_one_key():
    mine, other = sealed(bytes(64)), sealed(bytes(64), file_id=UUID(int=9))
    with pytest.raises(StoredFileAlteredError):
        opened(mine[:HEADER_BYTES] + other[HEADER_BYTES:])
    again = sealed(bytes(64))  # the same file written twice
    with pytest.raises(StoredFileAlteredError):
        opened(mine[:HEADER_BYTES] + again[HEADER_BYTES:])


def test_a_whole_file_does_not_pass_for_another_one():
    raw = sealed(b"content of file 1")
    for wrong in ({"file_id": UUID(int=9)}, {"key_id": UUID(int=9)}, {"secret": bytes(32)}):
        with pytest.raises(StoredFileAlteredError):
            reader_of(raw, **wrong)


def test_the_same_content_never_looks_the_same_nor_has_the_same_data_key():
    bodies = [sealed(bytes(SMALL)) for _ in range(50)]
    assert len({raw[HEADER_BYTES:] for raw in bodies}) == 50
    assert len({unwrap_bytes(SECRET, raw[56:HEADER_BYTES], raw[:56]) for raw in bodies}) == 50


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", bytes(200), b"\x89SHOUMI\n\x00\x02" + bytes(200)])
def test_what_is_no_stored_file_is_refused(raw):
    with pytest.raises(NotStoredFileError):
        reader_of(raw)


@pytest.mark.parametrize(
    ("name", "chunk_bytes"), [("small_chunks", 64), ("one_chunk", CHUNK_BYTES), ("empty", CHUNK_BYTES)]
)
def test_what_was_written_once_can_be_read_for_ever(name, chunk_bytes):
    facts = json.loads((RECORDED / "facts.json").read_text())
    file_id, key_id = UUID(facts["file_id"]), UUID(facts["key_id"])
    raw = (RECORDED / f"{name}.stored").read_bytes()
    content = b"" if name == "empty" else (RECORDED / "content.txt").read_bytes()
    assert opened(raw, file_id=file_id, key_id=key_id, secret=bytes.fromhex(facts["file_key"])) == content
    assert len(raw) == sealed_size(len(content), chunk_bytes)


def test_the_document_says_what_the_program_does():
    document = (ROOT / "docs/formats/stored-file.md").read_text(encoding="utf-8")
    code = document.split("```python")[1].split("```")[0]
    content = os.urandom(2 * CHUNK_BYTES + 5)
    names = {"raw": sealed(content, file_id=uuid4(), chunk_bytes=CHUNK_BYTES), "file_key": SECRET}
    exec(code, names)  # noqa: S102 - our own page
    assert names["plain"] == content


@settings(max_examples=25, deadline=None)
@given(size=st.sampled_from([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES]))
def test_the_edges_of_real_chunks(size):
    content = os.urandom(size)
    raw = sealed(content, chunk_bytes=CHUNK_BYTES)
    assert len(raw) == sealed_size(size)
    assert opened(raw) == content


MEASURE = """
import hashlib, resource, sys
from uuid import UUID
from shoumi.connectors.keys.wrapping import unwrap_bytes
from shoumi.server.files.storage.format import StoredReader, StoredWriter
sealing = dict(file_id=UUID(int=1), key_id=UUID(int=2), file_key=bytes(32))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
block, size = bytes(range(256)) * 3001, 0
with open(sys.argv[1], "wb") as sink:
    writer, given = StoredWriter(sink, **sealing), hashlib.sha256()
    while size < 300_000_000:
        writer.write(block); given.update(block); size += len(block)
    writer.finish()
reader, read = StoredReader(open(sys.argv[1], "rb"), **sealing), hashlib.sha256()
for chunk in reader.chunks():
    read.update(chunk)
assert reader.size_bytes == size and given.digest() == read.digest()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_300_megabytes_pass_through_16(tmp_path):
    """The growth of the process's peak memory, in KiB, over what it had before the first byte."""
    run = [sys.executable, "-c", MEASURE, str(tmp_path / "stored")]
    grown = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    assert grown < 16 * 1024
