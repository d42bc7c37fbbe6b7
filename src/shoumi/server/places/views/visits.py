"""Visits: the list, asking for one, its page, calling it off, revealing, and how long details are kept."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.policy import Action, Resource, Role
from shoumi.server.accounts import gate
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
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.views.asking import Page, allowed, form_page
from shoumi.server.places.forms.entry import RevealForm, VisitForm
from shoumi.server.places.forms.zones import RetentionForm
from shoumi.server.places.models import Visit, Visitor, VisitorRetention, Zone
from shoumi.server.places.queries.resources import visit_resource, zone_resource
from shoumi.server.places.queries.standards import device_words, rules_for, said
from shoumi.server.places.queries.visible import visits_visible_to, zones_kept_by, zones_to_visit
from shoumi.server.places.services.retention import retention_days, retention_set
from shoumi.server.places.services.visits import visit_request, visit_withdraw, visitor_reveal
from shoumi.server.places.views.finding import FORM, visit_seen

TONES = {"requested": "waiting", "approved": "good", "rejected": "bad", "withdrawn": "off", "over": "off"}
INSIDE = Q(visitors__passages__entered_at__isnull=False, visitors__passages__left_at__isnull=True)


def _state(row: Visit) -> State:
    if row.inside:
        late = row.ends_at < clock().now()
        return State(_("stays too long") if late else _("inside"), "bad" if late else "active")
    return State(row.get_state_display(), TONES[row.state])


def _late(_listing: Listing) -> Q:
    return INSIDE & Q(ends_at__lt=clock().now())


def _zones(listing: Listing) -> list[tuple[str, str]]:
    rows = Zone.objects.filter(pk__in=visits_visible_to(listing.user).order_by().values("zone"))
    return [(str(row.pk), str(row)) for row in rows]


class VisitListing(Listing):
    """The visits that the user may see; no visitor is named."""

    name = "places.visits"
    title = gettext_lazy("Visits")
    columns = (
        Column("starts", gettext_lazy("From"), "starts_at", kind="moment", sort="starts_at", primary=True),
        Column("ends", gettext_lazy("Until"), "ends_at", kind="moment", sort="ends_at"),
        Column("zone", gettext_lazy("Zone"), "zone", sort="zone__code"),
        Column("host", gettext_lazy("Host"), "host", sort="host__reading"),
        Column("visitors", gettext_lazy("Visitors"), "number", kind="number", sort="number"),
        Column("purpose", pgettext_lazy("visit", "Purpose"), "purpose"),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("escort", gettext_lazy("Escort"), "escort", sort="escort__reading", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Visit.State.choices, many=True),
        Choice(
            "zone",
            gettext_lazy("Zone"),
            choices=_zones,
        ),
        DateRange("starts", gettext_lazy("From"), "starts_at", moments=True),
        Flag("inside", gettext_lazy("Inside now"), condition=Q(inside__gt=0)),
        Flag("late", gettext_lazy("Stays too long"), condition=_late),
    )
    search_fields = ("purpose", "zone__name", "zone__code", "host__name")
    default_sort = "-starts"
    presets = (
        Preset(gettext_lazy("Waits for approval"), "state=requested"),
        Preset(gettext_lazy("Inside now"), "inside=1"),
        Preset(gettext_lazy("Stays too long"), "late=1"),
    )
    export_action = Action.ZONE_EXPORT
    empty = Empty(
        gettext_lazy("No visit is known"),
        gettext_lazy(
            "A host asks for a visit, the secrecy office approves it, and whoever keeps the entrance "
            "records who enters and leaves."
        ),
        icon="walk",
    )

    def rows(self) -> QuerySet[Visit]:
        """Return the visits that the user may see."""
        return visits_visible_to(self.user).annotate(
            number=Count("visitors", distinct=True), inside=Count("visitors", filter=INSIDE, distinct=True)
        )

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        entities = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("zone__entity"))[:2]
        return entity_resource(entities[0]) if len(entities) == 1 else company_resource()


class VisitListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = VisitListing
    template_name = "places/visits.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say what the user may do here."""
        del listing
        user = self.request.user
        return {
            "may_ask": zones_to_visit(user).exists(),
            "keeps": zones_kept_by(user).exists(),
            "sets_retention": bool(scopes_of(user, [Role.SECRECY_OFFICER])),
        }


