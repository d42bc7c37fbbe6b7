"""Tables: heads speak for their columns in sheets, in quoted CSV and in the tables of documents."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes import identifiers as make

from shoumi.engine.inspection.recognise import Recogniser, tables
from shoumi.engine.inspection.recognise.tables import blocks_of, tables_of
from shoumi.engine.inspection.values import Part, PartKind

ROWS = "姓名\t法人番号\t订单号\n王小明\t{corporate}\t{order}\n\t{corporate}\t\n"


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser.load()


def blocks(part):
    return list(blocks_of(part, tables_of(part)))


def found(recogniser, kind, text):
    return [(each.id, each.text) for each in recogniser.findings([Part(kind, text)])]


@pytest.mark.parametrize("kind", [PartKind.BODY, PartKind.SLIDE, PartKind.MESSAGE, PartKind.TEXT])
def test_heads_speak_for_the_cells_of_a_table_within_a_text(recogniser, kind):
    chance = random.Random(1)  # noqa: S311 - test data
    corporate, order = make.corporate_number(chance), make.with_luhn("62170010" + "1" * 10)
    text = f"前言。\n{ROWS.format(corporate=corporate, order=order)}后记：订单号见上。\n"
    assert found(recogniser, kind, text) == [
        ("cn.person_name", "王小明"),
        ("jp.corporate_number", corporate),
        ("jp.corporate_number", corporate),
    ]


def test_the_same_without_heads_says_nothing(recogniser):
    corporate = make.corporate_number(random.Random(1))  # noqa: S311 - test data
    assert found(recogniser, PartKind.BODY, f"a\tb\n王小明\t{corporate}\n李小红\t{corporate}\n") == []


def test_a_first_row_of_values_is_no_head():
    text = "甲\t13800000000\n乙\t13900000000\n"
    assert [block.table for block in blocks(Part(PartKind.BODY, text))] == [None]


def test_separators_within_quotation_marks_part_no_cells(recogniser):
    corporate = make.corporate_number(random.Random(2))  # noqa: S311 - test data
    text = f'备注,姓名,法人番号\n"甲,乙,""丙",王小明,{corporate}\n平,李小红,{corporate}\n'
    assert [value for _kind, value in found(recogniser, PartKind.TEXT, text)] == [
        "王小明",
        corporate,
        "李小红",
        corporate,
    ]


def test_rows_of_a_page_that_lost_a_cell_or_wrap_are_no_rows_but_those_behind_them_are():
    text = "姓名\t电话\t地址\n王小明\t一\t二\n李小红\t三\n乙楼\n赵小刚\t四\t五\n完\n"
    told = [
        (text[block.start : block.end], block.table is not None, block.headed)
        for block in blocks(Part(PartKind.PAGE, text))
    ]
    assert told == [
        ("姓名\t电话\t地址\n王小明\t一\t二\n", True, True),
        ("李小红\t三\n乙楼\n", False, False),
        ("赵小刚\t四\t五\n", True, False),
        ("完\n", False, False),
    ]


@given(
    st.sampled_from(PartKind),
    st.lists(st.lists(st.sampled_from(["甲", "12345", '"', "", "a,b", "x" * 50]), max_size=4), max_size=12),
    st.booleans(),
)
def test_blocks_cover_every_text_in_order(kind, rows, ended):
    text = "\n".join("\t".join(row) for row in rows) + "\n" * ended
    told = blocks(Part(kind, text))
    assert "".join(text[block.start : block.end] for block in told) == text
    assert [block.start for block in told][1:] == [block.end for block in told][:-1]


@given(st.text("甲\t\n", max_size=60), st.sampled_from([PartKind.BODY, PartKind.PAGE]))
def test_rows_are_those_that_the_pattern_alone_finds(text, kind):
    page = kind == PartKind.PAGE
    pattern = tables._ROWS_OF_PAGE if page else tables._ROWS
    alone = [found.span() for found in pattern.finditer(text)]
    assert [found.span() for found in tables._stretches(text, page=page)] == alone


def test_many_rows_of_values_without_heads_take_no_time_that_grows_with_their_square():
    text = "12345\t67890\n" * 300_000
    assert [block.table for block in blocks(Part(PartKind.BODY, text))] == [None]
