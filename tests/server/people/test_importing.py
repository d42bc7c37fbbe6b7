"""Tables of people come in whole or not at all, every fault at its cell, and go out as they come in."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override
from tests.server.people.company import user
from tests.server.people.rosters import WHOLE, applied, lines, previewed, rows, workbook

from shoumi.engine.policy import Role
from shoumi.server.files.tables.imports import (
    ImportFaultyError,
    import_apply,
)
from shoumi.server.files.tables.plans import Effect
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people import services
from shoumi.server.people.importing import PEOPLE_IMPORT, people_export
from shoumi.server.people.importing.specs import DEPARTMENTS, ENGAGEMENTS, ENTITIES, PERSONS, POSTS, ROSTER
from shoumi.server.people.models import Department, Engagement, Person, Post


@pytest.fixture
def officer(db, fixed_clock):
    """Human resources and secrecy office of the whole company in one, with nothing stored yet."""
    return user("hr", (Role.HR, ""), (Role.SECRECY_OFFICER, ""))


def test_a_whole_company_in_one_workbook(officer):
    preview = previewed(officer, workbook(*WHOLE))
    assert not preview.faults
    assert preview.plan.counts == {"new": 13, "changed": 0, "unchanged": 0}
    assert not Person.objects.exists()  # nothing is written before it is applied
    applied(officer, workbook(*WHOLE))
    lab = Department.objects.get(code="RD-L")
    assert lab.path_ids == [lab.parent_id, lab.pk]
    assert lab.parent.owner.name == "顾清和"
    assert Post.objects.get(title="工程师").level == 2
    assert Person.objects.get(number="0008").reading == "かんざき みお"
    first, second = Engagement.objects.filter(person__number="0007").order_by("starts_on")
    assert (first.ends_on, first.end_reason) == (date(2025, 4, 1), "moved")
    assert second.post.title == "工程师"
    assert Engagement.objects.get(person__number="0008").kind == "dispatched_worker"


def test_every_row_has_its_ledger_entry_and_the_import_one_more(officer):
    before = LedgerEntry.objects.count()
    draft = applied(officer, workbook(*WHOLE))
    new = LedgerEntry.objects.filter(index__gte=before).order_by("index")
    tags = [entry.tag for entry in new]
    assert tags[0] == "files:file:stored"
    assert tags[-1] == "people:import:applied"
    assert new.last().subject == draft.ledger_subject
    assert len(tags) == 1 + 13 + 1
    person = Person.objects.get(number="0007")
    assert LedgerEntry.objects.filter(subject=person.ledger_subject).count() == 3


def test_applying_the_same_file_again_changes_nothing(officer):
    applied(officer, workbook(*WHOLE))
    before = rows()
    again = applied(officer, workbook(*WHOLE))
    assert again.counts["unchanged"] == 13
    assert again.counts["new"] == again.counts["changed"] == 0
    assert rows() == before


@pytest.mark.parametrize("language", ["zh-hans", "ja", "en"])
def test_an_export_read_back_in_changes_nothing(company, language):
    person = company.person("D001", "顾清和", company.engineer)
    company.person(
        "=1+1", "'+甲", company.clerk, kind="contractors_worker", contractor="@x", ends_on=date(2030, 1, 1)
    )
    company.person("J001", "神崎 澪", company.chief, reading="かんざき みお", kind="adviser")
    services.engagement_end(
        actor=company.hr,
        engagement=person.engagements.get(),
        expected_version=1,
        ends_on=date(2026, 2, 1),
        reason="resigned",
    )
    services.department_change(
        actor=company.hr, department=company.rd, expected_version=1, code="RD", name="研发部", owner=person
    )
    before = rows()
    with override(language):
        content = people_export(actor=company.hr, file_format="xlsx", purpose="移行")
        counts = applied(company.hr, content).counts
    assert counts == {"new": 0, "changed": 0, "unchanged": 2 + 4 + 4 + 3 + 3, "faulty": 0}
    assert rows() == before
    for spec in (ENTITIES, DEPARTMENTS, POSTS, PERSONS, ENGAGEMENTS):
        with override(language):
            content = people_export(actor=company.hr, file_format="csv", table=spec.name, purpose="移行")
            preview = previewed(company.hr, content, "x.csv")
        assert [item.spec for item in preview.sheets] == [spec]
        assert not preview.faults
        assert not preview.changes_something


def test_a_roster_as_human_resources_keep_it(company):
    text = (
        "澄光公司花名册,,,,,,,\n"
        "工号,姓名,手机,所属部门,岗位,用工形式,派遣单位,入职日期\n"
        "D001,顾清和,100 0000 0001,研发部,研发总监,正式,,2024年4月1日\n"
        "D002,沈若溪,,材料实验室,工程师,劳务派遣,远帆人力（示范）,20250301\n"
        "D003,季书瑶,,SA,,,,2025.3.1\n"
    )
    draft = applied(company.hr, text.encode("gb18030"), "花名册.csv")
    assert draft.counts["new"] == 6  # three persons, three engagements
    assert Engagement.objects.get(person__number="D002").kind == "dispatched_worker"
    assert Engagement.objects.get(person__number="D003").kind == "employee"
    again = applied(company.hr, text.replace("100 0000 0001", "100 0000 0009").encode(), "花名册.csv")
    assert (again.counts["new"], again.counts["changed"]) == (0, 1)
    assert Person.objects.get(number="D001").phone == "100 0000 0009"


def test_all_faults_are_named_and_nothing_is_written(company):
    table = lines(
        "entity|number|name|department|post|kind|starts_on|ends_on|email",
        "SM|D001|甲|RD|研发总监||2024-04-01",
        "SM|D002|乙|没有的部门|||2024-02-30",
        "XX|D003|丙|RD|||2024-04-01",
        "SM|D004|丁|RD|没有||2024-04-01",
        "SM|D005|戊|RD||外包|2024-04-01",
        "SM|D006|己|RD|||2024-04-01|2023-04-01",
        "SM|D007|庚|RD||临时|2024-04-01||x",
    )
    content = workbook((ROSTER, table))
    preview = previewed(company.hr, content)
    found = {(fault.cell.rpartition("!")[2], fault.code) for fault in preview.faults}
    assert found == {
        ("G3", "people.unknown_department"),
        ("K3", "tables.impossible_date"),
        ("A4", "people.unknown_entity"),
        ("H5", "people.unknown_post"),
        ("J6", "people.import_contractor"),
        ("L7", "people.import_ends_first"),
        ("I8", "tables.unknown_word"),
        ("F8", "tables.not_an_email"),
    }
    assert preview.faulty_rows == 6
    before = rows()
    draft = preview.draft
    with pytest.raises(ImportFaultyError):
        import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    assert rows() == before
    import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1, leave_out_faulty=True)
    assert [person.number for person in Person.objects.all()] == ["D001"]


def test_a_row_is_taken_whole_or_not_at_all(company):
    """The engagement overlaps, so the person's new telephone and a new person stay out too."""
    company.person("D001", "顾清和", company.engineer)
    table = lines(
        "entity|number|name|phone|department|post|starts_on|ends_on",
        "SM|D001|顾清和|100 0000 0077|RD-L|工程师|2025-01-01",
        "SM|D002|乙||RD|研发总监|2025-01-01|2025-06-01",
        "SM|D002|乙||RD|研发总监|2025-05-01",
    )
    content = workbook((ROSTER, table))
    preview = previewed(company.hr, content)
    assert [fault.code for fault in preview.faults] == ["people.engagement_overlap"] * 2
    import_apply(
        actor=company.hr, kind=PEOPLE_IMPORT, draft=preview.draft, expected_version=1, leave_out_faulty=True
    )
    assert Person.objects.get(number="D001").phone == "100 0000 0001"
    assert Engagement.objects.filter(person__number="D002").count() == 1


