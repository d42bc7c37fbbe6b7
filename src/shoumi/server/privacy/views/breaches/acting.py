"""Pages on which somebody assesses, agrees, tells, adds a receipt, records a step or measure, or closes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.files.responses import stream
from shoumi.server.files.services import files_adopt
from shoumi.server.ledger.services import clock
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.forms.breaches import (
    LANGUAGE_NAMES,
    BreachAssessmentForm,
    CloseForm,
    ConfirmForm,
    MeasureForm,
    ReceiptForm,
    StepForm,
    TellForm,
)
from shoumi.server.privacy.models import Breach, BreachAssessment, BreachNotice
from shoumi.server.privacy.queries.breaches import breach_resource, draft_of, table_for
from shoumi.server.privacy.queries.words import said
from shoumi.server.privacy.services.breaches import (
    BreachAssessmentWish,
    BreachNoticeWish,
    breach_assess,
    breach_assessment_agree,
    breach_close_confirm,
    breach_close_propose,
    breach_close_refuse,
    breach_measure_record,
    breach_receipt_add,
    breach_receipt_open,
    breach_step_record,
    breach_tell,
)
from shoumi.server.privacy.views.breaches.detail import breach_seen, breach_trail
from shoumi.server.privacy.views.breaches.words import country_name
from shoumi.server.privacy.views.pages import FORM


def _page(row: Breach, title: str, submit: str, **more: Any) -> Page:
    known: dict[str, Any] = {
        "said": _("It is recorded."),
        "back": row.get_absolute_url(),
        "trail": breach_trail(row),
        "template": FORM,
    }
    return Page(title=title, submit=submit, **(known | more))


@login_required
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """File an assessment."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    page = _page(
        row,
        _("Assess who must be told"),
        _("File the assessment"),
        lead=_("It counts once both who answer for the breach agree."),
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        wish = BreachAssessmentWish(**{**values, "must_tell": values["must_tell"] == "yes"})
        breach_assess(actor=request.user, breach=row, wish=wish)

    return form_page(request, page, BreachAssessmentForm(request.POST or None, breach=row), act)


@login_required
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Agree to an assessment as one of the two owners."""
    found = get_object_or_404(BreachAssessment, pk=assessment_id)
    row = breach_seen(request, found.breach_id, Action.PRIVACY_MATTER_AGREE)
    page = _page(
        row,
        _("Agree to the assessment"),
        _("Agree"),
        facts=(
            (_("By the law of"), country_name(found.country)),
            (_("Who is told"), found.get_addressee_display()),
            (_("Decision"), _("Must be told") if found.must_tell else _("Need not be told")),
            (_("Reason"), found.reason),
            (_("Record it rests on"), found.rests_on),
        ),
    )
    form = Form(request.POST if request.method == "POST" else None)
    return form_page(
        request, page, form, lambda _f: breach_assessment_agree(actor=request.user, assessment=found) and None
    )


@login_required
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, breach_id: UUID, country: str, duty: str) -> HttpResponse:
    """Record a notice, drafted from the pack in the language of the country or in the one asked for."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    found = table_for(country).duty(duty) if country in row.countries else None
    if found is None:
        raise Http404
    language = request.GET.get("language", "ja" if country == "JP" else "zh-hans")
    if language not in dict(LANGUAGE_NAMES):
        raise Http404
    page = _page(
        row,
        said(found.names),
        _("Record the notice"),
        lead=_("Send it yourself, then record here what went out, when and how."),
        facts=((_("By the law of"), country_name(country)), (_("Language"), dict(LANGUAGE_NAMES)[language])),
        columns={"privacy.moment": "sent_at", "privacy.text": "text"},
    )

    def act(form: Any) -> None:
        values = dict(form.cleaned_data)
        chosen = values.pop("receipt")
        stored = files_adopt(actor=request.user, chosen=[chosen])[0] if chosen else None
        wish = BreachNoticeWish(country=country, duty=duty, language=language, receipt=stored, **values)
        breach_tell(actor=request.user, breach=row, wish=wish)

    form = TellForm(
        request.POST or None,
        request.FILES or None,
        user=request.user,
        breach=row,
        initial={"text": draft_of(row, country, found, language), "sent_at": clock().now()},
    )
    return form_page(request, page, form, act)


