"""The page on which people name who stands in for them, and end it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shoumi.engine.policy import Role
from shoumi.server.approvals.forms import DelegationForm
from shoumi.server.approvals.models import Delegation
from shoumi.server.approvals.queries import delegations_of, kind_label, places_by_role, steps_to_decide
from shoumi.server.approvals.services import DelegateUnfitError, DelegationTimesError, delegation_create
from shoumi.server.approvals.services import delegation_end as end_delegation
from shoumi.server.approvals.views.lists import told
from shoumi.server.ledger.services import clock


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Show who stands in for whom as far as it concerns me; make a new delegation."""
    posted = request.POST if request.method == "POST" else None
    first = {"starts_on": timezone.localtime(clock().now()).date()}
    form = DelegationForm(posted, actor=request.user, initial=first) if _decides(request) or posted else None
    if form is not None and posted is not None and form.is_valid():
        data = form.cleaned_data
        starts_at, ends_at = form.moments
        try:
            delegation = delegation_create(
                actor=request.user,
                delegate=data["delegate"],
                kinds=data["kinds"],
                starts_at=starts_at,
                ends_at=ends_at,
                reason=data["reason"],
            )
        except DelegationTimesError as error:
            form.add_error("ends_on", told(error))
        except DelegateUnfitError as error:
            form.add_error("delegate", told(error))
        else:
            name = {"name": delegation.delegate.display_name}
            messages.success(request, _("%(name)s stands in for you.") % name)
            return redirect("approvals:delegation_list")
    now = clock().now()
    rows = [
        {
            "delegation": row,
            "kinds": [kind_label(kind) for kind in row.kinds],
            "given": row.delegator_id == request.user.pk,
            "holds": row.ended_at is None and row.starts_at <= now < row.ends_at,
            "over": row.ended_at is not None or row.ends_at <= now,
        }
        for row in delegations_of(request.user)
    ]
    return render(request, "approvals/delegation_list.html", {"rows": rows, "form": form})


@login_required
@require_POST
def delegation_end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """End a delegation that I gave or hold."""
    row = delegations_of(request.user).filter(pk=delegation_id).first()
    if row is None:
        raise Http404
    ended: Delegation = end_delegation(delegation=row, actor=request.user)
    name = {"name": ended.delegate.display_name}
    messages.success(request, _("%(name)s does not stand in any more.") % name)
    return redirect("approvals:delegation_list")


def _decides(request: HttpRequest) -> bool:
    """Tell whether there is anything that somebody could decide on my behalf."""
    return bool(set(places_by_role(request.user)) - {Role.EMPLOYEE}) or steps_to_decide(request.user).exists()
