"""Plans, money, inspections, duties and evaluations: from the plan to the verified closure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shoumi.engine.workflow import FINDING, INSPECTION, RULE_VERSION, TransitionRefusedError
from shoumi.server.accounts import gate
from shoumi.server.assurance.models import Evaluation, Expense, Finding, Inspection, RuleVersion
from shoumi.server.assurance.queries.catalogues import catalogues_of, measures_by_step, persons_by_level
from shoumi.server.assurance.queries.duties import duties_of
from shoumi.server.assurance.queries.money import money_of, money_total
from shoumi.server.assurance.services import duties, evaluations, inspections, money, plans, rounds
from shoumi.server.assurance.services.daily import assurance_run, next_year_lacks_plan
from shoumi.server.assurance.services.inspections import (
    FindingsOpenError,
    InspectionByTwoError,
    InspectionPlacesError,
    InspectionReportError,
)
from shoumi.server.assurance.services.plans import PlanByTwoError, PlanEmptyError
from shoumi.server.assurance.services.writing import StandsTwiceError
from shoumi.server.files.services import file_open
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.people.services.editing import RecordChangedError

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("machine", "states"),
    [
        (INSPECTION, Inspection.State),
        (FINDING, Finding.State),
        (RULE_VERSION, RuleVersion.State),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_states_are_those_of_the_tables(machine, states):
    assert {state.name for state in machine.states} == set(states.values)


@pytest.mark.requirement("GEN-12")
def test_a_plan_has_tasks_owners_progress_and_is_asked_for_when_missing(company, paper, monkeypatch):
    assert next_year_lacks_plan(company.cn, TODAY) == 2026
    assurance_run()  # the first of March: both entities' offices are asked for this year's plan
    asked = Notification.objects.filter(message__contains="no yearly plan")
    assert asked.filter(user=company.officer).count() == 1
    plan = plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="应定尽定")
    with pytest.raises(StandsTwiceError):
        plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="x")
    with pytest.raises(PlanEmptyError):
        plans.plan_adopt(actor=company.leader, plan=plan, expected_version=plan.version)
    task = plans.task_add(
        actor=company.officer, plan=plan, title="定密清查", owner=company.colleague.person,
        due_on=date(2026, 6, 30), duty="ORG-D4",
    )  # fmt: skip
    with pytest.raises(gate.NotPermittedError):
        plans.plan_adopt(actor=company.officer, plan=plan, expected_version=plan.version)
    adopted = plans.plan_adopt(actor=company.leader, plan=plan, expected_version=plan.version)
    assert adopted.state == "adopted"
    half = plans.task_report(
        actor=company.colleague, task_id=task.pk, expected_version=task.version, progress=50, note="一半"
    )
    with pytest.raises(RecordChangedError):
        plans.task_report(
            actor=company.officer, task_id=task.pk, expected_version=task.version, progress=60, note=""
        )
    with pytest.raises(gate.NotPermittedError):
        plans.task_report(
            actor=company.seller, task_id=task.pk, expected_version=half.version, progress=60, note=""
        )
    done = plans.task_report(
        actor=company.colleague, task_id=task.pk, expected_version=half.version, progress=100, note="完成",
        proof=paper(),
    )  # fmt: skip
    assert (done.state, done.done_on) == ("done", TODAY)
    assert next_year_lacks_plan(company.cn, TODAY) is None
    assert next_year_lacks_plan(company.cn, date(2026, 11, 1)) == 2027


def test_a_plan_is_not_adopted_by_who_drafted_it(company):
    from tests.server.people.company import grant

    from shoumi.engine.policy import Role
    from shoumi.engine.policy.values import entity_scope

    grant(company.officer, Role.LEADER, entity_scope(company.cn.pk))
    plan = plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="x")
    plans.task_add(actor=company.officer, plan=plan, title="x", owner=company.head.person, due_on=TODAY)
    with pytest.raises(PlanByTwoError):
        plans.plan_adopt(actor=company.officer, plan=plan, expected_version=plan.version)


@pytest.mark.requirement("ORG-04")
def test_budget_and_spending_of_a_year_with_receipts(company, paper):
    money.budget_set(
        actor=company.officer, entity=company.cn, year=2026, purpose="systems", amount=Decimal(50000)
    )
    with pytest.raises(RecordChangedError):
        money.budget_set(
            actor=company.officer, entity=company.cn, year=2026, purpose="systems", amount=Decimal(1)
        )
    expense = money.expense_record(
        actor=company.officer, entity=company.cn, spent_on=date(2026, 2, 3), purpose="systems",
        amount=Decimal("12000.50"), text="文档加密软件", receipt=paper("发票.pdf"),
    )  # fmt: skip
    wrong = money.expense_record(
        actor=company.officer, entity=company.cn, spent_on=date(2026, 2, 4), purpose="training",
        amount=Decimal(99), text="误录", receipt=paper("发票2.pdf"),
    )  # fmt: skip
    money.expense_strike(actor=company.officer, expense=wrong, expected_version=1, reason="重复")
    lines = {line.purpose: line for line in money_of(company.cn, 2026)}
    assert (lines["systems"].planned, lines["systems"].spent) == (Decimal(50000), Decimal("12000.50"))
    assert money_total(list(lines.values())) == (Decimal(50000), Decimal("12000.50"))
    assert Expense.objects.get(pk=expense.pk).receipt.sha256
    for amount in ("0", "-1", "1.005", "NaN"):
        with pytest.raises(money.AmountError):
            money.expense_record(
                actor=company.officer, entity=company.cn, spent_on=TODAY, purpose="other",
                amount=Decimal(amount), text="x", receipt=expense.receipt,
            )  # fmt: skip


def judged(company, inspection, **gaps):
    """Look at every point: in order, but for those named with their words."""
    for point in inspection.points.all():
        note = gaps.get(point.code, "")
        rounds.point_judge(
            actor=company.officer,
            point=point,
            expected_version=1,
            result="gap" if note else "good",
            note=note,
        )


def inspected(company):
    inspection = inspections.inspection_plan(
        actor=company.officer, entity=company.cn, title="一季度检查", reason="regular",
        departments=[company.lab], lead=company.officer.person, planned_on=TODAY,
    )  # fmt: skip
    return inspections.inspection_carry_out(
        actor=company.officer, inspection=inspection, expected_version=inspection.version,
        carried_out_on=TODAY, summary="发现一处问题",
    )  # fmt: skip


@pytest.mark.requirement("SRV-04", "SRV-05")
def test_conduct_of_duties_is_inspected_by_two_departments_and_filed_under_a_number(company, paper):
    plan = {
        "actor": company.officer, "entity": company.cn, "title": "履职情况检查", "reason": "conduct",
        "departments": [company.lab], "lead": company.officer.person, "planned_on": TODAY,
    }  # fmt: skip
    same = [None, company.officer.person, company.second_officer.person]
    for beside in same:
        with pytest.raises(InspectionByTwoError):
            inspections.inspection_plan(**plan, beside=beside)
    first = inspections.inspection_plan(**plan, beside=company.head.person)
    second = inspections.inspection_plan(**plan, beside=company.seller.person)
    assert (first.number, second.number) == ("SM-I-2026-0001", "SM-I-2026-0002")
    done = {"actor": company.officer, "carried_out_on": TODAY, "summary": "履职中执行制度情况良好"}
    report = paper("检查记录.pdf")
    with pytest.raises(rounds.PointsOpenError):
        inspections.inspection_carry_out(inspection=first, expected_version=1, report=report, **done)
    judged(company, first)
    with pytest.raises(InspectionReportError):
        inspections.inspection_carry_out(inspection=first, expected_version=1, **done)
    row = inspections.inspection_carry_out(inspection=first, expected_version=1, report=report, **done)
    assert row.report == report
    entries = LedgerEntry.objects.filter(subject=row.ledger_subject, tag="assurance:inspection:changed")
    assert entries.count() == 2  # planned, carried out
    finding = inspections.finding_record(
        actor=company.officer, inspection=row, department=company.lab, text="借阅未登记", weight="minor",
        owner=company.colleague.person, due_on=date(2026, 3, 15),
    )  # fmt: skip
    assert finding in Finding.objects.filter(inspection__number=first.number, state="open")


@pytest.mark.requirement("ORG-05", "ORG-D5")
def test_a_finding_is_put_right_with_proof_verified_by_another_and_only_then_closed(company, paper):
    inspection = inspected(company)
    with pytest.raises(InspectionPlacesError):
        inspections.finding_record(
            actor=company.officer, inspection=inspection, department=company.sales, text="x",
            weight="minor", owner=company.head.person, due_on=TODAY,
        )  # fmt: skip
    finding = inspections.finding_record(
        actor=company.officer, inspection=inspection, department=company.lab, text="图纸柜未上锁",
        weight="major", owner=company.colleague.person, due_on=date(2026, 3, 15),
    )  # fmt: skip
    with pytest.raises(FindingsOpenError):
        inspections.inspection_close(
            actor=company.officer, inspection=inspection, expected_version=inspection.version
        )
    verify = {"finding_id": finding.pk, "verdict": "现场查看，已上锁"}
    with pytest.raises(TransitionRefusedError):
        inspections.finding_verify(actor=company.officer, expected_version=finding.version, **verify)
    done = inspections.finding_rectify(
        actor=company.colleague, finding_id=finding.pk, expected_version=finding.version, action="加锁",
        proof=paper("照片.png"),
    )  # fmt: skip
    assert Notification.objects.filter(
        user=company.officer, message__contains="waits to be verified"
    ).exists()
    back = inspections.finding_send_back(
        actor=company.officer, expected_version=done.version, finding_id=finding.pk, verdict="钥匙仍在柜上"
    )
    again = inspections.finding_rectify(
        actor=company.second_officer, finding_id=finding.pk, expected_version=back.version, action="取走钥匙",
        proof=paper("照片2.png"),
    )  # fmt: skip
    with pytest.raises(gate.NotPermittedError) as caught:
        inspections.finding_verify(actor=company.second_officer, expected_version=again.version, **verify)
    assert "second-person-for-work" in caught.value.reasons
    inspections.finding_verify(actor=company.officer, expected_version=again.version, **verify)
    closed = inspections.inspection_close(
        actor=company.officer, inspection=inspection, expected_version=inspection.version
    )
    assert closed.state == "closed"


@pytest.mark.requirement("ORG-D4a", "ORG-D4b", "ORG-D4d")
def test_the_six_catalogues_the_measures_by_step_and_the_levels_of_zones_posts_and_persons(company):
    from shoumi.server.places.models import Zone

    Zone.objects.create(
        entity=company.cn, department=company.lab, code="Z1", name="实验室", kind="secret", level=3,
        created_at=company.cn.created_at,
    )  # fmt: skip
    found = {item.key: item for item in catalogues_of(company.cn, TODAY)}
    assert list(found) == ["scope", "levels", "periods", "departments", "posts", "zones"]
    assert all(item.lines for item in found.values())
    assert [line.level for line in found["levels"].lines] == ["core", "important", "general"]
    assert {line.level for line in found["posts"].lines} == {"core", "important"}
    assert [(line.name, line.level) for line in found["zones"].lines] == [("Z1 实验室", "core")]
    by_level = persons_by_level(company.cn)
    assert by_level["important"] == 2
    assert set(measures_by_step(company.cn, TODAY)["research"]) == set()
    measure = duties.measure_record(
        actor=company.officer, entity=company.cn, step="research", name="图纸加密", level=2,
        keeper=company.rd, since=TODAY,
    )  # fmt: skip
    assert measures_by_step(company.cn, TODAY)["research"] == [measure]
    duties.measure_end(actor=company.officer, measure=measure, expected_version=1, until=TODAY)
    assert measures_by_step(company.cn, date(2026, 3, 2))["research"] == []


@pytest.mark.requirement("ORG-D1", "ORG-D3", "ORG-D6", "ORG-D7", "ORG-D8")
def test_each_duty_has_its_list_of_proof_counted_and_added_by_hand(company, paper):
    before = {duty.id: duty for duty in duties_of(company.cn, 2026, TODAY)}
    assert len(before) == 9
    assert all(duty.proofs for duty in before.values())
    assert not any(before[key].proved for key in ("ORG-D2", "ORG-D3", "ORG-D5", "ORG-D6", "ORG-D9"))
    for duty, text in (
        ("ORG-D6", "新员工保密培训 12 人"),
        ("ORG-D7", "处置一起误发邮件"),
        ("ORG-D8", "协助市场监管局现场检查并提供清单"),
    ):
        duties.evidence_add(
            actor=company.officer, entity=company.cn, duty=duty, day=date(2026, 2, 1), text=text,
            file=paper(f"{duty}.pdf"),
        )  # fmt: skip
    after = {duty.id: duty for duty in duties_of(company.cn, 2026, TODAY)}
    assert [row.text for row in after["ORG-D8"].evidence] == ["协助市场监管局现场检查并提供清单"]
    assert after["ORG-D8"].proved
    row = after["ORG-D7"].evidence[0]
    duties.evidence_withdraw(actor=company.officer, evidence=row, expected_version=1, reason="记错年份")
    again = {duty.id: duty for duty in duties_of(company.cn, 2026, TODAY)}
    assert again["ORG-D7"].evidence == []
    with pytest.raises(duties.UnknownDutyError):
        duties.evidence_add(actor=company.officer, entity=company.cn, duty="ORG-D99", day=TODAY, text="x")


@pytest.mark.slow
@pytest.mark.requirement("ORG-D9")
def test_the_yearly_evaluation_keeps_its_figures_and_its_report(company):
    made = evaluations.evaluation_make(
        actor=company.officer, entity=company.cn, year=2026, judgement="总体有效", improvements="补齐保密员",
        language="zh",
    )  # fmt: skip
    assert [duty["id"] for duty in made.figures["duties"]] == [f"ORG-D{number}" for number in range(1, 10)]
    with file_open(made.report) as content:
        assert content.read(5) == b"%PDF-"
    with pytest.raises(StandsTwiceError):
        evaluations.evaluation_make(
            actor=company.officer,
            entity=company.cn,
            year=2026,
            judgement="x",
            improvements="x",
            language="zh",
        )
    assert Evaluation.objects.count() == 1


def test_overdue_work_is_told_the_day_after_to_whoever_does_it(company):
    plan = plans.plan_make(actor=company.officer, entity=company.cn, year=2026, goals="x")
    plans.task_add(
        actor=company.officer, plan=plan, title="自查", owner=company.colleague.person,
        due_on=date(2026, 2, 28),
    )  # fmt: skip
    assurance_run()
    told = Notification.objects.filter(user=company.colleague, message__contains="was due on")
    assert told.count() == 1
