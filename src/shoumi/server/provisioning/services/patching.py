"""Applies PATCH operations (RFC 7644, section 3.5.2): add, replace, remove, with and without path.

Names compare in any case of letters.  A filter in a path chooses among e-mail addresses and telephones by
type, and of those one is kept here, so it is read over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shoumi.server.provisioning.errors import ScimMutabilityError, ScimPathError, ScimValueError
from shoumi.server.provisioning.queries.filters import ENTERPRISE
from shoumi.server.provisioning.queries.schemas import GROUP, USER

_FILTERED = re.compile(r"\[[^\]]*\]")
NAMES = {
    name.lower(): name
    for name in (
        "userName", "externalId", "displayName", "name", "title", "userType", "active", "emails",
        "phoneNumbers", "members", ENTERPRISE, "employeeNumber", "department", "manager", "formatted",
        "familyName", "givenName", "value",
    )
}  # fmt: skip
FIXED = {"id", "meta", "groups", "schemas"}
LISTS = {"emails", "phoneNumbers", "members"}


def patched(resource: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """Return `resource` with the operations applied in their order.

    Raises:
        ScimPathError, ScimValueError, ScimMutabilityError: each as it says.
    """
    if not isinstance(operations, list) or not operations:
        raise ScimValueError(attribute="Operations")
    found = _copied(resource)
    for item in operations:
        if not isinstance(item, Mapping):
            raise ScimValueError(attribute="Operations")
        verb, path = str(item.get("op", "")).lower(), item.get("path") or ""
        if verb not in {"add", "replace", "remove"}:
            raise ScimValueError(attribute="op")
        if verb == "remove":
            if not path:
                raise ScimPathError(path="")
            _put(found, _parts(path), None, verb)
        elif path:
            _put(found, _parts(path), item.get("value"), verb)
        elif isinstance(item.get("value"), Mapping):
            for name, value in item["value"].items():
                _put(found, _parts(name), value, verb)
        else:
            raise ScimValueError(attribute="value")
    return found


def _copied(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _copied(value) if isinstance(value, Mapping) else value for key, value in resource.items()}


def _parts(path: str) -> list[str]:
    """Return the names along a path, as they are written here."""
    rest = _FILTERED.sub("", path)
    head: list[str] = []
    for prefix in (ENTERPRISE, USER, GROUP):
        if rest.lower().startswith(prefix.lower()):
            rest = rest[len(prefix) :].lstrip(":")
            head = [ENTERPRISE] if prefix == ENTERPRISE else []
            break
    names = [*head, *(part for part in rest.split(".") if part)]
    if names and names[0].lower() in FIXED:
        raise ScimMutabilityError(attribute=names[0])
    known = [NAMES.get(name.lower()) or name for name in names]
    if not known or any(name not in NAMES.values() for name in known):
        raise ScimPathError(path=path)
    return known


def _put(found: dict[str, Any], path: list[str], value: Any, verb: str) -> None:
    first, *rest = path
    if first in LISTS:
        _put_list(found, first, rest, value, verb)
    elif not rest:
        if verb == "remove":
            found.pop(first, None)
        elif isinstance(value, Mapping) and isinstance(found.get(first), dict):
            for name, each in value.items():
                _put(found[first], [NAMES.get(name.lower()) or name], each, verb)
        else:
            found[first] = value
    else:
        inner = found.get(first)
        if not isinstance(inner, dict):
            inner = found[first] = {}
        _put(inner, rest, value, verb)


def _put_list(found: dict[str, Any], name: str, rest: list[str], value: Any, verb: str) -> None:
    if verb == "remove":
        found[name] = []
    elif rest == ["value"]:
        found[name] = [{"value": value}]
    else:
        given = value if isinstance(value, list) else [value]
        found[name] = [*found.get(name, []), *given] if verb == "add" and name == "members" else given
