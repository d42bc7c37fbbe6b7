"""The question of the gate, asked by a person, and the list of impact assessments."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action, Resource
from shoumi.server.accounts import gate
from shoumi.server.files.listing import Choice, Column, Empty, Listing
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.privacy.forms.register import GateForm
from shoumi.server.privacy.models import Assessment, Processing
from shoumi.server.privacy.queries.collecting import may_collect
from shoumi.server.privacy.queries.visible import entities_of, export_resource, processings_visible_to
from shoumi.server.privacy.queries.words import SENTENCES, cite, scope_words


class AssessmentListing(Listing):
    """The impact assessments of the user's entities."""

    name = "privacy.assessments"
    title = gettext_lazy("Impact assessments")
    columns = (
        Column("processing", gettext_lazy("Processing"), "processing", sort="processing__name", primary=True),
        Column("outcome", gettext_lazy("Outcome"), "get_outcome_display", sort="outcome"),
        Column("made", gettext_lazy("Made"), "made_at", kind="moment", sort="made_at"),
        Column("by", gettext_lazy("By"), "made_by"),
        Column("adviser", gettext_lazy("Legal adviser"), "adviser", sort="adviser"),
        Column("keep", gettext_lazy("Kept at least until"), "keep_until", kind="day", sort="keep_until"),
    )
    filters = (Choice("outcome", gettext_lazy("Outcome"), choices=Assessment.Outcome.choices, many=True),)
    search_fields = ("processing__name", "adviser")
    default_sort = "-made"
    export_action = Action.PRIVACY_EXPORT
    empty = Empty(
        gettext_lazy("No assessment has been made"),
        gettext_lazy("Open a processing in the register and assess its impact there."),
        icon="clipboard-check",
    )

    def rows(self) -> QuerySet[Assessment]:
        """Return the assessments of the processings that the user sees."""
        rows = Assessment.objects.filter(processing__in=processings_visible_to(self.user).order_by())
        return rows.select_related("processing__entity", "made_by")

    def row_url(self, row: Assessment) -> str:
        """Return the place of the assessment."""
        return row.get_absolute_url()

    def export_resource(self) -> Resource:
        """Return where the rows stand."""
        return export_resource(self.user, self.rows(), "processing__entity")


@login_required
@require_safe
def gate_check(request: HttpRequest) -> HttpResponse:
    """Ask the gate about one person, kind and purpose, as a collector would."""
    entities = list(entities_of(request.user))
    if not entities:
        gate.require(request.user, Action.PRIVACY_VIEW, entity_resource(LegalEntity.objects.all()[0]))
    chosen = request.GET.get("entity", "")
    entity = next((row for row in entities if str(row.pk) == chosen), entities[0])
    form = GateForm(request.GET if "kind" in request.GET else None, entity=entity)
    context: dict[str, Any] = {"form": form, "entity": entity, "entities": entities}
    if form.is_valid():
        values = form.cleaned_data
        answer = may_collect(values["person"], values["kind"], values["purpose"], clock().now())
        resting = Processing.objects.filter(pk=answer.processing).first() if answer.processing else None
        context |= {
            "answer": answer,
            "sentence": SENTENCES[answer.reason],
            "resting": resting,
            "missing": [scope_words(resting, scope) for scope in answer.missing] if resting else [],
            "rules": [cite(entity, rule) for rule in answer.rules],
        }
    return render(request, "privacy/check.html", context)
