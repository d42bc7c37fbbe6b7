"""Who may open which page of personal data, over HTTP, and that lists agree with the rules."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.server.doors import nothing_drawn
from tests.server.privacy.test_breaches import report
from tests.server.register.company import signed_in

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.console.readers import SEES_PRIVACY, SEES_UNMASKINGS
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.queries import entity_resource
from shoumi.server.privacy.queries.breaches import breach_resource, breaches_visible_to
from shoumi.server.privacy.queries.visible import (
    READERS,
    TELLERS,
    WATCHERS,
    entities_of,
    processing_resource,
    processings_visible_to,
    unmasking_resource,
    unmaskings_visible_to,
)
from shoumi.server.privacy.services.unmasking import unmasking_ask

TABLE = """
who               | register| record| notice| publish| paper| unmasking| decide| ask| breach| report| work
legal             | y       | y     | y     | y      | y    | y        | y     | y  | y     | y     | y
officer           | y       | y     | y     | y      | y    | y        | -     | y  | y     | y     | y
second_officer    | y       | y     | y     | y      | y    | y        | y     | y  | y     | y     | y
people_office     | y       | -     | y     | -      | y    | -        | -     | y  | y     | -     | -
leader            | y       | -     | y     | -      | -    | -        | -     | -  | y     | -     | -
auditor           | y       | -     | y     | -      | -    | y        | -     | -  | y     | -     | -
foreign_officer   | -       | -     | -     | -      | -    | -        | -     | y  | -     | -     | -
owner             | -       | -     | -     | -      | -    | -        | -     | -  | -     | -     | -
department_officer| -       | -     | -     | -      | -    | -        | -     | -  | -     | -     | -
technician        | y       | -     | -     | -      | -    | -        | -     | -  | y     | -     | y
watched           | -       | -     | -     | -      | -    | -        | -     | -  | -     | -     | -
"""


def expected():
    """Return {who: {column: letter}} from the table."""
    head, *lines = TABLE.strip().splitlines()
    columns = [cell.strip() for cell in head.split("|")][1:]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in cells}


@pytest.mark.any_database  # which lists agree is asked on both
@pytest.mark.requirement("WEC-09", "WEC-30")
@nothing_drawn()
def test_every_role_at_every_page(company):
    processing = company.processing()
    version = company.notice(processing)
    unmasking = unmasking_ask(actor=company.officer, person=company.watched.person, purpose="核查")
    breach = report(company)
    pages = {
        "register": reverse("privacy:processing_detail", args=[processing.pk]),
        "record": reverse("privacy:processing_new", args=[company.cn.pk, "what"]),
        "notice": reverse("privacy:notice_detail", args=[version.notice_id]),
        "publish": reverse("privacy:notice_version_new", args=[version.notice_id, "about"]),
        "paper": reverse("privacy:notice_hand", args=[version.pk]),
        "unmasking": reverse("privacy:unmasking_detail", args=[unmasking.pk]),
        "decide": reverse("privacy:unmasking_decide", args=[unmasking.pk]),
        "ask": reverse("privacy:unmasking_ask"),
        "breach": breach.get_absolute_url(),
        "report": reverse("privacy:breach_begin", args=[company.cn.pk]),
        "work": reverse("privacy:breach_assess", args=[breach.pk]),
    }
    table, found = expected(), {}
    before = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count()
    for who, row in table.items():
        browser = signed_in(Client(), getattr(company, who))
        found[who] = {column: "y" if browser.get(pages[column]).status_code == 200 else "-" for column in row}
    assert found == table
    refused = LedgerEntry.objects.filter(tag=LedgerTag.POLICY_DECISION_REFUSED).count() - before
    assert refused == sum(letter == "-" for row in table.values() for letter in row.values())


def test_lists_agree_with_the_rules(company):
    processing = company.processing()
    unmasking = unmasking_ask(actor=company.people_office, person=company.watched.person, purpose="核查")
    breach = report(company)
    for name, user in company.everybody.items():
        with gate.remembered_subjects():
            may = gate.permits(user, Action.PRIVACY_MATTER_VIEW, processing_resource(processing))
            assert may == (processing in processings_visible_to(user)), name
            for roles, action in ((READERS, Action.PRIVACY_VIEW), (TELLERS, Action.PRIVACY_TELL)):
                for entity in (company.cn, company.jp):
                    may = gate.permits(user, action, entity_resource(entity))
                    assert may == (entity in entities_of(user, roles)), (name, action, entity)
            may = gate.permits(user, Action.UNMASKING_VIEW, unmasking_resource(unmasking))
            assert may == (unmasking in unmaskings_visible_to(user)), name
            may = gate.permits(user, Action.PRIVACY_MATTER_VIEW, breach_resource(breach))
            assert may == (breach in breaches_visible_to(user)), name
    assert {role.value for role in READERS} == SEES_PRIVACY
    assert {role.value for role in WATCHERS | TELLERS} == SEES_UNMASKINGS


def test_everybody_sees_only_their_own_page(company):
    company.told(company.notice(company.processing()))
    own = signed_in(Client(), company.watched).get(reverse("privacy:mine"))
    assert own.context["read"]
    other = signed_in(Client(), company.seller)
    assert not other.get(reverse("privacy:mine")).context["read"]
    delivery = company.watched.person.privacy_deliveries.get()
    assert other.get(reverse("privacy:my_notice", args=[delivery.pk])).status_code == 404
    assert signed_in(Client(), company.counsel).get(reverse("privacy:mine")).status_code == 200
