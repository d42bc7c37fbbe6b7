"""Addresses of organisation, plans, inspections, rule documents and questions, below `/assurance/`."""

from __future__ import annotations

from django.urls import path

from shoumi.server.assurance.views import (
    attachments,
    bodies,
    duties,
    inspecting,
    inspections,
    money,
    offices,
    organisation,
    plans,
    reading,
    rounds,
    rule_editing,
    rules,
)
from shoumi.server.files.listing import ListingView


def _list(listing: type, template: str) -> object:
    """Return a list page with a template of its own, for its buttons."""
    return ListingView.as_view(listing=listing, template_name=template)


organisation_patterns = [
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/duties/", organisation.duties, name="duties"),
    path("organisation/duties/proof/new/", duties.evidence_add, name="evidence_add"),
    path(
        "organisation/duties/proof/<uuid:evidence_id>/withdraw/",
        duties.evidence_withdraw,
        name="evidence_withdraw",
    ),
    path("organisation/catalogues/", organisation.catalogues, name="catalogues"),
    path(
        "organisation/measures/",
        _list(duties.MeasureListing, "assurance/technical_list.html"),
        name="technical_list",
    ),
    path("organisation/measures/new/", duties.measure_record, name="technical_record"),
    path("organisation/measures/<uuid:measure_id>/end/", duties.measure_end, name="technical_end"),
    path("organisation/letters/new/", bodies.letter_record, name="letter_record"),
    path("organisation/letters/<uuid:letter_id>/revoke/", bodies.letter_revoke, name="letter_revoke"),
    path("organisation/bodies/new/", bodies.body_establish, name="body_establish"),
    path("organisation/bodies/<uuid:body_id>/end/", bodies.body_end, name="body_end"),
    path("organisation/bodies/<uuid:body_id>/members/new/", bodies.member_seat, name="member_seat"),
    path("organisation/members/<uuid:member_id>/end/", bodies.member_leave, name="member_leave"),
    path("organisation/bodies/<uuid:body_id>/meetings/new/", bodies.meeting_record, name="meeting_record"),
    path(
        "organisation/meetings/<uuid:meeting_id>/resolutions/new/",
        bodies.resolution_add,
        name="resolution_add",
    ),
    path(
        "organisation/resolutions/<uuid:resolution_id>/outcome/",
        bodies.resolution_close,
        name="resolution_close",
    ),
    path("organisation/office/", offices.office_set, name="office_set"),
    path("organisation/office/<uuid:office_id>/staff/new/", offices.staff_add, name="staff_add"),
    path("organisation/departments/new/", offices.department_cooperate, name="department_cooperate"),
    path("organisation/officers/new/", offices.officer_appoint, name="officer_appoint"),
    *(
        path(
            f"organisation/{kind}/<uuid:row_id>/end/",
            offices.appointment_end,
            {"kind": kind},
            name=f"{kind}_end",
        )
        for kind in offices.ENDED
    ),
]

