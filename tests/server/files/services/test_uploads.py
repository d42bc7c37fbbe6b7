"""Uploads when things go wrong: broken lines, two senders at once, crashes, and damaged parts."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.files.on_disk import files_below

from shoumi.server.files import tasks
from shoumi.server.files.models import ContentKey, FileState, StoredFile, Upload, UploadPart
from shoumi.server.files.services import (
    file_open,
    file_store,
    upload_create,
    upload_finish,
    upload_receive,
    upload_terminate,
    uploads,
    uploads_expire,
)
from shoumi.server.files.services.uploads import UploadOffsetError, UploadTakenOverError
from shoumi.server.files.storage.places import Area, StorageFullError, path_of
from shoumi.server.files.uploads.protocol import Checksum, ChecksumMismatchError
from shoumi.server.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 4


class BrokenLine:
    """Gives so many bytes, in so large pieces, and then breaks."""

    def __init__(self, body: bytes, piece: int = 100, *, silent: bool = False) -> None:
        self.source, self.piece, self.silent = io.BytesIO(body), piece, silent

    def read(self, size: int, /) -> bytes:
        got = self.source.read(min(size, self.piece))
        if not got and not self.silent:
            raise ConnectionResetError
        return got


def begun(user) -> Upload:
    return upload_create(actor=user, name="a.bin", length_bytes=len(BODY))


def send(upload: Upload, offset: int, body: bytes, **how) -> Upload:
    """Send `body`, or what `how` says about `stream`, `length_bytes` and `checksum`."""
    usual = {"length_bytes": len(body), "stream": io.BytesIO(body)}
    return upload_receive(upload=upload, offset_bytes=offset, **(usual | how))


@pytest.mark.parametrize("silent", [False, True])
def test_what_came_before_the_line_broke_is_kept(user, silent):
    upload = begun(user)
    upload = send(upload, 0, b"", length_bytes=len(BODY), stream=BrokenLine(BODY[:300], silent=silent))
    assert upload.offset_bytes == 300
    upload = send(upload, 300, BODY[300:])
    assert upload.is_complete
    assert file_open(upload_finish(upload_id=upload.pk)).read() == BODY


def test_a_line_that_breaks_at_once_changes_nothing(user, files_directory):
    upload = send(begun(user), 0, b"", length_bytes=10, stream=BrokenLine(b""))
    assert upload.offset_bytes == 0
    assert not files_below(files_directory)


def test_a_broken_piece_with_a_checksum_is_dropped_whole(user, files_directory, monkeypatch):
    monkeypatch.setattr(uploads, "PART_BYTES", 100)
    upload = begun(user)
    checksum = Checksum("sha256", hashlib.sha256(BODY).digest())
    with pytest.raises(ChecksumMismatchError):
        send(upload, 0, b"", length_bytes=len(BODY), stream=BrokenLine(BODY[:300]), checksum=checksum)
    upload.refresh_from_db()
    assert upload.offset_bytes == 0
    assert not files_below(files_directory)
    checksum = Checksum("sha256", hashlib.sha256(BODY).digest())
    assert send(upload, 0, BODY, checksum=checksum).is_complete


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=8), part=st.integers(1, 300))
def test_any_way_to_cut_it_gives_the_same_file(user, cuts, part):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "PART_BYTES", part)
        patch.setattr(uploads, "_READ_BYTES", 64)
        upload = begun(user)
        for cut in [*cuts, len(BODY)]:
            offset = upload.offset_bytes
            upload = send(upload, offset, BODY[offset : offset + cut])
        stored = upload_finish(upload_id=upload.pk)
    assert stored.sha256 == hashlib.sha256(BODY).hexdigest()
    assert file_open(stored).read() == BODY


class Intruder(io.BytesIO):
    """While the first sender's bytes are read, somebody else does something."""

    def __init__(self, body: bytes, act) -> None:
        super().__init__(body)
        self.act = act

    def read(self, size: int = -1, /) -> bytes:
        if self.act:
            act, self.act = self.act, None
            act()
        return super().read(size)


def test_the_newest_sender_wins_and_the_older_one_hears_of_it(user, files_directory):
    upload = begun(user)
    again = Upload.objects.get(pk=upload.pk)
    with pytest.raises(UploadTakenOverError):
        send(upload, 0, BODY[:500], stream=Intruder(BODY[:500], lambda: send(again, 0, BODY[:200])))
    upload.refresh_from_db()
    assert upload.offset_bytes == 200
    assert UploadPart.objects.count() == len(files_below(files_directory)) == 1
    upload = send(upload, 200, BODY[200:])
    assert file_open(upload_finish(upload_id=upload.pk)).read() == BODY


def test_a_newer_sender_that_has_not_sent_anything_yet_wins_too(user):
    upload = begun(user)
    claimed = Intruder(BODY[:500], lambda: Upload.objects.update(claim=uuid4()))
    with pytest.raises(UploadTakenOverError):
        send(upload, 0, BODY[:500], stream=claimed)
    upload.refresh_from_db()
    assert upload.offset_bytes == 0


def test_an_upload_ended_under_its_sender_is_gone(user):
    upload = begun(user)
    again = Upload.objects.get(pk=upload.pk)
    with pytest.raises(UploadTakenOverError):
        send(upload, 0, BODY, stream=Intruder(BODY, lambda: upload_terminate(upload=again)))
    assert not StoredFile.objects.exists()


def test_a_piece_for_another_place_is_told_where_to_go(user):
    upload = send(begun(user), 0, BODY[:200])
    for offset in (0, 199, 201):
        with pytest.raises(UploadOffsetError, match="byte 200"):
            send(upload, offset, b"x")


