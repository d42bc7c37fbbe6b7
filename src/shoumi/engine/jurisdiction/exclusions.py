"""Checks the exclusions of a pack: what is not fit to be a trade secret, and what must be recorded.

Source: the packs' `exclusions.yaml`.  The answers are people's; this module only tells what follows from them
and what is still missing.  It searches no register and no web page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.pack import CheckField, Exclusion, Pack


class UnknownExclusionError(InputError):
    """An answer to a question the pack does not ask."""

    code = "jurisdiction.unknown_exclusion"
    message = "The pack “{pack}” has no exclusion {exclusion}."


@dataclass(frozen=True, slots=True)
class ExclusionAnswer:
    """A person's answer to one exclusion."""

    applies: bool | None  # None: not answered
    fields: Mapping[str, str] = field(default_factory=dict)  # field id → what was recorded


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A recorded field that is missing or has another form."""

    exclusion: Exclusion
    field: CheckField
    fault: str  # missing | form


@dataclass(frozen=True, slots=True)
class ExclusionVerdict:
    """What follows from the answers on one day."""

    excluded: tuple[Exclusion, ...]  # these say: not a trade secret
    later: tuple[tuple[Exclusion, date], ...]  # secret until that day, then excluded
    unanswered: tuple[Exclusion, ...]
    faults: tuple[FieldFault, ...]

    @property
    def complete(self) -> bool:
        """Whether every question is answered with all its records in form."""
        return not self.unanswered and not self.faults

    @property
    def clear(self) -> bool:
        """Whether the check is complete and nothing excludes the information today."""
        return self.complete and not self.excluded


def check_exclusions(pack: Pack, answers: Mapping[str, ExclusionAnswer], day: date) -> ExclusionVerdict:
    """Return what the answers (exclusion id → answer) mean on `day`.

    Raises:
        UnknownExclusionError: an answer to a question the pack does not ask.
    """
    known = {exclusion.id for exclusion in pack.exclusions}
    for exclusion_id in answers.keys() - known:
        raise UnknownExclusionError(pack=pack.id, exclusion=exclusion_id)
    excluded, later, unanswered, faults = [], [], [], []
    for exclusion in pack.exclusions:
        answer = answers.get(exclusion.id)
        if answer is None or answer.applies is None:
            unanswered.append(exclusion)
            continue
        faults += _faults(exclusion, answer)
        if not answer.applies:
            continue
        starts = _day(answer.fields.get(exclusion.date_field, "")) if exclusion.date_field else None
        if starts is not None and starts > day:
            later.append((exclusion, starts))
        else:
            excluded.append(exclusion)
    return ExclusionVerdict(tuple(excluded), tuple(later), tuple(unanswered), tuple(faults))


def _faults(exclusion: Exclusion, answer: ExclusionAnswer) -> list[FieldFault]:
    said = "yes" if answer.applies else "no"
    faults = []
    for wanted in exclusion.fields:
        value = answer.fields.get(wanted.id, "").strip()
        if not value:
            if wanted.record_when in {said, "always"}:
                faults.append(FieldFault(exclusion, wanted, "missing"))
        elif (wanted.kind == "date" and _day(value) is None) or (
            wanted.kind == "pattern" and not re.fullmatch(wanted.pattern, value)
        ):
            faults.append(FieldFault(exclusion, wanted, "form"))
    return faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
