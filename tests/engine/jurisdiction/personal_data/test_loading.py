"""The packs' words of personal data: complete in both countries, and faults are told with their place."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError
from shoumi.engine.jurisdiction.personal_data import load_personal_data, read_personal_data


@pytest.fixture
def packs(tmp_path):
    """A copy of the packs that may be spoilt."""
    with_all = tmp_path / "packs"
    shutil.copytree(Path(str(files("shoumi.packs"))), with_all)
    return with_all


@pytest.mark.requirement("WEC-03")
def test_both_countries_know_the_same_kinds_purposes_and_traits():
    cn, jp = load_personal_data("cn"), load_personal_data("jp")
    assert cn.kinds == jp.kinds
    assert {"chat-content", "chat-traffic", "location"} <= cn.kinds.keys()
    assert cn.traits.keys() == jp.traits.keys()
    assert all(item.rule for item in cn.bases.values())
    assert cn.sensitive == {"location", "bank-account", "identity-number"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rule: CN-PIPL-24", "rule: CN-PIPL-99", "the rule CN-PIPL-99 is not in this pack"),
        ("unless: [contract, personnel]", "unless: [contract, wish]", "“wish” is no basis"),
        ("- {id: copy,", "- {id: access,", "the id access stands twice"),
        ("sensitive: [location,", "sensitive: [mood,", "“mood” is no kind of data"),
        ("- {id: sensitive,", "- {id: delicate,", "the trait “sensitive” is missing"),
        ("param: keep_years", "param: keep_days", "the rule CN-LCL-50 has no number “keep_days”"),
        ("kind: concern", "kind: mood", "mood"),
        ("assessment: true", "asessment: true", "asessment"),
    ],
)
def test_a_fault_is_told_with_its_place(packs, old, new, told):
    path = packs / "cn" / "personal_data.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_personal_data("cn", packs)
    words = " ".join(str(fault) for fault in refused.value.fields["faults"])
    assert told in words
    assert "cn/personal_data.yaml" in words
