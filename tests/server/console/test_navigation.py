"""Which rooms are drawn for whom, and which one is the present one."""

from __future__ import annotations

import pytest

from shoumi.engine.policy import Action, Role, resources
from shoumi.server.accounts import gate
from shoumi.server.console.drawing import draw
from shoumi.server.console.navigation import GROUPS
from shoumi.server.console.rooms import Group, Room


def nothing(_name):
    return 0


def names(drawn):
    return [room.url for group in drawn for room in group.items]


def test_a_room_without_address_and_a_group_without_rooms_are_not_drawn():
    groups = (
        Group("a", "A", (Room("nowhere:at_all", "x", "home"),)),
        Group("b", "B", (Room("console:home", "y", "home"),)),
    )
    assert [group.key for group in draw("/", [], nothing, groups)] == ["b"]


def test_the_longest_prefix_is_the_present_room():
    rooms = (
        Room("console:settings", "s", "x", prefix="/settings/"),
        Room("console:settings_jobs", "j", "x", prefix="/settings/jobs/"),
    )
    drawn = draw("/settings/jobs/1/", [], nothing, (Group("g", "", rooms),))
    assert [room.active for room in drawn[0].items] == [False, True]
    assert not any(
        room.active for room in draw("/elsewhere/", [], nothing, (Group("g", "", rooms),))[0].items
    )


def test_counts_are_asked_for_rooms_that_have_one_only():
    asked = []
    draw("/", ["employee"], lambda name: asked.append(name) or 3, GROUPS)
    assert asked == ["approvals"]


@pytest.mark.parametrize(
    ("url_name", "action", "thing"),
    [
        ("ledger:entry_list", Action.LEDGER_VIEW, resources.ledger()),
        (
            "accounts:role_list",
            Action.ROLE_VIEW,
            resources.role_grant("x", requester="a", grantee="b", role="hr"),
        ),
        ("accounts:user_list", Action.ACCOUNT_VIEW, resources.login("x")),
        ("accounts:key_operation_list", Action.KEY_VIEW, resources.key("x")),
        ("training:course_list", Action.TRAINING_VIEW, resources.unit("company")),
        ("training:team_list", Action.TRAINING_STANDING, resources.training("x")),
        ("training:certificate_list", Action.TRAINING_RESULTS, resources.training("x")),
    ],
)
def test_rooms_are_drawn_for_just_those_whom_the_rules_let_in(url_name, action, thing, person, settings):
    settings.SHOUMI_SUBJECT_LOADER = ""
    room = next(room for group in GROUPS for room in group.rooms if room.url_name == url_name)
    for role in Role:
        user = person(f"p-{role}", str(role))
        assert (str(role) in room.roles) == gate.permits(user, action, thing), role


def test_a_page_marks_its_room(person, browser_of):
    page = browser_of(person("officer", "secrecy_officer")).get("/ledger/").content.decode()
    assert page.count('aria-current="page"') == 1
    assert 'href="/ledger/" aria-current="page"' in page
