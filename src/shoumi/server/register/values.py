"""What the steps of a proposal carry: frozen values between forms, API and services.

Follows the steps of the seed guide 四: what it is, carriers, assessment, level, period and scope.
Nothing here is checked; `queries.checks` lists faults, `services.drafts` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """Step 1: what it is, without the secret itself."""

    name: str
    description: str
    category: str  # id of the pack, `IDN-T1`…
    necessity: str  # why it must be kept secret at all
    custodian: str | None = None  # id of a person


@dataclass(frozen=True, slots=True)
class CarrierValue:
    """Step 2: something other than a stored file that bears the secret."""

    kind: str
    description: str
    place: str = ""
    keeper: str | None = None  # id of a person


@dataclass(frozen=True, slots=True)
class EvidenceValue:
    """One piece of evidence: words, a stored file, or both."""

    text: str = ""
    file: UUID | None = None


@dataclass(frozen=True, slots=True)
class ElementValue:
    """Step 3: the verdict on one element."""

    element: str  # secrecy | value | measures
    verdict: str  # met | not_met | unclear | ""
    reason: str
    evidence: tuple[EvidenceValue, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerDepth:
    """Step 3, for customer information only: of what it consists and how it was worked up."""

    kinds: tuple[str, ...]  # ids of `packs/*/duties.yaml`
    collected: str = ""
    worked_up: str = ""
    effort: str = ""
    sources: str = ""


@dataclass(frozen=True, slots=True)
class ExclusionValue:
    """Step 3: the answer to one exclusion of the pack."""

    exclusion: str
    answer: str  # yes | no | ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactorValue:
    """Step 4: the grade of one level factor."""

    factor: str
    grade: int | None  # 0 to 4, as described in the pack
    reason: str
    title: str = ""  # of a free factor


@dataclass(frozen=True, slots=True)
class Grading:
    """Step 4: all factors, the level a person chose, and why if it is not the suggested one."""

    factors: tuple[FactorValue, ...]
    level: str
    level_reason: str = ""


@dataclass(frozen=True, slots=True)
class ScopeValue:
    """Step 5: one line of the knowledge scope."""

    kind: str  # departments | posts | persons | all_staff
    target: str | None = None  # id of the department, post or person


@dataclass(frozen=True, slots=True)
class Limits:
    """Step 5: until when, and who may know."""

    period: str  # code of `engine.jurisdiction.periods`
    scope: tuple[ScopeValue, ...]
    publication_event: str = ""  # what publication is awaited, for `until_publication`
    period_reason: str = ""
    scope_reason: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What still stands between a draft and its submission."""

    step: int  # 1 to 5
    field: str  # name of the form field, or of the group
    code: str  # stable
    text: str  # for the reader, already in their language
