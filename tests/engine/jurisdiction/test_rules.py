"""Which rule and which article on which day; doubts stay visible."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    NoProvisionError,
    RuleNotInForceError,
    Status,
    UnknownConceptError,
    UnknownRuleError,
    article_of,
    load_pack,
    pack_ids,
    rule_at,
)

CN, JP = load_pack("cn"), load_pack("jp")
RENUMBERED = date(2025, 10, 15)
MOVED = {
    "trade_secret_infringement": ("9", "10"),
    "authority_secrecy_duty": ("15", "19"),
    "civil_damages": ("17", "22"),
    "administrative_fine": ("21", "26"),
    "burden_of_proof": ("32", "39"),
}


def test_all_rules_of_the_library_are_there():
    assert len({rule.id for rule in CN.rules}) == 62
    assert len({rule.id for rule in JP.rules}) == 19


@pytest.mark.requirement("GEN-08")
@pytest.mark.parametrize("concept", MOVED)
@given(day=st.dates(min_value=date(2019, 4, 23), max_value=date(2040, 1, 1)))
def test_the_number_follows_the_day_of_the_act(concept, day):
    before, after = MOVED[concept]
    assert article_of(CN, concept, day).article == (before if day < RENUMBERED else after)


@pytest.mark.parametrize("concept", MOVED)
def test_an_act_that_runs_over_the_change_follows_the_new_law(concept):
    last_old = RENUMBERED - timedelta(days=1)
    assert article_of(CN, concept, last_old, act_until=last_old).article == MOVED[concept][0]
    assert article_of(CN, concept, last_old, act_until=RENUMBERED).article == MOVED[concept][1]


def test_acts_before_the_library_are_refused_not_guessed():
    with pytest.raises(NoProvisionError, match="2019-04-23"):
        article_of(CN, "trade_secret_infringement", date(2017, 6, 1))


def test_an_older_version_of_a_rule_is_found_by_its_day():
    assert rule_at(CN, "CN-AUCL-26", date(2025, 10, 14)).rule.params["serious"] == (500_000, 5_000_000)
    assert rule_at(CN, "CN-AUCL-26", date(2025, 10, 15)).rule.params["serious"] == (1_000_000, 5_000_000)
    with pytest.raises(RuleNotInForceError):
        rule_at(CN, "CN-AUCL-26", date(2019, 4, 22))


@pytest.mark.parametrize("pack_id", pack_ids())
def test_what_is_not_sure_says_so_in_every_answer(pack_id):
    pack = load_pack(pack_id)
    for rule in pack.rules:
        answer = rule_at(pack, rule.id, rule.period.start or date(2026, 11, 21))
        unsure = rule.status is not Status.PRIMARY or not rule.period.confirmed or rule.period.start is None
        assert bool(answer.caveats) >= unsure, rule.id
        if not rule.period.confirmed:
            assert answer.status is Status.UNCONFIRMED


def test_a_bill_is_never_shown_as_law():
    answer = rule_at(JP, "JP-APPI-2026", date(2026, 11, 21))
    assert answer.status is Status.UNCONFIRMED
    assert "not confirmed" in answer.caveats


@pytest.mark.parametrize("pack_id", pack_ids())
@given(day=st.dates(min_value=date(2000, 1, 1), max_value=date(2050, 1, 1)), data=st.data())
def test_an_answer_always_holds_on_its_day(pack_id, day, data):
    pack = load_pack(pack_id)
    rule_id = data.draw(st.sampled_from([rule.id for rule in pack.rules]))
    try:
        answer = rule_at(pack, rule_id, day)
    except RuleNotInForceError:
        assert all(not rule.period.covers(day) for rule in pack.rules if rule.id == rule_id)
    else:
        assert answer.rule.period.covers(day)


def test_unknown_names_are_refused():
    with pytest.raises(UnknownRuleError):
        rule_at(CN, "JP-UCPA-5", date(2026, 1, 1))
    with pytest.raises(UnknownConceptError):
        article_of(CN, "theft", date(2026, 1, 1))


def test_values_are_frozen():
    rule = CN.rules[0]
    with pytest.raises(AttributeError):
        rule.cite = "other"
    with pytest.raises(TypeError):
        rule.params["acts"] = 5
    with pytest.raises(AttributeError):
        CN.id = "jp"
