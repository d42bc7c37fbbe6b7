"""The files of the agreements: every fault is told with its file and line."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from shoumi.engine.jurisdiction import PackFaultsError, UnknownPackError
from shoumi.engine.jurisdiction.agreements import load_agreements, read_agreements


@pytest.fixture
def root(tmp_path):
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


def test_a_library_is_read_once():
    assert load_agreements("jp") is load_agreements("jp")
    with pytest.raises(UnknownPackError):
        load_agreements("xx")


MEETING = "cn/agreements/10-meeting-pledge.yaml"
VISITOR, LIBRARY, WORLD = (
    "cn/agreements/09-visitor-pledge.yaml",
    "cn/agreements/library.yaml",
    "world/agreements.yaml",
)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (VISITOR, "本人只在{area}活动", "本人只在{region}活动", "there is no field “region”"),
        (
            VISITOR,
            "本人只在{area}活动",
            "本人只在{area}、{Hall}活动",
            "a brace in the text belongs to no field",
        ),
        (VISITOR, "when: {gets_papers: true}", "when: {papers: true}", "there is no fact “papers”"),
        (
            VISITOR,
            "when: {gets_papers: true}",
            "when: {gets_papers: 1}",
            "“1” is no value of the fact “gets_papers”",
        ),
        (VISITOR, "when: {gets_papers: true}", "when: gets_papers", "“when” must be a mapping"),
        (
            VISITOR,
            "when: {gets_papers: true}",
            "when: {level: {at_least: 9}}",
            "is no value of the fact “level”",
        ),
        (
            VISITOR,
            "when: {gets_papers: true}",
            "when: {work: {at_least: 1}}",
            "is no value of the fact “work”",
        ),
        (
            VISITOR,
            "when: {gets_papers: true}",
            "when: {nc_penalty: true}",
            "“nc_penalty” is known only of an agreement",
        ),
        (VISITOR, "rules: [CN-AUCL-10]", "rules: [CN-AUCL-99]", "the rule CN-AUCL-99 is not in this pack"),
        (VISITOR, "- id: devices", "- id: area", "the id area stands twice"),
        (VISITOR, "party: outsider", "party: nobody", "“party” must be one of"),
        (VISITOR, "    heading: 设备\n", "", "“heading” is missing"),
        (VISITOR, "heading: 设备", "headline: 设备", "the key “headline” is not known here"),
        (VISITOR, "lacks: [secret_zone, papers]", "lacks: [area]", "the example differs by: +area"),
        (VISITOR, "has: [area, devices, secrecy]", "has: [papers]", "the example differs by: -papers"),
        (VISITOR, "has: [area, devices, secrecy]", "has: [nothing]", "there is no clause “nothing”"),
        (VISITOR, "facts: {enters_secret_zone: false, gets", "facts: {gets", "the example is no agreement"),
        (
            VISITOR,
            "facts: {enters_secret_zone: false",
            "facts: {mood: false",
            "is no value of the fact “mood”",
        ),
        (
            VISITOR,
            "enters_secret_zone: true, gets_papers: true",
            "enters_secret_zone: true, gets_papers: false",
            "no example shows the clause papers",
        ),
        (MEETING, "id: meeting_pledge", "id: visitor_pledge", "the agreement “visitor_pledge” stands twice"),
        (
            "cn/agreements/05-exit-pledge.yaml",
            "依法承担赔偿责任",
            "支付违约金",
            "has words forbidden by CN-LCL-23-24",
        ),
        (LIBRARY, "kind: secret_post_nda", "kind: nda", "“kind” must be one of"),
        (LIBRARY, "before: before_service", "before: long_before", "“before” must be one of"),
        (LIBRARY, "rule: CN-LCL-23-24", "rule: CN-LCL-1", "the rule CN-LCL-1 is not in this pack"),
        (LIBRARY, 'pattern: "违约金', 'pattern: "(违约金', "“pattern” is no regular expression"),
        (LIBRARY, "refuse: [造成损失的", "refuse: [违约金", "does not come out"),
        (
            LIBRARY,
            "except_kinds: [non_compete]",
            "except_kinds: [non_compet]",
            "“non_compet” is not known here",
        ),
        (LIBRARY, "parties: [employee,", "parties: [employees,", "“employees” is not known here"),
        (LIBRARY, "  company: ", "  firm: ", "“firm” is no field that is filled in"),
        (LIBRARY, "contract_day: 2026-11-02", "contract_day: soon", "“contract_day” must be a day"),
        (LIBRARY, 'agreed_sum: "200000.00"', "agreed_sum: much", "“agreed_sum” must be an amount of money"),
        (LIBRARY, "cool_down: P12M", "cool_down: ever", "“cool_down” is no period"),
        (
            LIBRARY,
            "officials: [检查人员甲, 检查人员乙]",
            "officials: []",
            "“officials” must be a list of texts",
        ),
        (
            LIBRARY,
            'clause: "第{number}条"',
            'clause: "第{no}条"',
            "the form “clause” has these places: {number}",
        ),
        (WORLD, "kind: level\n", "kind: rank\n", "“kind” must be one of"),
        (WORLD, "- id: role\n", "- id: level\n", "the id level stands twice"),
        (WORLD, "from: level}", "from: refused}", "“refused” is nothing that a field can come from"),
        (
            WORLD,
            "from: non_compete.term}",
            "from: non_compete.end}",
            "is nothing that a field can come from",
        ),
    ],
)
def test_faults_are_told_with_their_place(root, name, old, new, told):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_agreements("cn", root)
    found = refused.value.fields["faults"]
    assert any(told in fault and fault.startswith(name) for fault in found), found
    assert all(re.match(re.escape(name) + r":\d+: ", fault) for fault in found if told in fault), found


def test_faults_of_several_files_are_told_together(root):
    for name, old, new in ((VISITOR, "{area}", "{a}"), (LIBRARY, "{number}个月", "{n}个月")):
        path = root / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_agreements("cn", root)
    assert {fault.partition(":")[0] for fault in refused.value.fields["faults"]} >= {VISITOR, LIBRARY}
