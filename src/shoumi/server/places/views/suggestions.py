"""What must be a secret zone by the guide and is none yet: accepted or declined, with the reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.server.people.models import Department
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.places.forms.zones import ReasonForm, ZoneForm
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.standards import origin_of, said
from shoumi.server.places.queries.suggestions import Suggestion, suggestions_for
from shoumi.server.places.queries.visible import entities_managed_by
from shoumi.server.places.services.suggestions import suggestion_accept, suggestion_decline
from shoumi.server.places.views.finding import FORM, trail
from shoumi.server.places.views.zones import COLUMNS

USUAL_LEVEL = f"{Zone.Kind.SECRET}:2"


@login_required
@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """Show every suggestion within the user's remit."""
    found = suggestions_for(request.user)
    entity = entities_managed_by(request.user).first()
    context = {
        "waiting": [_shown(item) for item in found if item.declined is None],
        "declined": [_shown(item) for item in found if item.declined is not None],
        "origin": origin_of(entity) if entity else None,
    }
    return render(request, "places/suggestions.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, group: str, kind: str, target_id: UUID) -> HttpResponse:
    """Make a secret zone of what is suggested."""
    item = _found(request, group, kind, target_id)
    page = Page(
        title=_("Make a secret zone"),
        submit=_("Make the secret zone"),
        back=reverse("places:suggestion_list"),
        said=_("The secret zone is entered."),
        lead=said(item.group.reason),
        trail=trail((reverse("places:suggestion_list"), _("Suggested secret zones"))),
        columns=COLUMNS,
        template=FORM,
    )

    def act(form: Any) -> str:
        zone = suggestion_accept(
            actor=request.user,
            group=item.group.id,
            target=item.target,
            facts=form.facts,
            expected_version=form.version if item.zone else None,
        )
        return zone.get_absolute_url()

    initial = {"kind": USUAL_LEVEL, "ground": item.group.id}
    if item.department is not None:
        initial |= {
            "unit": f"department:{item.department.pk}",
            "code": item.department.code,
            "name": item.department.name,
        }
    form = ZoneForm(
        request.POST or None,
        user=request.user,
        entity=item.target.entity,
        zone=item.zone,
        initial=initial,
        fixed=True,
    )
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, group: str, kind: str, target_id: UUID) -> HttpResponse:
    """Do not follow a suggestion; the reason is kept."""
    item = _found(request, group, kind, target_id)
    page = Page(
        title=_("Decline the suggestion"),
        submit=_("Decline"),
        back=reverse("places:suggestion_list"),
        said=_("The reason is kept."),
        lead=said(item.group.reason),
        trail=trail((reverse("places:suggestion_list"), _("Suggested secret zones"))),
        facts=((_("What it is about"), str(item.target)),),
        template=FORM,
    )

    def act(form: Any) -> None:
        suggestion_decline(
            actor=request.user, group=item.group.id, target=item.target, reason=form.cleaned_data["reason"]
        )

    return form_page(request, page, ReasonForm(request.POST or None), act)


def _found(request: HttpRequest, group: str, kind: str, target_id: UUID) -> Suggestion:
    for item in suggestions_for(request.user):
        model = Zone if item.zone is not None else Department
        wanted = {"zone": Zone, "department": Department}[kind]
        if item.group.id == group and model is wanted and item.target.pk == target_id:
            return item
    raise Http404


def _shown(item: Suggestion) -> dict[str, Any]:
    kind = "zone" if item.zone is not None else "department"
    address = [item.group.id, kind, item.target.pk]
    return {
        "item": item,
        "group": said(item.group.names),
        "reason": said(item.group.reason),
        "accept": reverse("places:suggestion_accept", args=address),
        "decline": reverse("places:suggestion_decline", args=address),
    }