def test_an_upload_is_finished_once(user):
    upload = send(begun(user), 0, BODY)
    assert upload_finish(upload_id=upload.pk).state == FileState.READY
    assert upload_finish(upload_id=upload.pk) is None
    assert LedgerEntry.objects.filter(tag="files:file:stored").count() == 1


def test_an_incomplete_upload_is_not_finished(user):
    upload = send(begun(user), 0, BODY[:-1])
    assert upload_finish(upload_id=upload.pk) is None
    assert StoredFile.objects.get().state == FileState.UPLOADING


def test_a_last_step_that_died_is_done_again_and_the_dead_one_does_no_harm(user, fixed_clock, monkeypatch):
    """The first one wakes up in the middle of its work, after the second one has finished."""
    monkeypatch.setattr(uploads, "_PROGRESS_BYTES", 1 << 40)
    upload = send(begun(user), 0, BODY)
    blocks = uploads._blocks_of

    def asleep(found):
        monkeypatch.setattr(uploads, "_blocks_of", blocks)
        yield from list(blocks(found))
        fixed_clock.advance(timedelta(minutes=9))
        assert uploads_expire() == 0
        fixed_clock.advance(timedelta(minutes=2))
        assert uploads_expire() == 1

    monkeypatch.setattr(uploads, "_blocks_of", asleep)
    assert upload_finish(upload_id=upload.pk) is None
    stored = StoredFile.objects.get()
    assert stored.state == FileState.READY
    assert file_open(stored).read() == BODY
    assert ContentKey.objects.count() == 1
    assert LedgerEntry.objects.filter(tag="files:file:stored").count() == 1


def test_a_last_step_that_nobody_began_is_done(user, fixed_clock):
    send(begun(user), 0, BODY)
    fixed_clock.advance(timedelta(minutes=9))
    assert uploads_expire() == 0
    fixed_clock.advance(timedelta(minutes=2))
    assert uploads_expire() == 1
    assert StoredFile.objects.get().state == FileState.READY


@pytest.mark.django_db(transaction=True)
def test_a_part_that_was_altered_on_disk_makes_the_upload_fail_visibly(user, files_directory):
    upload = send(begun(user), 0, BODY)
    path = path_of(UploadPart.objects.get().pk, Area.PARTS)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    stored = upload_finish(upload_id=upload.pk)
    assert (stored.state, stored.failure) == (FileState.FAILED, "evidence.stored_file_altered")
    assert not Upload.objects.exists()
    assert not ContentKey.objects.exists()
    assert not files_below(files_directory)


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_part_that_is_lost_makes_the_upload_fail_visibly(user, lost):
    upload = begun(user)
    for start in (0, 300, 600):
        upload = send(upload, start, BODY[start : start + (300 if start < 600 else len(BODY))])
    UploadPart.objects.filter(start_bytes=lost * 300).delete()
    stored = upload_finish(upload_id=upload.pk)
    assert (stored.state, stored.failure) == (FileState.FAILED, "evidence.stored_file_altered")


def test_parts_that_change_places_in_the_table_make_the_upload_fail_visibly(user):
    upload = send(begun(user), 0, BODY[:300])
    upload = send(upload, 300, BODY[300:])
    UploadPart.objects.filter(start_bytes=0).update(start_bytes=len(BODY) - 300)
    UploadPart.objects.filter(start_bytes=300).update(start_bytes=0)
    assert upload_finish(upload_id=upload.pk).failure == "evidence.stored_file_altered"


def test_a_full_disk_at_the_last_step_is_tried_again(user, fixed_clock, monkeypatch):
    upload = send(begun(user), 0, BODY)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFullError):
        upload_finish(upload_id=upload.pk)
    monkeypatch.undo()
    assert StoredFile.objects.get().state == FileState.UPLOADING
    assert upload_finish(upload_id=upload.pk) is not None


def aged(path, now) -> None:
    os.utime(path, (now.timestamp(), now.timestamp()))


def test_what_crashes_leave_behind_is_swept_up_after_a_day_and_nothing_else(
    user, fixed_clock, files_directory
):
    stored = file_store(actor=user, name="a", chunks=[BODY])
    upload = send(begun(user), 0, BODY[:100])
    kept = files_below(files_directory)
    gone = file_store(actor=user, name="b", chunks=[BODY])
    orphan = path_of(gone.key_id)
    StoredFile.objects.filter(pk=gone.pk).delete()
    ContentKey.objects.filter(pk=gone.key_id).delete()
    lost = path_of(upload.pk, Area.PARTS)
    lost.parent.mkdir(parents=True, exist_ok=True)
    lost.write_bytes(b"a part whose row was never written")
    draft = files_directory / "drafts" / "half"
    draft.write_bytes(b"half a file")
    for path in files_below(files_directory):
        aged(path, fixed_clock.now())
    fixed_clock.advance(timedelta(hours=23))
    assert tasks.hourly() == {"uploads": 0, "imports": 0, "forms": 0, "drafts": 0, "files": 0, "parts": 0}
    fixed_clock.advance(timedelta(hours=1, minutes=1))
    Upload.objects.update(expires_at=fixed_clock.now() + timedelta(hours=1))
    assert tasks.hourly() == {"uploads": 0, "imports": 0, "forms": 0, "drafts": 1, "files": 1, "parts": 1}
    assert files_below(files_directory) == kept
    assert not any(path.exists() for path in (orphan, lost, draft))
    assert file_open(stored).read() == BODY
