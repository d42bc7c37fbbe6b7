"""Who needs which agreement, why and before what."""

from __future__ import annotations

import pytest

from shoumi.engine.jurisdiction.agreements import FactError, load_agreements, needed

CN, JP = load_agreements("cn"), load_agreements("jp")
STAYS = {
    "engagement": "employee",
    "level": 0,
    "role": "ordinary",
    "knows_secrets": False,
    "has_customer_accounts": False,
    "from_competitor": False,
    "still_bound": False,
    "non_compete_wanted": False,
    "leaving": "stays",
    "refused": False,
}


def kinds(library, **facts):
    found = needed(library, {**STAYS, **facts})
    assert not any(need.unknown for need in found)
    return {(need.kind, need.before) for need in found}


@pytest.mark.requirement("ONB-04")
def test_an_ordinary_employee_needs_the_general_secrecy_clause_and_no_more():
    assert kinds(CN) == {("secrecy_clause", "before_service")}


@pytest.mark.requirement("ONB-20")
def test_in_japan_a_pledge_is_collected_from_each_employee():
    assert kinds(JP) == {("joining_pledge", "before_service")}
    assert ("secret_post_nda", "before_post") in kinds(JP, level=1)


@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_a_secret_post_needs_its_agreement_before_it_is_taken(library):
    assert ("secret_post_nda", "before_post") in kinds(library, level=2)
    (need,) = [
        each
        for each in needed(library, {**STAYS, "level": 2, "role": "manager"})
        if each.kind == "secret_post_nda"
    ]
    assert len(need.why) == 2
    assert {because.fact for because in need.because} >= {"level", "role"}


@pytest.mark.requirement("ONB-15")
@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_a_joiner_from_a_competitor_needs_the_promise(library):
    wanted = ("no_infringement_promise", "before_service")
    assert wanted in kinds(library, from_competitor=True)
    assert wanted in kinds(library, still_bound=True)
    assert wanted not in kinds(library)


@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_non_competition_is_for_those_who_know_secrets_and_were_decided_on(library):
    wanted = ("non_compete", "before_post")
    assert wanted in kinds(library, knows_secrets=True, non_compete_wanted=True)
    assert wanted not in kinds(library, knows_secrets=True)
    assert wanted not in kinds(library, non_compete_wanted=True)


@pytest.mark.requirement("OFF-09")
@pytest.mark.parametrize("leaving", ["resigns", "dismissed", "retires", "transferred"])
@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_whoever_leaves_also_by_retirement_needs_the_exit_pledge(library, leaving):
    assert kinds(library, leaving=leaving) == {("exit_pledge", "before_leaving")}


@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
@pytest.mark.parametrize(
    "activity",
    [
        pytest.param("negotiation", marks=pytest.mark.requirement("BIZ-A1")),
        pytest.param("technical_review", marks=pytest.mark.requirement("BIZ-A2")),
        pytest.param("appraisal", marks=pytest.mark.requirement("BIZ-A3")),
        pytest.param("joint_development", marks=pytest.mark.requirement("BIZ-A4")),
        pytest.param("technology_transfer", marks=pytest.mark.requirement("BIZ-A5")),
        pytest.param("audit", marks=pytest.mark.requirement("BIZ-A6")),
        pytest.param("asset_check", marks=pytest.mark.requirement("BIZ-A7")),
    ],
)
def test_every_business_activity_needs_an_agreement_before_the_first_disclosure(library, activity):
    assert kinds(library, engagement="partner", activity=activity) == {
        ("contractor_nda", "before_disclosure")
    }


@pytest.mark.requirement("BIZ-05")
@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_outside_experts_need_an_agreement(library):
    assert kinds(library, engagement="expert") == {("contractor_nda", "before_disclosure")}


@pytest.mark.requirement("MTG-3")
@pytest.mark.parametrize("library", [CN, JP], ids=["cn", "jp"])
def test_participants_and_visitors_pledge_before_they_hear_or_see(library):
    assert kinds(library, engagement="participant") == {("meeting_pledge", "before_meeting")}
    assert kinds(library, engagement="visitor", enters_secret_zone=True) == {
        ("visitor_pledge", "before_entry")
    }
    assert not kinds(library, engagement="visitor", enters_secret_zone=False)


def test_workers_of_contractors_and_agencies_pledge_through_their_employer_in_japan():
    wanted = {("contractor_worker_form", "before_disclosure")}
    assert kinds(JP, engagement="contractor_worker", level=3, role="technical") == wanted
    assert kinds(JP, engagement="dispatched", level=3) == wanted


def test_a_refusal_needs_its_record():
    assert ("refused_signature_record", "on_refusal") in kinds(CN, refused=True)
    assert ("refused_signature_record", "on_refusal") in kinds(JP, refused=True)


def test_a_fact_that_is_not_recorded_leaves_the_need_open_and_says_which():
    known = {key: value for key, value in STAYS.items() if key != "level"}
    open_ = {need.kind: need.unknown for need in needed(CN, known)}
    assert open_ == {"secrecy_clause": (), "secret_post_nda": ("level",)}
    certain = {need.kind: need.unknown for need in needed(CN, {**known, "role": "technical"})}
    assert certain["secret_post_nda"] == ()


def test_every_need_names_a_kind_and_a_moment_of_its_library():
    for library in (CN, JP):
        moments = {moment.id for moment in library.moments}
        for row in library.needs:
            assert library.kind(row.kind)
            assert row.before in moments


def test_unknown_facts_are_refused():
    with pytest.raises(FactError):
        needed(CN, {"age": 40})
