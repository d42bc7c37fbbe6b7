"""Stores, opens, verifies and destroys contents.

Destruction is crypto-shredding (NIST SP 800-88 rev. 1, 2.6): the key goes first and for ever, the bytes
follow.  Who may store, open or destroy what is decided by the callers, who know what a file belongs to;
opening is a ledger entry of theirs through `file_opening_record`, in the transaction of their decision.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, TypeAlias
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from shoumi.engine.errors import ConflictError, EvidenceError, InputError
from shoumi.engine.evidence.hashes import DoubleHasher, FileDigests, blocks_of
from shoumi.server.accounts.models import User
from shoumi.server.files.models import ContentKey, FileState, StoredFile
from shoumi.server.files.queries import file_is_referenced
from shoumi.server.files.services.names import FileNameError, clean_name
from shoumi.server.files.storage.format import StoredReader, StoredWriter
from shoumi.server.files.storage.media import MediaFinding, recognise
from shoumi.server.files.storage.places import draft_of, open_stored, remove
from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

__all__ = ["FileNameError", "file_store"]

Actor: TypeAlias = "User | str"  # a user, or "system:<part>"
Content: TypeAlias = "Iterable[bytes] | BinaryIO"


class FileTooLargeError(InputError):
    """The content is longer than this installation takes."""

    code = "input.file_too_large"
    message = "The file is larger than {limit_bytes} bytes, the most that is taken."


class FileNotReadyError(ConflictError):
    """The content has not arrived completely, or its processing failed."""

    code = "conflict.file_not_ready"
    message = "The file cannot be used: {reason}."


class FileShreddedError(ConflictError):
    """The content was destroyed on purpose."""

    code = "conflict.file_shredded"
    message = "The content of this file was destroyed and cannot be restored."


class FileReferencedError(ConflictError):
    """A record refers to the file, so it is not its owner's to discard."""

    code = "conflict.file_referenced"
    message = "The file belongs to a record and cannot be discarded."


class FileDigestError(EvidenceError):
    """The stored content is not the one whose hashes were recorded."""

    code = "evidence.file_digest"
    message = "The stored content does not have the recorded {what}."


def file_store(
    *, actor: Actor, name: str, chunks: Content, media_type: str = "", limit_bytes: int | None = None
) -> StoredFile:
    """Encrypt, hash and keep a content, read once and never held in memory; return its ready row.

    `chunks` is an iterable of bytes or an open binary file.  `media_type` is for what we made ourselves;
    otherwise the kind is found in the bytes.  Inside a caller's transaction the row goes with it, and the
    bytes of a transaction that failed are swept up later.

    Raises:
        FileNameError: no usable name.
        FileTooLargeError: longer than `limit_bytes`.
        StorageFullError: the disk is full.
    """
    stored = StoredFile(
        name=clean_name(name),
        owner=actor if isinstance(actor, User) else None,
        created_at=clock().now(),
        media_type=media_type,
    )
    return store_content(stored, actor=actor, blocks=_limited(_blocks(chunks), limit_bytes))


def store_content(
    stored: StoredFile,
    *,
    actor: Actor,
    blocks: Iterable[bytes],
    progress: Callable[[int], None] | None = None,
    then: Callable[[], None] | None = None,
) -> StoredFile:
    """Give `stored` its content, and save it as ready with its ledger entry.

    `progress` is told the bytes so far after each block; `then` runs in the final transaction before the
    ledger entry.
    """
    key, secret = new_content_key()
    sealing = {"file_id": stored.id, "key_id": key.id, "file_key": secret}
    hasher = DoubleHasher()
    with draft_of(key.id) as draft:  # named by its key: bytes whose key row is gone are rubbish
        writer = StoredWriter(draft, **sealing)
        for block in blocks:
            writer.write(block)
            hasher.update(block)
            if progress:
                progress(writer.size_bytes)
        writer.finish()
        draft.flush()
        with os.fdopen(os.dup(draft.fileno()), "rb") as again:
            finding = recognise(StoredReader(again, **sealing), stored.name)
    with transaction.atomic():  # should it fail, the bytes without a key row are swept up later
        key.save(force_insert=True)
        _fill(stored, key, hasher.digests(), finding)
        stored.save()
        if then:
            then()
        append(
            LedgerTag.FILES_FILE_STORED,
            actor=_actor(actor),
            subject=stored.subject,
            detail={**_identity(stored), "media_type": stored.media_type},
        )
    return stored


def _fill(stored: StoredFile, key: ContentKey, digests: FileDigests, finding: MediaFinding) -> None:
    stored.key = key
    stored.state = FileState.READY
    stored.size_bytes = digests.size_bytes
    stored.sha256, stored.sm3 = digests.sha256, digests.sm3
    stored.charset, stored.encrypted = finding.charset, finding.encrypted
    stored.name_agrees = finding.name_agrees
    stored.media_type = stored.media_type or finding.media_type


def files_adopt(*, actor: User, chosen: Sequence[StoredFile | UploadedFile]) -> list[StoredFile]:
    """Return stored files for what `StoredFileField` gave: plain form uploads are stored now.

    Raises:
        FileNameError, FileTooLargeError, StorageFullError: see `file_store`.
    """
    limit_bytes = settings_limit_bytes()
    return [
        item
        if isinstance(item, StoredFile)
        else file_store(actor=actor, name=item.name or "", chunks=item.chunks(), limit_bytes=limit_bytes)
        for item in chosen
    ]


