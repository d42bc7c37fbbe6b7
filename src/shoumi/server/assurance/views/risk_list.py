"""The risk register as a list, with the matrix of likelihood and impact above it."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from shoumi.engine.jurisdiction.assurance import load_assurance
from shoumi.engine.policy import Action, Resource
from shoumi.server.assurance.models import Risk
from shoumi.server.assurance.queries.risks import risk_matrix, risk_words, risks_visible_to
from shoumi.server.assurance.queries.scoping import RECORDING, entities_overseen, remit_resource
from shoumi.server.assurance.services.risk_tables import risks_export
from shoumi.server.assurance.views.framing import download
from shoumi.server.files.listing import (
    Choice,
    Column,
    DateRange,
    Empty,
    Flag,
    Listing,
    ListingView,
    Preset,
    State,
)
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department

TONES = {Risk.State.OPEN: "bad", Risk.State.TREATED: "good", Risk.State.CLOSED: "off"}
BANDS = {
    "high": (pgettext_lazy("risk", "High"), "bad"),
    "middle": (pgettext_lazy("risk", "Middle"), "waiting"),
    "low": (pgettext_lazy("risk", "Low"), "good"),
}


def band_of(risk: Risk) -> State:
    """Return how serious a risk is, in words."""
    table = load_assurance(risk.entity.pack).risks
    label, tone = BANDS[table.band(risk.likelihood * risk.impact)]
    return State(label, tone)


def words_of_codes(risk: Risk) -> dict[str, str]:
    """Return the words of channels and harms in the reader's language."""
    return risk_words(risk.entity, get_language() or "en")


def _channels(listing: Listing) -> list[tuple[str, str]]:
    del listing
    language = get_language() or "en"
    found: dict[str, str] = {}
    for pack in ("cn", "jp"):
        for item in load_assurance(pack).risks.channels:
            found.setdefault(item.id, item.names.in_language(language))
    return list(found.items())


def _harms(listing: Listing) -> list[tuple[str, str]]:
    del listing
    table = load_assurance("cn").risks
    return [(item.id, item.names.in_language(get_language() or "en")) for item in table.harms]


def _with_harm(rows: QuerySet[Risk], value: object) -> QuerySet[Risk]:
    return rows.filter(
        pk__in=[key for key, harms in rows.order_by().values_list("pk", "harms") if value in harms]
    )


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = Department.objects.filter(pk__in=listing.rows().order_by().values("department"))
    return [(str(row.pk), row.name) for row in rows]


class RiskListing(Listing):
    """The risk register, for one user."""

    name = "assurance.risks"
    title = gettext_lazy("Risk register")
    columns = (
        Column("number", gettext_lazy("Number"), lambda row: f"R{row.number}", kind="mono", sort="number"),
        Column("title", gettext_lazy("Risk"), sort="title", primary=True, sub="measures"),
        Column("band", gettext_lazy("Seriousness"), band_of, kind="state", sort="product"),
        Column(
            "channel", gettext_lazy("Channel"), lambda row: words_of_codes(row).get(row.channel, row.channel)
        ),
        Column("likelihood", gettext_lazy("Likelihood"), kind="number", sort="likelihood"),
        Column("impact", gettext_lazy("Impact"), kind="number", sort="impact"),
        Column("treatment", gettext_lazy("Treatment"), "get_treatment_display", shown=False),
        Column("owner", gettext_lazy("Risk owner"), "owner.name", sort="owner__name"),
        Column("review", gettext_lazy("To be reviewed by"), "review_on", kind="day", sort="review_on"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(row.get_state_display(), TONES[row.state]),
            kind="state",
            sort="state",
        ),
        Column("department", gettext_lazy("Department"), "department.name", shown=False),
        Column("entity", gettext_lazy("Legal entity"), "entity", shown=False),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Risk.State.choices, many=True),
        Choice("channel", gettext_lazy("Channel"), choices=_channels, many=True),
        Choice("harm", gettext_lazy("Harms"), choices=_harms, apply=_with_harm),
        Choice("department", gettext_lazy("Department"), choices=_departments),
        DateRange("review", gettext_lazy("To be reviewed by"), "review_on"),
        Flag(
            "overdue",
            gettext_lazy("Review overdue"),
            condition=lambda _listing: _overdue(),
        ),
        Flag("high", gettext_lazy("High"), condition=lambda _listing: _high()),
    )
    search_fields = ("title", "description", "measures")
    search_label = gettext_lazy("Risk or measure")
    default_sort = "-band"
    presets = (
        Preset(gettext_lazy("Open"), "state=open"),
        Preset(gettext_lazy("Review overdue"), "overdue=1"),
    )
    empty = Empty(
        gettext_lazy("No risk is registered yet"),
        gettext_lazy(
            "A risk says on which way a secret may leak, how likely that is, what harm would follow and "
            "what is done about it. Begin with the way you worry about most."
        ),
        url=reverse_lazy("assurance:risk_create", args=["what"]),
        action=gettext_lazy("Register a risk"),
        icon="alert-triangle",
    )
    export_action: ClassVar[Action] = Action.ASSURANCE_VIEW

    def rows(self) -> QuerySet[Risk]:
        """Return the risks that the user may see."""
        return risks_visible_to(self.user)

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user keeps the risk register of at least one legal entity."""
        return entities_overseen(self.user, RECORDING).exists()

    def export_resource(self) -> Resource:
        """Return the user's remit."""
        return remit_resource(self.user)


def _overdue() -> Q:
    return ~Q(state=Risk.State.CLOSED) & Q(review_on__lt=clock().now().date())


def _high() -> Q:
    return Q(product__gte=load_assurance("cn").risks.bands["high"]) & ~Q(state=Risk.State.CLOSED)


class RiskListView(ListingView):
    """The page of the risk register."""

    listing = RiskListing
    template_name = "assurance/risks/list.html"

    def export(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Return the filtered rows in the form that can be imported again."""
        form = request.POST.get("form", "")
        content = risks_export(actor=request.user, rows=listing.found, file_format=form)
        return download(content, f"risks-{clock().now():%Y-%m-%d}", form)

    def extra_context(self, listing: Listing) -> dict[str, object]:
        """Return the matrix."""
        counted = risk_matrix(listing.rows())
        bands = load_assurance("cn").risks
        matrix = [
            (
                impact,
                [
                    (likelihood, counted.get((likelihood, impact), 0), bands.band(likelihood * impact))
                    for likelihood in range(1, 6)
                ],
            )
            for impact in range(5, 0, -1)
        ]
        return {
            "matrix": matrix,
            "likelihoods": range(1, 6),
        }
