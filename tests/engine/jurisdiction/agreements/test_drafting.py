"""Drafts: what belongs in, what may be chosen, and every missing thing and refusal at once."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.engine.jurisdiction.agreements import (
    AgreementClauseError,
    FactError,
    Facts,
    OwnChange,
    examine,
    load_agreements,
)

DAY = date(2026, 11, 21)
CN = load_agreements("cn")


def test_a_fact_that_does_not_matter_any_more_is_not_asked_for():
    draft = examine(CN, "exit_pledge", Facts({"leaving": "transferred"}), DAY)
    assert "non_compete_signed" not in draft.missing_facts
    draft = examine(CN, "exit_pledge", Facts({"leaving": "resigns"}), DAY)
    assert "non_compete_signed" in draft.missing_facts
    assert not draft.whole


def test_optional_clauses_come_only_when_chosen():
    facts = Facts({"leaving": "resigns"})
    without = [each.clause.id for each in examine(CN, "exit_pledge", facts, DAY).chosen]
    chosen = examine(CN, "exit_pledge", facts, DAY, chosen_optional=["new_employer"]).chosen
    assert "new_employer" not in without
    assert "new_employer" in [each.clause.id for each in chosen]


@pytest.mark.parametrize(
    ("optional", "own"),
    [
        (["continuing"], {}),  # not optional
        (["nowhere"], {}),
        ([], {"nowhere": OwnChange("x")}),
    ],
)
def test_clauses_that_are_not_there_or_not_optional_are_refused(optional, own):
    with pytest.raises(AgreementClauseError):
        examine(CN, "exit_pledge", Facts({}), DAY, chosen_optional=optional, own_changes=own)


def test_an_optional_clause_that_does_not_fit_is_refused():
    with pytest.raises(AgreementClauseError):
        examine(CN, "exit_pledge", Facts({"leaving": "transferred"}), DAY, chosen_optional=["new_employer"])


@pytest.mark.parametrize(
    "known",
    [{"mood": True}, {"level": 4}, {"level": True}, {"level": "2"}, {"role": "boss"}, {"knows_secrets": 1}],
)
def test_facts_outside_the_vocabulary_are_refused(known):
    with pytest.raises(FactError):
        examine(CN, "exit_pledge", Facts(known), DAY)


def test_a_change_of_a_clause_that_the_person_does_not_get_changes_nothing():
    draft = examine(
        CN, "exit_pledge", Facts({"level": 0}), DAY, own_changes={"cool_down": OwnChange("{cool_down}")}
    )
    assert not draft.deviations
    assert not draft.refusals
