"""Takes a table, or a query that gives one, and forgets it again where nobody makes an index of it.

The worker looks at it (`building`).  What was given is nobody's to keep: a table that was not described
within a day is destroyed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shoumi.connectors.databases import Connection, checked
from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import GivenTable
from shoumi.server.documents.queries.tables import table_resource
from shoumi.server.documents.services.keeping import SYSTEM
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_shred
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource

KEPT: Final = timedelta(hours=24)
MOST_BYTES: Final = 1 << 29  # of a table; the worker holds it in memory


class TableTooLargeHereError(InputError):
    """The file is larger than what an index is made of."""

    code = "documents.table_too_large"
    message = "A table may have {limit} MB; divide it, or have it read from a database."


class ConnectionUnknownError(InputError):
    """The settings name no such database for this legal entity."""

    code = "documents.connection_unknown"
    message = "There is no connection {name} for this legal entity; connections stand in the settings."


class TableGoneError(ConflictError):
    """The table was given up, or somebody has made an index of it."""

    code = "documents.table_gone"
    message = "This table is not there any more: an index was made of it, or it was given up."


def connection_named(name: str, entity: LegalEntity) -> Connection:
    """Return the database of the settings.

    Raises:
        ConnectionUnknownError: there is none, or it belongs to another legal entity.
    """
    found: Connection | None = settings.SHOUMI_TABLE_CONNECTIONS.get(name)
    if found is None or found.entity not in {"", entity.code}:
        raise ConnectionUnknownError(name=name)
    return found


def table_give(  # noqa: PLR0913 - what a table comes from
    *,
    actor: User,
    entity: LegalEntity,
    file: StoredFile | None = None,
    connection: str = "",
    query: str = "",
    sheet: str = "",
) -> GivenTable:
    """Take an uploaded table, or a query; the worker looks at it next.

    Raises:
        NotPermittedError: the actor does not manage indexes of `entity`.
        TableTooLargeHereError, ConnectionUnknownError, QueryShapeError: it cannot be used.
    """
    gate.require(actor, Action.INDEX_MANAGE, entity_resource(entity))
    verify_size(file)
    if file is None:
        connection_named(connection, entity)
        query = checked(query)
    with transaction.atomic():
        table = GivenTable.objects.create(
            entity=entity,
            file=file,
            connection="" if file else connection,
            query="" if file else query,
            sheet=sheet,
            given_by=actor,
            given_at=clock().now(),
        )
        append(
            LedgerTag.DOCUMENTS_TABLE_GIVEN,
            actor=actor.ledger_actor,
            subject=table.ledger_subject,
            detail={"entity": entity.code, **source_told(table)},
        )
    return table


def table_discard(*, actor: User, table_id: UUID) -> None:
    """Give a table up; an uploaded file is destroyed.

    Raises:
        TableGoneError: it is not there.
        NotPermittedError: the actor does not manage indexes of its entity.
    """
    with transaction.atomic():
        table = locked(table_id)
        gate.require(actor, Action.INDEX_MANAGE, table_resource(table))
        forget(table, actor=actor, reason="the table was given up")


def tables_forget() -> int:
    """Destroy tables that nobody has described within a day; return how many."""
    late = GivenTable.objects.filter(run=None, given_at__lt=clock().now() - KEPT)
    ids = list(late.values_list("pk", flat=True))
    for table_id in ids:
        with transaction.atomic():
            forget(locked(table_id), actor=SYSTEM, reason="no index was made of the table within a day")
    return len(ids)


def verify_size(file: StoredFile | None) -> None:
    """Raise `TableTooLargeHereError` for a file that the worker would not hold."""
    if file is not None and file.size_bytes > MOST_BYTES:
        raise TableTooLargeHereError(limit=MOST_BYTES >> 20)


def locked(table_id: UUID) -> GivenTable:
    """Return a table that is not taken, under a lock.

    Raises:
        TableGoneError: there is none.
    """
    rows = GivenTable.objects.select_for_update(of=("self",), no_key=True).select_related("entity", "file")
    row = rows.filter(pk=table_id, run=None).first()
    if row is None:
        raise TableGoneError
    return row


def forget(table: GivenTable, *, actor: User | str, reason: str) -> None:
    """Delete a table and destroy its file, in the caller's transaction; the ledger keeps that it is gone."""
    subject = table.ledger_subject
    table.delete()
    if table.file is not None:
        file_shred(actor=actor, stored=table.file, reason=reason)
        return
    append(
        LedgerTag.DOCUMENTS_TABLE_DISCARDED,
        actor=actor.ledger_actor if isinstance(actor, User) else actor,
        subject=subject,
        detail={"reason": reason},
    )


def source_told(table: GivenTable) -> dict[str, str]:
    """Return where a table comes from, as the ledger keeps it."""
    if table.file is not None:
        return {"file": str(table.file_id), "sha256": table.file.sha256}
    return {"connection": table.connection, "query": table.query}
