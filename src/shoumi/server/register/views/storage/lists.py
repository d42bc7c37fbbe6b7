"""Storage units (the authorised list among them) and findings as lists.

The pattern is that of `files.listing`; which rows somebody sees is the queries' matter.
"""

from __future__ import annotations

from functools import cached_property

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.files.listing import (
    BulkAction,
    Choice,
    Column,
    Empty,
    Flag,
    Listing,
    ListingView,
    Preset,
    State,
)
from shoumi.server.people.models import Department
from shoumi.server.people.models.organisation import LEVEL_IDS, LEVELS
from shoumi.server.register.models import StorageFinding, StorageUnit
from shoumi.server.register.queries.activity import entities_to_view
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.storage.visible import findings_visible_to, unit_to_be, units_visible_to
from shoumi.server.register.views.carriers.tables import units_download

TONES = {
    StorageUnit.Status.IN_USE: "good",
    StorageUnit.Status.SERVICING: "waiting",
    StorageUnit.Status.SCRAPPED: "off",
}


def unit_state(row: StorageUnit) -> State:
    """Return where a unit is in its life, with its tone."""
    return State(row.get_status_display(), TONES[StorageUnit.Status(row.status)])


def authorisation(row: StorageUnit) -> State:
    """Return whether the unit stands on the list of authorised storage."""
    if row.is_authorised:
        return State(pgettext_lazy("storage", "Authorised"), "good")
    return State(pgettext_lazy("storage", "Not authorised"), "bad" if row.stored else "off")


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


class UnitListing(Listing):
    """The storage units that one user may see."""

    name = "register.units"
    title = _("Storage units")
    columns = (
        Column("code", _("Number"), kind="mono", sort="code", fixed=True),
        Column(
            "name",
            pgettext_lazy("of a thing", "Name"),
            sort="name",
            primary=True,
            sub=lambda row: row.get_kind_display(),
        ),
        Column("authorised", _("Authorised storage"), authorisation, kind="state", sort="authorised_at"),
        Column("permitted", _("Highest level permitted"), "permitted_id", kind="level", sort="permitted"),
        Column(
            "stored",
            _("Highest level stored"),
            lambda row: LEVEL_IDS[row.stored],
            kind="level",
            sort="stored",
        ),
        Column("status", _("Status"), unit_state, kind="state", sort="status"),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column("zone", _("Zone"), "zone", sort="zone__code", sub="place"),
        Column("keeper", _("Keeper"), "keeper.name", sort="keeper__name"),
        Column("encryption", _("Encrypted with"), sort="encryption", shown=False),
        Column("key_owner", _("Owner of the key"), "key_owner.name", sort="key_owner__name", shown=False),
    )
    filters = (
        Choice("kind", _("Kind"), choices=StorageUnit.Kind.choices, many=True),
        Choice("status", _("Status"), choices=StorageUnit.Status.choices, many=True),
        Choice("department", _("Department"), choices=_departments, many=True),
        Choice("permitted", _("Highest level permitted"), choices=LEVELS, many=True),
        Flag("authorised", _("Authorised storage"), condition=Q(authorised_at__isnull=False)),
        Flag("exceeded", _("Higher level stored than permitted"), condition=Q(stored__gt=F("permitted"))),
        Flag("plain", _("Not encrypted"), condition=Q(encryption="") | Q(key_owner=None)),
    )
    search_fields = ("code", "name", "place")
    search_label = _("Number, name or place")
    default_sort = "code"
    presets = (
        Preset(_("Authorised storage"), "authorised=1"),
        Preset(_("Higher level stored than permitted"), "exceeded=1"),
        Preset(_("Not encrypted"), "plain=1"),
    )
    bulk = (BulkAction("labels", _("Print labels"), icon="tag"),)
    empty = Empty(
        _("No storage unit is registered yet"),
        _("Secrets may be stored only on authorised computers, servers, drives, systems and databases."),
        icon="server",
    )
    export_action = Action.STORAGE_MANAGE

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user manages the storage of at least one department."""
        return any_department(self.user, Action.STORAGE_MANAGE, unit_to_be)

    @cached_property
    def may_review(self) -> bool:
        """Whether the user may look at the access of at least one legal entity."""
        return bool(entities_to_view(self.user))

    def rows(self) -> QuerySet[StorageUnit]:
        """Return the units that the user may see."""
        return units_visible_to(self.user)

    def bulk_labels(self, rows: list[StorageUnit]) -> HttpResponse:
        """Choose the sheet for the labels."""
        query = "&".join(f"id={row.pk}" for row in rows)
        return redirect(f"{reverse('register:unit_labels')}?{query}")


class UnitListView(ListingView):
    """The page of all storage units."""

    listing = UnitListing
    template_name = "register/storage/list.html"

    def export(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Return the filtered rows in the form that can be imported again."""
        return units_download(request, listing.found)


def _finding_state(row: StorageFinding) -> State:
    return State(pgettext_lazy("finding", "Mended"), "good") if row.closed_at else State(_("Open"), "bad")


class FindingListing(Listing):
    """What is not as it must be with storage, as far as one user may see it."""

    name = "register.findings"
    title = _("Storage findings")
    columns = (
        Column("kind", _("Finding"), lambda row: row.get_kind_display(), sort="kind", primary=True),
        Column("thing", _("Storage unit or carrier"), lambda row: str(row.unit or row.carrier.number)),
        Column("department", _("Department"), "department.name", sort="department__name"),
        Column("state", _("State"), _finding_state, kind="state", sort="closed_at"),
        Column("found", _("Found"), "found_at", kind="moment", sort="found_at"),
        Column("closed", pgettext_lazy("finding", "Mended"), "closed_at", kind="moment", sort="closed_at"),
    )
    filters = (
        Choice("kind", _("Finding"), choices=StorageFinding.Kind.choices, many=True),
        Choice("department", _("Department"), choices=_departments, many=True),
        Flag("open", _("Open"), condition=Q(closed_at=None)),
    )
    search_fields = ("unit__code", "unit__name", "carrier__number")
    search_label = _("Number or name")
    default_sort = "-found"
    presets = (Preset(_("Open"), "open=1"),)
    empty = Empty(
        _("Nothing is wrong with the storage"),
        _("Findings come up by themselves: something is stored where it must not be, or a check is overdue."),
        icon="circle-check",
    )

    def rows(self) -> QuerySet[StorageFinding]:
        """Return the findings that the user may see."""
        return findings_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the unit's page, or the carrier's."""
        thing = row.unit or row.carrier
        return thing.get_absolute_url() if thing else ""


class FindingListView(ListingView):
    """The page of all findings."""

    listing = FindingListing
