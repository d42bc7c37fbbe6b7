"""What time brings to operations: reminders, alarms, escalation, lapses; and templates and third parties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.register.company import stored
from tests.server.register.operations_company import (
    LATER,
    agreement,
    approved,
    execute,
    give_back,
    marked,
    third_party,
    with_passwords,
)

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.register.models import Operation, OperationTemplate
from shoumi.server.register.operation_values import Thing
from shoumi.server.register.services.operations import notices, requests, templates
from shoumi.server.register.services.operations.dueness import operations_look_after
from shoumi.server.register.services.third_parties import (
    AgreementFaultyError,
    ThirdPartyChangedError,
    ThirdPartyTwiceError,
    agreement_open,
    agreement_record,
    third_party_save,
)
from shoumi.server.register.tasks import hourly

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(company):
    """The company, where everybody can sign."""
    return with_passwords(company)


def told(message: str) -> set[str]:
    return set(Notification.objects.filter(message=message).values_list("user__username", flat=True))


@pytest.mark.requirement("ARC-OP2")
def test_a_loan_is_reminded_then_overdue_then_escalated_each_once(people, fixed_clock):
    operation = execute(people, approved(people, marked(people), "borrow"))
    assert operations_look_after() == (0, 0, 0)
    fixed_clock.advance(timedelta(days=16))  # three days before
    assert operations_look_after() == (1, 0, 0)
    assert operations_look_after() == (0, 0, 0)
    assert told(notices.REMINDER) == {"colleague", "owner"}
    fixed_clock.advance(timedelta(days=4))
    assert operations_look_after() == (0, 1, 0)
    assert {"colleague", "owner", "head", "officer", "rd-officer"} <= told(notices.OVERDUE)
    assert LedgerEntry.objects.filter(
        subject=operation.ledger_subject, tag="register:operation:overdue", actor="system:register"
    ).exists()
    fixed_clock.advance(timedelta(days=6))
    assert operations_look_after() == (0, 1, 0)
    assert {"leader", "leader2"} <= told(notices.ESCALATED)
    give_back(people, operation)
    fixed_clock.advance(timedelta(days=30))
    assert operations_look_after() == (0, 0, 0)


def test_no_mail_about_operations_names_anything(people, fixed_clock):
    execute(people, approved(people, marked(people), "borrow"))
    fixed_clock.advance(timedelta(days=20))
    hourly()
    texts = set(Notification.objects.exclude(mail_text="").values_list("mail_text", flat=True))
    assert notices.OVERDUE_MAIL in texts
    assert not [text for text in texts if "OP-" in text or "%(" in text or "陶瓷" in text]


def test_an_approval_that_nobody_carries_out_lapses(people, fixed_clock):
    operation = approved(people, marked(people), "borrow")
    fixed_clock.advance(timedelta(days=29))
    assert operations_look_after() == (0, 0, 0)
    fixed_clock.advance(timedelta(days=2))
    assert operations_look_after() == (0, 0, 1)
    operation.refresh_from_db()
    assert operation.state == Operation.State.LAPSED
    with pytest.raises(NotPermittedError):
        execute(people, operation)


def test_a_template_keeps_answers_for_its_owner_only(people):
    secret = marked(people)
    operation = approved(people, secret, "borrow")
    with pytest.raises(templates.TemplateNameError):
        templates.template_save(actor=people.owner, operation_id=operation.pk, name=" ")
    template = templates.template_save(actor=people.owner, operation_id=operation.pk, name="试验借阅")
    templates.template_delete(actor=people.officer, template_id=template.pk)
    assert OperationTemplate.objects.filter(pk=template.pk).exists()
    wish = templates.template_wish(template)
    again = requests.operation_draft(actor=people.owner, kind="borrow", things=[Thing(secret.pk)], wish=wish)
    assert (again.purpose, again.receiver, again.due_on) == (operation.purpose, operation.receiver, None)
    templates.template_delete(actor=people.owner, template_id=template.pk)
    assert not OperationTemplate.objects.exists()


@pytest.mark.requirement("ARC-OP5")
def test_third_parties_and_agreements_are_kept_by_their_department(people):
    party = third_party(people)
    for stranger in (people.seller, people.sales_owner, people.technician, people.auditor):
        with pytest.raises(NotPermittedError):
            third_party_save(actor=stranger, department=people.rd, name="另一家")
        with pytest.raises(NotPermittedError):
            agreement_record(
                actor=stranger, third_party_id=party.pk, file=stored(stranger), parties="双方",
                signed_on=LATER, level=1,
            )  # fmt: skip
    with pytest.raises(ThirdPartyTwiceError):
        third_party(people)
    with pytest.raises(ThirdPartyChangedError):
        third_party_save(
            actor=people.owner, department=people.rd, name="新名", third_party=party, expected_version=9
        )
    with pytest.raises(AgreementFaultyError):
        agreement_record(
            actor=people.owner, third_party_id=party.pk, file=stored(people.owner), parties="双方",
            signed_on=LATER, valid_until=LATER - timedelta(days=1), level=1,
        )  # fmt: skip
    signed = agreement(people, party)
    assert agreement_open(actor=people.legal, agreement_id=signed.pk) == signed.file
    with pytest.raises(NotPermittedError):
        agreement_open(actor=people.colleague, agreement_id=signed.pk)
