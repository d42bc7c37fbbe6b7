"""Breaches of personal data in both packs: facts, duties with their clocks, letters, faults of the files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError, load_pack
from shoumi.engine.jurisdiction.breaches import (
    FIELDS,
    answer_of,
    facts_of,
    letter_of,
    load_breaches,
    read_breaches,
)
from shoumi.engine.jurisdiction.personal_data import load_personal_data

NOTICED = datetime(2026, 3, 1, 9, tzinfo=UTC)


def answers(pack_id, noticed=NOTICED, **given):
    """Return duty → (applies, because, last day or moment)."""
    pack, table = load_pack(pack_id), load_breaches(pack_id)
    known = {"chosen": (), "cause": "lost", "sensitive": False, "persons": 12}
    facts = facts_of(pack, table, day=noticed, **(known | given))
    found = {duty.id: answer_of(pack, table, duty, facts, noticed) for duty in table.duties}
    return {
        key: (item.applies, item.because, str(item.due and (item.due.last_day or item.due.at)))
        for key, item in found.items()
    }


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_clock_of_a_breach_has_a_duty_and_every_item_a_place(pack):
    table = load_breaches(pack)
    assert {duty.clock for duty in table.duties if duty.clock} == set(load_personal_data(pack).breach_clocks)
    assert len(table.playbook) == 12
    for duty in table.duties:
        values = {field: f"<{field}>" for field in FIELDS}
        for language in ("zh-hans", "ja"):
            text = letter_of(
                table, duty, language, {"company": "示范", "noticed": "2026-03-01 17:00"}, values
            )
            assert "示范" in text
            assert all(f"<{item.field}>" in text for item in duty.items)
            assert "—" in letter_of(table, duty, language, {"company": "", "noticed": ""}, {})


@pytest.mark.parametrize(
    ("given", "due"),
    [
        ({}, "None"),
        ({"persons": 1000}, "None"),
        ({"persons": 1001}, "2026-03-30"),
        ({"persons": None}, "2026-03-30"),
        ({"sensitive": True}, "2026-03-30"),
        ({"chosen": ("property-harm",)}, "2026-03-30"),
        ({"cause": "insider"}, "2026-04-29"),
        ({"cause": "attack", "persons": 1}, "2026-04-29"),
        ({"chosen": ("harm-avoided",)}, "None"),
    ],
)
def test_japan_asks_for_a_report_by_kind_harm_purpose_or_number(given, due):
    found = answers("jp", **given)
    assert {found[key][0] for key in found} == {due != "None"}
    if due != "None":
        assert found["final-report"][2] == due
        assert found["preliminary-report"][2] == "2026-03-05"


def test_china_asks_at_once_and_within_hours_only_for_a_graded_incident():
    found = answers("cn")
    assert [found[key][0] for key in found] == [True, True, False]
    assert answers("cn", chosen=("harm-avoided",))["persons-at-once"][:2] == (False, ("harm-avoided",))
    for chosen, due in (
        (("graded-incident",), "2026-03-01 21:00:00+08:00"),
        (("graded-incident", "critical-operator", "central-organ"), "2026-03-01 18:00:00+08:00"),
        (("graded-incident", "central-organ"), "2026-03-01 19:00:00+08:00"),
    ):
        assert answers("cn", chosen=chosen)["network-incident"][2] == due
    before = answers("cn", noticed=datetime(2025, 10, 31, 9, tzinfo=UTC), chosen=("graded-incident",))
    assert before["network-incident"][0] is False


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rule: CN-PIPL-57", "rule: CN-PIPL-99", "the rule CN-PIPL-99 is not in this pack"),
        ("unless: [harm-avoided]", "unless: [luck]", "“luck” is no fact of a breach"),
        ("clock: network-incident-report", "clock: sand", "the clock “sand” is not in this pack"),
        ("items: [overview,", "items: [mood,", "“mood” is no item of a notice"),
        ("{company}", "{house}", "the place house is not known"),
        ("zone: Asia/Shanghai", "zone: Asia/Nowhere", "there is no time zone “Asia/Nowhere”"),
        ("id: persons-at-once", "id: authority-at-once", "the id authority-at-once stands twice"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, old, new, told):
    packs = tmp_path / "packs"
    shutil.copytree(Path(str(files("shoumi.packs"))), packs)
    path = packs / "cn" / "breach.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_breaches("cn", packs)
    words = " ".join(str(fault) for fault in refused.value.fields["faults"])
    assert told in words
    assert "cn/breach.yaml" in words
