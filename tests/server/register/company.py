"""An invented company with everybody whom the way of a secret needs, and complete drafts to send on it."""

from __future__ import annotations

import io
from collections.abc import Callable

from tests.server.people.company import Company, grant, user

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import department_scope, entity_scope
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import reminder_for
from shoumi.server.accounts.services import reminder_acknowledge
from shoumi.server.approvals.queries import current_step, requests_of
from shoumi.server.approvals.services import request_decide
from shoumi.server.files.services import file_store
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services import drafts, proposals
from shoumi.server.register.values import (
    CarrierValue,
    ElementValue,
    EvidenceValue,
    ExclusionValue,
    FactorValue,
    Grading,
    Identity,
    Limits,
    ScopeValue,
)

CONTENT = "烧结曲线:第一段每分钟五度,保温两小时。".encode()
EXCLUSIONS = (
    ExclusionValue("IDN-X1", "no", {"difference": "曲线由本公司试验得出,未见于文献"}),
    ExclusionValue("IDN-X2", "no", {"patent_search": "国家专利检索系统,2026-02-20,无结果"}),
    ExclusionValue(
        "IDN-X3", "no", {"sources_searched": "行业期刊", "searched_on": "2026-02-20", "searched_by": "工程师"}
    ),
    ExclusionValue("IDN-X4", "no"),
)
ELEMENTS = tuple(
    ElementValue(element, "met", f"{element} holds", (EvidenceValue(f"evidence of {element}"),))
    for element in ("secrecy", "value", "measures")
)
LEVEL_GRADE = {"core": 4, "important": 2, "general": 0}


class Register(Company):
    """The company of the people tests, with everybody who has business here and some who have not."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.proposer = self._member("E001", "陆知微", self.engineer, "proposer")
        self.colleague = self._member("E002", "何清越", self.engineer, "colleague")
        self.head = self._member("E003", "柏舟", self.director, "head")
        self.seller = self._member("E004", "安然", self.clerk, "seller")
        self.officer = self._holder("officer", Role.SECRECY_OFFICER, entity_scope(self.cn.pk))
        self.second_officer = self._holder("officer2", Role.SECRECY_OFFICER, entity_scope(self.cn.pk))
        self.foreign_officer = self._holder("officer-jp", Role.SECRECY_OFFICER, entity_scope(self.jp.pk))
        self.leader = self._holder("leader", Role.LEADER, entity_scope(self.cn.pk))
        self.second_leader = self._holder("leader2", Role.LEADER, entity_scope(self.cn.pk))
        self.owner = self._holder("owner", Role.DEPARTMENT_OWNER, department_scope(self.rd.pk))
        self.sales_owner = self._holder("sales-owner", Role.DEPARTMENT_OWNER, department_scope(self.sales.pk))
        self.department_officer = self._holder(
            "rd-officer", Role.DEPARTMENT_SECRECY_OFFICER, department_scope(self.rd.pk)
        )
        self.legal = self._holder("legal", Role.LEGAL, entity_scope(self.cn.pk))
        self.auditor = self._holder("auditor", Role.AUDITOR, "")
        self.technician = self._holder("it", Role.IT_ADMINISTRATOR, "")
        self.counsel = user("counsel", (Role.OUTSIDE_COUNSEL, "case:1"))

    def _member(self, number: str, name: str, post: object, sign_in: str) -> User:
        return self.settled(number, name, post, sign_in=sign_in).user

    def _holder(self, name: str, role: Role, scope: str) -> User:
        """Return somebody with a role who also works here, cleared for every level."""
        person = self.settled(f"H-{name}", name, self._desk(), sign_in=name)
        grant(person.user, role, scope)
        return person.user

    def _desk(self) -> object:
        if not hasattr(self, "desk"):
            self.office = self.department(self.cn, "GM", "总经理办公室")
            self.desk = self.post(self.office, "专员", 3)
        return self.desk

    def step(self, name: str, make: Callable[..., TradeSecret], **how: object) -> TradeSecret:
        """Return what `make` makes `how`, which is remembered where a test begins with it."""
        point = getattr(self, "point", None)
        if point is None:
            return make(self, **how)
        keys = [(key, value.pk if isinstance(value, User) else value) for key, value in sorted(how.items())]
        return point.step(name, *keys, do=lambda: make(self, **how))

    @property
    def everybody(self) -> dict[str, User]:
        """Every sign-in by what it is here."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def stored(owner: User, name: str = "烧结曲线.txt", content: bytes = CONTENT) -> object:
    """Return a stored file of `owner`."""
    return file_store(actor=owner, name=name, chunks=io.BytesIO(content))