def test_engagements_are_ended_and_never_rewritten(company):
    company.person("D001", "顾清和", company.engineer)
    row = {
        "entity": "SM",
        "number": "D001",
        "kind": "员工",
        "department": "RD-L",
        "post": "工程师",
        "starts_on": "2024-04-01",
    }
    applied(company.hr, workbook((ENGAGEMENTS, [{**row, "ends_on": "2026-02-01", "end_reason": "辞职"}])))
    ended = Engagement.objects.get()
    assert (ended.ends_on, ended.end_reason, ended.version) == (date(2026, 2, 1), "resigned", 2)
    for change, code in (
        ({"ends_on": "2026-05-01"}, "people.engagement_ended"),
        ({"kind": "顾问"}, "people.import_kind"),
        ({"check_name": "别人"}, "people.import_other_name"),
        ({"number": "D999"}, "people.unknown_person"),
    ):
        preview = previewed(company.hr, workbook((ENGAGEMENTS, [{**row, **change}])))
        assert [fault.code for fault in preview.faults] == [code]


def test_differences_are_shown_before_and_after(company, english):
    company.person("D001", "顾清和", company.engineer)
    preview = previewed(
        company.hr,
        workbook(
            (PERSONS, [{"entity": "SM", "number": "D001", "name": "顾清如", "email": "d001@example.com"}]),
            (
                POSTS,
                [
                    {
                        "entity": "SM",
                        "department": "SA",
                        "title": "客户经理",
                        "level": "普通",
                        "level_reason": "客户名单",
                    }
                ],
            ),
        ),
    )
    changes = {change.label: change for change in preview.plan.changes}
    assert {change.effect for change in changes.values()} == {Effect.CHANGED}
    person = {item.label: (item.before, item.after) for item in changes["D001 顾清和"].differences}
    assert person == {
        "name": ("顾清和", "顾清如"),
        "reading": ("gu qinghe", "gu qingru"),
        "telephone": ("100••••0001", ""),
    }
    post = {item.label: (item.before, item.after) for item in changes["销售部 · 客户经理"].differences}
    assert post["secrecy level"] == ("No secrets", "General")
