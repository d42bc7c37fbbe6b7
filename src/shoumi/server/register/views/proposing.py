"""The way into the register: the question that leads out, and the check of all steps.

Follows the seed guide 四.  The steps themselves are in `steps`; the check names every fault of all of them
at once.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST

from shoumi.engine.jurisdiction import pack_ids, suggest_level
from shoumi.engine.policy import Action
from shoumi.server.people.models import Department
from shoumi.server.people.queries import today_of
from shoumi.server.register.forms.choices import said
from shoumi.server.register.forms.grading import factor_forms
from shoumi.server.register.forms.identity import GateForm
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.catalogues import pack_of
from shoumi.server.register.queries.checks import faults_of, warnings_of
from shoumi.server.register.queries.choosing import departments_to_propose_for
from shoumi.server.register.queries.records import record_context
from shoumi.server.register.queries.standards import pack_for, standard_for
from shoumi.server.register.services import drafts, proposals
from shoumi.server.register.services.editing import OPEN_TO_EDITS
from shoumi.server.register.services.leading_out import proposal_lead_out
from shoumi.server.register.views.finding import found
from shoumi.server.register.views.steps import (
    AssessmentStep,
    GradingStep,
    HoldingsStep,
    IdentityStep,
    LimitsStep,
    frame,
    led_out_of,
)


@login_required
def propose(request: HttpRequest) -> HttpResponse:
    """Ask the question about national security first; only a no begins a draft."""

    def begin(department: Department) -> TradeSecret:
        return drafts.secret_draft(actor=request.user, department=department)

    return gate_asked(request, begin, back=reverse("register:secret_list"))


def gate_asked(
    request: HttpRequest, begin: Callable[[Department], TradeSecret], *, back: str
) -> HttpResponse:
    """Ask the question, for whatever leads into the register; `begin` makes the draft after a no."""
    departments = departments_to_propose_for(request.user)
    if not departments:
        return render(request, "register/proposing/nowhere.html")
    gates = [pack_for(pack).state_secret for pack in dict.fromkeys(row.entity.pack for row in departments)]
    form = GateForm(
        request.POST or None,
        departments=[(str(row.pk), f"{row} · {row.entity}") for row in departments],
        question=" / ".join(said(gate.question) for gate in gates),
    )
    if request.method == "POST" and form.is_valid():
        department = next(row for row in departments if str(row.pk) == form.cleaned_data["department"])
        if form.cleaned_data["national_security"] == "yes":
            proposal_lead_out(actor=request.user, department=department)
            return redirect("register:proposal_led_out", pack=department.entity.pack)
        return redirect("register:secret_draft", begin(department).pk, 1)
    context = {"form": form, "consequences": [said(gate.consequence) for gate in gates], "back": back}
    return render(request, "register/proposing/gate.html", context)


@login_required
def led_out(request: HttpRequest, pack: str) -> HttpResponse:
    """Say where to go with what may be a state secret; nothing of it is kept here."""
    if pack not in pack_ids():
        raise Http404
    gate = pack_for(pack).state_secret
    context = {"consequence": said(gate.consequence), "cite": gate.cite}
    return render(request, "register/proposing/led_out.html", context)


@login_required
@require_POST
def lead_out(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Empty a draft for which the question was answered with yes after all."""
    return led_out_of(request, found(request, secret_id))


class CheckStep(LoginRequiredMixin, View):
    """Step 6: every fault at once, and the button that submits."""

    def get(self, request: HttpRequest, secret_id: UUID) -> HttpResponse:
        """Show the whole proposal with what is missing."""
        secret = found(request, secret_id, Action.SECRET_EDIT)
        if secret.state not in OPEN_TO_EDITS:
            return redirect("register:secret_detail", secret_id)
        context = {
            **frame(secret, 6),
            "faults": faults_of(secret, today_of(secret.entity)),
            "warnings": warnings_of(secret),
            "standard": standard_for(secret),
            **record_context(secret),
        }
        return render(request, "register/proposing/check.html", context)

    def post(self, request: HttpRequest, secret_id: UUID) -> HttpResponse:
        """Submit the proposal."""
        version = int(request.POST.get("expected_version") or 0)
        proposals.secret_submit(actor=request.user, secret_id=secret_id, expected_version=version)
        messages.success(
            request, _("The proposal is with the secrecy office. You will be told what becomes of it.")
        )
        return redirect("register:secret_detail", secret_id)


@login_required
@require_POST
def discard(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Delete a draft that was never submitted."""
    drafts.secret_discard(actor=request.user, secret_id=secret_id)
    messages.success(request, _("The draft is deleted."))
    return redirect("register:secret_list")


STEP_VIEWS = {
    1: IdentityStep.as_view(),
    2: HoldingsStep.as_view(),
    3: AssessmentStep.as_view(),
    4: GradingStep.as_view(),
    5: LimitsStep.as_view(),
    6: CheckStep.as_view(),
}


def step(request: HttpRequest, secret_id: UUID, step: int) -> HttpResponse:
    """Show or save one step of a draft."""
    view = STEP_VIEWS.get(step)
    if view is None:
        raise Http404
    return view(request, secret_id=secret_id)


@login_required
@require_POST
def suggestion(request: HttpRequest, secret_id: UUID) -> HttpResponse:
    """Work out the suggestion for the grades on the page, without saving them."""
    secret = found(request, secret_id, Action.SECRET_EDIT)
    pack = pack_of(secret)
    grades = {
        form.factor.id: form.cleaned_data.get("grade")
        for form in factor_forms(secret, pack, request.POST)
        if form.is_valid()
    }
    return render(request, "register/proposing/_suggestion.html", {"suggestion": suggest_level(pack, grades)})
