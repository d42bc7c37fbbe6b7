"""Many operations in one request (RFC 7644, section 3.7), each answered as if it had come alone.

An operation that names the `bulkId` of another waits until that one is done; what waits for nothing that is
there is refused with 409.  Nothing is undone when a later one fails: that is the standard's way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from inspect import unwrap
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from shoumi.server.people.models import LegalEntity
from shoumi.server.provisioning.errors import ScimValueError
from shoumi.server.provisioning.queries.schemas import BULK_MOST, BULK_PAYLOAD, MESSAGES
from shoumi.server.provisioning.views import scim as single
from shoumi.server.provisioning.views.protocol import answer, answered, body_of, refused, scim

METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
REFERENCE = re.compile(r"bulkId:([A-Za-z0-9._-]{1,120})")
PATH = re.compile(r"/(Users|Groups)(?:/([^/?]+))?")
View = Callable[..., HttpResponse]
VIEWS: Mapping[tuple[str, bool], tuple[View, frozenset[str]]] = {  # of all, or of one
    ("Users", False): (unwrap(single.users), frozenset({"POST"})),
    ("Users", True): (unwrap(single.user), frozenset({"PUT", "PATCH", "DELETE"})),
    ("Groups", False): (unwrap(single.groups), frozenset({"POST"})),
    ("Groups", True): (unwrap(single.group), frozenset({"PUT", "PATCH"})),
}


@dataclass(slots=True)
class Run:
    """What has come of one request so far."""

    request: HttpRequest
    entity: LegalEntity
    made: dict[str, str] = field(default_factory=dict)  # bulkId → id
    results: dict[int, dict[str, Any]] = field(default_factory=dict)  # by place in the request
    faults: int = 0


@scim("POST")
def bulk(request: HttpRequest, entity: LegalEntity) -> HttpResponse:
    """Do what the operations say, until `failOnErrors` of them have failed."""
    if len(request.body) > BULK_PAYLOAD:
        return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {BULK_PAYLOAD} bytes are taken.")
    body = body_of(request)
    wanted, limit = body.get("Operations"), body.get("failOnErrors", 0)
    if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
        raise ScimValueError(attribute="Operations")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise ScimValueError(attribute="failOnErrors")
    if len(wanted) > BULK_MOST:
        return refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {BULK_MOST} operations are taken at once."
        )
    single.allow(request, entity)
    run = Run(request, entity)
    _all(run, list(enumerate(wanted)), limit)
    results = [run.results[at] for at in sorted(run.results)]
    return answer({"schemas": [MESSAGES + "BulkResponse"], "Operations": results})


def _all(run: Run, waiting: list[tuple[int, dict[str, Any]]], limit: int) -> None:
    """Do one operation after the other; those that name one still to come are put off until it is done."""
    while waiting:
        put_off = []
        for at, operation in waiting:
            if limit and run.faults >= limit:
                return
            if set(_references(operation)) <= run.made.keys():
                _one(run, at, operation)
            else:
                put_off.append((at, operation))
        if len(put_off) == len(waiting):  # nothing moves any more
            for at, operation in put_off:
                if limit and run.faults >= limit:
                    return
                _keep(
                    run, at, operation, refused(409, "A bulkId that it names is not there.", "invalidValue")
                )
            return
        waiting = put_off


def _one(run: Run, at: int, operation: dict[str, Any]) -> None:
    """Do one operation by the view that answers it when it comes alone."""
    method, path = str(operation.get("method", "")).upper(), str(operation.get("path", ""))
    found = PATH.fullmatch(REFERENCE.sub(lambda match: run.made[match[1]], path))
    view, methods = VIEWS[found[1], found[2] is not None] if found else (None, frozenset())
    if view is None or method not in METHODS:
        response = refused(400, "There is no such operation.", "invalidPath")
    elif method not in methods:
        response = refused(405, "This is not offered here.")
    elif method == "POST" and not operation.get("bulkId"):
        response = refused(400, "A new resource needs its bulkId.", "invalidValue")
    else:
        parts = _key(found[2]) if found and found[2] else {}
        response = (
            refused(404, "There is no such resource.")
            if parts is None
            else answered(_request(run, method, operation), view, run.entity.code, parts)
        )
    _keep(run, at, operation, response)


def _keep(run: Run, at: int, operation: Mapping[str, Any], response: HttpResponse) -> None:
    """Write down what came of an operation; an error brings its answer along."""
    result = {name: operation[name] for name in ("method", "bulkId") if name in operation}
    body = json.loads(response.content) if response.content else {}
    failed = response.status_code >= HTTPStatus.BAD_REQUEST
    if failed:
        run.faults += 1
        result["response"] = body
        if str(operation.get("method", "")).upper() != "POST":
            result["location"] = run.request.build_absolute_uri(
                f"/scim/v2/{run.entity.code}{operation.get('path', '')}"
            )
    else:
        meta = body.get("meta", {})
        result |= {name: meta[name] for name in ("location", "version") if name in meta}
        if "id" in body and "bulkId" in operation:
            run.made[str(operation["bulkId"])] = body["id"]
        if not meta:
            result["location"] = run.request.build_absolute_uri(
                f"/scim/v2/{run.entity.code}{operation['path']}"
            )
    run.results[at] = {**result, "status": str(response.status_code)}


def _request(run: Run, method: str, operation: Mapping[str, Any]) -> HttpRequest:
    """Return the operation as a request of its own, by the same account."""
    made = HttpRequest()
    made.method, made.user, made.GET = method, run.request.user, QueryDict()
    made.META = {name: value for name, value in run.request.META.items() if name != "HTTP_IF_MATCH"}
    if version := operation.get("version"):
        made.META["HTTP_IF_MATCH"] = str(version)
    made._body = json.dumps(_resolved(operation.get("data", {}), run.made)).encode()  # noqa: SLF001 - read once, as from a connection
    return made


def _key(text: str) -> dict[str, UUID] | None:
    try:
        return {"key": UUID(text)}
    except ValueError:
        return None


def _references(operation: Mapping[str, Any]) -> list[str]:
    """Return the bulkIds that an operation names in its path and data."""
    return [*REFERENCE.findall(str(operation.get("path", ""))), *_within(operation.get("data"))]


def _within(value: object) -> list[str]:
    if isinstance(value, str):
        found = REFERENCE.fullmatch(value)
        return [found[1]] if found else []
    if isinstance(value, list):
        return [name for item in value for name in _within(item)]
    if isinstance(value, dict):
        return [name for item in value.values() for name in _within(item)]
    return []


def _resolved(value: Any, made: Mapping[str, str]) -> Any:
    """Return data with each bulkId replaced by the id of what was made."""
    if isinstance(value, str):
        found = REFERENCE.fullmatch(value)
        return made[found[1]] if found else value
    if isinstance(value, list):
        return [_resolved(item, made) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, made) for key, item in value.items()}
    return value
