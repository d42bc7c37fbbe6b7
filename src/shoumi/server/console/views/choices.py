"""Remembers the language and the colours that somebody chose, and goes back to where they were."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shoumi.server.console.context import THEME_COOKIE, THEMES
from shoumi.server.console.services import preferences_set

YEAR_SECONDS = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page named in the form if it is one of ours, else home."""
    target = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else "/")


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Set a cookie for a year that only this site reads."""
    response.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


@require_POST
def language_set(request: HttpRequest) -> HttpResponse:
    """Keep the language in the cookie, and with the user who is signed in; an unknown one changes nothing."""
    response = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        if request.user.is_authenticated and request.user.language != language:
            preferences_set(actor=request.user, language=language)
    return response


@require_POST
def theme_set(request: HttpRequest) -> HttpResponse:
    """Keep the colours in a cookie; an unknown choice changes nothing."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        remember(response, THEME_COOKIE, theme)
    return response
