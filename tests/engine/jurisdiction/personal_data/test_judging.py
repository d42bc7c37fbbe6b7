"""The gate: what makes it open, and that nothing opens it but that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction.personal_data import (
    BY_BASIS,
    Consent,
    Processing,
    Reason,
    Told,
    assessment_triggers,
    consents_needed,
    load_personal_data,
    may_collect,
)

TABLES = {pack: load_personal_data(pack) for pack in ("cn", "jp")}
CN = TABLES["cn"]
DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)


def at(days):
    return DAY + timedelta(days=days)


LOGS = Processing(
    "p", frozenset({"sign-in", "chat-content"}), "protect-secrets", "personnel", frozenset(), at(0), None,
    everybody=False, concerns=True, assessed=None,
)  # fmt: skip
TOLD = Told("n", frozenset({"p"}), at(2), None)


def ask(**how):
    return may_collect(
        how.get("table", CN),
        kind=how.get("kind", "sign-in"),
        purpose=how.get("purpose", "protect-secrets"),
        at=at(how.get("when", 9)),
        processings=how.get("of", (LOGS,)),
        told=how.get("told", (TOLD,)),
        consents=how.get("agreed", ()),
    )


@pytest.mark.requirement("WEC-04")
def test_it_opens_with_the_notice_and_says_since_when():
    answer = ask()
    assert answer.permitted
    assert (answer.processing, answer.notice, answer.basis, answer.since) == ("p", "n", "personnel", at(2))
    assert answer.rules == ("CN-PIPL-13-14",)
    assert ask(when=1).reason is Reason.NO_NOTICE
    assert ask(told=()).reason is Reason.NO_NOTICE
    assert ask(told=(replace(TOLD, until=at(5)),)).reason is Reason.NO_NOTICE


@pytest.mark.requirement("WEC-08")
def test_another_purpose_is_no():
    assert ask(purpose="personnel").reason is Reason.NO_PROCESSING
    assert ask(kind="door-passage").reason is Reason.NO_PROCESSING
    assert ask(of=(replace(LOGS, ends=at(8)),)).reason is Reason.NO_PROCESSING
    assert ask(of=(replace(LOGS, ends=at(8)),), when=7).permitted


def test_what_nobody_knows_is_no():
    assert ask(kind="thoughts").reason is Reason.UNKNOWN_KIND
    assert ask(purpose="curiosity").reason is Reason.UNKNOWN_PURPOSE
    assert ask(of=(replace(LOGS, basis="because"),)).reason is Reason.NO_PROCESSING
    assert ask(of=(replace(LOGS, concerns=False),)).reason is Reason.NOT_CONCERNED


@pytest.mark.requirement("WEC-22")
def test_content_of_chats_is_never_collected_about_everybody():
    everybody = replace(LOGS, everybody=True)
    assert ask(kind="chat-content", of=(everybody,)).reason is Reason.ABOUT_EVERYBODY
    assert ask(kind="chat-content").permitted
    assert ask(of=(everybody,)).permitted


@pytest.mark.requirement("WEC-21")
def test_location_is_never_collected_by_default_nor_for_advertising():
    where = replace(LOGS, kinds=frozenset({"location"}), assessed=at(1))
    answer = ask(kind="location", of=(where,))
    assert answer.reason is Reason.NO_CONSENT
    assert answer.missing == ("sensitive", "location")
    both = [Consent(scope, "p", scope, at(3), None) for scope in answer.missing]
    assert ask(kind="location", of=(where,), agreed=both).permitted
    assert ask(kind="location", of=(where,), agreed=both[:1]).missing == ("location",)
    advertising = replace(where, purpose="advertising")
    assert ask(kind="location", purpose="advertising", of=(advertising,), agreed=both).reason is Reason.NEVER


def test_an_assessment_comes_before():
    given_on = replace(LOGS, traits=frozenset({"entrusted"}))
    assert ask(of=(given_on,)).reason is Reason.NO_ASSESSMENT
    assert ask(of=(replace(given_on, assessed=at(10)),)).reason is Reason.NO_ASSESSMENT
    assert ask(of=(replace(given_on, assessed=at(4)),)).since == at(4)
    japanese = replace(given_on, basis="purpose")
    assert ask(of=(japanese,), table=TABLES["jp"]).permitted
    assert assessment_triggers(CN, kinds={"location"}, traits=()) == ("sensitive",)


@pytest.mark.requirement("WEC-10")
def test_a_consent_opens_and_its_withdrawal_closes():
    asked = replace(LOGS, basis="consent")
    agreed = Consent("c", "p", BY_BASIS, at(3), at(6))
    assert ask(of=(asked,)).missing == (BY_BASIS,)
    assert ask(of=(asked,), agreed=(agreed,), when=5).since == at(3)
    assert ask(of=(asked,), agreed=(agreed,), when=6).reason is Reason.NO_CONSENT
    other = replace(agreed, processing="q")
    assert ask(of=(asked,), agreed=(other,), when=5).reason is Reason.NO_CONSENT


def test_abroad_needs_consent_unless_the_basis_stands_without():
    assert consents_needed(CN, kinds={"sign-in"}, basis="duty", traits={"cross-border"}) == ("cross-border",)
    assert consents_needed(CN, kinds={"sign-in"}, basis="personnel", traits={"cross-border"}) == ()


early, late = st.integers(0, 4).map(at), st.integers(4, 8).map(at)
ends = st.sampled_from([None, None, None, at(5), at(7)])
kinds = st.sampled_from(["sign-in", "chat-content", "location"])
purposes = st.sampled_from(["protect-secrets", "personnel"])
traits = st.frozensets(st.sampled_from(sorted(CN.traits)), max_size=2)
mostly = st.sampled_from([True, True, True, False])


@st.composite
def facts(draw, *, lively=False):
    """Registers of one person; in a lively one most of what the gate asks for is there."""
    pack = draw(st.sampled_from(["cn", "jp"]))
    bases = st.sampled_from(sorted(TABLES[pack].bases))
    found = [
        Processing(
            name, frozenset(draw(st.sets(kinds, min_size=1))), draw(purposes), draw(bases), draw(traits),
            draw(early), draw(ends), not (lively or draw(mostly)), lively or draw(mostly),
            draw(early if lively else st.none() | early),
        )
        for name in "pq"
    ]  # fmt: skip
    told = [
        Told(str(n), frozenset(draw(st.sets(st.sampled_from("pq"), min_size=1))), draw(early), draw(ends))
        for n in range(draw(st.integers(2 * lively, 3)))
    ]
    consents = [
        Consent(f"{item.id}{scope}{n}", item.id, scope, draw(early), draw(ends))
        for item in found
        for scope in (BY_BASIS, "sensitive", "provided", "published", "cross-border", "location")
        for n in range(draw(st.integers(int(lively), 2)))
    ]
    asked = draw(st.sampled_from(found))
    wish = {"kind": draw(st.sampled_from(sorted(asked.kinds))), "purpose": asked.purpose, "at": draw(late)}
    return TABLES[pack], wish, found, told, consents


def judged(table, wish, processings, told, consents):
    return may_collect(table, **wish, processings=processings, told=told, consents=consents)


@given(facts(lively=True))
def test_a_yes_names_what_it_rests_on_and_that_held(known):
    table, wish, processings, told, consents = known
    answer = judged(*known)
    assume(answer.permitted)
    item = next(row for row in processings if row.id == answer.processing)
    notice = next(row for row in told if row.id == answer.notice)
    assert wish["kind"] in item.kinds
    assert wish["purpose"] == item.purpose
    assert item.concerns
    assert item.starts <= answer.since <= wish["at"]
    assert notice.since <= answer.since
    assert notice.until is None or wish["at"] < notice.until
    agreed = [row for row in consents if row.id in answer.consents]
    needed = consents_needed(table, kinds={wish["kind"]}, basis=item.basis, traits=item.traits)
    assert sorted(row.scope for row in agreed) == sorted(needed)
    assert all(row.withdrawn is None or wish["at"] < row.withdrawn for row in agreed)
    earlier = judged(table, {**wish, "at": answer.since}, processings, told, consents)
    assert earlier.permitted


@given(facts(), st.data())
def test_taking_notice_or_consent_away_never_opens_it(known, data):
    table, wish, processings, told, consents = known
    fewer_told = [row for row in told if data.draw(st.booleans())]
    fewer = [row for row in consents if data.draw(st.booleans())]
    if judged(table, wish, processings, fewer_told, fewer).permitted:
        assert judged(*known).permitted
    assert not judged(table, wish, processings, [], consents).permitted


@given(facts())
def test_with_everything_withdrawn_only_what_needs_no_consent_stays_open(known):
    table, wish, processings, told, consents = known
    gone = [
        replace(row, withdrawn=wish["at"] if row.withdrawn is None else min(row.withdrawn, wish["at"]))
        for row in consents
    ]
    after = judged(table, wish, processings, told, gone)
    assert after.consents == ()
    assert after == judged(table, wish, processings, told, [])
