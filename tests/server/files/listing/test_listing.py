"""What a declared list finds, in which order, and what its addresses say."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from shoumi.server.accounts.models import User
from shoumi.server.files.listing import Choice, Column, DateRange, Flag, Listing, State, Text

pytestmark = pytest.mark.django_db


class Users(Listing):
    name = "test.users"
    title = "Users"
    columns = (
        Column("username", "Sign-in", kind="mono", sort="username"),
        Column("name", "Name", "display_name", sort=("display_name", "username"), primary=True, sub="email"),
        Column("mail", "Mail", "email", kind="masked"),
        Column(
            "state",
            "State",
            lambda row: State("on", "good") if row.is_active else State("off", "bad"),
            kind="state",
        ),
        Column("created", "Created", "created_at", kind="moment", sort="created_at", shown=False),
    )
    filters = (
        Choice("language", "Language", choices=[("ja", "Japanese"), ("en", "English")]),
        Choice(
            "name",
            "Name",
            "display_name",
            choices=lambda listing: [(n, n) for n in ("Li Ming", "Wang Li")],
            many=True,
        ),
        Text("mail", "Mail", "email"),
        Flag("active", "Active", condition=Q(is_active=True)),
        DateRange("created", "Created", "created_at", moments=True),
    )
    search_fields = ("username", "display_name")
    default_sort = "-username"

    def rows(self):
        return User.objects.filter(username__startswith="user")


def made(query=""):
    return Users(AnonymousUser(), QueryDict(query))


def names(listing):
    return [row.username for row in listing.page.object_list]


def test_default_order_and_pages(crowd):
    listing = made()
    assert listing.total == 120
    assert names(listing)[:2] == ["user119", "user118"]
    assert names(made("page=3")) == [f"user{n:03}" for n in range(19, -1, -1)]
    assert names(made("page=999")) == names(made("page=3"))
    assert names(made("page=x")) == names(listing)
    assert names(made("q=nobody")) == []


@pytest.mark.parametrize("sort", ["", "sort=name", "sort=-created", "q=user&sort=name"])
@pytest.mark.parametrize("few", [0, 50, 500])
def test_pages_together_are_the_whole_order_from_whichever_end_they_are_read(crowd, monkeypatch, sort, few):
    monkeypatch.setattr("shoumi.server.files.listing.listing.FEW", few)
    monkeypatch.setattr(Users, "page_size", 17)
    pages = [names(made(f"{sort}&page={number}")) for number in range(1, 9)]
    assert [len(page) for page in pages] == [17] * 7 + [1]
    assert [name for page in pages for name in page] == list(
        made(sort).found.values_list("username", flat=True)
    )


def test_search_finds_every_word_in_any_field(crowd):
    assert made("q=wang+user00").total == 2  # user003 and user007
    assert made("q=WANG").total == 30
    assert made("q=%25").total == 0
    assert made("q=wang&page=9").page.number == 1
    assert made(f"q=wang&page={10**30}").page.number == 1


def test_filters_narrow_together_and_ignore_what_they_do_not_know(crowd):
    assert made("language=ja").total == 40
    assert made("language=ja&name=Li+Ming&name=Wang+Li").total == 20
    assert made("language=xx").total == 120
    assert made("active=1").total == 120 - 18
    assert made("mail=user01").total == 10
    assert made("created_from=nonsense&created_to=9999-12-31").total == 120
    assert made("created_to=2000-01-01").total == 0


def test_a_range_includes_its_last_day(crowd):
    day = timezone.localdate(crowd[0].created_at).isoformat()  # lists count days where the console stands
    assert made(f"created_from={day}&created_to={day}").total >= 119  # the day may turn while the test runs


def test_sorting_takes_declared_columns_only(crowd):
    assert names(made("sort=username"))[0] == "user000"
    assert names(made("sort=-name"))[0] == "user119"
    assert made("sort=password").sort == "-username"
    assert [h.direction for h in made("sort=name").headings()] == ["", "ascending", "", ""]
    assert next(h.url for h in made("sort=name").headings() if h.column.key == "name") == "?sort=-name"


def test_addresses_are_sorted_and_forget_the_page():
    listing = made("page=3&q=wang&language=ja&unknown=1&sort=name")
    assert listing.query() == "language=ja&q=wang&sort=name"
    assert listing.query(q=None) == "language=ja&sort=name"
    assert listing.query(sort="-name") == "language=ja&q=wang&sort=-name"


def test_columns_are_chosen_and_the_primary_one_stays():
    assert [c.key for c in made().shown] == ["username", "name", "mail", "state"]
    chosen = made("c=created")
    assert [c.key for c in chosen.shown] == ["name", "created"]
    assert chosen.query() == "c=created"
    assert made("c=username&c=name&c=mail&c=state").query() == ""


def test_chips_say_what_is_in_force_and_take_it_away(crowd):
    chips = list(made("language=ja&created_from=2026-01-01&q=x").chips())
    assert [(c.label, c.url) for c in chips] == [
        ("Language", "?created_from=2026-01-01&q=x"),
        ("Created", "?language=ja&q=x"),
    ]


def test_cells_escape_mask_and_show(crowd):
    User.objects.filter(username="user000").update(display_name="<b>x</b>", email="someone@example.com")
    line = next(iter(made("q=user000").lines()))
    cells = {column.key: str(cell) for column, cell in line.cells}
    assert "<b>" not in cells["name"]
    assert "&lt;b&gt;" in cells["name"]
    assert "someone@" not in cells["mail"]
    assert 'class="state state-bad"' in cells["state"]


def test_rows_without_a_value_stand_last(crowd):
    User.objects.filter(username="user050").update(last_login="2026-01-01T00:00Z")

    class ByLogin(Users):
        columns = (Column("login", "Login", "last_login", sort="last_login"),)
        default_sort = "-login"

    for sort in ("login", "-login"):
        listing = ByLogin(AnonymousUser(), QueryDict(f"sort={sort}"))
        assert names(listing)[0] == "user050"


def test_a_list_may_search_in_its_own_way(crowd):
    class Backwards(Users):
        search_fields = ()

        def search(self, rows, text):
            return rows.filter(username=text[::-1])

    assert names(Backwards(AnonymousUser(), QueryDict("q=700resu"))) == ["user007"]
    assert Backwards(AnonymousUser(), QueryDict()).is_searchable
    assert not type("Plain", (Users,), {"search_fields": ()})(AnonymousUser(), QueryDict("q=x")).is_searchable


def test_a_method_at_the_end_of_a_path_is_called(crowd):
    assert Column("loud", "Loud", "username.upper").read(crowd[7]) == "USER007"


def test_choices_are_asked_only_for_fields_that_the_list_names(crowd):
    with pytest.raises(ValueError, match="not in tuple"):
        made().related(User.objects.all(), "manager")
