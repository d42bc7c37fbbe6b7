"""What the tests of operations begin with: a registered secret with valid marks, zones, a third party."""

from __future__ import annotations

from datetime import date

from tests.server.register.company import Register, registered, stored

from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import current_step
from shoumi.server.approvals.services import request_decide
from shoumi.server.places.models import Zone
from shoumi.server.register.models import ConfidentialityAgreement, Operation, ThirdParty, TradeSecret
from shoumi.server.register.operation_values import Back, Done, Execution, Thing, Wish
from shoumi.server.register.services import contents
from shoumi.server.register.services.operations import executing, requests, returning, witnessing
from shoumi.server.register.services.third_parties import agreement_record, third_party_save

PASSWORD = "a-good-long-password"
SOON = date(2026, 3, 20)
LATER = date(2026, 12, 31)
WISHES = {
    "consult": {},
    "borrow": {"due_on": SOON},
    "copy": {"method": "photocopy", "copies": 2},
    "transfer": {"to_zone": "zone"},
    "disclose": {"due_on": SOON, "third_party": "third_party", "what": "第一段的说明"},
    "release": {"method": "paper", "what": "一篇关于陶瓷的论文", "where": "行业期刊"},
    "destroy": {},
    "scrap": {},
    "repair": {"due_on": SOON, "where": "维修中心"},
}


def with_passwords(company: Register) -> Register:
    """Give everybody a password to sign with."""
    for person in company.everybody.values():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return company


@remembered_subjects()
def marked(company: Register, **changes: object) -> TradeSecret:
    """Return a registered secret whose file and carrier bear their marks."""
    secret = registered(company, **changes)
    for task in secret.marking_tasks.filter(done_at=None):
        contents.marking_done(actor=company.owner, task_id=task.pk)
    return secret


def zone(company: Register, level: int = 3, kind: str = "secret", code: str = "A1") -> Zone:
    """Return a zone of the Chinese company."""
    return Zone.objects.create(
        entity=company.cn, code=code, name="档案室", kind=kind, level=level if kind == "secret" else 0,
        created_at="2026-01-01T00:00:00Z",
    )  # fmt: skip


def third_party(company: Register, name: str = "示范检测有限公司") -> ThirdParty:
    """Return a third party of the research department."""
    return third_party_save(
        actor=company.owner, department=company.rd, name=name, registration_number="DEMO-0001"
    )


def agreement(
    company: Register, party: ThirdParty, *, level: int = 3, until: date | None = LATER
) -> ConfidentialityAgreement:
    """Return a signed agreement with a third party."""
    return agreement_record(
        actor=company.owner,
        third_party_id=party.pk,
        file=stored(company.owner, "保密协议.txt", b"signed"),
        parties="澄光（示范）有限公司; 示范检测有限公司",
        signed_on=date(2026, 1, 10),
        valid_until=until,
        level=level,
    )


def thing(secret: TradeSecret) -> Thing:
    """Return the secret's carrier as something to operate on."""
    return Thing(secret.pk, carrier=secret.carriers.filter(copy_of=None).order_by("pk").first().pk)


@remembered_subjects()
def drafted(
    company: Register,
    secret: TradeSecret,
    kind: str,
    *,
    actor: User | None = None,
    things=None,
    **wish: object,
) -> Operation:
    """Return a complete draft about the secret's carrier."""
    answers = {**WISHES[kind], **wish}
    if answers.get("to_zone") == "zone":
        answers["to_zone"] = zone(company).pk
    if answers.get("third_party") == "third_party":
        party = third_party(company)
        agreement(company, party)
        answers["third_party"] = party.pk
    if kind in {"consult", "borrow"} and "receiver" not in answers:
        answers["receiver"] = company.colleague.person.pk
    return requests.operation_draft(
        actor=actor or company.owner,
        kind=kind,
        things=things or [thing(secret)],
        wish=Wish(purpose="需要用于试验", **answers),
    )


@remembered_subjects()
def submitted(company: Register, secret: TradeSecret, kind: str, **more: object) -> Operation:
    """Return an operation that waits for its approval."""
    operation = drafted(company, secret, kind, **more)
    return requests.operation_submit(
        actor=operation.requester, operation_id=operation.pk, expected_version=operation.version
    )


@remembered_subjects()
def decide(operation: Operation, actor: User, verdict: str = "approve", reason: str = "") -> None:
    """Let `actor` decide the open step of what waits about an operation."""
    request = ApprovalRequest.objects.get(subject=operation.ledger_subject, state__in=("open", "escalated"))
    request_decide(
        request=request, actor=actor, verdict=verdict, reason=reason, step_id=current_step(request).pk
    )


@remembered_subjects()
def approve(company: Register, operation: Operation, reason: str = "") -> Operation:
    """Let everybody who is asked approve, and return the operation afresh."""
    for actor in (company.officer, company.leader, company.second_leader):
        operation.refresh_from_db()
        waiting = ApprovalRequest.objects.filter(
            subject=operation.ledger_subject, state__in=("open", "escalated")
        )
        if waiting.exists():
            decide(operation, actor, reason=reason)
    operation.refresh_from_db()
    return operation


@remembered_subjects()
def approved(company: Register, secret: TradeSecret, kind: str, **more: object) -> Operation:
    """Return an operation that may be carried out."""
    return approve(company, submitted(company, secret, kind, **more))


METHODS = {
    "destroy": {"method": "shred", "tool": "碎纸机 P-5"},
    "scrap": {"method": "no_storage"},
    "repair": {"method": "remove"},
}


@remembered_subjects()
def execute(
    company: Register, operation: Operation, *, actor: User | None = None, lines=None, **more: object
) -> Operation:
    """Carry everything out that waits, as the department secrecy officer."""
    operation.refresh_from_db()
    waiting = operation.lines.filter(state="waiting").values_list("pk", flat=True)
    done = lines or [Done(pk, **METHODS.get(operation.kind, {})) for pk in waiting]
    values = {"password": PASSWORD, **more}
    if operation.kind == "destroy":
        values = {
            "recording": "监控 03 号机位",
            "witnesses": (company.head.pk, company.colleague.pk),
            **values,
        }
    return executing.operation_execute(
        actor=actor or company.department_officer,
        operation_id=operation.pk,
        expected_version=operation.version,
        execution=Execution(lines=tuple(done), **values),
    )


@remembered_subjects()
def give_back(company: Register, operation: Operation, *, lines=None, **more: object) -> Operation:
    """Take everything back that is out."""
    operation.refresh_from_db()
    out = lines or operation.lines.filter(state="out").values_list("pk", flat=True)
    return returning.operation_give_back(
        actor=company.department_officer,
        operation_id=operation.pk,
        expected_version=operation.version,
        lines=[Back(pk, "完好") for pk in out],
        password=PASSWORD,
        **more,
    )


@remembered_subjects()
def witness(operation: Operation, *actors: User) -> Operation:
    """Let the witnesses confirm, one after the other."""
    for actor in actors:
        operation = witnessing.destruction_witness(actor=actor, operation_id=operation.pk, password=PASSWORD)
    return operation
