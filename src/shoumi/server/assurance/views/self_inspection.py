"""The self-inspection: runs, one run with its rows, judging, freezing, the package, the profile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.views.wording import words_of
from shoumi.server.assurance.forms.self_inspection import JudgementForm, ProfileForm, PutRightForm
from shoumi.server.assurance.models import EnterpriseProfile, SelfInspection, SelfInspectionRow
from shoumi.server.assurance.queries.scoping import OVERSEEING, entities_overseen
from shoumi.server.assurance.queries.self_inspection import (
    rows_shown,
    run_before,
    runs_visible_to,
    totals_of,
)
from shoumi.server.assurance.services.package import self_inspection_export
from shoumi.server.assurance.services.rectification import TO_PUT_RIGHT, gap_assign
from shoumi.server.assurance.services.self_inspection import (
    profile_set,
    row_judge,
    self_inspection_freeze,
    self_inspection_open,
    self_inspection_refill,
)
from shoumi.server.assurance.views.framing import adopted, download, entity_asked, trail
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.views.asking import Page, form_page


def _above() -> tuple[tuple[str, Any], ...]:
    return trail((reverse("assurance:self_inspection_list"), _("Self-inspection")))


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs of a legal entity, and whether it takes part as a demonstration enterprise."""
    entity = entity_asked(request, OVERSEEING)
    if entity is None:
        gate.require(request.user, Action.ASSURANCE_VIEW, company_resource())
        raise Http404
    table = load_assurance(entity.pack).inspection
    found = runs_visible_to(request.user).filter(entity=entity)
    context = {
        "entity": entity,
        "entities": entities_overseen(request.user, OVERSEEING),
        "runs": [(run, totals_of(rows_shown(run))) for run in found[:24]],
        "open": found.filter(state=SelfInspection.State.OPEN).exists(),
        "may_run": gate.permits(request.user, Action.SELF_INSPECTION_RUN, entity_resource(entity)),
        "profile": EnterpriseProfile.objects.filter(entity=entity).first(),
        "count": len(table.rows),
        "origin": table.origin,
    }
    return render(request, "assurance/self_inspection/list.html", context)


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin a run."""
    entity = entity_asked(request, OVERSEEING)
    if entity is None:
        raise Http404
    try:
        run = self_inspection_open(actor=request.user, entity=entity)
    except ConflictError as error:
        messages.error(request, words_of(error))
        return redirect(f"{reverse('assurance:self_inspection_list')}?entity={entity.code}")
    messages.success(request, _("Every row is filled from the records."))
    return redirect(run.get_absolute_url())


def _run(request: HttpRequest, run_id: UUID) -> SelfInspection:
    run = get_object_or_404(SelfInspection.objects.select_related("entity", "frozen_by"), pk=run_id)
    gate.require(request.user, Action.ASSURANCE_VIEW, entity_resource(run.entity))
    return run


@login_required
@require_safe
def detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show the rows of a run, grouped and filtered."""
    run = _run(request, run_id)
    table, language = load_assurance(run.pack).inspection, get_language() or "en"
    risks = load_assurance(run.pack).risks
    rows = rows_shown(run)
    result, group = request.GET.get("result", ""), request.GET.get("group", "")
    area, change = request.GET.get("field", ""), request.GET.get("change", "")
    shown = [
        (row, row.row.checks.in_language(language))
        for row in rows
        if (not result or row.item.final == result)
        and (not group or row.row.group == group)
        and (not area or row.row.field == area)
        and (not change or row.change)
    ]
    groups = [(item.id, item.names.in_language(language)) for item in table.groups]
    totals = totals_of(rows)
    resource = entity_resource(run.entity)
    context = {
        "run": run,
        "groups": [
            (name, [pair for pair in shown if pair[0].row.group == key])
            for key, name in groups
            if any(pair[0].row.group == key for pair in shown)
        ],
        "group_choices": groups,
        "field_choices": [(item.id, item.names.in_language(language)) for item in risks.fields],
        "results": [(value, label, totals[value]) for value, label in SelfInspectionRow.Result.choices],
        "chosen": {"result": result, "group": group, "field": area, "change": change},
        "count": len(shown),
        "before": run_before(run),
        "to_put_right": TO_PUT_RIGHT,
        "changed": sum(bool(row.change) for row in rows),
        "may_run": gate.permits(request.user, Action.SELF_INSPECTION_RUN, resource),
        "may_export": gate.permits(request.user, Action.SELF_INSPECTION_EXPORT, resource),
        "languages": settings.LANGUAGES,
        "origin": table.origin,
        "trail": _above(),
    }
    return render(request, "assurance/self_inspection/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def judge(request: HttpRequest, run_id: UUID, row: str) -> HttpResponse:
    """Take an inspector's judgement of a row."""
    run = _run(request, run_id)
    gate.require(request.user, Action.SELF_INSPECTION_RUN, entity_resource(run.entity))
    shown = next((item for item in rows_shown(run) if item.item.row == row), None)
    if shown is None:
        raise Http404
    item = shown.item
    initial = {"result": item.override or item.result, "reason": item.override_reason}
    form = JudgementForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row_judge(
                actor=request.user,
                run_id=run.pk,
                row=row,
                result=values["result"],
                reason=values["reason"],
                file=adopted(request.user, values["file"]),
            )
        except (InputError, ConflictError) as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The judgement is recorded."))
            return redirect(f"{run.get_absolute_url()}#{row}")
    context = {
        "run": run,
        "shown": shown,
        "checks": shown.row.checks.in_language(get_language() or "en"),
        "form": form,
        "trail": (*_above(), (run.get_absolute_url(), str(run))),
    }
    return render(
        request, "assurance/self_inspection/judge.html", context, status=422 if form.errors else 200
    )


@login_required
@require_http_methods(["GET", "POST"])
def put_right(request: HttpRequest, run_id: UUID, row: str) -> HttpResponse:
    """Have somebody put the gap of a row right."""
    run = _run(request, run_id)
    gate.require(request.user, Action.SELF_INSPECTION_RUN, entity_resource(run.entity))
    shown = next((item for item in rows_shown(run) if item.item.row == row), None)
    if shown is None:
        raise Http404
    language = get_language() or "en"
    page = Page(
        title=_("Have it put right"),
        submit=_("Make it a finding"),
        lead=_("It becomes a finding of an inspection; the office verifies it before it is closed."),
        back=f"{run.get_absolute_url()}#{row}",
        said=_("The finding is recorded, and the person is told."),
        facts=((row, shown.row.checks.in_language(language)), (_("Result"), shown.label)),
        trail=(*_above(), (run.get_absolute_url(), str(run))),
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        gap_assign(
            actor=request.user,
            run_id=run.pk,
            row=row,
            department=Department.objects.get(pk=values["department"]),
            owner=Person.objects.get(pk=values["owner"]),
            due_on=values["due_on"],
            weight=values["weight"],
            language=language,
        )

    form = PutRightForm(request.POST or None, user=request.user, entity=run.entity)
    return form_page(request, page, form, act)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("expected_version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


@login_required
@require_POST
def refill(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Read the records anew."""
    run = _run(request, run_id)
    self_inspection_refill(actor=request.user, run_id=run.pk, expected_version=_version(request))
    messages.success(request, _("Every row is filled from the records."))
    return redirect(run.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Freeze a run after asking once more."""
    run = _run(request, run_id)
    if request.method == "POST":
        self_inspection_freeze(actor=request.user, run_id=run.pk, expected_version=_version(request))
        messages.success(request, _("The self-inspection is frozen; its hash stands in the ledger."))
        return redirect(run.get_absolute_url())
    gate.require(request.user, Action.SELF_INSPECTION_RUN, entity_resource(run.entity))
    context = {"run": run, "totals": totals_of(rows_shown(run)), "trail": _above()}
    return render(request, "assurance/self_inspection/freeze.html", context)


@login_required
@require_POST
def package(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Return the package of a run."""
    run = _run(request, run_id)
    language = request.POST.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else get_language() or "en"
    content = self_inspection_export(actor=request.user, run_id=run.pk, language=language)
    return download(content, f"self-inspection-{run.entity.code}-{run.day}", "zip")


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Say whether the company takes part as a demonstration enterprise."""
    entity = entity_asked(request, OVERSEEING)
    if entity is None:
        raise Http404
    gate.require(request.user, Action.SELF_INSPECTION_RUN, entity_resource(entity))
    held = EnterpriseProfile.objects.filter(entity=entity).first()
    back = f"{reverse('assurance:self_inspection_list')}?entity={entity.code}"
    page = Page(
        title=_("Demonstration enterprise (trial)"),
        submit=_("Save"),
        lead=_("The guide asks those who take part by choice to share what their management has brought."),
        back=back,
        said=_("The profile is saved."),
        trail=_above(),
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        profile_set(
            actor=request.user,
            entity=entity,
            demonstration=values["demonstration"],
            since=values["since"],
            authority=values["authority"],
        )

    initial = {
        "demonstration": held.demonstration if held else False,
        "since": held.since if held else None,
        "authority": held.authority if held else "",
    }
    return form_page(request, page, ProfileForm(request.POST or None, initial=initial), act)
