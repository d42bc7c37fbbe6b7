"""Files of plain forms: whatever their size, nothing readable touches the disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory
from tests.server.files.on_disk import files_below, is_readable_below

from shoumi.server.files.handlers import EncryptedUpload, EncryptedUploadHandler
from shoumi.server.files.services import file_open, files_adopt

SECRET = b"the recipe of the coating is " * 100_000  # 2.9 MB, too much for Django's memory handler


def posted(user, content: bytes, **fields):
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("配方.txt", content), **fields})
    request.user = user
    return request


def open_bytes() -> bytes:
    """Everything in the plain files that this process has open, named or not."""
    found = b""
    for link in Path("/proc/self/fd").iterdir():
        try:
            if link.is_file():
                found += link.read_bytes()
        except OSError:
            continue
    return found


def open_count() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_large_file_is_nowhere_readable_and_reads_like_any_other(
    user, files_directory, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    request = posted(user, SECRET, note="words")
    upload = request.FILES["file"]
    assert isinstance(upload, EncryptedUpload)
    assert (upload.name, upload.size, request.POST["note"]) == ("配方.txt", len(SECRET), "words")
    assert b"recipe of the coating" not in open_bytes()
    assert not is_readable_below(tmp_path, b"recipe of the coating")
    assert not files_below(files_directory)  # the file has no name
    assert b"".join(upload.chunks()) == SECRET
    upload.seek(29)
    assert upload.read(29) == SECRET[29:58]
    (stored,) = files_adopt(actor=user, chosen=[upload])
    with file_open(stored) as reader:
        assert reader.read() == SECRET
    request.close()
    assert upload.file.closed


def test_a_small_file_stays_in_memory(user, files_directory):
    upload = posted(user, b"words").FILES["file"]
    assert isinstance(upload, InMemoryUploadedFile)
    assert not files_below(files_directory)


def test_strangers_send_no_large_files(db):
    request = posted(AnonymousUser(), SECRET)
    assert not request.FILES
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a", SECRET)})
    assert not request.FILES


def test_a_form_that_is_too_large_is_broken_off_before_it_is_read(user, settings, files_directory):
    settings.CONFIG = settings.CONFIG.model_copy(update={"upload_limit_bytes": 1024})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    request = posted(user, SECRET)
    assert not request.FILES
    assert len(request.read()) > 2_000_000


def test_a_form_that_does_not_fit_on_the_disk_is_broken_off(user, monkeypatch):
    monkeypatch.setattr("shoumi.server.files.storage.places.RESERVE_BYTES", 1 << 62)
    assert not posted(user, SECRET).FILES


def test_a_line_that_breaks_leaves_nothing(user, files_directory):
    handler = EncryptedUploadHandler(posted(user, b"x"))
    handler.handle_raw_input(None, {}, 10, b"--")
    handler.new_file("file", "a", "text/plain", None)
    handler.receive_data_chunk(SECRET[:2_000_000], 0)
    before = open_count()
    handler.upload_interrupted()
    assert open_count() == before - 1
    assert not files_below(files_directory)


def test_djangos_own_handler_for_large_files_is_not_used(settings):
    assert settings.FILE_UPLOAD_HANDLERS == [
        "django.core.files.uploadhandler.MemoryFileUploadHandler",
        "shoumi.server.files.handlers.EncryptedUploadHandler",
    ]
