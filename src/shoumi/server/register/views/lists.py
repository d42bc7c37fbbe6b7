"""The register as a list: columns, filters, search, ready-made views, labels and exports for what was chosen.

The pattern is that of `files.listing`; which rows somebody sees is `queries.secrets`' matter.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import ClassVar

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.loading import pack_ids
from shoumi.engine.policy import Action
from shoumi.server.files.listing import (
    BulkAction,
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
from shoumi.server.people.models import Department, LegalEntity, Person
from shoumi.server.people.queries import department_resource
from shoumi.server.register.models import CatalogueEntry, MarkingTask, TradeSecret
from shoumi.server.register.queries.catalogues import company_pack
from shoumi.server.register.queries.choosing import any_department
from shoumi.server.register.queries.secrets import secrets_found, secrets_visible_to
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.queries.words import GROUP_WORDS, category_words, period_words
from shoumi.server.register.services.documents import labels_print
from shoumi.server.register.services.exports import register_export
from shoumi.server.register.templatetags.register import TONES
from shoumi.server.register.views.documents import pdf

EXPIRING_DAYS = 90
LIVE = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)
LEVELS = (("core", _("Core")), ("important", _("Important")), ("general", _("General")))
RANK = Case(
    *(When(level=level, then=Value(rank)) for level, rank in (("core", 3), ("important", 2), ("general", 1))),
    default=Value(0),
    output_field=IntegerField(),
)


OWN_ENTRIES = CatalogueEntry.objects.filter(
    entity=OuterRef("entity"),
    catalogue=CatalogueEntry.Catalogue.CATEGORIES,
    item=OuterRef("category"),
    confirmed_at__isnull=False,
    replaced_at=None,
)
OWN_CATEGORY = Subquery(OWN_ENTRIES.values("value__names")[:1])


def _state(row: TradeSecret) -> State:
    return State(row.get_state_display(), TONES[row.state])


def _category(row: TradeSecret) -> str:
    if row.own_category:  # the company's own name for it, or its own category
        return str(row.own_category.get((get_language() or "en")[:2], row.category))
    return category_words(pack_for(row.pack), row.category) if row.category else ""


def _categories(listing: Listing) -> list[tuple[str, str]]:
    entities = listing.related(LegalEntity.objects.all(), "entity")
    known = [company_pack(row.pk, row.pack) for row in entities] or [pack_for("cn")]
    words = {item.id: category_words(pack, item.id) for pack in known for item in pack.categories}
    return list(words.items())


def _of_groups(rows: QuerySet, values: object) -> QuerySet:
    """Return the secrets of kinds of information: by their category in the pack, or the company's own."""
    wanted = list(values)  # type: ignore[call-overload]
    known = {item.id for name in pack_ids() for item in load_pack(name).categories if item.group in wanted}
    own = OWN_ENTRIES.filter(value__group__in=wanted)
    return rows.filter(Q(category__in=known) | Exists(own))


