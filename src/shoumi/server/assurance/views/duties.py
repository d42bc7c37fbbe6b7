"""What the office writes down about its duties and the technical measures: one form each, and one list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.assurance.forms import organisation as forms
from shoumi.server.assurance.forms.fields import ReasonForm, UntilForm
from shoumi.server.assurance.models import DutyEvidence, TechnicalMeasure
from shoumi.server.assurance.queries.access import entities_governed
from shoumi.server.assurance.services import duties
from shoumi.server.assurance.views.asking import Deed, GovernedListing, deed, entity_chosen, kept, room
from shoumi.server.files.listing import Choice, Column, Empty, Flag, State
from shoumi.server.people.models.organisation import LEVEL_IDS, LEVELS
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])


class MeasureListing(GovernedListing):
    """The catalogue of technical measures."""

    name = "assurance.technical"
    title = gettext_lazy("Technical measures")
    columns = (
        Column("name", gettext_lazy("Measure"), sort="name", primary=True, sub="note"),
        Column("step", gettext_lazy("Business step"), lambda row: row.get_step_display(), sort="step"),
        Column(
            "level",
            gettext_lazy("From which level on"),
            lambda row: LEVEL_IDS[row.level],
            "level",
            sort="level",
        ),
        Column("keeper", gettext_lazy("Department in charge"), "keeper.name", sort="keeper__name"),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code", shown=False),
        Column("since", gettext_lazy("In place since"), kind="day", sort="since"),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: State(_("ended"), "off") if row.until else State(_("in place"), "good"),
            "state",
            sort="until",
        ),
    )
    filters = (
        Choice("step", gettext_lazy("Business step"), choices=TechnicalMeasure.Step.choices, many=True),
        Choice("level", gettext_lazy("From which level on"), choices=LEVELS[1:]),
        Flag("ended", gettext_lazy("Ended ones only"), condition=Q(until__isnull=False)),
    )
    search_fields = ("name", "note")
    default_sort = "step"
    empty = Empty(
        gettext_lazy("No technical measure yet"),
        gettext_lazy("Enter what protects secrets in each step of the business, such as encryption."),
        url=reverse_lazy("assurance:technical_record"),
        action=gettext_lazy("Enter a measure"),
        icon="shield-check",
    )

    def rows(self) -> QuerySet:
        """Return the measures of the entities that the user may look at."""
        rows = TechnicalMeasure.objects.select_related("entity", "keeper")
        return rows.filter(entity__in=entities_governed(self.user))

    def row_url(self, row: object) -> str:
        """Lead to where a measure is ended, as long as it is in place."""
        return "" if row.until else str(reverse_lazy("assurance:technical_end", args=[row.pk]))


@login_required
@FORM
def evidence_add(request: HttpRequest) -> HttpResponse:
    """Add proof of a duty."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Add proof of a duty"),
        lead=_("For what happened outside of this system. What the records hold is counted by itself."),
        submit=_("Add the proof"),
        said=_("The proof is added."),
        back=room("duties", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.EvidenceForm,
        entity=entity,
        initial={"day": today_of(entity), "duty": request.GET.get("duty", "")},
        trail=((room("duties", entity), _("The nine duties")),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        duties.evidence_add(
            actor=request.user,
            entity=entity,
            duty=data["duty"],
            day=data["day"],
            text=data["text"],
            file=kept(request.user, data["file"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def evidence_withdraw(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Withdraw proof that was added by mistake."""
    evidence = get_object_or_404(DutyEvidence.objects.select_related("entity"), pk=evidence_id)
    entity = evidence.entity
    what = Deed(
        title=_("Withdraw a piece of proof"),
        facts=((_("What was done"), evidence.text),),
        submit=_("Withdraw it"),
        danger=True,
        said=_("The proof is withdrawn; it stays readable."),
        back=room("duties", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=ReasonForm,
        entity=entity,
        initial={"expected_version": evidence.version},
    )

    def act(form: Any) -> None:
        duties.evidence_withdraw(
            actor=request.user,
            evidence=evidence,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)


@login_required
@FORM
def measure_record(request: HttpRequest) -> HttpResponse:
    """Enter a technical measure."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Enter a technical measure"),
        submit=_("Enter it"),
        said=_("The measure is in the catalogue."),
        back=room("technical_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.MeasureForm,
        entity=entity,
        initial={"since": today_of(entity), "step": request.GET.get("step", "")},
        trail=((room("technical_list", entity), _("Technical measures")),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        duties.measure_record(
            actor=request.user,
            entity=entity,
            step=data["step"],
            name=data["name"],
            level=data["level"],
            keeper=data["keeper"],
            since=data["since"],
            note=data["note"],
        )

    return deed(request, what, act)


@login_required
@FORM
def measure_end(request: HttpRequest, measure_id: UUID) -> HttpResponse:
    """Say until when a measure was in place."""
    measure = get_object_or_404(TechnicalMeasure.objects.select_related("entity"), pk=measure_id)
    entity = measure.entity
    what = Deed(
        title=_("End: %(what)s") % {"what": measure.name},
        submit=_("End it"),
        said=_("The end is recorded."),
        back=room("technical_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=UntilForm,
        entity=entity,
        initial={"expected_version": measure.version, "until": today_of(entity)},
    )

    def act(form: Any) -> None:
        duties.measure_end(
            actor=request.user,
            measure=measure,
            expected_version=form.version,
            until=form.cleaned_data["until"],
        )

    return deed(request, what, act)
