"""The pages of people: everybody sees what they may, masked, and every form goes through its service."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.server.people.company import user

from shoumi.engine.policy import Role
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.files.tables import read_table
from shoumi.server.files.tables.models import TableImport
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people.models import Department, Engagement, LegalEntity, Person, Post


@pytest.fixture
def sign_in(client):
    """Return a function that signs a user in, with the reminder acknowledged."""

    def signed(who):
        who.language = "en"
        who.save()
        reminder_acknowledge(actor=who, reminder=reminder_for(who, "en"))
        client.cookies["django_language"] = "en"
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed


@pytest.fixture
def desk(company, sign_in):
    return sign_in(company.hr)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sent(client, view, /, *args, **data):
    response = client.post(reverse(f"people:{view}", args=args), data)
    assert response.status_code == 302, text(response)[:3000]
    return response


def test_the_list_shows_filters_and_searches(company, desk):
    company.person("D001", "顾清和", company.engineer)
    company.person("D002", "沈若溪", company.clerk)
    company.person("J001", "神崎 澪", company.chief, reading="カンザキ ミオ", kind="adviser")
    url = reverse("people:person_list")
    page = text(desk.get(url))
    assert all(name in page for name in ("顾清和", "沈若溪", "神崎 澪"))
    assert "100 0000 0001" not in page
    for query, found in (
        ({"q": "gqh"}, ["顾清和"]),
        ({"q": "ミオ"}, ["神崎 澪"]),
        ({"department": company.rd.pk}, ["顾清和"]),
        ({"kind": "adviser"}, ["神崎 澪"]),
        ({"level": "2"}, ["顾清和"]),
        ({"level": ["2", "3"]}, ["顾清和", "神崎 澪"]),
        ({"entity": company.jp.pk}, ["神崎 澪"]),
        ({"engaged": "no"}, []),
    ):
        page = text(desk.get(url, query))
        assert [name for name in ("顾清和", "沈若溪", "神崎 澪") if f">{name}" in page] == found, query
    for sort in ("name", "-number", "department", "level", "-entity"):
        assert desk.get(url, {"sort": sort}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_list(company, desk, django_assert_max_num_queries):
    for number in range(12):
        company.person(f"D{number:03d}", f"示范{number}", company.engineer)
    with django_assert_max_num_queries(45):
        desk.get(reverse("people:person_list"))


def test_a_list_export_is_masked_to_its_columns_and_recorded(company, desk):
    company.person("D001", "顾清和", company.engineer)
    response = desk.post(reverse("people:person_list"), {"do": "export", "form": "csv"})
    assert "顾清和" in response.content.decode("utf-8-sig")
    assert LedgerEntry.objects.order_by("-index").first().tag == "files:listing:exported"


def test_a_colleague_sees_name_and_place_only(company, sign_in):
    person = company.person("D001", "顾清和", company.engineer)
    colleague = company.person("D002", "沈若溪", company.clerk, sign_in="b")
    client = sign_in(colleague.user)
    page = text(client.get(person.get_absolute_url()))
    assert "材料实验室" in page
    assert "••••" not in page
    assert "d001@" not in page
    assert client.get(reverse("people:person_change", args=[person.pk])).status_code == 403
    stranger = sign_in(user("stranger"))
    assert stranger.get(person.get_absolute_url()).status_code == 403


def test_details_are_masked_until_revealed(company, desk):
    person = company.person("D001", "顾清和", company.engineer)
    page = text(desk.get(person.get_absolute_url()))
    assert "Secrets they may see" not in page  # no sign-in, no number
    assert "d001@example.com" not in page
    assert "100 0000 0001" not in page
    assert "100••••0001" in page
    reveal = reverse("people:person_reveal", args=[person.pk])
    refused = desk.post(reveal, {"field": "phone"}, headers={"HX-Request": "true"})
    assert refused.status_code == 403
    shown = desk.post(reveal, {"field": "phone", "purpose": "紧急联系"}, headers={"HX-Request": "true"})
    assert "100 0000 0001" in text(shown)
    assert "<html" not in text(shown)
    assert shown["Cache-Control"] == "no-store"
    whole = desk.post(reveal, {"field": "email", "purpose": "紧急联系"})
    assert "d001@example.com" in text(whole)
    assert "<html" in text(whole)


def test_the_page_tells_how_much_somebody_may_see(company, desk):
    person = company.person("D001", "顾清和", company.engineer, sign_in="a")
    assert "Secrets they may see</dt><dd>0</dd>" in text(desk.get(person.get_absolute_url()))


def test_the_organisation_is_drawn_as_a_tree(company, desk):
    company.person("D001", "顾清和", company.engineer)
    page = text(desk.get(reverse("people:department_tree")))
    assert page.index("研发部") < page.index("材料实验室")
    assert "1 person" in page
    page = text(desk.get(company.lab.get_absolute_url()))
    assert "顾清和" in page
    assert "level-important" in page


def test_organisation_forms(company, desk):
    sent(desk, "entity_create", code="SX", country="CN", name_zh="新公司", expected_version=1)
    entity = LegalEntity.objects.get(code="SX")
    sent(desk, "entity_change", entity.pk, code="SX", name_zh="新新公司", expected_version=1)
    sent(desk, "department_create", entity.pk, code="A", name="甲部", expected_version=1)
    above = Department.objects.get(code="A")
    sent(desk, "department_create", entity.pk, code="B", name="乙部", parent=above.pk, expected_version=1)
    below = Department.objects.get(code="B")
    assert below.parent == above
    sent(desk, "department_change", below.pk, code="B", name="乙二部", expected_version=1)
    sent(desk, "department_move", below.pk, parent="", expected_version=2)
    sent(desk, "department_close", below.pk, expected_version=3)
    below.refresh_from_db()
    assert (below.name, below.parent, below.closed_on) == ("乙二部", None, date(2026, 3, 1))
    sent(desk, "post_create", above.pk, title="主任", level=2, level_reason="x", expected_version=1)
    post = Post.objects.get(title="主任")
    sent(desk, "post_rename", post.pk, title="主管", expected_version=1)
    sent(desk, "post_set_level", post.pk, level=3, reason="接触配方", expected_version=2)
    sent(desk, "post_close", post.pk, expected_version=3)
    post.refresh_from_db()
    assert (post.title, post.level, post.is_open) == ("主管", 3, False)


def test_faults_stand_beside_their_field_and_stale_forms_are_refused(company, desk):
    page = desk.post(
        reverse("people:department_create", args=[company.cn.pk]),
        {"code": "RD", "name": "x", "expected_version": 1},
    )
    assert page.status_code == 422
    assert "in use already" in text(page)
    stale = desk.post(
        reverse("people:department_change", args=[company.rd.pk]),
        {"code": "RD", "name": "y", "expected_version": 7},
    )
    assert stale.status_code == 422
    assert "Somebody else changed" in text(stale)


def test_person_forms(company, desk):
    response = sent(
        desk,
        "person_create",
        entity=company.cn.pk,
        number="D009",
        name="温如言",
        phone="100 0000 0009",
        expected_version=1,
    )
    person = Person.objects.get(number="D009")
    assert response.url == reverse("people:engagement_start", args=[person.pk])
    sent(
        desk, "engagement_start", person.pk,
        kind="employee", place=f"{company.lab.pk}/{company.engineer.pk}",
        starts_on="2026-02-01", expected_version=1,
    )  # fmt: skip
    engagement = person.engagements.get()
    sent(
        desk, "engagement_move", engagement.pk,
        kind="employee", place=f"{company.sales.pk}/", starts_on="2026-03-01", expected_version=1,
    )  # fmt: skip
    moved = Engagement.objects.get(person=person, ends_on__isnull=True)
    assert (moved.department, moved.post) == (company.sales, None)
    sent(desk, "person_change", person.pk, number="D009", name="温如语", expected_version=1)
    person.refresh_from_db()
    assert (person.name, person.reading, person.phone) == ("温如语", "wen ruyu", "100 0000 0009")
    sign_in_of = user("wen")
    sent(desk, "person_link", person.pk, user=sign_in_of.pk, expected_version=2)
    unsure = desk.post(
        reverse("people:engagement_end", args=[moved.pk]),
        {"ends_on": "2026-03-01", "reason": "resigned", "expected_version": 1},
    )
    assert unsure.status_code == 422
    sent(
        desk,
        "engagement_end",
        moved.pk,
        ends_on="2026-03-01",
        reason="resigned",
        sure="on",
        expected_version=1,
    )
    moved.refresh_from_db()
    assert moved.ends_on == date(2026, 3, 1)
    assert "not engaged today" in text(desk.get(person.get_absolute_url()))


def upload(client, content: str, name="花名册.csv"):
    file = SimpleUploadedFile(name, content.encode(), "text/csv")
    return client.post(reverse("people:import_new"), {"file": file})


ROSTER = "法人,工号,姓名,部门,入职日期,邮箱\nSM,D001,甲,研发部,2024-04-01,\nSM,D002,乙,研发部,2024-02-30,x\n"


def test_the_import_wizard(company, desk):
    response = upload(desk, ROSTER)
    assert response.status_code == 302
    page = text(desk.get(response.url))
    assert "E3" in page
    assert "F3" in page
    assert "Leave out 1 faulty row" in page
    copy = desk.get(response.url + "faults.xlsx")
    assert read_table(io.BytesIO(copy.content), "x.xlsx").sheets[-1].rows
    refused = desk.post(response.url, {"do": "apply", "expected_version": 1}, follow=True)
    assert "Nothing was written" in text(refused)
    assert not Person.objects.exists()
    done = desk.post(response.url, {"do": "apply", "expected_version": 1, "leave_out": "1"}, follow=True)
    assert "2 rows were written" in text(done)
    assert Person.objects.get().name == "甲"


def test_columns_are_corrected_in_the_wizard(company, desk):
    response = upload(desk, "法人,工号,称呼,x\nSM,D001,甲,y\n")
    draft = TableImport.objects.get()
    page = text(desk.get(response.url))
    assert "称呼" in page
    choose = {"do": "choose", "expected_version": 1, "sheet0-spec": "people.person"}
    desk.post(
        response.url,
        {**choose, "sheet0-column_entity": 1, "sheet0-column_number": 2, "sheet0-column_name": 3},
    )
    draft.refresh_from_db()
    if not draft.choices[""]["columns"]:  # another table was chosen: its columns come with the next step
        desk.post(
            response.url,
            {
                **choose,
                "expected_version": 2,
                "sheet0-column_entity": 1,
                "sheet0-column_number": 2,
                "sheet0-column_name": 3,
            },
        )
    page = text(desk.get(response.url))
    assert "No faults" in page


def test_a_file_that_is_no_table_is_explained(company, desk):
    file = SimpleUploadedFile("bild.xlsx", b"\x89PNG\r\n\x1a\n\0\0", "image/png")
    response = desk.post(reverse("people:import_new"), {"file": file})
    assert response.status_code == 422
    assert "neither an xlsx workbook nor a CSV" in text(response)


def test_discarding_an_import(company, desk):
    response = upload(desk, ROSTER)
    desk.post(response.url, {"do": "discard", "expected_version": 1})
    assert TableImport.objects.get().state == "discarded"
    assert desk.get(response.url).status_code == 200


def test_the_export_page(company, desk):
    company.person("D001", "顾清和", company.engineer)
    assert desk.get(reverse("people:export")).status_code == 200
    response = desk.post(reverse("people:export"), {"file_format": "csv"})
    assert response.status_code == 422
    response = desk.post(reverse("people:export"), {"file_format": "xlsx"})
    assert response["Content-Disposition"] == 'attachment; filename="people-2026-03-01.xlsx"'
    assert len(read_table(io.BytesIO(response.content), "x.xlsx").sheets) == 5


@pytest.mark.parametrize("name", ["person_create", "import_new", "export", "entity_create"])
def test_rooms_of_human_resources_are_closed_to_others(company, sign_in, name):
    client = sign_in(user("auditor", (Role.AUDITOR, "")))
    response = client.get(reverse(f"people:{name}"))
    if name == "person_create":
        response = client.post(
            reverse(f"people:{name}"),
            {"entity": company.cn.pk, "number": "X", "name": "x", "expected_version": 1},
        )
    assert response.status_code == 403


def test_signed_out_visitors_are_sent_to_sign_in(company, client):
    for name in ("person_list", "department_tree", "import_new", "export"):
        assert client.get(reverse(f"people:{name}")).status_code == 302
