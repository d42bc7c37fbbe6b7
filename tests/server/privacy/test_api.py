"""The API of personal data: what each may read and write, and that nobody's name leaves by it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.privacy.test_border import basis
from tests.server.privacy.test_breaches import report
from tests.server.register.company import signed_in

from shoumi.server.ledger.services import clock
from shoumi.server.privacy.models import Breach, Erasure
from shoumi.server.privacy.services.requests import request_make

ROOT = "/api/v1/privacy"
TABLE = """
who           |register|gate|breaches|breach|report|step|requests|erasures|bases
legal         | y      | y  | y      | y    | y    | y  | y      | y      | y
officer       | y      | y  | y      | y    | y    | y  | y      | y      | y
people_office | y      | y  | y      | y    | -    | -  | y      | y      | y
auditor       | y      | y  | y      | y    | -    | -  | y      | y      | y
technician    | y      | -  | y      | y    | -    | y  | -      | -      | -
watched       | -      | -  | -      | -    | -    | -  | -      | -      | -
"""


@pytest.fixture
def told(company):
    """A processing somebody was told of, a breach, a request, a basis and a plan of erasure."""
    company.told(company.notice(company.processing()))
    request_make(actor=company.seller, person=company.seller.person, right="copy", text="请提供。")
    basis(company)
    Erasure.objects.create(entity=company.cn, made_at=clock().now())
    return report(company, countries=["CN"])


def post(client, path, data):
    return client.post(f"{ROOT}/{path}", data, content_type="application/json")


def reported(company) -> dict[str, object]:
    """Return a breach to be reported."""
    return {
        "entity_id": company.cn.pk,
        "legal_owner_id": company.legal.person.pk,
        "security_owner_id": company.technician.person.pk,
        "title": "误发邮件",
        "what": "向错误的收件人发送了名单。",
        "noticed_at": "2026-03-01T16:00:00+08:00",
        "cause": "mis-sent",
        "kinds": ["customer-contact"],
        "countries": ["CN", "JP"],
        "persons": 3,
    }


def test_every_role_at_every_call(company, told):
    head, *lines = TABLE.strip().splitlines()
    columns = [cell.strip() for cell in head.split("|")][1:]
    question = {"person_id": company.watched.person.pk, "kind": "sign-in", "purpose": "protect-secrets"}
    steps = iter(("contain", "preserve", "hold", "close-hole", "scope", "judge"))
    found, expected = {}, {}
    for line in lines:
        who, *cells = (cell.strip() for cell in line.split("|"))
        client = signed_in(Client(), getattr(company, who))
        step = {"step": next(steps), "needed": True, "note": "已完成"}

        def some(path, client=client):
            return bool(client.get(f"{ROOT}/{path}").json()["items"])

        seen = {
            "register": some("processings"),
            "gate": post(client, "gate", question).status_code == 200,
            "breaches": some("breaches"),
            "breach": client.get(f"{ROOT}/breaches/{told.pk}").status_code == 200,
            "report": post(client, "breaches", reported(company)).status_code == 201,
            "step": post(client, f"breaches/{told.pk}/steps", step).status_code == 201,
        }
        for name, path in (("requests", "requests"), ("erasures", "erasures"), ("bases", "export-bases")):
            seen[name] = some(path)
        found[who] = ["y" if seen[column] else "-" for column in columns]
        expected[who] = cells
    assert found == expected


def test_a_breach_comes_with_its_clocks_and_the_gate_with_its_reasons(company, told):
    legal = signed_in(Client(), company.legal)
    key = post(legal, "breaches", reported(company)).json()["id"]
    detail = legal.get(f"{ROOT}/breaches/{key}").json()
    assert {(each["country"], each["duty"]): each["standing"] for each in detail["duties"]} == {
        ("CN", "authority-at-once"): "open",
        ("CN", "persons-at-once"): "open",
        ("CN", "network-incident"): "not_due",
        ("JP", "preliminary-report"): "not_due",
        ("JP", "final-report"): "not_due",
        ("JP", "persons-promptly"): "not_due",
    }
    assert {each["rule_status"] for each in detail["duties"]} == {"primary", "secondary"}
    measure = {"text": "撤回邮件", "taken_at": "2026-03-01T16:30:00+08:00"}
    assert post(legal, f"breaches/{key}/measures", measure).status_code == 201
    assert Breach.objects.get(pk=key).measures.get().text == "撤回邮件"
    wrong = post(legal, "breaches", {**reported(company), "kinds": ["mood"]})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "privacy.word_unknown")
    naive = post(legal, "breaches", {**reported(company), "noticed_at": "2026-03-01T16:00:00"})
    assert naive.status_code == 422
    question = {"person_id": company.watched.person.pk, "kind": "sign-in", "purpose": "protect-secrets"}
    answer = post(legal, "gate", question).json()
    assert (answer["permitted"], answer["reason"]) == (True, "permitted")
    answer = post(legal, "gate", {**question, "kind": "location"}).json()
    assert (answer["permitted"], answer["reason"]) == (False, "no_processing")


def test_a_person_asks_about_their_own_data_and_no_name_leaves(company, told):
    person = signed_in(Client(), company.watched)
    answer = post(person, "requests", {"right": "copy", "text": "请提供副本。"})
    assert answer.status_code == 201
    legal = signed_in(Client(), company.legal)
    rows = legal.get(f"{ROOT}/requests").json()["items"]
    assert str(company.watched.person.pk) in [row["person_id"] for row in rows]
    for path in ("requests", "processings", "breaches", f"breaches/{told.pk}"):
        text = str(legal.get(f"{ROOT}/{path}").json())
        for user in (company.watched, company.legal, company.technician):
            assert repr(user.person.name) not in text
    assert Client().get(f"{ROOT}/requests").status_code == 401
