"""Notices to the customers, suppliers, partners and new employer of a leaver: written, sent, delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action
from shoumi.server.files.responses import stream
from shoumi.server.lifecycle.forms.looking import DeliverForm, NoticeForm, SendForm
from shoumi.server.lifecycle.models import OutsideNotice
from shoumi.server.lifecycle.services.notices import (
    NoticeWish,
    notice_deliver,
    notice_send,
    notice_write,
    usual_words,
)
from shoumi.server.lifecycle.services.opening import case_file_open
from shoumi.server.lifecycle.views.finding import step_page, step_seen
from shoumi.server.people.views.asking import form_page


@login_required
@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest, step_id: UUID) -> HttpResponse:
    """Write a notice."""
    step = step_seen(request, step_id, Action.PERSON_STEP_RECORD)
    language = "ja" if step.case.entity.country == "JP" else "zh-hans"
    page = step_page(
        step,
        _("Write a notice"),
        _("Write it"),
        _("The notice is written; send it and record how."),
        facts=((_("The usual words"), usual_words(step, language)),),
    )

    def act(form: Any) -> None:
        notice_write(actor=request.user, step=step, wish=NoticeWish(**form.cleaned_data))

    form = NoticeForm(request.POST or None, step=step, initial={"language": language})
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Record that a notice went out."""
    notice = _notice(request, notice_id, Action.PERSON_STEP_RECORD)
    page = step_page(
        notice.step,
        _("The notice went out"),
        _("Record"),
        _("It is recorded."),
        facts=((_("Company"), notice.name), (_("Text"), notice.text)),
        columns={"lifecycle.time": "at"},
    )

    def act(form: Any) -> None:
        notice_send(actor=request.user, notice=notice, **form.cleaned_data)

    return form_page(request, page, SendForm(request.POST or None, case=notice.step.case), act)


@login_required
@require_http_methods(["GET", "POST"])
def deliver(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Record that a notice arrived."""
    notice = _notice(request, notice_id, Action.PERSON_STEP_RECORD)
    page = step_page(
        notice.step,
        _("The notice arrived"),
        _("Record"),
        _("It is recorded."),
        facts=((_("Company"), notice.name),),
        columns={"lifecycle.time": "at", "lifecycle.proof_missing": "proof"},
    )

    def act(form: Any) -> None:
        notice_deliver(actor=request.user, notice=notice, **form.cleaned_data)

    form = DeliverForm(request.POST or None, request.FILES or None, user=request.user, case=notice.step.case)
    return form_page(request, page, form, act)


@login_required
@require_safe
def delivery(request: HttpRequest, notice_id: UUID) -> HttpResponseBase:
    """Send the proof that a notice arrived."""
    notice = _notice(request, notice_id, Action.PERSON_STEP_VIEW)
    stored = get_object_or_404(OutsideNotice.objects.filter(proof__isnull=False), pk=notice_id).proof
    return stream(case_file_open(actor=request.user, case=notice.step.case, stored=stored), request=request)


def _notice(request: HttpRequest, notice_id: UUID, action: Action) -> OutsideNotice:
    notice = get_object_or_404(OutsideNotice, pk=notice_id)
    notice.step = step_seen(request, notice.step_id, action)
    return notice
