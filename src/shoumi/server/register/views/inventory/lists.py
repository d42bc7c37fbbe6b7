"""Inventories as a list.

The pattern is that of `files.listing`; which rows somebody sees is the queries' matter.
"""

from __future__ import annotations

from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shoumi.engine.policy import Action
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, State
from shoumi.server.people.models import Department
from shoumi.server.register.models import Inventory
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.inventory import inventories_visible_to, inventory_to_be

TONES = {
    Inventory.State.COUNTING: "active",
    Inventory.State.COUNTED: "waiting",
    Inventory.State.SIGNED: "good",
}


def inventory_state(row: Inventory) -> State:
    """Return where an inventory stands, with its tone."""
    return State(row.get_state_display(), TONES[Inventory.State(row.state)])


def what_is_counted(row: Inventory) -> str:
    """Return the zone, keeper or department that is counted, in words."""
    return str(row.zone or row.keeper or row.department)


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


class InventoryListing(Listing):
    """The inventories that one user may see."""

    name = "register.inventories"
    title = _("Inventories")
    columns = (
        Column("title", _("Title"), sort="title", primary=True),
        Column("counted", _("What is counted"), what_is_counted, sub=lambda row: row.get_scope_display()),
        Column("state", _("State"), inventory_state, kind="state", sort="state"),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column("due", _("To be done by"), "due_on", kind="day", sort="due_on"),
        Column("started", _("Begun"), "started_at", kind="moment", sort="started_at"),
        Column("by", _("Begun by"), "started_by", sort="started_by__display_name", shown=False),
        Column("signed", _("Signed off"), "office_at", kind="moment", sort="office_at", shown=False),
    )
    filters = (
        Choice("state", _("State"), choices=Inventory.State.choices, many=True),
        Choice("department", _("Department"), choices=_departments, many=True),
        DateRange("due", _("To be done by"), "due_on"),
    )
    search_fields = ("title",)
    search_label = _("Title")
    default_sort = "-started"

    def rows(self) -> QuerySet[Inventory]:
        """Return the inventories that the user may see."""
        return inventories_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the inventory's page."""
        return reverse("register:inventory_detail", args=[row.pk])

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user takes inventories for at least one department."""
        return any_department(self.user, Action.INVENTORY_RUN, inventory_to_be)

    def empty_now(self) -> Empty:
        """Teach what an inventory is for."""
        return Empty(
            _("No inventory has been taken yet"),
            _("An inventory shows whether every carrier is where it should be: scan QR codes with a phone."),
            url=reverse("register:inventory_start"),
            action=_("Begin an inventory"),
            icon="qrcode",
        )


class InventoryListView(ListingView):
    """The page of all inventories."""

    listing = InventoryListing
    template_name = "register/inventory/list.html"
