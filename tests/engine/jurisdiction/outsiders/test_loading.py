"""The files about outsiders: what they must hold, and faults that are planted in them."""

from __future__ import annotations

from importlib.resources import files

import pytest

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.outsiders import load_outsiders, read_outsiders
from shoumi.engine.jurisdiction.reading import PackFaultsError


@pytest.mark.requirement("JPN-02", "JPN-05", "JPN-12")
@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_the_facts_carry_source_and_status(pack):
    found = load_outsiders(pack)
    assert [actor.id for actor in found.threat_actors] == ["rival", "contractor", "employee"]
    assert found.actors_origin.source.ja
    rules = {rule.id for rule in load_pack(pack).rules}
    assert len(found.offences) >= 5
    assert {offence.rule for offence in found.offences} <= rules
    assert all(offence.cite and offence.who.zh for offence in found.offences)
    (benchmark,) = found.benchmarks
    assert (benchmark.id, benchmark.percent, benchmark.status) == ("customer_data_secret", 70, "secondary")
    assert "経済産業省" in benchmark.source.en


@pytest.mark.requirement("JPN-11")
def test_the_list_on_notice_37_has_the_nine_tests_of_the_rule():
    check = load_outsiders("jp").self_check
    (rule,) = (rule for rule in load_pack("jp").rules if rule.id == "JP-DISPATCH")
    assert len(check.items) == rule.params["tests"]
    assert all("告示37号" in item.cite and item.status == "secondary" for item in check.items)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("by_name: [work]", "by_name: [dance]", "dance is no purpose"),
        ("id: minimum", "id: need", "need stands twice"),
        ("percent: 70", "percent: 170", "whole number"),
        ("worker: dispatched_worker", "worker: contractors_worker", "same day"),
        ("weight: 1\n", "weight: 1\n      colour: red\n", "colour"),
    ],
)
def test_a_planted_fault_is_named(tmp_path, old, new, words):
    text = files("shoumi.packs").joinpath("jp/outsiders.yaml").read_text(encoding="utf-8")
    assert old in text
    folder = tmp_path / "jp"
    folder.mkdir()
    (folder / "outsiders.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_outsiders("jp", tmp_path)
    assert words in str(refused.value.fields["faults"])
