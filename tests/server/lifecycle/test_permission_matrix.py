"""Who may do what with a case of a person, over HTTP and in the services: every role, near and far.

The table is the expectation and is read by people: `y` it is done, `-` it is refused.  The case is that of an
engineer of the laboratory, part of R&D; its receiver is a colleague, and a step was given to a seller.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.server.doors import nothing_drawn
from tests.server.lifecycle.company import step_of
from tests.server.register.company import signed_in

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import CaseStep
from shoumi.server.lifecycle.queries.access import (
    case_resource,
    cases_read_by,
    cases_visible_to,
    step_resource,
    tasks_of,
)
from shoumi.server.lifecycle.services.cases import party_name
from shoumi.server.lifecycle.services.giving import step_give

TABLE = """
who                | case | plans | talk | revocation | pledge | decision | record talk | record IT | sign | manage | templates
people_office      | y    | y     | y    | y          | y      | y        | -           | -         | -    | y      | y
legal              | y    | y     | y    | y          | y      | y        | -           | -         | -    | y      | y
officer            | y    | y     | y    | y          | y      | y        | y           | -         | -    | y      | y
foreign_officer    | -    | -     | -    | -          | -      | -        | -           | -         | -    | -      | y
leader             | y    | y     | y    | y          | y      | y        | -           | -         | -    | -      | y
owner              | y    | y     | y    | y          | y      | y        | -           | -         | -    | -      | y
sales_owner        | -    | -     | -    | -          | -      | -        | -           | -         | -    | -      | y
department_officer | y    | y     | y    | y          | y      | y        | -           | -         | -    | -      | y
auditor            | y    | y     | y    | y          | y      | y        | -           | -         | -    | -      | y
technician         | y    | -     | -    | y          | -      | -        | -           | y         | -    | -      | -
leaver             | y    | -     | -    | -          | y      | -        | -           | -         | y    | -      | -
successor          | y    | -     | -    | -          | -      | -        | -           | -         | -    | -      | -
seller             | y    | -     | -    | -          | -      | y        | -           | -         | -    | -      | -
proposer           | -    | -     | -    | -          | -      | -        | -           | -         | -    | -      | -
counsel            | -    | -     | -    | -          | -      | -        | -           | -         | -    | -      | -
"""  # noqa: E501 - a table
PAGES = {
    "case": ("lifecycle:case_detail", ""),
    "plans": ("lifecycle:case_history", ""),
    "talk": ("lifecycle:step_detail", "leaving-talk"),
    "revocation": ("lifecycle:step_detail", "revocation"),
    "pledge": ("lifecycle:step_detail", "exit-pledge"),
    "decision": ("lifecycle:step_detail", "non-compete-decision"),
    "record talk": ("lifecycle:step_record", "leaving-talk"),
    "record IT": ("lifecycle:step_record", "revocation"),
    "sign": ("lifecycle:step_sign", "exit-pledge"),
    "manage": ("lifecycle:case_cancel", ""),
    "templates": ("lifecycle:template_list", None),
}


@pytest.fixture
def case(company):
    made = company.leaving()
    step = step_of(made, "non-compete-decision")
    step_give(
        actor=company.legal,
        step=step,
        to=company.seller,
        until=None,
        reason="休假",
        expected_version=step.version,
    )
    return made


def expected():
    """Return {who: {column: letter}} from the table."""
    head, *lines = TABLE.strip().splitlines()
    columns = [cell.strip() for cell in head.split("|")][1:]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in cells}


def address(case, column):
    name, key = PAGES[column]
    if key is None:
        return reverse(name)
    return reverse(name, args=[step_of(case, key).pk if key else case.pk])


@pytest.mark.any_database  # which lists agree is asked on both
@pytest.mark.requirement("OFF-00")
@nothing_drawn()
def test_every_role_at_every_page(company, case):
    table, found = expected(), {}
    before = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count()
    for who, row in table.items():
        browser = signed_in(Client(), getattr(company, who))
        found[who] = {}
        for column in row:
            status = browser.get(address(case, column)).status_code
            assert status in {200, 403}, (who, column, status)
            found[who][column] = "y" if status == 200 else "-"
    assert found == table
    refused = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count() - before
    assert refused == sum(letter == "-" for row in table.values() for letter in row.values())


def test_the_person_sees_only_what_concerns_them_and_it_only_its_own_steps(company, case):
    def titles(user):
        page = signed_in(Client(headers={"accept-language": "en"}), user)
        page.cookies["django_language"] = "en"
        return page.get(case.get_absolute_url()).content.decode()

    mine = titles(company.leaver)
    assert "Exit pledge" in mine
    for hidden in (
        "Look-back",
        "Revocation of access",
        "Leaving talk",
        "Reason of leaving",
        "An infringement",
    ):
        assert hidden not in mine
    assert "Day of notice" not in mine
    own = titles(company.technician)
    assert "Revocation of access" in own
    assert "Malware scan" in own
    for hidden in ("Leaving talk", "Exit pledge", "Decision to use or waive"):
        assert hidden not in own


def test_lists_and_tasks_agree_with_the_rules(company, case):
    company.case(person=company.head.person)
    steps = list(
        CaseStep.objects.select_related("case__person__user", "case__entity", "case__department__entity")
    )
    for name, user in company.everybody.items():
        with gate.remembered_subjects():
            for visible, action in (
                (cases_visible_to, Action.PERSON_CASE_SEE),
                (cases_read_by, Action.PERSON_CASE_VIEW),
            ):
                listed = set(visible(user).values_list("pk", flat=True))
                for row in {step.case for step in steps}:
                    permitted = gate.permits(user, action, case_resource(row))
                    assert permitted == (row.pk in listed), (name, action, row)
            tasks = set(tasks_of(user).values_list("pk", flat=True))
            doing = (Action.PERSON_STEP_RECORD, Action.PERSON_STEP_SIGN, Action.PERSON_STEP_RECEIVE)
            for step in steps:
                if step.state in {"open", "waiting"}:
                    wishes = [(action, step_resource(step)) for action in (*doing, Action.PERSON_STEP_ATTEST)]
                    may = any(decision.permitted for decision in gate.decide_each(user, wishes))
                    assert may == (step.pk in tasks), (name, step)


def test_nobody_is_the_receiver_of_their_own_things(company, case):
    with pytest.raises(NotPermittedError):
        gate.require(company.leaver, Action.PERSON_STEP_RECEIVE, step_resource(step_of(case, "handover")))
    gate.require(company.successor, Action.PERSON_STEP_RECEIVE, step_resource(step_of(case, "handover")))
    party_name(actor=company.people_office, case=case, party="receiver", person=company.witness.person)
    with pytest.raises(NotPermittedError):
        gate.require(company.successor, Action.PERSON_STEP_RECEIVE, step_resource(step_of(case, "handover")))
