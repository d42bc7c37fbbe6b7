"""Cases beside agreements, training and the register of persons: what is settled there is done here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.server.agreements.company import PASSWORD, Agreed, in_force, offered
from tests.server.lifecycle.company import step_of
from tests.server.people.rosters import applied, lines, workbook
from tests.server.register.company import signed_in
from tests.server.remembering import founded
from tests.server.training.school import certified, published, with_text

from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.services.refusing import Refused, refusal_record, refusal_witness
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.lifecycle.models import CaseStep, PersonCase, StepRecord
from shoumi.server.lifecycle.services.cases import CaseFacts, case_open
from shoumi.server.notifications.models import Notification
from shoumi.server.people.importing.specs import ENGAGEMENTS
from shoumi.server.people.services import engagement_move
from shoumi.server.people.services.engagements import Terms
from shoumi.server.training.services import courses

State = CaseStep.State
JOINER = {"knows_secrets": "yes", "from_competitor": "no", "post_level": "important"}
LEAVER = {"reason": "orderly", "knows_secrets": "yes", "manages_accounts": "no", "suspicion": "no"}


@pytest.fixture
def agreed(db, fixed_clock) -> Agreed:
    """A company that signs agreements, on 2026-03-01 at 09:00 UTC."""
    return founded(Agreed)


def opened(company: Agreed, kind: str, facts: dict, **days: date) -> PersonCase:
    known = CaseFacts(facts | ({"non_compete": "no"} if kind == "leaving" else {}), days)
    person = company.proposer.person
    return case_open(actor=company.personnel, person=person, kind=kind, known=known)


@pytest.mark.requirement("ONB-03")
def test_a_joiner_s_steps_are_done_by_what_is_signed_and_learned(agreed, client):
    before = in_force(agreed, kind="secrecy_clause")
    case = opened(agreed, "joining", JOINER, first_day=date(2026, 3, 9))
    assert step_of(case, "secrecy-clause").state == State.DONE  # it was in force when the case was opened
    assert step_of(case, "nda").state == State.OPEN
    made = in_force(agreed)
    step = step_of(case, "nda")
    record = step.records.get()
    assert (step.state, record.way, record.agreement) == (State.DONE, "agreement", made)
    assert record.document_sha256 == made.pdf.sha256
    assert set(record.signed) == {"person", "company"}
    assert LedgerEntry.objects.filter(subject=case.ledger_subject, tag="lifecycle:record:linked").count() == 2
    draft = courses.course_begin(actor=agreed.officer, entity=agreed.cn, title="保密常识")
    version = published(agreed, with_text(agreed, draft))
    certificate = certified(agreed.proposer, version)
    assert step_of(case, "training-before-access").records.get().certificate == certificate
    signed_in(client, agreed.personnel)
    for row in (before, certificate):
        assert case.number in client.get(row.get_absolute_url()).content.decode()
    page = client.get(step.get_absolute_url()).content.decode()
    assert made.get_absolute_url() in page


@pytest.mark.requirement("OFF-09")
def test_a_refusal_before_two_witnesses_stands_for_the_pledge_and_an_old_pledge_does_not(agreed):
    old = in_force(agreed, kind="exit_pledge")  # of an earlier leaving
    Agreement.objects.filter(pk=old.pk).update(created_at=old.created_at - timedelta(days=400))
    case = opened(agreed, "leaving", LEAVER, notice_day=date(2026, 3, 1), last_day=date(2026, 3, 31))
    assert not StepRecord.objects.filter(step__case=case).exists()
    row = offered(agreed, kind="exit_pledge")
    seen = (agreed.colleague.person, agreed.seller.person)
    made = refusal_record(
        actor=agreed.personnel,
        agreement=row,
        expected_version=row.version,
        refused=Refused(agreed.head.person, seen, "二号楼会议室", "需要咨询律师"),
    )
    sha256 = Agreement.objects.get(pk=made.paper_id).pdf.sha256
    for witness in made.witnesses.select_related("person__user", "refusal__paper"):
        assert step_of(case, "exit-pledge").state != State.REFUSED  # one witness is not enough
        refusal_witness(actor=witness.person.user, witness=witness, pdf_sha256=sha256, password=PASSWORD)
    assert step_of(case, "exit-pledge").state == State.REFUSED


@pytest.mark.requirement("TRF-01")
def test_leaving_a_secret_post_opens_the_transfer_also_by_import(company):
    person = company.leaver.person
    first = person.engagements.get()
    terms = Terms("employee", company.clerk.department, date(2026, 4, 1), company.clerk)
    engagement_move(
        actor=company.people_office, engagement=first, expected_version=first.version, terms=terms
    )
    case = PersonCase.objects.get(person=person, kind="transfer")
    assert (case.facts["post_level"], case.days["transfer_day"]) == ("important", "2026-04-01")
    assert step_of(case, "transfer-talk").state == State.OPEN
    other = company.successor.person
    stay = other.engagements.get()
    head = "entity|number|department|post|kind|starts_on|ends_on|end_reason"
    place = f"{other.entity.code}|{other.number}"
    rows = lines(
        head,
        f"{place}|{stay.department.code}|{stay.post.title}|employee|{stay.starts_on}|2026-04-01|moved",
        f"{place}|{company.clerk.department.code}|{company.clerk.title}|employee|2026-04-01||",
    )
    applied(company.people_office, workbook((ENGAGEMENTS, rows)))
    assert PersonCase.objects.filter(person=other, kind="transfer").count() == 1


def test_a_move_between_posts_without_secrets_opens_nothing_and_no_case_holds_a_move_up(company):
    seller = company.seller.person
    stay = seller.engagements.get()
    plain = company.post(company.sales, "助理", 0)
    terms = Terms("employee", company.sales, date(2026, 4, 1), plain)
    engagement_move(actor=company.people_office, engagement=stay, expected_version=stay.version, terms=terms)
    assert not PersonCase.objects.filter(person=seller).exists()
    company.technician.is_active = False  # nobody withdraws rights any more
    company.technician.save()
    person = company.leaver.person
    first = person.engagements.get()
    terms = Terms("employee", company.clerk.department, date(2026, 4, 1), company.clerk)
    engagement_move(
        actor=company.people_office, engagement=first, expected_version=first.version, terms=terms
    )
    assert not PersonCase.objects.filter(person=person).exists()
    told = Notification.objects.filter(message__contains="from or to a secret post")
    assert {row.user for row in told} >= {company.people_office, company.officer}
