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


class Action(StrEnum):
    """Everything that is decided; the values are stable and stand in the ledger."""

    # ruff: noqa: S105 - names of actions and kinds, no passwords
    SECRET_PROPOSE = "secret.propose"
    SECRET_IMPORT = "secret.import"
    SECRET_VIEW_METADATA = "secret.view_metadata"
    SECRET_OPEN_CONTENT = "secret.open_content"
    SECRET_EDIT = "secret.edit"
    SECRET_SUBMIT = "secret.submit"
    SECRET_WITHDRAW = "secret.withdraw"
    SECRET_REVIEW = "secret.review"
    SECRET_APPROVE = "secret.approve"
    SECRET_CHANGE = "secret.change"
    SECRET_DECLASSIFY = "secret.declassify"
    SECRET_EXPORT = "secret.export"
    SECRET_PRINT_LABEL = "secret.print_label"
    BOOK_VIEW = "book.view"
    BOOK_KEEP = "book.keep"
    BOOK_SIGN = "book.sign"
    BOOK_RECEIVE = "book.receive"
    BOOK_RECONCILE = "book.reconcile"
    BOOK_EXPORT = "book.export"
    CARRIER_VIEW = "carrier.view"
    CARRIER_MANAGE = "carrier.manage"
    CARRIER_HAND_OVER = "carrier.hand_over"
    CARRIER_RECEIVE = "carrier.receive"
    STORAGE_VIEW = "storage.view"
    STORAGE_MANAGE = "storage.manage"
    STORAGE_TEND = "storage.tend"
    STORAGE_AUTHORISE = "storage.authorise"
    INVENTORY_VIEW = "inventory.view"
    INVENTORY_RUN = "inventory.run"
    INVENTORY_COUNT = "inventory.count"
    INVENTORY_SIGN = "inventory.sign"
    INVENTORY_CONFIRM = "inventory.confirm"
    ACCESS_VIEW = "access.view"
    ACCESS_REVIEW = "access.review"
    COPY_VIEW = "copy.view"
    COPY_EXPORT = "copy.export"
    COPY_TRACE = "copy.trace"
    INDEX_VIEW = "index.view"
    INDEX_MANAGE = "index.manage"
    SCAN_START = "scan.start"
    SCAN_VIEW = "scan.view"
    SCAN_CONTROL = "scan.control"
    SCAN_DELETE = "scan.delete"
    MATCH_VIEW = "match.view"
    MATCH_OPEN = "match.open"
    MATCH_REVEAL = "match.reveal"
    MATCH_EXCEPT = "match.except"
    MATCH_DECIDE = "match.decide"
    MATCH_EXPORT = "match.export"
    FILE_UPLOAD = "file.upload"
    FILE_DOWNLOAD = "file.download"
    FILE_REMOVE = "file.remove"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_DOWNLOAD = "evidence.download"
    PERSON_LOOKUP = "person.lookup"
    PERSON_VIEW = "person.view"
    PERSON_EDIT = "person.edit"
    PERSON_IMPORT = "person.import"
    PERSON_EXPORT = "person.export"
    PERSON_REVEAL = "person.reveal"
    PERSON_VIEW_ACTIVITY = "person.view_activity"
    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_EDIT = "organisation.edit"
    POST_SET_LEVEL = "post.set_level"
    DUTY_PROPOSE = "duty.propose"
    DUTY_VIEW = "duty.view"
    ROLE_VIEW = "role.view"
    ROLE_REQUEST = "role.request"
    ROLE_APPROVE = "role.approve"
    ROLE_REVOKE = "role.revoke"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_MANAGE = "account.manage"
    ACCOUNT_RESET_FACTORS = "account.reset_factors"
    TOKEN_ISSUE = "token.issue"
    KEY_VIEW = "key.view"
    KEY_MANAGE = "key.manage"
    KEY_APPROVE = "key.approve"
    SETTINGS_VIEW = "settings.view"
    SETTINGS_EDIT = "settings.edit"
    SETTINGS_APPROVE = "settings.approve"
    LEDGER_STATUS = "ledger.status"
    LEDGER_VIEW = "ledger.view"
    LEDGER_PROVE = "ledger.prove"
    LEDGER_AUDIT = "ledger.audit"
    LEDGER_REVEAL = "ledger.reveal"
    APPROVAL_VIEW = "approval.view"
    APPROVAL_DECIDE = "approval.decide"
    APPROVAL_DELEGATE = "approval.delegate"
    APPROVAL_ESCALATE = "approval.escalate"
    APPROVAL_WITHDRAW = "approval.withdraw"
    ASSURANCE_VIEW = "assurance.view"
    MEASURE_RECORD = "measure.record"
    WEIGHT_PROPOSE = "weight.propose"
    WEIGHT_CONFIRM = "weight.confirm"
    RISK_VIEW = "risk.view"
    RISK_EDIT = "risk.edit"
    SELF_INSPECTION_RUN = "self_inspection.run"
    SELF_INSPECTION_EXPORT = "self_inspection.export"
    OPERATION_CONSULT = "operation.consult"
    OPERATION_BORROW = "operation.borrow"
    OPERATION_COPY = "operation.copy"
    OPERATION_TRANSFER = "operation.transfer"
    OPERATION_DISCLOSE = "operation.disclose"
    OPERATION_RELEASE = "operation.release"
    OPERATION_DESTROY = "operation.destroy"
    OPERATION_SCRAP = "operation.scrap"
    OPERATION_REPAIR = "operation.repair"
    OPERATION_ENTER = "operation.enter"
    OPERATION_VIEW = "operation.view"
    OPERATION_EDIT = "operation.edit"
    OPERATION_WITHDRAW = "operation.withdraw"
    OPERATION_EXECUTE = "operation.execute"
    OPERATION_CONFIRM = "operation.confirm"
    OPERATION_EXTEND = "operation.extend"
    PARTNER_VIEW = "partner.view"
    PARTNER_EDIT = "partner.edit"
    CASE_VIEW = "case.view"
    CASE_WORK = "case.work"
    GOVERNANCE_VIEW = "governance.view"
    GOVERNANCE_EDIT = "governance.edit"
    GOVERNANCE_EXPORT = "governance.export"
    PLAN_ADOPT = "plan.adopt"
    WORK_VIEW = "work.view"
    WORK_REPORT = "work.report"
    WORK_VERIFY = "work.verify"
    RULE_VIEW = "rule.view"
    RULE_EDIT = "rule.edit"
    RULE_PROCEDURE = "rule.procedure"
    RULE_PUBLISH = "rule.publish"
    RULE_READ = "rule.read"
    RULE_ACKNOWLEDGE = "rule.acknowledge"
    TRAINING_VIEW = "training.view"
    TRAINING_EDIT = "training.edit"
    TRAINING_RUN = "training.run"
    TRAINING_EXPORT = "training.export"
    TRAINING_LEARN = "training.learn"
    TRAINING_STANDING = "training.standing"
    TRAINING_RESULTS = "training.results"
    TRAINING_ANSWERS = "training.answers"
    ZONE_VIEW = "zone.view"
    ZONE_CREATE = "zone.create"
    ZONE_EDIT = "zone.edit"
    ZONE_DESIGNATE = "zone.designate"
    ZONE_EXPORT = "zone.export"
    PLAN_VIEW = "plan.view"
    ENTRY_REQUEST = "entry.request"
    VISIT_REQUEST = "visit.request"
    VISIT_VIEW = "visit.view"
    VISIT_WITHDRAW = "visit.withdraw"
    VISIT_ADMIT = "visit.admit"
    VISIT_REVEAL = "visit.reveal"
    VISIT_SET_RETENTION = "visit.set_retention"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_OPEN = "agreement.open"
    AGREEMENT_PREPARE = "agreement.prepare"
    AGREEMENT_SIGN = "agreement.sign"
    AGREEMENT_WITNESS = "agreement.witness"
    AGREEMENT_RECORD = "agreement.record"
    AGREEMENT_COUNTERSIGN = "agreement.countersign"
    AGREEMENT_REVEAL = "agreement.reveal"
    AGREEMENT_EXPORT = "agreement.export"
    AGREEMENT_CAMPAIGN = "agreement.campaign"
    NON_COMPETE_VIEW = "non_compete.view"
    NON_COMPETE_CALCULATE = "non_compete.calculate"
    NON_COMPETE_PAY = "non_compete.pay"
    NON_COMPETE_END = "non_compete.end"
    MEETING_PLAN = "meeting.plan"
    MEETING_VIEW = "meeting.view"
    MEETING_LEAD = "meeting.lead"
    MEETING_ATTEND = "meeting.attend"
    MEETING_EXPORT = "meeting.export"
    PARTNER_EXPORT = "partner.export"
    PARTNER_OPEN = "partner.open"
    PARTNER_ASSESS = "partner.assess"
    PARTNER_DECIDE = "partner.decide"
    PARTNER_ANSWER = "partner.answer"
    COMPLAINT_TAKE = "complaint.take"
    PERSON_CASE_OPEN = "person_case.open"
    PERSON_CASE_SEE = "person_case.see"
    PERSON_CASE_VIEW = "person_case.view"
    PERSON_CASE_MANAGE = "person_case.manage"
    PERSON_CASE_LOOK_BACK = "person_case.look_back"
    PERSON_CASE_HOLD = "person_case.hold"
    PERSON_CASE_EXAMINE = "person_case.examine"
    PERSON_CASE_EXPORT = "person_case.export"
    PERSON_CASE_IMPORT = "person_case.import"
    PERSON_CASE_TEMPLATE = "person_case.template"
    PERSON_STEP_VIEW = "person_step.view"
    PERSON_STEP_RECORD = "person_step.record"
    PERSON_STEP_SIGN = "person_step.sign"
    PERSON_STEP_ATTEST = "person_step.attest"
    PERSON_STEP_RECEIVE = "person_step.receive"
    PERSON_STEP_DELEGATE = "person_step.delegate"
    PRIVACY_VIEW = "privacy.view"
    PRIVACY_MANAGE = "privacy.manage"
    PRIVACY_TELL = "privacy.tell"
    PRIVACY_EXPORT = "privacy.export"
    PRIVACY_HOLD = "privacy.hold"
    PRIVACY_ANSWER = "privacy.answer"
    PRIVACY_OWN = "privacy.own"
    PRIVACY_UNMASK = "privacy.unmask"
    UNMASKING_VIEW = "unmasking.view"
    UNMASKING_DECIDE = "unmasking.decide"
    UNMASKING_LOOK = "unmasking.look"
    PRIVACY_MATTER_VIEW = "privacy_matter.view"
    PRIVACY_MATTER_WORK = "privacy_matter.work"
    PRIVACY_MATTER_AGREE = "privacy_matter.agree"
    PRIVACY_MATTER_CONFIRM = "privacy_matter.confirm"
    CONCERN_VIEW = "concern.view"
    CONCERN_ANSWER = "concern.answer"
    CONCERN_OWN = "concern.own"


class Kind(StrEnum):
    """What a thing is; the values are the entity types of the schema."""

    SECRET = "Secret"
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
