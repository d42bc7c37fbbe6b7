"""The API of approvals and of the inbox of notifications: the same rights, errors in one shape."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from tests.server.approvals.company import opened, signed_in

from shoumi.server.approvals.models import Approval, Delegation
from shoumi.server.approvals.queries import current_step
from shoumi.server.ledger.services import clock

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/approvals/requests"
DELEGATIONS = "/api/v1/approvals/delegations"
INBOX = "/api/v1/notifications"


def post(client, address, data=None):
    return client.post(address, data or {}, content_type="application/json")


def code(answer):
    return answer.json()["error"]["code"]


@pytest.mark.parametrize(
    "address", [REQUESTS, f"{REQUESTS}/{uuid.UUID(int=4)}", DELEGATIONS, INBOX, f"{INBOX}/unread"]
)
def test_signed_out_callers_are_told_so(company, client, address):
    answer = client.get(address)
    assert (answer.status_code, code(answer)) == (401, "refusal.signed_out")


def test_the_boxes_hold_what_the_pages_hold(company, client):
    request = opened(company)

    def boxes(user):
        signed_in(client, user)
        found = {
            box: client.get(REQUESTS, {"box": box}).json()
            for box in ("to_decide", "opened", "decided", "all")
        }
        return {
            box for box, rows in found.items() if [row["id"] for row in rows["items"]] == [str(request.pk)]
        }

    assert boxes(company.officer) == {"to_decide", "all"}
    assert boxes(company.wang) == {"opened", "all"}
    assert boxes(company.colleague) == set()


def test_a_request_is_read_and_decided(company, client):
    request = opened(company)
    signed_in(client, company.officer)
    seen = client.get(f"{REQUESTS}/{request.pk}").json()
    assert seen["step"] == str(current_step(request).pk)
    assert [step["name"] for step in seen["steps"]] == ["review", "approve"]
    answer = post(client, f"{REQUESTS}/{request.pk}/decision", {"verdict": "approve", "step": seen["step"]})
    assert answer.status_code == 200
    assert answer.json()["decider_id"] == str(company.officer.pk)
    again = post(client, f"{REQUESTS}/{request.pk}/decision", {"verdict": "approve", "step": seen["step"]})
    assert (again.status_code, code(again)) == (409, "approvals.step_moved_on")
    steps = client.get(f"{REQUESTS}/{request.pk}").json()["steps"]
    assert [decision["verdict"] for decision in steps[0]["decisions"]] == ["approve"]


@pytest.mark.parametrize("user", ["wang", "leader", "auditor", "colleague", "it", "leader_sales"])
def test_others_are_refused(company, client, user):
    request = opened(company)
    data = {"verdict": "approve", "step": str(current_step(request).pk)}
    answer = post(signed_in(client, getattr(company, user)), f"{REQUESTS}/{request.pk}/decision", data)
    assert (answer.status_code, code(answer)) == (403, "policy.not_permitted")
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"verdict": "perhaps"}, 422),
        ({"verdict": "return"}, 400),
        ({"verdict": "return", "reason": "x" * 2001}, 422),
        ({"step": "first"}, 422),
    ],
)
def test_a_faulty_decision_is_told_in_the_one_shape(company, client, data, status):
    request = opened(company)
    body = {"verdict": "approve", "step": str(current_step(request).pk)} | data if data else {}
    answer = post(signed_in(client, company.officer), f"{REQUESTS}/{request.pk}/decision", body)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "detail", "fields"}
    assert not Approval.objects.exists()


def test_a_request_is_withdrawn(company, client):
    request = opened(company)
    signed_in(client, company.officer)
    assert post(client, f"{REQUESTS}/{request.pk}/withdrawal").status_code == 403
    signed_in(client, company.wang)
    assert (
        post(client, f"{REQUESTS}/{request.pk}/withdrawal", {"reason": "no"}).json()["state"] == "withdrawn"
    )
    assert post(client, f"{REQUESTS}/{request.pk}/withdrawal").status_code == 409


def test_standing_in_is_made_listed_and_ended(company, client):
    now = clock().now()
    data = {
        "delegate": str(company.colleague.pk),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=2)).isoformat(),
    }
    signed_in(client, company.leader)
    made = post(client, DELEGATIONS, data)
    assert made.status_code == 200
    assert [row["id"] for row in client.get(DELEGATIONS).json()["items"]] == [made.json()["id"]]
    for bad, status in (
        ({"delegate": str(company.it.pk)}, 400),
        ({"delegate": str(uuid.uuid4())}, 400),
        ({"kinds": ["test.nothing"]}, 400),
        ({"starts_at": "2026-03-01T00:00:00"}, 422),
        ({"ends_at": "2020-01-01T00:00:00Z"}, 400),
    ):
        assert post(client, DELEGATIONS, data | bad).status_code == status, bad
    end = f"{DELEGATIONS}/{made.json()['id']}/end"
    signed_in(client, company.leader_two)
    assert post(client, end).status_code == 404
    signed_in(client, company.colleague)
    assert post(client, end).json()["ended_at"] is not None
    assert post(client, end).status_code == 409
    assert Delegation.objects.count() == 1


def test_the_inbox_is_ones_own(company, client):
    opened(company)
    signed_in(client, company.officer)
    assert client.get(f"{INBOX}/unread").json() == {"count": 1}
    (row,) = client.get(INBOX).json()["items"]
    assert row["text"] == "“Sintering curve” waits for your decision."
    signed_in(client, company.colleague)
    assert client.get(INBOX).json()["items"] == []
    assert post(client, f"{INBOX}/{row['id']}/read").status_code == 404
    signed_in(client, company.officer)
    assert post(client, f"{INBOX}/{row['id']}/read").json()["read_at"] is not None
    assert post(client, f"{INBOX}/read").json() == {"count": 0}
