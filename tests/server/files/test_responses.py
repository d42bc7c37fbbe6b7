"""Contents on their way to a browser: names, ranges, and no chance for a file to act as a page."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shoumi.server.files.responses import stream
from shoumi.server.files.services import file_shred, file_store
from shoumi.server.files.services.contents import FileShreddedError
from shoumi.server.files.storage.format import CHUNK_BYTES, StoredFileAlteredError
from shoumi.server.files.storage.places import path_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # about the bytes of answers
BODY = bytes(range(256)) * 10


def get(method="GET", **headers):
    return RequestFactory().generic(
        method, "/", headers={key.replace("_", "-"): value for key, value in headers.items()}
    )


def body_of(response) -> bytes:
    return response.getvalue()


@pytest.fixture
def stored(user):
    return file_store(actor=user, name="plan 1.bin", chunks=[BODY])


def test_a_download(stored):
    response = stream(stored)
    assert body_of(response) == BODY
    assert response["Content-Length"] == str(len(BODY))
    assert response["Content-Disposition"] == 'attachment; filename="plan 1.bin"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cache-Control"] == "private, no-store"
    assert response["ETag"] == f'"{stored.sha256}"'


def test_names_travel_in_any_script(user):
    stored = file_store(actor=user, name='配"方;\r\nX: y.txt', chunks=[BODY])
    header = stream(stored)["Content-Disposition"]
    assert header == "attachment; filename*=utf-8''%E9%85%8D%22%E6%96%B9%3BX%3A%20y.txt"


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.txt", b"text", True),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), True),
        ("a.html", b"<html><script>alert(1)</script>", False),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        ("a.pdf", b"%PDF-1.7", False),
        ("a.bin", bytes(9), False),
    ],
)
def test_nothing_is_shown_inline_that_could_act(user, name, content, shown):
    stored = file_store(actor=user, name=name, chunks=[content])
    kind = "inline" if shown else "attachment"
    assert stream(stored, disposition="inline")["Content-Disposition"].startswith(kind)
    assert stream(stored)["Content-Disposition"].startswith("attachment")


def test_text_travels_with_its_encoding(user):
    stored = file_store(actor=user, name="a.txt", chunks=["商业秘密不为公众所知悉".encode("gb18030")])
    assert stream(stored, disposition="inline")["Content-Type"] == "text/plain; charset=gb18030"


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=2550-", 2550, 2560),
        ("bytes=-10", 2550, 2560),
        ("bytes=5-99999", 5, 2560),
        ("bytes=-99999", 0, 2560),
    ],
)
def test_a_range(stored, header, start, end):
    response = stream(stored, request=get(Range=header))
    assert body_of(response) == BODY[start:end]
    assert response["Content-Length"] == str(end - start)
    if end - start < len(BODY):
        assert (response.status_code, response["Content-Range"]) == (206, f"bytes {start}-{end - 1}/2560")


@pytest.mark.parametrize("header", ["bytes=2560-", "bytes=-0"])
def test_a_range_beyond_the_end(stored, header):
    response = stream(stored, request=get(Range=header))
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */2560")


@pytest.mark.parametrize(
    "header", ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes"]
)
def test_what_is_no_single_range_gets_everything(stored, header):
    response = stream(stored, request=get(Range=header))
    assert (response.status_code, body_of(response)) == (200, BODY)


def test_a_range_of_another_version_gets_everything(stored):
    assert stream(stored, request=get(Range="bytes=0-1", If_Range='"other"')).status_code == 200
    assert stream(stored, request=get(Range="bytes=0-1", If_Range=f'"{stored.sha256}"')).status_code == 206


def test_the_head_only(stored):
    response = stream(stored, request=get("HEAD"))
    assert (response.content, response["Content-Length"]) == (b"", "2560")


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 3 * CHUNK_BYTES), length=st.integers(1, 2 * CHUNK_BYTES))
def test_ranges_across_chunks(user, start, length):
    content = b"".join(n.to_bytes(4, "big") for n in range(3 * CHUNK_BYTES // 4 + 1))
    stored = file_store(actor=user, name="a.bin", chunks=[content])
    response = stream(stored, request=get(Range=f"bytes={start}-{start + length - 1}"))
    assert body_of(response) == content[start : start + length]


def test_the_content_is_closed_even_if_nobody_reads_it(stored):
    response = stream(stored)
    (body,) = [closer.__self__ for closer in response._resource_closers]
    response.close()
    assert body._reader.closed


def test_an_altered_content_breaks_off_instead_of_ending(user):
    stored = file_store(actor=user, name="a.bin", chunks=[bytes(3 * CHUNK_BYTES)])
    path = path_of(stored.key_id)
    raw = bytearray(path.read_bytes())
    raw[CHUNK_BYTES + 500] ^= 1
    path.write_bytes(raw)
    response = stream(stored)
    with pytest.raises(StoredFileAlteredError) as caught:
        body_of(response)
    assert caught.value.fields["chunk"] == 1


def test_a_destroyed_content_is_not_sent(user, stored):
    file_shred(actor=user, stored=stored, reason="r")
    with pytest.raises(FileShreddedError):
        stream(stored)


def test_an_empty_content(user):
    stored = file_store(actor=user, name="a", chunks=[])
    assert body_of(stream(stored)) == b""
    assert stream(stored, request=get(Range="bytes=0-")).status_code == 416
