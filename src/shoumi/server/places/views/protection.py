"""What guards a zone: entrances, signs, guards and devices, isolation, the checklist, gaps, photos."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, ListingView, Preset
from shoumi.server.files.models import StoredFile
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource, today_of
from shoumi.server.people.views.asking import form_page
from shoumi.server.places.forms.protection import (
    DefenceForm,
    EntranceForm,
    GuardForm,
    InspectionForm,
    IsolationForm,
    OutcomeForm,
    SignForm,
    SignPrintForm,
)
from shoumi.server.places.models import Entrance, Guard, Sign, ZoneTask
from shoumi.server.places.queries.checklist import checks_of
from shoumi.server.places.queries.standards import check_words, origin_of, rules_for, said
from shoumi.server.places.queries.visible import zones_visible_to
from shoumi.server.places.services import protection
from shoumi.server.places.services.inspections import inspection_record, task_close
from shoumi.server.places.services.signs import signs_print
from shoumi.server.places.views.finding import picture, zone_page, zone_seen

PICTURE = {"places.picture": "photo"}
LANGUAGE_OF_PACK = {"cn": ("zh-hans",), "jp": ("ja",)}
UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "POST"])
def entrance_new(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Name a way into the zone."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(
        zone, _("New entrance"), _("Enter the entrance"), _("The entrance is entered."),
        columns={"places.code_taken": "name"},
    )  # fmt: skip

    def act(form: Any) -> None:
        protection.entrance_add(actor=request.user, zone=zone, name=form.cleaned_data["name"])

    return form_page(request, page, EntranceForm(request.POST or None), act)


@login_required
@require_POST
def entrance_end(request: HttpRequest, zone_id: UUID, entrance_id: UUID) -> HttpResponse:
    """Close an entrance."""
    entrance = get_object_or_404(
        Entrance.objects.select_related("zone__entity"), pk=entrance_id, zone=zone_id
    )
    protection.entrance_close(actor=request.user, entrance=entrance)
    messages.success(request, _("The entrance is closed."))
    return redirect("places:zone_detail", zone_id)


@login_required
@require_http_methods(["GET", "POST"])
def sign_new(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Record a sign that hangs at an entrance, with its photo."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(
        zone, _("Sign put up"), _("Record the sign"), _("The sign is recorded."), columns=PICTURE
    )

    def act(form: Any) -> None:
        protection.sign_put_up(actor=request.user, **form.cleaned_data)

    form = SignForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        zone=zone,
        initial={"put_up_on": today_of(zone.entity)},
    )
    return form_page(request, page, form, act)


@login_required
@require_POST
def sign_end(request: HttpRequest, zone_id: UUID, sign_id: UUID) -> HttpResponse:
    """Record that a sign hangs no longer."""
    rows = Sign.objects.select_related("entrance__zone__entity", "entrance__zone__department")
    sign = get_object_or_404(rows, pk=sign_id, entrance__zone=zone_id)
    protection.sign_take_down(actor=request.user, sign=sign)
    messages.success(request, _("The sign is taken down."))
    return redirect("places:zone_detail", zone_id)


@login_required
@require_http_methods(["GET", "POST"])
def signs_pdf(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Print the signs of the zone in the chosen languages."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    initial = {"languages": LANGUAGE_OF_PACK.get(zone.entity.pack, ("en",))}
    form = SignPrintForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        content = signs_print(actor=request.user, zone=zone, languages=form.cleaned_data["languages"])
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="signs-{clock().now():%Y-%m-%d}.pdf"',
        }
        return HttpResponse(content, content_type="application/pdf", headers=headers)
    page = zone_page(
        zone,
        _("Print signs"),
        _("Make the PDF"),
        "",
        lead=_("One sheet per entrance, and the sign of the key place if it is one."),
    )
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, page.template, {"page": page, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def guard_new(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """List a guard or a device."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(zone, _("New guard or device"), _("Put on the list"), _("It is on the list."))

    def act(form: Any) -> None:
        protection.guard_add(actor=request.user, zone=zone, **form.cleaned_data)

    form = GuardForm(
        request.POST or None, user=request.user, zone=zone, initial={"since": today_of(zone.entity)}
    )
    return form_page(request, page, form, act)


@login_required
@require_POST
def guard_off(request: HttpRequest, zone_id: UUID, guard_id: UUID) -> HttpResponse:
    """Take a guard or device off the list."""
    rows = Guard.objects.select_related("zone__entity", "zone__department")
    guard = get_object_or_404(rows, pk=guard_id, zone=zone_id)
    protection.guard_end(actor=request.user, guard=guard)
    messages.success(request, _("It is off the list."))
    return redirect("places:zone_detail", zone_id)


@login_required
@require_http_methods(["GET", "POST"])
def isolation_new(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Keep a photo that shows how the zone is closed off."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    page = zone_page(
        zone, _("Proof of isolation"), _("Keep the photo"), _("The photo is kept."), columns=PICTURE
    )

    def act(form: Any) -> None:
        protection.isolation_record(actor=request.user, zone=zone, **form.cleaned_data)

    form = IsolationForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"taken_on": today_of(zone.entity)},
    )
    return form_page(request, page, form, act)


