"""Which agreements somebody needs, why, and before what; so that coverage can be counted.

Source of the content: the table `needs` of each pack's library, read over facts.  Whether one was signed is
not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shoumi.engine.jurisdiction.agreements.conditions import Because, judge, verify_facts
from shoumi.engine.jurisdiction.agreements.values import FactValue, Library
from shoumi.engine.jurisdiction.noncompete import Condition
from shoumi.engine.jurisdiction.values import Texts


@dataclass(frozen=True, slots=True)
class Need:
    """One agreement that somebody needs, or may need as long as facts are not recorded."""

    kind: str
    why: tuple[Texts, ...]
    before: str  # a moment of the library
    because: tuple[Because, ...]
    unknown: tuple[str, ...]  # facts that are not recorded and would decide it; empty: it is needed


def needed(library: Library, known: Mapping[str, FactValue]) -> tuple[Need, ...]:
    """Return what is needed by these facts, each kind once per moment, in the order of the table.

    Raises:
        FactError: a fact is not one of the library.
    """
    verify_facts(library, known)
    found: dict[tuple[str, str], Need] = {}
    for row in library.needs:
        judged = judge(library, row.when, known)
        if judged.condition is Condition.NOT_MET:
            continue
        key = (row.kind, row.before)
        need = Need(row.kind, (row.why,), row.before, judged.because, judged.unknown)
        found[key] = _both(found[key], need) if key in found else need
    return tuple(found.values())


def _both(one: Need, other: Need) -> Need:
    """Return one need out of two; what is certain outweighs what may be."""
    if bool(one.unknown) != bool(other.unknown):
        return other if one.unknown else one
    return Need(
        one.kind,
        tuple(dict.fromkeys(one.why + other.why)),
        one.before,
        tuple(dict.fromkeys(one.because + other.because)),
        tuple(dict.fromkeys(one.unknown + other.unknown)),
    )
