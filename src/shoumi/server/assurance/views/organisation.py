"""The room of the organisation: who is responsible, leading body, office, departments and their gaps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS
from shoumi.server.assurance.models import DutyEvidence, Resolution, TechnicalMeasure, during
from shoumi.server.assurance.queries.bodies import (
    cooperations,
    leading_body,
    letter_holds,
    letters_of,
    management_office,
    responsible_letter,
    scope_limits,
)
from shoumi.server.assurance.queries.catalogues import catalogues_of, measures_by_step, persons_by_level
from shoumi.server.assurance.queries.duties import duties_of
from shoumi.server.assurance.queries.rules import binding, coverages_of_reading
from shoumi.server.assurance.views.asking import entity_chosen
from shoumi.server.ledger.queries import first_entries
from shoumi.server.people.models import LEVELS
from shoumi.server.people.queries import entity_resource, today_of


@login_required
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """Show how the protection of secrets is organised in one legal entity."""
    entity, entities = entity_chosen(request)
    resource = entity_resource(entity)
    gate.require(request.user, Action.GOVERNANCE_VIEW, resource)
    day = today_of(entity)
    body, office = leading_body(entity, day), management_office(entity, day)
    working, rules = cooperations(entity, day), binding(entity, day)
    letters = letters_of(entity)
    entries = first_entries(letter.ledger_subject for letter in letters)
    context = {
        "entity": entity,
        "entities": entities,
        "day": day,
        "can_edit": gate.permits(request.user, Action.GOVERNANCE_EDIT, resource),
        "responsible": responsible_letter(entity, day),
        "letters": [
            (letter, letter_holds(letter, day), entries.get(letter.ledger_subject)) for letter in letters
        ],
        "body": body,
        "members": body.members.filter(during(day)).select_related("person") if body else (),
        "meetings": body.meetings.select_related("minutes").prefetch_related("attendees") if body else (),
        "resolutions": Resolution.objects.filter(meeting__body__entity=entity).select_related(
            "meeting", "owner", "proof"
        ),
        "office": office,
        "staff": office.staff.filter(during(day)).select_related("person") if office else (),
        "departments": working,
        "gaps": sum(item.lacks_officer for item in working),
        "limits": [
            (department, ROLE_LABELS[role], users) for department, role, users in scope_limits(entity)
        ],
        "readings": list(zip(rules, coverages_of_reading(rules), strict=True)),
    }
    return render(request, "assurance/organisation.html", context)


@login_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Show the nine duties of the office with their proof in one year."""
    entity, entities = entity_chosen(request)
    resource = entity_resource(entity)
    gate.require(request.user, Action.GOVERNANCE_VIEW, resource)
    day = today_of(entity)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else day.year  # noqa: PLR2004 - of a year
    context = {
        "entity": entity,
        "entities": entities,
        "year": year,
        "years": range(day.year, day.year - 5, -1),
        "duties": duties_of(entity, year, day),
        "withdrawn": DutyEvidence.objects.filter(entity=entity, day__year=year).exclude(withdrawn_at=None),
        "can_edit": gate.permits(request.user, Action.GOVERNANCE_EDIT, resource),
    }
    return render(request, "assurance/duties.html", context)


@login_required
@require_safe
def catalogues(request: HttpRequest) -> HttpResponse:
    """Show the six catalogues, the measures of each step, and how many persons have which level."""
    entity, entities = entity_chosen(request)
    gate.require(request.user, Action.GOVERNANCE_VIEW, entity_resource(entity))
    day = today_of(entity)
    steps = dict(TechnicalMeasure.Step.choices)
    context = {
        "entity": entity,
        "entities": entities,
        "catalogues": catalogues_of(entity, day),
        "measures": [(steps[step], rows) for step, rows in measures_by_step(entity, day).items()],
        "persons": _by_level(persons_by_level(entity)),
    }
    return render(request, "assurance/catalogues.html", context)


def _by_level(counts: dict[str, int]) -> list[tuple[str, object, int]]:
    """Return level id, its words and the number of persons, the highest first."""
    ids = ("", "general", "important", "core")
    return [(ids[rank], label, counts.get(ids[rank], 0)) for rank, label in reversed(LEVELS)]
