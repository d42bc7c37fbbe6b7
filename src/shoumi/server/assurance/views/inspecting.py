"""The forms of inspections, findings and evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.assurance.forms import work as forms
from shoumi.server.assurance.forms.fields import EntityForm, ReasonForm
from shoumi.server.assurance.forms.rounds import ChangedForm, SystemFindingForm
from shoumi.server.assurance.models import Finding, Inspection
from shoumi.server.assurance.queries.access import finding_resource, findings_visible
from shoumi.server.assurance.queries.rounds import findings_of
from shoumi.server.assurance.services import evaluations, inspections
from shoumi.server.assurance.services.rounds import ChangeWish
from shoumi.server.assurance.views.asking import Deed, deed, entity_chosen, kept, room
from shoumi.server.people.queries import entity_resource, today_of

FORM = require_http_methods(["GET", "POST"])
WEIGHTS = {"low": "minor", "medium": "minor", "high": "major", "critical": "major"}  # by severity


def _inspection(inspection_id: UUID) -> Inspection:
    return get_object_or_404(Inspection.objects.select_related("entity", "lead"), pk=inspection_id)


def _changes(inspection: Inspection) -> tuple[tuple[Any, Any], ...]:
    """Return what was changed after an evaluation: each change with what was done about it."""
    rows = [row for row in findings_of(inspection) if hasattr(row, "change")]
    return tuple(
        (f"{row.number} · {row.change.get_kind_display()}", f"{row.change.text}\n{row.action}".strip())
        for row in rows
    )


def _deed(inspection: Inspection, **more: Any) -> Deed:
    """Return a deed of the office about an inspection."""
    return Deed(
        back=inspection.get_absolute_url(),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(inspection.entity),
        entity=inspection.entity,
        trail=(
            (reverse("assurance:inspection_list"), _("Inspections")),
            (inspection.get_absolute_url(), inspection.title),
        ),
        **more,
    )


@login_required
@FORM
def inspection_plan(request: HttpRequest) -> HttpResponse:
    """Plan an inspection."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Plan an inspection"),
        submit=_("Plan it"),
        said=_("The inspection is planned."),
        back=room("inspection_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.InspectionForm,
        entity=entity,
        initial={"planned_on": today_of(entity)},
        trail=((room("inspection_list", entity), _("Inspections")),),
    )

    def act(form: Any) -> str:
        data = form.cleaned_data
        made = inspections.inspection_plan(
            actor=request.user,
            entity=entity,
            title=data["title"],
            reason=data["reason"],
            departments=list(data["departments"]),
            lead=data["lead"],
            planned_on=data["planned_on"],
            beside=data["beside"],
        )
        return made.get_absolute_url()

    return deed(request, what, act)


