"""The headers of tus, read strictly."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.server.files.uploads.protocol import (
    UploadHeaderError,
    UploadVersionError,
    expires,
    read_checksum,
    read_metadata,
    read_number,
    verify_version,
)


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_metadata_of_a_usual_client():
    text = f"filename {encoded('配方.docx')}, filetype {encoded('application/x')},is_confidential"
    assert read_metadata(text) == {
        "filename": "配方.docx",
        "filetype": "application/x",
        "is_confidential": "",
    }
    assert read_metadata("") == {}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=40), max_size=5))
def test_metadata_comes_back(values):
    assert read_metadata(",".join(f"{key} {encoded(value)}" for key, value in values.items())) == values


@pytest.mark.parametrize(
    "text",
    [
        "filename %%%",
        "filename YQ",
        "filename YQ==,filename YQ==",
        ",",
        "file name YQ==",
        "filename /w==",
        "名 YQ==",
        "a " + "YQ==" * 2000,
    ],
)
def test_metadata_of_another_form_is_refused(text):
    with pytest.raises(UploadHeaderError, match="Upload-Metadata"):
        read_metadata(text)


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "0x10", " 1", "1e3", "１", "9" * 19, "one"])
def test_a_count_that_is_none_is_refused(text):
    with pytest.raises(UploadHeaderError, match="Upload-Length"):
        read_number({"Upload-Length": text}, "Upload-Length")


def test_a_count():
    assert read_number({"Upload-Length": "2147483648"}, "Upload-Length") == 2**31


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_checksum_holds_for_its_bytes_only(algorithm):
    digest = b64encode(hashlib.new(algorithm, b"piece").digest()).decode()
    for body, holds in ((b"piece", True), (b"pieces", False), (b"", False)):
        checksum = read_checksum(f"{algorithm} {digest}")
        checksum.update(body)
        assert checksum.matches() is holds
    assert read_checksum("") is None


@pytest.mark.parametrize("text", ["md5 YQ==", "sha256", "sha256 YQ==", "sha256 %%%", "YQ=="])
def test_a_checksum_of_another_form_is_refused(text):
    with pytest.raises(UploadHeaderError, match="Upload-Checksum"):
        read_checksum(text)


@pytest.mark.parametrize("headers", [{}, {"Tus-Resumable": "0.2.2"}])
def test_another_version_is_refused(headers):
    with pytest.raises(UploadVersionError):
        verify_version(headers)


def test_the_expiry_is_a_date_of_http():
    assert expires(datetime(2026, 3, 1, 9, 0, 5, tzinfo=UTC)) == "Sun, 01 Mar 2026 09:00:05 GMT"
