"""What packs say about assurance: codes of risks, fields of management, self-inspection rows, faults."""

from __future__ import annotations

from importlib.resources import files

import pytest

from shoumi.engine.jurisdiction import (
    PackFaultsError,
    UnknownPackError,
    load_assurance,
    pack_ids,
)

CN, JP = load_assurance("cn"), load_assurance("jp")


@pytest.mark.requirement("RSK-C1", "RSK-C2", "RSK-C3", "RSK-C4", "RSK-C5")
def test_five_channels_have_codes_and_names():
    main = [(item.id, item.names.zh) for item in CN.risks.channels if not item.within]
    assert main == [
        ("C1", "员工泄密"),
        ("C2", "外部间谍"),
        ("C3", "对外交流"),
        ("C4", "供应链泄露"),
        ("C5", "公开渠道"),
    ]


@pytest.mark.requirement("RSK-C3a")
def test_external_exchange_has_its_four_parts():
    within = [item.names.en for item in CN.risks.channels if item.within == "C3"]
    assert within == ["Receiving interviews", "Receiving visitors", "Receiving inspections", "Taking interns"]


@pytest.mark.requirement("RSK-H1", "RSK-H2", "RSK-H3", "RSK-H4", "RSK-J1", "RSK-J2", "RSK-J3")
def test_harms_have_codes_in_both_countries():
    for pack in (CN, JP):
        assert [item.id for item in pack.risks.harms] == ["H1", "H2", "H3", "H4", "J1", "J2", "J3"]
    assert {item.id: item.names.ja for item in JP.risks.harms}["J1"] == "顧客離れ"


@pytest.mark.requirement("TJ-02")
def test_each_of_the_five_fields_has_rows():
    assert [item.names.zh for item in CN.risks.fields] == [
        "人员管理",
        "涉密文件及物品管理",
        "涉密计算机及系统管理",
        "涉密场所管理",
        "对外活动管理",
    ]
    for pack in (CN, JP):
        assert {row.field for row in pack.inspection.rows} == {item.id for item in pack.risks.fields}


def test_the_whole_guide_is_asked_for():
    rows = CN.inspection.rows
    assert len(rows) == 217
    assert [group.id for group in CN.inspection.groups] == (
        ["GEN", "COM", "ORG", "DOC", "IDN", "LVL", "MRK", "ARC", "CAR", "CPU", "ZON", "RSK", "TJ"]
    )
    assert {row.id for row in JP.inspection.rows} < {row.id for row in rows}


def test_bands_follow_the_product():
    assert [CN.risks.band(product) for product in (1, 7, 8, 14, 15, 25)] == [
        "low", "low", "middle", "middle", "high", "high",
    ]  # fmt: skip


@pytest.mark.parametrize("pack_id", pack_ids())
def test_where_it_comes_from_stands_beside_it(pack_id):
    pack = load_assurance(pack_id)
    for part in (pack.measures, pack.risks, pack.inspection):
        assert part.origin.source


def test_an_unknown_country_is_refused():
    with pytest.raises(UnknownPackError):
        load_assurance("xx")


FAULTS = {
    "shares": ("measures.yaml", "coverage: 35", "coverage: 36", "add up to 100"),
    "marks": ("measures.yaml", "core: 85", "core: 70", "at least the mark"),
    "deduction": ("measures.yaml", "id: open_to_all", "id: open", "must be one of"),
    "proof": ("measures.yaml", "id: K2.rules", "id: K3.rules", "a proof of K2 begins"),
    "level": ("measures.yaml", "needed_from: core", "needed_from: high", "must be one of"),
    "twice": ("risks.yaml", "id: H2", "id: H1", "stands twice"),
    "channel": ("risks.yaml", "within: C3", "within: C9", "unknown channel"),
    "field": ("self_inspection.yaml", "field: places", "field: rooms", "unknown group or field"),
    "key": ("self_inspection.yaml", "figure:", "figur:", "is not known here"),
}


@pytest.mark.parametrize(("name", "before", "after", "told"), FAULTS.values(), ids=FAULTS)
def test_what_does_not_fit_together_is_told(tmp_path, name, before, after, told):
    folder = tmp_path / "cn"
    folder.mkdir()
    for item in files("shoumi.packs").joinpath("cn").iterdir():
        if item.is_dir():  # the texts of the rule documents
            continue
        text = item.read_text(encoding="utf-8")
        folder.joinpath(item.name).write_text(
            text.replace(before, after) if item.name == name else text, encoding="utf-8"
        )
    with pytest.raises(PackFaultsError) as caught:
        load_assurance("cn", tmp_path)
    assert told in " ".join(caught.value.fields["faults"])


def test_a_missing_file_is_told(tmp_path):
    tmp_path.joinpath("cn").mkdir()
    tmp_path.joinpath("cn", "pack.yaml").write_text("id: cn\n", encoding="utf-8")
    with pytest.raises(PackFaultsError) as caught:
        load_assurance("cn", tmp_path)
    assert caught.value.fields["count"] == 3
