"""The calendar of all due things: month and list, the feed for calendar programs, the summary by e-mail."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shoumi.server.console.forms import RhythmForm
from shoumi.server.console.models import CalendarFeed, Digest
from shoumi.server.console.queries.due import due_for, month_of, overdue_for, today_for
from shoumi.server.console.services.calendars import feed_end, feed_make, feed_read
from shoumi.server.console.services.digests import rhythm_set

AHEAD = timedelta(days=60)  # of the list
YEARS = range(1971, 9999)


@login_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show one month, with what is overdue above it."""
    today = today_for(request.user)
    first = _month_asked(request, today)
    context = {
        "weeks": month_of(request.user, first.year, first.month),
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "today": today,
        "overdue": overdue_for(request.user, today),
    }
    return render(request, "console/calendar.html", context)


@login_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show what is overdue and what is due within sixty days as a list."""
    today = today_for(request.user)
    context = {
        "overdue": overdue_for(request.user, today),
        "items": due_for(request.user, today, today + AHEAD),
        "today": today,
    }
    return render(request, "console/agenda.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """Show and change how due things reach the user outside: the feed's address, shown once, and e-mail."""
    address = ""
    if request.method == "POST":
        address = urljoin(settings.SHOUMI_PUBLIC_URL, feed_make(actor=request.user))
    digest = Digest.objects.filter(user=request.user).first()
    context = {
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": address,
        "form": RhythmForm(initial={"rhythm": digest.rhythm if digest else Digest.Rhythm.NEVER}),
        "mails": settings.SHOUMI_MAIL_ENABLED and bool(request.user.email),
    }
    return render(request, "console/subscription.html", context)


@login_required
@require_POST
def subscription_end(request: HttpRequest) -> HttpResponse:
    """End the feed."""
    if feed_end(actor=request.user):
        messages.success(request, _("The address of the calendar no longer works."))
    return redirect("console:subscription")


@login_required
@require_POST
def rhythm(request: HttpRequest) -> HttpResponse:
    """Keep how often the user wants the summary by e-mail."""
    form = RhythmForm(request.POST)
    if form.is_valid():
        rhythm_set(actor=request.user, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Your choice is kept."))
    return redirect("console:subscription")


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program what is due; the token in the address is all it needs."""
    del request
    found = feed_read(token=token)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="shoumi.ics"'
    response["Referrer-Policy"] = "no-referrer"
    return response


def _month_asked(request: HttpRequest, today: date) -> date:
    """Return the first day of the month asked for; what is no month is this one."""
    try:
        asked = date(int(request.GET["year"]), int(request.GET["month"]), 1)
    except (KeyError, ValueError):
        return today.replace(day=1)
    return asked if asked.year in YEARS else today.replace(day=1)
