"""The non-compete desk: who may be bound, sums with rules, payments, alarms, waiver, release, breach."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from tests.server.agreements.company import PASSWORD, drafted, drawing
from tests.server.agreements.test_signing import told_of
from tests.server.register.company import signed_in, stored

from shoumi.engine.jurisdiction.agreements import AgreementRefusedError
from shoumi.engine.jurisdiction.noncompete import OverrideError
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.agreements.importing import PAYMENT_IMPORT
from shoumi.server.agreements.models import Agreement, ArrearsAlarm, NonCompete, NonCompetePayment, Sealed
from shoumi.server.agreements.queries.noncompete import (
    breach_dues,
    checked,
    non_competes_visible_to,
    objections_shown,
    standing,
)
from shoumi.server.agreements.services.arrears import arrears_look
from shoumi.server.agreements.services.coverage import facts_record
from shoumi.server.agreements.services.errors import BlanketSigningError, DayError, NoAmountError, StateError
from shoumi.server.agreements.services.noncompete import (
    Beginning,
    breach_record,
    fault_record,
    group_draft,
    non_compete_begin,
    non_compete_release,
    non_compete_waive,
    proposal_change,
)
from shoumi.server.agreements.services.offering import agreement_offer
from shoumi.server.agreements.services.signing import agreement_countersign, agreement_sign
from shoumi.server.files.tables.imports import import_apply, import_open, import_preview
from shoumi.server.ledger.models import LedgerDetail
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of

WAGES = ["10000.00"] * 12
MONTHLY = "4321.00"  # with its point, or a hash in hexadecimal digits may hold it by chance
SOUND = {
    "class_id": "senior_technical",
    "knew_secrets": True,
    "scope": "精密轴承热处理",
    "territory": "示例省",
    "term": "P12M",
    "monthly": MONTHLY,
    "wages": WAGES,
}


@pytest.fixture
def draft(company):
    return drafted(company, kind="non_compete")


def proposed(company, draft, overrides=None, **changes):
    return proposal_change(
        actor=company.personnel,
        agreement=draft,
        expected_version=draft.version,
        values={**SOUND, **changes},
        overrides=overrides,
    )


@pytest.fixture
def agreed(company, draft):
    row = proposed(company, draft)
    row = agreement_offer(actor=company.personnel, agreement=row, expected_version=row.version)
    how = {"pdf_sha256": row.pdf.sha256, "password": PASSWORD}
    agreement_sign(actor=company.proposer, agreement=row, drawing=drawing(), **how)
    agreement_countersign(actor=company.legal, agreement=row, **how)
    row.refresh_from_db()
    return row


@pytest.fixture
def begun(company, agreed):
    return non_compete_begin(
        actor=company.legal, agreement=agreed, beginning=Beginning(today_of(company.cn), due_day=15)
    )


@pytest.mark.requirement("ONB-08", "ONB-09", "ONB-10", "ONB-11", "ONB-13")
def test_a_sound_proposal_has_its_figures_with_rules_and_status(company, draft, english):
    row = proposed(company, draft)
    found = checked(row)
    assert not found.refused
    share = next(floor for floor in found.floors if floor.percent == 30)
    assert (share.amount, share.basis.cite != "") == (Decimal("3000.00"), True)
    assert found.monthly == Decimal("4321.00")
    assert len(found.schedule.instalments) == 12
    for changes, part in (
        ({"term": "P36M"}, "term"),
        ({"scope": ""}, "scope"),
        ({"monthly": "2999.00"}, "share"),
        ({"monthly": None, "percent": "20"}, "share"),
    ):
        bad = proposed(company, Agreement.objects.get(pk=draft.pk), **changes)
        refused = {str(each.part): each for each in checked(bad).objections}
        assert part in refused, changes
        assert objections_shown([refused[part]])[0].basis.cite


@pytest.mark.requirement("ONB-12")
def test_who_may_not_be_bound_is_refused_and_cannot_be_offered(company, draft):
    row = proposed(company, draft, class_id="other")
    assert "persons" in {str(each.part) for each in checked(row).refused}
    with pytest.raises(AgreementRefusedError):
        agreement_offer(actor=company.personnel, agreement=row, expected_version=row.version)


def test_a_floor_passes_only_with_a_reason_that_stays(company, draft):
    with pytest.raises(OverrideError):
        proposed(company, draft, overrides={"share": " "}, monthly="2999.00")
    with pytest.raises(OverrideError):
        proposed(company, draft, overrides={"persons": "无"})
    draft.refresh_from_db()
    row = proposed(company, draft, overrides={"share": "双方另有书面约定"}, monthly="2999.00")
    assert [each.override.reason for each in checked(row).overridden] == ["双方另有书面约定"]
    assert told_of(row)["agreements:non_compete:checked"]["overridden"] == ["share"]


@pytest.mark.requirement("ONB-12")
def test_blanket_signing_is_refused_for_all_with_the_reason(company):
    people = [company.proposer.person, company.seller.person]
    before = Agreement.objects.count()
    with pytest.raises(BlanketSigningError) as refused:
        group_draft(actor=company.personnel, entity=company.cn, people=people)
    assert "of 2 persons 1 may not be bound" in str(refused.value)
    assert Agreement.objects.count() == before
    facts_record(
        actor=company.personnel, person=company.head.person, expected_version=0, known={"role": "manager"}
    )
    fit = [company.proposer.person, company.head.person]
    assert len(group_draft(actor=company.personnel, entity=company.cn, people=fit)) == 2


def test_wages_and_sums_lie_sealed_and_no_manager_sees_them(company, begun, client):
    with connection.cursor() as cursor:
        for model in (Sealed, NonCompete, Agreement, LedgerDetail):
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {table}")
            rows = "".join(
                bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
                for row in cursor.fetchall()
                for cell in row
            )
            assert MONTHLY not in rows, table
            assert "10000.00" not in rows, table
    page = reverse("agreements:nc_detail", args=[begun.pk])
    sees = ("personnel", "legal", "proposer")
    for name in (*sees, "officer", "leader", "auditor"):
        signed_in(client, getattr(company, name))
        answer = client.get(page)
        assert answer.status_code == 200, name
        assert (MONTHLY in answer.text) == (name in sees), name
        assert non_competes_visible_to(getattr(company, name)).filter(pk=begun.pk).exists()
    for name in (
        "owner",
        "department_officer",
        "sales_owner",
        "colleague",
        "technician",
        "counsel",
        "foreign_officer",
    ):
        signed_in(client, getattr(company, name))
        assert client.get(page).status_code == 403, name
        assert not non_competes_visible_to(getattr(company, name)).filter(pk=begun.pk).exists()
        assert MONTHLY not in client.get(reverse("agreements:agreement_detail", args=[begun.pk])).text


def test_only_hr_and_legal_calculate_and_only_legal_decides(company, draft, agreed):
    for who in (company.owner, company.officer, company.leader, company.auditor, company.proposer):
        with pytest.raises(NotPermittedError):
            proposal_change(actor=who, agreement=draft, expected_version=draft.version, values=SOUND)
    for who in (company.personnel, company.officer, company.owner, company.leader, company.proposer):
        with pytest.raises(NotPermittedError):
            non_compete_begin(actor=who, agreement=agreed, beginning=Beginning(today_of(company.cn)))


def bank(*rows):
    lines = ["交易日期,收款人,金额,流水号", *(",".join(row) for row in rows)]
    return "\n".join(lines).encode()


def brought_in(company, content):
    """Bring a bank's list in as HR does; return the preview."""
    draft = import_open(actor=company.personnel, kind=PAYMENT_IMPORT, name="bank.csv", content=content)
    preview = import_preview(actor=company.personnel, kind=PAYMENT_IMPORT, draft=draft)
    if not preview.plan.faults:
        import_apply(
            actor=company.personnel, kind=PAYMENT_IMPORT, draft=draft, expected_version=draft.version,
            leave_out_faulty=False,
        )  # fmt: skip
    return preview