def _notice(request: HttpRequest, key: UUID, action: Action) -> BreachNotice:
    rows = BreachNotice.objects.select_related(
        "breach__entity", "breach__legal_owner", "breach__security_owner", "receipt"
    )
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, breach_resource(row.breach))
    return row


@login_required
@require_http_methods(["GET", "POST"])
def receipt_add(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Add the proof that a notice arrived."""
    notice = _notice(request, notice_id, Action.PRIVACY_MATTER_WORK)
    page = _page(
        notice.breach,
        _("Add the receipt"),
        _("Add the receipt"),
        facts=((_("Recipient"), notice.recipient), (_("Sent"), notice.sent_at)),
    )

    def act(form: Any) -> None:
        stored = files_adopt(actor=request.user, chosen=[form.cleaned_data["receipt"]])[0]
        breach_receipt_add(actor=request.user, notice=notice, receipt=stored)

    form = ReceiptForm(request.POST or None, request.FILES or None, user=request.user)
    return form_page(request, page, form, act)


@login_required
@require_safe
def receipt(request: HttpRequest, notice_id: UUID) -> HttpResponseBase:
    """Hand out a receipt."""
    notice = _notice(request, notice_id, Action.PRIVACY_MATTER_VIEW)
    if notice.receipt is None:
        raise Http404
    return stream(breach_receipt_open(actor=request.user, notice=notice), request=request)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, breach_id: UUID, step_id: str) -> HttpResponse:
    """Record a step of the playbook."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    found = next((each for each in table_for(row.entity.country).playbook if each.id == step_id), None)
    if found is None:
        raise Http404
    page = _page(row, said(found.names), _("Record it"))

    def act(form: Any) -> None:
        values = form.cleaned_data
        breach_step_record(
            actor=request.user,
            breach=row,
            step=step_id,
            needed=values["needed"] == "yes",
            note=values["note"],
        )

    return form_page(request, page, StepForm(request.POST or None), act)


@login_required
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Record a measure."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    page = _page(row, _("Record a measure"), _("Record it"), columns={"privacy.moment": "taken_at"})
    form = MeasureForm(request.POST or None, breach=row)
    return form_page(
        request,
        page,
        form,
        lambda sent: breach_measure_record(actor=request.user, breach=row, **sent.cleaned_data) and None,
    )


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Propose to close a breach."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_WORK)
    page = _page(
        row,
        _("Propose to close it"),
        _("Propose it"),
        lead=_("A second person confirms it."),
        said=_("A second person decides on it."),
    )
    return form_page(
        request,
        page,
        CloseForm(request.POST or None),
        lambda sent: breach_close_propose(actor=request.user, breach=row, **sent.cleaned_data) and None,
    )


@login_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, breach_id: UUID) -> HttpResponse:
    """Close a breach or send it back, as the second person."""
    row = breach_seen(request, breach_id, Action.PRIVACY_MATTER_CONFIRM)
    page = _page(
        row,
        _("Decide on closing"),
        _("Decide"),
        said=_("It is decided."),
        facts=((_("Proposed by"), row.proposed_by), (_("Result"), row.closing_words)),
        columns={"privacy.text": "reason"},
    )

    def act(form: Any) -> None:
        if form.cleaned_data["agreed"] == "yes":
            breach_close_confirm(actor=request.user, breach=row)
        else:
            breach_close_refuse(actor=request.user, breach=row, reason=form.cleaned_data["reason"])

    return form_page(request, page, ConfirmForm(request.POST or None), act)
