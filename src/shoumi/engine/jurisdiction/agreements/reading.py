"""Reads single words, values of fields and facts from the YAML of agreements.

The shapes are those of `values`; a fault is remembered with its line and something harmless is read instead.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from shoumi.engine.errors import Phrase
from shoumi.engine.jurisdiction.agreements.values import FieldKind, FieldValue
from shoumi.engine.jurisdiction.reading import Entry

_Word = TypeVar("_Word", bound=StrEnum)
_SAMPLE: Final = date(2026, 1, 1)


def word(entry: Entry, name: str, words: type[_Word], otherwise: _Word) -> _Word:
    """Return a word of a fixed list."""
    value = entry.text(name, among=tuple(words))
    return words(value) if value in tuple(words) else otherwise


def field_value(entry: Entry, name: str, kind: FieldKind) -> FieldValue:
    """Return the example of a field."""
    if kind is FieldKind.DAY:
        return entry.day(name, required=True) or _SAMPLE
    if kind is FieldKind.PERIOD:
        return entry.period(name)
    if kind is FieldKind.LIST:
        words = entry.words(name)
        if not words:
            entry.fault(Phrase("“{name}” must be a list of texts", name=name), at=name)
        return words
    text = entry.text(name)
    if kind is FieldKind.TEXT:
        return text
    try:
        return Decimal(text)
    except InvalidOperation:
        entry.fault(Phrase("“{name}” must be an amount of money", name=name), at=name)
        return Decimal(0)