@login_required
@require_http_methods(["GET", "POST"])
def visit_new(request: HttpRequest) -> HttpResponse:
    """Ask for a visit."""
    page = Page(
        title=_("Ask for a visit"),
        submit=_("Ask for the visit"),
        back=reverse("places:visit_list"),
        said=_("The visit is asked for."),
        lead=_("Visits to reception zones need no approval; any other is decided by the secrecy office."),
        trail=((reverse("places:visit_list"), _("Visits")),),
        template=FORM,
        columns={"places.visitors": "visitors", "places.days": "ends_at"},
    )

    def act(form: Any) -> str:
        made = visit_request(actor=request.user, zone=form.cleaned_data["zone"], wish=form.wish)
        return made.get_absolute_url()

    own = Person.objects.filter(user=request.user).values_list("pk", flat=True).first()
    form = VisitForm(
        request.POST or None,
        user=request.user,
        zones=zones_to_visit(request.user),
        initial={"host": own, "escort": own, "zone": request.GET.get("zone", "")},
    )
    return form_page(request, page, form, act)


@login_required
@require_safe
def visit_detail(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Show a visit; visitors masked until revealed."""
    visit = visit_seen(request, visit_id)
    can = allowed(
        request.user,
        {
            "withdraw": (Action.VISIT_WITHDRAW, visit_resource(visit)),
            "reveal": (Action.VISIT_REVEAL, visit_resource(visit)),
            "admit": (Action.VISIT_ADMIT, zone_resource(visit.zone)),
        },
    )
    entity = visit.zone.entity
    visitors = [
        (
            visitor,
            [
                (passage, [(device_words(entity, item.kind), item) for item in passage.devices.all()])
                for passage in visitor.passages.all()
            ],
        )
        for visitor in visit.visitors.prefetch_related("passages__devices", "passages__recorded_by")
    ]
    context = {
        "visit": visit,
        "visitors": visitors,
        "can": can,
        "tone": TONES[visit.state],
        "pledge": said(rules_for(entity).pledge),
        "kept_days": retention_days(entity),
        "open": visit.state in {Visit.State.REQUESTED, Visit.State.APPROVED},
    }
    return render(request, "places/visit.html", context)


@login_required
@require_POST
def visit_end(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Call a visit off."""
    visit = visit_seen(request, visit_id)
    text = request.POST.get("expected_version", "")
    version = int(text) if text.isascii() and text.isdigit() else 0
    visit_withdraw(actor=request.user, visit=visit, expected_version=version)
    messages.success(request, _("The visit is called off."))
    return redirect("places:visit_list")


@login_required
@require_POST
def visitor_show(request: HttpRequest, visitor_id: UUID) -> HttpResponse:
    """Show one masked detail in full; to htmx only the value, else the page with it."""
    rows = Visitor.objects.select_related("visit__zone__entity", "visit__zone__department__entity")
    visitor = get_object_or_404(rows, pk=visitor_id)
    form = RevealForm(request.POST)
    form.is_valid()
    field = form.cleaned_data.get("field", "")
    value = visitor_reveal(
        actor=request.user,
        visitor=visitor,
        field=field,
        purpose=form.cleaned_data.get("purpose", ""),
    )
    partial = bool(request.htmx) and not request.htmx.boosted
    template = "places/_revealed.html" if partial else "places/revealed.html"
    response = render(request, template, {"value": value, "visit": visitor.visit})
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Set how long visitors' details are kept."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.VISIT_SET_RETENTION, entity_resource(entity))
    row = VisitorRetention.objects.filter(entity=entity).first()
    page = Page(
        title=_("How long visitors' details are kept"),
        submit=_("Save"),
        back=reverse("places:visit_list"),
        said=_("The number of days is set."),
        lead=_("After that time names, telephones and organisations are erased; the log stays without them."),
        trail=((reverse("places:visit_list"), _("Visits")),),
        facts=(
            (_("Legal entity"), str(entity)),
            (_("Proposed days"), rules_for(entity).visitor_retention_days),
        ),
        template=FORM,
    )

    def act(form: Any) -> None:
        retention_set(
            actor=request.user,
            entity=entity,
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["reason"],
            expected_version=form.version,
        )

    initial = {
        "expected_version": row.version if row else 0,
        "days": retention_days(entity),
        "reason": row.reason if row else "",
    }
    return form_page(request, page, RetentionForm(request.POST or None, initial=initial), act)


@login_required
@require_safe
def retention_choose(request: HttpRequest) -> HttpResponse:
    """Show for each legal entity how long visitors' details are kept."""
    rows = [
        (entity, retention_days(entity))
        for entity in LegalEntity.objects.all()
        if gate.permits(request.user, Action.VISIT_SET_RETENTION, entity_resource(entity))
    ]
    return render(request, "places/retention.html", {"rows": rows})
