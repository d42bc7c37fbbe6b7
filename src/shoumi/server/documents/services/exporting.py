"""Hands an index with its key to the command line, on the server itself, and records it."""

from __future__ import annotations

import os
import secrets

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.sandbox.scanning import IndexFile, IndexShelf
from shoumi.server.documents.models import Index
from shoumi.server.documents.services.keeping import SYSTEM, opened_file, path_of
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag


class IndexMissingHereError(InputError):
    """There is no such index, or nothing is in it yet."""

    code = "documents.index_missing"
    message = "There is no index {name} with anything in it yet."


def index_export(*, name: str, shelf: IndexShelf, account: str) -> IndexFile:
    """Write a copy of an index and its key where `shelf` says; return where.

    Raises:
        IndexMissingHereError: there is none of this name.
        IndexNameError: the name is none that a file may have.
    """
    row = Index.objects.select_related("key").filter(name=name, dropped_at=None).first()
    if row is None or not path_of(row.pk).exists():
        raise IndexMissingHereError(name=name)
    target = shelf.place(name)
    source = opened_file(row)
    with transaction.atomic():
        append(
            LedgerTag.DOCUMENTS_INDEX_EXPORTED,
            actor=SYSTEM,
            subject=row.ledger_subject,
            detail={"name": name, "account": account},
        )
        _write_key(target, source.read_key())
        target.write(source.path.read_bytes())
    return target


def _write_key(target: IndexFile, key: bytes) -> None:
    """Replace the key file as a whole; nobody but this account may read it at any moment."""
    target.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.key.with_name(f".{target.key.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key.hex().encode() + b"\n")
    draft.replace(target.key)
