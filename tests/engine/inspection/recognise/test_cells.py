"""The cells of many tables found at once are those that reading each table line by line gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.inspection.recognise.cells import cells_of
from shoumi.engine.inspection.recognise.tables import Table

TABLES = st.lists(
    st.tuples(st.text('ab\t,"\n', max_size=30), st.sampled_from("\t,"), st.booleans()), min_size=1, max_size=5
)


def read(text, letter, *, quoted):
    """Return begin and end of each cell, of each line, as reading sign by sign tells them."""
    lines, start, open_ = [[]], 0, False
    for at, sign in enumerate(text):
        if sign == "\n":
            lines[-1].append((start, at))
            lines.append([])
            start, open_ = at + 1, False
        elif sign == letter and not open_:
            lines[-1].append((start, at))
            start = at + 1
        open_ ^= quoted and sign == '"'
    lines[-1].append((start, len(text)))
    return lines


@given(TABLES)
def test_cells_are_those_of_each_table_alone(tables):
    spans, begin = [], 3  # something else may stand before
    for text, _letter, _quoted in tables:
        spans.append((begin, begin + len(text)))
        begin += len(text) + 1
    signs = np.frombuffer("".join(["\tx\0", *(f"{text}\0" for text, *_rest in tables)]).encode(), np.uint8)
    told = [Table(ord(letter), (), quoted) for _text, letter, quoted in tables]
    cells = cells_of(signs, spans, told)
    for (text, letter, quoted), (first, behind) in zip(tables, spans, strict=True):
        lines = read(text, letter, quoted=quoted)
        for column in range(4):
            starts, ends = cells.of_column(column, first, behind)
            wanted = [line[column] for line in lines if len(line) > column]
            assert list(zip(starts - first, ends - first, strict=True)) == wanted
        for line in lines:
            for number, (start, end) in enumerate(line):
                places = np.arange(start, end + 1) + first
                columns, begins = cells.columns(places)
                assert set(columns.tolist()) == {number}
                assert set(begins.tolist()) == {line[0][0] + first}
