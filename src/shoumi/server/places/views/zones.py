"""Zones as a list, and making, changing and closing one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing import (
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
from shoumi.server.people.models import LEVELS, Department, LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.forms.zones import VersionedReasonForm, ZoneForm
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.holding import with_key
from shoumi.server.places.queries.standards import ground_words
from shoumi.server.places.queries.suggestions import suggestions_for
from shoumi.server.places.queries.visible import MANAGERS, entities_managed_by, zones_visible_to
from shoumi.server.places.services.zones import zone_change, zone_close, zone_create
from shoumi.server.places.views.finding import FORM, trail, zone_page, zone_seen

TONES = {Zone.Kind.SECRET: "bad", Zone.Kind.OFFICE: "active", Zone.Kind.RECEPTION: "good"}
COLUMNS = {"places.code_taken": "code", "places.zone_ground": "ground", "places.zone_kind": "kind"}


def _kind(row: Zone) -> State:
    return State(row.get_kind_display(), TONES[Zone.Kind(row.kind)])


def _state(row: Zone) -> State:
    return State(_("open"), "good") if row.is_open else State(_("closed"), "off")


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


def _entities(listing: Listing) -> list[tuple[str, str]]:
    rows = LegalEntity.objects.filter(pk__in=listing.rows().order_by().values("entity"))
    return [(str(row.pk), str(row)) for row in rows]


def _due(_listing: Listing) -> Q:
    return Q(kind=Zone.Kind.SECRET) & (
        Q(next_inspection_on__isnull=True) | Q(next_inspection_on__lte=clock().now().date())
    )


class ZoneListing(Listing):
    """The zones that the user may see."""

    name = "places.zones"
    title = gettext_lazy("Zones")
    columns = (
        Column("code", gettext_lazy("Code"), kind="mono", sort="code"),
        Column("name", pgettext_lazy("of a thing", "Name"), sort="name", primary=True, sub="location"),
        Column("kind", gettext_lazy("Kind"), _kind, kind="state", sort="kind"),
        Column("level", gettext_lazy("Level"), "level_id", kind="level", sort="level"),
        Column(
            "key",
            gettext_lazy("Key place"),
            lambda row: State(_("Key place"), "waiting") if row.is_key else None,
            kind="state",
            sort="is_key",
        ),
        Column(
            "department", gettext_lazy("Responsible department"), "department.name", sort="department__name"
        ),
        Column("score", gettext_lazy("Protection in percent"), kind="number", sort="score"),
        Column("gaps", gettext_lazy("Open gaps"), kind="number", sort="gaps"),
        Column(
            "next",
            gettext_lazy("Next inspection"),
            "next_inspection_on",
            kind="day",
            sort="next_inspection_on",
        ),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
        Column(
            "ground",
            gettext_lazy("Why it is a secret zone"),
            lambda row: ground_words(row.entity, row.ground),
            shown=False,
        ),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="closed_on", shown=False),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), choices=Zone.Kind.choices, many=True),
        Choice("level", gettext_lazy("Level"), choices=LEVELS[1:], many=True),
        Choice("department", gettext_lazy("Responsible department"), choices=_departments, many=True),
        Choice("entity", gettext_lazy("Legal entity"), choices=_entities),
        Flag("keyplace", gettext_lazy("Key places only"), condition=Q(is_key=True)),
        Flag("due", gettext_lazy("Checklist is due"), condition=_due),
        Flag("open_gaps", gettext_lazy("With open gaps"), condition=Q(gaps__gt=0)),
        Flag("open", gettext_lazy("Without closed ones"), condition=Q(closed_on__isnull=True)),
        DateRange("next", gettext_lazy("Next inspection"), "next_inspection_on"),
    )
    search_fields = ("code", "name", "location")
    search_label = gettext_lazy("Code, name or place")
    default_sort = "code"
    presets = (
        Preset(gettext_lazy("Secret zones"), "kind=secret&open=1"),
        Preset(gettext_lazy("Key places"), "keyplace=1"),
        Preset(gettext_lazy("Checklist is due"), "due=1&open=1"),
        Preset(gettext_lazy("With open gaps"), "open_gaps=1"),
    )
    export_action = Action.ZONE_EXPORT
    empty = Empty(
        gettext_lazy("No zone is entered yet"),
        gettext_lazy(
            "The premises are divided into secret zones, office zones and reception zones. Begin with the "
            "departments and rooms that must be secret zones, or import a list."
        ),
        icon="map-2",
    )

    def rows(self) -> QuerySet[Zone]:
        """Return the zones with what the columns show."""
        return zones_visible_to(self.user).annotate(
            is_key=with_key(), gaps=Count("tasks", filter=Q(tasks__done_at__isnull=True))
        )

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        entities = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("entity"))[:2]
        return entity_resource(entities[0]) if len(entities) == 1 else company_resource()


class ZoneListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = ZoneListing
    template_name = "places/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say what the user may do here, and how many suggestions wait."""
        del listing
        manages = (
            bool(scopes_of(self.request.user, MANAGERS)) and entities_managed_by(self.request.user).exists()
        )
        waiting = (
            [item for item in suggestions_for(self.request.user) if item.declined is None] if manages else []
        )
        return {"manages": manages, "suggested": len(waiting)}


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a zone."""
    entity = entities_managed_by(request.user).first()
    if entity is None:
        raise Http404
    page = Page(
        title=_("New zone"),
        submit=_("Enter the zone"),
        back=reverse("places:zone_list"),
        said=_("The zone is entered."),
        lead=_("Archives, samples and carriers of secrets may be kept in secret zones only."),
        trail=trail(),
        columns=COLUMNS,
        template=FORM,
    )

    def act(form: Any) -> str:
        place, department = form.place
        made = zone_create(actor=request.user, entity=place, department=department, facts=form.facts)
        return made.get_absolute_url()

    return form_page(request, page, ZoneForm(request.POST or None, user=request.user, entity=entity), act)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Change what a zone is."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(zone, _("Change the zone"), _("Save"), _("The zone is changed."), columns=COLUMNS)

    def act(form: Any) -> None:
        _entity, department = form.place
        zone_change(
            actor=request.user,
            zone=zone,
            expected_version=form.version,
            department=department,
            facts=form.facts,
        )

    form = ZoneForm(request.POST or None, user=request.user, entity=zone.entity, zone=zone)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Close a zone that is there no longer."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(
        zone,
        _("Close the zone"),
        _("Close the zone"),
        _("The zone is closed."),
        danger=True,
        lead=_("A closed zone keeps its history, but nothing can be kept in it and nobody is let in."),
    )

    def act(form: Any) -> None:
        zone_close(
            actor=request.user,
            zone=zone,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    form = VersionedReasonForm(request.POST or None, initial={"expected_version": zone.version})
    return form_page(request, page, form, act)
