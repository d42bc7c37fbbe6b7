"""How a case stands: what is done, refused before witnesses, late, and what may be given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.procedures import (
    CaseRecordError,
    Gate,
    ItemAnswer,
    ItemState,
    LeftOut,
    Record,
    StepState,
    plan,
    standing,
)

ZONE = ZoneInfo("Asia/Shanghai")
CN = load_pack("cn")
PARTIES = {"person": "leaver", "receiver": "heir", "officer": "office", "manager": "boss"}
NOON = datetime(2026, 6, 30, 12, tzinfo=ZONE)
LATER = NOON + timedelta(days=30)


def leaving(reason="orderly", *, days=None, parties=PARTIES, **facts):
    given_facts = {"reason": reason, "post_level": "none", "knows_secrets": "no", "manages_accounts": "no"}
    given_days = {"notice_day": date(2026, 6, 1), "last_day": date(2026, 6, 30)} if days is None else days
    all_facts = given_facts | {"suspicion": "no"} | facts
    return plan(CN, "leaving", all_facts, given_days, zone=ZONE, parties=parties)


def record(planned, at=NOON, by=("office", "clerk"), state=ItemState.SETTLED, **more):
    step = planned.step
    items = {item.id: ItemAnswer(state, at) for item in step.items}
    signed = {party: PARTIES.get(party, party) for party in step.signers}
    return Record(planned.id, at, by, **({"items": items, "signed": signed} | more))


def all_records(made, at=NOON):
    return [record(each, at) for each in made.steps]


MADE = leaving()
RECORDS = all_records(MADE)


def test_nothing_recorded_leaves_everything_open_or_waiting():
    found = standing(MADE, [], NOON - timedelta(days=60))
    assert {each.state for each in found.steps} == {StepState.OPEN, StepState.WAITING}
    assert found.step("exit-pledge").waiting_for == ("leaving-talk",)
    assert found.step("certificate").closed_gate is Gate.CERTIFICATE
    assert not found.late
    assert not found.may(Gate.CERTIFICATE)
    assert found.may(Gate.ACCESS)  # nothing stands in its way when somebody leaves


def test_everything_recorded_ends_the_case():
    found = standing(MADE, RECORDS, LATER)
    assert all(each.state is StepState.DONE for each in found.steps)
    assert all(found.may(gate) for gate in Gate)
    assert found.gates[Gate.CERTIFICATE].since == NOON
    assert not found.late


def refusal(at=NOON, witnesses=("w1", "w2"), step="exit-pledge", party="person", by=("office",)):
    return Record(step, at, by, refused=frozenset({party}), witnesses=witnesses)


def doubtful_records():
    """Return records that only partly count, or not at all."""
    found = [refusal(), refusal(witnesses=("w1",)), refusal(step="certificate", by=("clerk",))]
    for each in MADE.steps:
        halves = [item.id for item in each.step.items][::2]
        half = {item: ItemAnswer(ItemState.SETTLED, NOON) for item in halves}
        lost = {item: ItemAnswer(ItemState.MISSING) for item in halves}
        found += [record(each, NOON + timedelta(hours=1), items=items) for items in (half, lost)]
        found += [record(each, by=("leaver",)), record(each, signed=dict.fromkeys(each.step.signers, "heir"))]
    return found


@given(
    st.lists(st.sampled_from([*RECORDS, *doubtful_records()])),
    st.lists(st.sampled_from([*RECORDS, *doubtful_records()])),
)
def test_more_records_never_undo(some, more):
    less, full = standing(MADE, some, LATER), standing(MADE, some + more, LATER)
    for before, after in zip(less.steps, full.steps, strict=True):
        assert after.satisfied or not before.satisfied
    assert all(full.may(gate) or not less.may(gate) for gate in Gate)


@given(st.permutations(RECORDS), st.integers(0, 40))
def test_the_order_of_records_does_not_matter_and_time_only_adds(records, hours):
    now = NOON + timedelta(hours=hours - 20)
    found = standing(MADE, records, now)
    assert found == standing(MADE, RECORDS, now)
    full = standing(MADE, records, LATER)
    for before, after in zip(found.steps, full.steps, strict=True):
        assert after.satisfied or not before.satisfied


@pytest.mark.parametrize("missing", sorted(MADE.gates[Gate.CERTIFICATE]))
def test_one_missing_step_withholds_the_certificate(missing):
    found = standing(MADE, [each for each in RECORDS if each.step != missing], LATER)
    assert not found.may(Gate.CERTIFICATE)
    assert found.gates[Gate.CERTIFICATE].waiting_for == (missing,)
    assert found.step("certificate").state is StepState.WAITING
    assert found.step("certificate").too_early
    assert missing in found.late


def test_due_moments_are_the_end_of_the_day():
    midnight = datetime(2026, 7, 1, tzinfo=ZONE)
    assert "handover" not in standing(MADE, [], midnight).late
    found = standing(MADE, [], midnight + timedelta(seconds=1))
    assert "handover" in found.late
    assert found.step("handover").late == timedelta(seconds=1)
    done_late = standing(MADE, [record(MADE.step("handover"), midnight + timedelta(hours=3))], LATER)
    assert done_late.step("handover").late == timedelta(hours=3)
    assert "handover" not in done_late.late


def without(step):
    return [each for each in RECORDS if each.step != step]


def test_a_refused_signature_before_two_witnesses_satisfies_and_says_so():
    found = standing(MADE, [*without("exit-pledge"), refusal()], LATER)
    assert found.refused == ("exit-pledge",)
    assert found.step("exit-pledge").fulfilment.refused == ("person",)
    assert found.may(Gate.CERTIFICATE)


@pytest.mark.parametrize("witnesses", [(), ("w1",), ("w1", "w1"), ("w1", "leaver"), ("w1", "office")])
def test_a_refusal_needs_two_witnesses_who_took_no_other_part(witnesses):
    found = standing(MADE, [*without("exit-pledge"), refusal(witnesses=witnesses)], LATER)
    assert found.step("exit-pledge").state is StepState.OPEN
    assert "witnesses" in found.step("exit-pledge").fulfilment.faults[0].en
    assert not found.may(Gate.CERTIFICATE)


def test_a_later_signature_takes_the_place_of_the_refusal():
    found = standing(MADE, [*RECORDS, refusal(NOON - timedelta(hours=1))], LATER)
    assert found.step("exit-pledge").state is StepState.DONE
    assert not found.refused


def test_who_joins_cannot_refuse_the_agreement():
    made = plan(CN, "joining", {"post_level": "core"}, {}, zone=ZONE, parties={"person": "leaver"})
    found = standing(made, [refusal(step="nda"), refusal(step="monitoring-notice")], LATER)
    assert found.step("nda").state is not StepState.REFUSED
    assert "cannot stand for" in found.step("nda").fulfilment.faults[0].en
    assert found.step("monitoring-notice").state is StepState.REFUSED
    assert not found.may(Gate.ACCESS)


def test_a_salesperson_who_resigns_by_chat_and_hands_nothing_over():
    """Invented: notice by chat on a Friday evening, gone at once, nothing handed over, nothing signed."""
    chat = datetime(2026, 4, 17, 18, 5, tzinfo=ZONE)
    facts = {"post_level": "general", "knows_secrets": "yes", "manages_accounts": "yes"}
    made = leaving("no_notice", days={"notice_day": chat, "last_day": date(2026, 4, 17)}, **facts)
    night, monday = chat + timedelta(hours=5), datetime(2026, 4, 20, 9, tzinfo=ZONE)
    lost = {item.id: ItemAnswer(ItemState.MISSING) for item in made.step("handover").step.items}
    records = [
        record(made.step("revocation"), night),
        record(made.step("look-back"), monday, by=("office", "counsel")),
        record(made.step("handover"), monday, items=lost),
        refusal(monday),
    ]
    found = standing(made, records, monday)
    assert found.measured["revocation"].took == timedelta(hours=5)
    assert {"freeze", "handover", "leaving-talk", "customers-over"} <= set(found.late)
    assert found.step("handover").fulfilment.missing_items == tuple(lost)
    assert found.refused == ("exit-pledge",)
    assert found.step("notices").waiting_for == ("customers-over",)
    assert not found.may(Gate.CERTIFICATE)
    suspected = leaving("no_notice", days={"notice_day": chat, "found_day": monday}, suspicion="yes")
    assert suspected.step("evidence-hold").due.at == monday + timedelta(hours=24)
    assert suspected.step("evidence-hold").id in suspected.gates[Gate.CERTIFICATE]


@pytest.mark.requirement("ONB-03")
@pytest.mark.parametrize("missing", ["training-before-access", "nda", "scope-briefing"])
def test_nobody_takes_a_secret_post_without_education_agreement_and_listed_matters(missing):
    facts = {"post_level": "important", "knows_secrets": "yes", "from_competitor": "no"}
    made = plan(CN, "joining", facts, {"first_day": date(2026, 6, 30)}, zone=ZONE, parties=PARTIES)
    records = [record(each) for each in made.steps]
    assert standing(made, records, LATER).may(Gate.POST)
    found = standing(made, [each for each in records if each.step != missing], LATER)
    assert found.gates[Gate.POST].waiting_for == (missing,)
    assert not found.may(Gate.ACCESS)


@pytest.mark.requirement("OFF-15")
def test_japan_watches_both_who_went_to_a_rival_and_who_became_one():
    tokyo = ZoneInfo("Asia/Tokyo")
    days = {"last_day": date(2026, 6, 30)}
    made = plan(load_pack("jp"), "cool-down", {"post_level": "general"}, days, zone=tokyo)
    first = made.step("whereabouts/1")
    assert first.due.last_day == date(2026, 9, 30)
    one = {"employer": ItemAnswer(ItemState.SETTLED)}
    found = standing(made, [record(first, items=one)], LATER).step("whereabouts/1")
    assert (found.satisfied, found.fulfilment.open_items) == (False, ("own_business",))


def test_access_opens_when_the_last_step_in_its_way_is_done():
    facts = {"post_level": "core", "knows_secrets": "yes", "from_competitor": "yes"}
    made = plan(CN, "joining", facts, {"first_day": date(2026, 6, 30)}, zone=ZONE, parties=PARTIES)
    in_way = made.gates[Gate.ACCESS]
    assert {"training-before-access", "nda", "no-infringement", "background-check"} <= set(in_way)
    records = [record(each) for each in made.steps if each.id in in_way]
    found = standing(made, records, LATER)
    assert found.may(Gate.ACCESS)
    assert found.step("equipment-issue").state is StepState.OPEN
    early = record(made.step("equipment-issue"), NOON - timedelta(days=1))
    assert standing(made, [*records, early], LATER).step("equipment-issue").too_early


@pytest.mark.parametrize(
    ("step", "by", "fault"),
    [
        ("handover", ("leaver", "office"), "may not do this step"),
        ("look-back", ("boss", "office"), "may not do this step"),
        ("handover", ("office",), "more persons"),
        ("handover", ("office", "office"), "more persons"),
    ],
)
def test_who_may_not_do_it_or_does_it_alone_does_not_count(step, by, fault):
    found = standing(MADE, [*without(step), record(MADE.step(step), by=by)], LATER)
    assert not found.step(step).satisfied
    assert fault in found.step(step).fulfilment.faults[0].en


def test_a_handover_needs_its_named_receiver():
    made = leaving(parties={"person": "leaver"})
    found = standing(made, [record(made.step("handover"))], LATER)
    assert "not named yet" in found.step("handover").fulfilment.faults[0].en
    assert not found.step("handover").satisfied


def test_a_handover_is_checked_item_by_item():
    planned = MADE.step("handover")
    part = {"files": ItemAnswer(ItemState.SETTLED), "hardware": ItemAnswer(ItemState.MISSING)}
    found = standing(MADE, [record(planned, items=part)], LATER).step("handover")
    assert found.fulfilment.open_items == ("hardware", "accounts", "passwords", "data", "carriers")
    assert found.fulfilment.missing_items == ("hardware",)
    rest = {item: ItemAnswer(ItemState.NOT_HELD) for item in found.fulfilment.open_items}
    whole = standing(MADE, [record(planned, items=part), record(planned, LATER, items=rest)], LATER)
    assert whole.step("handover").fulfilment.at == LATER


def test_the_certificate_is_signed_by_three_different_persons():
    planned = MADE.step("certificate")
    for signed in (
        {"person": "leaver", "receiver": "heir"},
        {"person": "leaver", "receiver": "heir", "officer": "heir"},
        {"person": "someone", "receiver": "heir", "officer": "office"},
    ):
        found = standing(MADE, [*without("certificate"), record(planned, signed=signed)], LATER)
        assert not found.step("certificate").satisfied
    nobody = leaving(parties={"receiver": "heir"})
    same = {"person": "x", "receiver": "heir", "officer": "x"}
    records = [each for each in all_records(nobody) if each.step != "certificate"]
    found = standing(nobody, [*records, record(nobody.step("certificate"), signed=same)], LATER)
    assert found.step("certificate").fulfilment.open_signers
    refused = [*without("certificate"), refusal(step="certificate", by=("clerk",)),
               record(planned, signed={"receiver": "heir", "officer": "office"})]  # fmt: skip
    assert standing(MADE, refused, LATER).step("certificate").state is StepState.REFUSED


def test_revocation_is_measured_from_the_known_end_to_the_last_account():
    planned = MADE.step("revocation")
    end = datetime(2026, 7, 1, tzinfo=ZONE)  # the last day is over
    closed = {item.id: ItemAnswer(ItemState.SETTLED, end - timedelta(hours=1)) for item in planned.step.items}
    before = standing(MADE, [record(planned, end, items=closed)], LATER).measured["revocation"]
    assert before.took == -timedelta(hours=1)
    closed["door"] = ItemAnswer(ItemState.SETTLED, end + timedelta(minutes=95))
    closed["keys"] = ItemAnswer(ItemState.NOT_HELD)
    after = standing(MADE, [record(planned, end, items=closed)], LATER).measured["revocation"]
    assert (after.since, after.took) == (end, timedelta(minutes=95))
    assert "keys" not in after.items
    del closed["network"]
    open_ = standing(MADE, [record(planned, end, items=closed)], LATER).measured["revocation"]
    assert (open_.took, open_.so_far) == (None, LATER - end)


def test_who_leaves_without_notice_is_measured_from_the_moment_it_was_known():
    known = datetime(2026, 4, 17, 18, 30, tzinfo=ZONE)
    made = leaving("no_notice", days={"notice_day": known})
    found = standing(made, [record(made.step("revocation"), known + timedelta(hours=30))], LATER)
    assert found.measured["revocation"].took == timedelta(hours=30)
    assert found.step("revocation").late == timedelta(hours=6)
    unknown = leaving("vanished", days={})
    nothing = standing(unknown, [record(unknown.step("revocation"))], LATER).measured["revocation"]
    assert (nothing.since, nothing.took) == (None, None)


def test_an_account_without_its_moment_does_not_count_as_closed():
    planned = MADE.step("revocation")
    items = {item.id: ItemAnswer(ItemState.SETTLED) for item in planned.step.items}
    found = standing(MADE, [record(planned, items=items)], LATER).step("revocation")
    assert not found.satisfied
    assert "without its moment" in found.fulfilment.faults[0].en


def test_a_step_the_plan_does_not_have_has_no_standing():
    with pytest.raises(CaseRecordError, match="no such step"):
        standing(MADE, [], LATER).step("freeze")


def test_a_step_left_out_no_longer_stands_in_the_way():
    made = plan(CN, "return", {}, {}, zone=ZONE, changes=[LeftOut("return-access-review", "no access")])
    records = [record(each) for each in made.steps if Gate.ACCESS in each.step.gates]
    assert standing(made, records, LATER).may(Gate.ACCESS)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Record("nda", NOON, ("a",)), "no such step"),
        (Record("freeze", NOON, ("a",)), "no such step"),
        (Record("leaving-talk", NOON.replace(tzinfo=None), ("a",)), "time zone"),
        (Record("handover", NOON, ("a",), {"car": ItemAnswer(ItemState.SETTLED)}), "unknown item"),
        (Record("exit-pledge", NOON, ("a",), signed={"manager": "boss"}), "unknown item or signer"),
    ],
)
def test_records_that_cannot_be_are_refused(bad, reason):
    with pytest.raises(CaseRecordError, match=reason):
        standing(MADE, [bad], LATER)
    with pytest.raises(CaseRecordError, match="time zone"):
        standing(MADE, [], LATER.replace(tzinfo=None))
