"""Packages are the same for the same contents, whole or not written at all."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest
from tests.fakes.evidence import LOG, contents_of, exhibit_of, signer, zip_of

from shoumi.engine.evidence.hashes import FileDigests
from shoumi.engine.evidence.package import (
    ArchiveFiles,
    ExhibitChangedError,
    PackageContentsError,
    check_package,
    iterate_package,
    write_package,
)


def files_in(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as other:
        return {name.partition("/")[2]: other.read(name) for name in other.namelist()}


def test_the_same_contents_give_the_same_bytes():
    assert zip_of(contents_of()) == zip_of(contents_of())


def test_the_receipt_tells_what_was_written():
    sink = io.BytesIO()
    receipt = write_package(contents_of(), LOG, sink)
    raw = sink.getvalue()
    assert (receipt.size_bytes, receipt.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    assert receipt.files == len(files_in(raw))
    assert receipt.folder == "CN-2026-0001"
    assert b"".join(iterate_package(contents_of(), LOG)) == raw


def test_the_originals_are_in_it_untouched():
    content = bytes(range(256)) * 9000
    files = files_in(zip_of(contents_of({"配方 α.docx": content})))
    assert files["data/exhibits/0001.docx"] == content
    rows = [line.split("\t") for line in files["data/exhibits.tsv"].decode().splitlines()]
    assert rows[1][1] == "配方 α.docx"


def test_it_is_a_bag():
    """RFC 8493: declaration, payload and tag manifests, and the Oxum of the payload."""
    files = files_in(zip_of(contents_of()))
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = {name: data for name, data in files.items() if name.startswith("data/")}
    listed = dict(
        reversed(line.split("  ", 1)) for line in files["manifest-sha256.txt"].decode().splitlines()
    )
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in payload.items()}
    tags = dict(
        reversed(line.split("  ", 1)) for line in files["tagmanifest-sha256.txt"].decode().splitlines()
    )
    assert set(tags) == set(files) - set(payload) - {"tagmanifest-sha256.txt", "signature"}
    info = dict(line.split(": ", 1) for line in files["bag-info.txt"].decode().splitlines())
    assert info["Payload-Oxum"] == f"{sum(map(len, payload.values()))}.{len(payload)}"


def test_secrets_that_are_not_disclosed_are_not_in_it():
    raw = zip_of(contents_of())
    assert b"never shown" not in raw


def test_a_file_changed_in_storage_stops_the_writing():
    contents = contents_of()
    wrong = replace(exhibit_of("a.txt", b"now"), digests=FileDigests("0" * 64, "0" * 64, 3))
    with pytest.raises(ExhibitChangedError, match=r"a\.txt"):
        next(iterate_package(replace(contents, exhibits=(wrong,)), LOG))


def test_a_file_that_changes_while_it_is_read_stops_the_writing():
    turns = iter([b"first reading", b"second reading"])
    changing = replace(
        exhibit_of("a.txt", b""), open=lambda: exhibit_of("a.txt", next(turns)).open(), digests=None
    )
    with pytest.raises(ExhibitChangedError):
        write_package(replace(contents_of(), exhibits=(changing,)), LOG, io.BytesIO())


def test_only_the_ledgers_key_signs_packages():
    with pytest.raises(PackageContentsError):
        iterate_package(contents_of(), signer("other.example.com"))


def test_a_large_exhibit_is_not_held_in_memory():
    size = 40 << 20

    class Endless:
        left = size

        def read(self, count):
            count = min(count, self.left)
            self.left -= count
            return bytes(count)

    class Opened:
        def __enter__(self):
            return Endless()

        def __exit__(self, *error):
            return None

    contents = replace(contents_of(), exhibits=(replace(exhibit_of("big", b""), open=Opened, digests=None),))
    largest = max(map(len, iterate_package(contents, LOG)))
    assert largest <= 1 << 20


def test_the_record_is_canonical_json():
    record = {"b": [1, None], "a": "ü"}
    assert (
        files_in(zip_of(contents_of(record=record)))["data/record.json"] == '{"a":"ü","b":[1,null]}'.encode()
    )


def test_a_package_without_exhibits_and_witnesses_holds_with_notes():
    report = check_package(ArchiveFiles(io.BytesIO(zip_of(contents_of({}, witnesses=())))))
    assert report.holds
    assert {check.name for check in report.checks if check.status == "note"} == {
        "witness",
        "time-stamp",
        "trust",
    }


def test_the_report_is_json():
    report = check_package(ArchiveFiles(io.BytesIO(zip_of(contents_of()))))
    assert json.loads(json.dumps(report.to_json()))["holds"] is True
