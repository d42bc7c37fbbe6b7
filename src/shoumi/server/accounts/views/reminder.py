"""The page between sign-in and everything else: the reminder of the duty of confidentiality."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge


@login_required
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest) -> HttpResponse:
    """Show the wording; on POST record that it was read and go on to where the person wanted to go."""
    onward = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        onward = "/"
    wording = reminder_for(request.user, get_language() or settings.LANGUAGE_CODE)
    if request.method == "POST":
        reminder_acknowledge(actor=request.user, reminder=wording)
        return redirect(onward)
    return render(request, "accounts/reminder.html", {"wording": wording, "next": onward})
