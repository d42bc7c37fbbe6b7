"""The first page after sign-in and the search: what waits for this person, what they look for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action
from shoumi.server.console.queries import found_for, may, roles_of, work_of
from shoumi.server.ledger.queries import integrity_status
from shoumi.server.ledger.services import clock

LONGEST_SEARCH = 200  # characters


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the work that waits for the person."""
    watches = may(request.user, Action.LEDGER_VIEW, "ledger")
    now = clock().now()
    context = {
        "work": work_of(request.user),
        "now": now,
        "today": timezone.localtime(now).date(),
        "integrity": integrity_status() if watches else None,
        "proposes": "outside_counsel" not in roles_of(request.user),
    }
    return render(request, "console/home.html", context)


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found among secrets, persons, requests and ledger entries that the person may know of."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    return render(request, "console/search.html", {"text": text, "found": found_for(request.user, text)})
