"""The upload endpoint, asked as a browser asks it: what it takes, and everything it refuses."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.server.files.conftest import TusClient, acknowledged
from tests.server.files.on_disk import files_below, is_readable_below

from shoumi.server.files.models import ContentKey, FileState, StoredFile, Upload, UploadPart
from shoumi.server.files.services import file_open, file_store, uploads
from shoumi.server.files.services.finishing import finish_upload

pytestmark = pytest.mark.django_db
HOME = "/files/uploads/"
SECRET = b"the recipe of the coating is " * 100


def file_of(address: str) -> StoredFile:
    return StoredFile.objects.get(pk=UUID(address.rstrip("/").rsplit("/", 1)[1]))


def checksum_of(body: bytes, algorithm="sha256") -> str:
    return f"{algorithm} {b64encode(hashlib.new(algorithm, body).digest()).decode()}"


@pytest.mark.django_db(transaction=True)
def test_an_upload_in_pieces_of_any_size_becomes_one_stored_file(browser, user, files_directory):
    address = browser.created(len(SECRET), "配方.txt")
    offset = 0
    for size in (1, 1000, 7, len(SECRET) - 1008):
        assert browser.tus("HEAD", address)["Upload-Offset"] == str(offset)
        assert not is_readable_below(files_directory, b"recipe of the coating")
        answer = browser.sent(address, offset, SECRET[offset : offset + size])
        offset += size
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(offset))
    stored = file_of(address)
    assert (stored.state, stored.name, stored.owner) == (FileState.READY, "配方.txt", user)
    assert stored.sha256 == hashlib.sha256(SECRET).hexdigest()
    assert file_open(stored).read() == SECRET
    assert len(files_below(files_directory)) == 1  # the parts are gone, and so are their rows and key
    assert not Upload.objects.exists()
    assert not UploadPart.objects.exists()
    assert ContentKey.objects.count() == 1
    head = browser.tus("HEAD", address)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(len(SECRET)),) * 2
    assert browser.get(address).json()["state"] == "ready"


def test_what_the_server_can_do(browser):
    answer = browser.tus("OPTIONS", HOME, Tus_Resumable=None)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"].split(",") == ["creation", "expiration", "termination", "checksum"]
    assert answer["Tus-Max-Size"] == str(2 * 1024**3)
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_an_upload_says_when_it_expires_and_is_not_cached(browser, fixed_clock):
    answer = browser.tus("HEAD", browser.created(5))
    assert answer["Upload-Expires"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Upload-Length"] == "5"


def test_an_empty_file_is_complete_at_once(browser):
    address = browser.created(0)
    assert browser.tus("HEAD", address)["Upload-Offset"] == "0"
    assert file_of(address).state == FileState.READY


def test_a_file_without_a_name_gets_one(browser):
    answer = browser.tus("POST", HOME, Upload_Length="3")
    assert file_of(answer["Location"]).name == "unnamed"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload_Length": None}, 400, "input.upload_header"),
        ({"Upload_Length": "-1"}, 400, "input.upload_header"),
        ({"Upload_Length": "many"}, 400, "input.upload_header"),
        ({"Upload_Length": str(2 * 1024**3 + 1)}, 413, "input.file_too_large"),
        ({"Upload_Defer_Length": "1"}, 400, "input.upload_header"),
        ({"Upload_Metadata": "filename %%"}, 400, "input.upload_header"),
        ({"Upload_Metadata": f"filename {b64encode(b'..').decode()}"}, 400, "input.file_name"),
        ({"Tus_Resumable": "0.2.0"}, 412, "input.upload_version"),
        ({"Tus_Resumable": None}, 412, "input.upload_version"),
    ],
)
def test_an_upload_that_cannot_be_opened_is_refused_with_the_reason(browser, headers, status, code):
    answer = browser.tus("POST", HOME, **({"Upload_Length": "5"} | headers))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer["Tus-Version"] == "1.0.0"
    assert not StoredFile.objects.exists()
    assert not ContentKey.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload_Offset": "1"}, 409, "conflict.upload_offset"),
        ({"Upload_Offset": None}, 400, "input.upload_header"),
        ({"Upload_Offset": "-1"}, 400, "input.upload_header"),
        ({"Content_Type": "application/octet-stream"}, 415, "input.upload_type"),
        ({"Tus_Resumable": None}, 412, "input.upload_version"),
        ({"Upload_Checksum": checksum_of(b"another")}, 460, "input.upload_checksum"),
        ({"Upload_Checksum": "md5 YQ=="}, 400, "input.upload_header"),
    ],
)
def test_a_piece_that_does_not_fit_is_refused_and_changes_nothing(
    browser, files_directory, headers, status, code
):
    address = browser.created(10)
    answer = browser.tus("PATCH", address, b"piece", **({"Upload_Offset": "0"} | headers))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert browser.tus("HEAD", address)["Upload-Offset"] == "0"
    assert not files_below(files_directory)


def test_more_than_was_announced_is_refused(browser):
    address = browser.created(4)
    assert browser.sent(address, 0, b"piece").status_code == 413
    assert browser.sent(address, 0, b"pie").status_code == 204
    assert browser.sent(address, 3, b"ce").status_code == 413
    assert browser.sent(address, 3, b"c").status_code == 204


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_with_its_checksum_is_taken(browser, algorithm):
    address = browser.created(5)
    assert (
        browser.sent(address, 0, b"piece", Upload_Checksum=checksum_of(b"piece", algorithm)).status_code
        == 204
    )
    assert file_of(address).state == FileState.READY


def test_somebody_elses_upload_looks_like_none(browser, other):
    address = browser.created(10)
    stranger = TusClient(acknowledged(other))
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        body = b"piece" if method == "PATCH" else b""
        answer = stranger.tus(method, address, body, Upload_Offset="0")
        missing = stranger.tus(method, f"{HOME}{uuid4()}/", body, Upload_Offset="0")
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert browser.tus("HEAD", address)["Upload-Offset"] == "0"


def test_nobody_uploads_who_is_not_signed_in(browser):
    address = browser.created(10)
    nobody = TusClient(None)
    for method, path in (
        ("POST", HOME),
        ("PATCH", address),
        ("HEAD", address),
        ("DELETE", address),
        ("OPTIONS", HOME),
    ):
        assert nobody.tus(method, path, Upload_Length="5", Upload_Offset="0").status_code == 401


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_nothing_is_changed_without_the_token_against_forged_requests(browser, method):
    address = browser.created(10)
    path = HOME if method == "POST" else address
    answer = browser.tus(method, path, X_CSRFToken=None, Upload_Length="5", Upload_Offset="0")
    assert answer.status_code == 403
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_is_given_up_leaves_nothing(browser, files_directory):
    address = browser.created(10)
    browser.sent(address, 0, b"piece")
    assert len(files_below(files_directory)) == 1
    assert browser.tus("DELETE", address).status_code == 204
    assert browser.tus("HEAD", address).status_code == 404
    assert browser.sent(address, 5, b"piece").status_code == 404
    assert not files_below(files_directory)
    assert not StoredFile.objects.exists()
    assert not ContentKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_finished_file_can_be_taken_back_before_it_is_used(browser, files_directory):
    address = browser.created(5)
    browser.sent(address, 0, b"piece")
    assert browser.tus("DELETE", address).status_code == 204
    assert file_of(address).state == FileState.SHREDDED
    assert not files_below(files_directory)
    assert browser.tus("DELETE", address).status_code == 404
    assert browser.tus("HEAD", address).status_code == 404


def test_clients_behind_old_proxies_may_say_the_method_in_a_header(browser):
    address = browser.created(5)
    answer = browser.tus(
        "POST",
        address,
        b"piece",
        X_HTTP_Method_Override="PATCH",
        Upload_Offset="0",
        Content_Type="application/offset+octet-stream",
    )
    assert answer.status_code == 204
    assert browser.tus("POST", address).status_code == 405
    assert browser.tus("POST", address, X_HTTP_Method_Override="dispatch").status_code == 405


def test_too_many_open_uploads_are_refused(browser, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    browser.created(5)
    first = browser.created(5)
    answer = browser.tus("POST", HOME, Upload_Length="5")
    assert (answer.status_code, answer.json()["error"]["fields"]) == (429, {"count": 2})
    browser.sent(first, 0, b"piece")
    browser.created(5)


def test_what_does_not_fit_on_the_disk_is_refused_before_it_is_sent(browser, monkeypatch):
    monkeypatch.setattr("shoumi.server.files.storage.places.RESERVE_BYTES", 1 << 62)
    assert browser.tus("POST", HOME, Upload_Length="5").status_code == 507


def test_a_large_file_is_finished_in_the_background_with_progress(browser, monkeypatch):
    monkeypatch.setattr("shoumi.server.files.services.finishing.AT_ONCE_BYTES", 4)
    monkeypatch.setattr(uploads, "_PROGRESS_BYTES", 1)
    address = browser.created(5)
    assert browser.sent(address, 0, b"piece").status_code == 204
    state = browser.get(address).json()
    assert (state["state"], state["received_bytes"], state["finished_bytes"]) == ("uploading", 5, 0)
    assert browser.tus("HEAD", address)["Upload-Offset"] == "5"
    finish_upload.call(state["id"])
    state = browser.get(address).json()
    assert (state["state"], state["finished_bytes"], state["length_bytes"]) == ("ready", 5, 5)


def test_an_untouched_upload_is_not_shown_to_strangers_in_lists(browser, user, other):
    file_store(actor=other, name="b", chunks=[b"b"])
    address = browser.created(5)
    assert browser.get(address).json()["name"] == "a.txt"
    assert Client().get(address).status_code == 401


def test_an_abandoned_upload_expires(browser, fixed_clock, files_directory):
    address = browser.created(10)
    browser.sent(address, 0, b"piece")
    fixed_clock.advance(timedelta(hours=24))
    assert uploads.uploads_expire() == 0
    fixed_clock.advance(timedelta(seconds=1))
    assert uploads.uploads_expire() == 1
    assert browser.tus("HEAD", address).status_code == 404
