"""The list of grounds for seeing personal data from abroad, and the form that records one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Listing
from shoumi.server.people.forms.fields import DayField
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.queries.visible import KEEPERS, entities_of, export_resource
from shoumi.server.privacy.queries.words import choices, named, table_of
from shoumi.server.privacy.services.border import export_basis_record
from shoumi.server.privacy.views.pages import FORM
from shoumi.server.privacy.views.requests import BeginningListView


class ExportBasisListing(Listing):
    """The grounds recorded in the user's entities."""

    name = "privacy.export_bases"
    title = gettext_lazy("Across the border")
    columns = (
        Column("reference", gettext_lazy("Reference"), "reference", sort="reference", primary=True),
        Column("way", gettext_lazy("Legal basis"), lambda row: named(table_of(row.entity).ways, row.way)),
        Column("to", gettext_lazy("Country"), "get_to_country_display", sort="to_country"),
        Column("last", gettext_lazy("Last day"), "last_day", kind="day", sort="last_day"),
        Column("by", gettext_lazy("Recorded by"), "recorded_by"),
        Column("entity", gettext_lazy("Legal entity"), "entity", sort="entity__code"),
    )
    filters = (Choice("to", gettext_lazy("Country"), "to_country", choices=Country.choices, many=True),)
    search_fields = ("reference",)
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("No basis is recorded"),
        gettext_lazy("Who looks from another country sees nobody unmasked until a basis is recorded."),
        icon="world",
    )
    may_begin = False

    def rows(self) -> QuerySet[ExportBasis]:
        """Return the grounds of the user's entities."""
        rows = ExportBasis.objects.filter(entity__in=entities_of(self.user))
        return rows.select_related("entity", "recorded_by")

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class ExportBasisListView(BeginningListView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = ExportBasisListing
    begin = ("privacy:export_basis_new", gettext_lazy("Record a basis"))
    roles = KEEPERS


class ExportBasisForm(forms.Form):
    """For which country, on which ground, until when."""

    to_country = forms.ChoiceField(label=gettext_lazy("Country"))
    way = forms.ChoiceField(label=gettext_lazy("Legal basis"))
    reference = forms.CharField(label=gettext_lazy("Reference"), max_length=200)
    last_day = DayField(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, entity: LegalEntity, **kwargs: Any) -> None:
        """Offer the other countries and the ways of the entity's pack."""
        super().__init__(*args, **kwargs)
        self.fields["to_country"].choices = [row for row in Country.choices if row[0] != entity.country]
        self.fields["way"].choices = choices(table_of(entity).ways)


@login_required
@require_http_methods(["GET", "POST"])
def export_basis_new(request: HttpRequest, entity_id: UUID) -> HttpResponse:
    """Record a ground."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))
    home = reverse("privacy:export_basis_list")
    page = Page(
        title=_("Record a basis"),
        submit=_("Record it"),
        back=home,
        said=_("It is recorded."),
        trail=((home, _("Across the border")),),
        columns={"privacy.day": "last_day"},
        template=FORM,
    )

    def act(form: Any) -> None:
        export_basis_record(actor=request.user, entity=entity, **form.cleaned_data)

    return form_page(request, page, ExportBasisForm(request.POST or None, entity=entity), act)
