"""What is refused: each actor at the limit of what they may do, in words, and with an entry in the ledger."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from tests.journeys.browsing import Browser

pytestmark = [pytest.mark.slow, pytest.mark.any_database]  # the rules behind them are asked on both

SAMPLES = {UUIDConverter: str(uuid.UUID(int=7)), IntConverter: "1"}
OPEN_TO_ALL = re.compile(
    r"^/(account/|accounts/reminder/$|choose/|api/v1/(docs|openapi.json)|ledger/tlog/|api/v1/$"
    r"|concern/(report/|mailbox/$|$))"
)  # signing in, the language of its page, the API's description and its empty root, what witnesses read,
# and the way to report something without a name
KEYS = re.compile(
    r"^/(concern/mailbox/|calendar/feed/)"
)  # open with what was sent along, else nothing is there


def addresses(resolver=None, prefix="/"):
    """Yield every address of the console and the API with samples in the places of its parameters."""
    for entry in (resolver or get_resolver("shoumi.server.project.urls")).url_patterns:
        pattern = entry.pattern
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part, p=pattern: sample(p, part[1]), str(pattern))
        path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", path).strip("^$")
        if isinstance(entry, URLPattern):
            yield prefix + path
        else:
            yield from addresses(entry, prefix + path)


def sample(pattern, name):
    return SAMPLES.get(type(getattr(pattern, "converters", {}).get(name)), "x")


@pytest.fixture(scope="module")
def people(installation):
    """Return a browser for each of the accounts, signed in when it is first asked for."""
    opened = {}

    def person(name):
        if name not in opened:
            opened[name] = Browser(installation, name, language="en")
            opened[name].choose_language("en")
        return opened[name]

    return person


@pytest.fixture(scope="module")
def secret(people):
    """Return path and file address of a registered secret of R&D that its owner can open."""
    owner = people("owner")
    listed = owner.client.get("/api/v1/secrets?limit=500").json()["items"]
    for row in listed:
        if row["state"] == "registered" and row["level"] == "core":
            home = f"/register/secrets/{row['id']}"
            links = owner.open(f"{home}/files/").links(f"{home}/files/")
            files = [link for link in links if link != f"{home}/files/"]
            if files:
                return home, files[0]
    raise AssertionError(listed)


def refusals_of(people):
    """Return the numbers of the latest refusals in the ledger, as the auditor sees them."""
    page = people("auditor").open("/ledger/?tag=policy:decision:refused")
    return {link for link in page.links("/ledger/entries/") if re.fullmatch(r"/ledger/entries/\d+/", link)}


@pytest.mark.requirement("GEN-05")
@pytest.mark.parametrize("name", ["it", "counsel", "hr", "employee", "jp-owner"])
def test_a_file_is_refused_in_words_and_recorded(people, secret, name):
    home, file = secret
    browser = people(name)
    before = refusals_of(people)
    page = browser.open(file, status=403)
    assert len(page.text.split()) > 12, page.text  # a sentence that says why
    assert refusals_of(people) - before
    assert browser.client.get(f"{home}/evidence/package/").status_code == 405


@pytest.mark.parametrize("name", ["it", "counsel", "hr"])
def test_what_may_not_be_seen_is_in_no_list_and_no_search(people, secret, name):
    home, _file = secret
    client = people(name).client
    assert client.get(f"{home}/").status_code == 403
    assert home.rpartition("/")[2] not in client.get("/api/v1/secrets?limit=500").text
    for path in ("/search/?q=CN-2026", "/register/", "/"):
        assert home not in client.get(path).text


def test_the_it_administrator_opens_no_file_even_of_the_own_department(people):
    it, officer = people("it"), people("officer")
    rows = it.client.get("/api/v1/secrets?limit=500").json()["items"]
    assert rows
    for row in rows:
        home = f"/register/secrets/{row['id']}"
        assert [
            link for link in it.open(f"{home}/files/").links(f"{home}/files/") if link != f"{home}/files/"
        ] == []
        for file in officer.open(f"{home}/files/").links(f"{home}/files/"):
            if file != f"{home}/files/":
                it.open(file, status=403)


def test_nobody_decides_what_they_proposed(people):
    owner = people("owner")
    listed = owner.client.get("/api/v1/approvals/requests?box=opened&limit=500").json()["items"]
    waiting = next(row for row in listed if row["state"] == "open")
    detail = owner.client.get(f"/api/v1/approvals/requests/{waiting['id']}").json()
    if detail["step"] is None:
        pytest.fail(json.dumps(detail)[:500])
    answer = owner.client.post(
        f"/api/v1/approvals/requests/{waiting['id']}/decision",
        json={"verdict": "approve", "reason": "mine", "step": detail["step"]},
        headers={"X-CSRFToken": owner.client.cookies["csrftoken"], "Referer": str(owner.client.base_url)},
    )
    assert answer.status_code == 403, answer.text
    assert answer.json()["error"]["detail"]


def test_signed_out_people_are_sent_to_sign_in_everywhere(installation):
    client = installation.client()
    client.get("/account/login/")
    form, referrer = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}, {"Referer": installation.url}
    wrong, seen = [], 0
    for path in addresses():
        if OPEN_TO_ALL.match(path):
            continue
        seen += 1
        answer = client.get(path)
        if answer.status_code == 405:  # takes POST only, and must not act for a stranger either
            answer = client.post(path, data=form, headers=referrer)
        programs = path.startswith(("/api/", "/files/", "/scim/")) and answer.status_code in {401, 405}
        keyless = KEYS.match(path) and answer.status_code == 404
        if not (programs or keyless) and answer.url.path != "/account/login/":
            wrong.append(f"{path}: {answer.status_code} {answer.url.path}")
    assert "\n".join(wrong) == ""
    assert seen > 80


def test_the_doctor_looks_at_the_running_installation(installation):
    done = installation.run("doctor")
    assert done.returncode in {0, 5}, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) >= 5, done.stdout
