"""The list of breaches, with the clock of each that ends next."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from shoumi.engine.policy import Action, Resource
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, Preset
from shoumi.server.ledger.services import clock
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.queries.breaches import breaches_visible_to, countries_words, next_due, table_for
from shoumi.server.privacy.queries.visible import KEEPERS, entities_of, export_resource
from shoumi.server.privacy.queries.words import named
from shoumi.server.privacy.views.breaches.words import kinds_of, state_of
from shoumi.server.privacy.views.requests import BeginningListView


def _next(row: Breach) -> Any:
    return next_due(row, clock().now())


class BreachListing(Listing):
    """The breaches of the user's entities, and those the user answers for."""

    name = "privacy.breaches"
    title = gettext_lazy("Personal-data breaches")
    columns = (
        Column("title", gettext_lazy("Title"), "title", sort="title", primary=True),
        Column("state", gettext_lazy("State"), state_of, kind="state", sort="state"),
        Column("noticed", gettext_lazy("Noticed"), "noticed_at", kind="moment", sort="noticed_at"),
        Column("next", gettext_lazy("Next clock ends"), _next, kind="moment"),
        Column("persons", gettext_lazy("Number of persons"), "persons", kind="number", sort="persons"),
        Column(
            "cause",
            gettext_lazy("Cause"),
            lambda row: named(table_for(row.entity.country).causes, row.cause),
            sort="cause",
        ),
        Column("kinds", gettext_lazy("Kinds of data"), kinds_of, shown=False),
        Column("countries", gettext_lazy("Countries of the persons"), countries_words, shown=False),
        Column("legal", gettext_lazy("Answerable for the law"), "legal_owner", shown=False),
        Column("security", gettext_lazy("Answerable for security"), "security_owner", shown=False),
        Column("closed", gettext_lazy("Closed"), "closed_at", kind="moment", sort="closed_at", shown=False),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Breach.State.choices, many=True),
        DateRange("noticed", gettext_lazy("Noticed"), "noticed_at"),
    )
    presets = (Preset(gettext_lazy("Not closed"), "state=open&state=closing"),)
    search_fields = ("title", "what")
    default_sort = "-noticed"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("No breach is recorded"),
        gettext_lazy(
            "Report one as soon as it is noticed: the clocks of the law run from then; a playbook is ready."
        ),
        icon="shield-x",
    )

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user reports breaches."""
        return entities_of(self.user, KEEPERS).exists()

    def rows(self) -> QuerySet[Breach]:
        """Return what the user may know of."""
        return breaches_visible_to(self.user).prefetch_related("assessments", "notices")

    def row_url(self, row: Breach) -> str:
        """Return the page of a breach."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class BreachListView(BeginningListView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = BreachListing
    begin = ("privacy:breach_begin", gettext_lazy("Report a breach"))
    roles = KEEPERS
