"""Carriers and marking tasks as lists, with labels and keepers for what was chosen.

The pattern is that of `files.listing`; which rows somebody sees is the queries' matter.
"""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.listing import (
    BulkAction,
    Choice,
    Column,
    DateRange,
    Empty,
    Flag,
    Listing,
    ListingView,
    Preset,
    State,
)
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, Handover, MarkingTask
from shoumi.server.register.queries.carriers.rules import value_words
from shoumi.server.register.queries.carriers.visible import carrier_of, carriers_visible_to
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.marks import coverage_of, marked, marking_tasks_visible_to
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.carriers.marking import markings_done
from shoumi.server.register.views.carriers.tables import carriers_download
from shoumi.server.register.views.lists import LEVELS

STATUS_TONES = {
    Carrier.Status.HELD: "good",
    Carrier.Status.LENT: "waiting",
    Carrier.Status.OUTSIDE: "waiting",
    Carrier.Status.REPAIR: "waiting",
    Carrier.Status.RETURNED: "off",
    Carrier.Status.SCRAPPED: "off",
    Carrier.Status.DESTROYED: "off",
}


def status_of(row: Carrier) -> State:
    """Return where a carrier is in its life, with its tone."""
    return State(row.get_status_display(), STATUS_TONES[Carrier.Status(row.status)])


def mark_state(row: Carrier) -> State:
    """Return whether the carrier bears the mark that holds now; `is_marked` was selected."""
    return State(_("Marked"), "good") if row.is_marked else State(_("Mark is missing"), "bad")


def _manner(row: Carrier) -> str:
    return value_words(pack_for(row.secret.pack), "keeping", row.keeping) if row.keeping else ""


def _zones(listing: Listing) -> list[tuple[str, str]]:
    rows = Zone.objects.filter(pk__in=listing.rows().order_by().values("zone"))
    return [(str(row.pk), str(row)) for row in rows]


def _keepers(listing: Listing) -> list[tuple[str, str]]:
    rows = Person.objects.filter(pk__in=listing.rows().order_by().values("keeper"))
    return [(str(row.pk), str(row)) for row in rows]


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("secret__owner_department"))
    return [(str(row.pk), row.name) for row in rows]


def _mine(listing: Listing) -> Q:
    return Q(keeper__user=listing.user) | Q(holder__user=listing.user)


def _offered(listing: Listing) -> Q:
    rows = Handover.objects.filter(state=Handover.State.OFFERED, receiver__user=listing.user)
    return Q(pk__in=rows.values("carrier"))


