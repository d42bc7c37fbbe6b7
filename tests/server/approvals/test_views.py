"""The pages: inbox, one request, deciding with and without script, standing in; and who must not get in."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.approvals.company import opened, signed_in

from shoumi.server.approvals.models import Approval, Delegation
from shoumi.server.approvals.queries import current_step
from shoumi.server.approvals.services import delegation_create, request_decide
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import clock

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
LISTS = ("inbox", "opened", "decided", "all")


def page(request, name="request_detail"):
    return reverse(f"approvals:{name}", args=[request.pk])


def decide(client, request, verdict="approve", reason="", step=None, **more):
    data = {"verdict": verdict, "reason": reason, "step": step or current_step(request).pk}
    return client.post(page(request, "request_decide"), data, **more)


@pytest.mark.parametrize("name", LISTS)
def test_signed_out_visitors_are_sent_to_sign_in(company, client, name):
    answer = client.get(reverse(f"approvals:{name}"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_signed_out_visitors_decide_nothing(company, client):
    request = opened(company)
    assert client.get(page(request)).status_code == 302
    assert decide(client, request).status_code == 302
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("officer", {"inbox", "all"}),
        ("wang", {"opened", "all"}),
        ("leader", {"all"}),
        ("auditor", {"all"}),
        ("colleague", set()),
        ("it", set()),
        ("leader_sales", set()),
        ("officer_jp", set()),
    ],
)
def test_each_list_shows_what_belongs_in_it(company, client, user, seen):
    opened(company)
    signed_in(client, getattr(company, user))
    shown = {
        name
        for name in LISTS
        if "Sintering curve" in client.get(reverse(f"approvals:{name}")).content.decode()
    }
    assert shown == seen


def test_an_empty_inbox_teaches(company, client):
    text = signed_in(client, company.officer).get(reverse("approvals:inbox")).content.decode()
    assert "Nothing waits for your decision" in text


@pytest.mark.parametrize("user", ["colleague", "leader_sales", "officer_jp", "it", "hr", "counsel"])
def test_whoever_may_not_see_a_request_is_refused_and_the_refusal_recorded(company, client, user):
    request = opened(company)
    client = signed_in(client, getattr(company, user))
    for answer in (client.get(page(request)), decide(client, request)):
        assert answer.status_code == 403
        assert "Sintering" not in answer.content.decode()
    assert LedgerEntry.objects.filter(tag="policy:decision:refused").count() == 2
    assert not Approval.objects.exists()


def test_a_request_that_does_not_exist_is_not_found(company, client):
    signed_in(client, company.officer)
    for name in ("request_detail", "request_decide"):
        address = reverse(f"approvals:{name}", args=[uuid.uuid4()])
        answer = client.get(address) if name == "request_detail" else client.post(address)
        assert answer.status_code == 404


def test_the_form_is_drawn_only_for_who_may_decide(company, client):
    request = opened(company)
    drawn = {}
    for name in ("officer", "wang", "leader", "auditor"):
        text = signed_in(client, getattr(company, name)).get(page(request)).content.decode()
        drawn[name] = "Record the decision" in text
        assert "Sintering curve" in text
    assert drawn == {"officer": True, "wang": False, "leader": False, "auditor": False}


def test_deciding_without_script(company, client):
    request = opened(company)
    answer = decide(signed_in(client, company.officer), request, reason="complete")
    assert (answer.status_code, answer.url) == (302, reverse("approvals:inbox"))
    assert Approval.objects.get().reason == "complete"
    assert "is approved by you" in client.get(answer.url).content.decode()


def test_deciding_with_htmx(company, client):
    request = opened(company)
    signed_in(client, company.officer)
    fragment = decide(client, request, "return", headers=HTMX).content.decode()
    assert "Say what is missing" in fragment
    assert "<html" not in fragment
    assert not Approval.objects.exists()
    answer = decide(client, request, "return", "no search record", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, reverse("approvals:inbox"))
    assert Approval.objects.get().verdict == "return"


@pytest.mark.parametrize("data", [{}, {"verdict": "approve"}, {"verdict": "perhaps", "step": "x"}])
def test_a_form_that_says_nothing_decides_nothing(company, client, data):
    request = opened(company)
    answer = signed_in(client, company.officer).post(page(request, "request_decide"), data)
    assert answer.status_code == 200
    assert not Approval.objects.exists()


def test_a_page_that_others_overtook_says_so(company, client):
    request = opened(company)
    seen = current_step(request).pk
    request_decide(request=request, actor=company.officer_two, verdict="approve")
    answer = decide(signed_in(client, company.both), request, step=seen)
    assert answer.status_code == 409
    assert "decided this step in the meantime" in answer.content.decode()
    assert Approval.objects.count() == 1


def test_a_delegate_is_told_on_whose_behalf(company, client):
    now = clock().now()
    delegation_create(
        actor=company.officer, delegate=company.colleague, starts_at=now, ends_at=now + timedelta(days=2)
    )
    request = opened(company)
    text = signed_in(client, company.colleague).get(page(request)).content.decode()
    assert "You decide on behalf of officer." in text
    decide(client, request)
    assert "(on behalf of officer)" in client.get(page(request)).content.decode()


def test_several_are_approved_from_the_list_and_each_is_told(company, client):
    first, second = opened(company, title="First"), opened(company, title="Second")
    signed_in(client, company.officer)
    inbox = reverse("approvals:inbox")
    answer = client.post(
        inbox, {"do": "bulk", "action": "approve", "chosen": [first.pk, second.pk, uuid.uuid4()]}, follow=True
    )
    text = answer.content.decode()
    assert "“First” is approved by you." in text
    assert "“Second” is approved by you." in text
    assert Approval.objects.count() == 2


def test_a_request_that_is_not_mine_to_decide_is_not_approved_from_the_list(company, client):
    request = opened(company)
    signed_in(client, company.wang)
    client.post(reverse("approvals:inbox"), {"do": "bulk", "action": "approve", "chosen": [request.pk]})
    assert not Approval.objects.exists()
    client.post(reverse("approvals:all"), {"do": "bulk", "action": "approve", "chosen": [request.pk]})
    assert not Approval.objects.exists()


def test_the_requester_withdraws_and_the_office_reminds(company, client):
    request = opened(company)
    signed_in(client, company.officer)
    assert "Remind the deciders" in client.get(page(request)).content.decode()
    assert client.post(page(request, "request_remind")).status_code == 302
    assert client.post(page(request, "request_remind")).status_code == 409
    assert client.post(page(request, "request_withdraw")).status_code == 403
    signed_in(client, company.wang)
    assert "Withdraw the request" in client.get(page(request)).content.decode()
    assert client.post(page(request, "request_remind")).status_code == 403
    assert client.post(page(request, "request_withdraw"), {"reason": "no"}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.outcome_reason) == ("withdrawn", "no")


# --- standing in


def delegation_form(company, **changes):
    today = clock().now().date()
    data = {"delegate": company.colleague.pk, "starts_on": today, "ends_on": today + timedelta(days=3)}
    return data | changes


def test_a_leader_names_who_stands_in_and_ends_it(company, client):
    address = reverse("approvals:delegation_list")
    signed_in(client, company.leader)
    assert "Let somebody stand in for me" in client.get(address).content.decode()
    assert client.post(address, delegation_form(company)).status_code == 302
    delegation = Delegation.objects.get()
    assert (delegation.delegator, delegation.delegate, delegation.kinds) == (
        company.leader,
        company.colleague,
        [],
    )
    assert "colleague stands in for leader" in client.get(address).content.decode()
    end = reverse("approvals:delegation_end", args=[delegation.pk])
    assert client.get(end).status_code == 405
    assert client.post(end).status_code == 302
    delegation.refresh_from_db()
    assert delegation.ended_at is not None
    assert client.post(end).status_code == 409


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ends_on": "2020-01-01"}, "lies before the first"),
        ({"starts_on": "2020-01-01", "ends_on": "2020-01-03"}, "ends in the future"),
        ({"starts_on": "soon"}, "valid date"),
        ({"delegate": ""}, "required"),
        ({"delegate": "it"}, "not one of the available choices"),
        ({"delegate": "leader"}, "not one of the available choices"),
        ({"kinds": ["test.nothing"]}, "not one of the available choices"),
    ],
)
def test_a_faulty_delegation_is_told_beside_its_field(company, client, changes, told):
    if changes.get("delegate"):
        changes = {"delegate": getattr(company, changes["delegate"]).pk}
    answer = signed_in(client, company.leader).post(
        reverse("approvals:delegation_list"), delegation_form(company, **changes)
    )
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not Delegation.objects.exists()


def test_a_strangers_delegation_does_not_exist(company, client):
    now = clock().now()
    delegation = delegation_create(
        actor=company.leader, delegate=company.colleague, starts_at=now, ends_at=now + timedelta(days=2)
    )
    end = reverse("approvals:delegation_end", args=[delegation.pk])
    for name in ("leader_two", "it", "officer"):
        assert signed_in(client, getattr(company, name)).post(end).status_code == 404
        assert "colleague stands in" not in client.get(reverse("approvals:delegation_list")).content.decode()


def test_who_decides_nothing_is_offered_no_form(company, client):
    text = signed_in(client, company.colleague).get(reverse("approvals:delegation_list")).content.decode()
    assert "Let somebody stand in for me" not in text
