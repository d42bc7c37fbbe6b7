"""Storage units: the authorised list, levels, findings, accounts, backups, checks, servicing and reviews."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.register.company import registered, signed_in
from tests.server.register.things import added, unit, zone

from shoumi.engine.policy import Action
from shoumi.engine.workflow import SERVICING
from shoumi.server.accounts import gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.services import request_decide
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of
from shoumi.server.places.queries.zones import ZoneLevelTooLowError
from shoumi.server.register.models import Servicing, StorageFinding, StorageUnit
from shoumi.server.register.queries.activity import access_figures, activity_of, review_due
from shoumi.server.register.queries.labels import unit_label
from shoumi.server.register.queries.storage.visible import (
    findings_visible_to,
    unit_resource,
    units_visible_to,
)
from shoumi.server.register.services.carriers.labels import unit_labels_print
from shoumi.server.register.services.contents import secret_file_open
from shoumi.server.register.services.storage import findings, reviews, servicing, units

pytestmark = pytest.mark.django_db
Kind = StorageFinding.Kind


def open_findings(thing):
    return set(thing.findings.filter(closed_at=None).values_list("kind", flat=True))


def stored_on(company, row, level="important"):
    return added(company, registered(company, level=level), kind="database", unit=row)


@pytest.mark.requirement("CPU-04")
def test_what_is_stored_outside_the_authorised_list_is_a_finding(company):
    secret = registered(company)
    loose = added(company, secret, kind="medium")
    assert open_findings(loose) == {Kind.UNAUTHORISED}
    row = unit(company)
    stored_on(company, row)
    assert Kind.UNAUTHORISED in open_findings(row)
    assert Notification.objects.filter(user=company.officer, link=reverse("register:finding_list")).exists()
    with pytest.raises(NotPermittedError):
        units.unit_authorise(actor=company.owner, unit_id=row.pk, permitted=2, reason="自己批")
    units.unit_authorise(actor=company.officer, unit_id=row.pk, permitted=2, reason="研发用")
    assert Kind.UNAUTHORISED not in open_findings(row)
    assert row.findings.filter(kind=Kind.UNAUTHORISED, closed_at__isnull=False).count() == 1
    assert {"storage_finding:opened", "storage_finding:closed"} <= {
        entry.tag.removeprefix("register:")
        for entry in LedgerEntry.objects.filter(subject=row.ledger_subject)
    }


@pytest.mark.requirement("CPU-14")
def test_a_unit_has_the_highest_level_stored_and_more_than_permitted_is_an_alert(company):
    row = unit(company, permitted=1, where=zone(company, "G", level=1))
    stored_on(company, row, "general")
    assert units_visible_to(company.owner).get(pk=row.pk).stored == 1
    assert Kind.EXCEEDED not in open_findings(row)
    core = stored_on(company, row, "core")
    assert units_visible_to(company.owner).get(pk=row.pk).stored == 3
    assert Kind.EXCEEDED in open_findings(row)
    with pytest.raises(ZoneLevelTooLowError):
        units.unit_authorise(actor=company.officer, unit_id=row.pk, permitted=3, reason="提高")
    core.status = core.Status.DESTROYED
    core.save()
    findings.findings_run()
    assert Kind.EXCEEDED not in open_findings(row)


@pytest.mark.requirement("CPU-05")
def test_encryption_and_the_owner_of_the_key_are_recorded_or_missing(company):
    row = unit(company, permitted=2, protected=False)
    stored_on(company, row)
    assert Kind.UNENCRYPTED in open_findings(row)
    row.refresh_from_db()
    for value, left in (
        (units.Protection(encryption="BitLocker"), True),
        (units.Protection(encryption="BitLocker", key_owner=company.officer.person), False),
    ):
        row = units.unit_protect(
            actor=company.owner, unit_id=row.pk, expected_version=row.version, value=value
        )
        assert (Kind.UNENCRYPTED in open_findings(row)) is left


@pytest.mark.requirement("CPU-17")
def test_no_internet_and_no_usb_are_attested_by_a_person_and_fall_due_again(company, fixed_clock):
    row = unit(company, permitted=2, kind="computer")
    stored_on(company, row)
    assert Kind.PROFILE in open_findings(row)
    attest = {"actor": company.head, "unit_id": row.pk, "note": "已查看网卡与端口"}
    units.unit_attest(**attest, no_internet=True, no_usb=False)
    assert Kind.PROFILE in open_findings(row)
    done = units.unit_attest(**attest, no_internet=True, no_usb=True)
    assert done.attested_by == company.head
    assert done.due_on == today_of(company.cn) + timedelta(days=90)
    assert Kind.PROFILE not in open_findings(row)
    fixed_clock.advance(timedelta(days=91))
    findings.findings_run()
    assert Kind.PROFILE in open_findings(row)
    with pytest.raises(NotPermittedError):
        units.unit_attest(**(attest | {"actor": company.colleague}), no_internet=True, no_usb=True)


@pytest.mark.requirement("CPU-07")
def test_backups_and_restore_tests_are_owed_recorded_and_reminded(company, fixed_clock):
    row = unit(company, permitted=2)
    stored_on(company, row)
    today = today_of(company.cn)
    backup = {"actor": company.head, "unit_id": row.pk, "medium": "异地介质 03", "done_on": today}
    fixed_clock.advance(timedelta(days=8))
    findings.findings_run()
    assert Kind.BACKUP in open_findings(row)
    today = today_of(company.cn)
    units.backup_record(**(backup | {"done_on": today}), kind="backup", succeeded=False)
    assert Kind.BACKUP in open_findings(row)
    units.backup_record(**(backup | {"done_on": today}), kind="backup", succeeded=True)
    assert Kind.BACKUP not in open_findings(row)
    with pytest.raises(units.BackupDayError):
        units.backup_record(
            **(backup | {"done_on": today + timedelta(days=1)}), kind="backup", succeeded=True
        )
    fixed_clock.advance(timedelta(days=180))
    findings.findings_run()
    assert {Kind.BACKUP, Kind.RESTORE} <= open_findings(row)
    units.backup_record(**(backup | {"done_on": today_of(company.cn)}), kind="restore", succeeded=True)
    assert Kind.RESTORE not in open_findings(row)


@pytest.mark.requirement("CPU-01")
def test_accounts_are_registered_with_an_end_filed_by_the_office_and_removed(company, fixed_clock):
    row = unit(company, permitted=2)
    today = today_of(company.cn)
    grant = {
        "actor": company.owner, "unit_id": row.pk, "person": company.proposer.person, "name": "lu.zw",
        "rights": "读、写", "password_kept": "保险柜信封 12",
    }  # fmt: skip
    with pytest.raises(units.AccountDatesError):
        units.account_grant(**grant, ends_on=today)
    account = units.account_grant(**grant, ends_on=today + timedelta(days=30))
    with pytest.raises(units.AccountTakenError):
        units.account_grant(**grant, ends_on=today + timedelta(days=30))
    with pytest.raises(NotPermittedError):
        units.account_file(actor=company.owner, account_id=account.pk)
    assert units.account_file(actor=company.officer, account_id=account.pk).filed_by == company.officer
    fixed_clock.advance(timedelta(days=31))
    findings.findings_run()
    assert Kind.ACCOUNT in open_findings(row)
    units.account_remove(actor=company.head, account_id=account.pk, reason="授权到期")
    assert Kind.ACCOUNT not in open_findings(row)
    assert not {"password"} & {field.name for field in account._meta.get_fields()}


def approve_servicing(company, row):
    request = ApprovalRequest.objects.get(pk=row.request_id)
    for decider in (company.officer, company.leader, company.second_leader):
        request.refresh_from_db()
        if request.is_open:
            request_decide(request=request, actor=decider, verdict="approve", reason="同意")


@pytest.mark.requirement("CPU-12")
def test_a_repair_begins_only_when_it_is_approved_and_the_storage_is_out(company):
    row = unit(company, permitted=2)
    stored_on(company, row)
    asked = servicing.servicing_ask(actor=company.head, unit_id=row.pk, kind="repair", reason="主板故障")
    assert asked.request_id
    with pytest.raises(servicing.ServicingOpenError):
        servicing.servicing_ask(actor=company.head, unit_id=row.pk, kind="scrap", reason="再来一次")
    secure = {
        "actor": company.head, "servicing_id": asked.pk, "person": company.proposer.person,
        "proof": "硬盘序列号 WX21",
    }  # fmt: skip
    with pytest.raises(servicing.ServicingStepError):
        servicing.servicing_secure(**secure, measure="removed")
    approve_servicing(company, asked)
    with pytest.raises(servicing.ServicingStepError):
        servicing.servicing_begin(actor=company.head, servicing_id=asked.pk)
    with pytest.raises(servicing.StillStoredError):
        servicing.servicing_secure(**secure, measure="empty")
    secured = servicing.servicing_secure(**secure, measure="removed")
    assert (secured.secured_by, secured.proof) == (company.proposer.person, "硬盘序列号 WX21")
    servicing.servicing_begin(actor=company.head, servicing_id=asked.pk)
    row.refresh_from_db()
    assert row.status == StorageUnit.Status.SERVICING
    servicing.servicing_end(actor=company.head, servicing_id=asked.pk, outcome="换主板,硬盘装回")
    row.refresh_from_db()
    assert row.status == StorageUnit.Status.IN_USE
    tags = list(LedgerEntry.objects.filter(subject=row.ledger_subject).values_list("tag", flat=True))
    steps = ["asked", "approved", "secured", "begun", "ended"]
    assert [tag.rpartition(":")[2] for tag in tags if tag.startswith("register:servicing:")] == steps
    assert {state.name for state in SERVICING.states} == set(Servicing.State.values)


def test_scrapping_takes_the_unit_off_the_list_and_leaves_its_carriers_as_findings(company):
    row = unit(company, permitted=2)
    carrier = stored_on(company, row)
    asked = servicing.servicing_ask(actor=company.owner, unit_id=row.pk, kind="scrap", reason="老旧")
    approve_servicing(company, asked)
    servicing.servicing_secure(
        actor=company.owner, servicing_id=asked.pk, measure="deleted", person=company.head.person,
        proof="擦除日志 7",
    )  # fmt: skip
    servicing.servicing_begin(actor=company.owner, servicing_id=asked.pk)
    servicing.servicing_end(actor=company.owner, servicing_id=asked.pk, outcome="送厂销毁")
    row.refresh_from_db()
    carrier.refresh_from_db()
    assert (row.status, row.is_authorised, carrier.unit) == (StorageUnit.Status.SCRAPPED, False, None)
    assert open_findings(row) == set()
    assert open_findings(carrier) == {Kind.UNAUTHORISED}


def test_a_refused_repair_stays_in_the_house(company):
    row = unit(company, permitted=1, where=zone(company, "G", level=1))
    asked = servicing.servicing_ask(actor=company.head, unit_id=row.pk, kind="maintenance", reason="除尘")
    request = ApprovalRequest.objects.get(pk=asked.request_id)
    request_decide(request=request, actor=company.officer, verdict="reject", reason="改在现场进行")
    asked.refresh_from_db()
    assert (asked.state, asked.outcome) == ("refused", "改在现场进行")
    with pytest.raises(servicing.ServicingStepError):
        servicing.servicing_begin(actor=company.head, servicing_id=asked.pk)


@pytest.mark.requirement("CPU-02")
def test_what_a_person_did_with_secrets_is_read_from_the_ledger_and_looking_is_recorded(company):
    secret = registered(company)
    stored = secret.files.get().file
    secret_file_open(actor=company.proposer, secret_id=secret.pk, file_id=stored.pk)
    deeds, _page = activity_of(company.officer, company.proposer)
    assert deeds[0].secret == secret
    assert len(deeds) >= 5
    before = LedgerEntry.objects.count()
    reviews.activity_view(actor=company.officer, person=company.proposer.person)
    last = LedgerEntry.objects.latest("index")
    assert LedgerEntry.objects.count() == before + 1
    assert (last.tag, last.subject) == ("register:activity:viewed", f"person:{company.proposer.person.pk}")
    reviews.activity_view(actor=company.proposer, person=company.proposer.person)
    assert LedgerEntry.objects.count() == before + 1
    for stranger in (
        company.colleague,
        company.seller,
        company.technician,
        company.owner,
        company.foreign_officer,
    ):
        with pytest.raises(NotPermittedError):
            reviews.activity_view(actor=stranger, person=company.proposer.person)


@pytest.mark.requirement("CPU-03")
def test_access_is_reviewed_on_schedule_with_its_figures_and_result(client, company, fixed_clock):
    secret = registered(company)
    secret_file_open(actor=company.proposer, secret_id=secret.pk, file_id=secret.files.get().file.pk)
    client.post(reverse("account_login"), {"login": "proposer", "password": "wrong"})
    signed_in(client, company.seller)
    client.get(reverse("register:secret_detail", args=[secret.pk]))
    today = today_of(company.cn)
    figures = {figure.key: figure.count for figure in access_figures(company.cn, today, today)}
    assert figures["retrievals"] == 1
    assert figures["refusals"] >= 1
    assert figures["failures"] >= 1
    assert review_due(company.cn, today) == today
    assert reviews.reviews_remind() >= 1
    review = {
        "entity": company.cn,
        "starts_on": today,
        "ends_on": today,
        "unusual": False,
        "result": "无异常",
    }
    with pytest.raises(NotPermittedError):
        reviews.access_review(actor=company.technician, **review)
    with pytest.raises(reviews.ReviewDaysError):
        reviews.access_review(actor=company.officer, **(review | {"ends_on": today + timedelta(days=1)}))
    row = reviews.access_review(actor=company.officer, **review)
    assert row.figures["retrievals"] == 1
    assert row.due_on == today + timedelta(days=30) == review_due(company.cn, today)


def test_lists_of_units_and_findings_agree_with_the_gate(company):
    mine, other = unit(company), unit(company, "PC-2")
    StorageUnit.objects.filter(pk=other.pk).update(department=company.sales, keeper=company.seller.person)
    stored_on(company, mine)
    for name, user in company.everybody.items():
        seen = set(units_visible_to(user).values_list("pk", flat=True))
        for row in StorageUnit.objects.select_related("department__entity"):
            permitted = gate.permits(user, Action.STORAGE_VIEW, unit_resource(row))
            assert permitted is (row.pk in seen), (name, row.code)
        assert set(findings_visible_to(user).exclude(unit=None).values_list("unit", flat=True)) <= seen
    assert units_visible_to(company.technician).count() == 2
    assert units_visible_to(company.colleague).count() == 0


def test_the_it_administrator_sees_the_unit_and_not_what_it_bears(client, company):
    row = unit(company, permitted=2)
    carrier = stored_on(company, row)
    signed_in(client, company.technician)
    page = client.get(row.get_absolute_url()).content.decode()
    assert row.code in page
    for word in (carrier.number, carrier.description, carrier.secret.name):
        assert word not in page


def test_the_device_label_shows_the_highest_level_permitted(company):
    row = unit(company, permitted=2)
    label = unit_label(row)
    assert (label.level, label.level_text, label.number) == ("important", "重要商密", "PC-1")
    assert label.link.endswith(f"/register/storage/{row.pk}/")
    assert unit_labels_print(actor=company.head, units=[row], sheet="a4-24").startswith(b"%PDF")
    with pytest.raises(NotPermittedError):
        unit_labels_print(actor=company.colleague, units=[row], sheet="a4-24")


def test_the_pages_of_storage_work(client, company):
    row = unit(company, permitted=2)
    stored_on(company, row)
    today = today_of(company.cn)
    signed_in(client, company.officer)
    for name, keys in (
        ("unit_list", ()), ("finding_list", ()), ("unit_add", ()), ("access_reviews", ()),
        *((name, (row.pk,)) for name in (
            "unit_detail", "unit_edit", "unit_protect", "unit_authorise", "unit_attest", "unit_backup",
            "account_grant", "servicing_ask",
        )),
        ("access_review", (company.cn.pk,)), ("person_activity", (company.proposer.person.pk,)),
    ):  # fmt: skip
        assert client.get(reverse(f"register:{name}", args=keys)).status_code == 200, name
    add = reverse("register:unit_add") + f"?department={company.rd.pk}"
    made = client.post(add, {"expected_version": "1", "code": "NB-7", "name": "笔记本", "kind": "computer"})
    assert made.status_code == 302
    assert StorageUnit.objects.filter(code="NB-7").exists()
    sent = {
        "person": str(company.head.person.pk),
        "name": "bai",
        "rights": "读",
        "ends_on": str(today + timedelta(9)),
    }
    assert client.post(reverse("register:account_grant", args=[row.pk]), sent).status_code == 302
    account = row.accounts.get()
    assert client.post(reverse("register:account_file", args=[account.pk])).status_code == 302
    exported = client.post(reverse("register:unit_list"), {"do": "export", "form": "csv"})
    assert "NB-7" in exported.content.decode("utf-8-sig")
    assert client.get(reverse("register:unit_detail", args=[row.pk])).status_code == 200
