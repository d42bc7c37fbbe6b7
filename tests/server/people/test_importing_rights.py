"""Who may bring people in, what blocks a file, and what becomes of the file afterwards."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from tests.server.people.company import user
from tests.server.people.rosters import applied, opened, previewed, workbook

from shoumi.engine.policy import Role
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.tables import TableFormat, read_table
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
    import_preview,
    imports_expire,
)
from shoumi.server.files.tables.models import TableImport
from shoumi.server.files.tables.sheets import TableFileError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people import services
from shoumi.server.people.importing import PEOPLE_IMPORT, people_export
from shoumi.server.people.importing.specs import DEPARTMENTS, ENTITIES, PERSONS, POSTS, ROSTER


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
