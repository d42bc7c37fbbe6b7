"""What a page says in the end: the copy ids found on it, and how surely.

Two ways lead to an id: its check holds (`read`), or a damaged tile resembles one issued id far more than all
others (`resembles`).  The second names nobody who is not on the list; it is a lead and called one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shoumi.engine.marking.tiles.closed_set import closest
from shoumi.engine.marking.tiles.reading import Candidate, decode_grey
from shoumi.engine.marking.tiles.residual import Grey

WORTH_COMPARING: Final = 4.5  # standard deviations of the sync below which a tile is not compared


class How(StrEnum):
    """The way that led to an id."""

    READ = "read"
    RESEMBLES = "resembles"


@dataclass(frozen=True, slots=True)
class Finding:
    """One copy id on one page."""

    copy_id: int
    how: How
    sync: float  # standard deviations by which the sync agrees
    score: float | None  # only when it resembles: standard deviations of chance ...
    margin: float | None  # ... and the lead over the second
    among: int | None  # ... among so many ids
    key_index: int
    chip: float  # pixels along a chip
    turn: float  # degrees clockwise

    @property
    def copy_code(self) -> str:
        """The id as people write it, twelve hexadecimal digits."""
        return code_of(self.copy_id)


def code_of(copy_id: int) -> str:
    """Return a copy id as people write it."""
    return f"{copy_id:012x}"


def findings(grey: Grey, factor: int, keys: Sequence[bytes], issued: Sequence[int]) -> list[Finding]:
    """Return the ids on a page of grey levels that was reduced by `factor`; at most one for each id."""
    candidates = decode_grey(grey, factor, keys)
    found = {
        each.copy_id: _read(each, each.copy_id)
        for each in candidates
        if each.accepted and each.copy_id is not None
    }
    if not found:
        for each in candidates:
            resembling = _resembling(each, issued)
            if resembling:
                found.setdefault(resembling.copy_id, resembling)
    return list(found.values())


def _read(candidate: Candidate, copy_id: int) -> Finding:
    return Finding(
        copy_id, How.READ, candidate.z, None, None, None, candidate.key_index, candidate.chip, candidate.turn
    )


def _resembling(candidate: Candidate, issued: Sequence[int]) -> Finding | None:
    if candidate.z < WORTH_COMPARING:
        return None
    match = closest(candidate.soft, issued)
    if match is None or not match.clear:
        return None
    return Finding(
        match.copy_id,
        How.RESEMBLES,
        candidate.z,
        match.score,
        match.margin,
        match.among,
        candidate.key_index,
        candidate.chip,
        candidate.turn,
    )
