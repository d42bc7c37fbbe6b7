"""How long a kind is kept at the least: by the rule of the day, or by the company's own choice."""

from __future__ import annotations

from datetime import date

import pytest

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.personal_data import least_of, load_personal_data
from shoumi.engine.jurisdiction.values import Status


@pytest.mark.parametrize(
    ("pack", "kind", "day", "months", "rule", "status"),
    [
        ("cn", "agreement", date(2013, 7, 1), 24, "CN-LCL-50", Status.PRIMARY),
        ("cn", "agreement", date(2013, 6, 30), 0, "", Status.PRIMARY),
        ("jp", "agreement", date(2020, 4, 1), 36, "JP-LSA-109", Status.SECONDARY),
        ("jp", "agreement", date(2020, 3, 31), 0, "", Status.PRIMARY),
        ("cn", "sign-in", date(2026, 3, 1), 6, "CN-CSL-23", None),
        ("cn", "concern", date(2026, 3, 1), 0, "", Status.PRIMARY),
        ("cn", "location", date(2026, 3, 1), 0, "", Status.PRIMARY),
    ],
)
def test_a_kind_on_a_day(pack, kind, day, months, rule, status):  # noqa: PLR0913, PLR0917 - a row of the table
    least = least_of(load_pack(pack), load_personal_data(pack), kind, day)
    assert (least.months, least.basis.rule) == (months, rule)
    assert status in {None, least.basis.status}
    assert (least.basis.force is Force.COMPANY) == (not rule)


def test_both_countries_say_from_when_on_the_same_kinds_are_kept():
    cn, jp = load_personal_data("cn"), load_personal_data("jp")
    assert cn.retention.keys() == jp.retention.keys() <= cn.kinds.keys()
    assert all(item.after.zh and item.after.ja and item.after.en for item in cn.retention.values())
