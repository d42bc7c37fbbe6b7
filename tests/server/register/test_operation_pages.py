"""The pages and the API of operations: asked, checked, approved, signed, listed."""

from __future__ import annotations

import pytest
from tests.server.register.company import signed_in
from tests.server.register.operations_company import (
    PASSWORD,
    SOON,
    approve,
    approved,
    execute,
    marked,
    third_party,
    with_passwords,
    witness,
)

from shoumi.server.register.models import Operation

pytestmark = pytest.mark.django_db
ROOM = "/register/operations/"


@pytest.fixture
def people(company):
    """The company, where everybody can sign."""
    return with_passwords(company)


def test_every_page_answers(people, client):
    secret = marked(people)
    operation = execute(people, approved(people, secret, "borrow"))
    party = third_party(people)
    signed_in(client, people.officer)
    home = f"{ROOM}{operation.pk}/"
    for address in (
        ROOM, f"{ROOM}?overdue=1&out=1&mine=1&q=OP", f"{ROOM}calendar/", f"{ROOM}calendar/?month=2026-03",
        f"{ROOM}calendar/?month=never", f"{ROOM}calendar/?month=9999-12", f"{ROOM}new/", f"{ROOM}new/?q=陶瓷",
        f"{ROOM}new/?secret={secret.pk}", f"{ROOM}new/?secret={secret.pk}&kind=copy", f"{ROOM}new/?secret=x",
        f"{ROOM}let-in/", f"{ROOM}templates/", home, f"{home}give-back/",
        f"/register/secrets/{secret.pk}/use/",
        "/register/third-parties/", "/register/third-parties/new/", f"/register/third-parties/{party.pk}/",
        f"/register/third-parties/{party.pk}/edit/", f"/register/third-parties/{party.pk}/agreements/new/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address


@pytest.mark.requirement("ARC-OP2")
def test_a_loan_goes_through_the_pages(people, client):
    secret = marked(people)
    signed_in(client, people.owner)
    carrier = secret.carriers.get()
    answer = client.post(f"{ROOM}new/?kind=borrow", {"thing": f"c:{carrier.pk}"})
    operation = Operation.objects.get()
    home = f"{ROOM}{operation.pk}/"
    assert answer.headers["Location"] == f"{home}answers/"
    check = client.get(f"{home}check/")
    assert check.status_code == 200
    assert "disabled" in check.content.decode()
    assert client.post(f"{home}check/", {"expected_version": 1}).status_code == 409
    answers = {
        "receiver": str(people.colleague.person.pk), "purpose": "对照试验", "due_on": SOON.isoformat(),
        "expected_version": 1,
    }  # fmt: skip
    assert client.post(f"{home}answers/", {**answers, "receiver": "nobody"}).status_code == 422
    assert client.post(f"{home}answers/", answers).headers["Location"] == f"{home}check/"
    assert client.post(f"{home}answers/", answers).status_code == 422  # somebody else saved meanwhile
    assert client.post(f"{home}check/", {"expected_version": 2}).headers["Location"] == home
    approve(people, operation)
    line = operation.lines.get().pk
    signed_in(client, people.department_officer)
    version = operation.version + 0
    operation.refresh_from_db()
    version = operation.version
    form = {f"line{line}-chosen": "on", "expected_version": version}
    assert client.post(f"{home}execute/", {**form, "password": "guess"}).status_code == 422
    assert client.post(f"{home}execute/", {**form, "password": PASSWORD}).headers["Location"] == home
    signed_in(client, people.colleague)
    signature = {"password": PASSWORD, "expected_version": 0}
    assert client.post(f"{home}confirm/", signature).headers["Location"] == home
    until = SOON.replace(month=4).isoformat()
    assert client.post(f"{home}extend/", {"until": until, "reason": "未完成"}).headers["Location"] == home
    signed_in(client, people.department_officer)
    operation.refresh_from_db()
    back = {f"line{line}-chosen": "on", "expected_version": operation.version, "password": PASSWORD}
    assert client.post(f"{home}give-back/", back).status_code == 422  # without a condition
    done = client.post(f"{home}give-back/", {**back, f"line{line}-condition": "完好"})
    assert done.headers["Location"] == home
    operation.refresh_from_db()
    assert operation.state == "done"
    signed_in(client, people.owner)
    assert client.post(f"{home}template/", {"name": "常用"}).status_code == 302
    assert client.post(f"{home}again/").status_code == 302
    assert Operation.objects.filter(state="draft", purpose="对照试验").count() == 1


@pytest.mark.requirement("ARC-10")
def test_a_destruction_has_a_certificate_once_it_is_witnessed(people, client):
    operation = execute(people, approved(people, marked(people), "destroy"))
    signed_in(client, people.officer)
    home = f"{ROOM}{operation.pk}/"
    assert client.post(f"{home}certificate/").status_code == 409
    witness(operation, people.head, people.colleague)
    answer = client.post(f"{home}certificate/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert client.get(home).status_code == 200


def test_the_api_asks_submits_and_withdraws(people, client):
    secret = marked(people)
    signed_in(client, people.owner)
    body = {
        "kind": "borrow",
        "things": [{"secret": str(secret.pk), "carrier": str(secret.carriers.get().pk)}],
    }
    url = "/api/v1/operations"
    made = client.post(url, body, content_type="application/json")
    assert made.status_code == 201
    row = made.json()
    refused = client.post(
        f"{url}/{row['id']}/submit", {"expected_version": 1}, content_type="application/json"
    )
    assert refused.json()["error"]["code"] == "register.operation_obstructed"
    wish = {
        "purpose": "试验", "receiver": str(people.colleague.person.pk), "due_on": SOON.isoformat(),
        "expected_version": 1,
    }  # fmt: skip
    saved = client.patch(f"{url}/{row['id']}", wish, content_type="application/json").json()
    sent = client.post(
        f"{url}/{row['id']}/submit", {"expected_version": saved["version"]}, content_type="application/json"
    ).json()
    assert (sent["state"], sent["lines"][0]["state"]) == ("awaiting_approval", "waiting")
    assert client.get(url).json()["count"] == 1
    assert client.get(f"{url}/{row['id']}").json()["number"] == sent["number"]
    assert client.get(f"{url}/third-parties").json()["count"] == 0
    gone = client.post(f"{url}/{row['id']}/withdraw", {}, content_type="application/json").json()
    assert gone["state"] == "withdrawn"
    signed_in(client, people.seller)
    assert client.get(url).json()["count"] == 0
    assert client.get(f"{url}/{row['id']}").status_code == 403
    assert client.post(url, body, content_type="application/json").status_code == 403
