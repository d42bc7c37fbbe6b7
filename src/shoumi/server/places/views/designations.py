"""Key departments and key places: the list, proposing, describing, withdrawing."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction import rule_text
from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.files.listing import Choice, Column, Empty, Listing, ListingView, Preset, State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, department_resource, entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.forms.designations import DepartmentChoiceForm, PlaceChoiceForm, PlaceFactsForm
from shoumi.server.places.forms.zones import VersionedReasonForm
from shoumi.server.places.models import Designation, Sign, Zone
from shoumi.server.places.queries.resources import unit_of
from shoumi.server.places.queries.standards import origin_of, rules_for, said
from shoumi.server.places.queries.suggestions import key_departments_suggested
from shoumi.server.places.queries.visible import (
    departments_managed_by,
    designations_visible_to,
    zones_managed_by,
)
from shoumi.server.places.services.designations import (
    department_designate,
    place_describe,
    place_designate,
    withdrawal_propose,
)
from shoumi.server.places.views.finding import FORM, trail, zone_seen

TONES = {
    "proposed": "waiting",
    "in_force": "good",
    "withdrawing": "waiting",
    "rejected": "bad",
    "withdrawn": "off",
}
UNPROCESSABLE = 422


def _state(row: Designation) -> State:
    return State(row.get_state_display(), TONES[row.state])


class DesignationListing(Listing):
    """The key departments and key places within the user's remit."""

    name = "places.designations"
    title = gettext_lazy("Key departments and key places")
    columns = (
        Column("target", gettext_lazy("Department or zone"), "target", primary=True, sub="reason"),
        Column("kind", gettext_lazy("Kind"), "get_kind_display", sort="kind"),
        Column("state", gettext_lazy("State"), _state, kind="state", sort="state"),
        Column("since", gettext_lazy("In force since"), "in_force_since", kind="day", sort="in_force_since"),
        Column("proposed", gettext_lazy("Proposed by"), "proposed_by", sort="proposed_by__display_name"),
        Column("decided", gettext_lazy("Decided by"), "decided_by", sort="decided_by__display_name"),
        Column(
            "withdrawn",
            gettext_lazy("Withdrawn on"),
            "withdrawn_on",
            kind="day",
            sort="withdrawn_on",
            shown=False,
        ),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("kind", gettext_lazy("Kind"), choices=Designation.Kind.choices),
        Choice("state", gettext_lazy("State"), choices=Designation.State.choices, many=True),
    )
    search_fields = ("reason", "department__name", "zone__name", "zone__code")
    default_sort = "kind"
    presets = (
        Preset(gettext_lazy("Key departments"), "kind=department&state=in_force&state=withdrawing"),
        Preset(gettext_lazy("Key places"), "kind=place&state=in_force&state=withdrawing"),
    )
    export_action = Action.ZONE_EXPORT
    empty = Empty(
        gettext_lazy("Nothing is designated yet"),
        gettext_lazy(
            "Departments that deal much with secrets are key departments; the smallest rooms that hold "
            "them are key places. One person proposes, a leader decides."
        ),
        icon="building-fortress",
    )

    def rows(self) -> QuerySet[Designation]:
        """Return what lies within the user's remit."""
        return designations_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the designation's page."""
        return reverse("places:designation_detail", args=[row.pk])

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        entities = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("entity"))[:2]
        return entity_resource(entities[0]) if len(entities) == 1 else company_resource()


class DesignationListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = DesignationListing
    template_name = "places/designations.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Show which departments should be key departments."""
        del listing
        user = self.request.user
        suggested = [
            {"item": item, "kind": said(item.kind.names), "criterion": said(item.kind.reason)}
            for item in key_departments_suggested(user)
        ]
        return {"suggested": suggested, "manages": departments_managed_by(user).exists()}


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return trail((reverse("places:designation_list"), _("Key departments and key places")), *more)


