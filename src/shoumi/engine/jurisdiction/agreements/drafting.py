"""Finds which clauses the facts call for, and at once everything that is missing or refused.

Source of the content: each pack's library.  An unrecorded fact that would decide about a clause is missing,
not guessed; a company's own wording stands beside the library's.  Nothing is filled in here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.agreements.conditions import Because, judge, verify_facts
from shoumi.engine.jurisdiction.agreements.fields import non_compete_facts, written_fields
from shoumi.engine.jurisdiction.agreements.refusing import (
    Refusal,
    non_compete_check,
    refusals_of,
    refused_changes,
    refused_words,
)
from shoumi.engine.jurisdiction.agreements.values import (
    AgreementKind,
    Clause,
    Facts,
    FactValue,
    Library,
    OwnChange,
)
from shoumi.engine.jurisdiction.documents import filled, places_in
from shoumi.engine.jurisdiction.noncompete import Check, Condition

NON_COMPETE: Final = "non_compete"  # among the missing facts: no agreement on non-competition is proposed
NO_CHANGES: Final[Mapping[str, OwnChange]] = MappingProxyType({})


class AgreementClauseError(InputError):
    """A clause was named that the kind has not, or chosen although it is not optional or does not fit."""

    code = "jurisdiction.agreement_clause"
    message = "The clause “{clause}” cannot be chosen or changed here; of “{kind}” these can: {known}."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A clause that belongs into the agreement, not filled in yet."""

    clause: Clause
    because: tuple[Because, ...]  # empty: it is always there, or was chosen
    heading: str
    text: str
    changed: bool  # the company's own wording


@dataclass(frozen=True, slots=True)
class Deviation:
    """A company's own wording of a clause beside that of the library."""

    clause: str
    old_heading: str
    old: str
    new_heading: str
    new: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known about an agreement before it is whole."""

    kind: AgreementKind
    chosen: tuple[Chosen, ...]
    missing_facts: tuple[str, ...]
    missing_fields: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    check: Check | None  # by the law on non-competition, with warnings and what was overridden
    fields: Mapping[str, str]  # those that have a value, written out

    @property
    def whole(self) -> bool:
        """Whether it can be assembled."""
        return not (self.missing_facts or self.missing_fields or self.refusals)

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """The company's own wordings in it."""
        return tuple(
            Deviation(each.clause.id, each.clause.heading, each.clause.text, each.heading, each.text)
            for each in self.chosen
            if each.changed
        )


def examine(  # noqa: PLR0913 - the two last may be left out
    library: Library,
    kind_id: str,
    facts: Facts,
    day: date,
    *,
    chosen_optional: Collection[str] = (),
    own_changes: Mapping[str, OwnChange] = NO_CHANGES,
) -> Draft:
    """Return which clauses the facts call for, and at once everything that is missing or refused.

    Raises:
        UnknownAgreementError: the library has no such kind.
        FactError, UnknownFieldError, FieldValueError: a fact or a value is none of the library.
        AgreementClauseError: an optional or changed clause is none of the kind.
        InputError: the proposal of non-competition is none, as `noncompete.check_agreement` says.
    """
    kind = library.kind(kind_id)
    verify_facts(library, facts.known)
    known = {**facts.known, **(non_compete_facts(facts.non_compete) if kind.non_compete else {})}
    _verify_names(kind, chosen_optional, own_changes)
    check = non_compete_check(library, kind, facts, day)
    chosen, unknown = _choose(library, kind, known, chosen_optional, own_changes)
    fields = written_fields(library, Facts(known, facts.values, facts.non_compete))
    texts = [
        kind.title,
        kind.opening,
        kind.closing,
        *(part for each in chosen for part in (each.heading, each.text)),
    ]
    places = dict.fromkeys(place for text in texts for place in places_in(text) if place in library.fields)
    if kind.non_compete and facts.non_compete is None:
        unknown = [NON_COMPETE, *unknown]
    frame = f"{kind.title}\n{kind.opening}\n{kind.closing}"
    read = {"": filled(frame, _lenient(frame, fields))}
    read |= {
        each.clause.id: filled(
            f"{each.heading}\n{each.text}", _lenient(f"{each.heading}\n{each.text}", fields)
        )
        for each in chosen
    }
    return Draft(
        kind=kind,
        chosen=tuple(chosen),
        missing_facts=tuple(dict.fromkeys(unknown)),
        missing_fields=tuple(place for place in places if place not in fields),
        refusals=(
            *refusals_of(check),
            *refused_changes(library, (each.clause for each in chosen), own_changes),
            *refused_words(library, kind, read, day),
        ),
        check=check,
        fields=fields,
    )


def _verify_names(kind: AgreementKind, optional: Collection[str], own: Mapping[str, OwnChange]) -> None:
    open_ids = [clause.id for clause in kind.clauses if not clause.mandatory]
    for names, known in ((optional, open_ids), (own, [clause.id for clause in kind.clauses])):
        for name in names:
            if name not in known:
                raise AgreementClauseError(clause=name, kind=kind.id, known=", ".join(known) or "–")


def _choose(
    library: Library,
    kind: AgreementKind,
    known: Mapping[str, FactValue],
    optional: Collection[str],
    own: Mapping[str, OwnChange],
) -> tuple[list[Chosen], list[str]]:
    """Return the clauses in their order, and the facts that would decide about others."""
    chosen: list[Chosen] = []
    unknown: list[str] = []
    for clause in kind.clauses:
        if not clause.mandatory and clause.id not in optional:
            continue
        judged = judge(library, clause.when, known)
        if judged.condition is Condition.NOT_MET:
            if not clause.mandatory:
                fitting = [
                    each.id
                    for each in kind.clauses
                    if not each.mandatory
                    and judge(library, each.when, known).condition is not Condition.NOT_MET
                ]
                raise AgreementClauseError(clause=clause.id, kind=kind.id, known=", ".join(fitting) or "–")
            continue
        unknown += judged.unknown
        if judged.condition is Condition.MET:
            change = own.get(clause.id)
            heading = change.heading.strip() if change else ""
            text = change.text.strip() if change else clause.text
            heading = heading or clause.heading
            changed = (heading, text) != (clause.heading, clause.text)
            chosen.append(Chosen(clause, judged.because, heading, text, changed))
    return chosen, unknown


def _lenient(text: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a text, each without a value standing for itself; only to look for words."""
    return {place: fields.get(place, f"{{{place}}}") for place in places_in(text)}
