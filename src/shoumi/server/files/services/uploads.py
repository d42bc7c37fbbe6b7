"""Takes uploads in pieces that may come hours apart, and makes stored files of them.

Source: the tus resumable upload protocol 1.0.0, whose headers are `uploads.protocol`'s concern.
Each piece is encrypted as it comes, in a stored file of its own with its own data key, so that a piece sent
again with other bytes never meets its old nonce.  The newest request on an upload wins: an older one that
still hangs on a dead line finds its claim gone.  What was acknowledged is on the disk and in the database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from shoumi.engine.errors import ConflictError, InputError, RefusalError, ShoumiError
from shoumi.engine.evidence.hashes import ByteStream
from shoumi.server.accounts.models import User
from shoumi.server.files.models import FileState, StoredFile, Upload, UploadPart
from shoumi.server.files.queries import open_uploads
from shoumi.server.files.services.contents import (
    FileTooLargeError,
    destroy_content_key,
    settings_limit_bytes,
    store_content,
)
from shoumi.server.files.services.names import clean_name
from shoumi.server.files.storage.format import StoredFileAlteredError, StoredReader, StoredWriter
from shoumi.server.files.storage.places import (
    Area,
    StorageFullError,
    draft_of,
    has_room,
    open_stored,
    remove,
)
from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.files.uploads.protocol import Checksum, ChecksumMismatchError
from shoumi.server.ledger.services import clock

KEPT: Final = timedelta(hours=24)  # after the last byte that came
STALE: Final = timedelta(minutes=10)  # without progress, the last step is taken to have died
MOST_OPEN: Final = 20  # uploads under way per user
PART_BYTES: Final = 64 << 20  # what a crash of the server can cost
_READ_BYTES: Final = 1 << 20
_PROGRESS_BYTES: Final = 32 << 20


class UploadOffsetError(ConflictError):
    """The piece does not begin where the upload stands."""

    code = "conflict.upload_offset"
    message = "The upload stands at byte {offset_bytes}; continue there."


class UploadTakenOverError(ConflictError):
    """A newer request continues this upload, or it was ended meanwhile."""

    code = "conflict.upload_taken_over"
    message = "The upload is continued by another request."


class UploadOverrunError(InputError):
    """More bytes than were announced."""

    code = "input.upload_overrun"
    message = "The upload was announced with {length_bytes} bytes; more came."


class UploadQuotaError(RefusalError):
    """The user has too many uploads under way."""

    code = "refusal.upload_quota"
    message = "There are {count} unfinished uploads of yours already; finish or cancel some first."


def upload_create(*, actor: User, name: str, length_bytes: int) -> Upload:
    """Open an upload of `length_bytes` bytes and return it.

    Raises:
        FileTooLargeError: more than `SHOUMI_UPLOAD_LIMIT_BYTES`.
        UploadQuotaError: too many are open.
        StorageFullError: it would not fit on the disk.
        FileNameError: no usable name.
    """
    limit_bytes = settings_limit_bytes()
    if length_bytes > limit_bytes:
        raise FileTooLargeError(limit_bytes=limit_bytes)
    name = clean_name(name)
    count = open_uploads(actor).count()
    if count >= MOST_OPEN:
        raise UploadQuotaError(count=count)
    if not has_room(2 * length_bytes):  # the parts, and the file made of them
        raise StorageFullError
    now = clock().now()
    key, _ = new_content_key()
    with transaction.atomic():
        key.save(force_insert=True)
        stored = StoredFile.objects.create(name=name, owner=actor, created_at=now, size_bytes=length_bytes)
        return Upload.objects.create(
            stored=stored, key=key, length_bytes=length_bytes, created_at=now, expires_at=now + KEPT
        )


def upload_receive(
    *,
    upload: Upload,
    offset_bytes: int,
    length_bytes: int,
    stream: ByteStream,
    checksum: Checksum | None = None,
) -> Upload:
    """Take in `length_bytes` bytes from `stream` at `offset_bytes`, and return the upload as it stands then.

    If the line breaks, what came is kept (unless a checksum covers the whole piece).

    Raises:
        UploadOffsetError: the upload stands elsewhere.
        UploadOverrunError: the piece goes beyond the announced length.
        UploadTakenOverError: a newer request claimed the upload.
        ChecksumMismatchError: the piece does not have the announced checksum; nothing of it is kept.
        StorageFullError: the disk is full.
    """
    if offset_bytes + length_bytes > upload.length_bytes:
        raise UploadOverrunError(length_bytes=upload.length_bytes)
    claim = uuid4()
    mine = Upload.objects.filter(pk=upload.pk, finishing_at=None)
    if not mine.filter(offset_bytes=offset_bytes).update(claim=claim):
        upload.refresh_from_db()
        raise UploadOffsetError(offset_bytes=upload.offset_bytes)
    parts = _parts_from(stream, upload, offset_bytes, length_bytes, checksum)
    if checksum:
        kept = list(parts)
        if not checksum.matches():
            for part in kept:
                remove(part.id, Area.PARTS)
            raise ChecksumMismatchError
        parts = iter(kept)
    for part in parts:
        _keep(part, claim)
    try:
        upload.refresh_from_db()
    except Upload.DoesNotExist as error:
        raise UploadTakenOverError from error
    return upload


def _parts_from(
    stream: ByteStream, upload: Upload, start: int, length: int, checksum: Checksum | None
) -> Iterator[UploadPart]:
    """Encrypt the stream part by part; yield each when it lies on the disk, without a row yet."""
    secret = open_content_key(upload.key)
    end = start + length
    block = _read(stream, end - start)
    while block:
        part = UploadPart(id=_part_id(start), upload=upload, start_bytes=start)
        with draft_of(part.id, Area.PARTS) as draft:
            writer = StoredWriter(draft, file_id=part.id, key_id=upload.key_id, file_key=secret)
            while block:
                writer.write(block)
                if checksum:
                    checksum.update(block)
                start += len(block)
                block = _read(stream, end - start)
                if writer.size_bytes >= PART_BYTES:
                    break
            writer.finish()
        part.size_bytes = writer.size_bytes
        yield part


def _part_id(start: int) -> UUID:
    """Return a fresh id that ends with the part's place, so that the encryption vouches for the place too."""
    return UUID(bytes=os.urandom(8) + start.to_bytes(8, "big"))


