"""The plan of a year: what is covered, and what is missing."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.engine.jurisdiction.training import Session, SessionError, coverage, load_training

TABLE = load_training("cn")
PARTS = tuple(part.id for part in TABLE.parts)
AUDIENCES = tuple(audience.id for audience in TABLE.audiences)


def test_an_empty_year_misses_everything():
    found = coverage(TABLE, [], 2026)
    assert len(found.missing) == sum(len(audience.parts) for audience in TABLE.audiences)
    assert not found.complete


def test_one_session_of_everything_for_everybody_covers_the_year_it_is_in():
    whole = Session("s1", date(2026, 12, 31), AUDIENCES, PARTS)
    assert coverage(TABLE, [whole], 2026).complete
    assert not coverage(TABLE, [whole], 2027).complete


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(part, marks=pytest.mark.requirement(part))
        for part in ("SRV-T1", "SRV-T2", "SRV-T3", "SRV-T4")
    ],
)
def test_a_year_without_one_of_the_four_parts_is_not_whole(part):
    rest = tuple(each for each in PARTS if each != part)
    found = coverage(TABLE, [Session("s", date(2026, 5, 1), AUDIENCES, rest)], 2026)
    assert set(found.missing) == {(audience, part) for audience in AUDIENCES}


def test_what_is_missing_is_named_and_sessions_stand_by_day():
    sessions = [
        Session("late", date(2026, 9, 1), AUDIENCES, PARTS[:3]),
        Session("early", date(2026, 1, 1), ("new",), PARTS),
    ]
    found = coverage(TABLE, sessions, 2026)
    assert found.sessions["new", "SRV-T1"] == ("early", "late")
    assert ("new", "SRV-T4") not in found.missing
    assert ("key-posts", "SRV-T4") in found.missing


@pytest.mark.parametrize(
    "session",
    [
        Session("s", date(2026, 1, 1), ("pets",), PARTS),
        Session("s", date(2026, 1, 1), ("new",), ("SRV-T9",)),
        Session("s", date(2026, 1, 1), ("SRV-T1",), PARTS),
    ],
)
def test_sessions_that_name_what_is_not_known_are_refused(session):
    with pytest.raises(SessionError):
        coverage(TABLE, [session], 2026)
