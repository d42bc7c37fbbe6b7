"""Pages for what goes wrong: refusals explained, missing pages, stale forms, faults of our own.

Nothing of the inside is shown: no paths, no class names, no traces.  To htmx the text goes in a header and
the console shows it where the person is; to programs it goes as JSON in the shape of the API.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shoumi.engine.errors import ShoumiError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.naming import text_now
from shoumi.server.console.error_texts import error_text, opening_texts, status_of

HIDDEN_FROM_PEOPLE = 500  # from this status on the text is for the log only


def error_response(request: HttpRequest, error: ShoumiError) -> HttpResponse:
    """Return the page, fragment or JSON for an error of the tree."""
    status = status_of(error)
    hidden = status == HIDDEN_FROM_PEOPLE
    text = _("The installation is not set up correctly; see the log.") if hidden else error_text(error)
    openings = opening_texts(error) if isinstance(error, NotPermittedError) else []
    return answer(request, status, error.code, text, {"openings": openings, "error": error})


def answer(
    request: HttpRequest, status: int, code: str, text: str, context: dict[str, object] | None = None
) -> HttpResponse:
    """Return `text` as JSON, as a fragment with the header that the console shows, or as a page."""
    if wants_json(request):
        error = (context or {}).get("error")
        fields = dict(error.fields) if isinstance(error, ShoumiError) and status < HIDDEN_FROM_PEOPLE else {}
        body = {"error": {"code": code, "detail": text, "fields": fields}}
        return JsonResponse(body, status=status)
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    layout = "base.html" if known else "base_plain.html"
    shown = {"text": text, "code": code, "title": title_of(status), "layout": layout, **(context or {})}
    if getattr(request, "htmx", None) and not request.htmx.boosted:
        response = render(request, "console/errors/_fragment.html", shown, status=status)
        response["X-Shoumi-Error"] = quote(text_now(text))
        return response
    return render(request, "console/errors/page.html", shown, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program asks: the API, or an Accept header that names JSON before HTML."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.headers.get("Accept", "")
    return "application/json" in accepted and "text/html" not in accepted


def title_of(status: int) -> str:
    """Return the heading of the page."""
    titles = {
        HTTPStatus.BAD_REQUEST: _("This could not be understood"),
        HTTPStatus.FORBIDDEN: _("This is not permitted"),
        HTTPStatus.NOT_FOUND: _("There is no such page"),
        HTTPStatus.CONFLICT: _("This is not possible now"),
        HTTPStatus.UNPROCESSABLE_ENTITY: _("The evidence does not hold"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("A needed service does not answer"),
    }
    return titles.get(HTTPStatus(status), _("Something went wrong here"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django itself refuses to read."""
    del exception
    return answer(request, 400, "input.request", _("The request does not have the expected form."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a refusal that came from Django, not from the rules."""
    del exception
    return answer(request, 403, "refusal", _("You are not permitted to see this page."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what does not exist, or may not be known to exist."""
    del exception
    text = _("The address is wrong, or the record is not one that you may know of.")
    return answer(request, 404, "input.not_found", text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token: a page left open over a new sign-in, or a foreign page."""
    del reason
    text = _("The form is too old or came from another site. Go back, load the page anew and send it again.")
    return answer(request, 403, "refusal.form_token", text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of our own, with as few moving parts as possible."""
    text = _("The fault was written to the log. What you entered was not stored; please try again.")
    if wants_json(request):
        return JsonResponse({"error": {"code": "fault", "detail": text, "fields": {}}}, status=500)
    return HttpResponse(render_to_string("500.html", {"text": text, "title": title_of(500)}), status=500)
