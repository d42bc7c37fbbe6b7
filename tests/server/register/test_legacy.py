"""An older secrets ledger is read whole: 488 good rows, 12 faults each at its cell."""

from __future__ import annotations

import io
from datetime import date

import pytest
from tests.vectors.legacy_register.generate import LEVELS, ROWS, SHEET, expected_faults, ledger_workbook

from shoumi.engine.jurisdiction import LONG_TERM, load_pack
from shoumi.server.files.tables import read_table
from shoumi.server.register.legacy import LEVEL_IDS, legacy_spec, read_legacy


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    path = ledger_workbook(tmp_path_factory.mktemp("ledger") / "台账.xlsx")
    with path.open("rb") as stream:
        return read_legacy(read_table(stream, path.name), "cn")


def test_every_fault_is_named_by_its_cell(reading):
    found = {(fault.cell, fault.column, fault.code) for fault in reading.faults}
    assert found == {(fault.cell, fault.column, fault.code) for fault in expected_faults()}
    assert len(reading.faults) == 12
    assert all(fault.text for fault in reading.faults)


def test_all_other_rows_are_read(reading):
    assert len(reading.rows) == ROWS - 12
    assert reading.parsed.sheet == SHEET
    assert reading.parsed.faulty_rows == 12


def test_headings_sums_and_notes_are_told_and_not_counted(reading):
    texts = [row.text for row in reading.parsed.left_out]
    assert len(texts) == 6 + 2
    assert texts[-2] == "合计"
    assert texts[-1].startswith("注：")


def test_the_merged_header_is_understood(reading):
    header = reading.parsed.header
    assert (header.row, header.depth) == (3, 2)
    assert set(header.columns) == {column.name for column in legacy_spec("cn").columns}
    assert [heading.label for heading in header.unused] == ["序号", "责任人 / 联系电话"]


def test_values_are_understood(reading):
    first = reading.rows[0]
    assert first.number == "SM-2020-0001"
    assert first.cells["number"] == f"{SHEET}!B6"
    assert first.position == 6
    assert {row.owner_department for row in reading.rows} == {
        "总经理办公室", "研发部", "生产部", "销售部", "人力资源与法务部", "信息技术部",
    }  # fmt: skip
    assert {row.level for row in reading.rows} == set(LEVELS)
    assert all(date(2020, 1, 6) <= row.made_on < date(2026, 2, 1) for row in reading.rows)
    assert any(row.period == LONG_TERM for row in reading.rows)
    assert any(row.scope == ("研发部", "生产部") for row in reading.rows)
    assert {row.category for row in reading.rows} <= {"", *(item.id for item in load_pack("cn").categories)}
    assert all(row.place and row.custodian and row.carriers for row in reading.rows)


def test_levels_are_those_of_the_packs():
    for pack in ("cn", "jp"):
        assert {level.rank: level.id for level in load_pack(pack).levels} == LEVEL_IDS


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_a_japanese_ledger_as_csv(encoding):
    text = (
        "営業秘密管理台帳,,,,,\r\n"
        "管理番号,秘密情報名,秘密区分,秘密保持期間,管理部署,作成日\r\n"
        "K-001,塗布条件表,極秘,無期限,技術営業部,令和5年4月1日\r\n"
        "K-002,顧客別価格表,社外秘,5年間,技術営業部,R6.10.1\r\n"
        "K-003,試験記録,機密,5年間,技術営業部,2024/13/1\r\n"
    )
    reading = read_legacy(read_table(io.BytesIO(text.encode(encoding)), "台帳.csv"), "jp")
    assert [(row.number, row.level, row.period.code, row.made_on) for row in reading.rows] == [
        ("K-001", "core", "long_term", date(2023, 4, 1)),
        ("K-002", "general", "P5Y", date(2024, 10, 1)),
    ]
    assert [(fault.cell, fault.code) for fault in reading.faults] == [
        ("C5", "tables.state_secret_level"),
        ("F5", "tables.impossible_date"),
    ]


def test_a_file_that_is_no_ledger_is_one_fault():
    reading = read_legacy(read_table(io.BytesIO(b"a,b\n1,2\n"), "x.csv"), "cn")
    assert [fault.code for fault in reading.faults] == ["tables.no_header"]
    assert not reading.rows


def test_rows_without_a_number_are_not_duplicates():
    text = "名称,密级,保密期限,权属部门,编号\n甲,核心,长期,研发部,\n乙,核心,长期,研发部,\n"
    reading = read_legacy(read_table(io.BytesIO(text.encode()), "x.csv"), "cn")
    assert not reading.faults
    assert len(reading.rows) == 2
