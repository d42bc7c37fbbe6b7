"""Asking for operations: who may receive, many things at once, sent back, withdrawn, extended, repeated."""

from __future__ import annotations

import pytest
from tests.server.register.operations_company import (
    LATER,
    PASSWORD,
    SOON,
    approve,
    approved,
    decide,
    drafted,
    execute,
    give_back,
    marked,
    submitted,
    thing,
    with_passwords,
)

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.register.models import OperationLine, TradeSecret
from shoumi.server.register.operation_values import Done, Execution, Thing, Wish
from shoumi.server.register.queries.operations.agreements import (
    AgreementExpiredError,
)
from shoumi.server.register.queries.operations.obstacles import (
    LevelRisenError,
    ReceiverOutsideError,
)
from shoumi.server.register.services.operations import executing, requests, returning
from shoumi.server.register.services.operations.deciding import LastLineError, operation_line_refuse
from shoumi.server.register.services.operations.frame import (
    OperationChangedError,
    OperationObstructedError,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(company):
    """The company, where everybody can sign."""
    return with_passwords(company)


def test_a_level_that_rose_after_the_approval_asks_for_a_new_one(people):
    secret = marked(people)
    operation = approved(people, secret, "borrow", receiver=people.head.person.pk)
    TradeSecret.objects.filter(pk=secret.pk).update(level="core")
    with pytest.raises((LevelRisenError, OperationObstructedError)):
        execute(people, operation)


def test_whoever_receives_must_know_the_secret_unless_they_ask_to_be_let_in(people):
    secret = marked(people, level="general")
    with pytest.raises(NotPermittedError):
        drafted(people, secret, "consult", actor=people.seller)
    with pytest.raises(ReceiverOutsideError):
        submitted(people, secret, "consult", receiver=people.legal.person.pk)
    operation = requests.operation_draft(
        actor=people.leader, kind="consult", things=[Thing(secret.pk)], wish=Wish(purpose="评审"), let_in=True
    )
    assert (operation.kind, operation.receiver) == ("consult", people.leader.person)
    operation = requests.operation_submit(
        actor=people.leader, operation_id=operation.pk, expected_version=operation.version
    )
    operation = execute(people, approve(people, operation))
    assert operation.state == "done"
    with pytest.raises(NotPermittedError) as refused:  # not cleared: a post without level
        requests.operation_draft(actor=people.seller, kind="consult", things=[Thing(secret.pk)], let_in=True)
    assert refused.value.reasons == ("operation-needs-clearance",)


def test_many_things_are_decided_as_one_and_single_lines_may_be_refused_or_come_back_alone(people):
    secret = marked(people)
    for name in ("工艺卡二", "工艺卡三"):
        carrier = secret.carriers.create(kind="paper", description=name)
        task = secret.marking_tasks.create(version=secret.versions.get(), carrier=carrier)
        task.done_at = secret.registered_at
        task.save()
    things = [Thing(secret.pk, carrier=row.pk) for row in secret.carriers.all()]
    operation = submitted(people, secret, "borrow", things=things)
    first, second, third = operation.lines.all()
    with pytest.raises(NotPermittedError):
        operation_line_refuse(actor=people.colleague, line_id=first.pk, reason="不需要")
    operation_line_refuse(actor=people.officer, line_id=first.pk, reason="不需要")
    operation = execute(people, approve(people, operation))
    states = dict(operation.lines.values_list("pk", "state"))
    assert states == {first.pk: "refused", second.pk: "out", third.pk: "out"}
    operation = give_back(people, operation, lines=[second.pk])
    assert operation.state == "under_way"
    operation = give_back(people, operation)
    assert operation.state == "done"


def test_the_last_line_is_refused_with_the_request(people):
    operation = submitted(people, marked(people), "borrow")
    with pytest.raises(LastLineError):
        operation_line_refuse(actor=people.officer, line_id=operation.lines.get().pk, reason="不需要")
    decide(operation, people.officer, "reject", "不需要")
    operation.refresh_from_db()
    assert (operation.state, operation.outcome_reason) == ("rejected", "不需要")


def test_what_was_sent_back_is_mended_and_submitted_again_and_what_is_withdrawn_is_over(people):
    operation = submitted(people, marked(people), "borrow")
    decide(operation, people.officer, "return", "请写明用途")
    operation.refresh_from_db()
    assert operation.state == "returned"
    operation = requests.operation_save(
        actor=people.owner, operation_id=operation.pk, expected_version=operation.version,
        wish=Wish(purpose="用于三月的试验", receiver=people.colleague.person.pk, due_on=SOON),
    )  # fmt: skip
    operation = requests.operation_submit(
        actor=people.owner, operation_id=operation.pk, expected_version=operation.version
    )
    operation = approve(people, operation)
    with pytest.raises(OperationChangedError):
        executing.operation_execute(
            actor=people.department_officer,
            operation_id=operation.pk,
            expected_version=operation.version - 1,
            execution=Execution((Done(operation.lines.get().pk),), PASSWORD),
        )


def test_withdrawn_before_it_is_carried_out(people):
    operation = approved(people, marked(people), "borrow")
    with pytest.raises(NotPermittedError):
        requests.operation_withdraw(actor=people.officer, operation_id=operation.pk)
    operation = requests.operation_withdraw(actor=people.owner, operation_id=operation.pk, reason="不再需要")
    assert operation.state == "withdrawn"
    with pytest.raises(NotPermittedError):
        execute(people, operation)


def test_more_time_is_approved_again_and_only_as_long_as_the_agreement_holds(people):
    secret = marked(people)
    operation = execute(people, approved(people, secret, "disclose"))
    with pytest.raises(AgreementExpiredError):
        returning.extension_ask(
            actor=people.owner, operation_id=operation.pk, until=LATER.replace(year=2027), reason="x"
        )
    with pytest.raises(returning.ExtensionDayError):
        returning.extension_ask(actor=people.owner, operation_id=operation.pk, until=SOON, reason="x")
    until = SOON.replace(month=5)
    returning.extension_ask(actor=people.owner, operation_id=operation.pk, until=until, reason="试验未完成")
    operation.refresh_from_db()
    assert operation.due_on == SOON
    approve(people, operation)
    operation.refresh_from_db()
    assert operation.due_on == until


def test_asking_for_the_same_again_keeps_answers_and_things(people):
    secret = marked(people)
    operation = give_back(people, execute(people, approved(people, secret, "borrow")))
    again = requests.operation_again(actor=people.owner, operation_id=operation.pk)
    assert (again.state, again.kind, again.purpose) == ("draft", "borrow", operation.purpose)
    assert (again.due_on, again.receiver) == (None, operation.receiver)
    assert again.lines.get().carrier == operation.lines.get().carrier
    assert OperationLine.objects.filter(operation=again).count() == 1


def test_secrets_of_two_departments_are_asked_for_separately(people):
    first, second = marked(people), marked(people)
    TradeSecret.objects.filter(pk=second.pk).update(owner_department=people.sales)
    with pytest.raises(requests.OneDepartmentError):
        requests.operation_draft(
            actor=people.officer, kind="destroy", things=[Thing(first.pk), Thing(second.pk)], wish=Wish()
        )
    with pytest.raises(requests.NothingChosenError):  # a carrier of another secret
        requests.operation_draft(
            actor=people.officer, kind="destroy",
            things=[Thing(first.pk, carrier=thing(second).carrier)], wish=Wish(),
        )  # fmt: skip
