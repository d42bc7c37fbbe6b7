"""What a file is to say: lines of prose with values in them, and a table whose heads name its columns."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks import planting

Random = random.Random
Spot = tuple[str, int, int]
ROWS = 60  # of a table


@dataclass(frozen=True)
class Line:
    """One paragraph and what was planted in it."""

    text: str
    spots: tuple[Spot, ...] = ()

    @property
    def values(self) -> list[tuple[str, str]]:
        """Kind and text of each value."""
        return [(kind, self.text[start:end]) for kind, start, end in self.spots]


@dataclass(frozen=True)
class Table:
    """Columns whose heads alone name what stands below; `kinds` is empty for columns of bait and prose."""

    heads: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def values(self) -> list[tuple[str, str]]:
        """Kind and text of each value."""
        return [(kind, cell) for row in self.rows for kind, cell in zip(self.kinds, row, strict=True) if kind]


@dataclass(frozen=True)
class Paper:
    """What one file is to say."""

    lines: tuple[Line, ...]
    table: Table
    planted: list[tuple[str, str]] = field(default_factory=list)  # what the rendered file holds


def lines_of(sample: planting.Sample) -> Iterator[Line]:
    """Yield the lines of a sample that say something."""
    at = 0
    spots = list(sample.planted)
    for text in sample.text.split("\n"):
        inside = []
        while spots and spots[0][1] <= at + len(text):
            kind, start, end = spots.pop(0)
            inside.append((kind, start - at, end - at))
        if text.strip():
            yield Line(text.replace("\t", " "), tuple(inside))
        at += len(text) + 1


def table_of(source: Random, prose: Sequence[str]) -> Table:
    """Return a table of some kinds with bait between them."""
    kinds = [kind for kind in planting.KINDS if "heads" in kind]
    chosen = source.sample(kinds, 5)
    heads = [source.choice(kind["heads"]) for kind in chosen]
    columns = [[planting.value_of(kind, source) for _row in range(ROWS)] for kind in chosen]
    names = [str(kind["name"]) for kind in chosen]
    for head, template in source.sample(planting.DATA["bait_columns"], 2):
        heads.append(head)
        columns.append([planting.make.filled(template, source) for _row in range(ROWS)])
        names.append("")
    heads.append("备注")
    columns.append([source.choice(prose)[:20].replace(",", " ").strip() or "-" for _row in range(ROWS)])
    names.append("")
    order = source.sample(range(len(heads)), len(heads))
    return Table(
        tuple(heads[at] for at in order),
        tuple(names[at] for at in order),
        tuple(tuple(columns[at][row] for at in order) for row in range(ROWS)),
    )


def pieces(line: Line, source: Random) -> list[str]:
    """Return a line in pieces that end in the middle of every value, and at other places."""
    cuts = {source.randrange(start + 1, end) for _kind, start, end in line.spots if end - start > 1}
    cuts |= {source.randrange(len(line.text)) for _cut in range(len(line.text) // 40)}
    ends = [*sorted(cuts), len(line.text)]
    return [line.text[start:end] for start, end in zip([0, *ends], ends, strict=False) if end > start]


def bare(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\u200b\u3000\xa0")


def values(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return kind and text of every value in `lines`."""
    return [value for line in lines for value in line.values]


def can(text: str, codec: str) -> bool:
    """Tell whether this encoding can write `text`."""
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def writable(paper: Paper, codec: str) -> list[Line]:
    """Return the lines that this encoding can write."""
    return [line for line in paper.lines if can(line.text, codec)]


Renderer = Callable[[Paper, Random], bytes]
