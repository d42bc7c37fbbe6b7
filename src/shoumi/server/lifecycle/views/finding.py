"""What the pages of cases do alike: find a case or a step, ask the gate, lead back, say what may be done.

Whether a record may be seen is asked of the gate, which explains a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.lifecycle.models import CaseStep, PersonCase
from shoumi.server.lifecycle.queries.access import case_resource, cases, step_resource
from shoumi.server.people.views.asking import Page, allowed

FORM = "lifecycle/form.html"
Trail = tuple[tuple[str, Any], ...]
TONES = {"open": "waiting", "closed": "good", "cancelled": "off"}
STEP_TONES = {"open": "waiting", "waiting": "off", "done": "good", "refused": "active", "dropped": "off"}


def case_seen(request: HttpRequest, case_id: UUID, action: Action = Action.PERSON_CASE_SEE) -> PersonCase:
    """Return the case if the user may do `action` to it."""
    case = get_object_or_404(cases().select_related("opened_by", "closed_by", "follows"), pk=case_id)
    gate.require(request.user, action, case_resource(case))
    return case


def step_seen(request: HttpRequest, step_id: UUID, action: Action = Action.PERSON_STEP_VIEW) -> CaseStep:
    """Return the step if the user may do `action` to it."""
    rows = CaseStep.objects.select_related(
        "case__person__user", "case__entity", "case__department__entity", "given_to"
    )
    step = get_object_or_404(rows, pk=step_id)
    gate.require(request.user, action, step_resource(step))
    return step


def case_rights(request: HttpRequest, case: PersonCase) -> dict[str, bool]:
    """Return what the user may do to the case, for the buttons of its page."""
    resource = case_resource(case)
    wishes: Mapping[str, tuple[Action, Resource]] = {
        "view": (Action.PERSON_CASE_VIEW, resource),
        "manage": (Action.PERSON_CASE_MANAGE, resource),
        "look_back": (Action.PERSON_CASE_LOOK_BACK, resource),
        "examine": (Action.PERSON_CASE_EXAMINE, resource),
        "hold": (Action.PERSON_CASE_HOLD, resource),
    }
    return allowed(request.user, wishes)


def step_rights(request: HttpRequest, step: CaseStep) -> dict[str, bool]:
    """Return what the user may do in the step."""
    resource = step_resource(step)
    return allowed(
        request.user,
        {
            "record": (Action.PERSON_STEP_RECORD, resource),
            "sign": (Action.PERSON_STEP_SIGN, resource),
            "attest": (Action.PERSON_STEP_ATTEST, resource),
            "receive": (Action.PERSON_STEP_RECEIVE, resource),
            "delegate": (Action.PERSON_STEP_DELEGATE, resource),
        },
    )


def trail(*more: tuple[str, Any]) -> Trail:
    """Return the pages above: the list of cases, then `more`."""
    return ((reverse("lifecycle:case_list"), _("Cases of people")), *more)


def case_page(case: PersonCase, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    """Return a form page below a case's page."""
    home = case.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=more.pop("back", home),
        trail=trail((home, case.number)),
        template=more.pop("template", FORM),
        **more,
    )


def step_page(step: CaseStep, title: Any, submit: Any, said: Any, **more: Any) -> Page:
    """Return a form page below a step's page."""
    case, home = step.case, step.get_absolute_url()
    return Page(
        title=title,
        submit=submit,
        said=said,
        back=home,
        trail=trail((case.get_absolute_url(), case.number), (home, step.title)),
        template=more.pop("template", FORM),
        **more,
    )