def draft(
    company: Register, *, actor: User | None = None, level: str = "important", **changes: object
) -> TradeSecret:
    """Return a complete draft of the laboratory, ready to be submitted."""
    actor = actor or company.proposer
    return company.step("draft", _draft, actor=actor, level=level, **changes)


@remembered_subjects()
def _draft(company: Register, *, actor: User, level: str, **changes: object) -> TradeSecret:
    scope = {
        "core": (ScopeValue("persons", str(company.head.person.pk)),),
        "important": (ScopeValue("departments", str(company.lab.pk)),),
        "general": (ScopeValue("departments", str(company.rd.pk)),),
    }[level]
    period = {"core": "long_term", "important": "P5Y", "general": "P3Y"}[level]
    identity = Identity(
        name="陶瓷烧结曲线",
        description="用于一种陶瓷件的热处理安排,内容见附件。",
        category="IDN-T2",
        necessity="竞争对手获得后可直接复制。",
        custodian=str(company.head.person.pk),
    )
    secret = drafts.secret_draft(actor=actor, department=company.lab, identity=identity)
    key = secret.pk
    secret = drafts.secret_carry(
        actor=actor, secret_id=key, expected_version=secret.version,
        carriers=[CarrierValue("paper", "工艺卡", "三号柜", str(company.head.person.pk))],
    )  # fmt: skip
    secret = drafts.secret_file_attach(
        actor=actor, secret_id=key, expected_version=secret.version, files=[stored(actor)]
    )
    secret = drafts.secret_assess(
        actor=actor, secret_id=key, expected_version=secret.version, elements=ELEMENTS, exclusions=EXCLUSIONS
    )
    secret = drafts.secret_grade(
        actor=actor, secret_id=key, expected_version=secret.version, grading=grading(level)
    )
    limits = {"period": period, "scope": scope, **changes}
    return drafts.secret_limit(
        actor=actor, secret_id=key, expected_version=secret.version, limits=Limits(**limits)
    )


def grading(level: str, chosen: str = "", reason: str = "") -> Grading:
    """Return grades that suggest `level`, with `chosen` as the person's decision."""
    factors = tuple(
        FactorValue(factor.id, LEVEL_GRADE[level], f"because of {factor.id}")
        for factor in pack_for("cn").factors
        if factor.required
    )
    return Grading(factors, chosen or level, reason)


def proposed(company: Register, **changes: object) -> TradeSecret:
    """Return a proposal that waits for the office."""
    return company.step("proposed", _proposed, **changes)


@remembered_subjects()
def _proposed(company: Register, **changes: object) -> TradeSecret:
    secret = draft(company, **changes)
    return proposals.secret_submit(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version
    )


@remembered_subjects()
def decide(secret: TradeSecret, actor: User, verdict: str = "approve", reason: str = "") -> None:
    """Let `actor` decide what waits about `secret`."""
    request = next(row for row in requests_of(secret.ledger_subject) if row.is_open)
    step = current_step(request)
    request_decide(request=request, actor=actor, verdict=verdict, reason=reason, step_id=step.pk)


@remembered_subjects()
def approve(company: Register, secret: TradeSecret) -> TradeSecret:
    """Let the office and as many leaders as needed approve what waits, and return the secret afresh."""
    decide(secret, company.officer)
    for leader in (company.leader, company.second_leader):
        if any(row.is_open for row in requests_of(secret.ledger_subject)):
            decide(secret, leader)
    return TradeSecret.objects.get(pk=secret.pk)


def registered(company: Register, **changes: object) -> TradeSecret:
    """Return a registered secret."""
    return company.step("registered", _registered, **changes)


@remembered_subjects()
def _registered(company: Register, **changes: object) -> TradeSecret:
    return approve(company, proposed(company, **changes))


def signed_in(client: object, person: User) -> object:
    """Return the client with `person` signed in and the reminder acknowledged."""
    reminder_acknowledge(actor=person, reminder=reminder_for(person, person.language))
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
