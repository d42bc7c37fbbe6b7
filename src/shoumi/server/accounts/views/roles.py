"""Role grants: the list, the request, and the decision of a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.forms import ReasonForm, RoleRequestForm
from shoumi.server.accounts.models import FourEyesState, RoleGrant
from shoumi.server.accounts.services import (
    role_approve,
    role_refuse,
    role_request,
    role_revoke,
    role_withdraw,
)
from shoumi.server.accounts.views.wording import words_of


@login_required
def grant_list(request: HttpRequest) -> HttpResponse:
    """Show the grants the user may see, by state, and those that wait for the user."""
    state = request.GET.get("state", "")
    grants = queries.role_grants()
    if state in FourEyesState.values:
        grants = grants.filter(state=state)
    context = {
        "grants": queries.visible_grants(request.user, grants),
        "waiting": queries.waiting_grants(request.user),
        "states": FourEyesState.choices,
        "state": state,
        "may_request": gate.permits(
            request.user,
            Action.ROLE_REQUEST,
            resources.role_grant(
                "new",
                requester=str(request.user.pk),
                grantee="nobody",
                role="outside_counsel",
                places=gate.subject_of(request.user).places,
            ),
        ),
    }
    return render(request, "accounts/roles/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def grant_request(request: HttpRequest) -> HttpResponse:
    """Ask for a grant."""
    form = RoleRequestForm(request.POST or None, scopes=queries.scope_choices())
    if request.method == "POST" and form.is_valid():
        try:
            grant = role_request(actor=request.user, **form.facts())
        except (ConflictError, InputError) as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The role has been requested; a second person has to approve it."))
            return redirect("accounts:role_detail", grant_id=grant.pk)
    return render(request, "accounts/roles/request.html", {"form": form})


def _visible_grant(request: HttpRequest, grant_id: UUID) -> RoleGrant:
    grant = get_object_or_404(queries.role_grants(), pk=grant_id)
    gate.require(request.user, Action.ROLE_VIEW, queries.role_grant_resource(grant))
    return grant


@login_required
def grant_detail(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Show one grant with what the user may do with it."""
    grant = _visible_grant(request, grant_id)
    resource = queries.role_grant_resource(grant)
    approve, revoke = gate.decide_each(
        request.user, [(Action.ROLE_APPROVE, resource), (Action.ROLE_REVOKE, resource)]
    )
    requested = grant.state == FourEyesState.REQUESTED
    context = {
        "grant": grant,
        "scope_label": queries.scope_label(grant.scope),
        "may_approve": requested and approve.permitted,
        "may_withdraw": requested and revoke.permitted,
        "may_revoke": grant.state == FourEyesState.APPROVED and revoke.permitted,
        "form": ReasonForm(),
    }
    return render(request, "accounts/roles/detail.html", context)


@login_required
@require_POST
def grant_decide(request: HttpRequest, grant_id: UUID, what: str) -> HttpResponse:
    """Approve, refuse, withdraw or revoke."""
    grant = _visible_grant(request, grant_id)
    if what == "approve":
        role_approve(actor=request.user, grant=grant, reason=request.POST.get("reason", ""))
        said = _("The role has been granted.")
    elif what == "withdraw":
        role_withdraw(actor=request.user, grant=grant)
        said = _("The request has been withdrawn.")
    elif what in {"refuse", "revoke"}:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Please give a reason."))
            return redirect("accounts:role_detail", grant_id=grant.pk)
        service = role_refuse if what == "refuse" else role_revoke
        service(actor=request.user, grant=grant, reason=form.cleaned_data["reason"])
        said = _("The request has been refused.") if what == "refuse" else _("The role has been revoked.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect("accounts:role_detail", grant_id=grant.pk)
