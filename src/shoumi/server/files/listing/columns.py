"""Columns of a list: where a value comes from, how it is shown, sorted and exported.

A column never reads the database itself: whatever it shows must be in the rows that the listing selected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Literal

from django.db.models import F, Model
from django.db.models.expressions import BaseExpression, Combinable, OrderBy
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from shoumi.server.accounts.templatetags.shoumi import NOTHING, day, level_label, masked, moment
from shoumi.server.files.listing.guarding import Closed

Label = str | Promise
Kind = Literal["text", "number", "day", "moment", "level", "state", "masked", "mono"]
Sort = str | Combinable | tuple[str | Combinable, ...]
Cell = str | int | float | bool | date | datetime | timedelta | None  # what an export writes


@dataclass(frozen=True, slots=True)
class State:
    """A state in words, with the tone of its dot: `waiting`, `good`, `bad`, `active` or `off`."""

    text: Label
    tone: str = "off"

    def __str__(self) -> str:
        """Return the words, as an export shows them."""
        return str(self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `value` is a dotted path (`owner_department.name`) or a function of the row; by default the key.
    `template` draws the cell with `row` and `value`; without it `kind` decides.  `primary` is the cell
    that names the row and links to it.  `shown=False` offers the column and does not show it at first.
    """

    key: str
    label: Label
    value: str | Callable[[object], object] | None = None
    kind: Kind = "text"
    sort: Sort | None = None
    sort_nulls: bool = True  # False: every row has a value, so that an index can give the order
    template: str = ""
    primary: bool = False
    shown: bool = True
    fixed: bool = False  # cannot be switched off
    sub: str | Callable[[object], object] | None = None  # a second, quieter line in the same cell
    about: str = ""  # path to whom the cell tells of, where its own path does not pass them

    def read(self, row: object) -> object:
        """Return the raw value of the column in `row`."""
        return _read(row, self.key if self.value is None else self.value)

    def is_hidden(self, row: object, value: object, closed: Closed | None) -> bool:
        """Tell whether a guard closes what the cell is read from.

        That is the value, whom the column is `about`, and for words also the row and all on the path to them.
        """
        if closed is None or not isinstance(value, str | Promise | Model):
            return False
        path = self.about or (
            "" if isinstance(value, Model) else self.key if self.value is None else self.value
        )
        passed = _passed(row, path) if isinstance(path, str) and path else ()
        return any(closed(thing) for thing in (value, *passed))

    def cell(self, row: object, closed: Closed | None = None) -> SafeString | str:
        """Return the markup inside the cell."""
        value = self.read(row)
        if self.is_hidden(row, value, closed):
            return masked(str(value))
        if self.template:
            return get_template(self.template).render({"row": row, "value": value})
        drawn = DRAW.get(self.kind, _plain)(value)
        if self.sub is None:
            return drawn
        second = _read(row, self.sub)
        return format_html('{}<span class="sub">{}</span>', drawn, second) if second else drawn

    def exported(self, row: object, closed: Closed | None = None) -> Cell:
        """Return what an export writes: plain values, times without zone in the reader's zone."""
        value = self.read(row)
        if self.is_hidden(row, value, closed):
            return masked(str(value)) if value else None
        if self.kind == "masked":
            return masked(str(value)) if value else None
        if self.kind == "level":
            return level_label(str(value)) if value else None
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        return value if value is None or isinstance(value, int | float | date) else str(value)

    @property
    def css(self) -> str:
        """Return the classes of the cell."""
        names = ["primary-cell"] if self.primary else []
        return " ".join([*names, *([self.kind] if self.kind in {"number", "mono"} else [])])

    def order(self, *, descending: bool) -> list[OrderBy]:
        """Return the terms for `order_by`; rows without a value always stand last."""
        terms = self.sort if isinstance(self.sort, tuple) else (self.sort,)
        expressions = [F(term) if isinstance(term, str) else term for term in terms if term is not None]
        last = True if self.sort_nulls else None  # said only where needed: no index is kept in that order
        return [
            term.desc(nulls_last=last) if descending else term.asc(nulls_last=last)
            for term in expressions
            if isinstance(term, F | BaseExpression)
        ]


def _read(row: object, source: str | Callable[[object], object]) -> object:
    """Follow a dotted path, to a method such as `get_kind_display` too, or call the function.

    A missing link gives None.
    """
    if callable(source):
        return source(row)
    found = reduce(lambda held, name: getattr(held, name, None), source.split("."), row)
    return found() if callable(found) else found


def _passed(row: object, path: str) -> Iterator[object]:
    """Yield the row and each thing on a dotted path."""
    yield row
    held = row
    for name in path.split("."):
        held = getattr(held, name, None)
        if isinstance(held, Model):
            yield held


def _plain(value: object) -> str:
    """Return escaped text, a dash for nothing."""
    return NOTHING if value is None or value == "" else conditional_escape(value)


def _level(value: object) -> SafeString | str:
    """Draw the level's badge."""
    return render_to_string("console/_level.html", {"level": value}) if value else NOTHING


def _state(value: object) -> SafeString | str:
    """Draw a `State`; anything else as a quiet tag."""
    if not value:
        return NOTHING
    tone = value.tone if isinstance(value, State) else "off"
    return format_html('<span class="state state-{}">{}</span>', tone, value)


DRAW: dict[str, Callable[..., SafeString | str]] = {
    "day": day,
    "moment": moment,
    "level": _level,
    "state": _state,
    "masked": masked,
}