@login_required
@require_GET
def photo(request: HttpRequest, zone_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Send a photo of the zone: a sign or a proof of isolation."""
    zone = zone_seen(request, zone_id)
    of_zone = Q(place_signs__entrance__zone=zone) | Q(isolation_proofs__zone=zone)
    stored = StoredFile.objects.filter(of_zone, pk=file_id).first()
    if stored is None:
        raise Http404
    return picture(request, stored)


@login_required
@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest, zone_id: UUID, part: str = "") -> HttpResponse:
    """Answer the three-defence checklist, one defence after the other."""
    zone = zone_seen(request, zone_id, Action.ZONE_EDIT)
    checks = checks_of(zone)
    home = reverse("places:zone_checklist", args=[zone.pk])
    parts = [
        Part(defence.id, said(defence.names), partial(DefenceForm, checks=asked), "places/_defence.html")
        for defence in rules_for(zone.entity).defences
        if (asked := [check for check in checks if check.defence == defence.id])
    ]

    def finish(values: Mapping[str, Any]) -> str:
        inspection_record(
            actor=request.user,
            zone=zone,
            answers={check.id: values[check.id] for check in checks},
            **{name: values[name] for name in InspectionForm.base_fields},
        )
        messages.success(request, _("The inspection is recorded; gaps are tasks now."))
        return home

    stepper = Stepper(
        name=f"zone-inspection-{zone.pk}",
        parts=[*parts, Part("day", _("When it was inspected"), InspectionForm)],
        title=_("Inspect the zone"),
        submit=_("Record the inspection"),
        back=home,
        address=lambda key: reverse("places:inspection_part", args=[zone.pk, key]),
        finish=finish,
        arguments={},
        initial={"inspected_on": today_of(zone.entity)},
        trail=((reverse("places:zone_list"), _("Zones")), (zone.get_absolute_url(), zone)),
        lead=_("Answer every question; what is missing becomes a task."),
        styles=("shoumi/places.css",),
        shown={"origin": origin_of(zone.entity)},
    )
    return stepper.page(request, part or stepper.parts[0].key)


@login_required
@require_http_methods(["GET", "POST"])
def task_done(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Close a gap."""
    rows = ZoneTask.objects.select_related("zone__entity", "zone__department__entity")
    task = get_object_or_404(rows, pk=task_id)
    zone = zone_seen(request, task.zone_id, Action.ZONE_EDIT)
    page = zone_page(
        zone,
        _("Close the gap"),
        _("Close the gap"),
        _("The gap is closed."),
        facts=((check_words(zone.entity, task.check_id), task.gap),),
        back=reverse("places:zone_checklist", args=[zone.pk]),
    )

    def act(form: Any) -> None:
        task_close(actor=request.user, task=task, outcome=form.cleaned_data["outcome"])

    return form_page(request, page, OutcomeForm(request.POST or None), act)


def _overdue(_listing: Listing) -> Q:
    return Q(done_at__isnull=True, due_on__lt=clock().now().date())


class TaskListing(Listing):
    """Gaps in the protection of zones, as a work list."""

    name = "places.tasks"
    title = gettext_lazy("Gaps in the protection")
    columns = (
        Column(
            "gap",
            gettext_lazy("Gap"),
            sort="gap",
            primary=True,
            sub=lambda row: check_words(row.zone.entity, row.check_id),
        ),
        Column("zone", gettext_lazy("Zone"), "zone", sort="zone__code"),
        Column("level", gettext_lazy("Level"), "zone.level_id", kind="level", sort="zone__level"),
        Column("due", gettext_lazy("Due"), "due_on", kind="day", sort="due_on"),
        Column("opened", gettext_lazy("Opened"), "opened_at", kind="moment", sort="opened_at", shown=False),
        Column("done", gettext_lazy("Closed"), "done_at", kind="moment", sort="done_at"),
        Column("outcome", gettext_lazy("What was done"), "outcome"),
    )
    filters = (
        Flag("open", gettext_lazy("Open ones only"), condition=Q(done_at__isnull=True)),
        Flag("overdue", gettext_lazy("Overdue"), condition=_overdue),
        Choice(
            "zone",
            gettext_lazy("Zone"),
            choices=lambda listing: [(str(row.pk), str(row)) for row in zones_visible_to(listing.user)],
        ),
        DateRange("due", gettext_lazy("Due"), "due_on"),
    )
    search_fields = ("gap", "zone__name", "zone__code")
    default_sort = "due"
    presets = (
        Preset(gettext_lazy("Open"), "open=1"),
        Preset(gettext_lazy("Overdue"), "overdue=1"),
    )
    export_action = Action.ZONE_EXPORT
    empty = Empty(
        gettext_lazy("No gap is known"),
        gettext_lazy("Gaps come from the checklists of the zones. Inspect a zone to find them."),
        icon="circle-check",
    )

    def rows(self) -> QuerySet[ZoneTask]:
        """Return the gaps of the zones that the user may see."""
        seen = zones_visible_to(self.user).order_by().values("pk")
        return ZoneTask.objects.filter(zone__in=seen).select_related("zone__entity")

    def row_url(self, row: object) -> str:
        """Return the checklist of the gap's zone."""
        return reverse("places:zone_checklist", args=[row.zone_id])

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        entities = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("zone__entity"))[:2]
        return entity_resource(entities[0]) if len(entities) == 1 else company_resource()


class TaskListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = TaskListing
