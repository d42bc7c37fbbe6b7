"""What the pages of places do alike: find a record or 404, ask the gate, lead back, show a picture.

Whether a record may be seen is asked of the gate, which explains a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.models import StoredFile
from shoumi.server.files.responses import stream
from shoumi.server.people.views.asking import Page, allowed
from shoumi.server.places.models import Visit, Zone
from shoumi.server.places.queries.resources import unit_of, visit_resource, zone_resource
from shoumi.server.places.queries.visible import zones

FORM = "places/form.html"
Trail = tuple[tuple[str, Any], ...]


def zone_seen(request: HttpRequest, zone_id: UUID, action: Action = Action.ZONE_VIEW) -> Zone:
    """Return the zone if the user may do `action` to it."""
    zone = get_object_or_404(zones(), pk=zone_id)
    gate.require(request.user, action, zone_resource(zone))
    return zone


def visit_seen(request: HttpRequest, visit_id: UUID) -> Visit:
    """Return the visit if the user may see it."""
    rows = Visit.objects.select_related(
        "zone__entity", "zone__department__entity", "host", "escort", "requested_by", "decided_by"
    )
    visit = get_object_or_404(rows, pk=visit_id)
    gate.require(request.user, Action.VISIT_VIEW, visit_resource(visit))
    return visit


def zone_rights(request: HttpRequest, zone: Zone) -> dict[str, bool]:
    """Return what the user may do to the zone, for the buttons of its page."""
    resource: Resource = zone_resource(zone)
    unit = unit_of(zone.entity, zone.department)
    wishes: Mapping[str, tuple[Action, Resource]] = {
        "edit": (Action.ZONE_EDIT, resource),
        "permit": (Action.ENTRY_REQUEST, resource),
        "visit": (Action.VISIT_REQUEST, resource),
        "admit": (Action.VISIT_ADMIT, resource),
        "designate": (Action.ZONE_DESIGNATE, unit),
    }
    return allowed(request.user, wishes)


def looks_after(request: HttpRequest, zone: Zone) -> bool:
    """Tell whether the user sees everything about the zone: within their remit, or at its door."""
    wishes: Mapping[str, tuple[Action, Resource]] = {
        "remit": (Action.PLAN_VIEW, unit_of(zone.entity, zone.department)),
        "door": (Action.VISIT_ADMIT, zone_resource(zone)),
    }
    return any(allowed(request.user, wishes).values())


def trail(*more: tuple[str, Any]) -> Trail:
    """Return the pages above: the list of zones, then `more`."""
    return ((reverse("places:zone_list"), _("Zones")), *more)


def zone_page(zone: Zone, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    """Return a form page below a zone's page."""
    home = more.pop("back", zone.get_absolute_url())
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=trail((zone.get_absolute_url(), str(zone))),
        template=more.pop("template", FORM),
        **more,
    )


def picture(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """Send a picture to be shown in a page."""
    return stream(stored, disposition="inline", request=request)
