"""Inspections and their findings: two lists, one page, and the forms; and the yearly evaluations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.assurance.models import Evaluation, Finding, Inspection
from shoumi.server.assurance.queries.access import (
    entities_governed,
    finding_resource,
    findings_visible,
    inspections_visible,
)
from shoumi.server.assurance.queries.rounds import change_of, findings_of, next_open_point, points_of
from shoumi.server.assurance.views.asking import GovernedListing
from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Flag, State
from shoumi.server.people.queries import entity_resource, today_of

TONES = {
    "planned": "waiting",
    "carried_out": "active",
    "closed": "good",
    "called_off": "off",
    "open": "bad",
    "returned": "bad",
    "rectified": "waiting",
    "verified": "good",
}


def state_of(row: Any) -> State:
    """Return the state of an inspection or finding as lists show it."""
    return State(row.get_state_display(), TONES[row.state])


class InspectionListing(GovernedListing):
    """The inspections."""

    name = "assurance.inspections"
    title = gettext_lazy("Inspections")
    columns = (
        Column("title", gettext_lazy("Title"), sort="title", primary=True, sub="number"),
        Column("reason", gettext_lazy("Kind"), lambda row: row.get_reason_display(), sort="reason"),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code", shown=False),
        Column("planned", gettext_lazy("Planned on"), "planned_on", kind="day", sort="planned_on"),
        Column("done", gettext_lazy("Carried out on"), "carried_out_on", kind="day", sort="carried_out_on"),
        Column("lead", gettext_lazy("Led by"), "lead.name", sort="lead__reading"),
        Column("beside", gettext_lazy("Together with"), lambda row: str(row.beside or "")),
        Column("findings", gettext_lazy("Findings verified"), lambda row: f"{row.verified} / {row.all}"),
        Column("state", gettext_lazy("State"), state_of, "state", sort="state"),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Inspection.State.choices, many=True),
        Choice("reason", gettext_lazy("Kind"), choices=Inspection.Reason.choices),
        DateRange("planned", gettext_lazy("Planned on"), "planned_on"),
    )
    search_fields = ("number", "title", "summary")
    default_sort = "-planned"
    empty = Empty(
        gettext_lazy("No inspection yet"),
        gettext_lazy("Plan when the office looks at how departments follow the rules."),
        url=reverse_lazy("assurance:inspection_plan"),
        action=gettext_lazy("Plan an inspection"),
        icon="clipboard-check",
    )

    def rows(self) -> QuerySet:
        """Return the inspections that the user may see."""
        return inspections_visible(self.user).annotate(
            all=Count("findings", distinct=True),
            verified=Count("findings", filter=Q(findings__state="verified"), distinct=True),
        )


class FindingListing(GovernedListing):
    """The findings that the user may see."""

    name = "assurance.findings"
    title = gettext_lazy("Findings")
    columns = (
        Column("text", gettext_lazy("Finding"), str, sort="text", primary=True),
        Column("inspection", gettext_lazy("Inspection"), "inspection.title", sort="inspection__title"),
        Column("department", gettext_lazy("Department"), "department.name", sort="department__name"),
        Column("weight", gettext_lazy("Weight"), lambda row: row.get_weight_display(), sort="weight"),
        Column("owner", gettext_lazy("Put right by"), "owner.name", sort="owner__reading"),
        Column("due", gettext_lazy("Due on"), "due_on", kind="day", sort="due_on"),
        Column("state", gettext_lazy("State"), state_of, "state", sort="state"),
    )
    filters = (
        Choice("state", gettext_lazy("State"), choices=Finding.State.choices, many=True),
        Choice("weight", gettext_lazy("Weight"), choices=Finding.Weight.choices),
        DateRange("due", gettext_lazy("Due on"), "due_on"),
        Flag("mine", gettext_lazy("Only mine"), condition=lambda listing: Q(owner__user=listing.user)),
    )
    search_fields = ("text", "inspection__title", "department__name")
    default_sort = "due"
    empty = Empty(
        gettext_lazy("No finding"),
        gettext_lazy("What an inspection finds stands here until another person has verified it."),
        icon="checks",
    )

    def rows(self) -> QuerySet:
        """Return the findings that the user may see."""
        return findings_visible(self.user)

    def row_url(self, row: object) -> str:
        """Lead to the finding's own page."""
        return reverse("assurance:finding_detail", args=[row.pk])


class EvaluationListing(GovernedListing):
    """The yearly evaluations."""

    name = "assurance.evaluations"
    title = gettext_lazy("Yearly evaluations")
    columns = (
        Column("year", gettext_lazy("Year"), sort="year", primary=True),
        Column("entity", gettext_lazy("Legal entity"), "entity.name", sort="entity__code"),
        Column("judgement", gettext_lazy("Judgement"), lambda row: row.judgement[:120]),
        Column("made_by", gettext_lazy("Made by"), "made_by.display_name"),
        Column("created", gettext_lazy("Made"), "created_at", kind="moment", sort="created_at"),
    )
    search_fields = ("judgement", "improvements")
    default_sort = "-year"
    empty = Empty(
        gettext_lazy("No evaluation yet"),
        gettext_lazy("Once a year the office judges rules and system, and says what shall be better."),
        url=reverse_lazy("assurance:evaluation_make"),
        action=gettext_lazy("Make the evaluation"),
        icon="report-analytics",
    )

    def rows(self) -> QuerySet:
        """Return the evaluations of the entities that the user may look at."""
        rows = Evaluation.objects.select_related("entity", "made_by")
        return rows.filter(entity__in=entities_governed(self.user))

    def row_url(self, row: object) -> str:
        """Lead to the report."""
        return reverse("assurance:attachment", args=["evaluation", row.pk])


@login_required
@require_safe
def inspection_detail(request: HttpRequest, inspection_id: UUID) -> HttpResponse:
    """Show an inspection with its findings."""
    rows = Inspection.objects.select_related("entity", "lead", "beside", "report").prefetch_related(
        "departments"
    )
    inspection = get_object_or_404(rows, pk=inspection_id)
    resource = entity_resource(inspection.entity)
    gate.require(request.user, Action.GOVERNANCE_VIEW, resource)
    findings = findings_of(inspection)
    context = {
        "inspection": inspection,
        "systems": inspection.systems.select_related("unit"),
        "points": points_of(inspection, get_language() or "en"),
        "next_point": next_open_point(inspection),
        "findings": findings,
        "left": sum(finding.state != Finding.State.VERIFIED for finding in findings),
        "day": today_of(inspection.entity),
        "can_edit": gate.permits(request.user, Action.GOVERNANCE_EDIT, resource),
    }
    return render(request, "assurance/inspection.html", context)


@login_required
@require_safe
def finding_detail(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Show a finding, and what can be done about it."""
    rows = findings_visible(request.user).select_related("rectified_by", "verified_by", "proof")
    finding = get_object_or_404(rows, pk=finding_id)
    resource = finding_resource(finding)
    gate.require(request.user, Action.WORK_VIEW, resource)
    waiting = finding.state in {Finding.State.OPEN, Finding.State.RETURNED}
    context = {
        "finding": finding,
        "change": change_of(finding),
        "day": today_of(finding.inspection.entity),
        "can_report": waiting and gate.permits(request.user, Action.WORK_REPORT, resource),
        "can_verify": finding.state == Finding.State.RECTIFIED
        and gate.permits(request.user, Action.WORK_VERIFY, resource),
        "sees_inspection": inspections_visible(request.user).filter(pk=finding.inspection_id).exists(),
    }
    return render(request, "assurance/finding.html", context)
