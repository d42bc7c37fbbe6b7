"""A plan that is kept and read back is the same plan; anything else is refused."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.procedures import (
    Added,
    CaseStep,
    DueRule,
    EvidenceKind,
    KeptPlanError,
    LeftOut,
    Moved,
    kept,
    load_procedures,
    plan,
    restored,
)
from shoumi.engine.jurisdiction.values import Status, Texts

ZONE = ZoneInfo("Asia/Shanghai")
CASES = [
    (pack, kind.id, number)
    for pack in ("cn", "jp")
    for kind in load_procedures(pack).kinds.values()
    for number, _example in enumerate(kind.examples)
]


def through_json(made):
    return restored(json.loads(json.dumps(kept(made))))


@given(st.sampled_from(CASES))
def test_every_example_of_the_packs_comes_back_as_it_was(case):
    pack, kind, number = case
    example = load_procedures(pack).kinds[kind].examples[number]
    days = {
        name: datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        for name, text in example.days.items()
    }
    made = plan(load_pack(pack), kind, example.facts, days, zone=ZONE)
    assert kept(through_json(made)) == kept(made)
    assert through_json(made).gates == made.gates


def test_deviations_come_back_with_their_reasons():
    own = CaseStep(
        id="own-badge",
        names=Texts("工牌", "名札", "Badge"),
        records=Texts("收回", "回収", "Taken back"),
        evidence=EvidenceKind.STATEMENT,
        owner="hr",
        source="",
        status=Status.PRIMARY,
        due=(DueRule("last_day", days=0),),
    )
    changes = (
        Added(own),
        LeftOut("malware-scan", "无终端"),
        Moved("notices", DueRule("last_day", days=5), "节假日"),
    )
    days = {"notice_day": date(2026, 6, 1), "last_day": date(2026, 6, 30)}
    made = plan(load_pack("cn"), "leaving", {"reason": "orderly"}, days, zone=ZONE, changes=changes)
    assert through_json(made).deviations == made.deviations


@pytest.mark.parametrize("value", [{}, {"pack": "cn"}, {"pack": 3}])
def test_anything_else_is_refused(value):
    with pytest.raises(KeptPlanError):
        restored(value)


def test_a_plan_with_a_word_that_is_none_is_refused():
    made = json.loads(json.dumps(kept(plan(load_pack("cn"), "return", {}, {}, zone=ZONE))))
    made["steps"][0]["step"]["evidence"] = "rumour"
    with pytest.raises(KeptPlanError):
        restored(made)
