"""Opening a case and changing what is known of it: stepped forms, whose parts depend on the kind of case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.lifecycle.forms.opening import ChooseForm, DaysForm, FactsForm, ReasonForm
from shoumi.server.lifecycle.models import KINDS, PersonCase
from shoumi.server.lifecycle.queries.access import OPENERS
from shoumi.server.lifecycle.queries.packs import DAYS, facts_asked, kind_words
from shoumi.server.lifecycle.services.cases import CaseFacts, case_change, case_check, case_open
from shoumi.server.lifecycle.views.finding import FORM, case_seen, trail
from shoumi.server.people.models import Person
from shoumi.server.people.queries import person_resource
from shoumi.server.people.queries.listing import scopes_of
from shoumi.server.people.queries.places import standing
from shoumi.server.people.views.asking import Page, form_page

DAYS_PART = Part("days", gettext_lazy("Days"), DaysForm)
FACTS_PART = Part("facts", gettext_lazy("What is known"), FactsForm)
REASON_PART = Part("reason", gettext_lazy("Reason"), ReasonForm)


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose whom a case is about and of which kind it is."""
    page = Page(
        title=_("Open a case"),
        submit=_("Next"),
        back=reverse("lifecycle:case_list"),
        said=_("Now its days and what is known of it."),
        trail=trail(),
        columns={"lifecycle.case_open_already": "person", "lifecycle.outside_worker": "person"},
        template=FORM,
    )

    def act(form: Any) -> str:
        values = form.cleaned_data
        case_check(values["person"], values["kind"])
        return reverse("lifecycle:case_open", args=[values["kind"], values["person"].pk, DAYS_PART.key])

    if not scopes_of(request.user, OPENERS):
        own = get_object_or_404(Person, user=request.user)
        gate.require(request.user, Action.PERSON_CASE_OPEN, person_resource(own))
    initial = {"person": request.GET.get("person", ""), "kind": request.GET.get("kind", "")}
    form = ChooseForm(request.POST or None, user=request.user, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest, kind: str, person_id: UUID, part: str) -> HttpResponse:
    """Ask for days and facts, then open the case."""
    person = get_object_or_404(Person.objects.select_related("entity", "user"), pk=person_id)
    gate.require(request.user, Action.PERSON_CASE_OPEN, person_resource(person))
    if kind not in dict(KINDS):
        raise Http404
    before = PersonCase.objects.filter(person=person).order_by("-opened_at").first()

    def finish(values: Mapping[str, Any]) -> str:
        known = _known(values, person.entity, kind)
        made = case_open(
            actor=request.user, person=person, kind=kind, known=known, follows=_before(before, kind)
        )
        messages.success(request, _("The case is open."))
        return made.get_absolute_url()

    stepper = Stepper(
        name=f"lifecycle.open.{kind}.{person.pk}",
        parts=(DAYS_PART, FACTS_PART),
        title=_("Open a case: %(kind)s") % {"kind": kind_words(kind)},
        submit=_("Open the case"),
        back=reverse("lifecycle:case_list"),
        address=lambda key: reverse("lifecycle:case_open", args=[kind, person.pk, key]),
        finish=finish,
        arguments={"entity": person.entity, "kind": kind},
        initial=_initial(person, kind, before),
        trail=trail(),
        lead=str(person),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, case_id: UUID, part: str) -> HttpResponse:
    """Change days and facts, and say why."""
    case = case_seen(request, case_id, Action.PERSON_CASE_MANAGE)

    def finish(values: Mapping[str, Any]) -> str:
        case_change(
            actor=request.user,
            case=case,
            known=_known(values, case.entity, case.kind),
            reason=values["why"],
            expected_version=values["expected_version"],
        )
        messages.success(request, _("The plan is made anew; the earlier one stays filed."))
        return case.get_absolute_url()

    stepper = Stepper(
        name=f"lifecycle.change.{case.pk}",
        parts=(DAYS_PART, FACTS_PART, REASON_PART),
        title=_("Change days and facts"),
        submit=_("Make the plan anew"),
        back=case.get_absolute_url(),
        address=lambda key: reverse("lifecycle:case_change", args=[case.pk, key]),
        finish=finish,
        arguments={"entity": case.entity, "kind": case.kind},
        initial={**case.facts, **{name: _day(text) for name, text in case.days.items()}},
        version=case.version,
        trail=trail((case.get_absolute_url(), case.number)),
    )
    return stepper.page(request, part)


def _known(values: Mapping[str, Any], entity: Any, kind: str) -> CaseFacts:
    """Return facts and days of the cleaned values of all parts."""
    facts = {name: values[name] for name in facts_asked(entity, kind) if values.get(name)}
    return CaseFacts(facts, {name: values[name] for name in DAYS[kind] if values.get(name)})


def _initial(person: Person, kind: str, before: PersonCase | None) -> dict[str, Any]:
    """Return what is known already: the level of the post, and what an earlier case said."""
    rows = standing(person.engagements.select_related("department__entity", "post"))
    levels = [row.post.level_id or "none" for row in rows if row.post]
    found: dict[str, Any] = {"post_level": levels[0]} if levels else {}
    if kind == "cool-down" and before is not None:
        found |= before.facts | {name: _day(text) for name, text in before.days.items()}
    return found


def _before(before: PersonCase | None, kind: str) -> PersonCase | None:
    """Return the case that a cool-down follows."""
    return before if kind == "cool-down" and before and before.kind in {"leaving", "transfer"} else None


def _day(text: str) -> Any:
    return parse_datetime(text) if "T" in text else parse_date(text)
