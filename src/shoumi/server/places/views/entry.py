"""Standing entry permissions: asking for one, taking one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.people.queries import today_of
from shoumi.server.people.views.asking import form_page
from shoumi.server.places.forms.entry import PermissionForm
from shoumi.server.places.forms.zones import ReasonForm
from shoumi.server.places.models import EntryPermission
from shoumi.server.places.services.entry import permission_request, permission_revoke
from shoumi.server.places.views.finding import zone_page, zone_seen


@login_required
@require_http_methods(["GET", "POST"])
def permission_new(request: HttpRequest, zone_id: UUID) -> HttpResponse:
    """Ask that somebody may enter."""
    zone = zone_seen(request, zone_id, Action.ENTRY_REQUEST)
    page = zone_page(
        zone,
        _("Ask for an entry permission"),
        _("Ask for it"),
        _("It is asked for; the secrecy office decides."),
        back=reverse("places:zone_people", args=[zone.pk]),
    )

    def act(form: Any) -> None:
        permission_request(actor=request.user, zone=zone, wish=form.wish)

    form = PermissionForm(
        request.POST or None, user=request.user, zone=zone, initial={"starts_on": today_of(zone.entity)}
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def permission_end(request: HttpRequest, permission_id: UUID) -> HttpResponse:
    """Take a permission back."""
    rows = EntryPermission.objects.select_related(
        "zone__entity", "zone__department__entity", "person", "post", "department"
    )
    permission = get_object_or_404(rows, pk=permission_id)
    zone = zone_seen(request, permission.zone_id, Action.ENTRY_REQUEST)
    page = zone_page(
        zone,
        _("Take the permission back"),
        _("Take it back"),
        _("The permission is taken back."),
        danger=True,
        lead=_("From now on it lets nobody in."),
        facts=((_("Who may enter"), str(permission.target)),),
        back=reverse("places:zone_people", args=[zone.pk]),
    )

    def act(form: Any) -> None:
        permission_revoke(actor=request.user, permission=permission, reason=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)
