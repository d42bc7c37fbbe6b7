"""Every room of organisation, plans, inspections and rules opens for whom the rules let in only."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from tests.server.assurance.ruling import started
from tests.server.register.company import signed_in

from shoumi.server.assurance.services import bodies, inspections, plans

ROOMS = (
    "organisation",
    "duties",
    "catalogues",
    "technical_list",
    "plan_list",
    "task_list",
    "money",
    "expense_list",
    "inspection_list",
    "systems_list",
    "finding_list",
    "evaluation_list",
    "rule_list",
)
FORMS = (
    "letter_record",
    "body_establish",
    "office_set",
    "department_cooperate",
    "officer_appoint",
    "evidence_add",
    "technical_record",
    "plan_make",
    "expense_record",
    "inspection_plan",
    "systems_plan",
    "evaluation_make",
    "rule_start",
)


def statuses(client, names):
    return {name: client.get(reverse(f"assurance:{name}")).status_code for name in names}


def test_the_office_opens_every_room_and_every_form(client, company, paper):
    page = signed_in(client, company.officer)
    assert set(statuses(page, ROOMS + FORMS).values()) == {200}
    version = started(company)
    plan = plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="x")
    body = bodies.body_establish(
        actor=company.officer, entity=company.cn, form="group", name="组", since=date(2026, 1, 1)
    )
    inspection = inspections.inspection_plan(
        actor=company.officer,
        entity=company.cn,
        title="x",
        reason="regular",
        departments=[company.lab],
        lead=company.officer.person,
        planned_on=date(2026, 3, 1),
    )
    more = [
        version.get_absolute_url(),
        version.document.get_absolute_url(),
        plan.get_absolute_url(),
        inspection.get_absolute_url(),
        reverse("assurance:meeting_record", args=[body.pk]),
        reverse("assurance:clause_edit", args=[version.pk, "purpose"]),
        reverse("assurance:audience_set", args=[version.pk]),
        reverse("assurance:procedure_record", args=[version.pk, "discussion"]),
        reverse("assurance:rule_compare", args=[version.pk]),
        reverse("assurance:task_add", args=[plan.pk]),
        reverse("assurance:rule_readers", args=[version.pk]),
        reverse("assurance:rule_docx", args=[version.pk]),
        reverse("assurance:inspection_carry_out", args=[inspection.pk]),
        reverse("assurance:organisation"),
    ]
    assert {url: page.get(url).status_code for url in more} == dict.fromkeys(more, 200)


def test_an_auditor_reads_and_fills_in_nothing(client, company):
    page = signed_in(client, company.auditor)
    assert set(statuses(page, ROOMS).values()) == {200}
    assert set(statuses(page, FORMS).values()) == {403}


@pytest.mark.parametrize("who", ["proposer", "technician", "counsel"])
def test_who_has_no_business_here_sees_no_record(client, company, who):
    version = started(company)
    page = signed_in(client, getattr(company, who))
    for name in ("organisation", "duties", "catalogues", "money"):
        assert page.get(reverse(f"assurance:{name}")).status_code in {403, 404}
    assert page.get(version.get_absolute_url()).status_code == 403
    assert page.get(reverse("assurance:rule_docx", args=[version.pk])).status_code == 403


@pytest.mark.requirement("TJ-04")
def test_questions_are_searched_in_any_language_and_show_how_sure_they_are(client, company):
    page = signed_in(client, company.seller)
    found = page.get("/assurance/questions/cn/", {"q": "竞业限制"}).content.decode()
    assert found.count("<details") >= 3
    assert "2020" in found
    japanese = page.get("/assurance/questions/jp/", {"q": "就業規則"}).content.decode()
    assert "state-bad" in japanese  # marked as unconfirmed
    assert page.get("/assurance/rules/mine/").status_code == 200
