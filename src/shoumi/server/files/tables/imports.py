"""Imports with a preview: take a file in, show what it would do, correct its columns, apply all or nothing.

Nothing of a table is written before `import_apply`, which plans once more inside its transaction: what was
shown happens, or an error says that the records changed.  Applying a file twice changes nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile, TableImport
from shoumi.server.files.services import file_open, file_shred, file_store
from shoumi.server.files.tables.header import HeaderMatch, header_at, match_header
from shoumi.server.files.tables.models import ImportState
from shoumi.server.files.tables.plans import Effect, ImportKind, Plan
from shoumi.server.files.tables.reading import read_table
from shoumi.server.files.tables.separated import ENCODINGS
from shoumi.server.files.tables.sheets import Limits, Sheet, Table
from shoumi.server.files.tables.spec import Fault, ParsedTable, TableSpec, best_spec, parse_sheet
from shoumi.server.files.tables.writing import write_annotated
from shoumi.server.ledger.services import clock

KEPT = timedelta(days=30)  # how long an upload that was not applied is kept
_COLUMN = re.compile(r"[A-Z]+(\d+)\Z")
BLOCKING = frozenset({"tables.no_header", "tables.column_missing"})  # faults of a sheet, not of a row


class ImportUnknownError(InputError):
    """There is no such import, or it is somebody else's; both look the same."""

    code = "tables.import_unknown"
    message = "There is no such import."


class ImportStateError(ConflictError):
    """The import was applied or discarded already."""

    code = "tables.import_state"
    message = "This import is finished already."


class ImportChangedError(ConflictError):
    """The import was changed in another window."""

    code = "tables.import_changed"
    message = "This import was changed meanwhile; look at it again."


class ImportFaultyError(InputError):
    """There are faults, and nobody said that their rows shall be left out."""

    code = "tables.import_faulty"
    message = "The file has {count} faults; correct them, or leave their rows out. Nothing was written."


class ImportNothingError(InputError):
    """No sheet was recognised as one of the tables."""

    code = "tables.import_nothing"
    message = "No sheet was recognised; say which table it is and which columns it has."


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """How one sheet was understood."""

    sheet: Sheet
    spec: TableSpec | None  # None: not recognised, or set aside
    header: HeaderMatch | None
    parsed: ParsedTable | None


@dataclass(slots=True)
class Preview:
    """All that a person needs to decide on an import."""

    draft: TableImport
    table: Table
    sheets: list[SheetPreview]
    plan: Plan
    faults: list[Fault] = field(default_factory=list)  # in the order of the file

    @property
    def is_blocked(self) -> bool:
        """Whether a fault concerns more than its row, so that leaving rows out does not help."""
        return self.plan.blocked or any(fault.code in BLOCKING for fault in self.faults)

    @property
    def recognised(self) -> list[SheetPreview]:
        """The sheets that will be read."""
        return [item for item in self.sheets if item.spec is not None]

    @property
    def faulty_rows(self) -> int:
        """How many rows have faults."""
        return len({_COLUMN.sub(r"\1", fault.cell) for fault in self.faults})

    @property
    def changes_something(self) -> bool:
        """Whether applying would write anything."""
        return any(self.plan.count(effect) for effect in (Effect.NEW, Effect.CHANGED))


def import_open(*, actor: User, kind: ImportKind, name: str, content: bytes) -> TableImport:
    """Check that `content` is a table, keep it encrypted, and return the import.

    Raises:
        NotPermittedError: the actor may not bring in such tables.
        TableFileError: a leaf of it says why the file cannot be read; nothing is kept then.
    """
    kind.allow(actor)
    read_table(io.BytesIO(content), name)
    with transaction.atomic():
        stored = file_store(actor=actor, name=name, chunks=[content])
        return TableImport.objects.create(kind=kind.name, file=stored, owner=actor, created_at=clock().now())


def import_get(*, actor: User, kind: ImportKind, import_id: UUID) -> TableImport:
    """Return the actor's own import.

    Raises:
        ImportUnknownError: there is none of this kind.
        NotPermittedError: the actor may not bring in such tables any more.
    """
    kind.allow(actor)
    rows = TableImport.objects.select_related("file")
    draft = rows.filter(pk=import_id, owner=actor, kind=kind.name).first()
    if draft is None:
        raise ImportUnknownError
    return draft


def import_preview(*, actor: User, kind: ImportKind, draft: TableImport) -> Preview:
    """Return how the file is understood and what applying it would do; writes nothing.

    Raises:
        ImportStateError: it is finished.
        TableFileError: the chosen encoding does not fit.
    """
    if draft.state != ImportState.OPEN:
        raise ImportStateError
    table, sheets = _read(kind, draft)
    return _planned(actor, kind, draft, table, sheets)


def _read(kind: ImportKind, draft: TableImport) -> tuple[Table, list[SheetPreview]]:
    table = _table(draft)
    return table, [_understood(sheet, kind, draft.choices.get(sheet.name), table) for sheet in table.sheets]


def _planned(
    actor: User, kind: ImportKind, draft: TableImport, table: Table, sheets: list[SheetPreview]
) -> Preview:
    parsed = [item.parsed for item in sheets if item.parsed is not None]
    plan = kind.plan(actor, parsed)
    faults = [fault for item in parsed for fault in item.faults] + plan.faults
    order = {sheet.name: place for place, sheet in enumerate(table.sheets)}
    faults.sort(key=lambda fault: _place(fault, order))
    return Preview(draft, table, sheets, plan, faults)


