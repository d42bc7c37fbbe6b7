"""A company's own catalogue laid over a pack: other names, further categories, other factors, days and marks.

Source: the seed guide says that it is for reference; a company may set other defaults.  The pack is never
edited: an override names the catalogue, the entry and what differs.  Who may set one, and when it holds, is
the server's matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.pack import (
    CUSTOMER,
    GROUPS,
    Category,
    CheckField,
    Exclusion,
    Factor,
    Level,
    Named,
    Pack,
)
from shoumi.engine.jurisdiction.periods import parse_period
from shoumi.engine.jurisdiction.values import Texts

LANGUAGES = ("zh", "ja", "en")
OWN = re.compile(r"OWN-[A-Z0-9]{1,12}")
LONGEST_NAME = 120
HIGHEST_WEIGHT = 100
LONGEST_DUE = 366  # days
RECORD_WHEN = ("yes", "no", "always", "never")


class OverrideUnknownError(InputError):
    """There is no such catalogue or entry, or a part of the value is missing."""

    code = "jurisdiction.override_unknown"
    message = "There is no “{item}” here; a new entry is called OWN- and capital letters or digits."


class OverrideNamesError(InputError):
    """The names are not complete."""

    code = "jurisdiction.override_names"
    message = "A name of at most 120 characters is needed in each of the three languages."


class OverrideNumberError(InputError):
    """The number lies outside."""

    code = "jurisdiction.override_number"
    message = "A whole number from {lowest} to {highest} is needed."


class OverrideMarkError(InputError):
    """The mark could be taken for another."""

    code = "jurisdiction.override_mark"
    message = "A mark reads neither like that of another level nor like a grade of the state's secrets."


class OverrideValueError(InputError):
    """The value does not fit the entry."""

    code = "jurisdiction.override_value"
    message = "This value does not fit the entry."


@dataclass(frozen=True, slots=True)
class Override:
    """One entry of a catalogue as the company has it; `value` is plain JSON."""

    catalogue: str
    item: str  # id of the entry; `LEVEL/step` for due days, `EXCLUSION/field` for fields
    value: Mapping[str, Any]


def override_checked(pack: Pack, override: Override) -> Override:
    """Return the override in its stored form.

    Raises:
        InputError: (a leaf of it) an unknown catalogue or entry, or a value that does not fit it.
    """
    try:
        value = CATALOGUES[override.catalogue].check(pack, override.item, override.value)
    except (KeyError, TypeError) as error:
        raise OverrideUnknownError(item=override.item) from error
    return Override(override.catalogue, override.item, value)


def pack_value(pack: Pack, catalogue: str, item: str) -> Mapping[str, Any]:
    """Return what the pack itself says about an entry, in the form of an override; empty for a new one."""
    return CATALOGUES[catalogue].default(pack, item)


def items_of(pack: Pack, catalogue: str) -> tuple[str, ...]:
    """Return the ids of a catalogue's entries, those of the company included if `pack` is its own."""
    return CATALOGUES[catalogue].items(pack)


def overlaid(pack: Pack, overrides: Iterable[Override]) -> Pack:
    """Return the pack with every override laid over it; the given pack stays as it is."""
    for override in overrides:
        pack = CATALOGUES[override.catalogue].lay(pack, override.item, override.value)
    return pack


@dataclass(frozen=True, slots=True)
class _Catalogue:
    items: Callable[[Pack], tuple[str, ...]]
    default: Callable[[Pack, str], Mapping[str, Any]]
    check: Callable[[Pack, str, Mapping[str, Any]], Mapping[str, Any]]
    lay: Callable[[Pack, str, Mapping[str, Any]], Pack]


def _names(value: Mapping[str, Any]) -> dict[str, str]:
    names = {code: " ".join(str(value.get(code, "")).split()) for code in LANGUAGES}
    if not all(names.values()) or max(map(len, names.values())) > LONGEST_NAME:
        raise OverrideNamesError
    return names


def _texts(value: Mapping[str, str]) -> Texts:
    return Texts(**{code: value[code] for code in LANGUAGES})


def _plain(texts: Texts) -> dict[str, str]:
    return {code: getattr(texts, code) for code in LANGUAGES}


def _whole(value: object, lowest: int, highest: int) -> int:
    text = str(value).strip()
    if not text.isdecimal() or len(text) > len(str(highest)) or not lowest <= int(text) <= highest:
        raise OverrideNumberError(lowest=lowest, highest=highest)
    return int(text)


