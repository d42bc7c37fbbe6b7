"""The one API: routers of the apps under `/api/v1/`, and errors in one shape.

Shape of every error: `{"error": {"code", "detail", "fields"}}`; the codes are those of `engine/errors.py`,
plus `input.request` for a body or parameter of the wrong form and `refusal.signed_out`.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shoumi import __version__
from shoumi.engine.errors import (
    ConfigurationError,
    ConflictError,
    EvidenceError,
    InputError,
    RefusalError,
    ShoumiError,
    UnavailableError,
)
from shoumi.server.accounts.api import authentication
from shoumi.server.accounts.api import router as accounts_router
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.services import refusal_record
from shoumi.server.agreements.api import router as agreements_router
from shoumi.server.approvals.api import router as approvals_router
from shoumi.server.assurance.api import router as assurance_router
from shoumi.server.console.error_texts import error_text
from shoumi.server.console.ledger.api import router as ledger_router
from shoumi.server.lifecycle.api import router as cases_router
from shoumi.server.notifications.api import router as notifications_router
from shoumi.server.partners.api import router as partners_router
from shoumi.server.people.api import router as people_router
from shoumi.server.places.api import router as places_router
from shoumi.server.privacy.api import router as privacy_router
from shoumi.server.register.api import (
    carriers_router,
    inventories_router,
    ledgers_router,
    operations_router,
    storage_router,
)
from shoumi.server.register.api import router as register_router
from shoumi.server.training.api import router as training_router

STATUSES: tuple[tuple[type[ShoumiError], int], ...] = (
    (InputError, 400),
    (RefusalError, 403),
    (ConflictError, 409),
    (EvidenceError, 422),
    (UnavailableError, 503),
    (ConfigurationError, 500),
)

api = NinjaAPI(
    title="Shoumi",
    version=__version__,
    description="Trade secrets, the people around them, decisions, and the ledger.",
    auth=authentication,
    urls_namespace="api",
)
api.add_router("/accounts", accounts_router, tags=["accounts"])
api.add_router("/people", people_router, tags=["people"])
api.add_router("/cases", cases_router, tags=["cases of people"])
api.add_router("/agreements", agreements_router, tags=["agreements"])
api.add_router("/training", training_router, tags=["training"])
api.add_router("/privacy", privacy_router, tags=["privacy"])
api.add_router("/assurance", assurance_router, tags=["assurance"])
api.add_router("/partners", partners_router, tags=["partners"])
api.add_router("/places", places_router, tags=["places"])
api.add_router("/secrets", register_router, tags=["secrets"])
api.add_router("/operations", operations_router, tags=["operations"])
api.add_router("/secrets-ledgers", ledgers_router, tags=["secrets ledgers"])
api.add_router("/carriers", carriers_router, tags=["carriers"])
api.add_router("/storage-units", storage_router, tags=["storage units"])
api.add_router("/inventories", inventories_router, tags=["inventories"])
api.add_router("/approvals", approvals_router, tags=["approvals"])
api.add_router("/notifications", notifications_router, tags=["notifications"])
api.add_router("/ledger", ledger_router, tags=["ledger"])


def _answer(request: HttpRequest, status: int, code: str, detail: str, fields: object = None) -> HttpResponse:
    body = {"error": {"code": code, "detail": detail, "fields": fields or {}}}
    return api.create_response(request, body, status=status)


@api.exception_handler(ShoumiError)
def answer_error(request: HttpRequest, error: ShoumiError) -> HttpResponse:
    """Answer a leaf of the tree with its code, and the text in the caller's language."""
    status = next((status for branch, status in STATUSES if isinstance(error, branch)), 500)
    if isinstance(error, NotPermittedError):
        refusal_record(user=request.user, error=error)
    return _answer(request, status, error.code, error_text(error), dict(error.fields))


@api.exception_handler(ValidationError)
def answer_wrong_form(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a request of the wrong form with every fault and its place."""
    faults = {".".join(str(part) for part in fault["loc"]): fault["msg"] for fault in error.errors}
    return _answer(request, 422, "input.request", "The request does not have the expected form.", faults)


@api.exception_handler(AuthenticationError)
def answer_signed_out(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Answer a caller who is not signed in."""
    return _answer(request, 401, "refusal.signed_out", "Sign in, or send an access token.")


@api.exception_handler(Http404)
def answer_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Answer for what does not exist, or may not be known to exist."""
    return _answer(request, 404, "input.not_found", "There is no such record.")


@api.exception_handler(HttpError)
def answer_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what the framework itself refuses, such as an unreadable body."""
    return _answer(request, error.status_code, "input.request", str(error))