work_patterns = [
    path("plans/", plans.PlanListView.as_view(), name="plan_list"),
    path("plans/new/", plans.plan_make, name="plan_make"),
    path("plans/<uuid:plan_id>/", plans.plan_detail, name="plan_detail"),
    path("plans/<uuid:plan_id>/adopt/", plans.plan_adopt, name="plan_adopt"),
    path("plans/<uuid:plan_id>/tasks/new/", plans.task_add, name="task_add"),
    path("plans/tasks/", ListingView.as_view(listing=plans.TaskListing), name="task_list"),
    path("plans/tasks/<uuid:task_id>/", plans.task_report, name="task_report"),
    path("plans/money/", money.money_room, name="money"),
    path("plans/money/budget/<str:purpose>/", money.budget_set, name="budget_set"),
    path(
        "plans/money/expenses/",
        _list(money.ExpenseListing, "assurance/expense_list.html"),
        name="expense_list",
    ),
    path("plans/money/expenses/new/", money.expense_record, name="expense_record"),
    path("plans/money/expenses/<uuid:expense_id>/strike/", money.expense_strike, name="expense_strike"),
    path(
        "inspections/",
        rounds.InspectionListView.as_view(),
        name="inspection_list",
    ),
    path("inspections/new/", inspecting.inspection_plan, name="inspection_plan"),
    path("inspections/systems/", rounds.SystemsListView.as_view(), name="systems_list"),
    path("inspections/systems/new/", rounds.systems_plan, name="systems_plan"),
    path("inspections/points/<uuid:point_id>/", rounds.point_page, name="point"),
    path("inspections/<uuid:inspection_id>/paper/", rounds.inspection_paper, name="inspection_paper"),
    path("inspections/<uuid:inspection_id>/", inspections.inspection_detail, name="inspection_detail"),
    path(
        "inspections/<uuid:inspection_id>/result/",
        inspecting.inspection_carry_out,
        name="inspection_carry_out",
    ),
    path(
        "inspections/<uuid:inspection_id>/call-off/",
        inspecting.inspection_call_off,
        name="inspection_call_off",
    ),
    path("inspections/<uuid:inspection_id>/close/", inspecting.inspection_close, name="inspection_close"),
    path("inspections/<uuid:inspection_id>/findings/new/", inspecting.finding_record, name="finding_record"),
    path(
        "inspections/findings/",
        ListingView.as_view(listing=inspections.FindingListing),
        name="finding_list",
    ),
    path("inspections/findings/<uuid:finding_id>/", inspections.finding_detail, name="finding_detail"),
    path(
        "inspections/findings/<uuid:finding_id>/put-right/",
        inspecting.finding_rectify,
        name="finding_rectify",
    ),
    path("inspections/findings/<uuid:finding_id>/verify/", inspecting.finding_verify, name="finding_verify"),
    path(
        "inspections/evaluations/",
        _list(inspections.EvaluationListing, "assurance/evaluation_list.html"),
        name="evaluation_list",
    ),
    path("inspections/evaluations/new/", inspecting.evaluation_make, name="evaluation_make"),
]

_VERSION = "rules/versions/<uuid:version_id>/"
rule_patterns = [
    path("rules/", rules.RuleListView.as_view(), name="rule_list"),
    path("rules/new/", rule_editing.rule_start, name="rule_start"),
    path("rules/mine/", reading.my_rules, name="my_rules"),
    path("rules/mine/<uuid:version_id>/", reading.my_rule, name="my_rule"),
    path(
        "rules/mine/<uuid:version_id>/acknowledge/", reading.my_rule_acknowledge, name="my_rule_acknowledge"
    ),
    path("rules/<uuid:document_id>/", rules.rule_detail, name="rule_detail"),
    path("rules/<uuid:document_id>/next/", rule_editing.version_next, name="version_next"),
    path(_VERSION, rules.rule_version, name="rule_version"),
    path(f"{_VERSION}compare/", rules.rule_compare, name="rule_compare"),
    path(f"{_VERSION}docx/", rules.rule_paper, {"kind": "docx"}, name="rule_docx"),
    path(f"{_VERSION}pdf/", rules.rule_paper, {"kind": "pdf"}, name="rule_pdf"),
    path(f"{_VERSION}readers/", rules.ReaderListView.as_view(), name="rule_readers"),
    path(f"{_VERSION}remind/", rule_editing.rule_remind, name="rule_remind"),
    path(f"{_VERSION}clauses/new/", rule_editing.clause_add, name="clause_add"),
    path(f"{_VERSION}clauses/<slug:key>/", rule_editing.clause_edit, name="clause_edit"),
    path(f"{_VERSION}clauses/<slug:key>/remove/", rule_editing.clause_remove, name="clause_remove"),
    path(f"{_VERSION}clauses/<slug:key>/move/", rule_editing.clause_move, name="clause_move"),
    path(f"{_VERSION}audience/", rule_editing.audience_set, name="audience_set"),
    path(f"{_VERSION}submit/", rule_editing.version_submit, name="version_submit"),
    path(f"{_VERSION}reopen/", rule_editing.version_reopen, name="version_reopen"),
    path(f"{_VERSION}procedure/<slug:step>/", rule_editing.procedure_record, name="procedure_record"),
    path(f"{_VERSION}publish/", rule_editing.version_publish, name="version_publish"),
    path(f"{_VERSION}retire/", rule_editing.version_retire, name="version_retire"),
]

patterns = [
    *organisation_patterns,
    *work_patterns,
    *rule_patterns,
    path("questions/", reading.questions, name="questions"),
    *(
        path(f"questions/{pack}/", reading.questions, {"pack_id": pack}, name=f"questions_{pack}")
        for pack in reading.PACKS
    ),
    path("files/<slug:kind>/<uuid:row_id>/", attachments.attachment, name="attachment"),
    path("files/<slug:kind>/<int:row_id>/", attachments.attachment, name="attachment"),
]