@login_required
@FORM
def inspection_carry_out(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Record that an inspection took place."""
    inspection = _inspection(inspection_id)
    what = _deed(
        inspection,
        title=_("Record the result of the inspection"),
        submit=_("Record the result"),
        said=_("The result is recorded. Record each finding now."),
        form=forms.CarriedOutForm,
        initial={"expected_version": inspection.version, "carried_out_on": today_of(inspection.entity)},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        inspections.inspection_carry_out(
            actor=request.user,
            inspection=inspection,
            expected_version=form.version,
            carried_out_on=data["carried_out_on"],
            summary=data["summary"],
            report=kept(request.user, data["report"]),
        )

    return deed(request, what, act)


@login_required
@FORM
def inspection_call_off(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Call an inspection off."""
    inspection = _inspection(inspection_id)
    what = _deed(
        inspection,
        title=_("Call the inspection off"),
        danger=True,
        submit=_("Call it off"),
        said=_("The inspection is called off."),
        form=ReasonForm,
        initial={"expected_version": inspection.version},
    )

    def act(form: Any) -> None:
        inspections.inspection_call_off(
            actor=request.user,
            inspection=inspection,
            expected_version=form.version,
            reason=form.cleaned_data["reason"],
        )

    return deed(request, what, act)


@login_required
@FORM
def inspection_close(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Close an inspection whose findings are verified."""
    inspection = _inspection(inspection_id)
    what = _deed(
        inspection,
        title=_("Close the inspection"),
        lead=_("It can be closed when every finding was verified by another person."),
        facts=_changes(inspection),
        submit=_("Close it"),
        said=_("The inspection is closed."),
        form=EntityForm,
        initial={"expected_version": inspection.version},
    )

    def act(form: Any) -> None:
        inspections.inspection_close(actor=request.user, inspection=inspection, expected_version=form.version)

    return deed(request, what, act)


@login_required
@FORM
def finding_record(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Record a finding."""
    inspection = _inspection(inspection_id)
    about_systems = inspection.reason == Inspection.Reason.SYSTEMS
    what = _deed(
        inspection,
        title=_("Record a finding"),
        submit=_("Record the finding"),
        said=_("The finding is recorded, and whoever puts it right is told."),
        form=SystemFindingForm if about_systems else forms.FindingForm,
        more={"inspection": inspection},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        inspections.finding_record(
            actor=request.user,
            inspection=inspection,
            department=data["department"],
            text=data["text"],
            weight=WEIGHTS[data["severity"]] if about_systems else data["weight"],
            owner=data["owner"],
            due_on=data["due_on"],
            change=_wish(data) if about_systems else None,
        )

    return deed(request, what, act)


def _wish(data: Mapping[str, Any]) -> ChangeWish:
    return ChangeWish(
        severity=data["severity"], kind=data["kind"], text=data["change"], system=data["system"]
    )


def _about(finding: Finding, action: Action, **more: Any) -> Deed:
    """Return a deed about a finding, done from its own page."""
    page = reverse("assurance:finding_detail", args=[finding.pk])
    return Deed(
        back=page,
        action=action,
        resource=finding_resource(finding),
        entity=finding.inspection.entity,
        initial={"expected_version": finding.version},
        trail=((reverse("assurance:finding_list"), _("Findings")),),
        **more,
    )


@login_required
@FORM
def finding_rectify(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Say what was done about a finding."""
    finding = get_object_or_404(findings_visible(request.user), pk=finding_id)
    what = _about(
        finding,
        Action.WORK_REPORT,
        title=_("Report that a finding is put right"),
        facts=((_("Finding"), finding.text), (_("Due on"), finding.due_on.isoformat())),
        submit=_("Report"),
        said=_("The report is recorded; another person verifies it."),
        form=ChangedForm,
        more={"finding": finding},
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        inspections.finding_rectify(
            actor=request.user,
            finding_id=finding.pk,
            expected_version=form.version,
            action=data["action"],
            proof=kept(request.user, data["proof"]),
            rule=data.get("rule"),
        )

    return deed(request, what, act)


@login_required
@FORM
def finding_verify(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Verify as another person whether a finding was put right."""
    finding = get_object_or_404(findings_visible(request.user), pk=finding_id)
    what = _about(
        finding,
        Action.WORK_VERIFY,
        title=_("Verify a finding"),
        facts=((_("Finding"), finding.text), (_("What was done"), finding.action)),
        submit=_("Record the verification"),
        said=_("The verification is recorded."),
        form=forms.VerdictForm,
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        judge = inspections.finding_verify if data["accepted"] == "yes" else inspections.finding_send_back
        judge(
            actor=request.user,
            finding_id=finding.pk,
            expected_version=form.version,
            verdict=data["verdict"],
        )

    return deed(request, what, act)


@login_required
@FORM
def evaluation_make(request: HttpRequest) -> HttpResponse:
    """Make the yearly evaluation with its report."""
    entity, _entities = entity_chosen(request)
    what = Deed(
        title=_("Yearly evaluation"),
        lead=_("The figures are taken from the records as they are now, and kept with the report."),
        submit=_("Make the evaluation"),
        said=_("The evaluation is made; its report is kept."),
        back=room("evaluation_list", entity),
        action=Action.GOVERNANCE_EDIT,
        resource=entity_resource(entity),
        form=forms.EvaluationForm,
        entity=entity,
        initial={"year": today_of(entity).year, "language": {"cn": "zh", "jp": "ja"}[entity.pack]},
        trail=((room("evaluation_list", entity), _("Yearly evaluations")),),
    )

    def act(form: Any) -> None:
        data = form.cleaned_data
        evaluations.evaluation_make(
            actor=request.user,
            entity=entity,
            year=data["year"],
            judgement=data["judgement"],
            improvements=data["improvements"],
            language=data["language"],
        )

    return deed(request, what, act)
