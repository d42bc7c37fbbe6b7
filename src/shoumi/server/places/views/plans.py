"""Floor plans: the list, one plan with its zones, drawing on it, its picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.forms.plans import DrawingForm, PictureForm, PlanForm
from shoumi.server.places.models import FloorPlan, Outline, Zone
from shoumi.server.places.models.plans import SCALE
from shoumi.server.places.queries.visible import (
    entities_managed_by,
    plans_visible_to,
    zones,
    zones_visible_to,
)
from shoumi.server.places.services.plans import outlines_save, plan_add, plan_close, plan_replace
from shoumi.server.places.views.finding import FORM, picture, trail

UNPROCESSABLE = 422
LABEL_SHARE = 42  # the picture's longer side divided by this is the size of the letters


@dataclass(frozen=True, slots=True)
class Shape:
    """One zone on a plan, in pixels of the picture."""

    zone: Zone
    points: str  # for the SVG polygon
    x: int  # of the label
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plan with the zones that the user may see."""

    plan: FloorPlan
    shapes: list[Shape]
    font: int


def drawn(plan: FloorPlan, user: User, *, only: Zone | None = None) -> Drawing:
    """Return the plan as `user` may see it; with `only` that zone alone."""
    seen = set(zones_visible_to(user).order_by().values_list("pk", flat=True))
    rows = plan.outlines.select_related("zone").filter(zone__closed_on__isnull=True)
    shapes = [
        _shape(plan, row) for row in rows if row.zone_id in seen and (only is None or row.zone_id == only.pk)
    ]
    return Drawing(plan, shapes, max(plan.width, plan.height) // LABEL_SHARE)


def _shape(plan: FloorPlan, row: Outline) -> Shape:
    corners = [(x * plan.width // SCALE, y * plan.height // SCALE) for x, y in row.points]
    x, y = (sum(values) // len(values) for values in zip(*corners, strict=True))
    return Shape(row.zone, " ".join(f"{left},{top}" for left, top in corners), x, y)


def plan_seen(request: HttpRequest, plan_id: UUID) -> FloorPlan:
    """Return a plan that the user may see, or 404."""
    return get_object_or_404(plans_visible_to(request.user), pk=plan_id)


def _manages(user: User, plan: FloorPlan) -> bool:
    return gate.permits(user, Action.ZONE_CREATE, entity_resource(plan.entity))


@login_required
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Show the plans that hold, by site."""
    rows = plans_visible_to(request.user).filter(closed_on__isnull=True)
    manages = any(
        gate.permits(request.user, Action.ZONE_CREATE, entity_resource(entity))
        for entity in entities_managed_by(request.user)
    )
    context = {"drawings": [drawn(plan, request.user) for plan in rows], "manages": manages}
    return render(request, "places/plans.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """Bring in the picture of a floor."""
    page = Page(
        title=_("New floor plan"),
        submit=_("Bring in the plan"),
        back=reverse("places:plan_list"),
        said=_("The plan is stored. Now draw the zones on it."),
        trail=trail((reverse("places:plan_list"), _("Floor plans"))),
        columns={"places.picture": "picture", "places.plan_taken": "floor"},
        template=FORM,
    )

    def act(form: Any) -> str:
        made = plan_add(actor=request.user, **form.cleaned_data)
        return reverse("places:plan_draw", args=[made.pk])

    entities = entities_managed_by(request.user)
    return form_page(
        request,
        page,
        PlanForm(request.POST or None, request.FILES or None, user=request.user, entities=entities),
        act,
    )


@login_required
@require_safe
def plan_detail(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show one plan with its zones."""
    plan = plan_seen(request, plan_id)
    context = {"drawing": drawn(plan, request.user), "plan": plan, "manages": _manages(request.user, plan)}
    return render(request, "places/plan.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def plan_draw(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Draw the zones: with a pointer on the picture, or by numbers in the table beside it."""
    plan = plan_seen(request, plan_id)
    gate.require(request.user, Action.ZONE_CREATE, entity_resource(plan.entity))
    form = DrawingForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                outlines_save(
                    actor=request.user,
                    plan=plan,
                    expected_version=form.version,
                    outlines=form.cleaned_data["outlines"],
                )
            except (InputError, ConflictError) as error:
                messages.error(request, words_of(error))
            else:
                messages.success(request, _("The drawing is kept."))
                return redirect(plan)
        else:
            messages.error(request, _("The drawing could not be read."))
        status = UNPROCESSABLE
    candidates = zones().filter(entity=plan.entity_id, closed_on__isnull=True)
    kept = {str(row.zone_id): row.points for row in plan.outlines.filter(zone__closed_on__isnull=True)}
    sent = form.data.get("outlines", "") if form.is_bound and form.is_valid() else ""
    context = {
        "plan": plan,
        "zones": candidates,
        "outlines": sent or json.dumps(kept),
        "version": form.data.get("expected_version", plan.version) if form.is_bound else plan.version,
        "scale": SCALE,
        "font": max(plan.width, plan.height) // LABEL_SHARE,
    }
    return render(request, "places/draw.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan_picture_replace(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Give the plan another picture."""
    plan = plan_seen(request, plan_id)
    gate.require(request.user, Action.ZONE_CREATE, entity_resource(plan.entity))
    page = Page(
        title=_("Replace the picture"),
        submit=_("Replace the picture"),
        back=plan.get_absolute_url(),
        said=_("The picture is replaced; look whether the outlines still fit."),
        lead=_("The outlines of the zones stay where they are."),
        trail=trail((reverse("places:plan_list"), _("Floor plans")), (plan.get_absolute_url(), str(plan))),
        columns={"places.picture": "picture"},
        template=FORM,
    )

    def act(form: Any) -> None:
        plan_replace(
            actor=request.user,
            plan=plan,
            expected_version=form.version,
            picture=form.cleaned_data["picture"],
        )

    form = PictureForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"expected_version": plan.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_POST
def plan_end(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Close a plan that holds no longer."""
    plan = plan_seen(request, plan_id)
    text = request.POST.get("expected_version", "")
    version = int(text) if text.isascii() and text.isdigit() else 0
    plan_close(actor=request.user, plan=plan, expected_version=version)
    messages.success(request, _("The plan is closed."))
    return redirect("places:plan_list")


@login_required
@require_GET
def plan_picture(request: HttpRequest, plan_id: UUID) -> HttpResponseBase:
    """Send the picture of a plan."""
    return picture(request, plan_seen(request, plan_id).picture)
