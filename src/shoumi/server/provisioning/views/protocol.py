"""What all SCIM answers do alike: who asks, JSON in and out, errors in the shape of RFC 7644, section 3.12.

Signed in is by an access token with the right `scim:read` or `scim:write`; a token for all areas does not do.
What its user may do is asked by the services.  There is no session and no form, so no CSRF token.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from shoumi.engine.errors import ConflictError, InputError, RefusalError, ShoumiError
from shoumi.server.accounts import gate, queries
from shoumi.server.accounts.services import refusal_record, token_use
from shoumi.server.people.models import LegalEntity
from shoumi.server.provisioning.errors import (
    ScimFilterError,
    ScimMutabilityError,
    ScimPathError,
    ScimUniquenessError,
    ScimVersionError,
)
from shoumi.server.provisioning.queries.schemas import MESSAGES

CONTENT_TYPE = "application/scim+json"
LONGEST_BODY = 1024**2  # bytes
READING = frozenset({"GET", "HEAD"})
TYPES: tuple[tuple[type[ShoumiError], str], ...] = (
    (ScimFilterError, "invalidFilter"),
    (ScimPathError, "invalidPath"),
    (ScimMutabilityError, "mutability"),
    (ScimUniquenessError, "uniqueness"),
    (InputError, "invalidValue"),
)
STATUSES: tuple[tuple[type[ShoumiError], int], ...] = (
    (ScimVersionError, 412),
    (InputError, 400),
    (RefusalError, 403),
    (ConflictError, 409),
)
View = Callable[..., HttpResponse]


def answer(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    """Return `body` as a SCIM answer."""
    response = JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def refused(status: int, detail: str, kind: str = "") -> HttpResponse:
    """Return an error."""
    body = {"schemas": [MESSAGES + "Error"], "status": str(status), "detail": detail}
    return answer({**body, **({"scimType": kind} if kind else {})}, status)


def resource_answer(resource: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return one resource with its version and, when it was made, its address."""
    meta = resource["meta"]
    headers = {"ETag": meta["version"], **({"Location": meta["location"]} if status == 201 else {})}  # noqa: PLR2004
    return answer(resource, status, **headers)


def scim(*methods: str) -> Callable[[View], View]:
    """Let a view answer SCIM requests of `methods` for the entity whose code stands in the address."""

    def outer(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, code: str, **parts: Any) -> HttpResponse:
            token = _token(request)
            if token is None:
                response = refused(401, "Send an access token with the right to SCIM.")
                response["WWW-Authenticate"] = 'Bearer realm="SCIM"'
                return response
            request.user = token.user
            if request.method not in methods:
                return refused(405 if methods else 501, "This is not offered here.")
            with gate.remembered_subjects():
                return answered(request, view, code, parts)

        return inner

    return outer


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object that was sent.

    Raises:
        ValueError: it is none, too long or nested too deeply.
    """
    if len(request.body) > LONGEST_BODY:
        raise ValueError
    try:
        found = json.loads(request.body)
    except RecursionError as error:
        raise ValueError from error
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - of the text, not of a caller
    return found


def root_of(request: HttpRequest, entity: LegalEntity) -> str:
    """Return the address of the entity's SCIM server."""
    return request.build_absolute_uri(f"/scim/v2/{entity.code}")


def _token(request: HttpRequest) -> Any:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    token = queries.token_of(secret.strip()) if scheme.lower() == "bearer" else None
    modes = {"scim:read", "scim:write"} if request.method in READING else {"scim:write"}
    if token is None or not modes & set(token.rights):
        return None
    token_use(token=token)
    return token


def answered(request: HttpRequest, view: View, code: str, parts: dict[str, Any]) -> HttpResponse:
    """Return what `view` answers; errors in the shape of the standard."""
    try:
        entity = LegalEntity.objects.filter(code=code).first()
        if entity is None:
            raise Http404  # noqa: TRY301 - answered like every other thing that is not there
        return view(request, entity, **parts)
    except Http404:
        return refused(404, "There is no such resource.")
    except ValueError:
        return refused(400, "The request is no JSON object of the expected form.", "invalidSyntax")
    except ShoumiError as error:
        if isinstance(error, gate.NotPermittedError):
            refusal_record(user=request.user, error=error)
        status = next((status for branch, status in STATUSES if isinstance(error, branch)), 500)
        kind = next((kind for branch, kind in TYPES if isinstance(error, branch)), "")
        return refused(status, str(error), kind)
