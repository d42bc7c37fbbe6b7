"""Hands an index of a table to another machine: the file and its key, each by itself, each recorded.

The file says nothing without the key (`docs/formats/exact-index.md`).  The key is shown, never sent along.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import Index
from shoumi.server.documents.queries.tables import table_get
from shoumi.server.documents.services.exporting import IndexMissingHereError
from shoumi.server.documents.services.keeping import opened_file, path_of
from shoumi.server.documents.services.tables.making import IndexGoneError
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag


def index_file_hand_out(*, actor: User, index_id: UUID) -> Path:
    """Return where the sealed index lies, and record that it is taken.  Raises as `index_key_hand_out`."""
    with transaction.atomic():
        index = _ready(actor, index_id)
        _record(index, actor, {"what": "file"})
    return path_of(index.pk)


def index_key_hand_out(*, actor: User, index_id: UUID, reason: str) -> str:
    """Return the key in hexadecimal, and record who took it and why.

    Raises:
        IndexGoneError, IndexMissingHereError: it was dropped, or nothing is in it yet.
        NotPermittedError: the actor does not manage the index.
    """
    with transaction.atomic():
        index = _ready(actor, index_id)
        _record(index, actor, {"what": "key", "reason": reason})
        return opened_file(index).read_key().hex()


def _ready(actor: User, index_id: UUID) -> Index:
    index = table_get(actor, index_id, Action.INDEX_MANAGE)
    if index is None:
        raise IndexGoneError
    if not path_of(index.pk).exists():
        raise IndexMissingHereError(name=index.name)
    return index


def _record(index: Index, actor: User, detail: dict[str, str]) -> None:
    append(
        LedgerTag.DOCUMENTS_INDEX_EXPORTED,
        actor=actor.ledger_actor,
        subject=index.ledger_subject,
        detail={"name": index.name, **detail},
    )