def _departments(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(Department.objects.all(), "owner_department")
    return [(str(row.pk), row.name) for row in rows]


def _entities(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(LegalEntity.objects.all(), "entity")
    return [(str(row.pk), str(row)) for row in rows]


def _custodians(listing: Listing) -> list[tuple[str, str]]:
    rows = listing.related(Person.objects.all(), "custodian")
    return [(str(row.pk), str(row)) for row in rows]


def _expiring(_listing: Listing) -> Q:
    today = clock().now().date()
    return Q(
        state__in=LIVE, period_ends_on__gte=today, period_ends_on__lte=today + timedelta(days=EXPIRING_DAYS)
    )


def _mine(listing: Listing) -> Q:
    return Q(proposer=listing.user) | Q(custodian__user=listing.user)


class SecretListing(Listing):
    """The register, for one user."""

    name = "register.secrets"
    title = _("Register of trade secrets")
    columns = (
        Column("number", _("Number"), kind="mono", sort="number"),
        Column(
            "name",
            pgettext_lazy("of a thing", "Name"),
            sort="name",
            sort_nulls=False,
            primary=True,
            sub="description_line",
        ),
        Column("level", _("Level"), kind="level", sort=RANK, sort_nulls=False),
        Column("state", _("State"), _state, kind="state", sort="state", sort_nulls=False),
        Column(
            "department",
            _("Owner department"),
            "owner_department.name",
            sort="owner_department__name",
            sort_nulls=False,
        ),
        Column("custodian", _("Custodian"), "custodian.name", sort="custodian__name"),
        Column("period", _("Confidentiality period"), lambda row: period_words(row.period), sort="period"),
        Column("ends", _("Last secret day"), "period_ends_on", kind="day", sort="period_ends_on"),
        Column("category", _("Category"), _category, sort="category", shown=False),
        Column("entity", _("Legal entity"), "entity", sort="entity__code", shown=False),
        Column(
            "proposer", _("Proposer"), "proposer.display_name", sort="proposer__display_name", shown=False
        ),
        Column(
            "registered", _("Registered"), "registered_at", kind="moment", sort="registered_at", shown=False
        ),
        Column(
            "changed",
            _("Last changed"),
            "updated_at",
            kind="moment",
            sort="updated_at",
            sort_nulls=False,
            shown=False,
        ),
    )
    filters = (
        Choice("state", _("State"), choices=TradeSecret.State.choices, many=True),
        Choice("level", _("Level"), choices=LEVELS, many=True),
        Choice("department", _("Owner department"), "owner_department", choices=_departments, many=True),
        Choice(
            "group", _("Kind of information"), choices=tuple(GROUP_WORDS.items()), many=True, apply=_of_groups
        ),
        Choice("category", _("Category"), choices=_categories, many=True),
        Choice("custodian", _("Custodian"), choices=_custodians),
        Choice("entity", _("Legal entity"), choices=_entities),
        DateRange("ends", _("Last secret day"), "period_ends_on"),
        Flag("expiring", _("Period ends within 90 days"), condition=_expiring),
        Flag("mine", _("Only mine"), condition=_mine),
        Flag(
            "marks",
            _("Marks are missing"),
            condition=Exists(MarkingTask.objects.filter(secret=OuterRef("pk"), done_at=None)),
        ),
    )
    named = ("owner_department", "custodian", "entity")
    search_label = _("Name, number or description")
    default_sort = "-changed"
    presets = (
        Preset(_("Registered"), "state=registered&state=changing"),
        Preset(
            _("In progress"),
            "state=draft&state=returned&state=proposed&state=under_review&state=awaiting_approval",
        ),
        Preset(_("Period ends soon"), "expiring=1&sort=ends"),
        Preset(_("Mine"), "mine=1"),
    )
    bulk = (
        BulkAction("labels", _("Print labels"), icon="tag"),
        BulkAction("export", _("Export the chosen rows"), icon="download"),
    )
    export_action: ClassVar[Action] = Action.SECRET_EXPORT

    def rows(self) -> QuerySet[TradeSecret]:
        """Return the secrets that the user may see."""
        return secrets_visible_to(self.user).annotate(own_category=OWN_CATEGORY)

    def search(self, rows: QuerySet, text: str) -> QuerySet:
        """Return the secrets in whose words every word of `text` stands."""
        return secrets_found(rows, text)

    def row_url(self, row: object) -> str:
        """Return the secret's page."""
        return reverse("register:secret_detail", args=[row.pk])

    @cached_property
    def may_begin(self) -> bool:
        """Whether the user proposes secrets for at least one department."""
        return any_department(self.user, Action.SECRET_PROPOSE, department_resource)

    @property
    def shows_standards(self) -> bool:
        """Whether the user belongs to the company whose catalogues these are: outside counsel does not."""
        return not self.scoped.query.is_empty()

    def empty_now(self) -> Empty:
        """Teach how a secret comes into the register."""
        if self.is_narrowed:
            return Empty(
                _("No secret fits"), _("Take a filter away, or search for another word."), icon="search"
            )
        text = _(
            "A trade secret is proposed by the department in which it came into being, reviewed by the "
            "secrecy office and approved by a leader. An older register can be imported from a spreadsheet."
        )
        return Empty(
            _("No trade secret is registered yet"),
            text,
            url=reverse("register:secret_propose"),
            action=_("Propose a trade secret"),
            icon="shield-lock",
        )

    def bulk_labels(self, rows: list[TradeSecret]) -> HttpResponse:
        """Return the labels of the chosen secrets as one PDF."""
        return pdf(labels_print(actor=self.user, secrets=rows), "labels.pdf")

    def bulk_export(self, rows: list[TradeSecret]) -> HttpResponse:
        """Return the chosen secrets as a workbook that can be imported again."""
        content = register_export(actor=self.user, rows=rows, form="xlsx")
        return table(content, "xlsx")


class SecretListView(ListingView):
    """The register's page."""

    listing = SecretListing
    template_name = "register/list.html"

    def export(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        """Return the filtered rows in the form that can be imported again."""
        form = request.POST.get("form", "")
        return table(register_export(actor=request.user, rows=listing.found, form=form), form)


def table(content: bytes, form: str) -> HttpResponse:
    """Return a spreadsheet as a download."""
    kinds = {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv": "text/csv; charset=utf-8",
    }
    response = HttpResponse(content, content_type=kinds[form], headers={"Cache-Control": "no-store"})
    response.headers["Content-Disposition"] = (
        f'attachment; filename="register-{clock().now():%Y-%m-%d}.{form}"'
    )
    return response
