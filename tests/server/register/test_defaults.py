"""What holds by default can be changed by two persons, with a reason; the pack stays as it is."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import decide, draft, proposed, signed_in

from shoumi.engine.jurisdiction import PeriodFormError, load_pack
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import LevelDefault, TradeSecret
from shoumi.server.register.queries.standards import level_standard, standard_for, standards_of
from shoumi.server.register.services.defaults import (
    DefaultReasonError,
    DefaultValueError,
    default_confirm,
    default_propose,
)

CN = load_pack("cn")


def proposal(  # noqa: PLR0913 - the parts of a default, each named
    company, *, actor=None, level="important", setting="period", value="P2Y", reason="short products"
):
    return default_propose(
        actor=actor or company.officer, entity=company.cn, level_id=level, setting=setting, value=value,
        reason=reason,
    )  # fmt: skip


@pytest.mark.requirement("GEN-17", "PER-01")
def test_a_default_holds_when_a_second_person_confirmed_it_and_stays_on_record(company):
    row = proposal(company)
    assert level_standard(company.cn.pk, CN, "important").period.code == "P5Y"
    with pytest.raises(NotPermittedError):
        default_confirm(actor=company.officer, default_id=row.pk)
    default_confirm(actor=company.leader, default_id=row.pk)
    standard = level_standard(company.cn.pk, CN, "important")
    assert (standard.period.code, standard.departures[0].reason) == ("P2Y", "short products")
    assert level_standard(company.jp.pk, load_pack("jp"), "important").period.code != "P2Y"
    tags = entries_of(f"entity:{company.cn.pk}").filter(tag="register:default:changed")
    assert tags.count() == 2
    again = proposal(company, value="P3Y", reason="longer again")
    default_confirm(actor=company.leader, default_id=again.pk)
    row.refresh_from_db()
    assert row.replaced_at is not None
    assert level_standard(company.cn.pk, CN, "important").period.code == "P3Y"
    back = proposal(company, value="P5Y", reason="back to the guide")
    default_confirm(actor=company.leader, default_id=back.pk)
    assert level_standard(company.cn.pk, CN, "important").departures == ()
    assert LevelDefault.objects.count() == 3


@pytest.mark.requirement("GEN-17", "LVL-03")
def test_another_quorum_is_asked_for_and_recorded_with_the_secret(company):
    row = proposal(company, setting="quorum", value="2", reason="two products depend on it")
    default_confirm(actor=company.leader, default_id=row.pk)
    secret = proposed(company)
    deviation = secret.deviations.get(field="approval")
    assert (deviation.default, deviation.chosen) == ("review:1,approve:1", "review:1,approve:2")
    assert deviation.reason == "two products depend on it"
    decide(secret, company.officer)
    decide(secret, company.leader)
    assert TradeSecret.objects.get(pk=secret.pk).state == TradeSecret.State.AWAITING_APPROVAL
    decide(secret, company.second_leader)
    assert TradeSecret.objects.get(pk=secret.pk).state == TradeSecret.State.REGISTERED


@pytest.mark.requirement("SCP-01", "SCP-02", "GEN-17")
def test_scope_kinds_and_days_of_notice(company):
    for level, setting, value in (("core", "scope", "persons"), ("core", "notice_days", "60, 14")):
        row = proposal(company, level=level, setting=setting, value=value)
        default_confirm(actor=company.leader, default_id=row.pk)
    standard = standard_for(draft(company, level="core"))
    assert (standard.scope_allowed, standard.notice_days) == (("persons",), (60, 14))
    assert [row.level.id for row in standards_of(company.cn.pk, CN)] == ["core", "important", "general"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("scope", "all_staff"),
        ("scope", "friends"),
        ("scope", ""),
        ("quorum", "0"),
        ("quorum", "many"),
        ("quorum", "99"),
        ("notice_days", "0"),
        ("notice_days", "-3"),
        ("colour", "red"),
    ],
)
def test_values_that_cannot_be_defaults_are_refused(company, setting, value):
    with pytest.raises(DefaultValueError):
        proposal(company, level="core", setting=setting, value=value)


def test_a_default_needs_a_known_level_a_period_and_a_reason(company):
    with pytest.raises(DefaultValueError):
        proposal(company, level="top")
    with pytest.raises(PeriodFormError):
        proposal(company, value="soon")
    with pytest.raises(DefaultReasonError):
        proposal(company, reason=" ")


def test_who_changes_defaults(company):
    for person in (company.proposer, company.owner, company.leader, company.auditor, company.counsel):
        with pytest.raises(NotPermittedError):
            proposal(company, actor=person)


def test_the_page_of_the_defaults(company, client):
    signed_in(client, company.officer)
    data = {"level": "important", "setting": "period", "value": "两年", "reason": "产品更新快"}
    address = reverse("register:defaults") + "?entity=SM"
    assert client.post(address, data).status_code == 200  # not understood
    assert client.post(address, {**data, "value": "2年"}).status_code == 302
    row = LevelDefault.objects.get()
    assert row.value == "P2Y"
    signed_in(client, company.leader)
    assert client.post(reverse("register:default_confirm", args=[row.pk])).status_code == 302
    assert "产品更新快" in client.get(address).content.decode()
