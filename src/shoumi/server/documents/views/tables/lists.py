"""The list of indexes of tables."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.documents.models import Index, IndexRun
from shoumi.server.documents.queries.access import index_place
from shoumi.server.documents.queries.tables import entities_to_index, given_tables_of, tables_visible_to
from shoumi.server.files.listing import Column, Empty, Listing, ListingView, State

RUN_TONES = {"waiting": "waiting", "running": "active", "done": "good", "failed": "bad"}


def table_state(row: Index, newest: IndexRun | None) -> State:
    """Return how an index of a table stands, by its newest run."""
    if newest is not None and newest.state != IndexRun.State.DONE:
        return State(newest.get_state_display(), RUN_TONES[newest.state])
    if not row.entries:
        return State(pgettext_lazy("index", "Empty"), "waiting")
    return State(pgettext_lazy("index", "Ready"), "good")


def _state(row: Index) -> State:
    newest: list[IndexRun] = getattr(row, "newest", [])
    return table_state(row, newest[0] if newest else None)


class TableListing(Listing):
    """The indexes of tables in the remit of the user."""

    name = "documents.tables"
    title = _("Indexes of tables")
    columns = (
        Column("name", pgettext_lazy("of a thing", "Name"), sort="name", primary=True),
        Column("entity", _("Legal entity"), "entity.name", sort="entity__code"),
        Column("state", _("State"), _state, kind="state"),
        Column("rows", _("Rows"), "entries", kind="number", sort="entries"),
        Column("cells", _("Cells"), "cells", kind="number", sort="cells", shown=False),
        Column("size", _("Size"), lambda row: filesizeformat(row.size_bytes), sort="size_bytes"),
        Column("level", _("Level"), kind="level", sort="level"),
        Column("updated", _("Last changed"), "updated_at", kind="moment", sort="updated_at"),
        Column("next", _("Next update"), "next_at", kind="moment", sort="next_at", shown=False),
    )
    search_fields = ("name", "entity__name")
    search_label = _("Name or legal entity")
    default_sort = "name"
    empty = Empty(
        _("There is no index of a table yet"),
        _(
            "From a table of customers, or any other, an index is made. With it, scans find rows of the "
            "table in any file, though their values stand in another order or are spelt otherwise."
        ),
        icon="table",
    )

    def rows(self) -> QuerySet[Index]:
        """Return the indexes that the user sees."""
        return tables_visible_to(self.user)


class TableListView(ListingView):
    """The page of all indexes of tables."""

    listing = TableListing
    template_name = "documents/tables/list.html"

    def allowed(self, request: HttpRequest) -> None:
        """Ask the gate: whoever sees indexes."""
        gate.require(request.user, Action.INDEX_VIEW, index_place(request.user, Action.INDEX_VIEW))

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Tell whether the user makes indexes, and which tables wait for a description."""
        manages = bool(entities_to_index(self.request.user))
        return {
            "manages": manages,
            "given": list(given_tables_of(self.request.user)) if manages else [],
            **super().extra_context(listing),
        }
