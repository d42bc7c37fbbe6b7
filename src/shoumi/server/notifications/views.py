"""The inbox of notifications: what I was told, unread first in mind; opening one marks it and leads there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shoumi.server.notifications.queries import notifications_of, text_of, unread_count
from shoumi.server.notifications.services import notification_read, notifications_read_all

PAGE_SIZE = 50


@login_required
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Show what I was told; `?unread=1` leaves out what I have read."""
    unread_only = request.GET.get("unread") == "1"
    rows = notifications_of(request.user, unread_only=unread_only)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [(row, text_of(row)) for row in page.object_list],
        "unread_only": unread_only,
        "unread": unread_count(request.user),
    }
    partial = request.htmx and not request.htmx.boosted
    name = "notifications/_rows.html" if partial else "notifications/notification_list.html"
    return render(request, name, context)


@login_required
@require_safe
def notification_open(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Mark one as read and go where it leads; doing it twice changes nothing."""
    row = notification_read(actor=request.user, notification_id=notification_id)
    if row is None:
        raise Http404
    return HttpResponseRedirect(row.link)


@login_required
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    count = notifications_read_all(actor=request.user)
    text = ngettext(
        "%(count)s notification marked as read.", "%(count)s notifications marked as read.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("notifications:notification_list")
