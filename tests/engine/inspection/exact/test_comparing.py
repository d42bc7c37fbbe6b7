"""What changed is told by keys, as a dictionary of rows would tell it; a name changes nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shoumi.engine.inspection.exact import Column, ExactIndex, Rule, build
from shoumi.engine.inspection.exact.comparing import Change, compare, renamed
from shoumi.engine.inspection.values import Part, PartKind

KEY = bytes(range(32))
RULE = Rule("x", (Column("a"), Column("b")))
TABLES = st.lists(
    st.tuples(
        st.sampled_from(["K1", "K2", "K3", "鍵4"]), st.sampled_from(["", "甲乙丙", "55512345", "丁戊"])
    ),
    max_size=8,
)


def rows_of(table):
    return [(key, [value, "55599999"]) for key, value in table]


def grouped(table):
    found = {}
    for key, value in table:
        found.setdefault(key, set()).add(value)
    return found


@settings(max_examples=60)
@given(TABLES, TABLES)
def test_it_tells_what_a_dictionary_tells(before, after):
    old, new = (build(rows_of(each), RULE, KEY) for each in (before, after))
    was, now = grouped(before), grouped(after)
    change = compare(old, new, KEY)
    assert change.added == len(now.keys() - was.keys())
    assert change.removed == len(was.keys() - now.keys())
    assert change.changed == sum(was[key] != now[key] for key in was.keys() & now.keys())
    assert change.rows == sum(map(len, now.values()))
    assert compare(None, new, KEY) == Change(change.rows, change.cells, len(now), 0, 0)
    assert change.cells == sum(1 + bool(value) for values in now.values() for value in values)


def test_another_name_is_told_and_finds_the_same():
    index = renamed(build(rows_of([("K1", "甲乙丙")]), RULE, KEY), "另一个", KEY)
    (found,) = ExactIndex.open(index, KEY).findings([Part(PartKind.TEXT, "甲乙丙 55599999")])
    assert found.id == "另一个"