@pytest.mark.requirement("ONB-14", "OFF-08")
def test_months_without_payment_are_told_once_each_until_they_are_paid(company, begun, fixed_clock):
    Notification.objects.all().delete()
    told = []
    for _month in range(5):
        fixed_clock.advance(timedelta(days=31))
        told.append(arrears_look())
        assert arrears_look() == 0  # the same day tells nothing twice
    begun.refresh_from_db()
    months = list(ArrearsAlarm.objects.order_by("months").values_list("months", "employee_may_end"))
    assert months == [(1, False), (2, False), (3, True)]
    assert sum(told) == 3
    assert begun.months_behind >= 3
    said = Notification.objects.values_list("parameters", flat=True)
    assert {row["months"] for row in said} == {1, 2, 3}
    assert not any(MONTHLY in str(row) for row in said)
    assert set(Notification.objects.values_list("user__username", flat=True)) >= {"personnel", "legal"}
    assert str(standing(begun).arrears.employee_may_end) == "unknown"
    fault_record(actor=company.legal, row=begun, expected_version=begun.version, fault=True)
    begun.refresh_from_db()
    assert str(standing(begun).arrears.employee_may_end) == "met"
    owed = standing(begun).arrears.amount
    day = fixed_clock.now().date().isoformat()
    brought_in(company, bank((day, "E001", str(owed), "B-1")))
    begun.refresh_from_db()
    assert (begun.months_behind, standing(begun).arrears.months) == (0, 0)


