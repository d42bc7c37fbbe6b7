"""Catalogues are the company's: with reason and two persons, beside the pack's word, by date."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.register.company import draft, proposed, registered, signed_in

from shoumi.engine.jurisdiction import load_pack
from shoumi.engine.jurisdiction.company import CATALOGUES, OverrideNumberError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.queries import current_step, requests_of
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import BookLine, CatalogueEntry, TradeSecret
from shoumi.server.register.queries.books import line_resource, lines_visible_to
from shoumi.server.register.queries.catalogues import catalogue_rows, company_pack, pack_of
from shoumi.server.register.queries.checks import faults_of
from shoumi.server.register.queries.words import label_of
from shoumi.server.register.services import catalogues
from shoumi.server.register.services.defaults import DefaultReasonError

NAMES = {"zh": "工艺诀窍", "ja": "製法ノウハウ", "en": "Process know-how"}
MARK = {"names": {"zh": "澄光核密", "ja": "澄光核密", "en": "Chengguang core"}}


def proposal(company, catalogue="due_days", item="important/review", value=None, **changed):
    values = {"actor": company.officer, "entity": company.cn, "reason": "faster", **changed}
    return catalogues.catalogue_propose(catalogue=catalogue, item=item, value=value or {"days": 1}, **values)


def held(company, *args, **kwargs):
    row = proposal(company, *args, **kwargs)
    return catalogues.catalogue_confirm(actor=company.leader, entry_id=row.pk)


def test_the_catalogues_of_the_engine_are_those_of_the_rows():
    assert set(CATALOGUES) == set(CatalogueEntry.Catalogue.values)


@pytest.mark.requirement("GEN-17")
def test_an_entry_holds_after_two_persons_and_goes_back_to_the_pack(company, fixed_clock):
    row = proposal(company)
    assert company_pack(company.cn.pk, "cn") is load_pack("cn")
    with pytest.raises(NotPermittedError):
        catalogues.catalogue_confirm(actor=company.officer, entry_id=row.pk)
    catalogues.catalogue_confirm(actor=company.leader, entry_id=row.pk)
    request = requests_of(proposed(company).ledger_subject)[0]
    assert current_step(request).due_in == timedelta(days=1)
    shown = {entry.item: entry for entry in catalogue_rows(company.cn, "due_days")}["important/review"]
    assert (shown.value, shown.own.reason) == ({"days": 1}, "faster")
    assert shown.pack_value == row.pack_value != shown.value
    assert company_pack(company.jp.pk, "jp") is load_pack("jp")
    fixed_clock.advance(timedelta(days=1))
    back = catalogues.catalogue_reset(
        actor=company.officer,
        entity=company.cn,
        catalogue="due_days",
        item="important/review",
        reason="too fast",
    )
    catalogues.catalogue_confirm(actor=company.leader, entry_id=back.pk)
    assert company_pack(company.cn.pk, "cn") is load_pack("cn")
    row.refresh_from_db()
    assert row.replaced_at is not None
    assert len(entries_of(f"entity:{company.cn.pk}").filter(tag="register:catalogue:changed")) == 4


@pytest.mark.requirement("GEN-17", "LVL-02")
def test_a_secret_decided_earlier_keeps_its_standard(company, fixed_clock):
    before = registered(company, level="core")
    fixed_clock.advance(timedelta(hours=1))
    held(company, "marks", "core", MARK)
    held(company, "categories", "IDN-T2", {"names": NAMES, "group": "technical"})
    fixed_clock.advance(timedelta(hours=1))
    after = registered(company, level="core")
    before = TradeSecret.objects.get(pk=before.pk)
    assert (label_of(before), label_of(after)) == ("核心商密", "澄光核密")
    words = [
        next(row.names.zh for row in pack_of(secret).categories if row.id == "IDN-T2")
        for secret in (before, after)
    ]
    assert words == ["工艺信息", NAMES["zh"]] or words[0] != words[1] == NAMES["zh"]


@pytest.mark.requirement("GEN-17")
def test_a_further_category_a_field_and_a_factor_are_asked_for(company, client):
    held(company, "categories", "OWN-KH", {"names": NAMES, "group": "technical"})
    held(company, "exclusion_fields", "IDN-X4/OWN-1", {"names": NAMES, "record_when": "always"})
    held(company, "factors", "LVL-F8", {"names": NAMES, "weight": 1, "required": True})
    secret = draft(company)
    codes = {fault.field for fault in faults_of(secret, company_today())}
    assert {"exclusion_IDN-X4_OWN-1", "factor_LVL-F8"} <= codes
    signed_in(client, company.proposer)
    page = client.get(reverse("register:secret_draft", args=[secret.pk, 1])).content.decode()
    assert NAMES["zh"] in page


def company_today():
    from datetime import date

    return date(2026, 3, 1)


@pytest.mark.requirement("ARC-01")
def test_a_category_may_ask_for_more_than_the_level_of_the_line(company):
    secret = registered(company)
    line = BookLine.objects.get(secret=secret, side="owner")
    keeper = company.person("K1", "记账", company.engineer, sign_in="keeper").user
    from tests.server.people.company import grant

    from shoumi.engine.policy import Role

    grant(keeper, Role.DEPARTMENT_OWNER, company.lab.scope)
    assert gate.permits(keeper, Action.BOOK_VIEW, line_resource(line))
    assert line in lines_visible_to(keeper)
    held(company, "archive_access", "IDN-T2", {"clearance": 3})
    assert not gate.permits(keeper, Action.BOOK_VIEW, line_resource(line))
    assert line not in lines_visible_to(keeper)
    assert line in lines_visible_to(company.owner)  # cleared for core


def test_who_proposes_and_what_is_refused(company):
    for person in (company.proposer, company.owner, company.leader, company.auditor, company.counsel):
        with pytest.raises(NotPermittedError):
            proposal(company, actor=person)
    with pytest.raises(DefaultReasonError):
        proposal(company, reason=" ")
    with pytest.raises(OverrideNumberError):
        proposal(company, value={"days": 0})
    with pytest.raises(catalogues.CatalogueEntryUnknownError):
        proposal(company, catalogue="colours")
    with pytest.raises(catalogues.CatalogueEntryUnknownError):
        catalogues.catalogue_confirm(actor=company.leader, entry_id=10**9)
    with pytest.raises(catalogues.CatalogueEntryUnknownError):
        catalogues.catalogue_reset(
            actor=company.officer, entity=company.cn, catalogue="categories", item="OWN-9", reason="x"
        )
    row = held(company)
    with pytest.raises(catalogues.CatalogueEntryUnknownError):
        catalogues.catalogue_confirm(actor=company.second_leader, entry_id=row.pk)


def test_the_pages(company, client):
    signed_in(client, company.officer)
    for name in CATALOGUES:
        assert client.get(reverse("register:catalogue", args=[name]) + "?entity=SM").status_code == 200
    address = reverse("register:catalogue_entry", args=["categories", "new"]) + "?entity=SM"
    data = {
        "item": "OWN-KH",
        "name_zh": "诀窍",
        "name_ja": "秘訣",
        "name_en": "Know-how",
        "group": "technical",
        "used": "on",
    }
    assert client.post(address, {**data, "item": "kh", "reason": "x"}).status_code == 422
    assert client.post(address, {**data, "reason": " "}).status_code == 422
    assert client.post(address, {**data, "reason": "我们这样分"}).status_code == 302
    row = CatalogueEntry.objects.get()
    signed_in(client, company.leader)
    assert client.post(reverse("register:catalogue_confirm", args=[row.pk])).status_code == 302
    page = client.get(reverse("register:catalogue", args=["categories"]) + "?entity=SM").content.decode()
    assert "诀窍" in page
    assert "我们这样分" in page
    assert client.get(address).status_code == 403
    signed_in(client, company.officer)
    entry = reverse("register:catalogue_entry", args=["categories", "OWN-KH"]) + "?entity=SM"
    assert client.get(entry).status_code == 200
    assert client.post(entry, {"do": "reset", "reason": "不再用"}).status_code == 302
    assert CatalogueEntry.objects.filter(confirmed_at=None).get().value["used"] is False
    for wrong in (("due_days", "new"), ("due_days", "core/nobody"), ("colours", "x")):
        assert client.get(reverse("register:catalogue_entry", args=wrong) + "?entity=SM").status_code == 404
