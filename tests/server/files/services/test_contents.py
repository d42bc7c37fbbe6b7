"""Contents: kept encrypted, found again whole, destroyed for ever, and each step in the ledger."""

from __future__ import annotations

import hashlib
import io
import os
import stat

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.server.files.on_disk import files_below, is_readable_below

from shoumi.server.files.models import ContentKey, FileState, StoredFile
from shoumi.server.files.services import (
    FileNameError,
    FileTooLargeError,
    file_discard,
    file_open,
    file_opening_record,
    file_shred,
    file_store,
    file_verify,
    files_adopt,
)
from shoumi.server.files.services.contents import (
    FileDigestError,
    FileNotReadyError,
    FileReferencedError,
    FileShreddedError,
)
from shoumi.server.files.services.names import clean_name
from shoumi.server.files.storage.format import StoredFileAlteredError
from shoumi.server.files.storage.places import StorageFullError, StoredFileMissingError, path_of
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models.legacy import LegacyBatch

pytestmark = pytest.mark.django_db
SECRET = b"the recipe of the coating is " * 10


def tags() -> list[str]:
    return list(LedgerEntry.objects.order_by("index").values_list("tag", flat=True))


@pytest.mark.requirement("CPU-05", "VEN-02")
def test_a_stored_content_is_nowhere_readable_and_comes_back_whole(user, files_directory, tmp_path):
    stored = file_store(actor=user, name="配方.txt", chunks=[SECRET[:50], SECRET[50:]])
    stored.refresh_from_db()
    assert (stored.state, stored.size_bytes, stored.media_type, stored.charset) == (
        "ready",
        290,
        "text/plain",
        "utf-8",
    )
    assert stored.sha256 == hashlib.sha256(SECRET).hexdigest()
    assert stored.sm3 == hashlib.new("sm3", SECRET).hexdigest()
    assert stored.owner == user
    assert not is_readable_below(files_directory, SECRET[:29])
    assert not is_readable_below(files_directory, "配方".encode())
    with file_open(stored) as reader:
        assert reader.read() == SECRET
    file_verify(stored)
    (path,) = files_below(files_directory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_open_file_and_an_empty_content_are_taken_too(user):
    assert file_store(actor=user, name="a.bin", chunks=io.BytesIO(SECRET)).size_bytes == len(SECRET)
    empty = file_store(actor="system:demo", name="empty", chunks=[])
    assert (empty.size_bytes, empty.owner) == (0, None)
    assert file_open(empty).read() == b""


def test_storing_opening_and_destroying_are_in_the_ledger_without_name_or_content(user):
    stored = file_store(actor=user, name="配方.txt", chunks=[SECRET])
    with transaction.atomic():
        file_opening_record(actor=user, stored=stored, purpose="download")
    file_shred(actor=user, stored=stored, reason="period over")
    assert tags() == ["files:file:stored", "files:file:opened", "files:file:shredded"]
    for entry in LedgerEntry.objects.all():
        assert entry.subject == f"file:{stored.id}"
        assert entry.actor == user.ledger_actor
        for secret in ("配方", stored.sha256, "period over"):
            assert secret.encode() not in bytes(entry.body)


def test_a_name_that_does_not_fit_the_content_is_flagged(user):
    stored = file_store(actor=user, name="drawing.pdf", chunks=[b"MZ" + bytes(100)])
    assert not stored.name_agrees
    assert stored.media_type == "application/vnd.microsoft.portable-executable"


def test_what_is_too_long_leaves_nothing(user, files_directory):
    with pytest.raises(FileTooLargeError):
        file_store(actor=user, name="a", chunks=[bytes(60), bytes(60)], limit_bytes=100)
    assert not files_below(files_directory)
    assert not StoredFile.objects.exists()
    assert not ContentKey.objects.exists()


def test_a_full_disk_leaves_nothing(user, files_directory, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    files_directory.joinpath("drafts").mkdir(parents=True)
    with pytest.raises(StorageFullError):
        file_store(actor=user, name="a", chunks=[SECRET])
    monkeypatch.undo()
    assert not files_below(files_directory)
    assert not StoredFile.objects.exists()


def altered(stored: StoredFile, change) -> None:
    path = path_of(stored.key_id)
    raw = bytearray(path.read_bytes())
    change(raw)
    path.write_bytes(raw)


def test_altered_bytes_on_disk_are_refused(user):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    altered(stored, lambda raw: raw.__setitem__(200, raw[200] ^ 1))
    with pytest.raises(StoredFileAlteredError):
        file_verify(stored)
    altered(stored, lambda raw: raw.__delitem__(slice(-1, None)))
    with pytest.raises(StoredFileAlteredError):
        file_open(stored)
    path_of(stored.key_id).unlink()
    with pytest.raises(StoredFileMissingError):
        file_open(stored)


def test_swapped_files_and_swapped_keys_are_refused(user):
    first = file_store(actor=user, name="a", chunks=[SECRET])
    second = file_store(actor=user, name="b", chunks=[SECRET])
    one, two = path_of(first.key_id), path_of(second.key_id)
    swapped = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(swapped)
    for stored in (first, second):
        with pytest.raises(StoredFileAlteredError):
            file_open(stored)
    one.write_bytes(two.read_bytes())
    ContentKey.objects.filter(pk=first.key_id).update(
        wrapped=ContentKey.objects.get(pk=second.key_id).wrapped
    )
    with pytest.raises(Exception, match="wrapped key does not hold"):
        file_open(first)


@pytest.mark.parametrize(("what", "said"), [("size_bytes", "size"), ("sha256", "SHA-256"), ("sm3", "SM3")])
def test_a_record_that_was_altered_is_noticed_by_the_hashes(user, what, said):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    StoredFile.objects.filter(pk=stored.pk).update(**{what: 7 if what == "size_bytes" else "0" * 64})
    stored.refresh_from_db()
    with pytest.raises(FileDigestError, match=said):
        file_verify(stored)


@pytest.mark.django_db(transaction=True)
def test_a_destroyed_content_stays_destroyed_even_with_a_copy_of_its_bytes(user, files_directory, tmp_path):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    stale = StoredFile.objects.get(pk=stored.pk)
    path = path_of(stored.key_id)
    copy = path.read_bytes()
    file_shred(actor=user, stored=stored, reason="declassified")
    assert (stored.state, stored.key_id) == (FileState.SHREDDED, None)
    assert stored.sha256 == stale.sha256  # the record keeps saying what there was
    assert not files_below(files_directory)
    assert not ContentKey.objects.exists()
    path.write_bytes(copy)
    for row in (stored, stale):
        with pytest.raises(FileShreddedError):
            file_open(row)
    with pytest.raises(FileShreddedError):
        file_shred(actor=user, stored=stored, reason="again")


@pytest.mark.django_db(transaction=True)
def test_a_destruction_that_is_rolled_back_destroyed_nothing(user):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    with transaction.atomic():
        file_shred(actor=user, stored=stored, reason="by mistake")
        transaction.set_rollback(True)
    stored.refresh_from_db()
    assert file_open(stored).read() == SECRET


def test_an_unfinished_file_is_neither_opened_nor_destroyed(user, fixed_clock):
    stored = StoredFile.objects.create(name="a", owner=user, created_at=fixed_clock.now())
    for attempt in (file_open, lambda row: file_shred(actor=user, stored=row, reason="r")):
        with pytest.raises(FileNotReadyError, match="not arrived completely"):
            attempt(stored)


def test_the_owner_may_take_back_what_no_record_refers_to(user):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    file_discard(actor=user, stored=stored)
    assert stored.state == FileState.SHREDDED


def test_the_owner_may_not_take_back_what_a_record_refers_to(user, fixed_clock):
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    entity = LegalEntity.objects.create(
        code="EX", country="CN", name_en="Example", created_at=fixed_clock.now()
    )
    LegacyBatch.objects.create(file=stored, entity=entity, created_by=user, created_at=fixed_clock.now())
    with pytest.raises(FileReferencedError):
        file_discard(actor=user, stored=stored)
    assert file_open(stored).read() == SECRET


def test_plain_uploads_of_a_form_are_stored_and_stored_ones_stay(user, settings):
    first = file_store(actor=user, name="a", chunks=[SECRET])
    rows = files_adopt(actor=user, chosen=[first, SimpleUploadedFile("b.txt", SECRET)])
    assert rows[0] is first
    assert (rows[1].name, rows[1].sha256) == ("b.txt", first.sha256)
    settings.CONFIG = settings.CONFIG.model_copy(update={"upload_limit_bytes": 100})
    with pytest.raises(FileTooLargeError):
        files_adopt(actor=user, chosen=[SimpleUploadedFile("b.txt", SECRET)])


def test_the_tables_refuse_a_ready_file_without_key(user, fixed_clock):
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.create(name="a", owner=user, created_at=fixed_clock.now(), state=FileState.READY)
    stored = file_store(actor=user, name="a", chunks=[SECRET])
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(state=FileState.SHREDDED)
    assert connection.vendor in {"sqlite", "postgresql"}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\x\\配方.docx", "配方.docx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("あ" * 300 + ".docx", "あ" * 250 + ".docx"),
        ("x" * 300, "x" * 255),
    ],
)
def test_names_are_kept_less_what_deceives(given_name, kept):
    assert clean_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "a/", " ", "\u202e"])
def test_a_name_of_which_nothing_is_left_is_refused(name):
    with pytest.raises(FileNameError):
        clean_name(name)


@given(st.text())
def test_a_clean_name_stays_as_it_is(text):
    try:
        name = clean_name(text)
    except FileNameError:
        return
    assert clean_name(name) == name
    assert 0 < len(name) <= 255
    assert "/" not in name
