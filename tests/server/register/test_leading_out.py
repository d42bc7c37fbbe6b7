"""What may concern state secrets leaves the register, and nothing typed or uploaded stays behind."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from tests.server.register.company import CONTENT, decide, draft, proposed, registered, signed_in

from shoumi.engine.errors import ConflictError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.register.models import TradeSecret
from shoumi.server.register.queries.secrets import secrets_visible_to
from shoumi.server.register.services import drafts, proposals
from shoumi.server.register.services.leading_out import proposal_lead_out
from shoumi.server.register.values import Identity

MARK = "鲸落计划"  # nobody else writes this


def everything_in_the_database():
    """Return all texts of all rows of all tables."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [str(value) for row in cursor.fetchall() for value in row]
    return texts


def marked(company, secret):
    return drafts.secret_describe(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
        identity=Identity(MARK, MARK, "IDN-T2", MARK, str(company.head.person.pk)),
    )  # fmt: skip


@pytest.mark.requirement("GEN-13", "GEN-14")
def test_a_yes_at_the_gate_stores_nothing_and_tells_the_office(company, client):
    signed_in(client, company.proposer)
    answer = client.post(
        reverse("register:secret_propose"), {"department": str(company.lab.pk), "national_security": "yes"}
    )
    assert answer.status_code == 302
    assert "led-out" in answer.headers["Location"]
    assert client.get(answer.headers["Location"]).status_code == 200
    assert not TradeSecret.objects.exists()
    entry = LedgerEntry.objects.get(tag="register:proposal:led_out")
    assert entry.actor == company.proposer.ledger_actor
    assert entry_details(entry) == ()
    assert company.officer.notifications.count() == 1


@pytest.mark.requirement("GEN-13", "GEN-14")
@pytest.mark.parametrize("stage", ["draft", "proposed", "awaiting approval"])
def test_a_yes_later_on_leaves_no_trace_of_what_was_typed_or_uploaded(company, stage):
    secret = marked(company, draft(company))
    StoredFile.objects.filter(pk=secret.files.get().file_id).update(name=MARK)
    actor = company.proposer
    if stage != "draft":
        proposals.secret_submit(actor=company.proposer, secret_id=secret.pk, expected_version=secret.version)
        actor = company.officer
    if stage == "awaiting approval":
        decide(secret, company.officer)
        actor = company.second_officer
    assert any(MARK in text for text in everything_in_the_database())
    proposal_lead_out(actor=actor, department=company.lab, secret_id=secret.pk)
    left = [text for text in everything_in_the_database() if MARK in text]
    assert left == []
    secret.refresh_from_db()
    assert (secret.led_out, secret.name, secret.state) == (True, "", "withdrawn")
    assert not secret.files.exists()
    assert StoredFile.objects.get().state == FileState.SHREDDED
    assert entries_of(secret.ledger_subject).filter(tag="register:proposal:led_out").exists()
    assert CONTENT.decode() not in "".join(everything_in_the_database())


def test_the_shell_that_is_left_can_still_be_looked_at(company, client):
    secret = draft(company)
    proposal_lead_out(actor=company.proposer, department=company.lab, secret_id=secret.pk)
    signed_in(client, company.proposer)
    assert client.get(reverse("register:secret_detail", args=[secret.pk])).status_code == 200
    assert secrets_visible_to(company.officer).filter(pk=secret.pk).exists()


def test_who_may_lead_out(company):
    secret = proposed(company)
    for person in (company.leader, company.seller, company.proposer, company.technician):
        with pytest.raises(NotPermittedError):
            proposal_lead_out(actor=person, department=company.lab, secret_id=secret.pk)
    kept = registered(company)
    with pytest.raises((ConflictError, NotPermittedError)):
        proposal_lead_out(actor=company.officer, department=company.lab, secret_id=kept.pk)


def test_a_yes_in_the_fourth_step_leads_out(company, client):
    secret = draft(company)
    signed_in(client, company.proposer)
    data = {"expected_version": secret.version, "national_security": "yes", "level": "important"}
    answer = client.post(reverse("register:secret_draft", args=[secret.pk, 4]), data)
    assert "led-out" in answer.headers["Location"]
    secret.refresh_from_db()
    assert secret.led_out
