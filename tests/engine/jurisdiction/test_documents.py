"""The templates of rule documents: every pack has them whole, filled places are known, faults are told."""

from __future__ import annotations

import shutil
from importlib.resources import files

import pytest

from shoumi.engine.jurisdiction import PackFaultsError
from shoumi.engine.jurisdiction.documents import (
    PLACES,
    UnknownDocumentError,
    document_template,
    filled,
    load_documents,
    places_in,
    read_documents,
)
from shoumi.engine.jurisdiction.governance import load_governance

FURTHER = ["POLICY", "PROGRAMME", "SOCIAL", "MESSENGER", "EMERGENCY"]
TEN = [f"DOC-{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("pack", ["cn", "jp"])
class TestEveryPack:
    def test_has_the_ten_documents_and_the_five_others_in_both_languages(self, pack):
        found = load_documents(pack)
        assert [item.id for item in found] == [*TEN, *FURTHER]
        for template in found:
            assert len(template.clauses) >= 12, template.id
            for clause in template.clauses:
                assert len(clause.text.zh) > 18, (template.id, clause.id)
                assert len(clause.text.ja) > 25, (template.id, clause.id)
                assert places_in(clause.text.zh) == places_in(clause.text.ja), (template.id, clause.id)

    @pytest.mark.requirement("GEN-09")
    def test_the_policy_statement_holds_the_six_principles(self, pack):
        template = document_template(pack, "POLICY")
        assert [part.names.zh for part in template.parts] == [
            "依法规范", "自主负责", "预防为主", "突出重点", "便利工作", "合理适当",
        ]  # fmt: skip
        assert template.parts_present == {part.id for part in template.parts}

    @pytest.mark.requirement("GEN-11")
    def test_the_programme_has_its_five_parts(self, pack):
        template = document_template(pack, "PROGRAMME")
        names = [part.names.zh for part in template.parts]
        assert names == ["目标任务", "组织架构", "运行机制", "职责分工", "年度工作计划"]
        assert template.parts_present == {part.id for part in template.parts}

    @pytest.mark.requirement("DOC-14")
    def test_the_messenger_norm_has_its_four_parts(self, pack):
        template = document_template(pack, "MESSENGER")
        names = [part.names.zh for part in template.parts]
        assert names == ["账号使用政策", "数据收集范围", "员工行为准则", "安全事故应对方案"]
        assert template.parts_present == {part.id for part in template.parts}

    @pytest.mark.requirement("WEC-29")
    def test_the_emergency_plan_has_its_six_parts(self, pack):
        template = document_template(pack, "EMERGENCY")
        names = [part.names.zh for part in template.parts]
        assert names == ["应急组织", "事件分级", "报告", "处置", "对外报告和通知", "演练"]
        assert template.parts_present == {part.id for part in template.parts}

    def test_what_must_name_negligence_names_it_in_both_languages(self, pack):
        governance = load_governance(pack)
        needing = [item for item in load_documents(pack) if item.needs_negligence]
        assert {"DOC-01", "DOC-07", "SOCIAL"} <= {item.id for item in needing}
        for template in needing:
            for language in ("zh", "ja"):
                texts = [clause.text.in_language(language) for clause in template.clauses]
                assert any(governance.names_negligence(text, language) for text in texts)


def test_a_penalty_is_nowhere_agreed_in_the_japanese_texts():
    for template in load_documents("jp"):
        for clause in template.clauses:
            assert "違約金を支払" not in clause.text.ja


def test_the_japanese_texts_do_not_rest_on_chinese_law():
    for template in load_documents("jp"):
        text = "".join(clause.text.ja for clause in template.clauses)
        for word in ("工会", "中華人民共和国", "人民法院", "市場監督管理"):
            assert word not in text, (template.id, word)


def test_an_unknown_document_is_refused():
    with pytest.raises(UnknownDocumentError):
        document_template("cn", "DOC-99")


def test_places_are_filled_and_others_left_alone():
    assert filled("{company}：{levels}", {"company": "甲", "levels": "乙"}) == "甲：乙"
    assert "{" not in filled("".join(f"{{{place}}}" for place in PLACES), dict.fromkeys(PLACES, "x"))


@pytest.fixture
def root(tmp_path):
    for pack in ("cn", "jp"):
        shutil.copytree(str(files("shoumi.packs").joinpath(pack)), tmp_path / pack)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("cn/documents/01-doc-01.yaml", "{company}", "{firm}", "{firm} is not known"),
        ("cn/documents/01-doc-01.yaml", "- id: purpose", "- id: scope", "stands twice"),
        ("cn/documents/11-policy.yaml", "    part: lawful\n", "", "no clause is the part lawful"),
        ("cn/documents/13-social.yaml", "id: SOCIAL", "id: POLICY", "stands twice"),
        ("jp/documents/01-doc-01.yaml", "like: cn", "like: jp", "like itself"),
        ("jp/documents/01-doc-01.yaml", "id: DOC-01", "id: DOC-77", "has no document DOC-77"),
    ],
)
def test_faults_are_told(root, name, old, new, told):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as caught:
        read_documents(name[:2], root)
    assert told in " ".join(caught.value.fields["faults"])
