"""An inventory's pages: begun, counted with the camera of a phone, its result, and its report."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ShoumiError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.people.models import Department
from shoumi.server.people.views.asking import allowed, form_page
from shoumi.server.places.models import Zone
from shoumi.server.register.forms.carriers import ReasonForm
from shoumi.server.register.forms.inventory import InventoryForm
from shoumi.server.register.models import Inventory, InventoryItem
from shoumi.server.register.queries.choosing import departments_for
from shoumi.server.register.queries.inventory import (
    Progress,
    differences_of,
    inventory_resource,
    inventory_to_be,
    progress_of,
)
from shoumi.server.register.services.inventory import counting, signing
from shoumi.server.register.services.inventory.reporting import inventory_report
from shoumi.server.register.views.carriers.asking import asking, inventory_found
from shoumi.server.register.views.documents import pdf
from shoumi.server.register.views.inventory.lists import inventory_state, what_is_counted
from shoumi.server.register.views.lists import table

SHOWN = 200  # lines on the page; the report has all
SECRET_ZONES = Zone.objects.filter(kind=Zone.Kind.SECRET, closed_on=None)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin an inventory."""
    departments = departments_for(request.user, Action.INVENTORY_RUN, inventory_to_be)
    if not departments:
        gate.require(
            request.user,
            Action.INVENTORY_RUN,
            inventory_to_be(get_object_or_404(Department.objects.all()[:1])),
        )
    back = reverse("register:inventory_list")
    page = asking(
        _("Begin an inventory"),
        _("Begin"),
        back,
        _("The inventory has begun."),
        lead=_("What should be where is kept as the register has it now. Then scan with a phone."),
        trail=((back, _("Inventories")),),
        columns={"register.inventory_due": "due_on", "register.nothing_to_count": "scope"},
    )

    def act(form: Any) -> str:
        row = counting.inventory_start(actor=request.user, **form.cleaned_data)
        return reverse("register:inventory_detail", args=[row.pk])

    return form_page(request, page, InventoryForm(request.POST or None, departments=departments), act)


@login_required
@require_safe
def overview(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Show how far the count is, what differs, and who signed."""
    row = inventory_found(request, inventory_id)
    resource = inventory_resource(row)
    wishes = {
        "run": (Action.INVENTORY_RUN, resource),
        "count": (Action.INVENTORY_COUNT, resource),
        "sign": (Action.INVENTORY_SIGN, resource),
        "confirm": (Action.INVENTORY_CONFIRM, resource),
    }
    items = row.items.select_related("carrier", "zone", "scanned_in").order_by(
        "result", "carrier__number", "pk"
    )
    differences = list(differences_of(row))
    context = {
        "inventory": row,
        "counted": what_is_counted(row),
        "state": inventory_state(row),
        "progress": progress_of(row),
        "can": allowed(request.user, wishes),
        "differences": differences if row.state != Inventory.State.COUNTING else [],
        "left": sum(item.cleared_at is None for item in differences),
        "items": list(items[:SHOWN]),
        "more": max(row.items.count() - SHOWN, 0),
    }
    return render(request, "register/inventory/detail.html", context)


@login_required
@ensure_csrf_cookie
@require_safe
def scan(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Show the scanner."""
    row = inventory_found(request, inventory_id, Action.INVENTORY_COUNT)
    if row.state != Inventory.State.COUNTING:
        return redirect("register:inventory_detail", row.pk)
    zones = SECRET_ZONES.filter(entity=row.department.entity_id).order_by("code")
    context = {
        "inventory": row,
        "counted": what_is_counted(row),
        "zones": zones,
        "progress": progress_of(row),
    }
    return render(request, "register/inventory/scan.html", context)


@login_required
@require_POST
def scans(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Take scans in as JSON and answer what each was taken for, and how far the count is."""
    try:
        zone, rows = _read(request.body)
    except (ValueError, KeyError, TypeError, ValidationError, Zone.DoesNotExist):
        return JsonResponse({"error": _("The scans could not be read.")}, status=400)
    try:
        readings = counting.inventory_scan(
            actor=request.user, inventory_id=inventory_id, zone=zone, scans=rows
        )
    except gate.NotPermittedError:
        raise
    except ShoumiError as error:
        return JsonResponse({"error": words_of(error)}, status=409)
    progress = progress_of(get_object_or_404(Inventory, pk=inventory_id))
    labels = dict(InventoryItem.Result.choices)
    answered = [
        {**asdict(reading), "id": str(reading.id), "words": str(labels[reading.result])}
        for reading in readings
    ]
    return JsonResponse({"readings": answered, "progress": _figures(progress)})


@login_required
@require_POST
def close(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """End the count."""
    signing.inventory_close(actor=request.user, inventory_id=inventory_id)
    messages.success(request, _("The count is closed. What differs is to be cleared."))
    return redirect("register:inventory_detail", inventory_id)


@login_required
@require_POST
def sign(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Sign for the keeper."""
    signing.inventory_sign(actor=request.user, inventory_id=inventory_id)
    messages.success(request, _("You have signed the inventory. The secrecy office confirms it next."))
    return redirect("register:inventory_detail", inventory_id)


@login_required
@require_POST
def confirm(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Confirm for the office."""
    signing.inventory_confirm(actor=request.user, inventory_id=inventory_id)
    messages.success(request, _("The inventory is signed off."))
    return redirect("register:inventory_detail", inventory_id)


@login_required
@require_http_methods(["GET", "POST"])
def clear(request: HttpRequest, item_id: int) -> HttpResponse:
    """Record how a difference was cleared."""
    item = get_object_or_404(InventoryItem.objects.select_related("carrier"), pk=item_id)
    row = inventory_found(request, item.inventory_id, Action.INVENTORY_COUNT)
    back = reverse("register:inventory_detail", args=[row.pk])
    page = asking(
        _("Clear the difference"),
        _("Record it as cleared"),
        back,
        _("The difference is cleared."),
        facts=(
            (_("Number"), item.carrier.number if item.carrier else item.code),
            (_("Result"), item.get_result_display()),
        ),
        trail=((back, row.title),),
    )

    def act(form: Any) -> None:
        signing.difference_clear(actor=request.user, item_id=item.pk, how=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)


@login_required
@require_POST
def report(request: HttpRequest, inventory_id: UUID) -> HttpResponse:
    """Return the report as PDF or as a spreadsheet."""
    row = inventory_found(request, inventory_id)
    form = request.POST.get("form", "")
    content = inventory_report(actor=request.user, inventory=row, form=form)
    return pdf(content, "inventory.pdf") if form == "pdf" else table(content, form)


def _read(body: bytes) -> tuple[Zone | None, list[counting.Scan]]:
    sent = json.loads(body)
    if not isinstance(sent, dict):
        raise TypeError
    zone = SECRET_ZONES.get(pk=sent["zone"]) if sent.get("zone") else None
    rows = [
        counting.Scan(UUID(str(one["id"])), str(one["code"]), unmarked=bool(one.get("unmarked")))
        for one in list(sent["scans"])
    ]
    return zone, rows


def _figures(progress: Progress) -> dict[str, int]:
    return {**asdict(progress), "percent": progress.percent}
