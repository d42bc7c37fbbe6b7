"""The page of one request: what is asked, how far it is, who decided what, and the form to decide it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.approvals.forms import DecisionForm, WithdrawalForm
from shoumi.server.approvals.models import ApprovalRequest, ApprovalStep, StepState, Verdict
from shoumi.server.approvals.queries import (
    authority_of,
    current_step,
    deciders_now,
    description_of,
    kind_label,
    kind_of,
    request_resource,
    request_seen,
    step_label,
    step_resource,
    steps_of,
    voices_left,
)
from shoumi.server.approvals.services import request_decide, request_escalate, request_withdraw
from shoumi.server.approvals.views.lists import state_of

RAIL = {
    StepState.APPROVED: "done",
    StepState.OPEN: "current",
    StepState.RETURNED: "stopped",
    StepState.REJECTED: "stopped",
}


@login_required
@require_safe
def request_detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show one request to whoever may see it."""
    row = _seen(request, request_id)
    return _page(request, row)


@login_required
@require_POST
def request_decision(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Decide the step that was on the page."""
    row = _seen(request, request_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    data = form.cleaned_data
    request_decide(
        request=row,
        actor=request.user,
        verdict=data["verdict"],
        reason=data["reason"],
        step_id=data["step"],
    )
    messages.success(request, _said(data["verdict"]) % {"title": row.title})
    return _onward(request, reverse("approvals:inbox"))


@login_required
@require_POST
def request_withdrawal(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take one's own request back."""
    row = _seen(request, request_id)
    form = WithdrawalForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    request_withdraw(request=row, actor=request.user, reason=reason)
    messages.success(request, _("“%(title)s” is withdrawn.") % {"title": row.title})
    return _onward(request, reverse("approvals:opened"))


@login_required
@require_POST
def request_reminder(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Remind the deciders, as the secrecy office may."""
    row = _seen(request, request_id)
    request_escalate(request=row, actor=request.user)
    messages.success(request, _("The deciders of “%(title)s” are reminded.") % {"title": row.title})
    return _onward(request, reverse("approvals:request_detail", args=[row.pk]))


def _seen(request: HttpRequest, request_id: UUID) -> ApprovalRequest:
    try:
        return request_seen(request.user, request_id)
    except ApprovalRequest.DoesNotExist:
        raise Http404 from None


def _page(request: HttpRequest, row: ApprovalRequest, form: DecisionForm | None = None) -> HttpResponse:
    """Draw the page, or only its middle to htmx."""
    step = current_step(row)
    authority = authority_of(request.user, step) if step else None
    may_decide = (
        step is not None
        and authority is not None
        and gate.permits(request.user, Action.APPROVAL_DECIDE, step_resource(step))
    )
    resource = request_resource(row)
    withdrawn_here = kind_of(row.kind).on_withdrawn is not None
    context = {
        "row": row,
        "kind": kind_label(row.kind),
        "state": state_of(row),
        "description": description_of(row),
        "rail": [_rail(item) for item in steps_of(row)],
        "form": (form or DecisionForm(initial={"step": step.pk})) if step and may_decide else None,
        "on_behalf_of": authority.on_behalf_of if authority else None,
        "deciders": sorted((user.display_name for user in deciders_now(step)), key=str) if step else [],
        "too_few": max(0, _still_needed(step) - voices_left(step)) if step else 0,
        "may_withdraw": row.is_open
        and withdrawn_here
        and gate.permits(request.user, Action.APPROVAL_WITHDRAW, resource),
        "may_remind": row.is_open and gate.permits(request.user, Action.APPROVAL_ESCALATE, resource),
    }
    partial = request.htmx and not request.htmx.boosted
    return render(request, "approvals/_request.html" if partial else "approvals/request_detail.html", context)


def _still_needed(step: ApprovalStep) -> int:
    return step.quorum - step.approvals.filter(verdict=Verdict.APPROVE).count()


def _rail(step: ApprovalStep) -> dict[str, object]:
    return {
        "step": step,
        "label": step_label(step.name),
        "class": RAIL.get(step.state, ""),
        "decisions": list(step.approvals.all()),
        "count": sum(decision.verdict == Verdict.APPROVE for decision in step.approvals.all()),
    }


def _said(verdict: str) -> str:
    return {
        Verdict.APPROVE: _("“%(title)s” is approved by you."),
        Verdict.RETURN: _("“%(title)s” is sent back."),
        Verdict.REJECT: _("“%(title)s” is rejected."),
    }[Verdict(verdict)]


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """Go on to another page, with or without htmx."""
    if request.htmx and not request.htmx.boosted:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)
