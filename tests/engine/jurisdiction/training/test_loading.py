"""The packs' training: parts, audiences, types of leak, questions, and every fault with its place."""

from __future__ import annotations

import shutil
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError
from shoumi.engine.jurisdiction.training import load_training, read_training

PARTS = ("SRV-T1", "SRV-T2", "SRV-T3", "SRV-T4")


@pytest.fixture
def root(tmp_path):
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.requirement("SRV-02")
def test_the_four_audiences_are_taught_the_four_parts(pack):
    table = load_training(pack)
    assert table is load_training(pack)
    audiences = {each.id: each for each in table.audiences}
    assert list(audiences)[:4] == ["new", "key-posts", "secret-persons", "all"]
    for audience in list(audiences.values())[:4]:
        assert set(audience.parts) >= set(PARTS)
    assert {part.id for part in table.parts} >= {*PARTS, "social"}
    assert table.pass_percent == 80


def test_japan_teaches_sales_staff_the_act_by_its_name():
    table = load_training("jp")
    assert "sales" in table.audience("sales-staff").parts
    assert load_training("cn").audience("sales-staff") is None
    assert any(
        question.part == "sales" and "不正競争防止法" in question.text + "".join(question.options)
        for question in table.questions
    )


@pytest.mark.parametrize(("pack", "language"), [("cn", "zh"), ("jp", "ja")])
def test_the_bank_is_large_and_each_question_explains_itself(pack, language):
    table = load_training(pack)
    assert table.language == language
    assert len(table.questions) >= 40
    per_part = Counter(question.part for question in table.questions)
    assert all(per_part[part.id] >= 5 for part in table.parts)
    assert [leak.id for leak in table.leaks] == ["unintended", "showing-off", "complaining", "revenge"]
    assert {question.leak for question in table.questions} == {"", *(leak.id for leak in table.leaks)}
    places = Counter(min(question.right) for question in table.questions if len(question.right) == 1)
    assert len(places) >= 3  # the right option does not always stand in one place
    for question in table.questions:
        assert question.explanation
        assert question.source
        if len(question.right) > 1:
            assert any(word in question.text for word in ("可多选", "複数選択"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("part: SRV-T1\n", "part: SRV-T9\n", "“part” must be one of"),
        ("leak: revenge", "leak: envy", "“leak” must be one of"),
        ("right: [", "right: [9, ", "“right” names at least one option"),
        ("rule: CN-AUCL-10", "rule: CN-AUCL-11", "the rule CN-AUCL-11 is not in this pack"),
        ("- id: CN-T02", "- id: CN-T01", "the id CN-T01 stands twice"),
        ("    why: ", "    because: ", "“why” is missing"),
        ("pass_percent: 80", "pass_percent: 0", "“pass_percent” must be a whole number"),
        ("language: zh", "language: fr", "“language” must be one of"),
        ("parts: [SRV-T1, SRV-T2", "parts: [SRV-T0, SRV-T2", "“SRV-T0” is not known here"),
        ("parts: [SRV-T1, SRV-T2, SRV-T3, SRV-T4, social]", "parts: []", "an audience is taught something"),
        ("  - {id: social,", "  - {id: sociable,", "no question is about “sociable”"),
    ],
)
def test_faults_are_told_with_their_place(root, old, new, told):
    path = root / "cn" / "training.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_training("cn", root)
    found = refused.value.fields["faults"]
    assert any(told in fault and fault.startswith("cn/training.yaml") for fault in found), found


def test_a_question_needs_different_options(root):
    path = root / "jp" / "training.yaml"
    text = path.read_text(encoding="utf-8")
    block = text[text.index("    options:\n") :]
    options = block[: block.index("    right:")]
    path.write_text(text.replace(options, '    options: ["はい", "はい"]\n', 1), encoding="utf-8")
    with pytest.raises(PackFaultsError, match="different options"):
        read_training("jp", root)
