"""The register as a spreadsheet that can be imported again, for the rows its reader may export.

Rows that the gate does not let the reader export are left out; if none is left, that is a refusal.  Every row
names who had it exported and when: that is the reader's mark.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils import timezone

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.files.tables import TableFormat, write_table
from shoumi.server.files.tables.sheets import Value
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.exporting import TITLE, cells_of, columns
from shoumi.server.register.queries.resources import secret_resource, secret_resources

BATCH = 200  # decisions at once


class ExportFormError(InputError):
    """A format that is not offered."""

    code = "register.export_form"
    message = "The register is exported as xlsx or csv, not as {form}."


@take_out
def register_export(*, actor: User, rows: Iterable[TradeSecret], form: str) -> bytes:
    """Return the rows that `actor` may export as a file in `form` (`xlsx` or `csv`), and record it.

    Raises:
        ExportFormError: another format.
        NotPermittedError: the actor may export none of the rows.
    """
    if form not in set(TableFormat):
        raise ExportFormError(form=form)
    known = list(rows)
    permitted = list(_permitted(actor, known))
    if known and not permitted:
        gate.require(actor, Action.SECRET_EXPORT, secret_resource(known[0]))
    now = clock().now()
    mark = f"{actor} · {timezone.localtime(now):%Y-%m-%d %H:%M}"
    stream = io.BytesIO()
    cells: Iterator[list[Value]] = ([*cells_of(secret, names=opens), mark] for secret, opens in permitted)
    write_table(stream, columns(), cells, file_format=TableFormat(form), title=str(TITLE))
    content = stream.getvalue()
    with transaction.atomic():
        append(
            LedgerTag.FILES_LISTING_EXPORTED,
            actor=actor.ledger_actor,
            subject="list:register.secrets",
            detail={
                "form": form,
                "secrets": [str(secret.pk) for secret, _opens in permitted],
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
    return content


def _permitted(actor: User, rows: list[TradeSecret]) -> Iterator[tuple[TradeSecret, bool]]:
    """Yield the rows that may be exported, each with whether the reader may open its files."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        kinds = [secret_resources(secret) for secret in batch]
        exports = gate.decide_each(actor, [(Action.SECRET_EXPORT, kind["secret"]) for kind in kinds])
        opens = gate.decide_each(actor, [(Action.FILE_DOWNLOAD, kind["file"]) for kind in kinds])
        for secret, may_export, may_open in zip(batch, exports, opens, strict=True):
            if may_export.permitted:
                yield secret, may_open.permitted
