"""What a row of an exact-match index is, and when it counts as found.

A rule is kept inside its index.  Values are made equal here before they are hashed: legal forms of companies,
country prefixes of telephone numbers and forms of address fall; the rest is the business of `folding`.
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
    level: str = ""  # of what was found: core, important, ordinary

    def __post_init__(self) -> None:
        """Refuse a rule that no row can meet.

        Raises:
            RuleError: no columns, too many, twice the same name, more needed than there are, no distance.
        """
        names = [column.name for column in self.columns]
        if not 1 <= len(names) <= MOST_COLUMNS:
            raise RuleError(reason=f"it has {len(names)} columns; 1 to {MOST_COLUMNS} are possible")
        if len(set(names)) != len(names):
            raise RuleError(reason="two columns have the same name")
        if not 1 <= self.needed <= len(names):
            raise RuleError(reason=f"{self.needed} of {len(names)} columns cannot be needed")
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


_ENDS: Final = rf"(?=\s*(?:{WALL}|$))"
_BEGINS: Final = rf"(?:^|(?<={WALL}))\s*"
_FORMS_CJK: Final = (
    "股份有限公司|有限责任公司|有限責任公司|有限公司|株式会社|株式會社|有限会社|有限會社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人"
    r"|\((?:株|有|同|资|資|名)\)"
)
_FORMS_LATIN: Final = (
    r"(?:company|co\.?)?[\s,.]*(?:limited|ltd)|incorporated|inc|corporation|corp|company|co|l\.?l\.?c|l\.?l\.?p|p\.?l\.?c"
    r"|k\.?k|g\.?k|gmbh|a\.?g|s\.?a|b\.?v|pty"
)
_COMPANY_END: Final = re.compile(rf"(?:\s*(?:{_FORMS_CJK})|(?<=\w)[\s,.]+(?:{_FORMS_LATIN})[\s.]*){_ENDS}")
_COMPANY_BEGIN: Final = re.compile(rf"{_BEGINS}(?:{_FORMS_CJK})\s*")
_ADDRESS_FORMS: Final = re.compile(
    rf"\s*(?:先生|女士|小姐|様|さま|さん|氏|殿|御中)\s*{_ENDS}|{_BEGINS}(?:mr|mrs|ms|dr)\.?\s+"
)
_PHONE_PREFIX: Final = re.compile(
    rf"(?:^|(?<={WALL}))[^\d{WALL}+]*(?:(?:\+|00)\s*8[61]|86(?=[\s-]?1\d{{2}}[\s-]?\d))?[^\d{WALL}]*0?"
)


def canonical(cells: Sequence[str], kind: ColumnKind) -> str:
    """Return the cells of one column, made equal as their kind demands, joined by walls."""
    joined = WALL.join(cells)
    if joined.count(WALL) != max(0, len(cells) - 1):
        joined = WALL.join(cell.replace(WALL, "") for cell in cells)
    if kind == ColumnKind.TEXT:
        return joined
    if not joined.isascii() and not unicodedata.is_normalized("NFKC", joined):
        joined = unicodedata.normalize("NFKC", joined)
    joined = joined.lower()
    if kind == ColumnKind.PHONE:
        return _PHONE_PREFIX.sub("", joined)
    if kind == ColumnKind.NAME:
        return _ADDRESS_FORMS.sub("", joined)
    return _COMPANY_BEGIN.sub("", _COMPANY_END.sub("", joined))
