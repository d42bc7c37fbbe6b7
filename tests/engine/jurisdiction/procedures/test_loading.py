"""The packs' procedures: what they must name, their own examples, and every fault with its place."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shoumi.engine.jurisdiction import PackFaultsError, load_pack
from shoumi.engine.jurisdiction.procedures import EvidenceKind, Gate, load_procedures, plan, read_procedures
from shoumi.engine.jurisdiction.procedures.loading import told
from shoumi.engine.policy import Role

ZONES = {"cn": ZoneInfo("Asia/Shanghai"), "jp": ZoneInfo("Asia/Tokyo")}
AGAIN = "repeat: {months: 1, until: {from: first_day, days: 9}}"
EXAMPLES = [
    pytest.param(pack, kind.id, example, id=f"{pack}-{kind.id}-{example.line}")
    for pack in ("cn", "jp")
    for kind in load_procedures(pack).kinds.values()
    for example in kind.examples
]


@pytest.fixture
def root(tmp_path):
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


@pytest.mark.parametrize(("pack", "kind", "example"), EXAMPLES)
def test_the_packs_own_examples(pack, kind, example):
    days = {
        name: (datetime if "T" in text else date).fromisoformat(text) for name, text in example.days.items()
    }
    made = plan(load_pack(pack), kind, example.facts, days, zone=ZONES[pack])
    steps = {each.step.id for each in made.steps}
    assert set(example.present) <= steps
    assert not set(example.absent) & steps
    assert {name: told(made.step(name).due) for name in example.due} == dict(example.due)


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_every_step_says_who_owns_it_what_proves_it_and_where_it_comes_from(pack):
    table = load_procedures(pack)
    assert table is load_procedures(pack)
    assert set(table.kinds) == {
        "joining", "transfer", "leaving", "cool-down", "return", "contractor-worker", "dispatched-worker",
    }  # fmt: skip
    for kind in table.kinds.values():
        for step in kind.steps:
            assert step.owner in set(Role)
            assert step.source
            assert step.due or step.repeat
            assert step.mandatory
            assert not step.rule or step.rule in {rule.id for rule in load_pack(pack).rules}


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_the_reasons_of_leaving_are_the_variants_of_leaving(pack):
    table = load_procedures(pack)
    assert [variant.facts["reason"] for variant in table.kinds["leaving"].variants] == [
        value.id for value in table.facts["reason"].values
    ]
    assert [variant.id for variant in table.kinds["joining"].variants] == ["ordinary", "secret", "competitor"]


@pytest.mark.parametrize("pack", ["cn", "jp"])
def test_the_look_back_has_the_eight_detectors_with_proposed_numbers(pack):
    table = load_procedures(pack)
    assert [each.id for each in table.detectors] == ["OFF-04", *(f"OFF-04{letter}" for letter in "abcdefg")]
    for each in table.detectors:
        assert each.needs
        assert each.parameters
        assert all(number.lowest <= number.default <= number.highest for number in each.parameters)
    look_back = next(step for step in table.kinds["leaving"].steps if step.id == "look-back")
    assert [item.id for item in look_back.items] == [each.id for each in table.detectors]
    assert "proposed" in table.proposals.en


def test_the_handover_names_everything_that_is_handed_over():
    steps = {step.id: step for step in load_procedures("cn").kinds["leaving"].steps}
    assert {item.id for item in steps["handover"].items} == {
        "files", "hardware", "accounts", "passwords", "data", "carriers",
    }  # fmt: skip
    assert {"domain", "application", "network", "door", "keys"} <= {
        item.id for item in steps["revocation"].items
    }
    assert steps["revocation"].evidence is EvidenceKind.MEASURED
    assert steps["certificate"].signers == ("person", "receiver", "officer")
    assert steps["certificate"].needs is Gate.CERTIFICATE


@pytest.mark.parametrize("kind", ["contractor-worker", "dispatched-worker"])
def test_in_japan_nothing_of_another_companys_worker_goes_to_the_worker(kind):
    found = load_procedures("jp").kinds[kind]
    assert (found.through, found.rule) == ("contractor", "JP-DISPATCH")
    assert all("person" not in (*step.signers, *step.parties) for step in found.steps)
    assert not load_procedures("cn").kinds[kind].through


@pytest.mark.parametrize(
    ("old", "new", "told_fault"),
    [
        ("evidence: talk", "evidence: chat", "“evidence” must be one of"),
        ("    owner: hr\n", "    ownr: hr\n", "the key “ownr” is not known here"),
        ("rule: CN-LCL-50", "rule: CN-LCL-51", "the rule CN-LCL-51 is not in this pack"),
        ("clock: leaver-file-transfer", "clock: never", "the pack has no clock “never”"),
        ("from: first_day, days: -7", "from: day_one, days: -7", "“day_one” is not known here"),
        ("from: first_day, days: -7", "from: first_day", "counted in days, in hours or by a clock"),
        ("{from: first_day, days: 30}", "{from: first_day, days: 31}", "the step “training-ordinary” is due"),
        ("{from: last_day, days: 0}", "{from: last_day, days: 0, when: [{reason: [refused]}]}", "the last"),
        ("post_level: [none]", "post_level: [nil]", "the fact “post_level” or one of these values"),
        ("barred: [person]", "barred: [him]", "“him” is not known here"),
        ("signers: [person, company]", "signers: [person, firm]", "“firm” is not known here"),
        ("group: papers", "group: paper", "“paper” is not known here"),
        ("after: [background-check]", "after: [clean-entry, no-infringement]", "waits for itself"),
        ("witnesses: 2", "witnesses: 1", "“witnesses” must be a whole number from 2"),
        ("needs: [file_access]", "needs: [files]", "“files” is not known here"),
        ("proposed: 180, lowest: 30", "proposed: 18, lowest: 30", "must lie within its bounds"),
        ("- {id: post, names", "- {id: posts, names", "“gates” must be exactly access, post"),
        ("- id: transfer-talk", "- id: nda", "the id nda stands twice"),
        ("steps: [return-talk,", "steps: [return-chat,", "“return-chat” is not known here"),
        ("facts: {reason: orderly}", "facts: {reason: ordered}", "cannot be “ordered”"),
        ("first_day: 2026-01-31", "first_day: 2026-01-32", "day is out of range"),
        ("absent: [background-check,", "absent: [secrecy-clause,", "the plan has the step “secrecy-clause”"),
        ("present: [return-talk,", "present: [return-scope,", "the step “return-scope” is not in the plan"),
        ("example_zone: Asia/Shanghai", "example_zone: Asia/Nowhere", "there is no time zone"),
        ("    gates: [access]\n", f"    {AGAIN}\n    gates: [access]\n", "has a day and stands in no way"),
        ("    signers: [person]\n    refusable: true\n", "    refusable: true\n", "only a signature can be"),
        ("facts: {level: post_level}}\n    after", "facts: {level: reason}}\n    after", "needs to know"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(root, old, new, told_fault):
    path = root / "cn" / "procedures.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_procedures("cn", root)
    found = refused.value.fields["faults"]
    assert any(told_fault in fault and fault.startswith("cn/procedures.yaml") for fault in found), found


def test_a_step_that_reaches_the_worker_is_a_fault_where_everything_goes_through_the_contractor(root):
    path = root / "jp" / "procedures.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("signers: [contractor, company]", "signers: [person, company]"), "utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_procedures("jp", root)
    assert sum("addressed to the worker" in fault for fault in refused.value.fields["faults"]) == 2
