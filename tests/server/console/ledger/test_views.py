"""The ledger's pages: who sees what, what stays masked, and what a reveal leaves behind."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from tests.server.ledger.attacks import drop_triggers, fill, sql

from shoumi.engine.evidence.entry import parse_entry
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.queries import entries_of, entry_count
from shoumi.server.ledger.services import append, audit_run, detail_erase
from shoumi.server.ledger.tags import LedgerTag

pytestmark = pytest.mark.django_db


def put(**detail):
    with transaction.atomic():
        return append(LedgerTag.LEDGER_EVIDENCE_MADE, actor="system:test", subject="secret:x1", detail=detail)


def page(browser, name, *args, **query):
    response = browser.get(reverse(f"ledger:{name}", args=args), query)
    return response.status_code, response.content.decode()


READING = ["entry_list", "integrity"]
FILES = ["entry_body", "entry_proof"]


@pytest.mark.parametrize("name", READING)
def test_auditors_and_the_office_read_and_others_do_not(auditor, officer, employee, name):
    assert page(auditor, name)[0] == page(officer, name)[0] == 200
    assert page(employee, name)[0] == 403


@pytest.mark.parametrize("name", ["entry_detail", *FILES])
def test_one_entry_and_its_files(auditor, employee, name):
    entry = put()
    checkpoint_make()
    assert page(auditor, name, entry.index)[0] == 200
    assert page(employee, name, entry.index)[0] == 403


@pytest.mark.parametrize("name", [*READING, "light"])
def test_strangers_are_sent_to_sign_in(client, db, name):
    assert client.get(reverse(f"ledger:{name}")).status_code == 302


@pytest.mark.parametrize("index", [10**6, 2**63, 10**30])
@pytest.mark.parametrize("name", ["entry_detail", *FILES])
def test_an_entry_that_does_not_exist_is_not_found(auditor, name, index):
    assert page(auditor, name, index)[0] == 404


def test_the_list_pages_and_filters(auditor):
    fill(120)
    status, text = page(auditor, "entry_list", tag="ledger:evidence:made")
    assert status == 200
    assert "trade secret" in text
    assert text.count('class="state state-waiting"') == 50
    assert "below=" in text
    assert "above=" not in text
    _, older = page(auditor, "entry_list", tag="ledger:evidence:made", below=entry_count() - 50)
    assert "above=" in older
    _, one = page(auditor, "entry_list", subject="secret:7")
    assert one.count("<tr>") == 2
    _, none = page(auditor, "entry_list", subject="secret:nothing")
    assert "Nothing matches" in none


def test_a_name_nobody_has_is_said_and_nothing_breaks(auditor):
    status, text = page(auditor, "entry_list", actor="nobody-here", since="not a date", below="-3")
    assert status == 200
    assert "Nobody signs in under this name." in text


def test_a_person_is_found_by_the_sign_in_name(auditor, officer):
    _, text = page(auditor, "entry_list", actor="officer")
    assert "Officer" in text


def test_htmx_gets_the_rows_only(auditor):
    put()
    response = auditor.get(reverse("ledger:entry_list"), headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"<table" in response.content


def test_values_are_masked_until_revealed_and_the_reveal_is_told(officer):
    entry = put(title="配方 <A>", size=3)
    _, before = page(officer, "entry_detail", entry.index)
    assert "配方" not in before
    address = reverse("ledger:entry_reveal", args=[entry.index])
    response = officer.post(address, {"purpose": "preparing the hearing"})
    assert "配方 &lt;A&gt;" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    told = entries_of(f"entry:{entry.index}").last()
    assert told.tag == "ledger:detail:revealed"
    assert set(parse_entry(bytes(told.body)).commitments) == {"names", "purpose"}
    assert "配方" not in page(officer, "entry_detail", entry.index)[1]


@pytest.mark.parametrize("purpose", ["", "   "])
def test_without_a_purpose_nothing_is_revealed(officer, purpose):
    entry = put(title="配方")
    response = officer.post(reverse("ledger:entry_reveal", args=[entry.index]), {"purpose": purpose})
    assert "配方" not in response.content.decode()
    assert not entries_of(f"entry:{entry.index}").exists()


def test_an_auditor_sees_no_value(auditor):
    entry = put(title="配方")
    assert "reveal" not in page(auditor, "entry_detail", entry.index)[1]
    response = auditor.post(reverse("ledger:entry_reveal", args=[entry.index]), {"purpose": "audit"})
    assert response.status_code == 403
    assert "配方" not in response.content.decode()


def test_an_erased_detail_is_said_to_be_erased(officer):
    entry = put(title="配方")
    with transaction.atomic():
        detail_erase(entry, actor="system:test", reason="request")
    assert "erased on request" in page(officer, "entry_detail", entry.index)[1]
    response = officer.post(reverse("ledger:entry_reveal", args=[entry.index]), {"purpose": "hearing"})
    assert "erased on request" in response.content.decode()


def test_the_page_of_an_entry_says_how_to_check_it(auditor):
    entry = put()
    assert "not yet" in page(auditor, "entry_detail", entry.index)[1]
    checkpoint_make()
    _, text = page(auditor, "entry_detail", entry.index)
    assert "openssl dgst -sha256" in text
    assert entry.leaf_hash.hex() in text


def test_everybody_sees_the_light_and_only_readers_can_open_it(auditor, employee):
    fill(3)
    audit_run()
    status, text = page(employee, "light")
    assert (status, "light-amber" in text, "href" in text) == (200, True, False)
    assert "href" in page(auditor, "light")[1]


def test_a_red_light_names_the_entry_on_every_page_of_it(auditor):
    fill(5)
    drop_triggers()
    bad = entry_count() - 2
    sql("""UPDATE ledger_ledgerentry SET actor = 'user:x' WHERE "index" = %s""", [bad])
    audit_run()
    assert f"entry {bad}" in page(auditor, "light")[1]
    _, text = page(auditor, "integrity")
    assert "alert-danger" in text
    assert f"Go to entry {bad}" in text


def test_the_button_runs_an_audit_and_the_page_shows_it(auditor, employee):
    response = auditor.post(reverse("ledger:audit_now"), follow=True)
    assert "everything holds" in response.content.decode()
    assert employee.post(reverse("ledger:audit_now")).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja"])
@pytest.mark.parametrize("name", READING)
def test_pages_render_in_every_language(auditor, name, language):
    fill(2)
    auditor.cookies["django_language"] = language
    auditor.post(reverse("accounts:reminder"))  # each country's pack has a reminder of its own
    assert page(auditor, name)[0] == 200
