"""Each detector finds what it is for, just from its number on, says why, and says when it could not look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.procedures import Event, LookBackError, load_procedures, look_back

ZONE = ZoneInfo("Asia/Shanghai")
UNTIL = datetime(2026, 3, 31, 10, tzinfo=UTC)
DETECTORS = load_procedures("cn").detectors


def run(events, pack="cn", **more):
    found = look_back(load_procedures(pack).detectors, events, until=UNTIL, zone=ZONE, **more)
    return {each.detector.id: each for each in found}


def at(hour, minute=0, *, days=1):
    local = datetime(2026, 3, 31, hour, tzinfo=ZONE) - timedelta(days=days)
    return local + timedelta(minutes=minute)


def made(log, moments, **more):
    names = more.pop("names", None)
    return [
        Event(log, moment, row, object=names[row - 1] if names else f"f{row}", **more)
        for row, moment in enumerate(moments, 1)
    ]


def minutely(log, **more):
    return lambda number: made(log, [at(10, minute) for minute in range(number)], **more)


def quickly(log, act):
    return lambda number: made(log, [at(10, minute / 10) for minute in range(number)], act=act)


CASES = [
    ("OFF-04a", minutely("file_change", act="delete"), 1),
    ("OFF-04b", lambda n: made("sign_in", [at(23, minute) for minute in range(n)]), 3),
    ("OFF-04c", minutely("sign_in"), 20),
    ("OFF-04d", minutely("account_change", act="password"), 1),
    ("OFF-04e", quickly("file_access", "download"), 100),
    ("OFF-04f", quickly("file_change", "delete"), 50),
    ("OFF-04g", minutely("mail", target="x@mail.example.net"), 1),
]


@pytest.mark.requirement("OFF-04a", "OFF-04b", "OFF-04c", "OFF-04d", "OFF-04e", "OFF-04f", "OFF-04g")
@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.parametrize(("detector", "events", "least"), CASES, ids=lambda value: str(value)[:8])
def test_a_detector_tells_from_its_number_on(pack, detector, events, least):
    below = run(events(least - 1), pack, given=["mail", "sign_in", "account_change", "file_change"])
    assert below[detector].hits == ()
    hit = run(events(least), pack)[detector].hits[0]
    assert hit.found == least
    assert hit.limit == least
    assert str(least) in hit.why.en
    assert all((hit.why.zh, hit.why.ja))
    assert hit.rows == tuple(range(1, min(least, 20) + 1))


@pytest.mark.requirement("OFF-04")
def test_a_day_far_above_the_usual_is_told():
    usual = [moment for day in range(2, 12) for moment in (at(10, days=day), at(11, days=day))]
    busy = [at(10, minute) for minute in range(7)]
    found = run(made("file_access", usual + busy, act="read"))["OFF-04"].hits
    assert [(hit.found, hit.limit) for hit in found] == [(7, 6)]
    assert not run(made("file_access", usual + busy[:6], act="read"))["OFF-04"].hits


def test_what_came_back_is_whole_and_mail_within_the_company_is_none():
    names = ["a", "a", "b"]
    events = [
        Event("file_change", at(10), 1, object=names[0], act="delete"),
        Event("file_change", at(11), 2, object=names[1], act="write"),
        Event("inventory", at(9), 1, object="a"),
        Event("file_change", at(12), 3, object=names[2], act="delete"),  # not in the inventory
        Event("mail", at(9), 1, target="chef@Example.com"),
    ]
    found = run(events, inside=["example.com"])
    assert not found["OFF-04a"].hits
    assert not found["OFF-04g"].hits


def test_two_bursts_are_two_hits_and_what_lies_before_the_window_is_none():
    first = [at(9, minute / 10) for minute in range(100)]
    second = [at(15, minute / 10) for minute in range(120)]
    events = made("file_access", [*first, *second], act="download")
    assert [hit.found for hit in run(events)["OFF-04e"].hits] == [100, 120]
    old = made("file_access", [at(9, minute / 10, days=200) for minute in range(100)], act="download")
    assert not run(old)["OFF-04e"].hits
    numbers = {"OFF-04": {"window_days": 365}}
    assert run(old, numbers=numbers)["OFF-04e"].hits


def test_a_detector_without_its_log_says_that_it_did_not_look():
    found = run([], given=["sign_in"])
    assert found["OFF-04b"].looked
    assert not found["OFF-04e"].looked
    assert found["OFF-04g"].missing == ("mail",)
    assert found["OFF-04g"].looked  # it has the other of its two logs


@pytest.mark.parametrize(
    "numbers", [{"OFF-04b": {"count": 0}}, {"OFF-04b": {"hour": 1}}, {"OFF-04": {"window_days": 9999}}]
)
def test_numbers_outside_their_range_are_refused(numbers):
    with pytest.raises(LookBackError):
        run([], numbers=numbers)
    with pytest.raises(LookBackError):
        look_back(DETECTORS, [], until=datetime(2026, 3, 31), zone=ZONE)  # noqa: DTZ001 - without a zone


@given(st.lists(st.integers(0, 60 * 24 * 170), max_size=150))
def test_the_order_of_lines_does_not_matter(minutes):
    moments = [UNTIL - timedelta(minutes=minute) for minute in minutes]
    events = [
        Event(log, moment, row, object=str(row % 7), act=act, target="a@example.net")
        for row, moment in enumerate(moments, 1)
        for log, act in (("sign_in", ""), ("file_access", "download"), ("mail", ""))
    ]
    assert run(events) == run(list(reversed(events)))
