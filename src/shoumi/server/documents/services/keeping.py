"""Where indexes lie, whose keys they have, and who may write them: one process at a time.

An index file is sealed under a key of its own (`docs/formats/`), which the key store of this installation
wraps like the keys of files.  It is replaced as a whole: whoever reads has the old one or the new one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from shoumi.sandbox.scanning import IndexFile
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Index
from shoumi.server.files.services.contents import destroy_content_key
from shoumi.server.files.storage.vault import new_content_key, open_content_key
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

SECRETS: Final = "secrets"  # name of the index of all registered secrets
SYSTEM: Final = "system:documents"


def directory() -> Path:
    """Return the folder of all indexes."""
    return Path(settings.SHOUMI_INDEXES_DIRECTORY).absolute()


def index_of_secrets() -> Index:
    """Return the index of all registered secrets; the first call makes it."""
    row = Index.objects.select_related("key").filter(kind=Index.Kind.SECRETS).first()
    if row is not None:
        return row
    try:
        return index_create(kind=Index.Kind.SECRETS, name=SECRETS, actor=None)
    except IntegrityError:  # another process was faster
        return Index.objects.select_related("key").get(kind=Index.Kind.SECRETS)


def index_create(*, kind: str, name: str, actor: User | None, **values: object) -> Index:
    """Make an index with a key of its own; its file comes with the first update."""
    now = clock().now()
    with transaction.atomic():
        key, _secret = new_content_key()
        key.save(force_insert=True)
        row = Index.objects.create(
            kind=kind, name=name, key=key, created_at=now, updated_at=now, created_by=actor, **values
        )
        append(
            LedgerTag.DOCUMENTS_INDEX_MADE,
            actor=actor.ledger_actor if actor else SYSTEM,
            subject=row.ledger_subject,
            detail={"kind": kind, "name": name, **_told(values)},
        )
    return row


def index_erase(*, row: Index, actor: User) -> None:
    """Drop an index: its key for ever in the caller's transaction, its file after the commit."""
    key_id, row.key, row.dropped_at = row.key_id, None, clock().now()
    row.save(update_fields=["key", "dropped_at"])
    destroy_content_key(key_id)
    append(
        LedgerTag.DOCUMENTS_INDEX_DROPPED,
        actor=actor.ledger_actor,
        subject=row.ledger_subject,
        detail={"name": row.name},
    )
    transaction.on_commit(lambda: path_of(row.pk).unlink(missing_ok=True))


def path_of(index_id: UUID) -> Path:
    """Return where an index lies or will lie."""
    return directory() / f"{index_id}.index"


def opened_file(row: Index) -> IndexFile:
    """Return the index with its key, as scans and builders take it.

    Raises:
        WrappedKeyError, DestroyedKeyError, UnknownKeyError: see the key store.
    """
    path = path_of(row.pk)
    return IndexFile(path, path, held=open_content_key(row.key))


@contextmanager
def writing(index_id: UUID) -> Iterator[bool]:
    """Hold the right to write an index; yield whether we have it.  It ends with the process at the latest."""
    directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(directory() / f"{index_id}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _told(values: dict[str, object]) -> dict[str, object]:
    """Return what the ledger keeps of an index: the names of columns, no content."""
    rule = values.get("rule")
    return {"rule": rule} if rule else {}
