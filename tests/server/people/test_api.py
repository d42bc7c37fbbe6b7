"""The API of people: the same rights as the pages, masked answers, errors in one shape."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.server.people.company import user

from shoumi.engine.policy import Role
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.files.tables import read_table
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.people.models import Department, Engagement, Person

ROOT = "/api/v1/people"


@pytest.fixture
def caller(client):
    """Return a function that calls the API as somebody: method, path, body → status and answer."""

    def calling(who):
        reminder_acknowledge(actor=who, reminder=reminder_for(who, "en"))
        client.cookies["django_language"] = "en"
        client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")

        def call(method, path, body=None, **more):
            data = (
                {"data": json.dumps(body), "content_type": "application/json"}
                if body is not None
                else {"data": more}
                if more
                else {}
            )
            response = getattr(client, method)(ROOT + path, **data)
            return response.status_code, response.json()

        return call

    return calling


@pytest.fixture
def call(company, caller):
    return caller(company.hr)


def test_the_organisation(company, call):
    assert [row["code"] for row in call("get", "/entities")[1]] == ["SJ", "SM"]
    status, made = call(
        "post",
        "/departments",
        {"entity_id": str(company.cn.pk), "code": "QA", "name": "质检", "parent_id": str(company.rd.pk)},
    )
    assert (status, made["parent_id"]) == (201, str(company.rd.pk))
    path = f"/departments/{made['id']}"
    assert call("put", path, {"expected_version": 1, "code": "QA", "name": "质检部"})[1]["name"] == "质检部"
    assert call("post", f"{path}/move", {"expected_version": 2})[1]["parent_id"] is None
    assert call("post", f"{path}/close", {"expected_version": 3})[1]["closed_on"] == "2026-03-01"
    assert call("get", "/departments")[1]["count"] == Department.objects.count()


def test_posts(company, call):
    status, made = call("post", "/posts", {"department_id": str(company.sales.pk), "title": "助理"})
    assert (status, made["level"]) == (201, 0)
    status, graded = call(
        "post", f"/posts/{made['id']}/level", {"expected_version": 1, "level": 1, "reason": "客户名单"}
    )
    assert (status, graded["level"]) == (200, 1)
    assert call("get", f"/posts?department_id={company.sales.pk}")[1]["count"] == 2


def test_persons_and_engagements(company, call):
    status, made = call(
        "post",
        "/persons",
        {"entity_id": str(company.cn.pk), "number": "D009", "name": "温如言", "phone": "100 0000 0009"},
    )
    assert (status, made["phone"], made["active"]) == (201, "100••••0009", False)
    path = f"/persons/{made['id']}"
    terms = {
        "kind": "employee",
        "department_id": str(company.lab.pk),
        "post_id": str(company.engineer.pk),
        "starts_on": "2026-02-01",
    }
    status, begun = call("post", f"{path}/engagements", terms)
    assert status == 201
    assert call("get", path)[1]["posts"] == [str(company.engineer.pk)]
    status, moved = call(
        "post",
        f"/engagements/{begun['id']}/move",
        {
            **terms,
            "department_id": str(company.sales.pk),
            "post_id": None,
            "starts_on": "2026-03-01",
            "expected_version": 1,
        },
    )
    assert (status, moved["department_id"]) == (201, str(company.sales.pk))
    status, ended = call(
        "post",
        f"/engagements/{moved['id']}/end",
        {"expected_version": 1, "ends_on": "2026-03-01", "reason": "resigned"},
    )
    assert (status, ended["end_reason"]) == (200, "resigned")
    assert len(call("get", f"{path}/engagements")[1]) == 2
    assert (
        call("patch", path, {"expected_version": 1, "email": "d009@example.com"})[1]["email"]
        == "d••••@example.com"
    )
    assert [row["name"] for row in call("get", "/persons?q=wry")[1]["items"]] == ["温如言"]


def test_a_reveal_needs_a_purpose_and_is_recorded(company, call):
    person = company.person("D001", "顾清和", company.engineer)
    path = f"/persons/{person.pk}/reveal"
    status, answer = call("post", path, {"field": "phone"})
    assert (status, answer["error"]["code"]) == (403, "policy.not_permitted")
    assert call("post", path, {"field": "phone", "purpose": "紧急联系"}) == (200, {"value": "100 0000 0001"})
    assert LedgerEntry.objects.order_by("-index").first().tag == "people:person:revealed"


def test_errors_have_one_shape(company, call):
    status, answer = call(
        "post", "/departments", {"entity_id": str(company.cn.pk), "code": "RD", "name": "x"}
    )
    assert (status, answer["error"]["code"], answer["error"]["fields"]) == (
        409,
        "people.code_taken",
        {"value": "RD"},
    )
    status, answer = call(
        "put", f"/departments/{company.rd.pk}", {"expected_version": 9, "code": "RD", "name": "x"}
    )
    assert (status, answer["error"]["code"]) == (409, "people.changed_meanwhile")
    assert call("get", "/persons/00000000-0000-0000-0000-000000000000")[0] == 404
    assert call("post", "/posts", {"title": ""})[0] == 422


def test_what_may_not_be_seen_is_not_there(company, caller):
    colleague = company.person("D001", "顾清和", company.engineer, sign_in="a")
    abroad = company.person("J001", "神崎 澪", company.chief, reading="かんざき みお")
    call = caller(colleague.user)
    assert call("get", f"/persons/{abroad.pk}")[0] == 404
    assert call("get", f"/persons/{colleague.pk}")[0] == 200
    other = company.person("D002", "沈若溪", company.clerk)
    assert call("get", f"/persons/{other.pk}")[0] == 403  # may be looked up, not read
    assert [row["number"] for row in call("get", "/persons")[1]["items"]] == ["D001", "D002"]
    assert call("post", "/persons", {"entity_id": str(company.cn.pk), "number": "X", "name": "x"})[0] == 403
    nobody = caller(user("nobody"))
    assert nobody("get", "/persons")[1]["count"] == 0
    assert nobody("get", "/departments")[1]["count"] == 0


def test_tables(company, call, client):
    text = "法人,工号,姓名,部门,入职日期\nSM,D001,甲,研发部,2024-04-01\nSM,D002,乙,研发部,昨天\n"
    status, draft = call("post", "/imports", file=SimpleUploadedFile("x.csv", text.encode()))
    assert (status, draft["counts"]["new"], draft["counts"]["faulty"]) == (201, 2, 1)
    assert [(fault["cell"], fault["code"]) for fault in draft["faults"]] == [("E3", "tables.not_a_date")]
    path = f"/imports/{draft['id']}"
    status, answer = call("post", f"{path}/apply", {"expected_version": 1})
    assert (status, answer["error"]["code"]) == (400, "tables.import_faulty")
    assert not Person.objects.exists()
    status, done = call("post", f"{path}/apply", {"expected_version": 1, "leave_out_faulty": True})
    assert (status, done["state"]) == (200, "applied")
    assert Engagement.objects.count() == 1
    response = client.get(f"{ROOT}/export?file_format=xlsx")
    assert len(read_table(io.BytesIO(response.content), "x.xlsx").sheets) == 5
    response = client.get(f"{ROOT}/export?file_format=csv")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "people.export_unknown")


def test_others_neither_import_nor_export(company, caller):
    call = caller(user("it", (Role.IT_ADMINISTRATOR, "")))
    assert call("post", "/imports", file=SimpleUploadedFile("x.csv", b"a,b\n"))[0] == 403
    assert call("get", "/export")[0] == 403
