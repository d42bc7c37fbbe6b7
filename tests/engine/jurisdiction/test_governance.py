"""The nine duties, the five fields, the procedure, and what counts as naming negligence."""

from __future__ import annotations

import pytest

from shoumi.engine.jurisdiction.governance import load_governance


@pytest.mark.parametrize("pack", ["cn", "jp"])
@pytest.mark.requirement("TJ-02")
def test_every_pack_has_nine_duties_and_the_five_fields_with_their_rooms(pack):
    found = load_governance(pack)
    assert [duty.id for duty in found.duties] == [f"ORG-D{number}" for number in range(1, 10)]
    names = [field.names.zh for field in found.fields]
    assert names == ["人员管理", "涉密文件及物品管理", "涉密计算机及系统管理", "涉密场所管理", "对外活动管理"]
    assert all(field.rooms and field.documents for field in found.fields)


def test_chinas_procedure_is_discussion_consultation_publication():
    procedure = load_governance("cn").procedure
    assert [(step.id, step.when) for step in procedure.steps] == [
        ("discussion", "before"),
        ("consultation", "before"),
        ("publication", "publication"),
    ]
    assert procedure.status == "primary"


def test_japans_procedure_is_opinion_notification_filing_and_marked_unconfirmed():
    procedure = load_governance("jp").procedure
    assert [(step.id, step.when, step.waivable) for step in procedure.steps] == [
        ("opinion", "before", False),
        ("notification", "publication", False),
        ("filing", "after", True),
    ]
    assert procedure.status == "unconfirmed"


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("zh", "因过失泄露商业秘密的，属于违反公司规章制度。", True),
        ("zh", "因疏忽造成外泄，按违纪处理。", True),
        ("zh", "故意泄露商业秘密的，属于违反公司规章制度。", False),
        ("zh", "因过失造成设备损坏的，属于违反规章制度。", False),
        ("ja", "過失による漏えいも規程の違反とする。", True),
        ("ja", "故意に開示したときは懲戒とする。", False),
    ],
)
def test_negligence_is_named_by_a_word_of_each_group(language, text, named):
    assert load_governance("cn").names_negligence(text, language) is named
