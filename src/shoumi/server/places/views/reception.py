"""The reception: a quiet page for the tablet at the door: who comes today, who is inside, who leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Person
from shoumi.server.people.queries import beginning_of, today_of
from shoumi.server.people.views.asking import form_page
from shoumi.server.places.forms.entry import DoorForm, EmployeeForm
from shoumi.server.places.forms.zones import ReasonForm
from shoumi.server.places.models import Passage, Visit, Visitor, Zone
from shoumi.server.places.queries.holding import bans_devices
from shoumi.server.places.queries.resources import visit_resource
from shoumi.server.places.queries.standards import device_words, rules_for, said
from shoumi.server.places.queries.visible import zones_kept_by
from shoumi.server.places.services.admission import (
    passage_leave,
    person_admit,
    visitor_admit,
    visitor_refuse,
)
from shoumi.server.places.views.finding import FORM, zone_page, zone_seen

UNPROCESSABLE = 422


@login_required
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Choose the zone whose door one keeps; with one only, go there."""
    rows = list(zones_kept_by(request.user).order_by("entity__code", "code"))
    if len(rows) == 1:
        return redirect("places:reception", rows[0].pk)
    return render(request, "places/doors.html", {"zones": rows})


@login_required
@require_safe
def reception(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show today's visitors of a zone, and who is inside."""
    zone = zone_seen(request, zone_id, Action.VISIT_ADMIT)
    start = beginning_of(today_of(zone.entity), zone.entity.country)
    visits = (
        Visit.objects.filter(zone=zone, starts_at__lt=start + timedelta(days=1), ends_at__gt=start)
        .filter(state__in=(Visit.State.APPROVED, Visit.State.REQUESTED))
        .select_related("host", "escort")
        .prefetch_related("visitors__passages")
        .order_by("starts_at")
    )
    inside = zone.passages.filter(entered_at__isnull=False, left_at__isnull=True)
    now = clock().now()
    context = {
        "zone": zone,
        "bans": bans_devices(zone),
        "expected": [_expected(visit) for visit in visits],
        "inside": [
            {
                "passage": row,
                "who": row.person.name if row.person else mask(row.visitor.name),
                "late": row.expected_until is not None and row.expected_until < now,
                "devices": [
                    f"{device_words(zone.entity, item.kind)} · {item.locker}"
                    for item in row.devices.all()
                    if item.locker
                ],
            }
            for row in inside.select_related("visitor", "person").prefetch_related("devices")
        ],
        "employee": EmployeeForm(user=request.user, zone=zone),
    }
    return render(request, "places/reception.html", context)


def _expected(visit: Visit) -> dict[str, Any]:
    rows = []
    for visitor in visit.visitors.all():
        passages = list(visitor.passages.all())
        inside = any(row.is_inside for row in passages)
        rows.append(
            {
                "visitor": visitor,
                "name": mask(visitor.name),
                "inside": inside,
                "left": not inside and any(row.left_at for row in passages),
            }
        )
    return {"visit": visit, "visitors": rows, "approved": visit.state == Visit.State.APPROVED}


@login_required
@require_http_methods(["GET", "POST"])
def visitor_in(request: HttpRequest, visitor_id: UUID) -> HttpResponse:
    """Let a visitor in: pledge, devices, locker."""
    visitor = _visitor(visitor_id)
    zone = zone_seen(request, visitor.visit.zone_id, Action.VISIT_ADMIT)
    form = DoorForm(request.POST or None, zone=zone, pledge=visitor.pledged_at is None)
    if request.method == "POST" and form.is_valid():
        try:
            passage = visitor_admit(actor=request.user, visitor=visitor, door=form.door)
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            return _answered(request, zone, passage)
    context = {
        "zone": zone,
        "form": form,
        "visitor": visitor,
        "who": mask(visitor.name),
        "visit": visitor.visit,
        "pledge": said(rules_for(zone.entity).pledge) if visitor.pledged_at is None else "",
        "bans": bans_devices(zone),
        "may_reveal": gate.permits(request.user, Action.VISIT_REVEAL, visit_resource(visitor.visit)),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "places/door.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def visitor_out(request: HttpRequest, visitor_id: UUID) -> HttpResponse:
    """Record that a visitor is not let in, and why."""
    visitor = _visitor(visitor_id)
    zone = zone_seen(request, visitor.visit.zone_id, Action.VISIT_ADMIT)
    page = zone_page(
        zone,
        _("Do not let in"),
        _("Record that nobody was let in"),
        _("It is recorded."),
        danger=True,
        back=_address(zone),
        template=FORM,
    )

    def act(form: Any) -> None:
        visitor_refuse(actor=request.user, visitor=visitor, note=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)


@login_required
@require_http_methods(["POST"])
def employee_in(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Let an employee in by a standing permission: first who, then their devices."""
    zone = zone_seen(request, zone_id, Action.VISIT_ADMIT)
    chosen = EmployeeForm(request.POST, user=request.user, zone=zone)
    if not chosen.is_valid():
        messages.error(request, _("Choose an employee."))
        return redirect("places:reception", zone.pk)
    person: Person = chosen.cleaned_data["person"]
    ready = request.POST.get("step") == "door"
    form = DoorForm(request.POST if ready else None, zone=zone, pledge=False)
    if ready and form.is_valid():
        try:
            passage = person_admit(actor=request.user, zone=zone, person=person, door=form.door)
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            return _answered(request, zone, passage)
    context = {
        "zone": zone,
        "form": form,
        "person": person,
        "who": person.name,
        "bans": bans_devices(zone),
    }
    return render(request, "places/door.html", context, status=UNPROCESSABLE if ready else 200)


@login_required
@require_POST
def leave(request: HttpRequest, passage_id: UUID) -> HttpResponse:
    """Record that somebody left."""
    rows = Passage.objects.select_related("zone__entity", "zone__department__entity")
    passage = get_object_or_404(rows, pk=passage_id)
    passage_leave(actor=request.user, passage=passage)
    messages.success(request, _("It is recorded that they left; give the devices back."))
    return redirect("places:reception", passage.zone_id)


def _visitor(visitor_id: UUID) -> Visitor:
    rows = Visitor.objects.select_related(
        "visit__zone__entity", "visit__zone__department__entity", "visit__host", "visit__escort"
    )
    return get_object_or_404(rows, pk=visitor_id)


def _answered(request: HttpRequest, zone: Zone, passage: Passage) -> HttpResponse:
    if passage.refusal:
        messages.warning(
            request, _("Not let in: %(reason)s. It is recorded.") % {"reason": passage.get_refusal_display()}
        )
    else:
        messages.success(request, _("Let in; it is recorded."))
    return redirect("places:reception", zone.pk)


def _address(zone: Zone) -> str:
    return reverse("places:reception", args=[zone.pk])
