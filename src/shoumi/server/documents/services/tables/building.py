"""What the worker does for indexes of tables: looks at given tables, and makes and updates indexes of them.

One process at a time, whoever holds the lock; what it finds under way was left by one that died, and is begun
again while its table is there.  An uploaded table is destroyed with the transaction that ends its run, well
or ill.  The index is written first: a crash between the two costs doing it again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import format_tb
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shoumi.connectors.databases import queried
from shoumi.engine.errors import InputError, ShoumiError, UnavailableError
from shoumi.engine.inspection.exact import Row, Rule, build, update
from shoumi.engine.inspection.exact.comparing import Change, compare, renamed
from shoumi.engine.inspection.exact.looking import look
from shoumi.sandbox.tables import LOOK, ROWS, Choosing, rows_told
from shoumi.sandbox.workers import Pool, Task, WorkLimits
from shoumi.server.documents.models import GivenTable, Index, IndexRun
from shoumi.server.documents.queries.tables import OPEN
from shoumi.server.documents.services.keeping import SYSTEM, opened_file, path_of, writing
from shoumi.server.documents.services.tables.giving import connection_named, forget
from shoumi.server.files.models import StoredFile
from shoumi.server.files.services import file_open
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

log = logging.getLogger(__name__)
LIMITS: Final = WorkLimits(seconds=900.0, memory_bytes=6 << 30, answer_bytes=1 << 30, tasks=1)
MOST_ATTEMPTS: Final = 3  # of a run that ends its process
_LOCK: Final = UUID("7b1f6d0e-5f0c-4c7e-9d5c-2f1f3a5f1e01")  # of the work on all tables
_TELL_SECONDS: Final = 1.0
State, What = IndexRun.State, IndexRun.What
BROKEN: Final = "documents.index_broken"
INTERRUPTED: Final = "documents.index_interrupted_often"


class TableColumnsMissingError(InputError):
    """The table lacks columns that the rule of the index names."""

    code = "documents.table_columns_missing"
    message = "The table has no column {columns}."


class TableWithoutRowsError(InputError):
    """No row of the table has a key: nothing would be left in the index."""

    code = "documents.table_without_rows"
    message = "The table holds no row with a value in the key column; the index stays as it was."


class TableUnreadableHereError(InputError):
    """The reading process could not make anything of the file."""

    code = "documents.table_unreadable"
    message = (
        "The file cannot be read as a table: it is damaged, protected by a password, or of another kind."
    )


class TableTakesTooMuchError(UnavailableError):
    """The reading process took too long or too much memory."""

    code = "documents.table_takes_too_much"
    message = "Reading the table took too long or too much memory; divide it."


def tables_step() -> bool:
    """Do one piece of work on tables; say whether there was one."""
    if not (_given().exists() or _runs().exists()):
        return False
    with writing(_LOCK) as ours:
        if not ours:
            return False
        table = _given().first()
        if table is not None:
            _look_at(table)
            return True
        run = _runs().first()
        if run is not None:
            _carry_out(run)
        return run is not None


def _given() -> Any:
    return GivenTable.objects.select_related("entity", "file__key").filter(state=GivenTable.State.READING)


def _runs() -> Any:
    rows = IndexRun.objects.select_related("index__entity", "index__key", "table__file__key", "asked_by")
    return rows.filter(state__in=OPEN, index__kind=Index.Kind.TABLE, index__dropped_at=None).order_by("pk")


def _look_at(table: GivenTable) -> None:
    table.state = GivenTable.State.FAILED
    try:
        if table.file is not None:
            content, _facts = _asked(LOOK, table.file, {"sheet": table.sheet})
            table.look = json.loads(content)
        else:
            with queried(connection_named(table.connection, table.entity), table.query) as rows:
                table.look = look(rows).to_json()
        table.state = GivenTable.State.READ
    except ShoumiError as error:
        table.failure, table.told = error.code, _fields(error)
    except Exception as error:  # noqa: BLE001 - it must not come again and again, and is told without its text
        _log("A given table could not be looked at", error)
        table.failure = BROKEN
    GivenTable.objects.filter(pk=table.pk, state=GivenTable.State.READING).update(
        state=table.state, look=table.look, failure=table.failure, told=table.told
    )


def _carry_out(run: IndexRun) -> None:
    IndexRun.objects.filter(pk=run.pk).update(state=State.RUNNING, attempts=F("attempts") + 1, done=0)
    if run.attempts >= MOST_ATTEMPTS:
        _end(run, failure=INTERRUPTED)
        return
    try:
        if run.what == What.RENAME:
            _rename(run)
        else:
            change, left = _build(run)
            _end(run, change=change, left=left)
    except ShoumiError as error:
        _end(run, failure=error.code, told=_fields(error))
    except Exception as error:  # noqa: BLE001 - the same
        _log("An index of a table could not be made", error)
        _end(run, failure=BROKEN)


def _rename(run: IndexRun) -> None:
    index, path = run.index, path_of(run.index_id)
    if path.exists():
        file = opened_file(index)
        file.write(renamed(path, index.name, file.read_key()))
    _end(run)


def _build(run: IndexRun) -> tuple[Change, int]:
    """Write the index; return what is new, and how many rows were left out for want of a key."""
    index = run.index
    rule = Rule.read(index.rule)
    file = opened_file(index)
    key = file.read_key()
    old = file.path if file.path.exists() else None
    with _rows_of(run, [index.key_column, *(column.name for column in rule.columns)]) as (rows, left):
        if run.what == What.CHANGES and old:
            new = update(old, _counted(run, rows), (), key)
        else:
            new = build(_counted(run, rows), rule, key)
        count = left()
    change = _compared(old, new, key, whole=run.what == What.WHOLE)
    if not change.rows:
        raise TableWithoutRowsError
    file.write(new)
    return change, count


def _compared(old: Path | None, new: bytes, key: bytes, *, whole: bool) -> Change:
    try:
        return compare(old, new, key)
    except ShoumiError:
        if not whole:
            raise
        log.exception("The index before cannot be opened; it is made anew")
        return compare(None, new, key)


@contextmanager
def _rows_of(run: IndexRun, columns: Sequence[str]) -> Iterator[tuple[Iterator[Row], Any]]:
    """Give the rows, the key first, and a function that tells afterwards how many have none."""
    table: GivenTable | None = getattr(run, "table", None)
    if table is not None and table.file is not None:
        content, facts = _asked(ROWS, table.file, {"sheet": table.sheet, "columns": list(columns)})
        _verify_columns(facts["missing"])
        IndexRun.objects.filter(pk=run.pk).update(wanted=facts["rows"])
        yield rows_told(content), lambda: int(facts["left"])
        return
    with queried(connection_named(run.index.connection, run.index.entity), run.index.query) as cells:
        choosing = Choosing(cells, columns)
        _verify_columns(choosing.missing)
        yield ((key, rest) for key, *rest in choosing), lambda: choosing.left


def _verify_columns(missing: Sequence[str]) -> None:
    if missing:
        raise TableColumnsMissingError(columns=", ".join(missing))


def _counted(run: IndexRun, rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows, and write down now and then how many they were."""
    told = time.monotonic()
    number = 0
    for number, row in enumerate(rows, start=1):
        yield row
        if time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            IndexRun.objects.filter(pk=run.pk).update(done=number)
    run.done = number


