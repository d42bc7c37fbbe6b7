"""What the gate knows of a processing of personal data: kinds, purposes, bases, traits, one person's facts.

The words are those of the packs' `personal_data.yaml`.  Nothing is read or decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shoumi.engine.jurisdiction.basis import Basis
from shoumi.engine.jurisdiction.pack import Named
from shoumi.engine.jurisdiction.values import Origin, Texts

PROOFS = ("assessment", "filing", "approval")
BY_BASIS = "basis"  # the consent that a processing rests on, beside those for traits and kinds


@dataclass(frozen=True, slots=True)
class DataKind:
    """One kind of personal data."""

    id: str
    names: Texts
    content: bool  # it shows what people write or say: never about everybody
    own_consent: bool  # never by default: each person is asked for it apart


@dataclass(frozen=True, slots=True)
class Never:
    """A kind and a purpose that are refused whoever agrees."""

    kind: str
    purpose: str
    because: Texts


@dataclass(frozen=True, slots=True)
class Entry:
    """A named thing of a country's file with the rule it follows."""

    id: str
    names: Texts
    rule: str  # empty: not confirmed
    consent: bool = False  # needs the person's consent, separately
    assessment: bool = False  # needs an impact assessment before
    unless: tuple[str, ...] = ()  # bases on which no consent is needed for it
    needs: tuple[str, ...] = ()  # of a way across the border: what must be on record, of `PROOFS`


@dataclass(frozen=True, slots=True)
class Retention:
    """From when on a kind is kept, and the rule that says how long at the least."""

    kind: str
    after: Texts  # the day from which the time is counted
    rule: str  # empty: the company's own choice
    param: str  # of the rule: a number of years, or of months if its name ends so


@dataclass(frozen=True, slots=True)
class Least:
    """How long a kind is kept at the least on a day, and what that rests on."""

    months: int  # 0: no rule says so
    basis: Basis
    after: Texts | None


@dataclass(frozen=True, slots=True)
class PersonalDataTable:
    """The words of every country together with what one country asks."""

    origin: Origin
    kinds: Mapping[str, DataKind]
    purposes: Mapping[str, Named]
    never: tuple[Never, ...]
    sensitive: frozenset[str]  # kinds
    bases: Mapping[str, Entry]
    traits: Mapping[str, Entry]
    rights: Mapping[str, Entry]
    ways: Mapping[str, Entry]  # across the border
    breach_clocks: tuple[str, ...]
    retention: Mapping[str, Retention]  # by kind


@dataclass(frozen=True, slots=True)
class Processing:
    """A processing of the register as it concerns one person."""

    id: str
    kinds: frozenset[str]
    purpose: str
    basis: str
    traits: frozenset[str]
    starts: datetime  # aware
    ends: datetime | None  # aware; from then on not any more
    everybody: bool  # it names no departments and no persons
    concerns: bool  # it is about this person
    assessed: datetime | None  # when an assessment said that it may be


@dataclass(frozen=True, slots=True)
class Told:
    """That the person was told of processings by one version of a notice."""

    id: str
    processings: frozenset[str]  # ids
    since: datetime  # when they were told, in the way that counts
    until: datetime | None  # the notice ended, or another text must be read from then on


@dataclass(frozen=True, slots=True)
class Consent:
    """That the person agreed to one thing of one processing."""

    id: str
    processing: str  # id
    scope: str  # BY_BASIS, a trait or a kind
    given: datetime
    withdrawn: datetime | None


class Reason(StrEnum):
    """Why it is permitted or not."""

    PERMITTED = "permitted"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_PURPOSE = "unknown_purpose"
    NEVER = "never"
    NO_PROCESSING = "no_processing"  # nothing in the register, for this purpose, at this time
    NOT_CONCERNED = "not_concerned"
    ABOUT_EVERYBODY = "about_everybody"  # content, and nobody is named
    NO_ASSESSMENT = "no_assessment"
    NO_NOTICE = "no_notice"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether, why, and what it rests on."""

    reason: Reason
    processing: str = ""
    basis: str = ""
    notice: str = ""
    consents: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # scopes without consent
    since: datetime | None = None  # only if permitted: from when on, without a break until `at`
    rules: tuple[str, ...] = ()  # that were looked at

    @property
    def permitted(self) -> bool:
        """Whether it may be collected."""
        return self.reason is Reason.PERMITTED