class CarrierListing(Listing):
    """The carriers that one user may see."""

    name = "register.carriers"
    title = _("Carriers")
    columns = (
        Column("number", _("Number"), kind="mono", sort="number", fixed=True),
        Column("description", _("Description"), sort="description", primary=True, sub="secret.name"),
        Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("level", _("Level"), "secret.level", kind="level", sort="secret__level"),
        Column("status", _("Status"), status_of, kind="state", sort="status"),
        Column("mark", pgettext_lazy("of a carrier", "Mark"), mark_state, kind="state", sort="is_marked"),
        Column("zone", _("Zone"), "zone", sort="zone__code", sub="place"),
        Column("keeper", _("Keeper"), "keeper.name", sort="keeper__name"),
        Column("holder", _("In use by"), "holder.name", sort="holder__name", shown=False),
        Column("manner", _("Manner of keeping"), _manner, sort="keeping", shown=False),
        Column("unit", _("Storage unit"), "unit.code", kind="mono", sort="unit__code", shown=False),
        Column(
            "department",
            _("Owner department"),
            "secret.owner_department.name",
            sort="secret__owner_department__name",
            shown=False,
        ),
    )
    filters = (
        Choice("kind", _("Kind"), choices=Carrier.Kind.choices, many=True),
        Choice("level", _("Level"), "secret__level", choices=LEVELS, many=True),
        Choice("status", _("Status"), choices=Carrier.Status.choices, many=True),
        Choice("zone", _("Zone"), choices=_zones, many=True),
        Choice("keeper", _("Keeper"), choices=_keepers, many=True),
        Choice(
            "department", _("Owner department"), "secret__owner_department", choices=_departments, many=True
        ),
        Flag("unmarked", _("Marks are missing"), condition=Q(is_marked=False)),
        Flag("placeless", _("Without a secret zone"), condition=Q(zone=None) & ~Q(kind=Carrier.Kind.PERSON)),
        Flag("mine", _("In my hands"), condition=_mine),
        Flag("offered", _("Offered to me"), condition=_offered),
    )
    search_fields = ("number", "description", "place", "secret__name", "secret__number")
    search_label = _("Number, description or place")
    default_sort = "number"
    presets = (
        Preset(_("In my hands"), "mine=1"),
        Preset(_("Offered to me"), "offered=1"),
        Preset(_("Marks are missing"), "unmarked=1"),
        Preset(_("Without a secret zone"), "placeless=1"),
    )
    bulk = (
        BulkAction("labels", _("Print labels"), icon="tag"),
        BulkAction("keeper", _("Give another keeper"), icon="user"),
    )
    empty = Empty(
        _("No carrier is registered yet"),
        _("When a secret is registered, its carriers get numbers and stand here. Add others on its page."),
        icon="package",
    )
    export_action: ClassVar[Action] = Action.SECRET_EXPORT

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user manages the carriers of at least one department."""
        return any_department(self.user, Action.CARRIER_MANAGE, carrier_of)

    @cached_property
    def may_see_rules(self) -> bool:
        """Whether the user may see how at least one legal entity marks and keeps its carriers."""
        return any(
            gate.permits(self.user, Action.SETTINGS_VIEW, setting_resource(entity, "carriers.mark"))
            for entity in LegalEntity.objects.all()
        )

    def rows(self) -> QuerySet[Carrier]:
        """Return the carriers that the user may see, and whether each bears its mark."""
        rows = carriers_visible_to(self.user)
        return rows.annotate(is_marked=Exists(Carrier.objects.filter(marked(), pk=OuterRef("pk"))))

    def bulk_labels(self, rows: list[Carrier]) -> HttpResponse:
        """Choose the sheet for the labels."""
        return _with_ids("register:carrier_labels", rows)

    def bulk_keeper(self, rows: list[Carrier]) -> HttpResponse:
        """Choose the new keeper."""
        return _with_ids("register:carriers_keeper", rows)


def _with_ids(url_name: str, rows: list[Carrier]) -> HttpResponse:
    query = "&".join(f"id={row.pk}" for row in rows)
    return redirect(f"{reverse(url_name)}?{query}")


class CarrierListView(ListingView):
    """The page of all carriers."""

    listing = CarrierListing
    template_name = "register/carriers/list.html"

    def export(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Return the filtered rows in the form that can be imported again."""
        return carriers_download(request, listing.found)

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return the coverage of what the user may see."""
        del listing
        return {"coverage": coverage_of(secrets_visible_to(self.request.user))}


def _task_state(row: MarkingTask) -> State:
    if row.done_at:
        return State(_("Marked"), "good")
    today = clock().now().date()
    if row.due_on and row.due_on < today:
        return State(_("Overdue"), "bad")
    return State(_("To be marked anew") if row.anew else _("To be marked"), "waiting")


def _form(row: MarkingTask) -> str:
    mark = getattr(row, "mark", None)
    return value_words(pack_for(row.secret.pack), "mark", mark.form) if mark else ""


def _spot(row: MarkingTask) -> str:
    mark = getattr(row, "mark", None)
    return mark.spot if mark else ""


def _overdue(_listing: Listing) -> Q:
    return Q(done_at=None, due_on__lt=clock().now().date())


class MarkingListing(Listing):
    """The marking tasks of the secrets that one user may see: the mark register."""

    name = "register.marking"
    title = _("Mark register")
    columns = (
        Column("thing", _("Carrier or file"), "thing_words", primary=True, sub="secret.name"),
        Column("level", _("Level"), "secret.level", kind="level", sort="secret__level"),
        Column("state", _("State"), _task_state, kind="state", sort="done_at"),
        Column("due", _("Due"), "due_on", kind="day", sort="due_on"),
        Column("form", _("Form of the mark"), _form),
        Column("spot", _("Where on it"), _spot, shown=False),
        Column("by", _("Marked by"), "done_by", sort="done_by__display_name"),
        Column("done", _("Marked"), "done_at", kind="moment", sort="done_at"),
        Column(
            "department",
            _("Owner department"),
            "secret.owner_department.name",
            sort="secret__owner_department__name",
            shown=False,
        ),
    )
    filters = (
        Choice("level", _("Level"), "secret__level", choices=LEVELS, many=True),
        Choice(
            "department", _("Owner department"), "secret__owner_department", choices=_departments, many=True
        ),
        Flag("open", _("To be marked"), condition=Q(done_at=None)),
        Flag("overdue", _("Overdue"), condition=_overdue),
        Flag("anew", _("To be marked anew"), condition=Q(anew=True, done_at=None)),
        DateRange("due", _("Due"), "due_on"),
    )
    search_fields = ("carrier__number", "carrier__description", "secret__name", "secret__number")
    search_label = _("Number, description or name")
    default_sort = "due"
    presets = (Preset(_("To be marked"), "open=1"), Preset(_("Overdue"), "overdue=1"))
    bulk = (BulkAction("done", _("Record as marked"), icon="circle-check"),)
    empty = Empty(
        _("Nothing is to be marked"),
        _("Registering or changing a secret gives its department the task to mark every carrier and file."),
        icon="tag",
    )

    def rows(self) -> QuerySet[MarkingTask]:
        """Return the tasks of the secrets that the user may see."""
        return marking_tasks_visible_to(self.user).select_related("done_by")

    def row_url(self, row: object) -> str:
        """Return the page on which a mark is recorded, or the carrier, or the secret."""
        if row.done_at is None:
            return reverse("register:mark_record", args=[row.pk])
        if row.carrier_id:
            return reverse("register:carrier_detail", args=[row.carrier_id])
        return reverse("register:secret_files", args=[row.secret_id])

    def bulk_done(self, rows: list[MarkingTask]) -> str:
        """Record the chosen ones as marked in the form that the rules say."""
        count = markings_done(actor=self.user, tasks=rows)
        return _("%(count)s marks are recorded.") % {"count": count}


class MarkingListView(ListingView):
    """The page of the mark register."""

    listing = MarkingListing
    template_name = "register/carriers/marking.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return the coverage of what the user may see."""
        del listing
        return {"coverage": coverage_of(secrets_visible_to(self.request.user))}
