"""The list of agreements with search, filters and export; personal names only, no content."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.policy import Action, Resource
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import kind_choices, kind_words
from shoumi.server.agreements.queries.visible import (
    PREPARERS,
    agreements,
    agreements_visible_to,
    entities_of,
)
from shoumi.server.agreements.views.asking import TONES
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, Preset, State
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import company_resource, entity_resource
from shoumi.server.people.readings import words_of


def _kind(row: Agreement) -> str:
    return kind_words(row.entity.pack, row.kind)


def _state(row: Agreement) -> State:
    return State(row.get_state_display(), TONES[row.state])


def _kinds(listing: Listing) -> list[tuple[object, str]]:
    del listing
    return list(dict(row for pack in ("cn", "jp") for row in kind_choices(pack)).items())


def _entities(listing: Listing) -> list[tuple[object, str]]:
    del listing
    return [(row.pk, row.name) for row in LegalEntity.objects.all()]


class AgreementListing(Listing):
    """The agreements of which the user may know."""

    name = "agreements.agreements"
    title = _("Agreements")
    columns = (
        Column(
            "party",
            _("Party"),
            "party",
            about="person",
            sort=("person__reading", "person__name", "party_name"),
            primary=True,
        ),
        Column("kind", _("Kind of agreement"), _kind, sort="kind"),
        Column("state", _("State"), _state, kind="state", sort="state"),
        Column("offered_at", _("Offered"), kind="moment", sort="offered_at"),
        Column("in_force_from", _("In force from"), kind="day", sort="in_force_from"),
        Column("ends_on", _("Last day"), kind="day", sort="ends_on"),
        Column("edition", _("Edition of the library"), "library.edition", shown=False),
        Column("sha256", _("SHA-256 of the PDF"), "pdf.sha256", kind="mono", shown=False),
        Column("entity", _("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("state", _("State"), choices=Agreement.State.choices, many=True),
        Choice("kind", _("Kind of agreement"), choices=_kinds, many=True),
        Choice("entity", _("Legal entity"), choices=_entities, many=True),
        DateRange("ends_on", _("Last day")),
    )
    search_label = _("Name, number or other party")
    presets = (
        Preset(pgettext_lazy("agreements", "Waiting for signatures"), "state=offered&state=signed"),
        Preset(pgettext_lazy("agreements", "Refused"), "state=refused"),
    )
    export_action = Action.AGREEMENT_EXPORT
    empty = Empty(
        _("There are no agreements yet"),
        _("Prepare the first one from a person's facts: the clauses come from the library of their country."),
        icon="writing-sign",
    )

    def rows(self) -> QuerySet[Agreement]:
        """Return what the user may know of."""
        return agreements_visible_to(self.user)

    def drawn(self) -> QuerySet[Agreement]:
        """Return the same without asking again who may see them, and without the library of each."""
        return agreements().defer("library__form")

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the rows that hold every word in the person's search words or the party's name."""
        for word in words_of(text):
            rows = rows.filter(Q(person__search__contains=word) | Q(party_name__icontains=word))
        return rows

    def export_resource(self) -> Resource:
        """Return the entity if all rows belong to one, else the company."""
        found = LegalEntity.objects.filter(pk__in=self.rows().order_by().values("entity"))[:2]
        return entity_resource(found[0]) if len(found) == 1 else company_resource()


class AgreementListView(ListingView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = AgreementListing
    template_name = "agreements/list.html"

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Say whether the user may begin one."""
        del listing
        return {"may_prepare": entities_of(self.request.user, PREPARERS).exists()}
