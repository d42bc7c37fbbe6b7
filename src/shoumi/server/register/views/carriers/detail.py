"""A carrier's page, and the forms by which it is added and its keeping changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import Person
from shoumi.server.people.views.asking import allowed, form_page
from shoumi.server.register.forms.carriers import KeeperForm, KeepingForm
from shoumi.server.register.models import Carrier, Handover
from shoumi.server.register.queries.carriers.history import history_of
from shoumi.server.register.queries.carriers.rules import value_words, zone_needed
from shoumi.server.register.queries.carriers.visible import (
    carrier_resource,
    carrier_to_be,
    carriers_visible_to,
)
from shoumi.server.register.queries.marks import UNMARKABLE, marked
from shoumi.server.register.queries.resources import secret_resource
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.carriers.adding import carrier_add, carrier_edit, carriers_assign_keeper
from shoumi.server.register.views.carriers.asking import asking, carrier_found, chosen_ids
from shoumi.server.register.views.carriers.lists import status_of
from shoumi.server.register.views.finding import found

COLUMNS = {
    "register.description_missing": "description",
    "register.zone_missing": "zone",
    "register.zone_elsewhere": "zone",
    "register.keeper_missing": "keeper",
    "places.zone_not_secret": "zone",
    "places.zone_closed": "zone",
    "places.zone_level_too_low": "zone",
}


@login_required
@require_safe
def overview(request: HttpRequest, carrier_id: UUID) -> HttpResponse:
    """Show where a carrier is, in whose hands, with which mark, and what happened to it."""
    carrier = carrier_found(request, carrier_id)
    secret, resource = carrier.secret, carrier_resource(carrier)
    pack = pack_for(secret.pack)
    secret_seen = secret_resource(secret)
    offered = (
        carrier.handovers.filter(state=Handover.State.OFFERED)
        .select_related("receiver", "giver", "zone")
        .first()
    )
    can = allowed(
        request.user,
        {
            "manage": (Action.CARRIER_MANAGE, resource),
            "hand_over": (Action.CARRIER_HAND_OVER, resource),
            "receive": (Action.CARRIER_RECEIVE, resource),
            "mark": (Action.SECRET_PRINT_LABEL, secret_seen),
            "secret": (Action.SECRET_VIEW_METADATA, secret_seen),
        },
    )
    context = {
        "carrier": carrier,
        "secret": secret,
        "can": can,
        "offered": offered,
        "state": status_of(carrier),
        "marked": Carrier.objects.filter(marked(), pk=carrier.pk).exists(),
        "markable": carrier.kind not in UNMARKABLE,
        "task": secret.marking_tasks.filter(carrier=carrier, done_at=None).first(),
        "mark": carrier.marks.select_related("made_by", "photo").first(),
        "mark_form": value_words(pack, "mark", mark.form) if (mark := carrier.marks.first()) else "",
        "manner": value_words(pack, "keeping", carrier.keeping) if carrier.keeping else "",
        "zone_owed": carrier.zone is None and zone_needed(secret, carrier.kind),
        "moments": history_of(carrier),
        "copies": list(carrier.copies.order_by("number")),
        "finding": carrier.findings.filter(closed_at=None).first(),
        "held": carrier.status == Carrier.Status.HELD,
    }
    return render(request, "register/carriers/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Add a carrier to a designated secret."""
    secret = found(request, secret_id)
    gate.require(request.user, Action.CARRIER_MANAGE, carrier_to_be(secret))
    page = asking(
        _("New carrier"),
        _("Add the carrier"),
        reverse("register:secret_files", args=[secret.pk]),
        _("The carrier is added. Mark it next."),
        lead=_("It gets its own number, and the department gets the task to mark it."),
        trail=((reverse("register:secret_detail", args=[secret.pk]), secret.number),),
        columns=COLUMNS,
    )

    def act(form: Any) -> str:
        carrier = carrier_add(
            actor=request.user, secret_id=secret.pk, kind=form.cleaned_data["kind"], keeping=form.keeping
        )
        return carrier.get_absolute_url()

    return form_page(request, page, KeepingForm(request.POST or None, secret=secret), act)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, carrier_id: UUID) -> HttpResponse:
    """Change where and by whom a carrier is kept."""
    carrier = carrier_found(request, carrier_id, Action.CARRIER_MANAGE)
    page = asking(
        _("Keeping of %(number)s") % {"number": carrier.number},
        _("Save"),
        carrier.get_absolute_url(),
        _("The carrier is changed."),
        trail=((carrier.get_absolute_url(), carrier.number),),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        carrier_edit(
            actor=request.user, carrier_id=carrier.pk, expected_version=form.version, keeping=form.keeping
        )

    return form_page(
        request, page, KeepingForm(request.POST or None, secret=carrier.secret, carrier=carrier), act
    )


@login_required
@require_http_methods(["GET", "POST"])
def assign_keeper(request: HttpRequest) -> HttpResponse:
    """Give the chosen carriers another keeper."""
    carriers = list(carriers_visible_to(request.user).filter(pk__in=chosen_ids(request)).order_by("number"))
    back = reverse("register:carrier_list")
    if not carriers:
        messages.warning(request, _("Choose at least one row first."))
        return redirect(back)
    for carrier in carriers:
        gate.require(request.user, Action.CARRIER_MANAGE, carrier_resource(carrier))
    page = asking(
        _("Give another keeper"),
        _("Give them"),
        back,
        ngettext("%(count)d carrier has its keeper.", "%(count)d carriers have their keeper.", len(carriers))
        % {"count": len(carriers)},
        lead=", ".join(carrier.number or "" for carrier in carriers),
        trail=((back, _("Carriers")),),
    )

    def act(form: Any) -> None:
        keeper = get_object_or_404(Person, pk=form.cleaned_data["keeper"].pk)
        carriers_assign_keeper(actor=request.user, carriers=carriers, keeper=keeper)

    return form_page(
        request, page, KeeperForm(request.POST or None, entity_id=carriers[0].secret.entity_id), act
    )
