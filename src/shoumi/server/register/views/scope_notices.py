"""What somebody was told about their knowledge scopes, and taking note of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shoumi.server.register.queries.scope_notices import notices_of
from shoumi.server.register.services.scope_notices import notice_hand_over, notices_acknowledge

SHOWN = 500  # notices on one page; those that wait stand first


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show one's own notices, those that wait first."""
    rows = list(notices_of(request.user)[:SHOWN])
    context = {
        "waiting": [row for row in rows if row.acknowledged_at is None],
        "known": [row for row in rows if row.acknowledged_at is not None],
    }
    return render(request, "register/scope_notices.html", context)


@login_required
@require_POST
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Take note of the notices that were shown."""
    chosen = [int(key) for key in request.POST.getlist("notice") if key.isdecimal() and len(key) < 19]  # noqa: PLR2004 - a bigint
    count = notices_acknowledge(actor=request.user, notice_ids=chosen)
    messages.success(request, _("You took note of %(count)d notices.") % {"count": count})
    return redirect("register:notice_list")


@login_required
@require_POST
def hand_over(request: HttpRequest, secret_id: UUID, notice_id: int) -> HttpResponse:
    """Record that somebody without an account took note on paper."""
    notice_hand_over(actor=request.user, notice_id=notice_id, note=request.POST.get("note", ""))
    messages.success(request, _("The acknowledgement on paper is recorded."))
    return redirect("register:secret_people", secret_id)
