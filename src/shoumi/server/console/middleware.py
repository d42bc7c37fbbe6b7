"""Turns errors that a view did not catch into answers with the right status; tells which form has arrived.

Which refusals are recorded in the ledger is decided by `accounts.middleware`, which sees them first.
Errors outside the tree are faults of ours and go on to Django's log and the page for status 500.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shoumi.engine.errors import ConfigurationError, EvidenceError, ShoumiError, UnavailableError
from shoumi.server.accounts import naming
from shoumi.server.console.views.errors import error_response

logger = logging.getLogger("shoumi.console")


TYPED_FIELD = "typed"
TYPED_COOKIE = "shoumi_typed"
_WORD = re.compile(r"[0-9a-f]{32}")
_SECONDS = 120


class TypedFormMiddleware:
    """Tells the browser which form has arrived, so that it forgets what it kept of it; see `typed.js`.

    An answer of 400 and above has taken nothing: then the browser keeps what was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and answer a form's word by a cookie."""
        response = self.get_response(request)
        forms = ("application/x-www-form-urlencoded", "multipart/form-data")
        if request.method == "POST" and request.content_type in forms and response.status_code < 400:  # noqa: PLR2004
            word = request.POST.get(TYPED_FIELD, "")
            if _WORD.fullmatch(word):
                response.set_cookie(
                    TYPED_COOKIE, word, max_age=_SECONDS, secure=request.is_secure(), samesite="Strict"
                )
        return response


class ErrorPageMiddleware:
    """Answers for every leaf of `ShoumiError`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: object, options: object
    ) -> HttpResponse | None:
        """Answer a change that would put something masked in the place of what it hides."""
        del view, arguments, options
        try:
            naming.require_whole(request)
        except naming.MaskedError as error:
            return error_response(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer for an error of the tree, nothing for others."""
        if not isinstance(exception, ShoumiError):
            return None
        if isinstance(exception, ConfigurationError | EvidenceError | UnavailableError):
            logger.error("%s on %s: %s", exception.code, request.path, exception.detail)
        return error_response(request, exception)
