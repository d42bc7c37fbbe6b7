"""The risk of a post or person proposes a level; the secrets they may know are its floor."""

from __future__ import annotations

import pytest

from shoumi.engine.jurisdiction import GradeError, UnknownPackError
from shoumi.engine.jurisdiction.duties import load_duties, propose_duty

KINDS = ["e_identity", "name", "address", "contact", "habit", "content", "special_need"]


@pytest.mark.requirement("IDN-08")
@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.parametrize(("grade", "level"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_the_level_rises_with_the_risk(pack, grade, level):
    table = load_duties(pack)
    proposal = propose_duty(table, dict.fromkeys([factor.id for factor in table.factors], grade), 0)
    assert (proposal.level, proposal.total, proposal.missing) == (level, 25 * grade, ())


@pytest.mark.requirement("IDN-08")
def test_nobody_is_proposed_lower_than_the_highest_secret_they_may_know():
    table = load_duties("cn")
    proposal = propose_duty(table, {"DUTY-R1": 1}, 3)
    assert (proposal.level, proposal.by_secrets, len(proposal.missing)) == (3, True, 3)
    for grades in ({"DUTY-R9": 1}, {"DUTY-R1": 5}, {"DUTY-R1": True}):
        with pytest.raises(GradeError):
            propose_duty(table, grades, 0)
    with pytest.raises(UnknownPackError):
        load_duties("fr")


@pytest.mark.requirement("IDN-B4a")
@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_customer_information_has_seven_kinds(pack):
    assert [row.id for row in load_duties(pack).customer_information] == KINDS
