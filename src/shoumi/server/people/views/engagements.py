"""Engagements: beginning, moving, ending with a confirmation that says what ends with it."""

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
from shoumi.server.accounts import gate
from shoumi.server.people import forms, services
from shoumi.server.people.models import Engagement, Person
from shoumi.server.people.queries import departments_visible, person_resource, today_of
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.people.views.persons import person_or_404

COLUMNS = {
    "people.engagement_overlap": "starts_on",
    "people.ends_before_start": "ends_on",
    "people.engagement_ended": "ends_on",
    "people.post_elsewhere": "place",
    "people.department_closed": "place",
    "people.engagement_kind": "kind",
    "people.field_missing": "contractor",
}


def _trail(person: Person) -> tuple[tuple[str, Any], ...]:
    return ((reverse("people:person_list"), _("Persons")), (person.get_absolute_url(), person.name))


def _engagement(engagement_id: UUID) -> Engagement:
    rows = Engagement.objects.select_related("person__entity", "department__entity", "post")
    return get_object_or_404(rows, pk=engagement_id)


def _facts(engagement: Engagement) -> tuple[tuple[Any, Any], ...]:
    place = " · ".join(str(part) for part in (engagement.department, engagement.post) if part)
    return (
        (_("Person"), f"{engagement.person.name} ({engagement.person.number})"),
        (_("Department and post"), place),
        (_("Kind"), engagement.get_kind_display()),
        (_("From"), engagement.starts_on.isoformat()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def engagement_start(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Begin an engagement of a person."""
    person = person_or_404(person_id)
    gate.require(request.user, Action.PERSON_EDIT, person_resource(person))
    page = Page(
        title=_("New engagement of %(name)s") % {"name": person.name},
        submit=_("Begin the engagement"),
        back=person.get_absolute_url(),
        said=_("The engagement is entered."),
        trail=_trail(person),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.engagement_start(actor=request.user, person=person, terms=form.terms)

    initial = {"starts_on": today_of(person.entity)}
    departments = departments_visible(request.user)
    form = forms.EngagementForm(request.POST or None, departments=departments, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def engagement_move(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """Move a person to another department or post: the old engagement ends, the new one begins."""
    engagement = _engagement(engagement_id)
    person = engagement.person
    gate.require(request.user, Action.PERSON_EDIT, person_resource(person))
    page = Page(
        title=_("Move %(name)s") % {"name": person.name},
        submit=_("Move"),
        lead=_("The present engagement ends on the day the new one begins; both stay in the history."),
        facts=_facts(engagement),
        back=person.get_absolute_url(),
        said=_("The move is entered."),
        trail=_trail(person),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.engagement_move(
            actor=request.user,
            engagement=engagement,
            expected_version=form.version,
            terms=form.terms,
            note=form.cleaned_data["note"],
        )

    initial = {
        "expected_version": engagement.version,
        "kind": engagement.kind,
        "contractor": engagement.contractor,
        "starts_on": today_of(engagement.department.entity),
    }
    departments = departments_visible(request.user)
    form = forms.MoveForm(request.POST or None, departments=departments, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def engagement_end(request: HttpRequest, engagement_id: UUID) -> HttpResponse:
    """End an engagement after a confirmation."""
    engagement = _engagement(engagement_id)
    person = engagement.person
    gate.require(request.user, Action.PERSON_EDIT, person_resource(person))
    page = Page(
        title=_("End the engagement of %(name)s") % {"name": person.name},
        submit=_("End the engagement"),
        lead=_(
            "From the first moment of that day the person has no rights from this engagement: "
            "no department, no post, no clearance, and without another engagement no roles."
        ),
        facts=_facts(engagement),
        danger=True,
        back=person.get_absolute_url(),
        said=_("The end of the engagement is entered."),
        trail=_trail(person),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        services.engagement_end(
            actor=request.user,
            engagement=engagement,
            expected_version=form.version,
            ends_on=values["ends_on"],
            reason=values["reason"],
            note=values["note"],
        )

    initial = {
        "expected_version": engagement.version,
        "ends_on": engagement.ends_on or today_of(engagement.department.entity),
        "reason": engagement.end_reason,
    }
    return form_page(request, page, forms.EndForm(request.POST or None, initial=initial), act)
