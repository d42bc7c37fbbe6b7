"""The endpoints: Users, Groups, and what the server says of itself.  /Me is not offered: see `missing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.provisioning.errors import ScimValueError
from shoumi.server.provisioning.queries.filters import GROUPS, USERS, Looked, condition
from shoumi.server.provisioning.queries.resources import (
    accounts_of,
    group_resource,
    groups_of,
    user_resource,
    version_of,
)
from shoumi.server.provisioning.queries.schemas import (
    MESSAGES,
    MOST,
    provider_config,
    resource_types,
    schemas,
)
from shoumi.server.provisioning.services.groups import group_create, group_replace
from shoumi.server.provisioning.services.patching import patched
from shoumi.server.provisioning.services.users import current, user_create, user_remove, user_replace
from shoumi.server.provisioning.views.protocol import answer, body_of, refused, resource_answer, root_of, scim

PREFERRED = 100  # resources of an answer that asks for no number


def allow(request: HttpRequest, entity: LegalEntity) -> None:
    """Return if the token's user may bring people into the entity; reading is part of it.

    Raises:
        NotPermittedError: they may not.
    """
    gate.require(request.user, Action.PERSON_IMPORT, entity_resource(entity))


def _list(
    request: HttpRequest, rows: QuerySet, known: dict[str, Looked], shown: Callable[[Any], dict[str, Any]]
) -> HttpResponse:
    """Return a page of what a filter finds (RFC 7644, section 3.4.2.4: the first is 1)."""
    if text := request.GET.get("filter", ""):
        rows = rows.filter(condition(text, known))
    start = max(1, _number(request, "startIndex", 1))
    count = min(MOST, max(0, _number(request, "count", PREFERRED)))
    found = [shown(row) for row in rows[start - 1 : start - 1 + count]] if count else []
    body = {
        "schemas": [MESSAGES + "ListResponse"],
        "totalResults": rows.count(),
        "startIndex": start,
        "itemsPerPage": len(found),
        "Resources": found,
    }
    return answer(body)


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, str(usual))
    if len(text) > len("1000000000") or not text.removeprefix("-").isdigit():
        raise ScimValueError(attribute=name)
    return int(text)


def _fixed(rows: list[dict[str, Any]]) -> HttpResponse:
    return answer(
        {
            "schemas": [MESSAGES + "ListResponse"],
            "totalResults": len(rows),
            "startIndex": 1,
            "itemsPerPage": len(rows),
            "Resources": rows,
        }
    )


def _one(rows: list[dict[str, Any]], key: str) -> HttpResponse:
    found = next((row for row in rows if row["id"] == key), None)
    if found is None:
        raise Http404
    return answer(found)


@scim("GET", "POST")
def users(request: HttpRequest, entity: LegalEntity) -> HttpResponse:
    """Find accounts, or take a joiner in."""
    allow(request, entity)
    root = root_of(request, entity)
    if request.method == "POST":
        row = user_create(actor=request.user, entity=entity, resource=body_of(request))
        return resource_answer(user_resource(row, root), 201)
    return _list(request, accounts_of(entity), dict(USERS), lambda row: user_resource(row, root))


@scim("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, entity: LegalEntity, key: UUID) -> HttpResponse:
    """Return, replace, change or take away one account."""
    allow(request, entity)
    row = get_object_or_404(accounts_of(entity), person=key)
    version = request.headers.get("If-Match", "")
    if request.method == "DELETE":
        user_remove(actor=request.user, account=row, version=version)
        return HttpResponse(status=204)
    if request.method == "PUT":
        row = user_replace(actor=request.user, account=row, resource=body_of(request), version=version)
    elif request.method == "PATCH":
        wanted = patched(current(row), body_of(request).get("Operations"))
        row = user_replace(actor=request.user, account=row, resource=wanted, version=version)
    elif request.headers.get("If-None-Match", "") == version_of(row):
        return HttpResponse(status=304)
    return resource_answer(user_resource(accounts_of(entity).get(pk=row.pk), root_of(request, entity)))


@scim("GET", "POST")
def groups(request: HttpRequest, entity: LegalEntity) -> HttpResponse:
    """Find departments, or make one."""
    allow(request, entity)
    root = root_of(request, entity)
    if request.method == "POST":
        row = group_create(actor=request.user, entity=entity, resource=body_of(request))
        return resource_answer(group_resource(row, root), 201)
    return _list(request, groups_of(entity), dict(GROUPS), lambda row: group_resource(row, root))


@scim("GET", "PUT", "PATCH")
def group(request: HttpRequest, entity: LegalEntity, key: UUID) -> HttpResponse:
    """Return or change one department; it is closed in the console, where its people and secrets are seen."""
    allow(request, entity)
    row = get_object_or_404(groups_of(entity), pk=key)
    version = request.headers.get("If-Match", "")
    if request.method == "PUT":
        row = group_replace(actor=request.user, group=row, resource=body_of(request), version=version)
    elif request.method == "PATCH":
        wanted = patched(group_resource(row, ""), body_of(request).get("Operations"))
        row = group_replace(actor=request.user, group=row, resource=wanted, version=version)
    return resource_answer(group_resource(row, root_of(request, entity)))


@scim("GET")
def config(request: HttpRequest, entity: LegalEntity) -> HttpResponse:
    """Say what is supported."""
    return answer(provider_config(root_of(request, entity)))


@scim("GET")
def types(request: HttpRequest, entity: LegalEntity, key: str = "") -> HttpResponse:
    """Name the resource types, or return one."""
    found = resource_types(root_of(request, entity))
    return _one(found, key) if key else _fixed(found)


@scim("GET")
def schema(request: HttpRequest, entity: LegalEntity, key: str = "") -> HttpResponse:
    """Name the schemas, or return one."""
    found = schemas(root_of(request, entity))
    return _one(found, key) if key else _fixed(found)


@scim("GET", "POST", "PUT", "PATCH", "DELETE")
def missing(request: HttpRequest, entity: LegalEntity, rest: str) -> HttpResponse:
    """Say that /Me is not offered (501, RFC 7644, section 3.11), and that anything else is not there.

    A token stands for a provider's account in HR, which is no resource of its own provisioning.
    """
    del request, entity
    if rest.strip("/") == "Me":
        return refused(501, "This is not offered.")
    raise Http404
