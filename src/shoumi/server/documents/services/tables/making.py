"""Makes an index of a described table, and changes what people decide about one: updates, name, its end.

The work itself is the worker's (`building`): here it is only asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.inspection.exact import Column, Rule
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.documents.models import GivenTable, Index, IndexRun
from shoumi.server.documents.queries.tables import OPEN, table_resource
from shoumi.server.documents.services.keeping import SYSTEM, index_create, index_erase
from shoumi.server.documents.services.tables.giving import forget, locked, source_told, verify_size
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag, Tag

DAY: Final = timedelta(days=1)
_NAME: Final = re.compile(r"[\w][\w.-]{0,59}")  # as the command line takes it
State, What = IndexRun.State, IndexRun.What


class IndexNameFormError(InputError):
    """An index cannot be called that: it is the name of a file too."""

    code = "documents.index_name"
    message = "A name has letters, digits, hyphen, dot and underscore only, and no spaces."


class IndexNameTakenError(ConflictError):
    """Another index has the name."""

    code = "documents.index_name_taken"
    message = "There is another index of this name."


class IndexGoneError(ConflictError):
    """The index was dropped."""

    code = "documents.index_gone"
    message = "This index is not there any more."


class IndexBusyError(ConflictError):
    """An update of the index waits or is under way."""

    code = "documents.index_busy"
    message = "An update of this index is under way; wait until it is done."


class NoQueryError(ConflictError):
    """The index has no query to be updated by."""

    code = "documents.index_without_query"
    message = "This index was made from an uploaded table; upload the next one."


class TableNotReadError(ConflictError):
    """The worker has not looked at the table yet, or could not."""

    code = "documents.table_not_read"
    message = "The table has not been read."


class WrongNameError(InputError):
    """The name that was typed to confirm is another one."""

    code = "documents.index_name_other"
    message = "This is not the name of the index."


@dataclass(frozen=True, slots=True)
class Wish:
    """What an index is to be."""

    name: str
    key_column: str
    columns: tuple[Column, ...]
    needed: int
    within: int
    level: str = ""
    daily: bool = False

    def rule(self) -> Rule:
        """Return the rule.

        Raises:
            RuleError: it contradicts itself.
        """
        return Rule(self.name, self.columns, self.needed, self.within, self.level)


def index_make(*, actor: User, table_id: UUID, wish: Wish) -> Index:
    """Make an index of a table that was looked at; the worker fills it next.

    Raises:
        TableGoneError, TableNotReadError: there is no such table to make it of.
        NotPermittedError: the actor does not manage indexes of its entity.
        RuleError, IndexNameFormError, IndexNameTakenError: it cannot be made so.
    """
    described = _described(wish.rule())
    _verify_name(wish.name)
    with transaction.atomic():
        table = locked(table_id)
        gate.require(actor, Action.INDEX_MANAGE, table_resource(table))
        if table.state != GivenTable.State.READ:
            raise TableNotReadError
        now = clock().now()
        try:
            with transaction.atomic():
                index = index_create(
                    kind=Index.Kind.TABLE,
                    name=wish.name,
                    actor=actor,
                    entity=table.entity,
                    level=wish.level,
                    rule=described,
                    key_column=wish.key_column,
                    connection=table.connection,
                    query=table.query,
                    sheet=table.sheet,
                    next_at=now + DAY if wish.daily and table.query else None,
                )
        except IntegrityError:
            raise IndexNameTakenError from None
        run = _ordered(index, What.WHOLE, actor, wanted=int(table.look.get("rows", 0)))
        if table.file is None:
            table.delete()
        else:
            table.state, table.run = GivenTable.State.TAKEN, run
            table.save(update_fields=["state", "run"])
    return index


def index_update_ask(
    *, actor: User, index_id: UUID, file: StoredFile | None = None, whole: bool = True, sheet: str = ""
) -> IndexRun:
    """Ask for an update from an uploaded table, or without one from the index's query.

    Raises:
        IndexGoneError, IndexBusyError, NoQueryError, TableTooLargeHereError: it cannot be asked for.
        NotPermittedError: the actor does not manage the index.
    """
    verify_size(file)
    with transaction.atomic():
        index = _locked(index_id, actor)
        if index.runs.filter(state__in=OPEN).exists():
            raise IndexBusyError
        if file is None and not index.query:
            raise NoQueryError
        run = _ordered(index, What.WHOLE if whole or file is None else What.CHANGES, actor)
        told = {"connection": index.connection}
        if file is not None:
            table = GivenTable.objects.create(
                entity=index.entity,
                run=run,
                file=file,
                sheet=sheet or index.sheet,
                state=GivenTable.State.TAKEN,
                given_by=actor,
                given_at=clock().now(),
            )
            told = source_told(table)
        _record(LedgerTag.DOCUMENTS_INDEX_ORDERED, index, actor, {"what": str(run.what), **told})
    return run


def indexes_due() -> int:
    """Ask for the daily updates whose time has come; return how many."""
    due = Index.objects.filter(next_at__lte=clock().now(), dropped_at=None)
    count = 0
    for index_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            index = Index.objects.select_for_update(no_key=True).get(pk=index_id)
            if index.dropped_at or not index.next_at or index.next_at > clock().now():
                continue
            index.next_at = clock().now() + DAY
            index.save(update_fields=["next_at"])
            if not index.runs.filter(state__in=OPEN).exists():
                _ordered(index, What.WHOLE, None)
                _record(LedgerTag.DOCUMENTS_INDEX_ORDERED, index, None, {"connection": index.connection})
                count += 1
    return count


def index_rename(*, actor: User, index_id: UUID, name: str) -> None:
    """Give an index another name; findings bear it as soon as the worker has written it into the index.

    Raises:
        IndexGoneError, IndexNameFormError, IndexNameTakenError: it cannot be called that.
        NotPermittedError: the actor does not manage the index.
    """
    _verify_name(name)
    with transaction.atomic():
        index = _locked(index_id, actor)
        before, index.name = index.name, name
        if before == name:
            return
        try:
            with transaction.atomic():
                index.rule = {**index.rule, "name": name}
                index.save(update_fields=["name", "rule"])
        except IntegrityError:
            raise IndexNameTakenError from None
        _ordered(index, What.RENAME, actor)
        _record(LedgerTag.DOCUMENTS_INDEX_RENAMED, index, actor, {"before": before, "name": name})


def index_schedule(*, actor: User, index_id: UUID, daily: bool) -> None:
    """Have an index updated daily by its query, or no longer.

    Raises:
        IndexGoneError, NoQueryError: it cannot be.
        NotPermittedError: the actor does not manage the index.
    """
    with transaction.atomic():
        index = _locked(index_id, actor)
        if not index.query:
            raise NoQueryError
        if bool(index.next_at) == daily:
            return
        index.next_at = clock().now() + DAY if daily else None
        index.save(update_fields=["next_at"])
        _record(LedgerTag.DOCUMENTS_INDEX_SCHEDULED, index, actor, {"daily": daily})


def index_drop(*, actor: User, index_id: UUID, name: str) -> None:
    """Drop an index for ever: its key at once, and with it whatever copies of it there are.

    Raises:
        IndexGoneError, WrongNameError: it is not there, or `name` is not typed as it is called.
        NotPermittedError: the actor does not manage the index.
    """
    with transaction.atomic():
        index = _locked(index_id, actor)
        if name.strip() != index.name:
            raise WrongNameError
        for table in GivenTable.objects.select_related("file").filter(run__index=index):
            forget(table, actor=actor, reason="the index was dropped")
        index.runs.filter(state__in=OPEN).update(
            state=State.FAILED, failure=IndexGoneError.code, ended_at=clock().now()
        )
        index_erase(row=index, actor=actor)


def _locked(index_id: UUID, actor: User) -> Index:
    rows = Index.objects.select_for_update(of=("self",), no_key=True).select_related("entity", "key")
    index = rows.filter(pk=index_id, kind=Index.Kind.TABLE, dropped_at=None).first()
    if index is None:
        raise IndexGoneError
    gate.require(actor, Action.INDEX_MANAGE, table_resource(index))
    return index


def _ordered(index: Index, what: str, actor: User | None, wanted: int = 0) -> IndexRun:
    return IndexRun.objects.create(
        index=index, what=what, state=State.WAITING, began_at=clock().now(), asked_by=actor, wanted=wanted
    )


def _verify_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise IndexNameFormError


def _described(rule: Rule) -> dict[str, object]:
    return {**rule.described(), "columns": [list(each) for each in rule.described()["columns"]]}


def _record(tag: Tag, index: Index, actor: User | None, detail: dict[str, object]) -> None:
    append(tag, actor=actor.ledger_actor if actor else SYSTEM, subject=index.ledger_subject, detail=detail)