def _read(stream: ByteStream, left: int) -> bytes:
    """Return the next bytes; none when the line broke, as if it had ended there."""
    if not left:
        return b""
    try:
        return stream.read(min(left, _READ_BYTES))
    except OSError:
        return b""


def _keep(part: UploadPart, claim: UUID) -> None:
    """Move the upload's offset over `part`, if the claim still holds."""
    with transaction.atomic():
        moved = Upload.objects.filter(pk=part.upload_id, claim=claim, offset_bytes=part.start_bytes).update(
            offset_bytes=part.start_bytes + part.size_bytes, expires_at=clock().now() + KEPT
        )
        if moved:
            part.save(force_insert=True)
    if not moved:
        remove(part.id, Area.PARTS)
        raise UploadTakenOverError


def upload_finish(*, upload_id: UUID) -> StoredFile | None:
    """Make the stored file of an upload whose last byte has come: hash, recognise, encrypt as one content.

    Returns None when there is nothing to do: the upload is gone, not complete, or being finished elsewhere.
    A content that turns out damaged on disk leaves a file in the state "failed".

    Raises:
        StorageFullError: the disk is full; it will be tried again.
    """
    claim, now = uuid4(), clock().now()
    free = Q(finishing_at=None) | Q(finishing_at__lt=now - STALE)
    complete = Upload.objects.filter(pk=upload_id, offset_bytes=F("length_bytes"))
    if not complete.filter(free).update(claim=claim, finishing_at=now, finished_bytes=0):
        return None
    upload = Upload.objects.select_related("stored__owner", "key").get(pk=upload_id)
    mine = Upload.objects.filter(pk=upload_id, claim=claim)
    told = 0

    def progress(size_bytes: int) -> None:
        nonlocal told
        if size_bytes - told >= _PROGRESS_BYTES:
            told = size_bytes
            if not mine.update(finished_bytes=size_bytes, finishing_at=clock().now()):
                raise UploadTakenOverError

    try:
        return store_content(
            upload.stored,
            actor=upload.stored.owner,
            blocks=_blocks_of(upload),
            progress=progress,
            then=lambda: _drop(upload, claim),
        )
    except UploadTakenOverError:
        return None
    except StorageFullError:
        mine.update(finishing_at=None)
        raise
    except ShoumiError as error:
        with transaction.atomic():
            _drop(upload, claim)
            StoredFile.objects.filter(pk=upload.pk).update(
                state=FileState.FAILED, failure=error.code, key=None
            )
        return StoredFile.objects.get(pk=upload_id)


def _blocks_of(upload: Upload) -> Iterator[bytes]:
    """Yield the upload's plaintext in order."""
    secret = open_content_key(upload.key)
    reached = 0
    for part in upload.parts.all():
        if part.start_bytes != reached or not part.id.bytes.endswith(reached.to_bytes(8, "big")):
            raise StoredFileAlteredError(reason="a part of the upload is missing")
        source = open_stored(part.id, Area.PARTS)
        with StoredReader(source, file_id=part.id, key_id=upload.key_id, file_key=secret) as reader:
            yield from reader.chunks()
            reached += reader.size_bytes
    if reached != upload.length_bytes:
        raise StoredFileAlteredError(reason="the end of the upload is missing")


def _drop(upload: Upload, claim: UUID | None = None) -> None:
    """Forget the upload, its parts and their key, in the caller's transaction; the file's row stays."""
    parts = list(upload.parts.values_list("pk", flat=True))
    rows = Upload.objects.filter(pk=upload.pk)
    if claim is not None:
        rows = rows.filter(claim=claim)
    if not rows.delete()[0]:
        raise UploadTakenOverError
    destroy_content_key(upload.key_id)
    for part in parts:
        transaction.on_commit(lambda part=part: remove(part, Area.PARTS))


@transaction.atomic
def upload_terminate(*, upload: Upload) -> None:
    """Forget an upload that its owner gave up, and whatever came of it.

    Raises:
        UploadTakenOverError: it was finished or ended meanwhile.
    """
    _drop(upload)
    StoredFile.objects.filter(pk=upload.pk, state=FileState.UPLOADING).delete()


def uploads_expire() -> int:
    """Forget uploads that nobody continued, finish those whose last step died; return how many."""
    now = clock().now()
    count = 0
    for upload in Upload.objects.filter(expires_at__lt=now, offset_bytes__lt=F("length_bytes")):
        upload_terminate(upload=upload)
        count += 1
    stuck = Upload.objects.filter(
        Q(finishing_at__lt=now - STALE) | Q(finishing_at=None, expires_at__lt=now + KEPT - STALE),
        offset_bytes=F("length_bytes"),
    )
    for upload_id in stuck.values_list("pk", flat=True):
        upload_finish(upload_id=upload_id)
        count += 1
    return count
