"""Loading: read once, and every fault of a broken pack told at once with file and line."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError, UnknownPackError, load_pack, pack_ids


@pytest.fixture
def root(tmp_path):
    """A copy of the packs that a test may break."""
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


def change(root, name, old, new):
    path = root / "cn" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def faults(root):
    with pytest.raises(PackFaultsError) as refused:
        load_pack("cn", root)
    return refused.value.fields["faults"]


def test_a_pack_is_read_once():
    assert load_pack("cn") is load_pack("cn")


def test_an_unknown_country_is_refused_with_the_known_ones():
    with pytest.raises(UnknownPackError, match="cn, jp"):
        load_pack("kr")
    with pytest.raises(UnknownPackError):
        load_pack("../packs/cn")


def test_adding_a_country_touches_the_packs_alone(root):
    shutil.copytree(root / "jp", root / "kr")
    head = root / "kr" / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("id: jp", "id: kr"), encoding="utf-8")
    assert pack_ids(root) == ("cn", "jp", "kr")
    assert load_pack("kr", root).id == "kr"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "rules.yaml",
            "status: primary",
            "status: certain",
            "must be one of primary, secondary, unconfirmed",
        ),
        ("rules.yaml", "    compute:", "    computes:", "“computes” is not known"),
        ("rules.yaml", "{from: 2025-10-15}", "{from: yesterday}", "must be a day"),
        ("rules.yaml", "{from: 2025-10-15}", "{until: 2025-10-15}", "“from” is missing"),
        ("rules.yaml", "{from: 2025-10-15}", "{from: null}", "needs a “note”"),
        ("rules.yaml", "until: 2025-10-15", "until: 2018-01-01", "“until” must lie after “from”"),
        ("rules.yaml", "    params:\n      acts: 4", "    params: [4]", "must be a mapping"),
        ("categories.yaml", "zh: 研发信息, ", "", "“zh” is missing"),
        ("categories.yaml", "zh: 研发信息", 'zh: " "', "must be a text"),
        ("categories.yaml", "group: technical", "group: other", "must be one of technical, business"),
        ("levels.yaml", "quorum: 2", "quorum: 0", "from 1 to 9"),
        ("levels.yaml", "quorum: 2", "quorum: true", "from 1 to 9"),
        ("levels.yaml", "default_period: long_term", "default_period: for ever", "is no period"),
        ("factors.yaml", "weight: 3", "weight: 1.5", "must be a whole number"),
        ("factors.yaml", "required: true", "required: maybe", "must be true or false"),
        ("factors.yaml", "      - {zh: 几乎没有, ja: ほとんどない, en: Hardly any}\n", "", "5 grades"),
        ("exclusions.yaml", "kind: date", "kind: text", "field of kind date"),
        ("exclusions.yaml", "pattern: 'CN", "pattern: '(CN", "no regular expression"),
        ("periods.yaml", "P10Y", "P0Y", "is no period"),
        ("declassification.yaml", "[90, 30, 7]", "[soon]", "must be a list of days"),
        ("reminder.yaml", "version:", "edition:", "“version” is missing"),
    ],
)
def test_a_fault_is_told_with_its_file_and_line(root, name, old, new, told):
    line = change(root, name, old, new)
    found = [fault for fault in faults(root) if told in fault]
    assert found
    path, number, _ = found[0].split(":", 2)
    assert path == f"cn/{name}"
    assert abs(int(number) - line) <= 12, "the line is that of the value or of the entry around it"


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "levels.yaml",
            "scope_allowed: [persons, posts]",
            "scope_allowed: [persons, all_staff]",
            "never open to all staff",
        ),
        (
            "levels.yaml",
            "scope_allowed: [persons, posts]",
            "scope_allowed: [friends]",
            "the scope kind friends",
        ),
        (
            "levels.yaml",
            "within: entity, quorum: 1, due_days: 5",
            "within: entity, quorum: 3, due_days: 5",
            "must not be easier",
        ),
        ("levels.yaml", "rank: 3", "rank: 1", "core 3, important 2, general 1"),
        ("categories.yaml", "id: IDN-T2", "id: IDN-T1", "IDN-T1 stands twice"),
        ("rules.yaml", "until: 2025-10-15", "until: 2025-10-16", "CN-AUCL-26 holds twice"),
        ("concepts.yaml", "until: 2025-10-15", "until: 2025-10-16", "trade_secret_infringement holds twice"),
        ("factors.yaml", "core: 70", "core: 30", "thresholds must fall"),
        ("factors.yaml", "factor: LVL-F3", "factor: LVL-F0", "unknown factor LVL-F0"),
        ("reminder.yaml", "id: audio", "id: screen", "texts are needed for"),
        ("pack.yaml", "id: cn", "id: jp", "the folder cn"),
    ],
)
def test_what_does_not_fit_together_is_told(root, name, old, new, told):
    change(root, name, old, new)
    assert any(told in fault for fault in faults(root))


def test_all_faults_of_all_files_are_told_together(root):
    change(root, "rules.yaml", "status: primary", "status: certain")
    change(root, "levels.yaml", "quorum: 2", "quorum: 0")
    change(root, "reminder.yaml", "version:", "edition:")
    names = {fault.split(":")[0] for fault in faults(root)}
    assert names == {"cn/rules.yaml", "cn/levels.yaml", "cn/reminder.yaml"}


def test_a_missing_file_and_broken_yaml_are_faults_too(root):
    (root / "cn" / "factors.yaml").unlink()
    (root / "cn" / "levels.yaml").write_text("levels: [\n", encoding="utf-8")
    found = faults(root)
    assert "cn/factors.yaml: the file is missing" in found
    assert any(fault.startswith("cn/levels.yaml:") and "not YAML" in fault for fault in found)
