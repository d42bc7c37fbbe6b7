"""The page on which the office reviews and leaders decide: the whole record, a checklist, and the decision.

Deciding itself is `approvals`' task; this page gives it the step that was looked at.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shoumi.engine.policy import Action
from shoumi.server.approvals.models import ApprovalRequest, Verdict
from shoumi.server.approvals.queries import authority_of, current_step, requests_of, steps_of
from shoumi.server.approvals.services import request_decide
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.changes import differences, open_change
from shoumi.server.register.queries.evidence import evidence_of
from shoumi.server.register.queries.records import record_context
from shoumi.server.register.queries.reviewing import checklist_of
from shoumi.server.register.services import proposals
from shoumi.server.register.views.finding import found, permitted

DONE = {
    Verdict.APPROVE: gettext_lazy("Your approval is recorded."),
    Verdict.RETURN: gettext_lazy("It is sent back with your reason."),
    Verdict.REJECT: gettext_lazy("Your refusal is recorded."),
}


def _request_of(secret: TradeSecret) -> ApprovalRequest | None:
    """Return the open request about a secret, of whatever kind."""
    return next((row for row in requests_of(secret.ledger_subject) if row.is_open), None)


@login_required
@require_safe
def review(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show everything a decider needs on one page."""
    secret = found(request, secret_id)
    waiting = _request_of(secret)
    step = current_step(waiting) if waiting else None
    change = open_change(secret)
    context = {
        "secret": secret,
        "waiting": waiting,
        "step": step,
        "steps": steps_of(waiting) if waiting else [],
        "authority": authority_of(request.user, step) if step else None,
        "change": change,
        "differences": differences(secret, change.wished) if change else [],
        "checklist": checklist_of(secret, today_of(secret.entity)),
        "can": permitted(
            request, secret, Action.SECRET_REVIEW, Action.FILE_DOWNLOAD, Action.EVIDENCE_DOWNLOAD
        ),
        "startable": secret.state == TradeSecret.State.PROPOSED,
        "files": list(secret.files.select_related("file")),
        "carriers": list(secret.carriers.select_related("keeper")),
        **record_context(secret),
        **evidence_of(secret),
    }
    return render(request, "register/review.html", context)


@login_required
@require_POST
def start(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Show the proposer that the office has begun."""
    proposals.review_start(actor=request.user, secret_id=secret_id)
    return redirect("register:secret_review", secret_id)


@login_required
@require_POST
def decide(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Decide the step that the page showed."""
    secret = found(request, secret_id)
    waiting = _request_of(secret)
    if waiting is None:
        messages.warning(request, _("There is nothing to decide any more."))
        return redirect("register:secret_detail", secret_id)
    verdict = Verdict(request.POST.get("verdict", Verdict.APPROVE))
    request_decide(
        request=waiting,
        actor=request.user,
        verdict=verdict,
        reason=request.POST.get("reason", ""),
        step_id=UUID(request.POST["step"]) if request.POST.get("step") else None,
    )
    messages.success(request, str(DONE[verdict]))
    return redirect("register:secret_detail", secret_id)
