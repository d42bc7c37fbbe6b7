"""The way rows came in leaves no trace, and what cannot be built is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex, Rule, build, update
from shoumi.engine.inspection.matching.errors import (
    IndexAlteredError,
    IndexKeyError,
    OtherKeyError,
    RuleError,
)
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
COLUMNS = (Column("name", ColumnKind.NAME), Column("phone", ColumnKind.PHONE), Column("code"))
RULE = Rule("table", COLUMNS)
NAMES = st.text(alphabet="陆知微赵钱孙李周吴郑王", min_size=2, max_size=3)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 99).map("K{}".format),
        st.tuples(NAMES, st.from_regex("000[0-9]{8}", fullmatch=True), NAMES),
    ),
    max_size=12,
)
SOME = [
    (f"K{number}", (f"陆{chr(0x5E00 + number)}微", f"000{number:08d}", f"码{number:05d}"))
    for number in range(300)
]


@given(ROWS, st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(rows, rng):
    shuffled = rng.sample(rows, len(rows))
    sealed = build(rows, RULE, KEY)
    assert build(shuffled, RULE, KEY) == sealed
    assert (
        ExactIndex.open(build(shuffled + rows[:2], RULE, KEY), KEY).rows == ExactIndex.open(sealed, KEY).rows
    )


@given(ROWS, ROWS)
@settings(max_examples=25, deadline=None)
def test_what_was_added_and_removed_was_never_there(rows, more):
    bare = ExactIndex.open(build(rows, RULE, KEY), KEY)
    known = {key for key, _ in rows}
    more = [(key + "x", cells) for key, cells in more]
    grown = update(build(rows, RULE, KEY), more, [], KEY)
    assert ExactIndex.open(grown, KEY).rows >= bare.rows
    again = ExactIndex.open(update(grown, [], [key for key, _ in more], KEY), KEY)
    assert again.rows == bare.rows
    assert list(again.keys) == list(bare.keys)
    assert all((again.table.arrays("")[name] == array).all() for name, array in bare.table.arrays("").items())
    text = "\n".join("\t".join(cells) for _, cells in rows + more)
    assert again.findings([Part(PartKind.BODY, text)]) == bare.findings([Part(PartKind.BODY, text)])
    assert known >= {
        dict(each.explanation.facts)["row"] for each in again.findings([Part(PartKind.BODY, text)])
    }


def test_an_update_finds_the_same_as_a_new_index():
    start = build(SOME[:200], RULE, KEY)
    changed = [(key, (cells[0], "00099999999", cells[2])) for key, cells in SOME[:50]]
    updated = ExactIndex.open(update(start, changed + SOME[200:], ["K60", "K61"], KEY), KEY)
    new = ExactIndex.open(build(changed + SOME[50:60] + SOME[62:], RULE, KEY), KEY)
    text = "\n".join("\t".join(cells) for _, cells in SOME + changed)
    assert updated.rows == new.rows == 298
    assert updated.findings([Part(PartKind.BODY, text)]) == new.findings([Part(PartKind.BODY, text)])


@pytest.mark.parametrize("columns", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_rows_are_found_with_their_columns_in_any_order(columns):
    index = ExactIndex.open(build(SOME, RULE, KEY), KEY)
    text = "\n".join("\t与\t".join(cells[column] for column in columns) for _, cells in SOME)
    found = [dict(each.explanation.facts)["row"] for each in index.findings([Part(PartKind.SHEET, text)])]
    assert sorted(found) == sorted(key for key, _ in SOME)


def test_values_that_many_rows_share_count_beside_rarer_ones_and_two_and_two():
    rng = random.Random(1)  # noqa: S311 - test data
    rule = Rule("table", (Column("name"), Column("town"), Column("code")), needed=2)
    rows = [
        (f"K{number}", (f"名{number % 7}甲", f"城{number // 7 % 30}乙", f"码{number:06d}"))
        for number in range(210)
    ]
    rows += [(f"L{number}", ("名0甲", f"城{rng.randrange(200, 999)}乙", "")) for number in range(100)]
    index = ExactIndex.open(build(rows, rule, KEY), KEY)

    def found(text):
        return [dict(each.explanation.facts)["row"] for each in index.findings([Part(PartKind.BODY, text)])]

    assert found("名0甲的码000007") == ["K7"]
    assert found("名3甲在城4乙") == ["K31"]
    assert not found("名3甲与名4甲")


@pytest.mark.parametrize("cells", [("a",), ("a", "b", "c", "d")])
def test_rows_of_another_width_are_refused(cells):
    with pytest.raises(RuleError):
        build([("K", cells)], RULE, KEY)


def test_keys_are_needed_and_are_the_right_ones():
    sealed = bytearray(build(SOME[:3], RULE, KEY))
    with pytest.raises(OtherKeyError):
        ExactIndex.open(bytes(sealed), bytes(32))
    with pytest.raises(IndexKeyError):
        build([], RULE, b"short")
    sealed[-20] ^= 1
    with pytest.raises(IndexAlteredError):
        update(bytes(sealed), [], [], KEY)


def test_an_index_of_nothing_finds_nothing():
    index = ExactIndex.open(build([], RULE, KEY), KEY)
    assert (index.rows, index.cells) == (0, 0)
    assert not index.findings([Part(PartKind.BODY, "陆知微 00012345678")])
    assert not index.findings([])