def _asked(function: str, stored: StoredFile, parameters: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
    """Return what a worker process makes of a stored file.

    Raises:
        TableUnreadableHereError, TableTakesTooMuchError: nothing.
    """
    with file_open(stored) as reader:
        content = reader.read()
    with Pool(1, LIMITS) as pool:
        (result,) = pool.run([Task(function, content, parameters)])
    if result.answer is not None:
        return result.answer.content, result.answer.facts
    if result.unreadable and result.unreadable.reason in {"time", "memory", "too_large"}:
        raise TableTakesTooMuchError
    raise TableUnreadableHereError


def _log(what: str, error: Exception) -> None:
    """Log a fault of ours without the text of the error, which may quote a cell."""
    log.error("%s: %s\n%s", what, type(error).__name__, "".join(format_tb(error.__traceback__)))


def _fields(error: ShoumiError) -> dict[str, Any]:
    return {name: value for name, value in error.fields.items() if isinstance(value, str | int)}


def _end(
    run: IndexRun,
    *,
    change: Change | None = None,
    left: int = 0,
    failure: str = "",
    told: dict[str, Any] | None = None,
) -> None:
    """Write down how a run ended, and destroy its table; a dropped index leaves nothing behind."""
    with transaction.atomic():
        index = Index.objects.select_for_update(no_key=True).get(pk=run.index_id)
        if index.dropped_at:
            path_of(index.pk).unlink(missing_ok=True)
            return
        run.state = State.FAILED if failure else State.DONE
        run.failure, run.told, run.ended_at = failure, told or {}, clock().now()
        if change is not None:
            run.added, run.changed, run.removed, run.closed = (
                change.added,
                change.changed,
                change.removed,
                left,
            )
            index.entries, index.cells = change.rows, change.cells
        run.attempts += 1
        run.save()
        if not failure and path_of(index.pk).exists():
            index.size_bytes, index.updated_at = path_of(index.pk).stat().st_size, run.ended_at
            index.save(update_fields=["entries", "cells", "size_bytes", "updated_at"])
        table: GivenTable | None = getattr(run, "table", None)
        if table is not None:
            forget(
                table, actor=SYSTEM, reason="the index is made" if not failure else "no index could be made"
            )
        append(
            LedgerTag.DOCUMENTS_INDEX_UPDATED,
            actor=run.asked_by.ledger_actor if run.asked_by else SYSTEM,
            subject=index.ledger_subject,
            detail={
                "what": str(run.what),
                "added": run.added,
                "changed": run.changed,
                "removed": run.removed,
                "left_out": run.closed,
                **({"failure": failure} if failure else {}),
            },
        )
