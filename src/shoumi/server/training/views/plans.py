"""The training plan of a year: what is planned, what took place, and what the year misses."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.responses import stream
from shoumi.server.people.forms.fields import VersionForm
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource, today_of
from shoumi.server.people.views.asking import Page
from shoumi.server.training.forms import HeldForm, SessionForm, audience_choices, part_choices
from shoumi.server.training.models import PlannedSession
from shoumi.server.training.queries.access import entities_run, entities_seen
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.queries.plans import (
    coverage_of_year,
    sessions_of,
    standing_of_courses,
    year_of,
)
from shoumi.server.training.services import plans
from shoumi.server.training.services.attachments import training_file_open
from shoumi.server.training.views.framing import FORM, deed, entity_chosen, kept

_YEAR = re.compile(r"2[0-9]{3}", re.ASCII)


def _room(entity: LegalEntity, year: int) -> str:
    return f"{reverse('training:plan')}?entity={entity.code}&year={year}"


@login_required
@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """Show the plan of a year with its coverage, and how many hold a certificate of each course."""
    entities = list(entities_seen(request.user))
    if not entities:
        gate.require(request.user, Action.TRAINING_VIEW, company_resource())
    entity = entity_chosen(request, entities)
    gate.require(request.user, Action.TRAINING_VIEW, entity_resource(entity))
    this = year_of(entity)
    asked = request.GET.get("year", "")
    year = int(asked) if _YEAR.fullmatch(asked) and int(asked) <= this + 1 else this
    sessions = sessions_of(entity, year)
    table = table_of(entity)
    audiences, parts = dict(audience_choices(table)), dict(part_choices(table))
    for row in sessions:
        row.audience_names = [audiences.get(each, each) for each in row.audiences]
        row.part_names = [parts.get(each, each) for each in row.parts]
    language = get_language() or "en"
    context = {
        "entity": entity,
        "entities": entities,
        "year": year,
        "years": range(this + 1, this - 4, -1),
        "sessions": sessions,
        "coverage": coverage_of_year(entity, year, sessions),
        "audiences": audiences,
        "parts": list(parts.values()),
        "courses": standing_of_courses(entity),
        "source": table.origin.source.in_language(language),
        "status": table.origin.status,
        "day": today_of(entity),
        "can_run": gate.permits(request.user, Action.TRAINING_RUN, entity_resource(entity)),
    }
    return render(request, "training/plan.html", context)


def _page(entity: LegalEntity, year: int, **words: Any) -> Page:
    back = _room(entity, year)
    return Page(back=back, trail=((back, _("Training plan of %(year)d") % {"year": year}),), **words)


def _planned(form: SessionForm) -> plans.SessionPlan:
    data = form.cleaned_data
    return plans.SessionPlan(
        title=data["title"],
        day=data["day"],
        audiences=data["audiences"],
        parts=data["parts"],
        course=data["course"],
    )


@login_required
@FORM
def session_add(request: HttpRequest) -> HttpResponse:
    """Put a training into the plan."""
    entities = entities_run(request.user)
    if not entities:
        gate.require(request.user, Action.TRAINING_RUN, company_resource())
        raise Http404
    entity = entity_chosen(request, entities)
    page = _page(
        entity,
        year_of(entity),
        title=_("Plan a training"),
        submit=_("Put it into the plan"),
        said=_("The training is planned."),
    )

    def act(form: SessionForm) -> str:
        row = plans.session_plan(actor=request.user, entity=entity, plan=_planned(form))
        return _room(entity, row.day.year)

    form = SessionForm(request.POST or None, entity=entity, initial={"expected_version": 1})
    return deed(request, page, form, act, action=Action.TRAINING_RUN, entity=entity)


def _session(session_id: UUID) -> PlannedSession:
    return get_object_or_404(PlannedSession.objects.select_related("entity"), pk=session_id)


@login_required
@FORM
def session_change(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Change a training of the plan."""
    row = _session(session_id)
    page = _page(row.entity, row.day.year, title=_("Change the training"), submit=_("Save"), said=_("Saved."))

    def act(form: SessionForm) -> None:
        plans.session_change(
            actor=request.user, session_id=row.pk, expected_version=form.version, plan=_planned(form)
        )

    initial = {name: getattr(row, name) for name in ("title", "day", "audiences", "parts", "course")}
    form = SessionForm(
        request.POST or None, entity=row.entity, initial={**initial, "expected_version": row.version}
    )
    return deed(request, page, form, act, action=Action.TRAINING_RUN, entity=row.entity)


@login_required
@FORM
def session_hold(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Record that a training took place."""
    row = _session(session_id)
    page = _page(
        row.entity,
        row.day.year,
        title=_("Record the training"),
        lead=_("Material, attendance and test are kept as evidence that people were taught."),
        facts=((_("Training"), row.title),),
        submit=_("Record it"),
        said=_("The training is recorded."),
        columns={"training.number_unknown": "numbers", "training.not_yet_held": "held_on"},
    )

    def act(form: HeldForm) -> None:
        data = form.cleaned_data
        plans.session_hold(
            actor=request.user,
            session_id=row.pk,
            expected_version=form.version,
            held_on=data["held_on"],
            numbers=data["numbers"],
            material=kept(request.user, data["material"]),
            record=kept(request.user, data["record"]),
        )

    form = HeldForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        initial={"expected_version": row.version, "held_on": row.day},
    )
    return deed(request, page, form, act, action=Action.TRAINING_RUN, entity=row.entity)


@login_required
@FORM
def session_strike(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Take a training out of the plan, after asking once more."""
    row = _session(session_id)
    page = _page(
        row.entity,
        row.day.year,
        title=_("Take the training out of the plan"),
        facts=((_("Training"), row.title), (_("Day"), row.day.isoformat())),
        submit=_("Take it out"),
        said=_("The training is taken out of the plan."),
        danger=True,
    )

    def act(form: VersionForm) -> None:
        plans.session_strike(actor=request.user, session_id=row.pk, expected_version=form.version)

    form = VersionForm(request.POST or None, initial={"expected_version": row.version})
    return deed(request, page, form, act, action=Action.TRAINING_RUN, entity=row.entity)


@login_required
@require_safe
def session_file(request: HttpRequest, session_id: UUID, kind: str) -> HttpResponseBase:
    """Hand out the material or the record of a training."""
    row = _session(session_id)
    stored = {"material": row.material, "record": row.record}.get(kind)
    if stored is None:
        raise Http404
    training_file_open(actor=request.user, stored=stored, entity=row.entity)
    return stream(stored, request=request)
