"""Tables of people come in whole or not at all, every fault at its cell, and go out as they come in."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from tests.server.people.company import user

from shoumi.engine.policy import Role
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.tables import TableFormat, read_table, write_workbook
from shoumi.server.files.tables.imports import (
    ImportChangedError,
    ImportFaultyError,
    ImportNothingError,
    ImportStateError,
    ImportUnknownError,
    annotated_copy,
    import_apply,
    import_choose,
    import_discard,
    import_get,
    import_open,
    import_preview,
    imports_expire,
)
from shoumi.server.files.tables.models import TableImport
from shoumi.server.files.tables.plans import Effect
from shoumi.server.files.tables.sheets import TableFileError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people import services
from shoumi.server.people.importing import PEOPLE_IMPORT, people_export
from shoumi.server.people.importing.specs import DEPARTMENTS, ENGAGEMENTS, ENTITIES, PERSONS, POSTS, ROSTER
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post

MODELS = (LegalEntity, Department, Post, Person, Engagement)


def workbook(*sheets) -> bytes:
    """Return a workbook of (spec, rows of dicts)."""
    target = io.BytesIO()
    write_workbook(
        target,
        [
            (
                str(spec.title),
                spec.columns,
                [[row.get(column.name) for column in spec.columns] for row in rows],
            )
            for spec, rows in sheets
        ],
    )
    return target.getvalue()


def opened(actor, content: bytes, name="people.xlsx"):
    return import_open(actor=actor, kind=PEOPLE_IMPORT, name=name, content=content)


def previewed(actor, content: bytes, name="people.xlsx"):
    draft = opened(actor, content, name)
    return import_preview(actor=actor, kind=PEOPLE_IMPORT, draft=draft)


def applied(actor, content: bytes, name="people.xlsx", **more):
    draft = opened(actor, content, name)
    return import_apply(actor=actor, kind=PEOPLE_IMPORT, draft=draft, expected_version=1, **more)


def rows() -> dict[str, list]:
    """Return everything that is stored, for comparison."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def lines(head: str, *texts: str) -> list[dict[str, str]]:
    """Return rows as dicts from lines with `|` between the cells."""
    names = head.split("|")
    return [dict(zip(names, (cell.strip() for cell in text.split("|")), strict=False)) for text in texts]


WHOLE = (
    (ENTITIES, lines("code|country|name_zh|name_ja", "SM|中国|澄光（示范）有限公司", "SJ|JP||澄光（デモ）")),
    (
        DEPARTMENTS,
        lines(
            "entity|code|name|parent|owner",
            "SM|RD-L|实验室|RD",  # before its parent
            "SM|RD|研发部||0007",
            "SJ|TK|技術営業部",
        ),
    ),
    (
        POSTS,
        lines(
            "entity|department|title|level|level_reason",
            "SM|RD|研发总监|核心",
            "SM|实验室|工程师|B级|接触配方",
            "SJ|TK|部長",
        ),
    ),
    (
        PERSONS,
        lines(
            "entity|number|name|reading|phone|email",
            "SM|0007|顾清和||+86 100 0000 0001|d007@example.com",
            "SJ|0008|神崎 澪|カンザキ ミオ",
        ),
    ),
    (
        ENGAGEMENTS,
        lines(
            "entity|number|check_name|kind|department|post|starts_on|ends_on|end_reason|contractor",
            "SM|0007||正式员工|RD|研发总监|2024.4.1|2025年4月1日|调岗",
            "SM|0007|顾清和|员工|RD-L|工程师|2025/4/1",
            "SJ|0008||派遣社員|TK|部長|R6.4.1|||はるか人材（デモ）",
        ),
    ),
)


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


def test_the_level_of_a_post_is_the_offices_to_set(company):
    hr = user("hr-only", (Role.HR, ""))
    row = {"entity": "SM", "department": "SA", "title": "客户经理", "level": "核心", "level_reason": "x"}
    preview = previewed(hr, workbook((POSTS, [row])))
    assert [fault.code for fault in preview.faults] == ["people.import_not_permitted"]
    preview = previewed(company.hr, workbook((POSTS, [{**row, "level_reason": ""}])))
    assert [fault.code for fault in preview.faults] == ["tables.required"]
    state_secret = previewed(company.hr, workbook((POSTS, [{**row, "level": "机密"}])))
    assert [fault.code for fault in state_secret.faults] == ["tables.state_secret_level"]


