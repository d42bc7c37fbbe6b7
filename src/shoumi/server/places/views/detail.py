"""A zone's page: facts, rail, and the tabs overview, plan, people, visits, carriers, checklist, timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.checklist import scores_of
from shoumi.server.places.queries.holding import bans_devices, entrants_of, key_place_of, permissions_of
from shoumi.server.places.queries.rail import stations_of
from shoumi.server.places.queries.standards import check_words, ground_words, origin_of
from shoumi.server.places.queries.stored import carriers_in, highest_stored
from shoumi.server.places.queries.timeline import timeline_of
from shoumi.server.places.queries.visible import visits_visible_to
from shoumi.server.places.views.finding import looks_after, zone_rights, zone_seen
from shoumi.server.places.views.plans import drawn

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the zone's page."""

    key: str
    label: str
    url: str
    count: int | None = None


def page(request: HttpRequest, zone: Zone, active: str, more: dict[str, Any]) -> HttpResponse:
    """Return the zone's page with one tab open."""
    key = key_place_of(zone)
    context = {
        "zone": zone,
        "active": active,
        "tabs": _tabs(zone),
        "rail": stations_of(zone, key),
        "can": zone_rights(request, zone),
        "key": key,
        "bans_devices": bans_devices(zone),
        "ground": ground_words(zone.entity, zone.ground),
        "origin": origin_of(zone.entity),
        **more,
    }
    return render(request, f"places/zone/{active}.html", context)


def _tabs(zone: Zone) -> list[Tab]:
    def url(name: str) -> str:
        return reverse(f"places:{name}", args=[zone.pk])

    return [
        Tab("overview", _("Overview"), url("zone_detail")),
        Tab("plan", _("Plan"), url("zone_plan"), zone.outlines.count()),
        Tab("people", _("Who may enter"), url("zone_people")),
        Tab("visits", _("Visits"), url("zone_visits")),
        Tab("carriers", _("Carriers"), url("zone_carriers"), carriers_in(zone).count()),
        Tab(
            "checklist",
            _("Checklist"),
            url("zone_checklist"),
            zone.tasks.filter(done_at__isnull=True).count(),
        ),
        Tab("timeline", _("Timeline"), url("zone_timeline")),
    ]


@login_required
@require_safe
def overview(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show what the zone is and what guards it."""
    zone = zone_seen(request, zone_id)
    entrances = zone.entrances.filter(closed_on__isnull=True).prefetch_related("signs__photo")
    more = {
        "entrances": [
            (entrance, [sign for sign in entrance.signs.all() if sign.taken_down_on is None])
            for entrance in entrances
        ],
        "guards": list(zone.guards.filter(until__isnull=True).select_related("person", "entrance")),
        "proofs": list(zone.isolation_proofs.select_related("photo", "added_by")),
        "decisions": list(zone.suggestion_decisions.select_related("decided_by")),
    }
    return page(request, zone, "overview", more)


@login_required
@require_safe
def plan(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show where the zone lies, on each plan on which it is drawn."""
    zone = zone_seen(request, zone_id)
    outlines = zone.outlines.select_related("plan").filter(plan__closed_on__isnull=True)
    return page(
        request,
        zone,
        "plan",
        {"drawings": [drawn(outline.plan, request.user, only=zone) for outline in outlines]},
    )


@login_required
@require_safe
def people(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show who may enter, by which permission, and what was asked for."""
    zone = zone_seen(request, zone_id)
    shown = looks_after(request, zone)
    more = {
        "permissions": list(permissions_of(zone)[:MOST_LISTED]) if shown else [],
        "entrants": entrants_of(zone)[:MOST_LISTED] if shown else [],
        "shown": shown,
        "today": today_of(zone.entity),
    }
    return page(request, zone, "people", more)


@login_required
@require_safe
def visits(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show the visits to the zone that the user may see, and its log."""
    zone = zone_seen(request, zone_id)
    shown = looks_after(request, zone)
    log = zone.passages.select_related("visitor", "person", "recorded_by").prefetch_related("devices")
    more = {
        "visits": list(visits_visible_to(request.user).filter(zone=zone)[:MOST_LISTED]),
        "log": list(log[:MOST_LISTED]) if shown else [],
        "shown": shown,
    }
    return page(request, zone, "visits", more)


@login_required
@require_safe
def carriers(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show what is kept in the zone, to whoever looks after it."""
    zone = zone_seen(request, zone_id)
    shown = looks_after(request, zone)
    rows = carriers_in(zone)
    more = {
        "carriers": list(rows[:MOST_LISTED]) if shown else [],
        "count": rows.count(),
        "highest": highest_stored(zone),
        "shown": shown,
    }
    return page(request, zone, "carriers", more)


@login_required
@require_safe
def checklist(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show the last inspection by defence, the open gaps, and earlier inspections."""
    zone = zone_seen(request, zone_id)
    inspections = list(zone.inspections.select_related("inspector"))
    latest = inspections[0] if inspections else None
    if latest is not None:
        latest.zone = zone
    tasks = zone.tasks.select_related("done_by").order_by("done_at", "due_on")
    more = {
        "latest": latest,
        "scores": scores_of(latest) if latest else [],
        "inspections": inspections[1:],
        "tasks": [(check_words(zone.entity, task.check_id), task) for task in tasks[:MOST_LISTED]],
        "today": today_of(zone.entity),
    }
    return page(request, zone, "checklist", more)


@login_required
@require_safe
def timeline(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Show what happened, as the ledger has it."""
    zone = zone_seen(request, zone_id)
    may_ledger = gate.permits(request.user, Action.LEDGER_VIEW, resources.ledger())
    shown = looks_after(request, zone)
    events = timeline_of(zone) if shown else []
    return page(request, zone, "timeline", {"events": events, "may_ledger": may_ledger, "shown": shown})
