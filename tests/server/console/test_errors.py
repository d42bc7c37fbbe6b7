"""Every branch of the error tree as a page, a fragment and JSON; nothing of the inside shows."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from shoumi.engine.errors import (
    ConfigurationError,
    ConflictError,
    EvidenceError,
    InputError,
    Location,
    RefusalError,
    UnavailableError,
)
from shoumi.engine.policy import Action, resources
from shoumi.server.accounts import gate
from shoumi.server.console.error_texts import error_text, status_of
from shoumi.server.project.urls import handler400, handler403, handler404, handler500  # noqa: F401 - used by Django

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
BRANCHES = {
    "input": (InputError, 400),
    "refusal": (RefusalError, 403),
    "conflict": (ConflictError, 409),
    "evidence": (EvidenceError, 422),
    "unavailable": (UnavailableError, 503),
    "configuration": (ConfigurationError, 500),
}


def fail(request, kind):
    if kind == "fault":
        raise ZeroDivisionError("the inside")
    if kind == "denied":
        raise PermissionDenied("the inside")
    if kind == "gate":
        gate.require(request.user, Action.LEDGER_VIEW, resources.ledger())
    raise BRANCHES[kind][0]()  # noqa: RSE102 - a class or a function


urlpatterns = [
    path("fail/<slug:kind>/", fail),
    path("form/", lambda request: HttpResponse("ok")),
    path("", include("shoumi.server.project.urls")),
]


@pytest.fixture
def browser(person, browser_of):
    return browser_of(person(), raise_request_exception=False)


@pytest.mark.parametrize("kind", BRANCHES)
def test_each_branch_has_its_status_as_page_fragment_and_json(kind, browser):
    status = BRANCHES[kind][1]
    page = browser.get(f"/fail/{kind}/")
    part = browser.get(f"/fail/{kind}/", headers={"HX-Request": "true"})
    data = browser.get(f"/fail/{kind}/", headers={"accept": "application/json"})
    assert [page.status_code, part.status_code, data.status_code] == [status] * 3
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert unquote(part["X-Shoumi-Error"])
    assert set(data.json()["error"]) == {"code", "detail", "fields"}
    assert data.json()["error"]["code"] == kind


def test_a_refusal_by_the_rules_is_explained_in_the_readers_language(person, browser_of):
    user = person()
    for language, words in (
        ("en", "read the ledger"),
        ("ja", "証跡台帳を閲覧"),
        ("zh-hans", "可查阅存证台账"),
    ):
        answer = browser_of(user, language).get("/fail/gate/")
        assert answer.status_code == 403
        assert words in answer.content.decode()


@pytest.mark.parametrize("kind", ["fault", "denied", "configuration"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_nothing_of_the_inside_shows(kind, accept, browser):
    text = browser.get(f"/fail/{kind}/", headers={"accept": accept}).content.decode()
    for inside in ("the inside", "Traceback", "ZeroDivision", "/work", ".py"):
        assert inside not in text


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "没有该页面"), ("ja", "ページがありません"), ("en", "There is no such page")],
)
def test_a_missing_page_speaks_the_readers_language(language, title, person, browser_of):
    assert title in browser_of(person(), language).get("/no/such/page/").content.decode()
    stranger = Client(headers={"accept-language": language})
    answer = stranger.get("/no/such/page/")
    assert answer.status_code == 404
    assert title in answer.content.decode()


def test_a_form_without_token_is_refused_with_advice(person):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/form/", {"x": "y"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


def test_a_text_has_its_place_and_its_fields_in_the_language():
    class TestedError(InputError):
        code = "input.tested"
        message = "{names} at {count}"

    error = TestedError(location=Location(path="a.xlsx", cell="S!C7"), names=("x", "y"), count=3)
    assert error_text(error) == "a.xlsx S!C7: x, y at 3" or error_text(error) == "a.xlsx S!C7: x、y at 3"
    assert status_of(error) == 400


def test_fields_that_look_like_markup_stay_text(browser):
    class PlantedError(ConflictError):
        code = "conflict"
        message = "{name}"

    BRANCHES["planted"] = (lambda: PlantedError(name="<script>x</script>"), 409)
    page = browser.get("/fail/planted/").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