def test_each_row_asks_for_its_own_place(company):
    hr = user("rd-hr", (Role.HR, company.rd.scope))
    row = {"entity": "SM", "number": "D001", "name": "甲", "starts_on": "2024-04-01"}
    applied(hr, workbook((ROSTER, [{**row, "department": "RD-L"}])))
    preview = previewed(hr, workbook((ROSTER, [{**row, "number": "D002", "department": "SA"}])))
    assert [fault.code for fault in preview.faults] == ["people.import_not_permitted"]
    preview = previewed(
        hr, workbook((DEPARTMENTS, [{"entity": "SM", "code": "RD-L", "name": "实验室", "parent": "SA"}]))
    )
    assert {fault.code for fault in preview.faults} == {"people.import_not_permitted"}
    assert preview.is_blocked
    preview = previewed(hr, workbook((ENTITIES, [{"code": "SZ", "country": "CN", "name_zh": "新"}])))
    assert [fault.code for fault in preview.faults] == ["people.import_not_permitted"]


def test_nobody_brings_in_their_own_record(company):
    person = company.person("D001", "甲", company.engineer)
    services.person_link(actor=company.hr, person=person, expected_version=1, user=company.hr)
    services.engagement_start(
        actor=user("hr2", (Role.HR, "")),
        person=person,
        terms=services.Terms("employee", company.rd, date(2024, 1, 1)),
    )
    preview = previewed(
        company.hr, workbook((PERSONS, [{"entity": "SM", "number": "D001", "name": "甲", "phone": "1"}]))
    )
    assert [fault.code for fault in preview.faults] == ["people.import_not_permitted"]


