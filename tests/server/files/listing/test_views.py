"""The page of a list as browsers get it: fragments, kept views, bulk actions, exports."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import include, path
from tests.server.files.listing.test_listing import Users

from shoumi.engine.policy import Action, resources
from shoumi.server.accounts.models import RoleGrant, User
from shoumi.server.files.listing import BulkAction, Empty, ListingView
from shoumi.server.files.listing.saved import SavedView
from shoumi.server.ledger.queries import entries_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Page(Users):
    bulk = (BulkAction("rename", "Rename"),)
    empty = Empty("Nobody yet", "Open an account first.", url="/open/", action="Open")
    export_action = Action.PERSON_EXPORT

    def row_url(self, row):
        return f"/users/{row.pk}/"

    def export_resource(self):
        return resources.unit("company")

    def bulk_rename(self, rows):
        return f"{len(rows)} renamed"


urlpatterns = [
    path("list/", ListingView.as_view(listing=Page)),
    path("", include("shoumi.server.project.urls")),
]


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/list/").status_code == 302


def test_the_page_and_its_fragment_show_the_same_rows(browser, crowd):
    page = browser.get("/list/?q=wang").content.decode()
    part = browser.get("/list/?q=wang", headers={"HX-Request": "true"})
    assert "<html" in page
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/list/?q=wang"
    for text in ("30 rows", "user003", 'aria-sort="descending"'):
        assert text in page
        assert text in part.content.decode()


def test_an_empty_list_teaches_and_a_narrowed_one_says_so(browser):
    assert "Open an account first." in browser.get("/list/").content.decode()
    assert "Nothing matches" in browser.get("/list/?q=zzz").content.decode()


@pytest.mark.parametrize("size", [5, 50])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    browser, crowd, size, django_assert_max_num_queries
):
    User.objects.filter(username__gte=f"user{size:03}").delete()
    with django_assert_max_num_queries(21):  # of an account without a person, which costs one more
        browser.get("/list/")


def test_a_view_is_kept_replaced_shared_and_deleted(browser, reader, crowd):
    browser.post("/list/?q=wang&page=2", {"do": "save_view", "name": "Wangs"})
    browser.post("/list/?language=ja", {"do": "save_view", "name": "Wangs", "shared": "1"})
    kept = SavedView.objects.get()
    assert (kept.query, kept.is_shared, kept.owner) == ("language=ja", True, reader)
    assert "Wangs" in browser.get("/list/").content.decode()
    other = User.objects.create_user("other", display_name="Other")
    foreign = SavedView.objects.create(owner=other, listing="test.users", name="Mine alone")
    assert "Mine alone" not in browser.get("/list/").content.decode()
    browser.post("/list/", {"do": "delete_view", "view": str(foreign.pk)})
    browser.post("/list/", {"do": "delete_view", "view": str(kept.pk)})
    assert list(SavedView.objects.all()) == [foreign]


def test_a_view_needs_a_name(browser):
    browser.post("/list/", {"do": "save_view", "name": " "})
    assert not SavedView.objects.exists()


def test_a_bulk_action_runs_on_rows_of_the_list_only(browser, crowd, reader):
    keys = [str(crowd[0].pk), str(crowd[1].pk), str(reader.pk), "no key"]
    page = browser.post("/list/", {"do": "bulk", "action": "rename", "chosen": keys}, follow=True)
    assert "2 renamed" in page.content.decode()


@pytest.mark.parametrize(
    "form", [{"do": "bulk", "action": "destroy"}, {"do": "nothing"}, {"do": "delete_view", "view": "x"}]
)
def test_what_the_list_does_not_offer_is_refused(browser, form):
    assert browser.post("/list/", form).status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_holds_all_pages_masked_and_is_recorded(browser, crowd, reader, form):
    crowd[0].display_name = "=cmd|x"
    crowd[0].save()
    answer = browser.post("/list/?language=zh-hans", {"do": "export", "form": form})
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}  # nothing is a formula
    else:
        rows = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
        assert "=cmd" not in {row[1] for row in rows}
    assert rows[0] == ["Sign-in", "Name", "Mail", "State"]
    assert len(rows) == 121  # zh-hans is no choice of this filter, so all are found
    assert not any("user0" in str(row[2]) for row in rows)
    assert [entry.tag for entry in entries_of("list:test.users")] == ["files:listing:exported"]


@pytest.mark.django_db(transaction=True)
def test_who_may_not_export_is_refused_and_the_refusal_is_explained(browser, reader):
    RoleGrant.objects.all().delete()
    answer = browser.post("/list/", {"do": "export", "form": "csv"})
    assert answer.status_code == 403
    assert "No rule permits this." in answer.content.decode()
    assert "HR edits, imports and exports people" in answer.content.decode()
    assert not entries_of("list:test.users").exists()


def test_an_unknown_format_is_refused(browser):
    assert browser.post("/list/", {"do": "export", "form": "exe"}).status_code == 400
