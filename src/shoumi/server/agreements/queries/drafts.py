"""What a draft says so far and what it still needs: the engine's answer for stored facts and inputs.

Source of the content: the packs through `engine.jurisdiction.agreements`.  Opens sealed inputs for callers
who have asked the gate; nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction import Period, parse_period
from shoumi.engine.jurisdiction.agreements import (
    Draft,
    Facts,
    Field,
    FieldKind,
    FieldValue,
    Library,
    OwnChange,
)
from shoumi.engine.jurisdiction.agreements import examine as engine_examine
from shoumi.engine.jurisdiction.documents import places_in
from shoumi.engine.jurisdiction.noncompete import Agreement as Proposal
from shoumi.engine.jurisdiction.noncompete import Override, Part, Person
from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.libraries import library_of
from shoumi.server.agreements.sealing import unseal
from shoumi.server.people.queries import today_of

MASKED = ("identity", "nc_monthly", "nc_percent")  # fields whose values are shown only when revealed


class ValueFormError(InputError):
    """A stored or given value is not of its field's kind."""

    code = "agreements.value"
    message = "“{value}” is no value of the field “{field}”."


@dataclass(frozen=True, slots=True)
class Read:
    """A draft as the engine sees it."""

    library: Library
    facts: Facts
    draft: Draft
    day: date


def typed(field: Field, text: str) -> FieldValue:
    """Return the value that a stored text means for its field.

    Raises:
        ValueFormError: it has another form.
    """
    try:
        if field.kind is FieldKind.DAY:
            return date.fromisoformat(text)
        if field.kind is FieldKind.MONEY:
            return Decimal(text.replace(",", ""))
        if field.kind is FieldKind.PERIOD:
            return parse_period(text)
    except (ValueError, InvalidOperation, InputError) as error:
        raise ValueFormError(value=text, field=field.id) from error
    if field.kind is FieldKind.LIST:
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    return text.strip()


def stored(value: FieldValue) -> str:
    """Return how a value is kept: the opposite of `typed`."""
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.code if isinstance(value, Period) else str(value)


def inputs_of(agreement: Agreement) -> dict[str, Any]:
    """Return the sealed inputs: `values` by field and, where it is proposed, `non_compete`."""
    return unseal(agreement.inputs)


def facts_from(library: Library, known: Mapping[str, Any], inputs: Mapping[str, Any]) -> Facts:
    """Return the engine's facts out of what is stored.

    Raises:
        ValueFormError: a value is not of its field's kind.
    """
    values = {
        name: typed(library.fields[name], text)
        for name, text in inputs.get("values", {}).items()
        if text and name in library.fields and not library.fields[name].origin
    }
    proposal = inputs.get("non_compete")
    overrides = tuple(Override(Part(part), reason) for part, reason in inputs.get("overrides", {}).items())
    told = {name: value for name, value in known.items() if name in library.facts}
    return Facts(told, values, proposal_from(proposal) if proposal else None, overrides if proposal else ())


def proposal_from(row: Mapping[str, Any]) -> Proposal:
    """Return a proposal of non-competition out of its stored form."""
    day = {name: _day(row.get(name)) for name in ("signed", "reasons_told", "secrets_told", "service_ends")}
    sums = {name: _sum(row.get(name)) for name in ("monthly", "percent", "minimum_wage", "penalty")}
    return Proposal(
        signed=day["signed"] or date.fromisoformat(row["signed"]),
        person=Person(row["class_id"], row.get("knew_secrets"), day["reasons_told"], day["secrets_told"]),
        term=parse_period(row["term"]),
        scope=row.get("scope", ""),
        territory=row.get("territory", ""),
        service_ends=day["service_ends"],
        wages=tuple(Decimal(wage) for wage in row.get("wages", ())),
        **sums,
    )


def own_changes_of(agreement: Agreement) -> dict[str, OwnChange]:
    """Return the company's own wordings of an agreement."""
    return {
        clause: OwnChange(row["text"], row.get("heading", ""))
        for clause, row in agreement.own_changes.items()
    }


def examine(agreement: Agreement) -> Read:
    """Return what the engine says about a draft today.

    Raises:
        InputError: a fact, field, clause or proposal is none of the library.
    """
    library = library_of(agreement.entity)
    facts = facts_from(library, agreement.known, inputs_of(agreement))
    day = today_of(agreement.entity)
    draft = engine_examine(
        library,
        agreement.kind,
        facts,
        day,
        chosen_optional=agreement.optional,
        own_changes=own_changes_of(agreement),
    )
    return Read(library, facts, draft, day)


def fields_used(read: Read) -> list[str]:
    """Return the fields that the chosen clauses name and that somebody fills in, in reading order."""
    kind = read.draft.kind
    texts = [kind.title, kind.opening, *(f"{c.heading}\n{c.text}" for c in read.draft.chosen), kind.closing]
    places = dict.fromkeys(place for text in texts for place in places_in(text))
    return [name for name in places if name in read.library.fields and not read.library.fields[name].origin]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sum(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
