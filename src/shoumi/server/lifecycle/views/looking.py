"""The look-back of a case: its logs, its runs with every hit explained, and the evidence hold."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.jurisdiction.procedures.values import Detector
from shoumi.engine.policy import Action
from shoumi.server.lifecycle.forms.looking import HoldForm, LogForm, ResultForm, RunForm
from shoumi.server.lifecycle.models import LookBack, PersonCase
from shoumi.server.lifecycle.queries.access import step_resource
from shoumi.server.lifecycle.queries.packs import named, said, table_of
from shoumi.server.lifecycle.services.logs import log_import
from shoumi.server.lifecycle.services.looking import STEP, evidence_hold, look_back_record, look_back_run
from shoumi.server.lifecycle.views.finding import case_page, case_rights, case_seen, step_seen
from shoumi.server.people.views.asking import allowed, form_page


@login_required
@require_safe
def look_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show logs, runs and holds of a case."""
    case = case_seen(request, case_id, Action.PERSON_CASE_LOOK_BACK)
    table = table_of(case.entity)
    runs = list(case.look_backs.select_related("run_by"))
    step = case.steps.filter(key=STEP).select_related("case__person").first()
    if step is not None:
        step.case = case
    wishes = {"record": (Action.PERSON_STEP_RECORD, step_resource(step))} if step else {}
    context = {
        "case": case,
        "can": case_rights(request, case) | allowed(request.user, wishes),
        "logs": [
            (row, named(table.logs, row.kind)) for row in case.logs.select_related("file", "imported_by")
        ],
        "run": runs[0] if runs else None,
        "results": _results(case, runs[0]) if runs else [],
        "earlier": runs[1:],
        "holds": case.holds.select_related("held_by"),
        "proposals": said(table.proposals),
        "step": step,
    }
    return render(request, "lifecycle/look_back.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def log_new(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Import a log."""
    case = case_seen(request, case_id, Action.PERSON_CASE_EXAMINE)
    page = _page(case, _("Import a log"), _("Import"), _("The log is imported."), {"lifecycle.log": "file"})

    def act(form: Any) -> None:
        log_import(actor=request.user, case=case, chosen=form.cleaned_data["file"], wish=form.wish)

    form = LogForm(request.POST or None, request.FILES or None, user=request.user, case=case)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Run the detectors over the logs."""
    case = case_seen(request, case_id, Action.PERSON_CASE_EXAMINE)
    page = _page(case, _("Run the look-back"), _("Run it"), _("The look-back is done."), {})

    def act(form: Any) -> None:
        look_back_run(actor=request.user, case=case, domains=form.names)

    return form_page(request, page, RunForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def result(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Record what came of the newest run, as two persons."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    newest = get_object_or_404(LookBack.objects.filter(case=step.case).order_by("-run_at")[:1])
    page = _page(
        step.case,
        _("Record the result of the look-back"),
        _("Record"),
        _("It is recorded; the second person is asked to confirm it."),
        {"lifecycle.companions": "companion", "lifecycle.record_empty": "note"},
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        look_back_record(
            actor=request.user,
            step=step,
            run=newest,
            companion=values["companion"].user,
            note=values["note"],
        )

    return form_page(request, page, ResultForm(request.POST or None, user=request.user, case=step.case), act)


@login_required
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Hold the evidence of the case."""
    case = case_seen(request, case_id, Action.PERSON_CASE_HOLD)
    page = case_page(
        case,
        _("Hold the evidence"),
        _("Hold it"),
        _("The evidence is held."),
        lead=_("Files, logs, findings and carriers are listed with their hashes; nothing can be removed."),
    )

    def act(form: Any) -> None:
        evidence_hold(actor=request.user, case=case, reason=form.cleaned_data["reason"])

    return form_page(request, page, HoldForm(request.POST or None), act)


def _page(case: PersonCase, title: Any, submit: Any, done: Any, columns: dict[str, str]) -> Any:
    home = reverse("lifecycle:look_back", args=[case.pk])
    return case_page(case, title, submit, done, back=home, columns=columns)


def _results(case: PersonCase, row: LookBack) -> list[dict[str, Any]]:
    """Return the results of a run in the reader's language."""
    table = table_of(case.entity)
    known = {each.id: each for each in table.detectors}
    given = row.parameters.get("numbers", {})
    head = (get_language() or "en").split("-")[0]
    read = {log["id"] for log in row.logs}
    counted: Counter[str] = Counter()
    for log in case.logs.filter(pk__in=read):
        counted[log.kind] += log.events
    return [
        {
            "title": said(known[item["detector"]].names) if item["detector"] in known else item["detector"],
            "id": item["detector"],
            "numbers": _numbers(known.get(item["detector"]), given.get(item["detector"], {})),
            "rows": sum(counted.get(kind, 0) for kind in _kinds(known.get(item["detector"]))),
            "looked": item["looked"],
            "missing": [named(table.logs, key) for key in item["missing"]],
            "hits": [
                {
                    "why": hit["why"].get(head, hit["why"]["en"]),
                    "found": hit["found"],
                    "limit": hit["limit"],
                    "since": parse_datetime(hit["since"]),
                    "until": parse_datetime(hit["until"]),
                    "rows": ", ".join(str(number) for number in hit["rows"]),
                }
                for hit in item["hits"]
            ],
        }
        for item in row.results
    ]


def _numbers(detector: Detector | None, given: dict[str, int]) -> list[tuple[str, int]]:
    """Return the numbers by which a detector judged, in words: those of the run, else the proposals."""
    parameters = detector.parameters if detector else ()
    return [(said(each.names), given.get(each.id, each.default)) for each in parameters]


def _kinds(detector: Detector | None) -> tuple[str, ...]:
    return detector.needs if detector else ()
