"""Reads the filters of SCIM (RFC 7644, section 3.4.2.2) into conditions of the database.

On the attributes that are offered: eq ne co sw ew pr, and or not, parentheses.  Text compares in any case of
letters, as `caseExact: false` says.  Filters in brackets belong to paths of PATCH, not to searches.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from shoumi.server.provisioning.errors import ScimFilterError

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LONGEST, DEEPEST = 1000, 20  # characters; parentheses within one another
_TOKENS = re.compile(r'\s*(?:([()])|("(?:[^"\\]|\\.)*")|([A-Za-z0-9_.:$-]+))')
_OPERATORS = {"eq": "iexact", "co": "icontains", "sw": "istartswith", "ew": "iendswith"}


@dataclass(frozen=True, slots=True)
class Looked:
    """One attribute that can be looked for."""

    field: str
    kind: str = "text"  # text, id, flag


USERS: Mapping[str, Looked] = {
    "id": Looked("person__pk", "id"),
    "externalid": Looked("external_id"),
    "username": Looked("user_name"),
    "displayname": Looked("person__name"),
    "name.formatted": Looked("person__name"),
    "active": Looked("active", "flag"),
    "employeenumber": Looked("person__number"),
}
GROUPS: Mapping[str, Looked] = {
    "id": Looked("pk", "id"),
    "externalid": Looked("code"),
    "displayname": Looked("name"),
}


def condition(text: str, known: Mapping[str, Looked]) -> Q:
    """Return the condition that `text` states about the attributes of `known`.

    Raises:
        ScimFilterError: it cannot be read, or names another attribute.
    """
    if len(text) > LONGEST:
        raise ScimFilterError(what=text[:40])
    reading = _Reading(_tokens(text), known)
    found = reading.either(0)
    if reading.left:
        raise ScimFilterError(what=reading.left[0])
    return found


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        match = _TOKENS.match(text, position)
        if match is None:
            raise ScimFilterError(what=text[position : position + 40])
        found.append(match.group().strip())
        position = match.end()
    return found


class _Reading:
    """Descends through the grammar: or, and, not, one comparison."""

    def __init__(self, left: list[str], known: Mapping[str, Looked]) -> None:
        self.left = left
        self._known = known

    def either(self, depth: int) -> Q:
        found = self._both(depth)
        while self._next_is("or"):
            found |= self._both(depth)
        return found

    def _both(self, depth: int) -> Q:
        found = self._one(depth)
        while self._next_is("and"):
            found &= self._one(depth)
        return found

    def _one(self, depth: int) -> Q:
        if depth > DEEPEST:
            raise ScimFilterError(what=str(depth))
        if self._next_is("not"):
            return ~self._bracketed(depth)
        if self.left and self.left[0] == "(":
            return self._bracketed(depth)
        return self._compared()

    def _bracketed(self, depth: int) -> Q:
        self._take("(")
        found = self.either(depth + 1)
        self._take(")")
        return found

    def _compared(self) -> Q:
        name = self._take().lower().removeprefix(ENTERPRISE.lower() + ":")
        name = name.rpartition(":user:")[2] or name
        looked = self._known.get(name)
        if looked is None:
            raise ScimFilterError(what=name)
        operator = self._take().lower()
        if operator == "pr":
            there = Q(**{f"{looked.field}__isnull": False})
            return there & ~Q(**{looked.field: ""}) if looked.kind == "text" else there
        return _comparison(looked, operator, self._take())

    def _next_is(self, word: str) -> bool:
        if self.left and self.left[0].lower() == word:
            self.left.pop(0)
            return True
        return False

    def _take(self, wanted: str = "") -> str:
        if not self.left or (wanted and self.left[0] != wanted):
            raise ScimFilterError(what=self.left[0] if self.left else "")
        return self.left.pop(0)


def _comparison(looked: Looked, operator: str, literal: str) -> Q:
    try:
        value = json.loads(literal)
    except ValueError as error:
        raise ScimFilterError(what=literal) from error
    wanted: type = bool if looked.kind == "flag" else str
    if not isinstance(value, wanted):
        raise ScimFilterError(what=literal)
    if operator == "ne":
        return ~_comparison(looked, "eq", literal)
    if looked.kind == "flag" and operator == "eq":
        return Q(**{looked.field: value})
    if looked.kind == "id" and operator == "eq":
        try:
            return Q(**{looked.field: UUID(value)})
        except ValueError:
            return Q(pk__in=())
    if looked.kind == "text" and operator in _OPERATORS:
        return Q(**{f"{looked.field}__{_OPERATORS[operator]}": value})
    raise ScimFilterError(what=operator)
