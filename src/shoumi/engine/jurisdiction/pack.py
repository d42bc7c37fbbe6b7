"""What a pack holds once it is read: frozen values, one class per kind of entry.

The content is the packs' own, each file with its source; this module only gives it shape.  It reads no file
(`loading` does) and answers no question (`rules`, `levels`, `exclusions`, `naming` do).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shoumi.engine.jurisdiction.operations import ApproverStep, Operations
from shoumi.engine.jurisdiction.periods import Period
from shoumi.engine.jurisdiction.values import EffectivePeriod, Origin, Status, Texts

Plain = str | int | float | bool | None | tuple["Plain", ...] | Mapping[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Named:
    """A code with its names; used for every closed list of a pack."""

    id: str
    names: Texts
    spellings: tuple[str, ...] = ()  # further words met in companies' own ledgers


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law as the software computes with it; never a conclusion of law."""

    id: str
    cite: str
    period: EffectivePeriod
    compute: Texts  # what is counted, asked or reminded
    status: Status
    status_note: Texts | None
    source: str
    params: Mapping[str, Plain]  # amounts in the country's currency, times in the unit their name says


@dataclass(frozen=True, slots=True)
class Provision:
    """Where a concept stands in the statute during one period."""

    concept: str
    names: Texts
    law: str
    article: str  # as printed, such as `10` or `5の2`
    paragraph: str
    item: str
    period: EffectivePeriod
    status: Status
    source: Texts

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be shown beside this provision."""
        doubt = ("not confirmed",) if self.status is Status.UNCONFIRMED else ()
        return doubt + self.period.caveats


CUSTOMER = "customer"  # neither technical nor one business matter among others: every business rests on it
GROUPS = ("technical", "business", CUSTOMER)


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of secret information; `group` is one of `GROUPS`."""

    id: str
    group: str
    names: Texts
    contents: Mapping[str, tuple[str, ...]]  # language → what belongs to it
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckField:
    """Something that must be recorded with the answer to an exclusion."""

    id: str
    kind: str  # text | date | pattern
    pattern: str  # regular expression for the whole value, for kind `pattern`
    record_when: str  # yes | no | always
    names: Texts


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason why information is not fit to be a trade secret."""

    id: str
    names: Texts
    question: Texts
    excludes: str  # answer: “yes” excludes at once · on_date: only from the day in `date_field` on
    date_field: str
    fields: tuple[CheckField, ...]


@dataclass(frozen=True, slots=True)
class StateSecretGate:
    """The question whose “yes” leaves this product."""

    question: Texts
    consequence: Texts
    cite: str


@dataclass(frozen=True, slots=True)
class Level:
    """How secret: label, rank, default period, approval and the widest scope."""

    id: str  # core | important | general
    rank: int  # 3 | 2 | 1
    labels: Texts  # exactly as printed on a mark
    names: Texts
    spellings: tuple[str, ...]
    default_period: Period
    scope_allowed: tuple[str, ...]  # ids of scope kinds
    scope_template: Texts
    approval: tuple[ApproverStep, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of the level with its five described grades, 0 to 4."""

    id: str
    weight: int
    required: bool
    names: Texts
    grades: tuple[Texts, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """A grade that lifts the suggestion to at least a level, whatever the total."""

    factor: str
    grade: int
    level: str


@dataclass(frozen=True, slots=True)
class PeriodTable:
    """What periods are offered and how people spell them."""

    kinds: tuple[Named, ...]
    units: Mapping[str, tuple[str, ...]]  # years | months | days → spellings
    offered: tuple[Period, ...]
    review_months: int  # an open-ended period is looked at again this often


@dataclass(frozen=True, slots=True)
class DeclassificationReason:
    """Why a secret ends; `clock` needs no approval but notice beforehand."""

    id: str
    names: Texts
    decided_by: str  # clock | approval
    notice_days: tuple[int, ...]  # days before the end, longest first
    links_incident: bool


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Departments or places of one sort, recognised by words in their names."""

    id: str
    names: Texts
    reason: Texts
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefenceCheck:
    """One question of the three-defence checklist."""

    id: str
    defence: str  # people | physical | technical
    names: Texts
    key_only: bool  # asked of key places only


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What must be a secret zone, key departments and places, the three defences, signs and visitors."""

    version: str  # of the texts that people acknowledge
    inspection_months: int
    visitor_retention_days: int
    must_be: tuple[PlaceGroup, ...]
    key_criterion: Texts
    key_departments: tuple[PlaceGroup, ...]
    key_conditions: tuple[Named, ...]
    defences: tuple[Named, ...]
    checks: tuple[DefenceCheck, ...]
    devices: tuple[Named, ...]
    signs: tuple[Named, ...]
    device_sign: Texts
    key_sign: Texts
    pledge: Texts
    rule_template: Texts

    def checks_for(self, *, is_key: bool) -> tuple[DefenceCheck, ...]:
        """Return the questions asked of a key place, or of any other zone."""
        return tuple(check for check in self.checks if is_key or not check.key_only)

    def group(self, group_id: str) -> PlaceGroup | None:
        """Return the must-be group with this id, None if there is none."""
        return next((group for group in self.must_be if group.id == group_id), None)


@dataclass(frozen=True, slots=True)
class KeepingLine:
    """How some kinds of carriers are kept from a level upwards."""

    kinds: tuple[str, ...]
    level: str  # id of the lowest level it holds for
    manner: str  # id of a manner of keeping
    zone: bool  # whether the place must be a secret zone


@dataclass(frozen=True, slots=True)
class CarrierTable:
    """How carriers are marked and kept, and how often storage is looked after."""

    mark_forms: tuple[Named, ...]
    marks: Mapping[str, str]  # kind of carrier, or `file` → id of a mark form
    keeping_manners: tuple[Named, ...]
    keeping: tuple[KeepingLine, ...]
    days: Mapping[str, int]  # marking, inventory_clearing, attestation, backup, restore_test, access_review


@dataclass(frozen=True, eq=False)  # one object per country, compared by identity
class Pack:
    """Everything one country says; tuples keep the order of the files."""

    id: str
    names: Texts
    edition: date
    notice: Texts
    origins: Mapping[str, Origin]  # file name → source and status
    rules: tuple[Rule, ...]
    provisions: tuple[Provision, ...]
    continuing_acts: str  # `later` if an act that runs over a change follows the later text, else empty
    continuing_cite: str
    categories: tuple[Category, ...]
    state_secret: StateSecretGate
    exclusions: tuple[Exclusion, ...]
    levels: tuple[Level, ...]  # highest rank first
    scope_kinds: tuple[Named, ...]
    reserved_words: tuple[str, ...]  # grades of the state's secrets, never a level
    factors: tuple[Factor, ...]
    thresholds: Mapping[str, int]  # level id → lowest total in percent
    floors: tuple[Floor, ...]
    periods: PeriodTable
    reminder_version: str
    reminders: Mapping[str, Texts]  # sign_in | screen | document | audio
    reasons: tuple[DeclassificationReason, ...]
    measures: tuple[Named, ...]
    principles: tuple[Named, ...]
    programme_parts: tuple[Named, ...]
    aims: tuple[Named, ...]
    operations: Operations
    places: PlaceRules
    carriers: CarrierTable