def _place(fault: Fault, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Return where a fault stands: sheet, row, column."""
    sheet, _mark, cell = fault.cell.rpartition("!")
    letters = cell.rstrip("0123456789")
    return order.get(sheet, 0), int(cell[len(letters) :] or 0), len(letters), letters


def import_choose(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    kind: ImportKind,
    draft: TableImport,
    expected_version: int,
    choices: Mapping[str, Mapping[str, Any]],
    encoding: str = "",
) -> TableImport:
    """Keep how a person says that sheets and columns are to be understood.

    `choices` maps the name of a sheet to `{"spec": name or "", "columns": {name: 1-based column or None}}`.

    Raises:
        ImportUnknownError, ImportStateError, ImportChangedError: each as it says.
    """
    kind.allow(actor)
    with transaction.atomic():
        row = _locked(actor, draft, expected_version)
        row.encoding = encoding if encoding in ENCODINGS else ""
        row.choices = {sheet: _clean(kind, choice) for sheet, choice in choices.items()}
        row.version += 1
        row.save()
    return row


def import_apply(
    *,
    actor: User,
    kind: ImportKind,
    draft: TableImport,
    expected_version: int,
    leave_out_faulty: bool = False,
) -> TableImport:
    """Write all rows, or nothing; with `leave_out_faulty` all rows without faults, or nothing.

    Raises:
        NotPermittedError: the actor may not bring in such tables, or not these rows.
        ImportFaultyError: there are faults; nothing was written.
        ImportNothingError: no sheet was recognised.
        ImportUnknownError, ImportStateError, ImportChangedError: each as it says.
    """
    kind.allow(actor)
    if draft.version != expected_version:
        raise ImportChangedError
    table, sheets = _read(kind, draft)  # before the transaction: large files take seconds
    with transaction.atomic():
        row = _locked(actor, draft, expected_version)
        preview = _planned(actor, kind, row, table, sheets)
        if not preview.recognised:
            raise ImportNothingError
        if preview.faults and (preview.is_blocked or not leave_out_faulty):
            raise ImportFaultyError(count=len(preview.faults))
        row.state = ImportState.APPLIED
        row.counts = {**preview.plan.counts, "faulty": preview.faulty_rows}
        row.applied_at = clock().now()
        row.version += 1
        row.save()
        detail = {**row.counts, "file": str(row.file_id), "sha256": row.file.sha256}
        kind.apply(actor, preview.plan, row.ledger_subject, detail)
    return row


def import_discard(*, actor: User, kind: ImportKind, draft: TableImport, expected_version: int) -> None:
    """Set an import aside and destroy its upload.

    Raises:
        ImportUnknownError, ImportStateError, ImportChangedError: each as it says.
    """
    kind.allow(actor)
    with transaction.atomic():
        row = _locked(actor, draft, expected_version)
        _discard(row, actor)


def imports_expire() -> int:
    """Discard the imports that were left open for 30 days, and return how many; for the schedule."""
    left = TableImport.objects.filter(state=ImportState.OPEN, created_at__lt=clock().now() - KEPT)
    done = 0
    for key in left.values_list("pk", flat=True):
        with transaction.atomic():
            row = (
                TableImport.objects.select_for_update(no_key=True)
                .filter(pk=key, state=ImportState.OPEN)
                .first()
            )
            if row is not None:
                _discard(row, "system:files")
                done += 1
    return done


def annotated_copy(preview: Preview) -> bytes:
    """Return an xlsx copy of the upload in which every fault is marked at its cell."""
    target = io.BytesIO()
    write_annotated(target, preview.table, preview.faults)
    return target.getvalue()


def _discard(row: TableImport, actor: User | str) -> None:
    row.state = ImportState.DISCARDED
    row.version += 1
    row.save()
    file_shred(actor=actor, stored=row.file, reason="import discarded")


def _locked(actor: User, draft: TableImport, expected_version: int) -> TableImport:
    row = TableImport.objects.select_for_update(no_key=True).filter(pk=draft.pk, owner=actor).first()
    if row is None:
        raise ImportUnknownError
    if row.state != ImportState.OPEN:
        raise ImportStateError
    if row.version != expected_version:
        raise ImportChangedError
    return row


def _table(draft: TableImport) -> Table:
    stored: StoredFile = draft.file
    with file_open(stored) as stream:
        return read_table(stream, stored.name, Limits(), encoding=draft.encoding or None)


def _understood(
    sheet: Sheet, kind: ImportKind, choice: Mapping[str, Any] | None, table: Table
) -> SheetPreview:
    """Read one sheet as a person said, or as its header suggests."""
    if choice is None:
        fit = best_spec(sheet, kind.specs)
        if fit is None:
            return SheetPreview(sheet, None, None, None)
        spec, header = fit
        return SheetPreview(sheet, spec, header, parse_sheet(sheet, spec, header=header, epoch=table.epoch))
    chosen = kind.spec(choice.get("spec", ""))
    if chosen is None:
        return SheetPreview(sheet, None, None, None)
    found = match_header(sheet, chosen.synonyms) or header_at(sheet, sheet.rows[0].number)
    header = found.corrected(choice.get("columns", {}))
    return SheetPreview(sheet, chosen, header, parse_sheet(sheet, chosen, header=header, epoch=table.epoch))


def _clean(kind: ImportKind, choice: Mapping[str, Any]) -> dict[str, Any]:
    spec = kind.spec(str(choice.get("spec", "")))
    if spec is None:
        return {"spec": "", "columns": {}}
    known = {column.name for column in spec.columns}
    columns = {name: place for name, place in choice.get("columns", {}).items() if name in known}
    return {"spec": spec.name, "columns": columns}
