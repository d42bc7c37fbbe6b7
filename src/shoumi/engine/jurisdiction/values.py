"""The small values every pack is made of: texts in three languages, where a fact comes from, when it holds.

The shapes are our own; the three languages are those of the console.  Nothing here reads a file or knows a
country.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in the three languages of the product; none is ever empty."""

    zh: str
    ja: str
    en: str

    def in_language(self, code: str) -> str:
        """Return the text for a language tag such as `zh-hans`, `ja` or `en-GB`; English for any other."""
        head = code.replace("_", "-").split("-")[0].lower()
        return {"zh": self.zh, "ja": self.ja}.get(head, self.en)


class Status(StrEnum):
    """How well a fact is known; travels with every answer that rests on it."""

    PRIMARY = "primary"  # the text itself was read
    SECONDARY = "secondary"  # a copy or a report was read
    UNCONFIRMED = "unconfirmed"  # neither: ask counsel before relying on it


_STRENGTH = {Status.PRIMARY: 0, Status.SECONDARY: 1, Status.UNCONFIRMED: 2}


def weakest(*statuses: Status) -> Status:
    """Return the weakest of `statuses`, at least one; an answer is no better known than its weakest part."""
    return max(statuses, key=_STRENGTH.__getitem__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the entries of one file come from."""

    source: Texts  # titles stay in their own language
    status: Status


@dataclass(frozen=True, slots=True)
class EffectivePeriod:
    """The days on which a text holds: from `start` on, up to but not including `end`."""

    start: date | None  # None: the first day is not recorded
    end: date | None = None  # None: still in force, as far as the pack knows
    confirmed: bool = True  # False: the days themselves are doubtful
    note: Texts | None = None

    def covers(self, day: date) -> bool:
        """Return whether `day` lies in the period; a first day that is not recorded counts as past."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: EffectivePeriod) -> bool:
        """Return whether both periods hold on some day."""
        starts_before_other_ends = self.start is None or other.end is None or self.start < other.end
        other_starts_before_end = other.start is None or self.end is None or other.start < self.end
        return starts_before_other_ends and other_starts_before_end

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know about these days before relying on them."""
        if self.note:
            return (self.note.en,)
        return () if self.confirmed else ("the days on which this holds are not confirmed",)
