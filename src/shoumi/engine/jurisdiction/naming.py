"""Understands the words companies write in their own ledgers: levels, categories, periods.

Source: labels, names and `spellings` of the packs.  Blanks, case and full-width letters do not matter;
nothing is guessed, an unknown word is refused with what is known.  Dates are the reader's task.
"""

from __future__ import annotations

import re
import unicodedata

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.levels import UnknownLevelError
from shoumi.engine.jurisdiction.pack import Category, Level, Named, Pack
from shoumi.engine.jurisdiction.periods import Period, PeriodFormError, PeriodKind, parse_period


class ReservedLevelError(InputError):
    """The word grades secrets of the state; a company must not use it."""

    code = "jurisdiction.reserved_level"
    message = "“{text}” grades secrets of the state and is no level here; the levels are {known}."


class UnknownCategoryError(InputError):
    """There is no such category."""

    code = "jurisdiction.unknown_category"
    message = "“{text}” is no category; use a code or a name from the list of categories."


def level_named(pack: Pack, text: str) -> Level:
    """Return the level that `text` names: id, label, name or known spelling.

    Raises:
        ReservedLevelError: the word grades secrets of the state.
        UnknownLevelError: no level is called so.
    """
    word = _folded(text)
    known = ", ".join(level.labels.en for level in pack.levels)
    if word in {_folded(reserved) for reserved in pack.reserved_words}:
        raise ReservedLevelError(text=text.strip(), known=known)
    for level in pack.levels:
        names = (level.id, *_three(level), *level.spellings)
        if word and word in {_folded(name) for name in names}:
            return level
    raise UnknownLevelError(text=text.strip(), known=known)


def category_named(pack: Pack, text: str) -> Category:
    """Return the category that `text` names: code, name or known spelling.

    Raises:
        UnknownCategoryError: no category is called so.
    """
    word = _folded(text)
    for category in pack.categories:
        names = (category.id, *_names(category), *category.spellings)
        if word and word in {_folded(name) for name in names}:
            return category
    raise UnknownCategoryError(text=text.strip())


def period_named(pack: Pack, text: str) -> Period:
    """Return the period that `text` names: a code, a word such as 长期, or counts such as 1年6个月.

    Raises:
        PeriodFormError: it is no period; days of the calendar are read elsewhere.
    """
    try:
        return parse_period(text.strip())
    except PeriodFormError:
        word = _folded(text)
    for kind in pack.periods.kinds:
        if word in {_folded(name) for name in (*_names(kind), *kind.spellings)}:
            return parse_period(kind.id)  # refuses the kinds that need a number or a day
    counts: dict[str, int] = {}
    parts = re.findall(r"(\d{1,4})(\D+)", word)
    if "".join(number + unit for number, unit in parts) == word:
        for number, unit in parts:
            names = [name for name, spelled in pack.periods.units.items() if unit in map(_folded, spelled)]
            if len(names) != 1 or names[0] in counts:
                raise PeriodFormError(text=text.strip())
            counts[names[0]] = int(number)
    if not any(counts.values()):
        raise PeriodFormError(text=text.strip())
    years, months, days = (counts.get(unit, 0) for unit in ("years", "months", "days"))
    return Period(PeriodKind.SPAN, years=years, months=months, days=days)


def _three(level: Level) -> tuple[str, ...]:
    return (*(getattr(level.labels, code) for code in ("zh", "ja", "en")), *_names(level))


def _names(item: Category | Level | Named) -> tuple[str, ...]:
    return (item.names.zh, item.names.ja, item.names.en)


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
