"""Turns errors of the tree that a view did not catch into pages, fragments or JSON with the right status.

Which refusals are recorded in the ledger is decided by `accounts.middleware`, which sees them first.
Errors outside the tree are faults of ours and go on to Django's log and the page for status 500.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shoumi.engine.errors import ConfigurationError, EvidenceError, ShoumiError, UnavailableError
from shoumi.server.console.views.errors import error_response

logger = logging.getLogger("shoumi.console")


class ErrorPageMiddleware:
    """Answers for every leaf of `ShoumiError`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next one in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer for an error of the tree, nothing for others."""
        if not isinstance(exception, ShoumiError):
            return None
        if isinstance(exception, ConfigurationError | EvidenceError | UnavailableError):
            logger.error("%s on %s: %s", exception.code, request.path, exception.detail)
        return error_response(request, exception)
