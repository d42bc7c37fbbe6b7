"""Outsiders working here: apart from employees, nothing opened without papers; the case of the smartphone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.server.partners.outside import contractor, filed, recorded
from tests.server.partners.test_addressing import sent
from tests.server.people.company import user
from tests.server.register.company import signed_in, stored
from tests.server.register.operations_company import drafted, marked

from shoumi.server.accounts.gate import NotPermittedError, remembered_subjects
from shoumi.server.console.queries.due import due_for
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.partners.models import Access, Duty, Signal, Worker
from shoumi.server.partners.queries.workers import (
    EquipmentMissingError,
    WorkerLeftError,
    WorkerUnpledgedError,
    WorkerUnrecordedError,
    worker_gaps,
    workers_visible_to,
)
from shoumi.server.partners.services import duties, errors, signals
from shoumi.server.partners.services.workers import (
    Equipment,
    access_end,
    access_give,
    equipment_check,
    worker_pledge_keep,
    worker_record,
)
from shoumi.server.partners.views.duties import DutyListing, OwnDutyListing
from shoumi.server.people.models import EngagementKind
from shoumi.server.register.queries.operations.obstacles import obstacles

Kind = EngagementKind
TODAY = date(2026, 3, 1)


@remembered_subjects()
def placed(company, *, kind=Kind.CONTRACTORS_WORKER, partner=None, number="C001") -> Worker:
    """Return a worker of a contractor with nothing on record but where they work."""
    partner = partner or contractor(company)
    person = sent(company, number, kind, contractor_name=str(partner))
    return worker_record(actor=company.owner, partner=partner, engagement=person.engagements.get())


@remembered_subjects()
def ready(company, **more) -> Worker:
    """Return a worker of whom no paper is missing."""
    worker = placed(company, **more)
    filed(company, worker.partner)
    worker_pledge_keep(
        actor=company.owner, worker=worker, file=stored(company.owner, "承诺书.pdf"), pledged_on=TODAY
    )
    return equipment_check(
        actor=company.owner,
        worker=worker,
        equipment=Equipment("company", "PC-0117", encrypted=True),
        proof=stored(company.owner, "检查照片.png"),
    )


def gaps(worker) -> set[type]:
    row = Worker.objects.get(pk=worker.pk)
    return {type(gap) for gap in worker_gaps(row, rank=1, today=TODAY, until=TODAY)}


@pytest.mark.requirement("BIZ-06", "BIZ-05")
def test_nothing_is_opened_before_agreement_pledge_and_the_companys_encrypted_computer(company):
    worker = placed(company)
    assert {EquipmentMissingError, WorkerUnpledgedError} < gaps(worker)
    give = {"actor": company.owner, "worker": worker, "kind": "account", "what": "名册系统 u-0117"}
    with pytest.raises(errors.OutsiderGapsError) as refused:
        access_give(**give)
    assert len(refused.value.fields["list"]) == 4, "the assessment is missing too"
    filed(company, worker.partner)
    proof = stored(company.owner, "检查照片.png")
    for own in (Equipment("own", "私人电脑", encrypted=True), Equipment("company", "PC-0117")):
        equipment_check(actor=company.owner, worker=worker, equipment=own, proof=proof)
        assert EquipmentMissingError in gaps(worker), own
    equipment_check(
        actor=company.owner,
        worker=worker,
        equipment=Equipment("company", "PC-1", encrypted=True),
        proof=proof,
    )
    assert gaps(worker) == {WorkerUnpledgedError}
    worker_pledge_keep(actor=company.owner, worker=worker, file=proof, pledged_on=TODAY)
    access = access_give(**give)
    access_end(actor=company.owner, access=access)
    with pytest.raises(errors.AccessEndedError):
        access_end(actor=company.owner, access=access)
    with pytest.raises(NotPermittedError):
        access_give(**{**give, "actor": company.seller})


def test_an_expert_needs_an_agreement_or_a_pledge(company):
    expert = recorded(company, kind="expert", name="江离")
    worker = placed(company, kind=Kind.ADVISER, partner=expert)
    assert len(gaps(worker)) == 2, "no agreement, no computer"
    worker_pledge_keep(
        actor=company.owner, worker=worker, file=stored(company.owner, "承诺书.pdf"), pledged_on=TODAY
    )
    assert gaps(worker) == {EquipmentMissingError}


def test_an_outsider_without_papers_receives_no_secret(company):
    secret = marked(company)
    person = sent(company, "C001", Kind.CONTRACTORS_WORKER)
    operation = drafted(company, secret, "consult", receiver=person.pk)

    def hindering():
        return {type(item) for item in obstacles(operation, operation.lines.all())}

    assert WorkerUnrecordedError in hindering()
    worker_record(actor=company.owner, partner=contractor(company), engagement=person.engagements.get())
    assert WorkerUnrecordedError not in hindering()
    assert {WorkerUnpledgedError, EquipmentMissingError} < hindering()


@pytest.mark.requirement("JPN-06")
def test_outsiders_stand_under_their_own_company_and_never_as_employees(company):
    partner = contractor(company)
    own = company.colleague.person.engagements.get()
    dispatched = sent(company, "D001", Kind.DISPATCHED_WORKER, contractor_name="示范派遣有限公司")
    foreign = sent(company, "C002", Kind.CONTRACTORS_WORKER, contractor_name="别家公司")
    for engagement in (own, dispatched.engagements.get(), foreign.engagements.get()):
        with pytest.raises(errors.WorkerElsewhereError):
            worker_record(actor=company.owner, partner=partner, engagement=engagement)
    worker = placed(company, partner=partner)
    with pytest.raises(errors.WorkerElsewhereError):
        worker_record(actor=company.owner, partner=partner, engagement=worker.engagement)
    assert workers_visible_to(company.auditor).get() == worker
    assert not workers_visible_to(company.seller).exists()


def test_whoever_has_left_gets_nothing_more(company, fixed_clock):
    worker = ready(company)
    assert not gaps(worker)
    worker.engagement.ends_on = TODAY
    worker.engagement.save()
    assert gaps(worker) == {WorkerLeftError}


@pytest.mark.requirement("JPN-10")
def test_the_company_is_asked_answers_is_reminded_and_puts_findings_right(company, fixed_clock, client):
    manager = user("their-manager")
    partner = contractor(company)
    partner.manager = manager
    partner.save()
    wish = duties.DutyWish("audit", "季度现场检查", date(2026, 3, 10), every_months=3)
    duty = duties.duty_ask(actor=company.owner, partner=partner, wish=wish)
    assert Notification.objects.filter(user=manager).count() == 1
    late = duties.DutyWish("report", "月报", date(2026, 2, 1))
    with pytest.raises(errors.DutyDayError):
        duties.duty_ask(actor=company.owner, partner=partner, wish=late)
    assert duties.duties_remind() == 0
    fixed_clock.advance(timedelta(days=12))
    assert (duties.duties_remind(), duties.duties_remind()) == (1, 0)
    assert Notification.objects.filter(user=company.officer, message=duties.LATE).count() == 1
    signed_in(client, manager)
    page = client.get(reverse("partners:duty_list")).content.decode()
    assert "季度现场检查" in page
    assert 'value="xlsx"' not in page, "no export is offered that would be refused"
    assert str(OwnDutyListing.title) in page.partition("<h1")[2].partition("</h1>")[0], "told from their side"
    assert f'href="{reverse("partners:duty_list")}" aria-current="page"' in page, "their one room"
    assert page.count('href="/partners/') == page.count('href="/partners/duties/'), "and no other of partners"
    assert [(item.source.key, item.title) for item in due_for(manager, TODAY, date(2026, 3, 31))] == [
        ("asked", "季度现场检查")
    ]
    assert client.get(reverse("partners:partner_detail", args=[partner.pk])).status_code == 403
    answer = {"answer": "已检查,报告见附件", "file": str(stored(manager, "检查报告.pdf").pk)}
    assert client.post(reverse("partners:duty_answer", args=[duty.pk]), answer).status_code == 302
    assert client.post(reverse("partners:duty_answer", args=[duty.pk]), answer).status_code == 422
    duty.refresh_from_db()
    assert duty.answered_by == manager
    assert Duty.objects.exclude(pk=duty.pk).get().due_on == date(2026, 6, 10), "it recurs"
    signed_in(client, company.owner)
    page = client.get(reverse("partners:duty_list")).content.decode()
    assert 'value="xlsx"' in page
    assert str(DutyListing.title) in page.partition("<h1")[2].partition("</h1>")[0]
    client.post(
        reverse("partners:finding_create", args=[duty.pk]), {"text": "未锁屏", "due_on": "2026-04-01"}
    )
    finding = duty.findings.get()
    client.post(reverse("partners:finding_settle", args=[finding.pk]), {"how": "已设置自动锁屏"})
    finding.refresh_from_db()
    assert finding.settled_by == company.owner
    assert client.get(reverse("partners:duty_file", args=[duty.pk])).status_code == 200
    signed_in(client, company.seller)
    for name in ("duty_detail", "duty_answer", "duty_file", "finding_create"):
        assert client.get(reverse(f"partners:{name}", args=[duty.pk])).status_code == 403, name


@pytest.mark.requirement("JPN-08")
def test_the_case_of_the_smartphone_as_a_journey(company, client):
    agency = contractor(company, kind="dispatch_agency", name="示范派遣有限公司")
    worker = ready(company, kind=Kind.DISPATCHED_WORKER, partner=agency, number="D001")
    company.secret.bans_devices = True
    company.secret.save()
    signed_in(client, company.owner)
    home = reverse("partners:worker_detail", args=[worker.pk])
    give = reverse("partners:access_create", args=[worker.pk])
    client.post(give, {"kind": "zone", "zone": company.secret.pk, "what": ""})
    client.post(give, {"kind": "system", "what": "客户名册"})
    assert "客户名册" in client.get(home).content.decode()
    signed_in(client, company.colleague)
    told = {
        "worker": worker.pk, "happened_on": "2026-02-28", "zone": company.secret.pk,
        "device": "智能手机", "source": "门禁录像", "text": "把手机连接到电脑后带出",
    }  # fmt: skip
    take = reverse("partners:signal_create", args=["carried_out"])
    assert client.post(take, {**told, "worker": ""}).status_code == 422
    address = client.post(take, told).url
    signal = Signal.objects.get()
    assert client.get(address).status_code == 200, "whoever told it sees it"
    judge = reverse("partners:signal_judge", args=[signal.pk])
    assert client.post(judge, {"is_suspected": "1", "judgement": "x"}).status_code == 403
    assert Notification.objects.filter(message=signals.TOLD, user=company.officer).exists()
    signed_in(client, company.officer)
    page = client.get(address).content.decode()
    for words in ("刑法", "竞争对手"):
        assert words in page
    client.post(judge, {"is_suspected": "1", "judgement": "录像与日志相符"})
    assert not Access.objects.filter(ended_at__isnull=True).exists(), "everything open ended at once"
    record = client.get(reverse("partners:signal_record", args=[signal.pk]))
    assert record.content.startswith(b"%PDF")
    tags = [entry.tag for entry in entries_of(signal.ledger_subject)]
    assert tags == ["partners:signal:taken", "partners:signal:judged", "partners:signal:printed"]
    assert [entry.tag for entry in entries_of(worker.ledger_subject)][-2:] == ["partners:access:ended"] * 2
    with pytest.raises(errors.SignalJudgedError):
        signals.signal_judge(
            actor=company.officer, signal=signal, expected_version=2, is_suspected=False, judgement="x"
        )


@pytest.mark.requirement("JPN-13")
def test_sales_from_another_trade_reach_the_office_with_the_customer_masked(company, client):
    signed_in(client, company.seller)
    take = reverse("partners:signal_create", args=["sales"])
    told = {
        "happened_on": "2026-02-20", "source": "客户来电", "customer": "贺兰川", "offered": "不动产推销",
        "seeded": "种子记录 S-07", "text": "客户说只把该号码给过我们",
    }  # fmt: skip
    address = client.post(take, told).url
    assert "贺兰川" not in client.get(address).content.decode()
    assert "S-07" in client.get(address).content.decode()
    assert Notification.objects.filter(message=signals.TOLD, user=company.officer).exists()
    signed_in(client, company.officer)
    assert "贺兰川" in client.get(address).content.decode()
    assert "不动产推销" in client.get(reverse("partners:signal_list")).content.decode()
    signed_in(client, company.proposer)
    assert client.get(address).status_code == 404
    assert client.get(reverse("partners:signal_record", args=[Signal.objects.get().pk])).status_code == 404


def test_every_page_of_outsiders_opens(company, client):
    company.owner.language = "ja"
    company.owner.save()
    signed_in(client, company.owner)
    worker = placed(company)
    duty = duties.duty_ask(
        actor=company.owner, partner=worker.partner, wish=duties.DutyWish("work", "整理", date(2026, 3, 9))
    )
    pages = {
        worker.pk: ("worker_detail", "worker_pledge", "worker_equipment", "access_create"),
        worker.partner.pk: ("partner_detail", "worker_create", "duty_create"),
        duty.pk: ("duty_detail", "duty_answer", "finding_create"),
    }
    for key, names in pages.items():
        for name in names:
            assert client.get(reverse(f"partners:{name}", args=[key])).status_code == 200, name
    for name in ("worker_list", "duty_list", "signal_list"):
        assert client.get(reverse(f"partners:{name}")).status_code == 200, name
    assert client.get(reverse("partners:signal_create", args=["weather"])).status_code == 404
    signed_in(client, company.seller)
    for key, names in pages.items():
        for name in names:
            assert client.get(reverse(f"partners:{name}", args=[key])).status_code == 403, name


def test_the_api_lists_partners_asks_companies_and_says_to_whom_a_task_goes(company, client):
    worker = placed(company)
    signed_in(client, company.owner)
    base = "/api/v1/partners"
    (row,) = client.get(f"{base}/").json()["items"]
    assert (row["name"], row["bound"]) == ("示范信息处理有限公司", False)
    assert row["manager_name"] != "沈望舒"
    wish = {"kind": "report", "title": "月度报告", "due_on": "2026-03-31"}
    made = client.post(f"{base}/{worker.partner_id}/duties", wish, content_type="application/json")
    assert made.status_code == 201
    assert client.get(f"{base}/duties").json()["items"][0]["id"] == made.json()["id"]
    told = client.get(f"{base}/addressee/{worker.engagement.person_id}").json()
    assert (told["by_name"], told["company"], told["status"]) == (
        False,
        "示范信息处理有限公司",
        "unconfirmed",
    )
    body = {"department_id": str(company.rd.pk), "kind": "supplier", "name": "示范检测有限公司"}
    assert client.post(f"{base}/", body, content_type="application/json").status_code == 201
    assert client.post(f"{base}/", body, content_type="application/json").status_code == 409
    signed_in(client, company.seller)
    assert client.get(f"{base}/").json()["items"] == []
    assert client.get(f"{base}/{worker.partner_id}").status_code == 403
    assert client.post(f"{base}/", body, content_type="application/json").status_code == 404
