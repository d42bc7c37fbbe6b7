"""What a row of an exact-match index is, and when it counts as found.

A rule is kept inside its index.  Values are made equal here before they are hashed: legal forms of companies
and forms of address fall; dialling prefixes do in `values`, the rest is the business of `folding`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from shoumi.engine.inspection.matching.errors import RuleError
from shoumi.engine.inspection.matching.folding import WALL

MOST_COLUMNS: Final = 64


class ColumnKind(StrEnum):
    """What a column holds, as far as its spelling is concerned."""

    TEXT = "text"  # numbers, codes, mail addresses, anything
    NAME = "name"  # of a person
    COMPANY = "company"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is looked for."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT
    required: bool = False  # no row is found without it


@dataclass(frozen=True, slots=True)
class Rule:
    """Which columns, how many of one row, how close to each other."""

    name: str  # of the index; findings bear it as their id
    columns: tuple[Column, ...]
    needed: int = 2  # different columns of one row
    within: int = 300  # characters from the first one's start to the last one's start
    level: str = ""  # of what was found: core, important, general

    def __post_init__(self) -> None:
        """Refuse a rule that no row can meet.

        Raises:
            RuleError: no columns, too many, twice the same name, more needed than there are, no distance.
        """
        names = [column.name for column in self.columns]
        if not 1 <= len(names) <= MOST_COLUMNS:
            raise RuleError(reason="1 to 64 columns are possible")
        if len(set(names)) != len(names):
            raise RuleError(reason="two columns have the same name")
        if not 1 <= self.needed <= len(names):
            raise RuleError(reason="that many columns cannot be needed")
        if self.within < 1:
            raise RuleError(reason="the distance must be at least 1")

    def described(self) -> dict[str, Any]:
        """Return the rule as it is kept in the index."""
        return {
            "name": self.name,
            "columns": [[each.name, each.kind.value, each.required] for each in self.columns],
            "needed": self.needed,
            "within": self.within,
            "level": self.level,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Rule:
        """Return the rule that `described` wrote."""
        columns = tuple(Column(name, ColumnKind(kind), required) for name, kind, required in kept["columns"])
        return cls(kept["name"], columns, kept["needed"], kept["within"], kept["level"])


_FORMS: Final = (  # of companies, before or after the name; longer ones first
    *("股份有限公司", "有限责任公司", "有限責任公司", "有限公司"),
    *(
        "株式会社",
        "株式會社",
        "有限会社",
        "有限會社",
        "合同会社",
        "合資会社",
        "合名会社",
        "一般社団法人",
        "一般財団法人",
    ),
    *("(株)", "(有)", "(同)", "(资)", "(資)", "(名)"),
)
_LATIN_FORMS: Final = re.compile(
    r"[\s,.]+(?:(?:company|co\.?)[\s,.]*(?:limited|ltd)|limited|ltd|incorporated|inc|corporation|corp|company|co"
    rf"|l\.?l\.?c|l\.?l\.?p|p\.?l\.?c|k\.?k|g\.?k|gmbh|a\.?g|s\.?a|b\.?v|pty)[\s.]*(?={WALL})"
)
_AFTER_NAMES: Final = ("先生", "女士", "小姐", "様", "さま", "さん", "氏", "殿", "御中")
_BEFORE_NAMES: Final = ("mr. ", "mr ", "mrs. ", "mrs ", "ms. ", "ms ", "dr. ", "dr ")


def walled(cells: Sequence[str]) -> str:
    """Return the cells of one column as one text, each followed by a wall."""
    joined = WALL.join((*cells, ""))
    if joined.count(WALL) == len(cells):
        return joined
    return WALL.join((*(cell.replace(WALL, "") for cell in cells), ""))


def canonical(column: str, kind: ColumnKind) -> str:
    """Return the walled cells of a column, made equal as their kind demands."""
    if kind not in {ColumnKind.NAME, ColumnKind.COMPANY}:
        return column
    joined = WALL + column.replace("（", "(").replace("）", ")")
    if not joined.isascii() and not unicodedata.is_normalized("NFKC", joined):
        joined = unicodedata.normalize("NFKC", joined)
    joined = joined.lower()
    if kind == ColumnKind.COMPANY:
        joined = _bared(_LATIN_FORMS.sub("", joined), _FORMS, _FORMS)
    else:
        joined = _bared(joined, _BEFORE_NAMES, _AFTER_NAMES)
    return joined[1:]


def _bared(joined: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Take away what stands at the beginning or the end of a cell."""
    for form in before:
        joined = joined.replace(WALL + form, WALL)
    for form in after:
        joined = joined.replace(form + WALL, WALL)
    return joined
