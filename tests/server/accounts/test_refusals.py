"""Every refusal is explained in words, written to the ledger and counted, whatever is rolled back."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.accounts.conftest import Browser

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import RefusalCount, User
from shoumi.server.ledger.queries import entries_of, entry_details


def refusals(subject):
    return [entry for entry in entries_of(subject) if entry.tag == "policy:decision:refused"]


def test_a_refused_page_explains_itself(make_user, founders, signed_in):
    ann = make_user("ann")
    browser = signed_in(ann)
    for _ in range(2):
        answer = browser.get(reverse("accounts:key_operation_list"))
        assert answer.status_code == 403
        assert "No rule permits this." in answer.content.decode()
        assert "see which keys exist" in answer.content.decode()
    entries = refusals("key:all")
    assert [entry.actor for entry in entries] == [ann.ledger_actor] * 2
    detail = {item.name: item.value for item in entry_details(entries[0])}
    assert detail == {"action": "key.view", "reasons": ["no-rule-permits"], "faulty": False}
    assert RefusalCount.objects.get().count == 2


def test_a_refused_deed_changes_nothing_and_is_recorded(holder_of, founders, signed_in):
    officer, _leader = founders
    administrator = holder_of(Role.IT_ADMINISTRATOR)
    browser = signed_in(administrator)
    own = reverse("accounts:user_act", args=[administrator.pk, "close"])
    assert browser.post(own, {"reason": "x"}).status_code == 403
    assert User.objects.get(pk=administrator.pk).is_active
    (entry,) = refusals(f"login:{administrator.pk}")
    assert {item.name: item.value for item in entry_details(entry)}["reasons"] == ["not-own-account"]
    factors = reverse("accounts:user_act", args=[officer.pk, "factors"])
    assert browser.post(factors, {"reason": "please"}).status_code == 403
    assert len(refusals(f"login:{officer.pk}")) == 1


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT": "application/json"}],
)
def test_fragments_and_programs_are_refused_in_their_own_way(make_user, founders, signed_in, headers):
    answer = signed_in(make_user("ann")).get(reverse("accounts:key_operation_list"), **headers)
    assert answer.status_code == 403
    assert "No rule permits this." in answer.content.decode()
    assert len(refusals("key:all")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "role_list",
        "role_request",
        "key_operation_list",
        "user_list",
        "user_open",
        "security",
        "token_list",
        "reminder",
    ],
)
def test_signed_out_everything_leads_to_the_sign_in(db, name):
    answer = Browser().get(reverse(f"accounts:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