def _one(rows: Iterable[Any], item: str) -> Any:  # noqa: ANN401 - an entry of any catalogue
    for row in rows:
        if row.id == item:
            return row
    raise KeyError(item)


def _swapped(rows: tuple[Any, ...], item: str, **changes: object) -> tuple[Any, ...]:
    return tuple(replace(row, **changes) if row.id == item else row for row in rows)


# --- categories: {names, group, used}


def _category_default(pack: Pack, item: str) -> dict[str, Any]:
    row: Category | None = next((row for row in pack.categories if row.id == item), None)
    return {"names": _plain(row.names), "group": row.group, "used": True} if row else {}


def _category_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    if not OWN.fullmatch(item):
        _one(pack.categories, item)
    own = _category_default(pack, item).get("group")
    group = CUSTOMER if own == CUSTOMER else value.get("group") or own
    if group not in GROUPS:
        raise OverrideValueError
    return {"names": _names(value["names"]), "group": group, "used": bool(value.get("used", True))}


def _category_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    names = _texts(value["names"])
    if not value["used"]:
        return replace(pack, categories=tuple(row for row in pack.categories if row.id != item))
    known = next((row for row in pack.categories if row.id == item), None)
    if known is not None:  # what the pack has about customers stays that: its questions hang on it
        group = CUSTOMER if known.group == CUSTOMER else value["group"]
        return replace(pack, categories=_swapped(pack.categories, item, names=names, group=group))
    nothing = MappingProxyType(dict.fromkeys(LANGUAGES, ()))
    return replace(pack, categories=(*pack.categories, Category(item, value["group"], names, nothing, ())))


# --- factors: {names, weight, required}


def _factor_default(pack: Pack, item: str) -> dict[str, Any]:
    row: Factor = _one(pack.factors, item)
    return {"names": _plain(row.names), "weight": row.weight, "required": row.required}


def _factor_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    row: Factor = _one(pack.factors, item)
    return {
        "names": _names(value["names"]),
        "weight": _whole(value.get("weight", row.weight), 1, HIGHEST_WEIGHT),
        "required": bool(value.get("required", row.required)),
    }


def _factor_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    changes = {"names": _texts(value["names"]), "weight": value["weight"], "required": value["required"]}
    return replace(pack, factors=_swapped(pack.factors, item, **changes))


# --- what totals a level needs: {percent}


def _threshold_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    found = {**pack.thresholds, item: _whole(value["percent"], 1, 100)}
    if item not in ("core", "important") or not found["core"] > found["important"] > 0:
        raise OverrideValueError
    return {"percent": found[item]}


def _threshold_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    return replace(pack, thresholds=MappingProxyType({**pack.thresholds, item: value["percent"]}))


# --- periods on offer: {codes}; one entry, `offered`


