"""What a pack says about people who deal with secrets: risk of posts, and what customer information is.

Source: the packs' `duties.yaml`, after the seed guide 四(一)6 (posts and persons by risk) and 四(一)2
(customer information).  The proposal is arithmetic; a person decides.  Nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from shoumi.engine.jurisdiction import entries
from shoumi.engine.jurisdiction.entries import GRADES, LEVELS
from shoumi.engine.jurisdiction.levels import GradeError
from shoumi.engine.jurisdiction.loading import UnknownPackError, pack_ids
from shoumi.engine.jurisdiction.pack import Factor, Named
from shoumi.engine.jurisdiction.reading import Faults, read_file
from shoumi.engine.jurisdiction.values import Origin

FILE = "duties.yaml"
RANKS = MappingProxyType({"core": 3, "important": 2, "general": 1})


@dataclass(frozen=True, slots=True)
class DutyTable:
    """How the risk of a post is graded, and of what customer information consists."""

    origin: Origin
    factors: tuple[Factor, ...]
    thresholds: Mapping[str, int]  # level id → lowest total in percent
    review_months: int
    customer_information: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class DutyProposal:
    """What the grades and the secrets speak for; a person decides."""

    level: int  # 0 none, 1 general, 2 important, 3 core
    total: float  # 0 to 100
    by_secrets: bool  # lifted to the level of the secrets that may be known
    missing: tuple[Factor, ...]


@cache
def load_duties(pack_id: str) -> DutyTable:
    """Return the table of a pack; read once per process.

    Raises:
        UnknownPackError: there is no such pack.
        PackFaultsError: the file has faults; all of them are listed.
    """
    known = pack_ids()
    if pack_id not in known:
        raise UnknownPackError(pack=pack_id, known=", ".join(known))
    faults = Faults(pack_id)
    text = files("shoumi.packs").joinpath(pack_id, FILE).read_text(encoding="utf-8")
    entry = read_file(faults, f"{pack_id}/{FILE}", text)
    faults.verify_none()
    thresholds = entry.entry("thresholds")
    table = DutyTable(
        origin=Origin(entry.quoted("source"), entry.status()),
        factors=tuple(entries.read_factor(item) for item in entry.entries("factors")),
        thresholds=MappingProxyType(
            {level: thresholds.number(level, lowest=1, highest=100) for level in LEVELS}
        ),
        review_months=entry.number("review_months", lowest=1, highest=120),
        customer_information=tuple(
            entries.read_named(item) for item in entry.entries("customer_information")
        ),
    )
    thresholds.close()
    entry.close()
    if not table.thresholds["core"] > table.thresholds["important"] > table.thresholds["general"]:
        faults.add(f"{pack_id}/{FILE}", None, "thresholds must fall from core to general")
    faults.verify_none()
    return table


def propose_duty(table: DutyTable, grades: Mapping[str, int | None], highest_secret: int) -> DutyProposal:
    """Return the level for grades (factor id → 0 to 4), never below the highest secret that may be known.

    Raises:
        GradeError: an unknown factor, or a grade outside 0 to 4.
    """
    known = {factor.id for factor in table.factors}
    for factor_id, grade in grades.items():
        if factor_id not in known or (grade is not None and (isinstance(grade, bool) or grade not in GRADES)):
            raise GradeError(factor=factor_id, grade=grade)
    missing = tuple(factor for factor in table.factors if grades.get(factor.id) is None)
    whole = sum(factor.weight * GRADES[-1] for factor in table.factors)
    total = 100 * sum(factor.weight * (grades.get(factor.id) or 0) for factor in table.factors) / whole
    by_total = max((RANKS[level] for level in LEVELS if total >= table.thresholds[level]), default=0)
    return DutyProposal(max(by_total, highest_secret), total, highest_secret > by_total, missing)