def test_the_banks_list_is_checked_row_by_row_and_does_nothing_twice(company, begun):
    good = bank(("2026-03-16", "陆知微", "4321.00", "B-1"), ("2026-04-15", "E001", '"4,321.00"', "B-2"))
    assert brought_in(company, good).plan.counts["new"] == 2
    again = brought_in(company, good)
    assert (again.plan.counts["new"], again.plan.counts["unchanged"]) == (0, 2)
    assert NonCompetePayment.objects.count() == 2
    bad = bank(
        ("2026-05-15", "没有此人", "4321.00", "B-3"),
        ("2026-05-15", "E001", "-1", "B-4"),
        ("2026-05-15", "E001", "1.005", "B-5"),
        ("2026-05-15", "E001", "1.00", "B-1"),
    )
    codes = {fault.code for fault in brought_in(company, bad).faults}
    assert codes == {
        "agreements.payee_unknown",
        "agreements.payment_amount",
        "agreements.payment_unit",
        "agreements.payment_changed",
    }
    assert NonCompetePayment.objects.count() == 2
    for who in (company.legal, company.officer, company.auditor, company.owner):
        with pytest.raises(NotPermittedError):
            import_open(actor=who, kind=PAYMENT_IMPORT, name="bank.csv", content=good)


def test_it_is_waived_with_a_reason_or_begun_once(company, agreed):
    made = non_compete_waive(
        actor=company.legal, agreement=agreed, service_ends=today_of(company.cn), reason="岗位已无秘密"
    )
    agreed.refresh_from_db()
    assert (made.state, agreed.state) == ("waived", "ended")
    with pytest.raises(StateError):
        non_compete_begin(actor=company.legal, agreement=agreed, beginning=Beginning(today_of(company.cn)))


def test_a_release_tells_what_is_due_and_ends_it(company, begun, fixed_clock):
    fixed_clock.advance(timedelta(days=40))
    day = today_of(company.cn)
    with pytest.raises(DayError):
        non_compete_release(
            actor=company.legal,
            row=begun,
            expected_version=begun.version,
            day=day - timedelta(days=1),
            reason="x",
        )
    done = non_compete_release(
        actor=company.legal, row=begun, expected_version=begun.version, day=day, reason="业务调整"
    )
    assert done.state == "released"
    assert told_of(begun)["agreements:non_compete:released"]["extra_months"] == 3
    done.agreement.refresh_from_db()
    assert done.agreement.state == "ended"
    assert arrears_look() == 0


