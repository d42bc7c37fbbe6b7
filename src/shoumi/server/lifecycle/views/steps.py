"""One step of a case: what it asks for, what was recorded, and how more is recorded or signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.jurisdiction.procedures import EvidenceKind
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS, User
from shoumi.server.accounts.queries import user_resource
from shoumi.server.agreements.models import Agreement
from shoumi.server.files.responses import stream
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.lifecycle.forms.steps import (
    AttestForm,
    GiveForm,
    ItemsForm,
    RecordForm,
    RefusalForm,
    SignForm,
    done_of,
)
from shoumi.server.lifecycle.models import Attestation, CaseStep, Certificate, PersonCase, RecordFile
from shoumi.server.lifecycle.queries.access import step_resources, tasks_of
from shoumi.server.lifecycle.queries.certificates import CERTIFICATES
from shoumi.server.lifecycle.queries.handover import carriers_held, groups_of
from shoumi.server.lifecycle.queries.linking import Linked, linked_of
from shoumi.server.lifecycle.queries.packs import named, said, table_of
from shoumi.server.lifecycle.queries.rail import span_words
from shoumi.server.lifecycle.queries.records import record_lines
from shoumi.server.lifecycle.queries.standings import plan_of, standing_of, who
from shoumi.server.lifecycle.services.certificates import certificate_issue, certificate_sign
from shoumi.server.lifecycle.services.giving import step_give
from shoumi.server.lifecycle.services.looking import STEP as LOOK_BACK
from shoumi.server.lifecycle.services.notices import STEPS as NOTICES
from shoumi.server.lifecycle.services.opening import case_file_open
from shoumi.server.lifecycle.services.recording import record_attest, step_record, step_refusal, step_sign
from shoumi.server.lifecycle.views.finding import (
    STEP_TONES,
    case_rights,
    step_page,
    step_rights,
    step_seen,
    trail,
)
from shoumi.server.people.views.asking import form_page

PERSON = "person"
CLOSING = ("freeze", "revocation")  # steps in which accounts are closed
COLUMNS = {
    "lifecycle.companions": "companions",
    "lifecycle.proof_missing": "files",
    "lifecycle.time": "at",
    "lifecycle.record_empty": "note",
}
ITEMS_PART = Part("items", gettext_lazy("Items"), ItemsForm, "lifecycle/_items.html")
DONE_PART = Part("done", gettext_lazy("What was done"), RecordForm)


@login_required
@require_safe
def step_detail(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Show what a step asks for, where it stands and what was recorded, with what the reader can do."""
    step = step_seen(request, step_id)
    case = step.case
    plan = plan_of(case)
    asked = plan.step(step.key)
    found = standing_of(case, plan).step(step.key) if asked else None
    table = table_of(case.entity)
    me = who(request.user)
    can = step_rights(request, step)
    parties = [party for party, person in plan.parties.items() if person == me]
    open_signers = found.fulfilment.open_signers if found else ()
    took = standing_of(case, plan).measured.get(step.key) if asked else None
    context = {
        "step": step,
        "case": case,
        "tone": STEP_TONES[step.state],
        "can": can,
        "asked": asked,
        "why": [said(text) for text in asked.why] if asked else [],
        "records_words": said(asked.step.records) if asked else "",
        "items": _items(found) if found else [],
        "late": bool(found and found.late and not found.satisfied),
        "waiting": _before(request.user, case, found.waiting_for if found else ()),
        "gate": named(table.gates, found.closed_gate) if found and found.closed_gate else "",
        "faults": [said(text) for text in found.fulfilment.faults] if found else [],
        "owner": ROLE_LABELS.get(step.role, step.role),
        "evidence": named(table.evidence, step.evidence),
        "records": record_lines(step, plan),
        "linked": linked_of(request.user, step, asked),
        "own": str(case.person_id) == me,
        "sign_as": next((party for party in parties if party in open_signers), ""),
        "open_signers": [named(table.parties, party) for party in open_signers],
        "refusable": bool(asked and asked.step.refusable and PERSON in open_signers),
        "attest": Attestation.objects.filter(
            record__step=step, user=request.user, answered_at__isnull=True
        ).first(),
        "measured": span_words(took.took) if took and took.took is not None else "",
        "basis": asked.due.basis if asked else None,
        "caveats": _caveats(asked),
        "is_form": step.evidence == EvidenceKind.FORM,
        "live": case.is_open and asked is not None,
        "groups": groups_of(step, asked) if asked and step.receives else [],
        "carriers_left": carriers_held(case.person).count() if step.receives and can["record"] else 0,
        "is_notices": step.key in NOTICES,
        "notices": _notices(step, asked) if step.key in NOTICES else [],
        "looks_back": step.key == LOOK_BACK and case_rights(request, case)["look_back"],
        "is_certificate": step.key in CERTIFICATES,
        "certificate": Certificate.objects.filter(step=step).first(),
    }
    context["unwritten"] = context["is_certificate"] and not context["certificate"]
    context["offered"] = _offered(request.user, context["linked"])
    context["account"] = _account(request.user, step)
    mine = context["attest"] or context["sign_as"] or (can["record"] and not step.satisfied_at)
    context["next"] = None if mine or not case.is_open else _next(request.user, step)
    return render(request, "lifecycle/step.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def step_do(request: HttpRequest, step_id: UUID, part: str = "items") -> HttpResponse:
    """Record what was done."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    plan = plan_of(step.case)
    asked = plan.step(step.key)
    if asked is None:
        messages.warning(request, _("The present plan no longer asks for this step."))
        return redirect(step.get_absolute_url())
    arguments = {
        "user": request.user,
        "case": step.case,
        "asked": asked,
        "open_signers": standing_of(step.case, plan).step(step.key).fulfilment.open_signers,
    }
    if asked.step.items:
        return _by_items(request, step, arguments, part)
    page = step_page(
        step,
        step.title,
        _("Record"),
        _("It is recorded."),
        lead=said(asked.step.records),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        step_record(actor=request.user, step=step, done=done_of(form.cleaned_data))

    form = RecordForm(request.POST or None, request.FILES or None, **arguments)
    return form_page(request, page, form, act)


def _by_items(request: HttpRequest, step: CaseStep, arguments: Mapping[str, Any], part: str) -> HttpResponse:
    """Record a list: first its items, then what was done."""

    def finish(values: Mapping[str, Any]) -> str:
        step_record(actor=request.user, step=step, done=done_of(values))
        messages.success(request, _("It is recorded."))
        return step.get_absolute_url()

    home = step.get_absolute_url()
    stepper = Stepper(
        name=f"lifecycle.record.{step.pk}",
        parts=(ITEMS_PART, DONE_PART),
        title=step.title,
        submit=_("Record"),
        back=home,
        address=lambda key: reverse("lifecycle:step_record_part", args=[step.pk, key]),
        finish=finish,
        arguments=arguments,
        initial={},
        trail=trail((step.case.get_absolute_url(), step.case.number), (home, step.title)),
        lead=said(arguments["asked"].step.records),
    )
    return stepper.page(request, part)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Sign as a party."""
    step = step_seen(request, step_id, Action.PERSON_STEP_SIGN)
    plan = plan_of(step.case)
    asked = plan.step(step.key)
    me = who(request.user)
    own = [party for party, person in plan.parties.items() if person == me]
    signers = asked.step.signers if asked else ()
    party = next((name for name in own if name in signers), "")
    page = step_page(
        step,
        step.title,
        pgettext("agreement", "Sign"),
        _("It is signed."),
        lead=said(asked.step.records) if asked else "",
        facts=((_("You sign as"), named(table_of(step.case.entity).parties, party)),),
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        signing = certificate_sign if step.key in CERTIFICATES else step_sign
        signing(actor=request.user, step=step, party=values["party"], password=values["password"])

    return form_page(request, page, SignForm(request.POST or None, initial={"party": party}), act)


@login_required
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Record that the person refused to sign."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    page = step_page(
        step,
        _("Signature refused"),
        _("Record the refusal"),
        _("It is recorded; the witnesses are asked to confirm it."),
        lead=_("A refusal stands for the signature once two witnesses have confirmed it."),
        columns={"lifecycle.witnesses": "witnesses", "lifecycle.record_empty": "note"},
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        step_refusal(
            actor=request.user,
            step=step,
            party=PERSON,
            note=values["note"],
            witnesses=[person.user for person in values["witnesses"]],
            files=values["files"],
        )

    form = RefusalForm(request.POST or None, request.FILES or None, user=request.user, case=step.case)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def attest(request: HttpRequest, attestation_id: int) -> HttpResponse:
    """Say whether one took part, or was a witness."""
    row = get_object_or_404(
        Attestation.objects.select_related("record"), pk=attestation_id, user=request.user
    )
    step = step_seen(request, row.record.step_id, Action.PERSON_STEP_ATTEST)
    page = step_page(
        step,
        _("Confirm a record"),
        _("Answer"),
        _("Your answer is recorded."),
        facts=(
            (_("Step"), step.title),
            (_("Person"), str(step.case.person)),
            (_("What was done"), row.record.note),
            (_("Recorded by"), str(row.record.recorded_by)),
            (_("You"), row.get_part_display()),
        ),
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        record_attest(
            actor=request.user, attestation=row, agreed=values["agreed"] == "yes", note=values["note"]
        )
        certificate_issue(actor=request.user, step=step)

    return form_page(request, page, AttestForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Give the step to somebody else."""
    step = step_seen(request, step_id, Action.PERSON_STEP_DELEGATE)
    page = step_page(
        step,
        _("Give the step to somebody"),
        _("Give it"),
        _("The step is given."),
        columns={"lifecycle.party": "to"},
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        step_give(
            actor=request.user,
            step=step,
            to=values["to"].user if values["to"] else None,
            until=values["until"],
            reason=values["reason"],
            expected_version=form.version,
        )

    form = GiveForm(
        request.POST or None,
        user=request.user,
        case=step.case,
        initial={"expected_version": step.version},
    )
    return form_page(request, page, form, act)


@login_required
@require_safe
def proof(request: HttpRequest, step_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Send a file that proves a record, and record that it was opened."""
    step = step_seen(request, step_id)
    row = get_object_or_404(RecordFile.objects.select_related("file"), record__step=step, file=file_id)
    return stream(case_file_open(actor=request.user, case=step.case, stored=row.file), request=request)


def _offered(user: User, linked: Linked | None) -> Agreement | None:
    """Return the agreement that waits for the reader's own signature: it is read and signed on its page."""
    rows = [row for row in linked.agreements if row.state == row.State.OFFERED] if linked else []
    me = who(user) if rows else ""
    return next((row for row in rows if str(row.person_id) == me), None)


def _account(user: User, step: CaseStep) -> User | None:
    """Return the sign-in that is to be closed with everything else, for whoever manages it."""
    account: User | None = step.case.person.user if step.key in CLOSING else None
    if account and gate.permits(user, Action.ACCOUNT_MANAGE, user_resource(account)):
        return account
    return None


def _next(user: User, step: CaseStep) -> CaseStep | None:
    """Return what the reader can do next in the same case, the most urgent first."""
    rows = tasks_of(user).filter(case=step.case, state=CaseStep.State.OPEN).exclude(pk=step.pk)
    return rows.order_by("due_at", "key").first()


def _before(user: User, case: PersonCase, keys: Sequence[str]) -> list[str]:
    """Return what comes before a step, without naming what the reader may not see."""
    rows = list(case.steps.filter(key__in=keys))
    for row in rows:
        row.case = case
    wishes = [(Action.PERSON_STEP_VIEW, item) for item in step_resources(case, rows)]
    decisions = gate.decide_each(user, wishes)
    seen = [row.title for row, decision in zip(rows, decisions, strict=True) if decision.permitted]
    return seen or [_("another step")] * bool(rows)


def _notices(step: CaseStep, asked: Any) -> list[tuple[Any, str]]:
    """Return the notices of a step with what their receivers are."""
    kinds = {item.id: said(item.names) for item in asked.step.items} if asked else {}
    return [(row, kinds.get(row.kind, row.kind)) for row in step.notices.all()]


def _items(found: Any) -> list[tuple[str, str, Any]]:
    """Return each item with its state and moment."""
    done = found.fulfilment
    missing, open_ = set(done.missing_items), set(done.open_items)
    rows = []
    for item in found.planned.step.items:
        state = "missing" if item.id in missing else "open" if item.id in open_ else "settled"
        if state == "settled" and done.items_at.get(item.id) is None:
            state = "not_held"
        rows.append((said(item.names), state, done.items_at.get(item.id)))
    return rows


def _caveats(asked: Any) -> list[str]:
    if asked is None:
        return []
    basis = asked.due.basis.caveats if asked.due.basis else ()
    return [said(text) for text in (*basis, *asked.due.caveats)]
