"""Plans of cases: which steps apply and why, when they are due, their order, and a company's own changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import RuleNotInForceError, load_pack
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.procedures import (
    Added,
    CaseChangeError,
    CaseDayError,
    CaseFactError,
    CasePartyError,
    DueRule,
    EvidenceKind,
    Gate,
    LeftOut,
    Moved,
    Repeat,
    UnknownCaseKindError,
    WorkerNamedError,
    load_procedures,
    plan,
)

SHANGHAI, TOKYO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Tokyo")
ZONES = {"cn": SHANGHAI, "jp": TOKYO}
PACKS = {pack: load_pack(pack) for pack in ZONES}
TABLES = {pack: load_procedures(pack) for pack in ZONES}
CN = PACKS["cn"]


def leaving(facts=None, days=None, **more):
    given_facts = {"reason": "orderly", "post_level": "core", "suspicion": "no", "manages_accounts": "yes"}
    days = {"notice_day": date(2026, 6, 1), "last_day": date(2026, 6, 30)} if days is None else days
    return plan(CN, "leaving", given_facts | (facts or {}), days, zone=SHANGHAI, **more)


@st.composite
def cases(draw):
    pack = draw(st.sampled_from(["cn", "jp"]))
    table = TABLES[pack]
    kind = draw(st.sampled_from(list(table.kinds)))
    facts = {
        name: draw(st.sampled_from([value.id for value in fact.values]))
        for name, fact in table.facts.items()
        if draw(st.booleans())
    }
    day = st.dates(date(2022, 1, 1), date(2040, 12, 31))
    days = {name: draw(day) for name in table.days if draw(st.booleans())}
    if "first_day" in days and "last_day" in days:
        days["last_day"] = max(days["first_day"], days["last_day"])
    return pack, kind, facts, days


@given(cases())
def test_no_step_waits_for_itself_and_stages_grow_along_what_comes_before(case):
    pack, kind, facts, days = case
    made = plan(PACKS[pack], kind, facts, days, zone=ZONES[pack])
    assert made == plan(PACKS[pack], kind, facts, days, zone=ZONES[pack])
    by_id = {each.id: each for each in made.steps}
    assert len(by_id) == len(made.steps)
    for each in made.steps:
        before = (*each.after, *(made.gates[each.step.needs] if each.step.needs else ()))
        assert each.id not in before
        assert all(by_id[name].stage < each.stage for name in before)
        assert each.why
        assert each.due.at is None or not (each.due.missing_day or each.due.missing_fact)
    assert [each.stage for each in made.steps] == sorted(each.stage for each in made.steps)


@given(cases())
def test_knowing_more_facts_only_decides_what_was_open(case):
    pack, kind, facts, days = case
    made = plan(PACKS[pack], kind, facts, days, zone=ZONES[pack])
    open_ = plan(PACKS[pack], kind, {}, days, zone=ZONES[pack])
    assert {each.step.id for each in made.steps} <= {each.step.id for each in open_.steps}
    assert all(name not in facts for each in made.steps for name in each.undecided)


def test_a_step_says_why_it_applies_in_three_languages():
    nda = plan(CN, "joining", {"post_level": "important"}, {}, zone=SHANGHAI).step("nda")
    assert [(each.zh, each.ja, each.en) for each in nda.why] == [
        ("岗位涉密等级：重要商密", "ポストの秘密取扱等級：秘", "Secrecy level of the post: important")
    ]
    assert not nda.undecided
    open_ = plan(CN, "joining", {}, {}, zone=SHANGHAI).step("nda")
    assert open_.undecided == ("post_level", "knows_secrets")
    assert "is not recorded" in open_.why[0].en


@pytest.mark.parametrize(
    ("transfer", "level", "end"),
    [
        (date(2024, 2, 29), "core", date(2026, 2, 28)),
        (date(2026, 8, 31), "general", date(2027, 2, 28)),
        (date(2027, 8, 31), "general", date(2028, 2, 29)),
        (date(2026, 12, 31), "important", date(2027, 12, 31)),
    ],
)
@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.requirement("OFF-11")
def test_the_cool_down_ends_by_the_level_and_is_a_proposal(pack, transfer, level, end):
    facts, days = {"post_level": level}, {"transfer_day": transfer}
    due = plan(PACKS[pack], "transfer", facts, days, zone=ZONES[pack]).step("transfer-cool-down-end").due
    assert due.last_day == end
    assert due.at == datetime.combine(end + timedelta(days=1), datetime.min.time(), ZONES[pack])
    assert due.basis.force is Force.COMPANY


def test_a_clock_of_the_law_keeps_its_rule():
    due = leaving().step("file-transfer").due
    assert (due.last_day, due.basis.rule, due.basis.force) == (date(2026, 7, 15), "CN-LCL-50", Force.LAW)


def test_a_missing_day_or_fact_is_named_and_nothing_is_guessed():
    made = leaving(days={})
    assert made.step("handover").due.missing_day == "last_day"
    assert made.step("leaving-talk").due.missing_day == "notice_day"
    cool = plan(CN, "cool-down", {}, {"last_day": date(2026, 6, 30)}, zone=SHANGHAI)
    assert cool.step("cool-down-end").due.missing_fact == "post_level"
    assert cool.step("cool-down-check").due.missing_fact == "post_level"


def test_what_comes_again_comes_until_its_end():
    facts, days = {"post_level": "general"}, {"last_day": date(2026, 8, 31)}
    made = plan(CN, "cool-down", facts, days, zone=SHANGHAI)
    checks = [each for each in made.steps if each.step.id == "cool-down-check"]
    assert [each.due.last_day for each in checks] == [date(2026, 11, 30), date(2027, 2, 28)]
    assert [each.id for each in checks] == ["cool-down-check/1", "cool-down-check/2"]


def test_who_vanished_enters_at_the_freeze():
    found = datetime(2026, 4, 30, 22, 30, tzinfo=SHANGHAI)
    made = leaving({"reason": "vanished"}, {"found_day": found})
    assert made.step("freeze").stage == 1
    assert made.step("freeze").due.at == found + timedelta(hours=4)
    assert made.step("revocation").after == ("freeze",)
    assert made.step("duty-letter").due.last_day == date(2026, 5, 3)
    assert made.step("leaving-talk") is None
    assert made.step("certificate-absent").step.signers == ("receiver", "officer")


def test_what_does_not_apply_hands_on_what_comes_before_it():
    made = leaving()
    assert made.step("handover").after == ("leaving-talk",)
    refused = leaving({"reason": "no_notice"})
    assert refused.step("handover").after == ("freeze", "leaving-talk")


def test_groups_run_side_by_side():
    assert leaving().groups["checks"] == ("revocation", "look-back", "malware-scan", "handover")


def test_a_time_is_taken_where_the_entity_sits():
    late = datetime(2026, 6, 30, 17, 0, tzinfo=UTC)  # 1 July in Shanghai
    made = leaving(days={"notice_day": date(2026, 6, 1), "last_day": late})
    assert made.step("handover").due.last_day == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"first_day": date(2026, 7, 1), "last_day": date(2026, 6, 30)}, "before “first_day”"),
        ({"payday": date(2026, 7, 1)}, "known are first_day"),
        ({"last_day": datetime(2026, 6, 30, 12)}, "needs its time zone"),  # noqa: DTZ001 - refused
        ({"last_day": date.max, "notice_day": date.max}, "too far away"),
    ],
)
def test_days_that_cannot_be_are_refused(days, reason):
    with pytest.raises(CaseDayError, match=reason):
        leaving(days=days)


def test_the_first_day_may_be_the_last():
    day = date(2026, 6, 30)
    assert leaving(days={"first_day": day, "last_day": day}).step("handover").due.last_day == day


def test_other_inputs_that_are_refused():
    with pytest.raises(UnknownCaseKindError):
        plan(CN, "holiday", {}, {}, zone=SHANGHAI)
    with pytest.raises(CaseFactError):
        leaving({"reason": "bored"})
    with pytest.raises(CaseFactError):
        leaving({"mood": "good"})
    with pytest.raises(CasePartyError):
        leaving(parties={"boss": "p1"})
    with pytest.raises(RuleNotInForceError):
        leaving(days={"notice_day": date(2000, 1, 1), "last_day": date(2000, 1, 2)})


@pytest.mark.parametrize("kind", ["contractor-worker", "dispatched-worker"])
def test_in_japan_the_worker_is_never_named(kind):
    made = plan(PACKS["jp"], kind, {}, {}, zone=TOKYO, parties={"contractor": "c1"})
    assert made.addressee == "contractor"
    with pytest.raises(WorkerNamedError):
        plan(PACKS["jp"], kind, {}, {}, zone=TOKYO, parties={"person": "w1", "contractor": "c1"})
    own = replace(made.steps[0].step, id="scold", signers=("person",), after=(), due=())
    with pytest.raises(CaseChangeError, match="nothing is addressed to the worker"):
        plan(PACKS["jp"], kind, {}, {}, zone=TOKYO, changes=[Added(own)])
    assert plan(CN, kind, {}, {}, zone=SHANGHAI, parties={"person": "w1"}).addressee == "person"


ORDERLY = ({"reason": ("orderly",)},)
OWN = replace(
    TABLES["cn"].kinds["leaving"].steps[2],
    id="badge",
    after=("leaving-talk",),
    due=(DueRule("last_day", days=2),),
)


def test_the_companys_changes_stay_beside_the_plan():
    changes = [
        Added(OWN),
        LeftOut("malware-scan", "the laptop stays sealed"),
        Moved("handover", DueRule("last_day", days=-2), "two days to look through it"),
    ]
    made = leaving(changes=changes)
    assert made.step("badge").due.last_day == date(2026, 7, 2)
    assert made.step("badge").after == ("leaving-talk",)
    assert made.step("malware-scan") is None
    assert "malware-scan" not in made.gates[Gate.CERTIFICATE]
    assert made.step("handover").due.last_day == date(2026, 6, 28)
    assert made.deviations == (changes[2], changes[0], changes[1])
    assert [each.reason for each in made.left_out] == ["the laptop stays sealed"]


def test_what_was_left_out_hands_on_what_comes_before_it():
    made = leaving(changes=[LeftOut("leaving-talk", "told by letter")], facts={"reason": "no_notice"})
    assert made.step("exit-pledge").after == ("freeze",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (LeftOut("handover"), "a reason is needed"),
        (LeftOut("handover", "  "), "a reason is needed"),
        (Moved("handover", DueRule("last_day", days=9)), "a reason is needed"),
        (LeftOut("nda", "why not"), "has no such step"),
        (Moved("handover", DueRule("payday", days=1), "x"), "cannot be counted"),
        (Moved("handover", DueRule("last_day"), "x"), "cannot be counted"),
        (Moved("handover", DueRule("last_day", clock="never"), "x"), "cannot be counted"),
        (Added(replace(OWN, id="handover")), "its id is taken"),
        (Added(replace(OWN, id="a/1")), "its id is taken"),
        (Added(replace(OWN, after=("nowhere",))), "what the pack does not have"),
        (Added(replace(OWN, barred=("him",))), "what the pack does not have"),
        (Added(replace(OWN, when=({"mood": ("good",)},))), "what the pack does not have"),
        (Added(replace(OWN, when=({"reason": ("bored",)}, {"reason": ("orderly",)}))), "does not have"),
        (Added(replace(OWN, repeat=Repeat(1, DueRule("last_day", days=9)))), "comes again"),
        (Added(replace(OWN, evidence=EvidenceKind.FORM)), "a form has signers"),
        (Added(replace(OWN, evidence=EvidenceKind.CHECKLIST)), "a list has items"),
        (Added(replace(OWN, refusable=True)), "only a signature"),
        (Added(replace(OWN, persons=0)), "somebody must do it"),
        (Added(replace(OWN, due=(DueRule("last_day"),))), "in days, in hours or by a clock"),
        (Added(replace(OWN, due=(DueRule("last_day", days=1, when=ORDERLY),))), "the last is for"),
        (Moved("handover", DueRule("last_day", days=1, when=ORDERLY), "x"), "left out and"),
        (Added(replace(OWN, after=("badge",))), "wait for itself"),
        (Added(replace(OWN, after=("certificate",))), "wait for itself"),  # it stands in its way
    ],
)
def test_changes_that_do_not_fit_are_refused(change, reason):
    with pytest.raises(CaseChangeError, match=reason):
        leaving(changes=[change])


def test_what_comes_again_is_not_moved():
    change = Moved("cool-down-check", DueRule("last_day", days=9), "later")
    with pytest.raises(CaseChangeError, match="added anew"):
        plan(CN, "cool-down", {}, {}, zone=SHANGHAI, changes=[change])


def test_one_step_is_changed_once():
    with pytest.raises(CaseChangeError, match="twice"):
        leaving(changes=[LeftOut("handover", "a"), Moved("handover", DueRule("last_day", days=1), "b")])
