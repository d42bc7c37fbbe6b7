"""One's own account, roles and accounts of others in the browser, and reaching for what is not one's own."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from tests.server.accounts.conftest import PASSWORD, Browser

from shoumi.engine.policy import Role
from shoumi.server.accounts import queries, services
from shoumi.server.accounts.models import AccessToken, FourEyesState, RoleGrant, User
from shoumi.server.ledger.queries import entries_of

SECURITY = "/accounts/security/"


@pytest.fixture
def ann(make_user):
    return make_user("ann")


def sign_in(user):
    browser = Browser()
    browser.post("/account/login/", {"login": user.username, "password": PASSWORD})
    browser.post("/accounts/reminder/")
    return browser


# --- sessions


def test_one_sees_and_ends_ones_own_sessions(ann):
    here, there = sign_in(ann), sign_in(ann)
    page = here.get(SECURITY).content.decode()
    assert page.count("End the session") == 1
    other = UserSession.objects.exclude(session_key=here.session.session_key).get()
    here.post(reverse("accounts:session_revoke"), {"session": other.pk})
    assert there.get(SECURITY).status_code == 302
    assert here.get(SECURITY).status_code == 200
    assert "accounts:session:revoked" in [entry.tag for entry in entries_of(ann.ledger_actor)]


def test_all_others_end_and_this_one_stays(ann):
    here, others = sign_in(ann), [sign_in(ann), sign_in(ann)]
    here.post(reverse("accounts:session_revoke"), {"session": "others"})
    assert here.get(SECURITY).status_code == 200
    assert [browser.get(SECURITY).status_code for browser in others] == [302, 302]


@pytest.mark.parametrize("wrong", ["", "x", "-1", "999999"])
def test_nonsense_ends_nothing(ann, wrong):
    here, there = sign_in(ann), sign_in(ann)
    here.post(reverse("accounts:session_revoke"), {"session": wrong})
    assert there.get(SECURITY).status_code == 200


def test_the_session_of_another_is_not_ended(ann, make_user):
    here, there = sign_in(ann), sign_in(make_user("bob"))
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    here.post(reverse("accounts:session_revoke"), {"session": theirs.pk})
    assert there.get(SECURITY).status_code == 200


# --- access tokens


def test_a_token_is_shown_once_and_revoked(ann):
    browser = sign_in(ann)
    page = reverse("accounts:token_list")
    assert "reauthenticate" in browser.get(page)["Location"]
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    issued = browser.post(page, {"name": "report", "rights": ["secrets:read"], "expires_on": day})
    (secret,) = re.findall(r"shoumi_[\w-]{40,}", issued.content.decode())
    token = AccessToken.objects.get()
    assert secret not in f"{token.secret_sha256}{token.name}{token.rights}"
    assert secret not in browser.get(page).content.decode()
    assert queries.token_of(secret) == token
    browser.post(reverse("accounts:token_revoke", args=[token.pk]))
    assert queries.token_of(secret) is None


@pytest.mark.parametrize(
    "wrong",
    [{"rights": ["secrets:destroy"]}, {"rights": []}, {"days": -1}, {"days": 800}, {"name": ""}],
)
def test_a_token_that_cannot_be_is_not_issued(ann, wrong):
    browser = sign_in(ann)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    day = (timezone.localdate() + timedelta(days=wrong.get("days", 30))).isoformat()
    data = {"name": "x", "rights": ["secrets:read"], "expires_on": day} | {
        name: value for name, value in wrong.items() if name != "days"
    }
    assert browser.post(reverse("accounts:token_list"), data).context["form"].errors
    assert not AccessToken.objects.exists()


def test_the_token_of_another_is_not_revoked(ann, make_user):
    token, secret = services.token_issue(
        actor=make_user("bob"), name="x", rights=["*:read"], expires_at=timezone.now() + timedelta(days=1)
    )
    assert sign_in(ann).post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404
    assert queries.token_of(secret) == token


# --- roles


def test_a_role_goes_through_two_browsers(ann, founders, signed_in, settings):
    settings.SHOUMI_SCOPES_LOADER = "tests.server.accounts.loaders.scopes"
    officer, leader = founders
    asking, deciding = signed_in(officer), signed_in(leader)
    assert "Research" in asking.get(reverse("accounts:role_request")).content.decode()
    data = {"user": ann.pk, "role": "department_owner", "scope": "department:1", "reason": "heads research"}
    assert asking.post(reverse("accounts:role_request"), data).status_code == 302
    grant = RoleGrant.objects.get(user=ann)
    detail = reverse("accounts:role_detail", args=[grant.pk])
    assert "Waiting for you" in deciding.get(reverse("accounts:role_list")).content.decode()
    assert "Waiting for you" not in asking.get(reverse("accounts:role_list")).content.decode()
    assert "Withdraw the request" in asking.get(detail).content.decode()
    approve = reverse("accounts:role_decide", args=[grant.pk, "approve"])
    assert asking.post(approve).status_code == 403
    assert deciding.post(approve).status_code == 302
    assert RoleGrant.objects.get(pk=grant.pk).state == FourEyesState.APPROVED
    assert "Research" in deciding.get(detail).content.decode()
    revoke = reverse("accounts:role_decide", args=[grant.pk, "revoke"])
    deciding.post(revoke, {"reason": ""})
    assert RoleGrant.objects.get(pk=grant.pk).state == FourEyesState.APPROVED
    deciding.post(revoke, {"reason": "moved"})
    assert RoleGrant.objects.get(pk=grant.pk).state == FourEyesState.REVOKED


def test_a_faulty_request_says_what_is_wrong(ann, founders, signed_in):
    browser = signed_in(founders[0])
    data = {"user": ann.pk, "role": "outside_counsel", "scope": "", "reason": "x"}
    answer = browser.post(reverse("accounts:role_request"), data)
    assert "outside counsel needs a case and an end" in answer.content.decode()
    twice = {"user": ann.pk, "role": "hr", "scope": "", "reason": "x"}
    browser.post(reverse("accounts:role_request"), twice)
    assert "already" in browser.post(reverse("accounts:role_request"), twice).content.decode()


def test_grants_of_others_are_not_shown(ann, founders, signed_in):
    browser = signed_in(ann)
    (grant,) = founders[0].role_grants.all()
    assert browser.get(reverse("accounts:role_detail", args=[grant.pk])).status_code == 403
    assert "Officer" not in browser.get(reverse("accounts:role_list")).content.decode()
    assert browser.get(reverse("accounts:role_detail", args=[uuid4()])).status_code == 404
    assert browser.post(reverse("accounts:role_decide", args=[grant.pk, "revoke"])).status_code == 403


def test_an_unknown_deed_is_no_page(founders, signed_in):
    browser = signed_in(founders[0])
    (grant,) = founders[1].role_grants.all()
    assert browser.post(reverse("accounts:role_decide", args=[grant.pk, "burn"])).status_code == 404
    assert browser.get(reverse("accounts:role_decide", args=[grant.pk, "revoke"])).status_code == 405


# --- accounts of others


@pytest.fixture
def administrator(holder_of, signed_in):
    return signed_in(holder_of(Role.IT_ADMINISTRATOR))


def test_the_administrator_opens_an_account_whose_user_sets_the_password(administrator):
    data = {
        "username": "new",
        "display_name": "New Person",
        "email": "new@example.com",
        "language": "en",
        "time_zone": "UTC",
    }
    assert administrator.post(reverse("accounts:user_open"), data).status_code == 302
    user = User.objects.get(username="new")
    assert not user.has_usable_password()
    assert mail.outbox[-1].to == ["new@example.com"]
    link = "/" + re.search(r"https?://\S+", mail.outbox[-1].body).group().split("/", 3)[3]
    assert Browser().get(link, follow=True).status_code == 200
    assert "in use already" in administrator.post(reverse("accounts:user_open"), data).content.decode()


def test_the_administrator_closes_and_reopens(administrator, ann):
    there = sign_in(ann)
    administrator.post(reverse("accounts:user_act", args=[ann.pk, "close"]), {"reason": "left"})
    assert there.get(SECURITY).status_code == 302
    assert administrator.post(reverse("accounts:user_act", args=[ann.pk, "close"])).status_code == 409
    administrator.post(reverse("accounts:user_act", args=[ann.pk, "reopen"]), {"reason": "back"})
    assert sign_in(ann).get(SECURITY).status_code == 200


def test_the_last_officer_is_not_closed(administrator, founders):
    answer = administrator.post(reverse("accounts:user_act", args=[founders[0].pk, "close"]), {"reason": "x"})
    assert answer.status_code == 409
    assert User.objects.get(pk=founders[0].pk).is_active


def test_addresses_are_masked_in_the_list(administrator, ann):
    page = administrator.get(reverse("accounts:user_list"), {"q": "ann"}).content.decode()
    assert "ann@example.com" not in page
    assert "Ann" in page
    assert (
        "ann@example.com"
        not in administrator.get(reverse("accounts:user_detail", args=[ann.pk])).content.decode()
    )


def test_the_list_is_not_for_everybody(ann, signed_in, founders):
    browser = signed_in(ann)
    assert browser.get(reverse("accounts:user_list")).status_code == 403
    assert browser.get(reverse("accounts:user_detail", args=[founders[0].pk])).status_code == 403
    for deed in ("close", "unlock", "reopen", "factors"):
        path = reverse("accounts:user_act", args=[founders[0].pk, deed])
        assert browser.post(path, {"reason": "x"}).status_code == 403
    assert browser.get(reverse("accounts:user_open")).status_code == 403


def test_every_own_page_opens(ann, signed_in):
    browser = signed_in(ann)
    for name in (
        "accounts:security",
        "accounts:role_list",
        "mfa_index",
        "mfa_list_webauthn",
        "account_change_password",
    ):
        assert browser.get(reverse(name)).status_code == 200, name
