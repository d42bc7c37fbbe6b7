"""What every request passes on its way: remembered permissions, the reminder, and the record of refusals.

How a refusal looks is the console's concern; it is recorded here, outside any transaction of the view.
"""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from shoumi.server.accounts import gate, naming, queries
from shoumi.server.accounts.models import User
from shoumi.server.accounts.services import refusal_record

View = Callable[[HttpRequest], HttpResponse]

ACKNOWLEDGED = "reminder_acknowledged"  # in the session: pack and version, so that most requests ask no table
OPEN_WITHOUT_REMINDER = frozenset(  # what may be called before the reminder has been acknowledged
    {"accounts:reminder", "account_logout", "set_language", "console:language_set", "console:theme_set"}
)


class RefusalMiddleware:
    """Looks each user's roles up once per request, and records what the gate refused."""

    def __init__(self, get_response: View) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, with permissions remembered until it is answered."""
        with gate.remembered_subjects():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Write a refusal to the ledger; the answer comes from the console."""
        if isinstance(exception, gate.NotPermittedError):
            refusal_record(user=request.user, error=exception)


class NamingMiddleware:
    """Shows whoever looks no more of other persons' names than they may see."""

    def __init__(self, get_response: View) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and look through the words of the answer."""
        with naming.answering(request):
            response = self.get_response(request)
            if not response.streaming and response.content:
                _look_through(request, response)
        return response


def _look_through(request: HttpRequest, response: HttpResponse) -> None:
    kind = response.get("Content-Type", "").partition(";")[0]
    texts = naming.texts_now() if kind in {"text/html", "text/plain", naming.JSON} else None
    if texts is None:
        return
    if kind == naming.JSON:
        value = json.loads(response.content)
        told = texts.value(value)
        if told != value:  # what names nobody keeps its very bytes, for a hash may rest on them
            response.content = json.dumps(told)
        return
    text = response.content.decode(response.charset)
    typed = set(request.GET.values()) if request.method in naming.READING else None
    response.content = texts.page(text, typed) if kind == "text/html" else texts.text(text)


class PreferencesMiddleware:
    """Shows pages in the language and the time zone that the signed-in user chose."""

    def __init__(self, get_response: View) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a language chosen in this browser goes before the user's own."""
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        try:
            timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            timezone.deactivate()
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class ReminderMiddleware:
    """Lets nobody go on who has not acknowledged the reminder of the duty of confidentiality."""

    def __init__(self, get_response: View) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or ask for the acknowledgement first."""
        user = request.user
        if not isinstance(user, User) or _is_open(request) or _has_acknowledged(request, user):
            return self.get_response(request)
        address = reverse("accounts:reminder")
        if request.path.startswith("/api/"):
            detail = "The reminder of the duty of confidentiality has to be acknowledged first."
            body = {"error": {"code": "refusal.reminder", "detail": detail, "fields": {"address": address}}}
            return JsonResponse(body, status=403)
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = address
            return response
        onward = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{address}?{urlencode({'next': onward})}")


def _is_open(request: HttpRequest) -> bool:
    if request.path.startswith(settings.STATIC_URL):
        return True
    try:
        return resolve(request.path_info).view_name in OPEN_WITHOUT_REMINDER
    except Resolver404:
        return False


def _has_acknowledged(request: HttpRequest, user: User) -> bool:
    reminder = queries.reminder_for(user, translation.get_language() or settings.LANGUAGE_CODE)
    wording = f"{reminder.pack} {reminder.version}"
    if request.session.get(ACKNOWLEDGED) == wording:
        return True
    if not queries.reminder_is_acknowledged(user, reminder):
        return False
    request.session[ACKNOWLEDGED] = wording
    return True
