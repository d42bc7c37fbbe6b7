"""The grounds for seeing personal data from abroad: the list, each with its records, recording, ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.accounts.templatetags.shoumi import day, moment
from shoumi.server.files.listing import Choice, Column, Empty, Listing
from shoumi.server.files.responses import stream
from shoumi.server.files.services import file_opening_record, files_adopt
from shoumi.server.files.stepping import Part, Stepper
from shoumi.server.people.models import Country, LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.views.asking import Page, form_page
from shoumi.server.privacy.forms.border import BasisForm, ProofsForm
from shoumi.server.privacy.forms.requests import ReasonForm
from shoumi.server.privacy.models import ExportBasis
from shoumi.server.privacy.queries.visible import KEEPERS, entities_of, export_resource
from shoumi.server.privacy.queries.words import named, table_of
from shoumi.server.privacy.services.border import BasisWish, export_basis_end, export_basis_record
from shoumi.server.privacy.views.pages import FORM, Record, Way, record_page
from shoumi.server.privacy.views.requests import BeginningListView


def way_words(row: ExportBasis) -> str:
    """Return on which ground."""
    return named(table_of(row.entity).ways, row.way)


class ExportBasisListing(Listing):
    """The grounds recorded in the user's entities."""

    name = "privacy.export_bases"
    title = gettext_lazy("Across the border")
    columns = (
        Column("reference", gettext_lazy("Reference"), "reference", sort="reference", primary=True),
        Column("way", gettext_lazy("Legal basis"), way_words),
        Column("to", gettext_lazy("Country"), "get_to_country_display", sort="to_country"),
        Column("last", gettext_lazy("Last day"), "last_day", kind="day", sort="last_day"),
        Column("ended", gettext_lazy("Ended"), "ended_at", kind="moment", sort="ended_at"),
        Column("by", gettext_lazy("Recorded by"), "recorded_by", shown=False),
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

    def row_url(self, row: ExportBasis) -> str:
        """Return the page of a ground."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "entity")


class ExportBasisListView(BeginningListView):
    """The page of the list."""

    listing: ClassVar[type[Listing]] = ExportBasisListing
    begin = ("privacy:export_basis_new", gettext_lazy("Record a basis"))
    roles = KEEPERS


PARTS = (
    Part("basis", gettext_lazy("Legal basis"), BasisForm),
    Part("proofs", gettext_lazy("Assessment, filing, approval"), ProofsForm),
)


def _trail(*more: tuple[str, Any]) -> tuple[tuple[str, Any], ...]:
    return ((reverse("privacy:export_basis_list"), _("Across the border")), *more)


@login_required
@require_http_methods(["GET", "POST"])
def export_basis_new(request: HttpRequest, entity_id: UUID, part: str) -> HttpResponse:
    """Record a ground, in two parts."""
    entity = get_object_or_404(LegalEntity, pk=entity_id)
    gate.require(request.user, Action.PRIVACY_MANAGE, entity_resource(entity))

    def finish(values: Mapping[str, Any]) -> str:
        known = {name: values[name] for name in BasisWish.__dataclass_fields__}
        chosen = known["document"]
        known["document"] = files_adopt(actor=request.user, chosen=[chosen])[0] if chosen else None
        row = export_basis_record(actor=request.user, entity=entity, wish=BasisWish(**known))
        messages.success(request, _("It is recorded."))
        return row.get_absolute_url()

    stepper = Stepper(
        name=f"privacy.export_basis.{entity.pk}",
        parts=PARTS,
        title=_("Record a basis"),
        submit=_("Record it"),
        back=reverse("privacy:export_basis_list"),
        address=lambda key: reverse("privacy:export_basis_part", args=[entity.pk, key]),
        finish=finish,
        arguments={"entity": entity, "user": request.user},
        initial={},
        trail=_trail(),
        lead=str(entity),
    )
    return stepper.page(request, part)


def _basis(request: HttpRequest, key: UUID, action: Action) -> ExportBasis:
    rows = ExportBasis.objects.select_related("entity", "recorded_by", "document")
    row = get_object_or_404(rows, pk=key)
    gate.require(request.user, action, entity_resource(row.entity))
    return row


@login_required
@require_safe
def export_basis_detail(request: HttpRequest, basis_id: UUID) -> HttpResponse:
    """Show a ground with the records it rests on."""
    row = _basis(request, basis_id, Action.PRIVACY_VIEW)
    may = gate.permits(request.user, Action.PRIVACY_MANAGE, entity_resource(row.entity))
    facts = [
        (_("Country"), row.get_to_country_display()),
        (_("Legal basis"), way_words(row)),
        (_("Last day"), day(row.last_day)),
        (_("Record of the assessment"), row.assessment),
        (_("Assessed on"), day(row.assessed_on)),
        (_("Number of the filing"), row.filing),
        (_("Filed on"), day(row.filed_on)),
        (_("Number of the approval or certificate"), row.approval),
        (_("Approved on"), day(row.approved_on)),
        (_("Document"), row.document.name if row.document else ""),
        (_("Recorded by"), row.recorded_by),
        (_("Ended"), moment(row.ended_at)),
        (_("Reason"), row.end_reason),
    ]
    end = Way(reverse("privacy:export_basis_end", args=[row.pk]), _("End it"), "x")
    more = [end] if may and row.ended_at is None else []
    if row.document is not None:
        more.append(Way(reverse("privacy:export_basis_document", args=[row.pk]), _("Document"), "download"))
    return record_page(request, Record(row.reference, _trail(), facts, lead=row.entity, more=more))


@login_required
@require_safe
def export_basis_document(request: HttpRequest, basis_id: UUID) -> HttpResponseBase:
    """Hand out the document of a ground; who opens it is written down first."""
    row = _basis(request, basis_id, Action.PRIVACY_VIEW)
    if row.document is None:
        raise Http404
    with transaction.atomic():
        file_opening_record(actor=request.user, stored=row.document, purpose=row.ledger_subject)
    return stream(row.document, request=request)


@login_required
@require_http_methods(["GET", "POST"])
def export_basis_stop(request: HttpRequest, basis_id: UUID) -> HttpResponse:
    """End a ground."""
    row = _basis(request, basis_id, Action.PRIVACY_MANAGE)
    page = Page(
        title=_("End the basis"),
        submit=_("End it"),
        back=row.get_absolute_url(),
        said=_("From now on nobody is seen unmasked by it."),
        trail=_trail((row.get_absolute_url(), row.reference)),
        danger=True,
        template=FORM,
    )

    def act(form: Any) -> None:
        export_basis_end(actor=request.user, basis=row, reason=form.cleaned_data["reason"])

    return form_page(request, page, ReasonForm(request.POST or None), act)
