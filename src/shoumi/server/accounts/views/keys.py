"""Key operations: asked for by one person, approved by another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.forms import KeyOperationForm
from shoumi.server.accounts.models import FourEyesState, KeyOperation
from shoumi.server.accounts.services import (
    key_operation_approve,
    key_operation_refuse,
    key_operation_request,
    key_operation_withdraw,
    key_operations,
)

DEEDS = {
    "approve": key_operation_approve,
    "refuse": key_operation_refuse,
    "withdraw": key_operation_withdraw,
}


@login_required
def operation_list(request: HttpRequest) -> HttpResponse:
    """Show all key operations, with what the user may do with those that wait."""
    gate.require(request.user, Action.KEY_VIEW, resources.key("all"))
    operations = list(KeyOperation.objects.select_related("requested_by", "approved_by"))
    wishes = [(Action.KEY_APPROVE, queries.key_operation_resource(item)) for item in operations]
    decisions = gate.decide_each(request.user, wishes)
    labels = key_operations()
    rows = [
        {
            "operation": item,
            "label": labels[item.operation].label if item.operation in labels else item.operation,
            "may_decide": item.state == FourEyesState.REQUESTED and decision.permitted,
            "may_withdraw": item.state == FourEyesState.REQUESTED and item.requested_by_id == request.user.pk,
        }
        for item, decision in zip(operations, decisions, strict=True)
    ]
    may_request = gate.permits(request.user, Action.KEY_MANAGE, resources.key("new"))
    return render(
        request, "accounts/keys/list.html", {"rows": rows, "may_request": may_request and bool(labels)}
    )


@login_required
@require_http_methods(["GET", "POST"])
def operation_request(request: HttpRequest) -> HttpResponse:
    """Ask for an operation."""
    gate.require(request.user, Action.KEY_MANAGE, resources.key("new"))
    choices = [(name, handler.label) for name, handler in key_operations().items()]
    form = KeyOperationForm(request.POST or None, operations=choices)
    if request.method == "POST" and form.is_valid():
        key_operation_request(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The operation has been requested; a second person has to approve it."))
        return redirect("accounts:key_operation_list")
    return render(request, "accounts/keys/request.html", {"form": form})


@login_required
@require_POST
def operation_decide(request: HttpRequest, operation_id: UUID, what: str) -> HttpResponse:
    """Approve, refuse or withdraw."""
    if what not in DEEDS:
        raise Http404
    DEEDS[what](actor=request.user, operation=get_object_or_404(KeyOperation, pk=operation_id))
    messages.success(request, _("The decision has been recorded."))
    return redirect("accounts:key_operation_list")