@login_required
@require_safe
def designation_detail(request: HttpRequest, designation_id: UUID) -> HttpResponse:
    """Show a designation with its conditions, measures, rule and sign."""
    row = get_object_or_404(designations_visible_to(request.user), pk=designation_id)
    rules = rules_for(row.entity)
    unit = _unit(row)
    signs = (
        Sign.objects.filter(entrance__zone=row.zone, kind=Sign.Kind.KEY_PLACE, taken_down_on__isnull=True)
        if row.zone
        else Sign.objects.none()
    )
    context = {
        "row": row,
        "tone": TONES[row.state],
        "criterion": said(rules.key_criterion),
        "conditions": [(said(item.names), row.conditions.get(item.id, "")) for item in rules.key_conditions],
        "measures": [
            (said(item.names), [m for m in row.measures.all() if m.defence == item.id])
            for item in rules.defences
        ],
        "signs": list(signs.select_related("entrance")),
        "may": gate.permits(request.user, Action.ZONE_DESIGNATE, unit),
        "origin": origin_of(row.entity),
    }
    return render(request, "places/designation.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def department_new(request: HttpRequest) -> HttpResponse:
    """Propose a key department."""
    page = Page(
        title=_("Propose a key department"),
        submit=_("Propose"),
        back=reverse("places:designation_list"),
        said=_("It is proposed; a leader decides."),
        trail=_trail(),
        template=FORM,
    )

    def act(form: Any) -> str:
        made = department_designate(actor=request.user, **form.cleaned_data)
        return reverse("places:designation_detail", args=[made.pk])

    rows = departments_managed_by(request.user)
    wanted = request.GET.get("department", "")
    form = DepartmentChoiceForm(request.POST or None, departments=rows, initial={"department": wanted})
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def place_new(request: HttpRequest) -> HttpResponse:
    """First step: which secret zone, and why."""
    rows = zones_managed_by(request.user).filter(kind=Zone.Kind.SECRET, closed_on__isnull=True)
    form = PlaceChoiceForm(request.POST or None, zones=rows, initial={"zone": request.GET.get("zone", "")})
    if request.method == "POST" and form.is_valid():
        return _place_step(request, form.cleaned_data["zone"], form.cleaned_data["reason"])
    page = Page(
        title=_("Propose a key place"),
        submit=_("Go on"),
        back=reverse("places:designation_list"),
        said="",
        lead=_("Step 1 of 2: which zone it is, and why."),
        trail=_trail(),
        template=FORM,
    )
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, FORM, {"page": page, "form": form}, status=status)


@login_required
@require_http_methods(["POST"])
def place_propose(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Second step: conditions, measures and rule; then it is proposed."""
    zone = zone_seen(request, zone_id)
    form = PlaceFactsForm(request.POST, rules=rules_for(zone.entity))
    if form.is_valid():
        try:
            made = place_designate(
                actor=request.user, zone=zone, reason=form.cleaned_data["reason"], facts=form.facts
            )
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("It is proposed; a leader decides."))
            return redirect("places:designation_detail", made.pk)
    return _place_page(request, form, zone, status=UNPROCESSABLE)


@login_required
@require_http_methods(["GET", "POST"])
def place_change(request: HttpRequest, designation_id: UUID) -> HttpResponse:
    """Change the conditions, measures or rule of a key place."""
    rows = designations_visible_to(request.user).filter(zone__isnull=False)
    row = get_object_or_404(rows, pk=designation_id)
    gate.require(request.user, Action.ZONE_DESIGNATE, _unit(row))
    form = PlaceFactsForm(request.POST or None, rules=rules_for(row.entity), designation=row)
    if request.method == "POST" and form.is_valid():
        try:
            place_describe(
                actor=request.user, designation=row, expected_version=form.version, facts=form.facts
            )
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The key place is changed."))
            return redirect("places:designation_detail", row.pk)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return _place_page(request, form, row.zone, designation=row, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, designation_id: UUID) -> HttpResponse:
    """Propose that a designation ends."""
    row = get_object_or_404(designations_visible_to(request.user), pk=designation_id)
    home = reverse("places:designation_detail", args=[row.pk])
    page = Page(
        title=_("Propose the withdrawal"),
        submit=_("Propose the withdrawal"),
        back=home,
        said=_("The withdrawal is proposed; until a leader has decided the designation holds."),
        trail=_trail((home, str(row))),
        danger=True,
        template=FORM,
    )

    def act(form: Any) -> None:
        withdrawal_propose(
            actor=request.user,
            designation=row,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    form = VersionedReasonForm(request.POST or None, initial={"expected_version": row.version})
    return form_page(request, page, form, act)


def _place_step(request: HttpRequest, zone: Zone, reason: str) -> HttpResponse:
    rules = rules_for(zone.entity)
    words = {
        "company": zone.entity.name,
        "place": zone.name,
        "department": zone.department.name if zone.department else zone.entity.name,
        "level": str(zone.get_level_display()),
    }
    rule = rule_text(rules, get_language() or "en", words)
    form = PlaceFactsForm(rules=rules, initial={"reason": reason, "rule": rule})
    return _place_page(request, form, zone)


def _place_page(
    request: HttpRequest,
    form: PlaceFactsForm,
    zone: Zone,
    *,
    designation: Designation | None = None,
    status: int = 200,
) -> HttpResponse:
    back = (
        reverse("places:designation_detail", args=[designation.pk])
        if designation
        else reverse("places:designation_list")
    )
    action = request.path if designation else reverse("places:place_propose", args=[zone.pk])
    context = {
        "form": form,
        "zone": zone,
        "designation": designation,
        "action": action,
        "back": back,
        "trail": _trail(),
        "origin": origin_of(zone.entity),
    }
    return render(request, "places/place_form.html", context, status=status)


def _unit(row: Designation) -> Resource:
    if row.department is not None:
        return department_resource(row.department)
    return unit_of(row.zone.entity, row.zone.department)
