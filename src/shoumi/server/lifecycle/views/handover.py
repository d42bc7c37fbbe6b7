"""The handover list: putting things on it, handing them over, confirming them, saying what is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action
from shoumi.server.lifecycle.forms.handover import MissingForm, ThingForm
from shoumi.server.lifecycle.models import HandoverItem
from shoumi.server.lifecycle.queries.standings import plan_of
from shoumi.server.lifecycle.services.handover import (
    carriers_list,
    group_none,
    thing_hand,
    thing_list,
    thing_missing,
    thing_receive,
)
from shoumi.server.lifecycle.views.finding import step_page, step_seen
from shoumi.server.people.views.asking import form_page


@login_required
@require_http_methods(["GET", "POST"])
def thing_new(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Put a thing on the list."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    page = step_page(step, _("Put a thing on the list"), _("Put it on the list"), _("It is on the list."))

    def act(form: Any) -> None:
        thing_list(actor=request.user, step=step, **form.cleaned_data)

    asked = plan_of(step.case).step(step.key)
    initial = {"group": request.GET.get("group", "")}
    return form_page(request, page, ThingForm(request.POST or None, asked=asked, initial=initial), act)


@login_required
@require_POST
def carriers(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Put the carriers of the register that the person has on the list."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    count = len(carriers_list(actor=request.user, step=step))
    said = ngettext(
        "%(number)d carrier is put on the list.", "%(number)d carriers are put on the list.", count
    )
    messages.success(request, said % {"number": count})
    return redirect(step.get_absolute_url())


@login_required
@require_POST
def none(request: HttpRequest, step_id: UUID, group: str) -> HttpResponse:
    """Say that the person has nothing of a kind."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    group_none(actor=request.user, step=step, group=group)
    return redirect(step.get_absolute_url())


@login_required
@require_POST
def hand(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """Hand a thing over."""
    thing = _thing(request, thing_id)
    thing_hand(actor=request.user, thing=thing)
    return redirect(thing.step.get_absolute_url())


@login_required
@require_POST
def receive(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """Confirm that a thing is there."""
    thing = _thing(request, thing_id)
    thing_receive(actor=request.user, thing=thing)
    return redirect(thing.step.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def missing(request: HttpRequest, thing_id: UUID) -> HttpResponse:
    """Say that a thing cannot be found."""
    thing = _thing(request, thing_id)
    page = step_page(
        thing.step,
        _("A thing is missing"),
        _("Record that it is missing"),
        _("It is recorded; the step stays open."),
        facts=((_("What"), thing.label),),
    )

    def act(form: Any) -> None:
        thing_missing(actor=request.user, thing=thing, note=form.cleaned_data["note"])

    return form_page(request, page, MissingForm(request.POST or None), act)


def _thing(request: HttpRequest, thing_id: UUID) -> HandoverItem:
    """Return a thing of a step that the user may see, with the step as the rules need it."""
    thing = get_object_or_404(HandoverItem, pk=thing_id)
    thing.step = step_seen(request, thing.step_id)
    return thing
