"""Writes the filtered rows of a list as xlsx or CSV, all pages, with the columns shown.

The bytes are made before the ledger entry, whose detail names their hash: what left the house can be
recognised later.  Cells that a spreadsheet would run as formulas are written as texts.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.server.accounts import gate
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.listing.columns import Cell
from shoumi.server.files.listing.guarding import closed_for
from shoumi.server.files.listing.listing import Listing
from shoumi.server.files.tables.spec import ColumnSpec
from shoumi.server.files.tables.writing import TableFormat, write_table
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag

BATCH_ROWS = 500


class ListNotExportedError(InputError):
    """This list is shown on screen only, or the format is not known."""

    code = "listing.not_exported"
    message = "This list cannot be exported as {form}."


@take_out
def listing_export(*, actor: object, listing: Listing, form: str) -> bytes:
    """Return the filtered rows of `listing` as a file in `form` (`xlsx` or `csv`), and record it.

    Raises:
        ListNotExportedError: the list declares no export, or the form is unknown.
        NotPermittedError: the gate refuses `listing.export_action`.
    """
    if listing.export_action is None or form not in set(TableFormat):
        raise ListNotExportedError(form=form)
    gate.require(actor, listing.export_action, listing.export_resource())
    columns = [ColumnSpec(column.key, column.label, (), str) for column in listing.shown]
    stream = io.BytesIO()
    write_table(
        stream,
        columns,
        _cells(listing),
        file_format=TableFormat(form),
        title=str(listing.title) or listing.name,
    )
    content = stream.getvalue()
    with transaction.atomic():
        append(
            LedgerTag.FILES_LISTING_EXPORTED,
            actor=actor.ledger_actor,
            subject=f"list:{listing.name}",
            detail={
                "query": listing.query(),
                "rows": listing.total,
                "form": form,
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
    return content


def _cells(listing: Listing) -> Iterator[list[Cell]]:
    """Yield each found row's values, reading the database in batches."""
    closed = closed_for(listing.user)
    for row in listing.found.iterator(chunk_size=BATCH_ROWS):
        yield [column.exported(row, closed) for column in listing.shown]