@pytest.mark.requirement("OFF-15")
def test_a_breach_is_kept_with_its_papers_and_what_may_be_asked_for(company, begun, fixed_clock):
    brought_in(company, bank(("2026-03-16", "E001", "4321.00", "B-1")))
    fixed_clock.advance(timedelta(days=60))
    with pytest.raises(DayError):
        breach_record(actor=company.legal, row=begun, since=begun.service_ends, seen="x", files=[])
    paper = stored(company.legal, "网页快照.txt", b"seen on a public page")
    made = breach_record(
        actor=company.legal, row=begun, since=date(2026, 4, 1), seen="在竞争单位任职的公开报道", files=[paper]
    )
    assert list(made.files.all()) == [paper]
    dues = breach_dues(begun, made.since)
    assert dues.returned == Decimal("4321.00")
    assert dues.duty_until == begun.ends_on
    assert told_of(begun)["agreements:breach:recorded"]["files"] == [paper.sha256]


def test_without_wages_and_amount_nothing_begins(company, draft):
    row = proposed(company, draft, monthly=None, wages=[], percent="30")
    row = agreement_offer(actor=company.personnel, agreement=row, expected_version=row.version)
    Agreement.objects.filter(pk=row.pk).update(state="in_force")
    with pytest.raises(NoAmountError):
        non_compete_begin(actor=company.legal, agreement=row, beginning=Beginning(today_of(company.cn)))


def test_every_page_of_the_desk_opens(company, draft, begun, client):
    other = drafted(company, person=company.colleague.person, kind="non_compete")
    company.legal.language = company.personnel.language = "zh-hans"
    for each in (company.legal, company.personnel):
        each.save(update_fields=["language"])
    signed_in(client, company.personnel)
    bound, sums = (reverse(f"agreements:{name}", args=[other.pk]) for name in ("nc_bound", "nc_sums"))
    assert client.get(sums).status_code == 302
    first = {
        "class_id": "other",
        "term": "24个月",
        "scope": "轴承",
        "territory": "示例省",
        "expected_version": other.version,
    }
    assert client.post(bound, {**first, "term": "很久"}).status_code == 422
    assert client.post(bound, first).status_code == 302
    other.refresh_from_db()
    second = {"wages": "9000\n9,500.50", "percent": "30", "expected_version": other.version}
    assert client.post(sums, {**second, "wages": "many"}).status_code == 422
    answer = client.post(sums, second, follow=True)
    assert answer.status_code == 200
    assert "劳动合同法" in answer.text
    entity = company.cn.pk
    pages = [
        bound,
        sums,
        reverse("agreements:nc_list"),
        reverse("agreements:nc_list") + "?state=active&q=陆",
        reverse("agreements:nc_detail", args=[begun.pk]),
        reverse("agreements:agreement_detail", args=[other.pk]),
        reverse("agreements:agreement_detail", args=[begun.pk]),
        reverse("agreements:nc_group", args=[entity]),
        reverse("agreements:import_new"),
    ]
    for page in pages:
        assert client.get(page).status_code == 200, page
    group = client.post(reverse("agreements:nc_group", args=[entity]), {"people": "E001\nE004"})
    assert "安然" in group.text
    asked = {"people": "E001\nE004", "do": "draft"}
    assert client.post(reverse("agreements:nc_group", args=[entity]), asked).status_code == 422
    signed_in(client, company.legal)
    for name in ("nc_release", "nc_fault", "nc_breach"):
        assert client.get(reverse(f"agreements:{name}", args=[begun.pk])).status_code == 200, name
    later = (begun.service_ends + timedelta(days=1)).isoformat()
    seen = {"since": later, "seen": "任职", "files-plain": SimpleUploadedFile("快照.txt", b"seen")}
    assert client.post(reverse("agreements:nc_breach", args=[begun.pk]), seen).status_code == 422  # not yet
    today = today_of(company.cn).isoformat()
    released = {"expected_version": begun.version, "day": today, "reason": "调整"}
    assert client.post(reverse("agreements:nc_release", args=[begun.pk]), released).status_code == 302
    assert NonCompete.objects.get(pk=begun.pk).state == "released"
