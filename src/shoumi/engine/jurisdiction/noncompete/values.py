"""What non-competition is made of here: the parts that rules play, persons, agreements, objections.

The shapes are our own; names, texts, rules and verdicts are those of the packs' `non_compete.yaml`.  Nothing
is read or computed here, and nothing here is a conclusion of law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from shoumi.engine.jurisdiction.basis import Basis, Force
from shoumi.engine.jurisdiction.periods import Period
from shoumi.engine.jurisdiction.values import Origin, Texts

Figure = Decimal | int | date | str | Texts


class Part(StrEnum):
    """A part that a rule of a country may play; a pack names its rule or says that none is recorded."""

    PERSONS = "persons"  # who may be bound at all
    BLANKET = "blanket"  # having everybody sign
    SECRETS = "secrets"  # the person never knew or touched secrets
    SECRETS_UNRECORDED = "secrets_unrecorded"  # nobody wrote down whether
    TOLD = "told"  # reasons and secrets told in writing before signing
    SCOPE = "scope"
    TERRITORY = "territory"
    TERM = "term"
    AGREED = "agreed"  # no compensation was agreed
    SHARE = "share"  # floor: a share of the average wage, and the minimum wage
    GUIDELINE_SHARE = "guideline_share"
    LONG_SHARE = "long_share"  # floor of a long term
    PENALTY_CEILING = "penalty_ceiling"
    NO_PENALTY = "no_penalty"  # no fixed penalty at all
    UNPAID = "unpaid"  # the employee may end it
    RELEASE = "release"  # the employer may end it
    BREACH = "breach"
    DUTY_STAYS = "duty_stays"  # paying the penalty does not end it


FLOORS: Final = (Part.SHARE, Part.GUIDELINE_SHARE, Part.LONG_SHARE)
STATEMENTS: Final = frozenset(
    {Part.UNPAID, Part.RELEASE, Part.BREACH, Part.DUTY_STAYS}
)  # they object to nothing


class Verdict(StrEnum):
    """What an objection does."""

    REFUSED = "refused"
    WARNED = "warned"


class Condition(StrEnum):
    """Whether a condition of a rule is met by what is recorded."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"  # not recorded, or the rule can be read in two ways


@dataclass(frozen=True, slots=True)
class PartRule:
    """Which rule plays a part in a country, and what is said when it objects."""

    part: Part
    rule: str  # empty for the company's own practice
    force: Force
    verdict: Verdict | None  # None: it objects to nothing
    overridable: bool
    params: Mapping[str, str]  # figure → parameter of the rule
    text: Texts  # names figures in braces
    notes: tuple[Texts, ...]


@dataclass(frozen=True, slots=True)
class PersonClass:
    """A class of persons, and whether they may be bound."""

    id: str
    names: Texts
    bindable: bool
    must_be_told: bool  # reasons and secrets, in writing, before signing


@dataclass(frozen=True, slots=True)
class Person:
    """What is recorded about somebody who is to be bound."""

    class_id: str
    knew_secrets: bool | None  # knew or touched; None: not recorded
    reasons_told: date | None = None  # the day on which it was told in writing
    secrets_told: date | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is agreed, or proposed to be."""

    signed: date
    person: Person
    term: Period  # a span or a last day
    scope: str
    territory: str
    service_ends: date | None = None  # last day of service; None: not yet known
    monthly: Decimal | None = None  # agreed compensation for a month
    percent: Decimal | None = None  # or as a share of the average wage; not both
    wages: tuple[Decimal, ...] = ()  # of whole months of service, the newest last
    minimum_wage: Decimal | None = None  # for a month, where the contract is performed
    penalty: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """That somebody entitled to it lets an objection pass, and why."""

    part: Part
    reason: str


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against an agreement."""

    part: Part
    verdict: Verdict
    basis: Basis
    text: Texts  # with the figures filled in
    figures: Mapping[str, Figure]
    notes: tuple[Texts, ...]
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class AgreementExample:
    """An invented agreement with the objections that must come out, no more and no fewer."""

    agreement: Agreement
    day: date
    refused: frozenset[Part]
    warned: frozenset[Part]
    line: int


@dataclass(frozen=True, slots=True)
class NonCompeteTable:
    """The whole file of a country."""

    pack: str
    origin: Origin
    currency: str
    digits: int  # behind the point of an amount of money
    classes: tuple[PersonClass, ...]
    parts: Mapping[Part, PartRule]
    unrecorded: Mapping[Part, Texts]  # the parts for which no rule is recorded, and what is said instead
    alarm_months: tuple[int, ...]  # unpaid months at which people are alarmed, before those of the rule
    examples: tuple[AgreementExample, ...]
