"""The report of an inventory as PDF and as a spreadsheet, for whoever may see it.

It names carriers by number and kind, not by what they bear.
"""

from __future__ import annotations

import io

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.accounts.naming import take_out
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.files.printing import DocumentHead, Table, render_pdf
from shoumi.server.files.tables import ColumnSpec, TableFormat, write_table
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import Inventory, InventoryItem
from shoumi.server.register.queries.inventory import progress_of
from shoumi.server.register.services.exports import ExportFormError
from shoumi.server.register.services.inventory.counting import inventory_allowed

COLUMNS = (
    ColumnSpec("number", gettext_lazy("Number"), (), str, width=22),
    ColumnSpec("kind", gettext_lazy("Kind"), (), str, width=18),
    ColumnSpec("zone", gettext_lazy("Expected in"), (), str, width=22),
    ColumnSpec("result", gettext_lazy("Result"), (), str, width=18),
    ColumnSpec("scanned_in", gettext_lazy("Scanned in"), (), str, width=22),
    ColumnSpec("scanned", gettext_lazy("Scanned"), (), str, width=18),
    ColumnSpec("mark", gettext_lazy("Mark"), (), str, width=18),
    ColumnSpec("clearing", gettext_lazy("How it was cleared"), (), str, width=40),
)


@take_out
def inventory_report(*, actor: User, inventory: Inventory, form: str) -> bytes:
    """Return the report as `pdf`, `xlsx` or `csv`, and record it.

    Raises:
        ExportFormError: another format.
        NotPermittedError: the actor may not see the inventory.
    """
    row = inventory_allowed(actor, inventory.pk, Action.INVENTORY_VIEW)
    lines = [_cells(item) for item in _items(row)]
    if form == "pdf":
        content = _pdf(row, actor, lines)
    elif form in set(TableFormat):
        stream = io.BytesIO()
        write_table(stream, COLUMNS, lines, file_format=TableFormat(form), title=row.title[:31])
        content = stream.getvalue()
    else:
        raise ExportFormError(form=form)
    with transaction.atomic():
        append(
            LedgerTag.FILES_LISTING_EXPORTED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={"form": form, "rows": str(len(lines))},
        )
    return content


def _items(row: Inventory) -> list[InventoryItem]:
    return list(row.items.select_related("carrier", "zone", "scanned_in").order_by("carrier__number", "pk"))


def _cells(item: InventoryItem) -> list[str]:
    scanned = timezone.localtime(item.scanned_at).strftime("%Y-%m-%d %H:%M") if item.scanned_at else ""
    return [
        (item.carrier.number or "") if item.carrier else item.code,
        str(item.carrier.get_kind_display()) if item.carrier else "",
        str(item.zone or ""),
        str(item.get_result_display()),
        str(item.scanned_in or ""),
        scanned,
        _("Without a valid mark") if item.unmarked else "",
        item.clearing,
    ]


def _pdf(row: Inventory, actor: User, lines: list[list[str]]) -> bytes:
    language = translation.get_language() or "en"
    figures = progress_of(row)
    facts = [
        (_("What is counted"), f"{row.get_scope_display()}: {row.zone or row.keeper or row.department}"),
        (_("State"), str(row.get_state_display())),
        (_("Expected"), str(figures.expected)),
        (pgettext("inventory", "Found"), str(figures.found)),
        (pgettext("inventory", "Missing"), str(figures.missing)),
        (pgettext("inventory", "In the wrong place"), str(figures.misplaced)),
        (pgettext("inventory", "Unknown code"), str(figures.unknown)),
        (_("Without a valid mark"), str(figures.unmarked)),
        (_("Signed by the keeper"), _signed(row.keeper_by, row.keeper_at)),
        (_("Signed by the office"), _signed(row.office_by, row.office_at)),
    ]
    head = DocumentHead(
        name=row.title,
        owner=f"{row.department.entity} {row.department}",
        viewer=str(actor),
        watermark=f"{actor} {actor.username}",
        reminder=reminder_for(actor, language).document,
    )
    table = Table([str(column.title) for column in COLUMNS], lines)
    context = {"head": head, "title": _("Report of an inventory"), "facts": facts, "tables": [table]}
    return render_pdf("printing/extract.html", context, language)


def _signed(user: object, at: object) -> str:
    return f"{user} {timezone.localtime(at):%Y-%m-%d %H:%M}" if user and at else ""
