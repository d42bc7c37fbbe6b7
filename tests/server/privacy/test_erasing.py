"""Retention carried out: what falls due, two persons, holds that go before, and a ledger that stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.accounts.services.sign_in import sign_in_succeeded
from shoumi.server.ledger.models import LedgerAudit, LedgerDetail, LedgerEntry
from shoumi.server.ledger.services import audit_run
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people import keepers as registry
from shoumi.server.people.keepers import HeldAsEvidenceError, keepers
from shoumi.server.people.queries.leaving import FORGOTTEN
from shoumi.server.privacy.models import Erasure, ErasureItem
from shoumi.server.privacy.queries.erasing import falling_due
from shoumi.server.privacy.services import erasing
from shoumi.server.privacy.services.erasing import (
    erasure_decide,
    erasure_draft,
    erasure_go_on,
    erasure_submit,
    erasures_go_on,
    erasures_propose,
)
from shoumi.server.privacy.services.errors import ErasureStateError, NothingDueError
from shoumi.server.privacy.services.requests import hold_set, request_answer, request_make


@pytest.fixture
def kept(company, fixed_clock):
    """Two persons signed in seven months ago and one of them yesterday; sign-ins are kept six months."""
    company.processing()
    for user in (company.watched, company.seller):
        sign_in_succeeded(user=user, address="192.0.2.7", method="password")
    fixed_clock.advance(timedelta(days=210))
    sign_in_succeeded(user=company.seller, address="192.0.2.8", method="password")
    fixed_clock.advance(timedelta(days=1))
    return company


def due(company) -> list[tuple[str, object]]:
    """Return whose keeper has what about whom."""
    return [(each.keeper.name, each.kept.person) for each in falling_due(company.cn)]


def carried_out(company) -> Erasure:
    """Return a plan that two persons let run; it has not begun."""
    row = erasure_submit(actor=company.legal, erasure=erasure_draft(actor=company.legal, entity=company.cn))
    return erasure_decide(actor=company.officer, erasure=row, agreed=True, reason="保存期限届满")


def outcomes() -> list[str]:
    """Return what became of each thing."""
    return sorted(ErasureItem.objects.values_list("outcome", flat=True))


def details() -> str:
    """Return every detail that the ledger still has."""
    return str(list(LedgerDetail.objects.values_list("value", flat=True)))


def test_what_is_due_is_erased_with_its_salts_and_the_ledger_stays_whole(kept):
    old = {each.pk for each in (kept.watched.person, kept.seller.person)}
    assert set(due(kept)) == {("ledger-sign-ins", each) for each in old}
    row = carried_out(kept)
    entries = LedgerEntry.objects.count()
    assert erasures_go_on() == 1
    row.refresh_from_db()
    assert (row.state, outcomes()) == ("done", ["erased", "erased"])
    assert due(kept) == []
    assert "192.0.2.7" not in details()
    assert "192.0.2.8" in details()
    assert LedgerEntry.objects.count() == entries + 3  # none is gone; two erased, one plan done
    assert audit_run().state == LedgerAudit.State.HOLDS
    with pytest.raises(NothingDueError):
        erasure_draft(actor=kept.legal, entity=kept.cn)


def test_a_hold_goes_before_also_when_it_is_set_after_the_approval(kept):
    hold_set(actor=kept.legal, entity=kept.cn, name="争议", reason="保全", persons=[kept.watched.person])
    assert [each.kept.person for each in falling_due(kept.cn) if each.keeping.hold] == [
        kept.watched.person.pk
    ]
    carried_out(kept)
    assert ErasureItem.objects.get().person == kept.seller.person
    hold_set(actor=kept.legal, entity=kept.cn, name="另一争议", reason="保全")
    erasures_go_on()
    assert outcomes() == ["held"]
    assert "192.0.2.7" in details()


def test_the_longest_processing_counts_and_nothing_goes_without_one(kept):
    assert due(kept)
    kept.processing(name="安全日志", purpose="network-security", keep_months=12)
    assert due(kept) == []
    assert list(falling_due(kept.jp)) == []


def test_nobody_approves_alone_and_a_run_goes_on_where_it_stopped(kept, monkeypatch):
    assert erasures_propose() == 1
    assert erasures_propose() == 0
    assert kept.legal.notifications.filter(message__contains="look through").count() == 1
    row = Erasure.objects.get()
    with pytest.raises(ErasureStateError):
        erasure_draft(actor=kept.legal, entity=kept.cn)
    with pytest.raises(ErasureStateError):
        erasure_decide(actor=kept.officer, erasure=row, agreed=True, reason="同意")
    for nobody in (kept.people_office, kept.watched, kept.technician):
        with pytest.raises(NotPermittedError):
            erasure_submit(actor=nobody, erasure=row)
    row = erasure_submit(actor=kept.officer, erasure=row)
    for nobody in (kept.officer, kept.people_office, kept.leader):
        with pytest.raises(NotPermittedError):
            erasure_decide(actor=nobody, erasure=row, agreed=True, reason="同意")
    erasure_decide(actor=kept.legal, erasure=row, agreed=True, reason="同意")
    monkeypatch.setattr(erasing, "BATCH", 1)
    assert erasure_go_on(row.pk)
    assert outcomes() == ["erased", "waiting"]
    erasures_go_on()
    assert outcomes() == ["erased", "erased"]
    assert LedgerEntry.objects.filter(tag=LedgerTag.PRIVACY_ERASURE_DONE).count() == 1


def test_a_leaver_is_forgotten_but_not_what_they_did(company, fixed_clock):
    company.processing(name="人事资料", kinds=["personnel-record"], purpose="personnel", keep_months=24)
    person = company.watched.person
    engagement = person.engagements.get()
    engagement.ends_on = engagement.starts_on + timedelta(days=1)
    engagement.save()
    fixed_clock.advance(timedelta(days=800))
    assert due(company) == []  # still signs in
    company.watched.is_active = False
    company.watched.save()
    carried_out(company)
    erasures_go_on()
    person.refresh_from_db()
    assert (person.name, person.phone, person.email, person.reading) == (FORGOTTEN, "", "", "")
    assert person.user.email == ""
    assert due(company) == []
    assert LedgerEntry.objects.filter(subject=person.ledger_subject).exists()


def test_over_http_from_what_falls_due_to_the_result(kept, browser):
    legal, officer = browser(kept.legal), browser(kept.officer)
    assert "Nothing has fallen due" in legal.get(reverse("privacy:erasure_list")).content.decode()
    new = reverse("privacy:erasure_new", args=[kept.cn.pk])
    assert "Details of sign-ins" in legal.get(new).content.decode()
    page = legal.post(new, follow=True)
    row = Erasure.objects.get()
    assert kept.seller.person.name in page.content.decode()
    assert browser(kept.technician).get(row.get_absolute_url()).status_code == 403
    where = reverse("privacy:erasure_decide", args=[row.pk])
    legal.post(reverse("privacy:erasure_submit", args=[row.pk]))
    assert legal.get(where).status_code == 403
    officer.post(where, {"agreed": "no", "reason": "先核对"})
    row.refresh_from_db()
    assert row.state == "refused"
    assert "先核对" in officer.get(row.get_absolute_url()).content.decode()
    assert due(kept)


def test_the_words_of_an_answered_request_are_erased_and_the_law_keeps_longer_than_the_register(
    company, fixed_clock, browser
):
    asked = request_make(
        actor=company.watched, person=company.watched.person, right="access", text="请告知。"
    )
    request_answer(actor=company.legal, request=asked, refused=False, answer="见附件。")
    company.processing(
        name="请求", kinds=["privacy-request", "agreement"], purpose="legal-duty", keep_months=1
    )
    fixed_clock.advance(timedelta(days=40))
    assert due(company) == [("privacy-requests", company.watched.person.pk)]
    page = browser(company.legal).get(reverse("privacy:erasure_new", args=[company.cn.pk])).content.decode()
    assert "the company’s own choice" in page
    assert "24 months" in page  # agreements: the law asks for more than the register's month
    assert "劳动合同法 50" in page
    carried_out(company)
    erasures_go_on()
    asked.refresh_from_db()
    assert (asked.text, asked.answer, asked.state) == (FORGOTTEN, FORGOTTEN, "answered")
    assert due(company) == []
    assert "见附件" not in details()
    assert audit_run().state == LedgerAudit.State.HOLDS


def test_what_is_held_as_evidence_stays_and_the_plan_says_so(kept, monkeypatch):
    def held(_key, _reason):
        raise HeldAsEvidenceError

    keeper = keepers()["ledger-sign-ins"]
    monkeypatch.setitem(registry._keepers, keeper.name, replace(keeper, erase=held))
    carried_out(kept)
    erasures_go_on()
    assert outcomes() == ["held", "held"]
