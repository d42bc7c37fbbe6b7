"""What a figure rests on: doubt stays visible, in three languages."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.engine.jurisdiction import RuleNotInForceError, Status, UnknownRuleError, load_pack
from shoumi.engine.jurisdiction.basis import Force, basis_on, proposal

CN, JP = load_pack("cn"), load_pack("jp")
DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("pack", "rule", "status", "told"),
    [
        (CN, "CN-LCL-50", Status.PRIMARY, []),
        (CN, "CN-MOHRSS-NC", Status.SECONDARY, ["仅见于转载或报道，未读原文"]),
        (CN, "CN-INC-REPORT", Status.SECONDARY, ["仅见于转载或报道，未读原文", "分级表中的数量未确认"]),
        (CN, "CN-CSL-23", Status.UNCONFIRMED, ["所读的副本上未印施行日期"]),
        (JP, "JP-LSA-16", Status.SECONDARY, ["仅见于转载或报道，未读原文", "首日未记录"]),
    ],
)
def test_status_and_caveats_travel_with_the_rule(pack, rule, status, told):
    basis, _params = basis_on(pack, rule, DAY, Force.LAW)
    assert (basis.rule, basis.status) == (rule, status)
    assert [text.zh for text in basis.caveats] == told
    assert all(text.ja and text.en for text in basis.caveats)
    assert basis.cite


def test_every_rule_that_is_not_certain_has_a_caveat():
    for pack in (CN, JP):
        for rule in pack.rules:
            day = max(filter(None, (rule.period.start, date(2020, 1, 1))))
            basis, params = basis_on(pack, rule.id, day, Force.LAW)
            assert basis.status is Status.PRIMARY or basis.caveats
            assert params == rule.params


def test_numbers_come_from_the_rule_of_the_day():
    assert basis_on(CN, "CN-LDI1-36", DAY, Force.LAW)[1]["pct"] == 30
    with pytest.raises(RuleNotInForceError):
        basis_on(CN, "CN-LDI1-36", date(2020, 12, 31), Force.LAW)
    with pytest.raises(UnknownRuleError):
        basis_on(CN, "CN-TEA", DAY, Force.LAW)


def test_a_proposal_says_that_no_law_prescribes_it():
    basis = proposal()
    assert (basis.rule, basis.cite, basis.force) == ("", "", Force.COMPANY)
    assert [text.ja for text in basis.caveats] == ["会社の既定値としての提案で、法令の定めではありません"]
