"""My page, for a telephone first: what I have to do, hold, and am told, with the ways to all of it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shoumi.server.console.queries.own import duties_of, holdings_of, known_of, person_of


@require_safe
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    """Show one person everything that concerns them."""
    person = person_of(request.user)
    duties = duties_of(request.user, person)
    context = {
        "person": person,
        "waiting": [duty for duty in duties if duty.count],
        "nothing": [duty for duty in duties if not duty.count],
        "holdings": holdings_of(person),
        "known": known_of(request.user, person),
    }
    return render(request, "console/my_page.html", context)
