"""The keeper of agreements: papers of ended ones go, held ones stay, and the ledger stays whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.server.agreements.company import drafted
from tests.server.register.company import stored

from shoumi.server.agreements.models import Signature
from shoumi.server.agreements.services.keeping import agreement_erase, agreements_due
from shoumi.server.ledger.models import LedgerAudit, LedgerEntry
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.ledger.services import audit_run, clock
from shoumi.server.people import keepers
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.leaving import FORGOTTEN


def ended(company, row) -> None:
    """Put papers and a signature to an agreement, and its end; how they come about is tested elsewhere."""
    now = clock().now()
    row.state, row.offered_at, row.ended_at = "ended", now, now
    row.form, row.pdf, row.docx = (stored(company.personnel, name) for name in ("f.json", "a.pdf", "a.docx"))
    row.save()
    hashes = dict.fromkeys(("form_sha256", "form_sm3", "pdf_sha256", "pdf_sm3"), "0" * 64)
    picture, strokes = (stored(company.personnel, name) for name in ("s.png", "s.json"))
    Signature.objects.create(
        agreement=row,
        side="party",
        method="drawn",
        signer=company.proposer,
        signer_name="某某",
        signed_at=now,
        recorded_by=company.proposer,
        picture=picture,
        strokes=strokes,
        **hashes,
    )


def test_papers_of_an_ended_agreement_are_destroyed_once_its_time_is_over(company, fixed_clock, monkeypatch):
    row = drafted(company)
    tomorrow = today_of(company.cn) + timedelta(days=1)
    assert list(agreements_due(company.cn, tomorrow)) == []
    ended(company, row)
    (kept,) = agreements_due(company.cn, tomorrow)
    assert (kept.key, kept.person, kept.collected_on) == (str(row.pk), row.person_id, today_of(company.cn))
    held = [row.pdf_id]
    monkeypatch.setattr(keepers, "_holders", [lambda files: bool(set(held) & set(files))])
    with pytest.raises(keepers.HeldAsEvidenceError), transaction.atomic():
        agreement_erase(kept.key, "erasure:1")
    held.clear()
    entries = LedgerEntry.objects.count()
    with transaction.atomic():
        assert agreement_erase(kept.key, "erasure:1")
        assert not agreement_erase(kept.key, "erasure:1")
    row.refresh_from_db()
    assert {row.form.state, row.pdf.state, row.docx.state} == {"shredded"}
    assert (row.known, row.inputs) == ({}, None)
    assert {each.signer_name for each in row.signatures.all()} == {FORGOTTEN}
    told, *older = entries_of(row.ledger_subject).order_by("-index")
    assert told.tag == "people:data:erased"
    assert {item.value for each in older for item in entry_details(each)} == {None}
    assert LedgerEntry.objects.count() > entries
    assert list(agreements_due(company.cn, tomorrow)) == []
    assert audit_run().state == LedgerAudit.State.HOLDS