def _periods_check(_pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    codes = [parse_period(str(code)).code for code in value["codes"]]
    if item != "offered" or not codes:
        raise OverrideValueError
    return {"codes": list(dict.fromkeys(codes))}


def _periods_lay(pack: Pack, _item: str, value: Mapping[str, Any]) -> Pack:
    return replace(pack, periods=replace(pack.periods, offered=tuple(map(parse_period, value["codes"]))))


# --- kinds of knowledge scope: {names}


def _scope_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    return replace(pack, scope_kinds=_swapped(pack.scope_kinds, item, names=_texts(value["names"])))


def _scope_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    _one(pack.scope_kinds, item)
    return {"names": _names(value["names"])}


def _scope_default(pack: Pack, item: str) -> dict[str, Any]:
    row: Named = _one(pack.scope_kinds, item)
    return {"names": _plain(row.names)}


# --- fields of the exclusions: {names, record_when}; `IDN-X1/difference`, a new one is `IDN-X1/OWN-1`


def _field(pack: Pack, item: str) -> tuple[Exclusion, CheckField | None]:
    exclusion_id, _slash, field_id = item.partition("/")
    exclusion: Exclusion = _one(pack.exclusions, exclusion_id)
    return exclusion, next((field for field in exclusion.fields if field.id == field_id), None)


def _field_default(pack: Pack, item: str) -> dict[str, Any]:
    _exclusion, field = _field(pack, item)
    return {"names": _plain(field.names), "record_when": field.record_when} if field else {}


def _field_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    exclusion, field = _field(pack, item)
    when = value.get("record_when") or (field.record_when if field else "")
    if when not in RECORD_WHEN or (field is None and not OWN.fullmatch(item.partition("/")[2])):
        raise OverrideValueError
    if when == "never" and field is not None and field.id == exclusion.date_field:
        raise OverrideValueError
    return {"names": _names(value["names"]), "record_when": when}


def _field_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    exclusion, field = _field(pack, item)
    names, when, key = _texts(value["names"]), value["record_when"], item.partition("/")[2]
    fields = tuple(row for row in exclusion.fields if row.id != key)
    if when != "never":
        made = field or CheckField(key, "text", "", when, names)
        fresh = replace(made, names=names, record_when=when)
        at = next((at for at, row in enumerate(exclusion.fields) if row.id == key), len(fields))
        fields = (*fields[:at], fresh, *fields[at:])
    return replace(pack, exclusions=_swapped(pack.exclusions, exclusion.id, fields=fields))


# --- what a mark says: {names}; entries are the levels


def _mark_default(pack: Pack, item: str) -> dict[str, Any]:
    row: Level = _one(pack.levels, item)
    return {"names": _plain(row.labels)}


def _mark_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    _one(pack.levels, item)
    names = _names(value["names"])
    if any(word and word in text for word in pack.reserved_words for text in names.values()):
        raise OverrideMarkError
    others = [getattr(row.labels, code) for row in pack.levels if row.id != item for code in LANGUAGES]
    if set(names.values()) & set(others):
        raise OverrideMarkError
    return {"names": names}


def _mark_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    return replace(pack, levels=_swapped(pack.levels, item, labels=_texts(value["names"])))


# --- days in which a step is to be decided: {days}; `core/review`


def _step_items(pack: Pack) -> tuple[str, ...]:
    return tuple(f"{level.id}/{step.id}" for level in pack.levels for step in level.approval)


def _step_default(pack: Pack, item: str) -> dict[str, Any]:
    level, _slash, step = item.partition("/")
    return {"days": _one(_one(pack.levels, level).approval, step).due_days}


def _step_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    _step_default(pack, item)
    return {"days": _whole(value["days"], 1, LONGEST_DUE)}


def _step_lay(pack: Pack, item: str, value: Mapping[str, Any]) -> Pack:
    level_id, _slash, step = item.partition("/")
    steps = _swapped(_one(pack.levels, level_id).approval, step, due_days=value["days"])
    return replace(pack, levels=_swapped(pack.levels, level_id, approval=steps))


# --- who reads lines of a category in the secrets ledgers: {clearance}, cleared at least for this level


def _access_check(pack: Pack, item: str, value: Mapping[str, Any]) -> dict[str, Any]:
    _one(pack.categories, item)
    return {"clearance": _whole(value["clearance"], 0, 3)}


CATALOGUES: Mapping[str, _Catalogue] = MappingProxyType(
    {
        "categories": _Catalogue(
            lambda pack: tuple(row.id for row in pack.categories),
            _category_default,
            _category_check,
            _category_lay,
        ),
        "factors": _Catalogue(
            lambda pack: tuple(row.id for row in pack.factors), _factor_default, _factor_check, _factor_lay
        ),
        "thresholds": _Catalogue(
            lambda _pack: ("core", "important"),
            lambda pack, item: {"percent": pack.thresholds[item]},
            _threshold_check,
            _threshold_lay,
        ),
        "periods": _Catalogue(
            lambda _pack: ("offered",),
            lambda pack, _item: {"codes": [period.code for period in pack.periods.offered]},
            _periods_check,
            _periods_lay,
        ),
        "scope_kinds": _Catalogue(
            lambda pack: tuple(row.id for row in pack.scope_kinds), _scope_default, _scope_check, _scope_lay
        ),
        "exclusion_fields": _Catalogue(
            lambda pack: tuple(f"{row.id}/{field.id}" for row in pack.exclusions for field in row.fields),
            _field_default,
            _field_check,
            _field_lay,
        ),
        "marks": _Catalogue(
            lambda pack: tuple(row.id for row in pack.levels), _mark_default, _mark_check, _mark_lay
        ),
        "due_days": _Catalogue(_step_items, _step_default, _step_check, _step_lay),
        "archive_access": _Catalogue(
            lambda pack: tuple(row.id for row in pack.categories),
            lambda _pack, _item: {"clearance": 0},
            _access_check,
            lambda pack, _item, _value: pack,
        ),
    }
)
