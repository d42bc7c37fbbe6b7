"""Carriers and storage units as spreadsheets: given out for those who may export, in the form they come in.

Rows that the gate does not let the reader export are left out; if none is left, that is a refusal.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence

from django.db import transaction

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.tables import ColumnSpec, TableFormat, write_table
from shoumi.server.files.tables.levels import WORDS
from shoumi.server.files.tables.sheets import Value
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import Carrier, StorageUnit
from shoumi.server.register.queries.carriers.columns import CARRIERS, UNITS
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.storage.visible import unit_resource
from shoumi.server.register.services.exports import ExportFormError


@take_out
def carriers_export(*, actor: User, rows: Iterable[Carrier], form: str) -> bytes:
    """Return the carriers that `actor` may export as xlsx or CSV, and record it.

    Raises:
        ExportFormError: another format.
        NotPermittedError: the actor may export none of the rows.
    """
    known = list(rows)
    resources = {row.secret_id: secret_resource(row.secret) for row in known}
    permitted = _permitted(actor, Action.SECRET_EXPORT, [resources[row.secret_id] for row in known])
    lines: list[list[Value]] = [
        [
            row.secret.number,
            row.number,
            str(row.get_kind_display()),
            row.description,
            row.zone.code if row.zone else "",
            row.place,
            row.keeper.number if row.keeper else "",
            row.unit.code if row.unit else "",
            str(row.get_status_display()),
        ]
        for row, may in zip(known, permitted, strict=True)
        if may
    ]
    return _written(actor, form, CARRIERS.columns, str(CARRIERS.title), lines, "register.carriers")


@take_out
def units_export(*, actor: User, rows: Iterable[StorageUnit], form: str) -> bytes:
    """Return the storage units that `actor` manages as xlsx or CSV, and record it.

    Raises:
        ExportFormError: another format.
        NotPermittedError: the actor manages none of the rows.
    """
    known = list(rows)
    permitted = _permitted(actor, Action.STORAGE_MANAGE, [unit_resource(row) for row in known])
    lines: list[list[Value]] = [
        [
            row.department.code,
            row.code,
            row.name,
            str(row.get_kind_display()),
            row.zone.code if row.zone else "",
            row.place,
            row.keeper.number if row.keeper else "",
            row.encryption,
            row.key_owner.number if row.key_owner else "",
            row.backup_days,
            row.restore_days,
            WORDS[row.permitted],
        ]
        for row, may in zip(known, permitted, strict=True)
        if may
    ]
    return _written(actor, form, UNITS.columns, str(UNITS.title), lines, "register.units")


def _permitted(actor: User, action: Action, wishes: Sequence[Resource]) -> list[bool]:
    decisions = gate.decide_each(actor, [(action, resource) for resource in wishes])
    permitted = [decision.permitted for decision in decisions]
    if wishes and not any(permitted):
        gate.require(actor, action, wishes[0])
    return permitted


def _written(  # noqa: PLR0913, PLR0917 - the parts of a table
    actor: User, form: str, columns: Sequence[ColumnSpec], title: str, lines: list[list[Value]], name: str
) -> bytes:
    if form not in set(TableFormat):
        raise ExportFormError(form=form)
    stream = io.BytesIO()
    write_table(stream, columns, lines, file_format=TableFormat(form), title=title)
    content = stream.getvalue()
    with transaction.atomic():
        append(
            LedgerTag.FILES_LISTING_EXPORTED,
            actor=actor.ledger_actor,
            subject=f"list:{name}",
            detail={"form": form, "rows": str(len(lines)), "sha256": hashlib.sha256(content).hexdigest()},
        )
    return content
