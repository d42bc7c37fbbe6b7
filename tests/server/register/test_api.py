"""The API of the register does what the console does, asks the same gate, and answers errors in one shape."""

from __future__ import annotations

import json

import pytest
from tests.server.register.company import decide, draft, grading, proposed, registered, signed_in, stored

from shoumi.server.register.models import TradeSecret
from shoumi.server.register.services import drafts

ROOT = "/api/v1/secrets"
ANSWERS = [
    {"exclusion": "IDN-X1", "answer": "no", "fields": {"difference": "试验得出"}},
    {"exclusion": "IDN-X2", "answer": "no", "fields": {"patent_search": "无结果"}},
    {
        "exclusion": "IDN-X3",
        "answer": "no",
        "fields": {"sources_searched": "期刊", "searched_on": "2026-02-20", "searched_by": "工程师"},
    },
    {"exclusion": "IDN-X4", "answer": "no"},
]


class Caller:
    """A signed-in browser that speaks JSON."""

    def __init__(self, client, person):
        self.client = signed_in(client, person)

    def __call__(self, method, path="", body=None):
        extra = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        answer = getattr(self.client, method)(f"{ROOT}{path}", **extra)
        return answer.status_code, answer.json() if answer.content[:1] in {b"{", b"["} else answer


@pytest.mark.requirement("IDN-01")
def test_a_proposal_from_the_first_word_to_the_office(company, client):
    call = Caller(client, company.proposer)
    head = str(company.head.person.pk)
    status, made = call(
        "post", "", {
            "owner_department": str(company.lab.pk), "national_security": "no", "name": "曲线",
            "description": "热处理", "category": "IDN-T2", "necessity": "可复制", "custodian": head,
        },
    )  # fmt: skip
    assert status == 201
    path = f"/{made['id']}"
    status, faults = call("get", f"{path}/faults")
    assert status == 200
    assert {fault["step"] for fault in faults} == {2, 3, 4, 5}
    body = {
        "expected_version": made["version"],
        "carriers": [{"kind": "paper", "description": "工艺卡"}],
        "elements": [
            {"element": name, "verdict": "met", "reason": "是", "evidence": [{"text": "证据"}]}
            for name in ("secrecy", "value", "measures")
        ],
        "exclusions": ANSWERS,
        "grading": {
            "factors": [
                {"factor": value.factor, "grade": value.grade, "reason": value.reason}
                for value in grading("important").factors
            ],
            "level": "important",
        },
        "limits": {"period": "P5Y", "scope": [{"kind": "departments", "id": str(company.lab.pk)}]},
    }
    status, saved = call("patch", path, body)
    assert (status, saved["level"], saved["suggested_level"]) == (200, "important", "important")
    status, refused = call("patch", path, {**body, "expected_version": 1})
    assert (status, refused["error"]["code"]) == (409, "register.secret_changed")
    assert call("get", f"{path}/faults") == (200, [])
    status, sent = call("post", f"{path}/submit", {"expected_version": saved["version"]})
    assert (status, sent["state"]) == (200, "proposed")
    status, taken = call("post", f"{path}/withdraw")
    assert (status, taken["state"]) == (200, "withdrawn")


@pytest.mark.requirement("GEN-13")
def test_a_yes_to_the_question_keeps_nothing(company, client):
    call = Caller(client, company.proposer)
    body = {"owner_department": str(company.lab.pk), "national_security": "yes", "name": "不可写"}
    assert call("post", "", body)[0] == 204
    assert not TradeSecret.objects.exists()


def test_faults_come_in_one_shape(company, client):
    call = Caller(client, company.proposer)
    secret = draft(company)
    path = f"/{secret.pk}"
    status, answer = call("post", f"{path}/submit", {"expected_version": 1})
    assert (status, answer["error"]["code"]) == (409, "register.secret_changed")
    status, answer = call("post", f"{path}/not-a-secret", {"expected_version": secret.version, "reason": ""})
    assert (status, answer["error"]["code"]) == (422, "input.request")
    status, answer = call(
        "patch", path, {"expected_version": secret.version, "identity": {"category": "IDN-Z9"}}
    )
    assert (status, answer["error"]["code"]) == (400, "register.nothing_named")
    assert call("get", f"/{company.lab.pk}")[0] == 404
    assert call("post", "", {"owner_department": str(secret.pk), "national_security": "no"})[0] == 404
    incomplete = drafts.secret_draft(actor=company.proposer, department=company.lab)
    status, answer = call("post", f"/{incomplete.pk}/submit", {"expected_version": incomplete.version})
    assert (status, answer["error"]["code"]) == (400, "register.proposal_incomplete")
    assert len(answer["error"]["fields"]["faults"]) > 20


def test_lists_and_records_are_scoped(company, client):
    secret = registered(company)
    waiting = proposed(company)
    decide(waiting, company.officer, "reject", "known")
    status, page = Caller(client, company.colleague)("get", "?limit=10")
    assert (status, [row["id"] for row in page["items"]]) == (200, [str(secret.pk)])
    status, page = Caller(client, company.officer)("get", "?level=important&state=not_a_secret&q=烧结")
    assert [row["id"] for row in page["items"]] == [str(waiting.pk)]
    status, answer = Caller(client, company.seller)("get", f"/{secret.pk}")
    assert (status, answer["error"]["code"]) == (403, "policy.not_permitted")
    status, record = Caller(client, company.auditor)("get", f"/{secret.pk}")
    assert (status, record["number"], record["scope"][0]["kind"]) == (200, "SM-2026-0001", "departments")
    client.logout()
    assert client.get(f"{ROOT}/{secret.pk}").status_code == 401


def test_an_export_is_a_decision_too(company, client):
    registered(company)
    status, answer = Caller(client, company.officer)("get", "/export?form=csv")
    assert status == 200
    assert "陶瓷烧结曲线" in answer.content.decode("utf-8-sig")
    assert Caller(client, company.technician)("get", "/export")[0] in {200, 403}
    assert Caller(client, company.auditor)("get", "/export")[0] == 403


def test_the_api_never_hands_out_a_file(company, client):
    secret = registered(company)
    file = stored(company.proposer)
    _status, record = Caller(client, company.officer)("get", f"/{secret.pk}")
    assert "files" not in record
    assert str(file.pk) not in json.dumps(record)