def test_only_human_resources_bring_people_in(company):
    for role in (Role.SECRECY_OFFICER, Role.IT_ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(NotPermittedError):
            opened(user(f"x-{role}", (role, "")), workbook((PERSONS, [])))
        with pytest.raises(NotPermittedError):
            people_export(actor=user(f"y-{role}", (role, "")), file_format="xlsx")


def test_a_tree_that_would_be_a_circle_blocks_the_file(company):
    content = workbook(
        (
            DEPARTMENTS,
            [
                {"entity": "SM", "code": "RD", "name": "研发部", "parent": "RD-L"},
                {"entity": "SM", "code": "RD-L", "name": "材料实验室", "parent": "RD"},
            ],
        )
    )
    preview = previewed(company.hr, content)
    assert "people.tree" in {fault.code for fault in preview.faults}
    with pytest.raises(ImportFaultyError):
        import_apply(
            actor=company.hr,
            kind=PEOPLE_IMPORT,
            draft=preview.draft,
            expected_version=1,
            leave_out_faulty=True,
        )


def test_moving_and_closing_departments(company):
    company.person("D001", "甲", company.clerk)
    content = workbook(
        (
            DEPARTMENTS,
            [
                {"entity": "SM", "code": "RD-L", "name": "材料实验室", "parent": ""},
                {"entity": "SM", "code": "RD", "name": "研发中心", "parent": "RD-L"},
            ],
        )
    )
    applied(company.hr, content)
    company.rd.refresh_from_db()
    assert (company.rd.name, company.rd.path_ids) == ("研发中心", [company.lab.pk, company.rd.pk])
    close = [{"entity": "SM", "code": "RD", "name": "研发中心", "parent": "RD-L", "closed_on": "2026-03-01"}]
    applied(company.hr, workbook((DEPARTMENTS, close)))
    company.rd.refresh_from_db()
    assert company.rd.closed_on == date(2026, 3, 1)
    staffed = [{"entity": "SM", "code": "SA", "name": "销售部", "closed_on": "2026-03-01"}]
    preview = previewed(company.hr, workbook((DEPARTMENTS, staffed)))
    assert [fault.code for fault in preview.faults] == ["people.department_in_use"]


def test_a_person_corrects_what_was_recognised(company):
    text = "人员编码,称呼,备用\nD001,甲,x\n"
    draft = opened(company.hr, text.encode(), "x.csv")
    preview = import_preview(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft)
    assert not preview.recognised
    with pytest.raises(ImportNothingError):
        import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    choice = {"": {"spec": "people.person", "columns": {"number": 1, "name": 2}}}
    draft = import_choose(
        actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1, choices=choice
    )
    preview = import_preview(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft)
    assert [fault.code for fault in preview.faults] == ["people.entity_needed"]
    with pytest.raises(ImportChangedError):
        import_choose(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1, choices={})


def test_an_import_belongs_to_who_opened_it(company):
    draft = opened(company.hr, workbook((PERSONS, [{"entity": "SM", "number": "D001", "name": "甲"}])))
    other = user("hr2", (Role.HR, ""))
    with pytest.raises(ImportUnknownError):
        import_get(actor=other, kind=PEOPLE_IMPORT, import_id=draft.pk)
    with pytest.raises(ImportUnknownError):
        import_apply(actor=other, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    assert import_get(actor=company.hr, kind=PEOPLE_IMPORT, import_id=draft.pk) == draft


def test_an_import_is_finished_once(company):
    content = workbook((PERSONS, [{"entity": "SM", "number": "D001", "name": "甲"}]))
    draft = applied(company.hr, content)
    with pytest.raises(ImportStateError):
        import_apply(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=2)
    draft = opened(company.hr, content)
    import_discard(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft, expected_version=1)
    draft.refresh_from_db()
    assert draft.file.state == "shredded"
    with pytest.raises(ImportStateError):
        import_preview(actor=company.hr, kind=PEOPLE_IMPORT, draft=draft)


def test_what_is_left_lying_is_destroyed_after_a_month(company, fixed_clock):
    opened(company.hr, workbook((PERSONS, [])))
    fixed_clock.advance(timedelta(days=29))
    assert imports_expire() == 0
    fixed_clock.advance(timedelta(days=2))
    assert imports_expire() == 1
    assert TableImport.objects.get().file.state == "shredded"


def test_a_file_that_is_no_table_is_not_kept(company):
    with pytest.raises(TableFileError):
        opened(company.hr, b"\x89PNG\r\n\x1a\n\0\0\0", "x.xlsx")
    assert not TableImport.objects.exists()


def test_the_annotated_copy_marks_every_fault(company, english):
    preview = previewed(
        company.hr, workbook((PERSONS, [{"entity": "SM", "number": "D001", "name": "甲", "email": "x"}]))
    )
    copy = read_table(io.BytesIO(annotated_copy(preview)), "x.xlsx")
    listing = copy.sheets[-1]
    assert listing.rows[0].value(1) == preview.faults[0].cell
    assert "e-mail" in str(listing.rows[0].value(2))


def test_details_leave_the_house_with_a_purpose_only(company):
    company.person("D001", "甲", company.engineer)
    content = people_export(actor=company.hr, file_format="csv", table=PERSONS.name)
    assert b"0000 0001" not in content
    assert b"d001@example.com" not in content
    content = people_export(actor=company.hr, file_format="csv", table=PERSONS.name, purpose="年度核对")
    assert b"d001@example.com" in content
    entry = LedgerEntry.objects.order_by("-index").first()
    assert (entry.tag, entry.subject) == ("people:export:made", "list:people")
    with pytest.raises(NotPermittedError):
        people_export(actor=user("clerk"), file_format="xlsx")


def test_exports_hold_the_remit_only(company):
    company.person("D001", "甲", company.engineer)
    company.person("D002", "乙", company.clerk)
    hr = user("rd-hr", (Role.HR, company.rd.scope))
    content = people_export(actor=hr, file_format=TableFormat.CSV, table=PERSONS.name).decode("utf-8-sig")
    assert "D001" in content
    assert "D002" not in content
