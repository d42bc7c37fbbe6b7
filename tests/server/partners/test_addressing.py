"""Nothing is given to a worker of a contractor by name: no step, no part in a case, no request."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override
from tests.server.lifecycle.company import Staff
from tests.server.partners.outside import contractor
from tests.server.remembering import founded

from shoumi.engine.jurisdiction.outsiders import Purpose
from shoumi.server.lifecycle.services.cases import party_name
from shoumi.server.lifecycle.services.giving import step_give
from shoumi.server.partners.services.duties import DutyWish, duty_ask, finding_record
from shoumi.server.partners.services.errors import DutyNamesWorkerError
from shoumi.server.partners.services.workers import worker_record
from shoumi.server.people.models import EngagementKind, Person
from shoumi.server.people.queries.addressing import (
    WorkerAddressedError,
    addressee_of,
    by_name,
    verify_by_name,
)

Kind = EngagementKind


def sent(company, number, kind, *, contractor_name="示范信息处理有限公司", sign_in="") -> Person:
    """Return somebody of another company who works in the laboratory, with their own name."""
    name = {"C": "石砚秋", "D": "叶随舟"}[number[0]]
    return company.person(
        number, name, company.engineer, kind=kind, starts_on=date(2026, 1, 5), sign_in=sign_in,
        contractor=contractor_name,
    )  # fmt: skip


@pytest.fixture
def staff(db, fixed_clock):
    """A company with HR and cases of people."""
    return founded(Staff)


@pytest.mark.requirement("JPN-09")
def test_the_companys_manager_is_the_addressee_wherever_a_task_is_given(staff):
    partner = contractor(staff)
    worker = sent(staff, "C001", Kind.CONTRACTORS_WORKER, sign_in="worker")
    worker_record(actor=staff.owner, partner=partner, engagement=worker.engagements.get())
    found = addressee_of(worker)
    assert not found.by_name
    assert (found.manager.company, found.manager.name) == ("示范信息处理有限公司", "沈望舒")
    case = staff.case()
    step = case.steps.filter(personal=False).first() or case.steps.first()
    wish = {"until": None, "reason": "休假", "expected_version": step.version}
    with pytest.raises(WorkerAddressedError) as refused, override("ja"):
        step_give(actor=staff.officer, step=step, to=worker.user, **wish)
    assert refused.value.fields["company"] == "示范信息处理有限公司 (沈望舒)"
    with pytest.raises(WorkerAddressedError):
        party_name(actor=staff.people_office, case=case, party="receiver", person=worker)


@pytest.mark.requirement("JPN-09")
def test_what_a_company_is_asked_for_names_none_of_its_workers(staff):
    partner = contractor(staff)
    worker = sent(staff, "C001", Kind.CONTRACTORS_WORKER)
    worker_record(actor=staff.owner, partner=partner, engagement=worker.engagements.get())
    ask = {"kind": "work", "due_on": date(2026, 3, 31)}
    with pytest.raises(DutyNamesWorkerError):
        duty_ask(actor=staff.owner, partner=partner, wish=DutyWish(title="请石砚秋整理名册", **ask))
    duty = duty_ask(actor=staff.owner, partner=partner, wish=DutyWish(title="整理名册", **ask))
    with pytest.raises(DutyNamesWorkerError):
        finding_record(actor=staff.owner, duty=duty, text="石砚秋未锁屏", due_on=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("purpose", "named"),
    [(Purpose.WORK, True), (Purpose.TRAINING, True), (Purpose.SANCTION, False), (Purpose.PLEDGE, False)],
)
def test_a_dispatched_worker_may_be_instructed_but_not_sanctioned(staff, purpose, named):
    worker = sent(staff, "D001", Kind.DISPATCHED_WORKER)
    assert addressee_of(worker, purpose).by_name is named
    assert by_name(Person.objects.filter(pk=worker.pk), staff.cn, purpose).exists() is named
    if not named:
        with pytest.raises(WorkerAddressedError):
            verify_by_name(worker, purpose)


def test_an_employee_beside_is_addressed_by_name_and_so_is_nobody(staff):
    verify_by_name(None)
    verify_by_name(staff.colleague.person)
    worker = sent(staff, "C001", Kind.CONTRACTORS_WORKER)
    assert not by_name(Person.objects.filter(pk=worker.pk), staff.cn).exists()
    staff.person("E100", "季长风", staff.clerk)
    assert by_name(Person.objects.filter(number="E100"), staff.cn).exists()
