"""Writes the values of fields in the country's language, and takes those that follow from facts.

Source of the forms: the `forms` of each pack's library.  A value of another type than its field's, a blank
one, or one that looks like a place itself is refused, so that no text is ever half filled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.agreements.conditions import value_names
from shoumi.engine.jurisdiction.agreements.values import (
    NON_COMPETE_FIELDS,
    Facts,
    FactValue,
    Field,
    FieldKind,
    FieldValue,
    Forms,
    Library,
)
from shoumi.engine.jurisdiction.documents import filled
from shoumi.engine.jurisdiction.noncompete import Agreement, load_non_compete
from shoumi.engine.jurisdiction.noncompete.money import amount
from shoumi.engine.jurisdiction.periods import Period, PeriodKind

_UNFIT: Final = re.compile(r"[{}\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_HAN: Final = "〇一二三四五六七八九"
_TEN: Final = 10


class UnknownFieldError(InputError):
    """The library has no such field, or its value follows from facts and is not told."""

    code = "jurisdiction.agreement_unknown_field"
    message = "The field “{field}” is not one that is filled in; there are {known}."


class FieldValueError(InputError):
    """The value does not fit the field."""

    code = "jurisdiction.agreement_field"
    message = "The value of “{field}” must be a {kind}, whole and on one line, without braces."


def written_fields(library: Library, facts: Facts) -> Mapping[str, str]:
    """Return every field that has a value, written out.

    Raises:
        UnknownFieldError: a value for a field that is not filled in by the caller.
        FieldValueError: a value does not fit its field.
    """
    open_fields = [each.id for each in library.fields.values() if not each.origin]
    for name in facts.values:
        if name not in open_fields:
            raise UnknownFieldError(field=name, known=", ".join(open_fields))
    values: dict[str, FieldValue] = dict(facts.values)
    for field in library.fields.values():
        value = _derived(library, field, facts)
        if value is not None:
            values[field.id] = value
    return MappingProxyType(
        {name: written(library.forms, library.fields[name], value) for name, value in values.items()}
    )


def non_compete_facts(agreement: Agreement | None) -> Mapping[str, FactValue]:
    """Return the facts that follow from an agreement on non-competition; none without one."""
    if agreement is None:
        return MappingProxyType({})
    paid = "amount" if agreement.monthly is not None else "share" if agreement.percent is not None else "none"
    return MappingProxyType({"nc_pay": paid, "nc_penalty": agreement.penalty is not None})


def clause_label(forms: Forms, number: int) -> str:
    """Return how the clause of this number, below 100, is called."""
    return filled(forms.clause, {"number": _han(number) if forms.han_numerals else str(number)})


def written(forms: Forms, field: Field, value: FieldValue) -> str:
    """Return the value as it stands in the text.

    Raises:
        FieldValueError: it does not fit the field.
    """
    text = _written(forms, field.kind, value)
    if text is None:
        raise FieldValueError(field=field.id, kind=str(field.kind))
    return text


def _written(forms: Forms, kind: FieldKind, value: FieldValue) -> str | None:
    """Return the text of a value, None if it has another kind."""
    if kind is FieldKind.TEXT and isinstance(value, str):
        return _line(value)
    if kind is FieldKind.LIST and isinstance(value, tuple) and value:
        lines = [_line(item) if isinstance(item, str) else None for item in value]
        return None if None in lines else forms.joint.join(line for line in lines if line)
    if kind is FieldKind.DAY and isinstance(value, date) and not isinstance(value, datetime):
        return _day(forms, value)
    if kind is FieldKind.MONEY and isinstance(value, Decimal) and value.is_finite() and value >= 0:
        return filled(forms.money, {"amount": f"{value:,f}"})
    if kind is FieldKind.PERIOD and isinstance(value, Period):
        return _period(forms, value)
    return None


def _line(text: str) -> str | None:
    stripped = text.strip()
    return stripped if stripped and not _UNFIT.search(stripped) else None


def _day(forms: Forms, day: date) -> str:
    return filled(forms.day, {"year": str(day.year), "month": str(day.month), "day": str(day.day)})


def _period(forms: Forms, period: Period) -> str:
    if period.until:
        return filled(forms.until, {"day": _day(forms, period.until)})
    if period.kind is not PeriodKind.SPAN:
        return forms.long_term if period.kind is PeriodKind.LONG_TERM else forms.until_publication
    parts = ((forms.years, period.years), (forms.months, period.months), (forms.days, period.days))
    return "".join(filled(form, {"number": str(number)}) for form, number in parts if number)


def _derived(library: Library, field: Field, facts: Facts) -> FieldValue | None:
    """Return the value that follows from a fact or from the agreement on non-competition."""
    room, _dot, name = field.origin.partition(".")
    if not room:
        return None
    if name:
        return _of_agreement(library.pack, name, facts.non_compete) if name in NON_COMPETE_FIELDS else None
    if room not in facts.known:
        return None
    names = value_names(library, room, facts.known[room])
    return names.in_language(library.language) if names else None


def _of_agreement(pack_id: str, name: str, agreement: Agreement | None) -> FieldValue | None:
    if agreement is None:
        return None
    if name == "percent":
        return None if agreement.percent is None else f"{agreement.percent.normalize():f}%"
    value: FieldValue | None = getattr(agreement, name)
    if isinstance(value, Decimal):  # as it was checked
        return amount(value, load_non_compete(pack_id).digits)
    return value.strip() or None if isinstance(value, str) else value


def _han(number: int) -> str:
    tens, ones = divmod(number, _TEN)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_HAN[tens]}十"
    return head + (_HAN[ones] if ones else "")
