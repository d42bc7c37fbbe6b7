"""What a library of agreements is made of: facts, fields, clauses, kinds, and who needs which.

The shapes are our own; names, texts, conditions and rules are those of the packs' `agreements/*.yaml`.
Nothing is read or assembled here, and nothing here is a conclusion of law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.noncompete import Agreement, Override
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.periods import Period
from shoumi.engine.jurisdiction.values import Origin, Texts

FactValue = bool | int | str
FieldValue = str | date | Decimal | Period | tuple[str, ...]

NON_COMPETE_FACTS: Final = ("nc_pay", "nc_penalty")  # follow from the agreement on non-competition
NON_COMPETE_FIELDS: Final = ("scope", "territory", "term", "monthly", "percent", "penalty")


class UnknownAgreementError(InputError):
    """The library has no agreement of this kind."""

    code = "jurisdiction.unknown_agreement"
    message = "The pack “{pack}” has no agreement “{given}”; there are {known}."


class FactKind(StrEnum):
    """How a fact is told."""

    FLAG = "flag"  # yes or no
    LEVEL = "level"  # secrecy level of the post: 0 none, else the rank of a level of the pack
    CHOICE = "choice"


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    DAY = "day"
    MONEY = "money"
    PERIOD = "period"
    LIST = "list"


class Party(StrEnum):
    """Who signs beside the company."""

    EMPLOYEE = "employee"
    PARTNER = "partner"  # another company, or an expert
    CONTRACTOR_WORKER = "contractor_worker"  # signs towards the own employer
    OUTSIDER = "outsider"  # a visitor or participant
    AUTHORITY = "authority"
    WITNESSES = "witnesses"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something about a person or an occasion that clauses depend on."""

    id: str
    kind: FactKind
    names: Texts
    because: Texts  # may name {value}
    because_not: Texts | None  # of a flag: why a clause is there if it is not so
    choices: tuple[Named, ...]  # of a choice; of a level: what 0 is called


@dataclass(frozen=True, slots=True)
class Field:
    """A named place in the texts."""

    id: str
    kind: FieldKind
    names: Texts
    origin: str  # empty: told by the caller; a fact; or `non_compete.…`
    example: FieldValue | None  # invented; None where the value has an origin


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on one fact: one of some values, or a level at least."""

    __test__ = False  # nothing for pytest

    fact: str
    values: tuple[FactValue, ...]
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a kind of agreement."""

    id: str
    heading: str
    text: str
    when: tuple[Test, ...]  # all must hold; empty: always
    mandatory: bool
    origin: Origin  # of the wording
    rules: tuple[str, ...]  # that it rests on
    guidelines: tuple[str, ...]  # likewise; they bind nobody
    line: int  # of its file, for faults


@dataclass(frozen=True, slots=True)
class AgreementExample:
    """Facts with clauses that must be there and clauses that must not; the fields' examples fill the rest."""

    known: Mapping[str, FactValue]
    optional: tuple[str, ...]
    non_compete: int | None  # which example of `non_compete.yaml`; 0 is the sound one
    has: tuple[str, ...]
    lacks: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class AgreementKind:
    """One kind of agreement with its clauses in order."""

    id: str
    order: int
    names: Texts
    purpose: Texts
    party: Party
    title: str
    opening: str
    closing: str
    clauses: tuple[Clause, ...]
    non_compete: bool  # checked by the law on non-competition
    countersigned: bool  # the company signs it too; otherwise it is one party's promise
    examples: tuple[AgreementExample, ...]
    path: str  # of its file, for faults

    def clause(self, clause_id: str) -> Clause | None:
        """Return a clause, or None if there is none of this id."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Words that the law does not allow in agreements with some parties."""

    id: str
    pattern: re.Pattern[str]
    parties: tuple[Party, ...]
    except_kinds: tuple[str, ...]
    rule: str
    text: Texts


@dataclass(frozen=True, slots=True)
class NeedRule:
    """Who needs a kind of agreement, and before what."""

    kind: str
    before: str  # a moment of the library
    when: tuple[Test, ...]
    why: Texts


@dataclass(frozen=True, slots=True)
class Forms:
    """How values are written in the country's language; each names its parts in braces."""

    clause: str  # {number}
    han_numerals: bool
    day: str  # {year} {month} {day}
    money: str  # {amount}
    joint: str  # between the items of a list
    years: str  # {number}
    months: str
    days: str
    until: str  # {day}
    long_term: str
    until_publication: str


@dataclass(frozen=True, slots=True)
class Library:
    """All agreements of a pack."""

    pack: str
    language: str  # `zh` or `ja`
    edition: str
    origin: Origin
    forms: Forms
    facts: Mapping[str, Fact]
    fields: Mapping[str, Field]
    moments: tuple[Named, ...]
    forbidden: tuple[Forbidden, ...]
    needs: tuple[NeedRule, ...]
    kinds: tuple[AgreementKind, ...]

    def kind(self, kind_id: str) -> AgreementKind:
        """Return a kind of agreement.

        Raises:
            UnknownAgreementError: there is none of this id.
        """
        for found in self.kinds:
            if found.id == kind_id:
                return found
        known = ", ".join(each.id for each in self.kinds)
        raise UnknownAgreementError(pack=self.pack, given=kind_id, known=known)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a person or an occasion."""

    known: Mapping[str, FactValue]  # fact → value; one that is not recorded is left out
    values: Mapping[str, FieldValue] = field(default_factory=lambda: MappingProxyType({}))
    non_compete: Agreement | None = None  # of a kind that is checked by that law
    overrides: tuple[Override, ...] = ()  # of that check


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A company's own wording of a clause."""

    text: str
    heading: str = ""  # empty: as in the library
