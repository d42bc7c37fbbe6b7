"""The declarative list: columns, filters, search, order, pages, kept views, bulk actions and export.

Subclass it, declare what it shows, and return the rows that `self.user` may see from `rows()`.  Everything
the person chose arrives as GET parameters, so every state of a list is an address that can be sent on.
Which rows somebody may see is not decided here; `rows()` must be scoped already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import ClassVar

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing.columns import Column
from shoumi.server.files.listing.filters import DrawnFilter, Filter
from shoumi.server.files.listing.guarding import closed_for
from shoumi.server.files.listing.saved import SavedView, views_for

Label = str | Promise
SEARCH, SORT, PAGE, SHOWN = "q", "sort", "page", "c"  # GET parameters of every list
LONGEST_SEARCH = 200  # characters
FEW = 500  # rows, whose keys a query may name
FILTERS_SHOWN = 4  # beside the search; the others stand behind a button


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list teaches: what would stand here, how it comes, and where to begin."""

    title: Label
    text: Label = ""
    url: str = ""
    action: Label = ""
    icon: str = "folder-open"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to the chosen rows by the listing's method `bulk_<key>(rows)`.

    The method returns a text to show, or a response of its own.  `confirm` is asked first.
    """

    key: str
    label: Label
    icon: str = ""
    confirm: Label = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A view that comes with the list: a label and the parameters behind it."""

    label: Label
    query: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of one column on the page."""

    column: Column
    url: str = ""  # sorts by it; empty: cannot be sorted
    direction: str = ""  # `ascending`, `descending` or empty


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, in words, with the address that takes it away."""

    label: Label
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row on the page."""

    key: str
    url: str
    cells: list[tuple[Column, str]] = field(default_factory=list)


class _Pages(Paginator):
    """Pages that are sorted and cut by key alone; whole rows are read for the page that is shown only."""

    def __init__(
        self, found: QuerySet, size: int, *, rows: QuerySet, count: int | None, searched: bool
    ) -> None:
        """Remember where whole rows come from, and how many were found where that is known already."""
        super().__init__(found, size)
        self.rows = rows
        self._searched = searched
        if count is not None:
            self.count = count

    @cached_property
    def count(self) -> int:
        """How many rows were found."""
        return self.object_list.count() if self._few is None else len(self._few)

    @cached_property
    def _few(self) -> list[object] | None:
        """The keys of all that a search found, in no order, or None for many: rows are searched only once."""
        if not self._searched:
            return None
        keys = list(self.object_list.order_by().values_list("pk", flat=True)[: FEW + 1])
        return keys if len(keys) <= FEW else None

    def page(self, number: int | str) -> Page:
        """Return the page with its rows, in the order of what was found."""
        page = super().page(number)
        first = (page.number - 1) * self.per_page
        keys = self._keys(first, min(first + self.per_page, self.count))
        rows = {row.pk: row for row in self.rows.order_by().filter(pk__in=keys)}
        page.object_list = [rows[key] for key in keys if key in rows]
        return page

    def _keys(self, first: int, last: int) -> list[object]:
        """Return the keys of the rows `first` to `last`, read from the nearer end.

        Of few rows all are read: asked for some, a database may look for them in the order of an index, and
        goes through the whole table where there are not as many.
        """
        found = self.object_list if self._few is None else self.object_list.filter(pk__in=self._few)
        keys = found.values_list("pk", flat=True)
        if self.count <= FEW:
            return list(keys)[first:last] if self.count else []
        if first < self.count // 2:
            return list(keys[first:last])
        return list(keys.reverse()[self.count - last : self.count - first])[::-1]


class Listing:
    """One list for one user and one set of parameters; see the module for how to make one."""

    name: ClassVar[str] = ""  # stable, such as `people.persons`: kept views and the ledger use it
    title: ClassVar[Label] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    search_fields: ClassVar[Sequence[str]] = ()  # paths; every word must be found in one of them
    search_label: ClassVar[Label] = ""
    default_sort: ClassVar[str] = ""  # key of a column, with `-` for descending
    page_size: ClassVar[int] = 50
    named: ClassVar[Sequence[str]] = ()  # the fields that `related` is asked for
    presets: ClassVar[Sequence[Preset]] = ()
    bulk: ClassVar[Sequence[BulkAction]] = ()
    empty: ClassVar[Empty] = Empty("")
    export_action: ClassVar[Action | None] = None  # None: this list is not exported

    def __init__(self, user: object, parameters: QueryDict) -> None:
        """Read nothing yet; `parameters` are those of the address."""
        self.user = user
        self.parameters = parameters
        self.choices_kept: dict[str, list[tuple[str, Label]]] = {}  # by filter, once they were asked for

    # ---- for subclasses ----

    def rows(self) -> QuerySet:
        """Return the rows that the user may see, with everything the columns show selected."""
        raise LookupError(type(self).__name__)

    def drawn(self) -> QuerySet:
        """Return the rows from which those of a page are read by keys that `rows` has found.

        A list whose scope is dear to ask leaves it out here, and selects and annotates as `rows` does.
        """
        return self.scoped

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows in which every word of `text` stands in one of `search_fields`."""
        for word in text.split():
            rows = rows.filter(reduce(Q.__or__, (Q(**{f"{f}__icontains": word}) for f in self.search_fields)))
        return rows

    def row_url(self, row: object) -> str:
        """Return where a row leads; empty for nowhere."""
        return row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""

    def export_resource(self) -> Resource:
        """Return what an export is asked permission for, together with `export_action`."""
        raise LookupError(type(self).__name__)

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user may do what the empty list invites to; a list that invites to something says."""
        return False

    def empty_now(self) -> Empty:
        """Return what to say when there are no rows at all."""
        return self.empty

    # ---- what was asked for ----

    @property
    def words(self) -> str:
        """The text searched for."""
        return self.parameters.get(SEARCH, "").strip()[:LONGEST_SEARCH]

    @cached_property
    def sort(self) -> str:
        """The order in force: a key of a sortable column, `-` before it for descending."""
        wanted = self.parameters.get(SORT, "")
        sortable = {column.key for column in self.columns if column.sort is not None}
        return wanted if wanted.removeprefix("-") in sortable else self.default_sort

    @cached_property
    def shown(self) -> list[Column]:
        """The columns to show, in their declared order."""
        wanted = set(self.parameters.getlist(SHOWN))
        chosen = [c for c in self.columns if c.key in wanted or c.fixed or c.primary] if wanted else []
        return chosen or [column for column in self.columns if column.shown]

    # ---- rows ----

    @cached_property
    def scoped(self) -> QuerySet:
        """The rows that the user may see, worked out once; functions of choices ask here."""
        return self.rows()

    def related(self, rows: QuerySet, field: str) -> QuerySet:
        """Return those of `rows` that some visible row names in `field`, for a filter's choices.

        SQLite looks for a first such row by the index of the field, choice by choice; PostgreSQL would read
        all visible rows each time, and so reads them once for all of `named`.

        Raises:
            ValueError: `field` is not among `named`, on any database.
        """
        place = self.named.index(field)
        if connection.vendor != "postgresql":
            return rows.filter(Exists(self.scoped.order_by().filter(**{field: OuterRef("pk")})))
        return rows.filter(pk__in={keys[place] for keys in self.keys_named})

    @cached_property
    def keys_named(self) -> list[tuple[object, ...]]:
        """What the visible rows name together in the fields of `named`, and how many rows name it."""
        return list(self.scoped.order_by().values_list(*self.named).annotate(rows_named=Count("pk")))

    @cached_property
    def found(self) -> QuerySet:
        """The rows after search and filters, in order."""
        rows = reduce(lambda held, item: item.narrow(held, self.parameters, self), self.filters, self.scoped)
        rows = self.search(rows, self.words) if self.words and self.is_searchable else rows
        key = self.sort.removeprefix("-")
        terms = next(
            (c.order(descending=self.sort.startswith("-")) for c in self.columns if c.key == key), []
        )
        return rows.order_by(*terms, "pk")

    @cached_property
    def page(self) -> Page:
        """The page asked for; one that does not exist becomes the nearest that does."""
        counted = self.named and not self.is_narrowed and connection.vendor == "postgresql"
        count = sum(keys[-1] for keys in self.keys_named) if counted else None
        searched = bool(self.words)
        pages = _Pages(self.found, self.page_size, rows=self.drawn(), count=count, searched=searched)
        return pages.get_page(self.parameters.get(PAGE))

    @property
    def total(self) -> int:
        """How many rows were found, over all pages."""
        return self.page.paginator.count

    def lines(self) -> Iterator[Line]:
        """Yield the rows of the page, drawn."""
        closed = closed_for(self.user)
        for row in self.page.object_list:
            cells = [(column, column.cell(row, closed)) for column in self.shown]
            yield Line(str(row.pk), self.row_url(row), cells)

    # ---- addresses ----

    def query(self, **changes: str | None) -> str:
        """Return the parameters in force with `changes`, sorted; None takes one away, and the page always."""
        known = {SEARCH, SORT, *(name for item in self.filters for name in item.parameters)}
        if self.shown != [column for column in self.columns if column.shown]:
            known.add(SHOWN)
        pairs = [(k, v) for k in sorted(known - {PAGE}) for v in self.parameters.getlist(k) if v.strip()]
        kept = [(key, value) for key, value in pairs if key not in changes]
        added = [(key, value) for key, value in changes.items() if value]
        result = QueryDict(mutable=True)
        for key, value in kept + added:
            result.appendlist(key, value)
        return result.urlencode()

    def headings(self) -> Iterator[Heading]:
        """Yield the heads of the columns shown."""
        key, descending = self.sort.removeprefix("-"), self.sort.startswith("-")
        for column in self.shown:
            if column.sort is None:
                yield Heading(column)
            elif column.key != key:
                yield Heading(column, "?" + self.query(sort=column.key))
            else:
                turned = column.key if descending else f"-{column.key}"
                direction = "descending" if descending else "ascending"
                yield Heading(column, "?" + self.query(sort=turned), direction)

    def chips(self) -> Iterator[Chip]:
        """Yield the filters in force."""
        for item in self.filters:
            if said := item.said(self.parameters, self):
                gone = dict.fromkeys(item.parameters)
                yield Chip(item.label, said, "?" + self.query(**gone))

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter is in force."""
        return bool(self.words) or any(item.said(self.parameters, self) for item in self.filters)

    # ---- for the templates ----

    @property
    def is_searchable(self) -> bool:
        """Whether there is a box to search in: fields are declared, or `search` is the list's own."""
        return bool(self.search_fields) or type(self).search is not Listing.search

    @property
    def chosen_sort(self) -> str:
        """The order that was asked for, empty while the list's own order holds."""
        return self.sort if self.parameters.get(SORT) else ""

    @property
    def query_prefix(self) -> str:
        """The parameters in force, ready for one more to follow."""
        query = self.query()
        return f"?{query}&" if query else "?"

    @property
    def query_without_search(self) -> str:
        """The parameters in force without the search."""
        return self.query(q=None)

    @property
    def page_numbers(self) -> list[int | str]:
        """The numbers of the pages to offer, with … where some are left out."""
        return list(self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1))

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        shown = {column.key for column in self.shown}
        return [(column, column.key in shown) for column in self.columns]

    @cached_property
    def drawn_filters(self) -> list[DrawnFilter]:
        """The filters as the form draws them."""
        return [DrawnFilter(item, self.parameters, self) for item in self.filters]

    @property
    def first_filters(self) -> list[DrawnFilter]:
        """The filters that stand beside the search; one more than fits is not worth a menu."""
        return (
            self.drawn_filters
            if len(self.filters) <= FILTERS_SHOWN + 1
            else self.drawn_filters[:FILTERS_SHOWN]
        )

    @property
    def more_filters(self) -> list[DrawnFilter]:
        """The others, behind a button."""
        return self.drawn_filters[len(self.first_filters) :]

    # ---- kept views ----

    @cached_property
    def saved(self) -> list[SavedView]:
        """The kept views that the user sees above the list."""
        return views_for(self.user, self.name)
