"""The lines of both secrets ledgers and their differences as lists."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Action, Resource, resources
from shoumi.engine.policy.facts import BookFacts
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, Listing, Preset, State
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.register.models import BookDifference, BookLine
from shoumi.server.register.models.books import ELECTRONIC, FIELDS, Side, StorageForm
from shoumi.server.register.queries.book_words import difference_words, field_labels, value_words
from shoumi.server.register.queries.books import RANKS, lines_visible_to
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.views.lists import LEVELS

ARCHIVES = (("paper", _("Paper archives")), ("electronic", _("Electronic archives")))
TONES = {"in_force": "good", "declassified": "off", "destroyed": "off"}
RANK = Case(
    *(When(level=level, then=Value(rank)) for level, rank in RANKS.items()),
    default=Value(0),
    output_field=IntegerField(),
)


def _said(field: str) -> object:
    return lambda row: value_words(pack_for(row.secret.pack), field, getattr(row, field))


def _archive(rows: QuerySet[BookLine], value: str) -> QuerySet[BookLine]:
    """Return the lines kept on paper, or in one of the electronic forms."""
    forms = (StorageForm.PAPER,) if value == "paper" else ELECTRONIC
    wanted = Q(pk__in=())
    for form in forms:
        wanted |= Q(storage_form__icontains=f'"{form}"')
    return rows.filter(wanted)


def _departments(listing: Listing) -> list[tuple[str, str]]:
    keys = listing.rows().order_by().values("secret__owner_department")
    return [(str(row.pk), row.name) for row in Department.objects.filter(pk__in=keys)]


def _entities(listing: Listing) -> list[tuple[str, str]]:
    keys = listing.rows().order_by().values("secret__entity")
    return [(str(row.pk), str(row)) for row in LegalEntity.objects.filter(pk__in=keys)]


class LineListing(Listing):
    """The lines of both books, for one user."""

    name = "register.book_lines"
    title = _("Lines of the secrets ledgers")
    columns = (
        Column("number", _("Number"), "secret.number", kind="mono", sort="secret__number"),
        Column("name", pgettext_lazy("of a thing", "Name"), sort="name", primary=True),
        Column("side", _("Book"), lambda row: row.get_side_display(), sort="side"),
        Column("level", _("Level"), kind="level", sort=RANK),
        Column("period", _("Confidentiality period"), _said("period"), sort="period"),
        Column("owner", _("Owner"), sort="owner"),
        Column("carrier_form", _("Form of the carriers"), _said("carrier_form"), shown=False),
        Column("storage_place", _("Storage place"), sort="storage_place"),
        Column("storage_form", _("Form of storage"), _said("storage_form"), shown=False),
        Column("keeper", _("Keeper"), sort="keeper"),
        Column("reading_scope", _("Reading scope"), shown=False),
        Column(
            "standing",
            _("State"),
            lambda row: State(row.get_standing_display(), TONES[row.standing]),
            kind="state",
            sort="standing",
        ),
        Column("entries", _("Entries"), "version", kind="number", sort="version", shown=False),
    )
    filters = (
        Choice("side", _("Book"), choices=Side.choices),
        Choice("level", _("Level"), choices=LEVELS, many=True),
        Choice(
            "department", _("Owner department"), "secret__owner_department", choices=_departments, many=True
        ),
        Choice("archive", _("Kind of archive"), choices=ARCHIVES, apply=_archive),
        Choice("standing", _("State"), choices=BookLine.Standing.choices),
        Choice("entity", _("Legal entity"), "secret__entity", choices=_entities),
        Flag(
            "differs",
            _("Differs from the other book"),
            condition=Q(Exists(BookDifference.objects.filter(secret=OuterRef("secret"), resolved_at=None))),
        ),
    )
    search_fields = ("name", "secret__number", "storage_place", "keeper")
    search_label = _("Name, number, place or keeper")
    default_sort = "number"
    presets = (
        Preset(_("Owner departments"), "side=owner"),
        Preset(_("Secrecy office"), "side=office"),
        Preset(_("With differences"), "differs=1"),
    )
    empty = Empty(
        _("No line yet"),
        _(
            "As soon as a trade secret is registered, it gets a line in the book of its owner department "
            "and one in the book of the secrecy office."
        ),
        icon="notebook",
    )
    export_action: ClassVar[Action] = Action.BOOK_EXPORT

    def rows(self) -> QuerySet[BookLine]:
        """Return the lines that the user may see."""
        return lines_visible_to(self.user)

    def row_url(self, row: object) -> str:
        """Return the page on which both books stand side by side."""
        return reverse("register:line_detail", args=[row.secret_id])

    def export_resource(self) -> Resource:
        """Return the whole company's books: who may see all of them takes this list out."""
        return resources.book("office:all", BOOKS_OF_ALL)


BOOKS_OF_ALL = BookFacts(Side.OFFICE)


def _pair(at: int) -> object:
    return lambda row: difference_words(row)[at]


class DifferenceListing(Listing):
    """Where the two books do not say the same."""

    name = "register.book_differences"
    title = _("Differences between the secrets ledgers")
    columns = (
        Column("number", _("Number"), "secret.number", kind="mono", sort="secret__number"),
        Column("name", pgettext_lazy("of a thing", "Name"), "secret.name", sort="secret__name", primary=True),
        Column("field", _("What differs"), _pair(0), sort="field"),
        Column("owner", _("Owner department"), _pair(1)),
        Column("office", _("Secrecy office"), _pair(2)),
        Column("found", _("Found"), "found_at", kind="moment", sort="found_at"),
        Column(
            "state",
            _("State"),
            lambda row: State(_("Resolved"), "good") if row.resolved_at else State(_("Open"), "bad"),
            kind="state",
            sort="resolved_at",
        ),
        Column("reason", _("Reason"), "resolved_by.reason", shown=False),
        Column("who", _("Resolved by"), "resolved_by.written_by", shown=False),
        Column("resolved", _("Resolved on"), "resolved_at", kind="moment", sort="resolved_at", shown=False),
    )
    filters = (
        Flag("open", _("Open only"), condition=Q(resolved_at=None)),
        Choice(
            "field",
            _("What differs"),
            choices=lambda _listing: [(key, label) for key, label in field_labels().items()],
            many=True,
        ),
        Choice(
            "department", _("Owner department"), "secret__owner_department", choices=_departments, many=True
        ),
        Choice("entity", _("Legal entity"), "secret__entity", choices=_entities),
        DateRange("found", _("Found"), "found_at", moments=True),
    )
    search_fields = ("secret__name", "secret__number")
    search_label = _("Name or number")
    default_sort = "-found"
    presets = (Preset(_("Open"), "open=1"),)
    empty = Empty(
        _("No difference was ever found"),
        _("The two books are compared every night, and whenever the secrecy office asks for it."),
        icon="equal",
    )
    export_action: ClassVar[Action] = Action.BOOK_EXPORT

    def rows(self) -> QuerySet[BookDifference]:
        """Return the differences about lines that the user may see."""
        rows = BookDifference.objects.select_related(
            "secret__entity", "secret__owner_department", "event", "resolved_by__written_by"
        )
        return rows.filter(secret__in=lines_visible_to(self.user).values("secret_id"))

    def row_url(self, row: object) -> str:
        """Return the page on which both books stand side by side."""
        return reverse("register:line_detail", args=[row.secret_id])

    def export_resource(self) -> Resource:
        """Return the whole company's books."""
        return resources.book("office:all", BOOKS_OF_ALL)


NINE = len(FIELDS)
