"""Inspections that come round: systems evaluated, changes verified, points judged, paper, reminders."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils.translation import override
from tests.server.assurance.ruling import started
from tests.server.assurance.test_work import judged
from tests.server.register.company import signed_in

from shoumi.server.accounts import gate
from shoumi.server.assurance.models import Change, Finding, Inspection
from shoumi.server.assurance.queries.rounds import entities_to_inspect, round_of
from shoumi.server.assurance.services import inspections, rounds
from shoumi.server.assurance.services.daily import assurance_run
from shoumi.server.assurance.services.inspection_papers import inspection_print, paper_of
from shoumi.server.console.queries.due import due_for
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.register.models import StorageUnit

TODAY = date(2026, 3, 1)
DUE = date(2026, 4, 1)


def unit_of(department, code):
    return StorageUnit.objects.create(
        department=department, code=code, name="客户管理系统", kind="system", created_at=department.created_at
    )


def planned(company, **changes):
    values = {
        "actor": company.officer, "entity": company.cn, "title": "年度系统安全评估", "reason": "systems",
        "departments": [company.rd], "lead": company.technician.person, "planned_on": TODAY,
        "beside": company.legal.person, "units": [],
        "further": ["企业微信", " "], **changes,
    }  # fmt: skip
    return inspections.inspection_plan(**values)


def carried_out(company, row):
    return inspections.inspection_carry_out(
        actor=company.officer, inspection=row, expected_version=1, carried_out_on=TODAY, summary="两处薄弱"
    )


def found(company, row, **changes):
    wish = rounds.ChangeWish(
        **{"severity": "critical", "kind": "rule", "text": "修订账号管理制度", **changes}
    )
    return inspections.finding_record(
        actor=company.officer, inspection=row, department=company.rd, text="离职账号未停用", weight="major",
        owner=company.colleague.person, due_on=DUE, change=wish,
    )  # fmt: skip


def in_force(version, day):
    """Let a rule be published on a day, without its procedure."""
    version.state, version.sha256 = "in_force", "0" * 64
    version.published_on = version.in_force_from = day
    version.save()
    return version


def put_right(company, finding, proof, version=1, **more):
    return inspections.finding_rectify(
        actor=company.colleague, finding_id=finding.pk, expected_version=version, action="已完成",
        proof=proof, **more,
    )  # fmt: skip


@pytest.mark.requirement("WEC-27")
def test_systems_are_evaluated_each_year_and_what_is_found_is_changed_and_verified(
    company, paper, fixed_clock
):
    due = round_of(entities_to_inspect(company.officer, "systems").get(), "systems")
    assert due.last is None
    assert [item.day for item in due_for(company.officer, due.due_on, due.due_on)
            if item.source.key == "systems-round"] == [due.due_on]  # fmt: skip
    assert not entities_to_inspect(company.technician, "systems").exists()
    rule = in_force(started(company), TODAY)
    fixed_clock.advance(timedelta(days=1))
    with pytest.raises(rounds.SystemsMissingError):
        planned(company, units=[], further=[""])
    with pytest.raises(rounds.SystemsMissingError):
        planned(company, units=[unit_of(company.tokyo, "T1")])
    row = planned(company, units=[unit_of(company.rd, "S2")], planned_on=date(2026, 3, 2))
    assert {item.name for item in row.systems.all()} == {"S2 客户管理系统", "企业微信"}
    with pytest.raises(rounds.PointsOpenError):
        carried_out(company, row)
    point = row.points.get(code="rules")
    with pytest.raises(rounds.GapWithoutWordsError):
        rounds.point_judge(actor=company.officer, point=point, expected_version=1, result="gap", note=" ")
    judged(company, row, rules="制度未写明停用期限")
    row = inspections.inspection_carry_out(
        actor=company.officer, inspection=row, expected_version=1, carried_out_on=date(2026, 3, 2),
        summary="两处薄弱",
    )  # fmt: skip
    with pytest.raises(rounds.PointsFixedError):
        rounds.point_judge(actor=company.officer, point=point, expected_version=2, result="good", note="")
    with pytest.raises(rounds.ChangeMissingError):
        inspections.finding_record(
            actor=company.officer, inspection=row, department=company.rd, text="x", weight="minor",
            owner=company.colleague.person, due_on=DUE,
        )  # fmt: skip
    first = found(company, row)
    second = found(company, row, severity="low", kind="system", text="补丁", system=row.systems.first())
    for wrong in ({}, {"rule": rule}):
        with pytest.raises(rounds.RuleNotChangedError):
            put_right(company, first, paper(), **wrong)
    with pytest.raises(rounds.RuleNotChangedError):
        put_right(company, second, paper(), rule=rule)
    in_force(rule, date(2026, 3, 2))
    with pytest.raises(inspections.FindingsOpenError):
        inspections.inspection_close(actor=company.officer, inspection=row, expected_version=row.version)
    for finding, more in ((first, {"rule": rule}), (second, {})):
        done = put_right(company, finding, paper(), **more)
        with pytest.raises(gate.NotPermittedError):
            inspections.finding_verify(
                actor=company.colleague, finding_id=done.pk, expected_version=done.version, verdict="好"
            )
        inspections.finding_verify(
            actor=company.second_officer, finding_id=done.pk, expected_version=done.version, verdict="已核实"
        )
    assert Change.objects.get(finding=first).rule == rule
    closed = inspections.inspection_close(actor=company.officer, inspection=row, expected_version=row.version)
    assert closed.state == "closed"
    assert rounds.changes_counted(row) == {"rule": 1, "system": 1}
    written = list(LedgerEntry.objects.filter(subject=row.ledger_subject).values_list("tag", flat=True))
    assert written == ["assurance:inspection:changed"] * 3  # planned, carried out, closed
    after = round_of(entities_to_inspect(company.officer, "systems").get(), "systems")
    assert (after.last, after.due_on) == (date(2026, 3, 2), date(2027, 3, 2))


@pytest.mark.requirement("WEC-27")
def test_office_and_legal_are_reminded_unless_it_is_planned_and_again_when_it_is_late(company, fixed_clock):
    due = round_of(entities_to_inspect(company.officer, "systems").get(), "systems").due_on
    asked = Notification.objects.filter(message__contains="evaluation of the security of systems")

    def run_on(day):
        fixed_clock.advance(timedelta(days=(day - run_on.day).days))
        run_on.day = day
        asked.delete()
        assurance_run()
        return {note.user for note in asked.filter(parameters__entity=company.cn.name)}

    run_on.day = TODAY
    office = {company.officer, company.second_officer, company.legal, company.hr}
    assert run_on(due - timedelta(days=31)) == set()
    assert run_on(due - timedelta(days=30)) == office
    assert run_on(date(due.year, due.month + 1, 1)) == office, "it is late"
    planned(company, planned_on=run_on.day + timedelta(days=70))
    assert run_on(date(due.year, due.month + 2, 1)) == set()


@pytest.mark.slow
@pytest.mark.requirement("SRV-05")
def test_pages_and_paper_show_the_points_and_what_was_changed(company, paper, client):
    signed_in(client, company.officer)
    unit = unit_of(company.rd, "S1")
    form = {
        "expected_version": 1, "title": "系统评估", "units": [unit.pk], "further": "邮箱\n\n云盘",
        "departments": [company.rd.pk], "lead": company.officer.person.pk, "planned_on": "2026-03-01",
    }  # fmt: skip
    at = client.post(reverse("assurance:systems_plan"), form).url
    row = Inspection.objects.get(reason="systems")
    assert (at, row.systems.count()) == (row.get_absolute_url(), 3)
    address = reverse("assurance:point", args=[row.points.get(number=1).pk])
    assert address in client.get(at).content.decode()
    assert client.get(address).status_code == 200
    on = client.post(address, {"expected_version": 1, "result": "good", "note": ""}).url
    assert on == reverse("assurance:point", args=[row.points.get(number=2).pk]), "on to the next"
    row.points.filter(number__gt=2).update(result="none")
    assert client.post(on, {"expected_version": 1, "result": "good", "note": ""}).url == at
    row = carried_out(company, row)
    values = {
        "expected_version": 1, "department": company.rd.pk, "text": "日志不全", "severity": "high",
        "kind": "system", "change": "延长留存至一年", "owner": company.colleague.person.pk,
        "due_on": "2026-04-01", "system": row.systems.first().pk,
    }  # fmt: skip
    assert client.post(reverse("assurance:finding_record", args=[row.pk]), values).status_code == 302
    finding = Finding.objects.get(inspection=row)
    assert (finding.weight, finding.change.severity) == ("major", "high")
    put_right(company, finding, paper())
    for page in (at, reverse("assurance:finding_detail", args=[finding.pk])):
        assert "延长留存至一年" in client.get(page).content.decode()
    listed = client.get(reverse("assurance:systems_list")).content.decode()
    assert row.number in listed
    close = client.get(reverse("assurance:inspection_close", args=[row.pk])).content.decode()
    assert "已完成" in close, "closing shows what was changed"
    told = client.get(reverse("assurance:inspection_paper", args=[row.pk])).content
    pages = list(pypdfium2.PdfDocument(io.BytesIO(told)))
    text = "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")
    assert row.number in text
    assert "延长留存至一年" in text
    printed = LedgerEntry.objects.filter(tag="assurance:inspection:printed", subject=row.ledger_subject)
    assert printed.count() == 1


@pytest.mark.requirement("SRV-05")
@pytest.mark.parametrize(
    ("language", "title", "point"),
    [
        ("zh-hans", "履职监督检查记录", "已阅读并确认适用的商业秘密管理制度"),
        ("ja", "職務遂行の点検記録", "適用される規程を読み確認している"),
        ("en", "Record of the inspection of the conduct of duties", "The rules that apply were read"),
    ],
)
def test_the_record_of_conduct_is_in_the_readers_language(company, language, title, point):
    row = planned(company, reason="conduct", beside=company.head.person, units=[], further=[])
    with override(language):
        shown = paper_of(row, company.officer)
    assert shown["title"] == title
    assert shown["points"][0].words.startswith(point)
    for user in (company.owner, company.technician, company.colleague):
        with pytest.raises(gate.NotPermittedError):
            inspection_print(actor=user, inspection=row, language=language)
