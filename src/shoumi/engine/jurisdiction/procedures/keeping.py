"""Writes a plan as plain values and reads it back: what a case asks for stays as it was when it was planned.

The shape follows the dataclasses of this folder, field by field, so that a plan that was kept can be compared
with one made anew.  A deviation keeps its reason; storing and hashing are the caller's.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.procedures.changes import Added, LeftOut, Moved
from shoumi.engine.jurisdiction.procedures.planning import Plan

_CLASSES: Final = {each.__name__: each for each in (Added, LeftOut, Moved)}
_CLASS: Final = "is"  # the key under which one of several classes is named


class KeptPlanError(InputError):
    """What was kept is no plan of this shape."""

    code = "jurisdiction.kept_plan"
    message = "The plan that was kept cannot be read: {reason}."


def kept(plan: Plan) -> Mapping[str, JSONValue]:
    """Return a plan as plain values, fit for JSON."""
    written: Mapping[str, JSONValue] = _written(plan)
    return written


def restored(value: Mapping[str, JSONValue]) -> Plan:
    """Return the plan that `kept` wrote.

    Raises:
        KeptPlanError: it is none, or one of another shape.
    """
    try:
        plan: Plan = _read(Plan, value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KeptPlanError(reason=type(error).__name__) from error
    return plan


def _written(value: Any) -> Any:  # noqa: ANN401 - any value of a plan
    if is_dataclass(value):
        own = {field.name: _written(getattr(value, field.name)) for field in fields(value)}
        name = type(value).__name__
        return {_CLASS: name, **own} if name in _CLASSES else own
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _written(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_written(item) for item in value]
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line per kind of value
    origin = get_origin(kind)
    if origin in {Union, types.UnionType}:
        return _chosen(get_args(kind), value)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in value)
    if origin is Mapping:
        key, item = get_args(kind)
        return MappingProxyType({_read(key, name): _read(item, each) for name, each in value.items()})
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{field.name: _read(hints[field.name], value[field.name]) for field in fields(kind)})
    if kind in {datetime, date}:
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value


def _chosen(kinds: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401 - as above
    """Return the value as the one of several kinds that it is."""
    if value is None:
        return None
    named = [each for each in kinds if each is not type(None)]
    if isinstance(value, Mapping) and _CLASS in value:
        return _read(_CLASSES[value[_CLASS]], value)
    return _read(named[0], value)
