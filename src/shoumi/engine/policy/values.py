"""The words of every decision: who asks, to do what, to which thing, in which situation, and the answer.

The roles are those of trade-secret management guides (secrecy office, owner department, leader) with the
separation of duties of THREAT_MODEL.md; subject, action, resource, context, obligation are terms of XACML.
Nothing here decides; `decision` does, by the rules in `cedar/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

COMPANY = "company"  # the place above all others


def entity_scope(entity_id: object) -> str:
    """Return the place of a legal entity."""
    return f"entity:{entity_id}"


def department_scope(department_id: object) -> str:
    """Return the place of a department; it includes all departments below."""
    return f"department:{department_id}"


def case_scope(case_id: object) -> str:
    """Return the place of a case."""
    return f"case:{case_id}"


class Role(StrEnum):
    """What a person may be in the company; a role is always held for a place."""

    SECRECY_OFFICER = "secrecy_officer"
    DEPARTMENT_SECRECY_OFFICER = "department_secrecy_officer"
    DEPARTMENT_OWNER = "department_owner"
    LEADER = "leader"
    LEGAL = "legal"
    HR = "hr"
    IT_ADMINISTRATOR = "it_administrator"
    AUDITOR = "auditor"
    OUTSIDE_COUNSEL = "outside_counsel"
    EMPLOYEE = "employee"


class Kind(StrEnum):
    """What a thing is; the values are the entity types of the schema."""

    SECRET = "Secret"  # noqa: S105 - a kind, no password
    FILE = "File"
    EVIDENCE = "Evidence"
    BOOK = "Book"
    DUTY = "Duty"
    CARRIER = "Carrier"
    STORAGE = "Storage"
    INVENTORY = "Inventory"
    UNIT = "Unit"
    PERSON = "Person"
    ROLE_GRANT = "RoleGrant"
    LOGIN = "Login"
    KEY = "Key"
    SETTING = "Setting"
    LEDGER = "Ledger"
    APPROVAL = "Approval"
    OPERATION = "Operation"
    CASE = "Case"
    WORK = "Work"
    RULE = "Rule"
    TRAINING = "Training"
    RISK = "Risk"
    ZONE = "Zone"
    VISIT = "Visit"
    SCAN = "Scan"
    MATCH = "Match"
    AGREEMENT = "Agreement"
    MEETING = "Meeting"
    PARTNER = "Partner"
    PERSON_CASE = "PersonCase"
    PERSON_STEP = "PersonStep"
    UNMASKING = "Unmasking"
    PRIVACY_MATTER = "PrivacyMatter"
    CONCERN = "Concern"


class Stage(StrEnum):
    """How far a secret has come, as far as the rules care; the register maps its states to these."""

    DRAFT = "draft"  # seen by the proposer and the department secrecy officer only
    RETURNED = "returned"  # sent back for more work, seen by those who saw it
    PROPOSED = "proposed"  # somewhere between submission and registration
    REGISTERED = "registered"
    DECLASSIFIED = "declassified"
    CLOSED = "closed"  # withdrawn, refused, or found to be no secret


class Effect(StrEnum):
    """Whether it may be done."""

    PERMIT = "permit"
    REFUSE = "refuse"


class Obligation(StrEnum):
    """What whoever acts on a permission must also do; who cannot do it must refuse."""

    RECORD = "record"  # write a ledger entry in the same transaction
    WATERMARK = "watermark"  # put the reader's mark on what is shown or handed out
    MASK = "mask"  # leave personal details masked
    REASON_REQUIRED = "reason_required"  # ask for `Context.purpose` first


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role for one place, from `starts_at` until before `ends_at`."""

    role: Role
    scope: str = COMPANY
    starts_at: datetime | None = None  # aware; None: always held
    ends_at: datetime | None = None  # aware; None: without end

    def in_force(self, now: datetime) -> bool:
        """Tell whether the role is held at `now`."""
        begun = self.starts_at is None or self.starts_at <= now
        return begun and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: an account with the place of its person in the company."""

    id: str  # of the account
    roles: frozenset[HeldRole] = frozenset()
    person: str | None = None  # id of the person; None: an account without one
    legal_entity: str | None = None  # id
    department: str | None = None  # id of the person's own department
    departments: tuple[str, ...] = ()  # ids of all departments above it, in any order
    posts: frozenset[str] = frozenset()  # ids
    clearance: int = 0  # 0 none, 1 general, 2 important, 3 core
    active: bool = True  # signed in, not locked, not closed
    ends_at: datetime | None = None  # end of the engagement, aware

    @property
    def own_departments(self) -> frozenset[str]:
        """The places of the person's own department and of those above it."""
        own = () if self.department is None else (self.department,)
        return frozenset(department_scope(item) for item in (*own, *self.departments))

    @property
    def places(self) -> frozenset[str]:
        """All places in which the person stands, from the department up to the company."""
        entity = () if self.legal_entity is None else (entity_scope(self.legal_entity),)
        return self.own_departments | {COMPANY, *entity}


Attribute = str | int | bool | frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Resource:
    """What it is about; made by the functions in `resources`, which know the shapes."""

    kind: Kind
    id: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    parents: frozenset[str] = frozenset()  # every place above it, not only the nearest


@dataclass(frozen=True, slots=True)
class Context:
    """In which situation."""

    now: datetime  # aware
    purpose: str = ""  # why, in the words of whoever asks; may be empty


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer: whether, what must be done with it, and by which rules."""

    effect: Effect
    reasons: tuple[str, ...]  # ids of the rules that decided, sorted; never empty
    obligations: frozenset[Obligation] = frozenset()
    faulty: bool = False  # a rule could not be evaluated: refused, and worth an alarm
    faults: tuple[str, ...] = ()  # what the engine said, for the log; not for the screen

    @property
    def permitted(self) -> bool:
        """Whether it may be done."""
        return self.effect is Effect.PERMIT
