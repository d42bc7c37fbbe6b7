"""Filters of a list: each reads its own GET parameters, narrows the rows, and says in words what it does.

A value that is not among the choices, or no date, is ignored: an old saved view must never break a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Label = str | Promise
Choices = Iterable[tuple[object, Label]] | Callable[[object], Iterable[tuple[object, Label]]]
Apply = Callable[[QuerySet, object], QuerySet]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as the form draws it."""

    value: str
    label: Label
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What all filters have: a key (its GET parameter), a label, and what it looks at."""

    kind: ClassVar[str] = ""

    key: str
    label: Label
    lookup: str = ""  # path of the field; empty: the key

    @property
    def field(self) -> str:
        """The path of the field that is looked at."""
        return self.lookup or self.key

    @property
    def parameters(self) -> Sequence[str]:
        """Names of the GET parameters that belong to this filter."""
        return (self.key,)


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of several values, or several at once with `many`; shown as a select or as boxes to tick.

    `choices` are pairs of value and label, or a function of the listing that returns them.
    `apply(rows, value)` replaces the plain comparison; with `many` it gets the list of values.
    """

    kind: ClassVar[str] = "choice"

    choices: Choices = ()
    many: bool = False
    apply: Apply | None = None

    def pairs(self, listing: object) -> list[tuple[str, Label]]:
        """Return the choices with their values as texts; a function is asked once for each listing."""
        kept = getattr(listing, "choices_kept", {})
        if self.key not in kept:
            choices = self.choices(listing) if callable(self.choices) else self.choices
            kept[self.key] = [(str(value), label) for value, label in choices]
        return kept[self.key]

    def chosen(self, parameters: QueryDict, listing: object) -> list[str]:
        """Return the values that were asked for and exist."""
        wanted = {value for value in parameters.getlist(self.key) if value}
        found = [value for value, _label in self.pairs(listing) if value in wanted] if wanted else []
        return found if self.many else found[:1]

    def narrow(self, rows: QuerySet, parameters: QueryDict, listing: object) -> QuerySet:
        """Return the rows that have one of the chosen values."""
        values = self.chosen(parameters, listing)
        if not values:
            return rows
        if self.apply is not None:
            return self.apply(rows, values if self.many else values[0])
        return rows.filter(**{f"{self.field}__in": values})

    def options(self, parameters: QueryDict, listing: object) -> list[Option]:
        """Return the choices for the form."""
        chosen = set(self.chosen(parameters, listing))
        return [Option(value, label, value in chosen) for value, label in self.pairs(listing)]

    def said(self, parameters: QueryDict, listing: object) -> str:
        """Return what was chosen in words, empty if nothing."""
        chosen = set(self.chosen(parameters, listing))
        return (
            " · ".join(str(label) for value, label in self.pairs(listing) if value in chosen)
            if chosen
            else ""
        )


@dataclass(frozen=True, slots=True)
class Text(Filter):
    """Part of a text, without regard to case."""

    kind: ClassVar[str] = "text"

    def narrow(self, rows: QuerySet, parameters: QueryDict, _listing: object) -> QuerySet:
        """Return the rows whose field contains the text."""
        text = self.said(parameters, None)
        return rows.filter(**{f"{self.field}__icontains": text}) if text else rows

    def said(self, parameters: QueryDict, _listing: object) -> str:
        """Return the text."""
        return parameters.get(self.key, "").strip()[:200]


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """A box to tick; `condition` (a Q, or a function of the listing that returns one) then holds."""

    kind: ClassVar[str] = "flag"

    condition: Q | Callable[[object], Q] | None = None

    def narrow(self, rows: QuerySet, parameters: QueryDict, listing: object) -> QuerySet:
        """Return the rows for which the condition holds, if the box is ticked."""
        if not self.said(parameters, listing):
            return rows
        condition = self.condition(listing) if callable(self.condition) else self.condition
        return rows.filter(condition if condition is not None else Q(**{self.field: True}))

    def said(self, parameters: QueryDict, _listing: object) -> str:
        """Return a word if the box is ticked."""
        return _("yes") if parameters.get(self.key) == "1" else ""


@dataclass(frozen=True, slots=True)
class DateRange(Filter):
    """From a day to a day, both included; `moments` says that the field holds times, not dates."""

    kind: ClassVar[str] = "dates"

    moments: bool = False

    @property
    def parameters(self) -> Sequence[str]:
        """Names of the GET parameters that belong to this filter."""
        return (f"{self.key}_from", f"{self.key}_to")

    def days(self, parameters: QueryDict) -> tuple[date | None, date | None]:
        """Return first and last day, None where nothing or no date was given."""
        first, last = (_day(parameters.get(name, "")) for name in self.parameters)
        return first, last

    def narrow(self, rows: QuerySet, parameters: QueryDict, _listing: object) -> QuerySet:
        """Return the rows whose day lies in the range, in the reader's zone."""
        first, last = self.days(parameters)
        if first is not None:
            rows = rows.filter(**{f"{self.field}__gte": _start(first) if self.moments else first})
        if last is not None and self.moments:
            rows = rows.filter(**{f"{self.field}__lt": _start(last + timedelta(days=1))})
        elif last is not None:
            rows = rows.filter(**{f"{self.field}__lte": last})
        return rows

    def said(self, parameters: QueryDict, _listing: object) -> str:
        """Return the range in words."""
        first, last = self.days(parameters)
        if first and last:
            return _("%(first)s to %(last)s") % {"first": first.isoformat(), "last": last.isoformat()}
        if first:
            return _("from %(first)s") % {"first": first.isoformat()}
        return _("until %(last)s") % {"last": last.isoformat()} if last else ""


@dataclass(frozen=True, slots=True)
class DrawnFilter:
    """A filter together with what was chosen, for the form."""

    item: Filter
    parameters: QueryDict
    listing: object

    @property
    def kind(self) -> str:
        """Which kind of field to draw."""
        return self.item.kind

    @property
    def key(self) -> str:
        """The name of the field."""
        return self.item.key

    @property
    def label(self) -> Label:
        """What is written beside it."""
        return self.item.label

    @property
    def many(self) -> bool:
        """Whether several may be chosen."""
        return bool(getattr(self.item, "many", False))

    @property
    def said(self) -> str:
        """What is chosen, in words."""
        return self.item.said(self.parameters, self.listing)

    @property
    def options(self) -> list[Option]:
        """The choices."""
        return self.item.options(self.parameters, self.listing)

    @property
    def first(self) -> str:
        """The first day of a range, as a date field wants it."""
        first, _last = self.item.days(self.parameters)
        return first.isoformat() if first else ""

    @property
    def last(self) -> str:
        """The last day of a range, as a date field wants it."""
        _first, last = self.item.days(self.parameters)
        return last.isoformat() if last else ""


def _day(text: str) -> date | None:
    """Return the date written as 2026-03-01, or None; the last day there is has no day after it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if date.min < day < date.max else None


def _start(day: date) -> datetime:
    """Return the moment in which `day` begins in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