def file_open(stored: StoredFile) -> StoredReader:
    """Open the content for reading: a seekable binary file whose `chunks()` is the fastest way through.

    Close it after use.  Every byte it returns was verified against alteration.

    Raises:
        FileNotReadyError, FileShreddedError: there is no content (yet, or any more).
        StoredFileMissingError, StoredFileAlteredError: what lies on disk is not what was stored.
        ConfigurationError: the key file is not in order.
    """
    if stored.state == FileState.SHREDDED:
        raise FileShreddedError
    _refuse_unready(stored)
    key = ContentKey.objects.filter(pk=stored.key_id).first()
    if key is None:  # destroyed since `stored` was read
        raise FileShreddedError
    secret = open_content_key(key)
    return StoredReader(open_stored(key.id), file_id=stored.id, key_id=key.id, file_key=secret)


def file_opening_record(*, actor: Actor, stored: StoredFile, purpose: str) -> None:
    """Write the ledger entry of an opening; the caller has decided, and calls it in its transaction.

    `purpose` is a plain word such as "download", "inspection" or "package".
    """
    append(
        LedgerTag.FILES_FILE_OPENED,
        actor=_actor(actor),
        subject=stored.subject,
        detail={**_identity(stored), "purpose": purpose},
    )


def file_verify(stored: StoredFile) -> None:
    """Read the whole content again and return if it has the recorded size and hashes.

    Raises:
        FileDigestError: it has others.
        and whatever `file_open` raises.
    """
    with file_open(stored) as reader:
        hasher = DoubleHasher()
        for chunk in reader.chunks():
            hasher.update(chunk)
    found = hasher.digests()
    if found.size_bytes != stored.size_bytes:
        raise FileDigestError(what="size")
    if found.sha256 != stored.sha256:
        raise FileDigestError(what="SHA-256")
    if found.sm3 != stored.sm3:
        raise FileDigestError(what="SM3")


@transaction.atomic
def file_shred(*, actor: Actor, stored: StoredFile, reason: str) -> StoredFile:
    """Destroy the content for ever: its key in this transaction, its bytes after the commit.

    The row stays with name, size and hashes, so that records keep saying what there was.  The caller has
    decided, confirmed, and looked for legal holds.

    Raises:
        FileShreddedError: it was destroyed before.
        FileNotReadyError: it is still arriving; terminate the upload instead.
    """
    row = StoredFile.objects.select_for_update(no_key=True).get(pk=stored.pk)
    if row.state == FileState.SHREDDED:
        raise FileShreddedError
    _refuse_unready(row)
    key_id, row.key = row.key_id, None
    row.state, row.shredded_at = FileState.SHREDDED, clock().now()
    row.save(update_fields=["key", "state", "shredded_at"])
    destroy_content_key(key_id)
    append(
        LedgerTag.FILES_FILE_SHREDDED,
        actor=_actor(actor),
        subject=row.subject,
        detail={**_identity(row), "reason": reason},
    )
    transaction.on_commit(lambda: remove(key_id))
    stored.refresh_from_db()
    return row


def file_discard(*, actor: User, stored: StoredFile) -> StoredFile:
    """Let the owner take back a file that no record refers to yet.

    Raises:
        FileReferencedError: a record refers to it.
        and whatever `file_shred` raises.
    """
    with transaction.atomic():
        if file_is_referenced(stored):
            raise FileReferencedError
        return file_shred(actor=actor, stored=stored, reason="discarded before use")


def destroy_content_key(key_id: UUID | None) -> None:
    """Overwrite a key row and delete it, in the caller's transaction."""
    rows = ContentKey.objects.filter(pk=key_id)
    for row in rows:
        rows.update(wrapped=os.urandom(len(row.wrapped)), kid="")
    rows.delete()


def settings_limit_bytes() -> int:
    """Return the configured limit of one file in bytes."""
    return int(settings.CONFIG.upload_limit_bytes)


def _refuse_unready(stored: StoredFile) -> None:
    if stored.state == FileState.UPLOADING:
        raise FileNotReadyError(reason="it has not arrived completely")
    if stored.state == FileState.FAILED:
        raise FileNotReadyError(reason="it could not be stored")


def _identity(stored: StoredFile) -> dict[str, str | int]:
    return {
        "name": stored.name,
        "size_bytes": stored.size_bytes,
        "sha256": stored.sha256,
        "sm3": stored.sm3,
    }


def _actor(actor: Actor) -> str:
    return actor.ledger_actor if isinstance(actor, User) else actor


def _blocks(content: Content) -> Iterable[bytes]:
    if hasattr(content, "read"):
        return blocks_of(content)
    return content


def _limited(blocks: Iterable[bytes], limit_bytes: int | None) -> Iterator[bytes]:
    size_bytes = 0
    for block in blocks:
        size_bytes += len(block)
        if limit_bytes is not None and size_bytes > limit_bytes:
            raise FileTooLargeError(limit_bytes=limit_bytes)
        yield block
