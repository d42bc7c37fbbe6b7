"""Assembles an agreement from facts: clauses in order with why they are there, and the bytes to be signed.

Source of the content: each pack's library, chosen by `drafting`.  The whole text comes out or nothing; the
same facts give the same bytes, and what is signed is their hash.  No layout is made here, and nobody's
signature is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.errors import InputError, RefusalError
from shoumi.engine.jurisdiction.agreements.conditions import Because
from shoumi.engine.jurisdiction.agreements.drafting import NO_CHANGES, Chosen, Deviation, examine
from shoumi.engine.jurisdiction.agreements.fields import clause_label
from shoumi.engine.jurisdiction.agreements.refusing import Refusal
from shoumi.engine.jurisdiction.agreements.values import AgreementKind, Clause, Facts, Library, OwnChange
from shoumi.engine.jurisdiction.basis import Basis, Force, basis_on, proposal
from shoumi.engine.jurisdiction.documents import filled
from shoumi.engine.jurisdiction.loading import load_pack
from shoumi.engine.jurisdiction.noncompete import Check
from shoumi.engine.jurisdiction.rules import RuleNotInForceError
from shoumi.engine.jurisdiction.values import Origin, Texts

FORMAT: Final = "shoumi-agreement-1"
_NOT_IN_FORCE: Final = Texts(
    zh="规则 {rule} 在 {day} 不施行，本条款在该日不以其为依据。",
    ja="規則 {rule} は {day} には施行されておらず、この条項はその日にはこれを根拠としません。",
    en="The rule {rule} does not hold on {day}; the clause does not rest on it on that day.",
)


class AgreementIncompleteError(InputError):
    """Facts or fields are missing; all of them are listed."""

    code = "jurisdiction.agreement_incomplete"
    message = "The agreement “{kind}” is not complete; missing are: {missing}."


class AgreementRefusedError(RefusalError):
    """The agreement is not made like this; every reason is listed with its rule."""

    code = "jurisdiction.agreement_refused"
    message = "The agreement “{kind}” is not made like this: {reasons}"


@dataclass(frozen=True, slots=True)
class AssembledClause:
    """One clause as it is read and signed."""

    number: int
    label: str
    id: str
    heading: str
    text: str
    because: tuple[Because, ...]
    origin: Origin  # of the library's wording
    basis: tuple[Basis, ...]  # of its content; the company's own choice where no rule is named
    notes: tuple[Texts, ...]  # rules that do not hold on the day
    changed: bool


@dataclass(frozen=True, slots=True)
class Assembled:
    """An agreement, whole."""

    kind: AgreementKind
    day: date
    title: str
    opening: str
    clauses: tuple[AssembledClause, ...]
    closing: str
    deviations: tuple[Deviation, ...]
    check: Check | None
    form: bytes  # canonical; what is signed
    sha256: str  # of `form`, in hexadecimal


def assemble(  # noqa: PLR0913 - the two last may be left out
    library: Library,
    kind_id: str,
    facts: Facts,
    day: date,
    *,
    chosen_optional: Collection[str] = (),
    own_changes: Mapping[str, OwnChange] = NO_CHANGES,
) -> Assembled:
    """Return the whole agreement as it is proposed on `day`.

    Raises:
        AgreementIncompleteError: facts or fields are missing; all are listed.
        AgreementRefusedError: it is not made like this; all reasons are listed with their rules.
        InputError: as for `examine`.
    """
    draft = examine(library, kind_id, facts, day, chosen_optional=chosen_optional, own_changes=own_changes)
    kind, fields = draft.kind, dict(draft.fields)
    if draft.refusals:
        reasons = tuple(_reason(each) for each in draft.refusals)
        raise AgreementRefusedError(kind=kind.id, reasons=" ".join(reasons), all=reasons)
    if not draft.whole:
        missing = (*draft.missing_facts, *draft.missing_fields)
        raise AgreementIncompleteError(
            kind=kind.id,
            missing=", ".join(missing),
            facts=draft.missing_facts,
            fields=draft.missing_fields,
        )
    clauses = tuple(
        _assembled(library, number, each, fields, day) for number, each in enumerate(draft.chosen, start=1)
    )
    title, opening, closing = (filled(text, fields) for text in (kind.title, kind.opening, kind.closing))
    form = canonical_bytes(
        {
            "format": FORMAT,
            "pack": library.pack,
            "kind": kind.id,
            "edition": library.edition,
            "language": library.language,
            "day": day.isoformat(),
            "title": title,
            "opening": opening,
            "clauses": [_signed(clause) for clause in clauses],
            "closing": closing,
        }
    )
    return Assembled(
        kind,
        day,
        title,
        opening,
        clauses,
        closing,
        draft.deviations,
        draft.check,
        form,
        sha256(form).hexdigest(),
    )


def _assembled(
    library: Library, number: int, chosen: Chosen, fields: dict[str, str], day: date
) -> AssembledClause:
    clause = chosen.clause
    basis, notes = _bases(library.pack, clause, day)
    return AssembledClause(
        number=number,
        label=clause_label(library.forms, number),
        id=clause.id,
        heading=filled(chosen.heading, fields),
        text=filled(chosen.text, fields),
        because=chosen.because,
        origin=clause.origin,
        basis=basis,
        notes=notes,
        changed=chosen.changed,
    )


def _bases(pack_id: str, clause: Clause, day: date) -> tuple[tuple[Basis, ...], tuple[Texts, ...]]:
    pack, found, notes = load_pack(pack_id), [], []
    named = [(rule, Force.LAW) for rule in clause.rules] + [
        (rule, Force.GUIDELINE) for rule in clause.guidelines
    ]
    for rule, force in named:
        try:
            found.append(basis_on(pack, rule, day, force)[0])
        except RuleNotInForceError:
            zh, ja, en = (
                getattr(_NOT_IN_FORCE, code).format(rule=rule, day=day.isoformat())
                for code in ("zh", "ja", "en")
            )
            notes.append(Texts(zh=zh, ja=ja, en=en))
    return tuple(found) or (proposal(),), tuple(notes)


def _signed(clause: AssembledClause) -> dict[str, JSONValue]:
    return {
        "number": clause.number,
        "label": clause.label,
        "id": clause.id,
        "heading": clause.heading,
        "text": clause.text,
    }


def _reason(refusal: Refusal) -> str:
    place = ", ".join(part for part in (refusal.clause, refusal.basis.rule) if part)
    return f"{refusal.text.en} ({place})" if place else refusal.text.en
