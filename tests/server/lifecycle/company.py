"""The invented company with people who join, move and leave, and whoever has a part in their cases."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

from tests.server.register.company import Register

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import entity_scope
from shoumi.server.accounts.gate import remembered_subjects
from shoumi.server.accounts.models import User
from shoumi.server.files.services import file_store
from shoumi.server.ledger.services import clock
from shoumi.server.lifecycle.models import Attestation, CaseStep, PersonCase
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open, party_name
from shoumi.server.lifecycle.services.handover import group_none, thing_receive
from shoumi.server.lifecycle.services.recording import Done, record_attest, step_record

PASSWORD = "correct-horse-battery-staple-4711"
ORDERLY = {
    "reason": "orderly",
    "knows_secrets": "yes",
    "manages_accounts": "no",
    "non_compete": "no",
    "suspicion": "no",
}
NOTICE, LAST = date(2026, 3, 1), date(2026, 3, 31)


class Staff(Register):
    """The company of the register tests, with HR and somebody who leaves a secret post."""

    @remembered_subjects()
    def __init__(self) -> None:
        super().__init__()
        self.people_office = self._holder("people", Role.HR, entity_scope(self.cn.pk))
        self.successor = self._member("E005", "程知远", self.engineer, "successor")
        self.witness = self._member("E006", "纪云深", self.clerk, "witness")
        for user in self.everybody.values():
            user.set_password(PASSWORD)
        User.objects.bulk_update(self.everybody.values(), ["password"])
        self.leaver = self.colleague
        self.reviewer = self.second_officer

    def case(self, kind="leaving", *, person=None, actor=None, facts=None, days=None) -> PersonCase:
        """Return a case that is opened now."""
        known = CaseFacts(
            ORDERLY | (facts or {}) if kind == "leaving" else facts or {},
            days if days is not None else {"notice_day": NOTICE, "last_day": LAST},
        )
        case = case_open(
            actor=actor or self.people_office, person=person or self.leaver.person, kind=kind, known=known
        )
        return PersonCase.objects.get(pk=case.pk)

    def leaving(self, **more) -> PersonCase:
        """Return an orderly leaver's case with its receiver named."""
        case = self.case(**more)
        party_name(actor=self.people_office, case=case, party="receiver", person=self.successor.person)
        return PersonCase.objects.get(pk=case.pk)

    def file(self, owner: User, name="证明.txt", content="已办理。"):
        """Return a stored file of `owner`."""
        return file_store(actor=owner, name=name, chunks=io.BytesIO(content.encode()))

    def does(self, case: PersonCase, key: str, actor: User, *, by: User | None = None, **more) -> CaseStep:
        """Record a step whole, with a second person who confirms it where the step needs two."""
        step = step_of(case, key)
        companions = [by] if by else []
        if step.evidence == "file":
            more.setdefault("files", [self.file(actor)])
        done = Done(note=more.pop("note", "已办理。"), companions=companions, **more)
        row = step_record(actor=actor, step=step, done=done)
        for item in row.attestations.all():
            record_attest(actor=item.user, attestation=item, agreed=True)
        return step_of(case, key)


def nothing(company: Staff, case: PersonCase, *groups: str, key: str = "handover") -> None:
    """Let the owner say that there is nothing of each kind, and the receiver confirm it."""
    for group in groups:
        thing = group_none(actor=company.owner, step=step_of(case, key), group=group)
        thing_receive(actor=company.successor, thing=thing)


def step_of(case: PersonCase, key: str) -> CaseStep:
    """Return a step of a case as it stands now."""
    return CaseStep.objects.select_related("case__person", "case__entity").get(case=case, key=key)


def asked(step: CaseStep, user: User) -> Attestation:
    """Return what `user` is asked to confirm."""
    return Attestation.objects.get(record__step=step, user=user, answered_at__isnull=True)


def settled(*items: str, at: datetime | None = None) -> dict:
    """Return items that are settled."""
    return dict.fromkeys(items, ("settled", at))


def now(**back: int) -> datetime:
    """Return the moment, or one before it."""
    return clock().now() - timedelta(**back)
