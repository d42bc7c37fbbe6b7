"""A salesperson who resigns by chat and hands nothing over: freeze, hold, look-back, notices, over HTTP.

The days are those of the seed case: a rival company on the 7th, the chat on the 17th.  Names are invented.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from tests.server.lifecycle.company import asked, step_of
from tests.server.register.company import signed_in

from shoumi.engine.jurisdiction.procedures import Gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.lifecycle.models import (
    CaseStep,
    EvidenceHold,
    HeldFile,
    LookBack,
    OutsideNotice,
    PersonCase,
)
from shoumi.server.lifecycle.queries.standings import standing_of
from shoumi.server.lifecycle.services.cases import case_cancel, party_name
from shoumi.server.lifecycle.services.errors import (
    LogError,
    NoticeError,
    ProofMissingError,
    ReasonNeededError,
    TimeError,
)
from shoumi.server.lifecycle.services.handover import thing_list
from shoumi.server.lifecycle.services.keeping import log_erase, logs_due
from shoumi.server.lifecycle.services.logs import LogWish, guessed, log_import, log_read
from shoumi.server.lifecycle.services.looking import evidence_hold, look_back_run
from shoumi.server.lifecycle.services.notices import NoticeWish, notice_deliver, notice_send, notice_write
from shoumi.server.people.keepers import HeldAsEvidenceError

CHAT = datetime(2026, 4, 17, 10, 0, tzinfo=UTC)  # 18:00 in China
TOLD = "监测告知书，2026-01-05 签收"


@pytest.fixture
def browser():
    def make(user):
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        return signed_in(client, user)

    return make


@pytest.fixture
def resigned(company, fixed_clock):
    """The case of a salesperson who wrote “I quit” in a chat an hour ago."""
    fixed_clock.advance(CHAT + timedelta(hours=1) - fixed_clock.now())
    facts = {"reason": "no_notice", "manages_accounts": "yes", "suspicion": "yes", "knows_secrets": "yes"}
    days = {"notice_day": CHAT, "found_day": CHAT}
    case = company.case(person=company.seller.person, facts=facts, days=days)
    party_name(actor=company.people_office, case=case, party="receiver", person=company.witness.person)
    return PersonCase.objects.get(pk=case.pk)


def sent(name, lines, kind="text/csv"):
    return SimpleUploadedFile(name, "\n".join(lines).encode(), kind)


def downloads(number=120):
    lines = ["时间,用户名,路径,操作"]
    lines += [
        f"2026-04-16 22:{row // 10:02}:{row % 10 * 6:02},anran,客户/{row}.xlsx,下载" for row in range(number)
    ]
    return [*lines, "2026-04-16 22:59:00,other,客户/1.xlsx,下载", "昨天,anran,x,下载"]


def post(client, where, *args, **values):
    answer = client.post(reverse(f"lifecycle:{where}", args=args), values)
    assert answer.status_code == 302, (where, answer.status_code, answer.content.decode()[-3000:])


@pytest.mark.requirement("OFF-04", "OFF-05", "OFF-06", "OFF-04h", "OFF-12")
def test_a_salesperson_who_resigns_by_chat_and_hands_nothing_over(company, resigned, browser, fixed_clock):
    case = resigned
    page = browser(company.officer).get(case.get_absolute_url()).content.decode()
    assert page.index("Freeze of accounts and devices") < page.index("Leaving talk")
    freeze = step_of(case, "freeze")
    assert freeze.due_at == CHAT + timedelta(hours=4)
    it, officer, legal = (browser(user) for user in (company.technician, company.officer, company.legal))
    post(it, "step_record", freeze.pk, note="账号、笔记本已冻结")
    post(legal, "evidence_hold", case.pk, reason="4月7日登记同业公司，17日聊天辞职")
    assert step_of(case, "evidence-hold").state == CaseStep.State.DONE

    log = {"kind": "file_access", "basis": TOLD, "accounts": "anran"}
    post(officer, "log_new", case.pk, **log, **{"file-plain": sent("文件.csv", downloads())})
    mails = [
        json.dumps({"timestamp": "2026-04-16T23:10:00+08:00", "to": f"me{n}@mail.example.net"})
        for n in range(3)
    ]
    post(officer, "log_new", case.pk, kind="mail", basis=TOLD, **{"file-plain": sent("mail.jsonl", mails)})
    post(officer, "look_back_run", case.pk, domains="example.com")
    run = LookBack.objects.get()
    found = {item["detector"]: item for item in run.results}
    assert [hit["found"] for hit in found["OFF-04e"]["hits"]] == [120]
    assert [hit["found"] for hit in found["OFF-04g"]["hits"]] == [3]
    assert not found["OFF-04b"]["looked"]
    page = officer.get(reverse("lifecycle:look_back", args=[case.pk])).content.decode()
    for words in (
        "120 files opened or downloaded",
        "did not look",
        "1 line could not be read",
        "mail.example.net 3",
    ):
        assert words in page
    look_back = step_of(case, "look-back")
    post(
        officer, "look_back_record", look_back.pk,
        note="大量下载客户资料，转交法务", companion=company.second_officer.person.pk,
    )  # fmt: skip
    post(browser(company.second_officer), "attest", asked(look_back, company.second_officer).pk, agreed="yes")
    open_items = standing_of(case).step("look-back").fulfilment.open_items
    assert set(open_items) == {"OFF-04a", "OFF-04b", "OFF-04c", "OFF-04d", "OFF-04f"}  # no logs of those

    seller = browser(company.sales_owner)
    thing = thing_list(
        actor=company.sales_owner, step=step_of(case, "handover"), group="hardware", label="工作手机"
    )
    post(seller, "thing_missing", thing.pk, note="本人未交还，已发函催还")
    company.does(case, "customers-over", company.sales_owner)
    notices = step_of(case, "notices")
    for kind, name in (("customers", "示例客户甲"), ("customers", "示例客户乙"), ("suppliers", "示例供应商")):
        post(seller, "notice_new", notices.pk, kind=kind, name=name, language="zh-hans")
    rows = list(OutsideNotice.objects.order_by("kind", "name"))
    assert company.witness.person.name in rows[0].text
    for row in rows:
        post(seller, "notice_send", row.pk, channel="letter")
        post(seller, "notice_deliver", row.pk, **{"proof-plain": sent("签收.txt", ["已签收"], "text/plain")})
    assert set(standing_of(case).step("notices").fulfilment.open_items) == {"partners"}
    items = {"item-partners": "not_held"}
    post(seller, "step_record_part", notices.pk, "items", **items)
    post(seller, "step_record_part", notices.pk, "done", note="无合作单位")
    assert step_of(case, "notices").state == CaseStep.State.DONE

    fixed_clock.advance(timedelta(hours=25))
    late = standing_of(case).late
    assert {"revocation", "leaving-talk"} <= set(late)
    found = standing_of(case)
    assert not found.may(Gate.CERTIFICATE)
    assert {"handover", "look-back", "exit-pledge"} <= set(found.gates[Gate.CERTIFICATE].waiting_for)
    page = browser(company.people_office).get(reverse("lifecycle:case_list"), {"late": "1"}).content.decode()
    assert case.number in page


@pytest.mark.requirement("OFF-05")
def test_what_is_held_cannot_be_removed(company, resigned):
    company.does(resigned, "freeze", company.technician, files=[company.file(company.technician)])
    with pytest.raises(ReasonNeededError):
        evidence_hold(actor=company.officer, case=resigned, reason=" ")
    for user in (company.people_office, company.auditor, company.technician, company.seller):
        with pytest.raises(NotPermittedError):
            evidence_hold(actor=user, case=resigned, reason="x")
    hold = evidence_hold(actor=company.officer, case=resigned, reason="涉嫌带走客户资料")
    held = hold.files.get().file
    assert hold.manifest["files"][0]["sha256"] == held.sha256
    with pytest.raises(ProtectedError):
        held.delete()
    assert EvidenceHold.objects.count() == 1


def test_who_sees_what_the_look_back_found(company, resigned, browser):
    for user, status in (
        (company.officer, 200),
        (company.legal, 200),
        (company.auditor, 200),
        (company.people_office, 403),
        (company.sales_owner, 403),
        (company.technician, 403),
        (company.seller, 403),
        (company.counsel, 403),
    ):
        answer = browser(user).get(reverse("lifecycle:look_back", args=[resigned.pk]))
        assert answer.status_code == status, user
    with pytest.raises(NotPermittedError):
        look_back_run(actor=company.auditor, case=resigned)


def test_a_log_that_says_nothing_is_refused(company, resigned):
    def bring(content, **more):
        wish = LogWish(**{"kind": "sign_in", "basis": TOLD, **more})
        return log_import(actor=company.officer, case=resigned, chosen=sent("x.csv", content), wish=wish)

    with pytest.raises(LogError):
        look_back_run(actor=company.officer, case=resigned)
    for content in (["a,b", "1,2"], ["{"], ["时间", "never"]):
        with pytest.raises(LogError):
            bring(content)
    with pytest.raises(LogError):
        bring(["时间", "2026-04-16 09:00:00"], kind="rumours")
    with pytest.raises(ReasonNeededError):
        bring(["时间", "2026-04-16 09:00:00"], basis=" ")
    with pytest.raises(LogError):
        bring(["时间", "2026-04-16 09:00:00"], mapping={"at": "日期"})
    row = bring(["何时,谁", "2026/04/16 21:30:05,x"], mapping={"at": "何时", "account": "谁"})
    event = log_read(row).events[0]
    assert event.at == datetime(2026, 4, 16, 13, 30, 5, tzinfo=UTC)
    assert event.row == 1


def test_columns_are_known_by_their_names_and_moments_in_usual_forms(company, resigned):
    assert guessed(["日時", "ユーザー", "ファイル", "操作"]) == {
        "at": "日時", "account": "ユーザー", "object": "ファイル", "act": "操作", "target": "",
    }  # fmt: skip
    lines = [
        {"time": value} for value in (1776333600, 1776333600000, "2026-04-16T10:00:00Z", "2026-04-16 18:00")
    ]
    content = sent("log.json", [json.dumps(lines)])
    wish = LogWish("sign_in", TOLD)
    row = log_import(actor=company.officer, case=resigned, chosen=content, wish=wish)
    assert {event.at for event in log_read(row).events} == {datetime(2026, 4, 16, 10, tzinfo=UTC)}
    assert row.faults == 0


@pytest.mark.requirement("OFF-06")
def test_a_notice_is_sent_then_arrives_with_proof(company, resigned, fixed_clock):
    step = step_of(resigned, "notices")
    with pytest.raises(NotPermittedError):
        notice_write(actor=company.owner, step=step, wish=NoticeWish("customers", "示例"))
    with pytest.raises(NoticeError):
        notice_write(actor=company.sales_owner, step=step, wish=NoticeWish("rivals", "示例"))
    row = notice_write(
        actor=company.sales_owner, step=step, wish=NoticeWish("customers", "示例", language="ja")
    )
    proof = company.file(company.sales_owner)
    with pytest.raises(NoticeError):
        notice_deliver(actor=company.sales_owner, notice=row, proof=proof)
    late = fixed_clock.now() + timedelta(hours=1)
    with pytest.raises(TimeError):
        notice_send(actor=company.sales_owner, notice=row, channel="email", at=late)
    row = notice_send(actor=company.sales_owner, notice=row, channel="email")
    with pytest.raises(NoticeError):
        notice_send(actor=company.sales_owner, notice=row, channel="email")
    with pytest.raises(ProofMissingError):
        notice_deliver(actor=company.sales_owner, notice=row, proof=None)
    row = notice_deliver(actor=company.sales_owner, notice=row, proof=proof)
    assert row.proof == proof


@pytest.mark.requirement("OFF-07", "OFF-15", "OFF-10", "OFF-11")
def test_whereabouts_are_checked_every_quarter_of_the_cool_down(company):
    days = {"last_day": datetime(2026, 3, 1, tzinfo=UTC).date()}
    facts = {"non_compete": "yes", "suspicion": "no", "post_level": "general"}
    case = company.case("cool-down", person=company.seller.person, facts=facts, days=days)
    checks = list(case.steps.filter(key__startswith="whereabouts/").order_by("due_at"))
    assert len(checks) == 8
    assert {item.id for item in standing_of(case).step("whereabouts/1").planned.step.items} == {
        "employer",
        "own_business",
    }
    assert not checks[0].told_at  # its time has not come
    company.does(
        case, "whereabouts/1", company.people_office,
        items={"employer": ("settled", None), "own_business": ("settled", None)}, note="工商公示，未见同业",
    )  # fmt: skip
    assert step_of(case, "whereabouts/1").state == CaseStep.State.DONE
    assert step_of(case, "cool-down-end").due_at.date().isoformat() == "2026-09-01"  # six months, general


@pytest.mark.requirement("JPN-04")
@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "不正競争に関する法律"), ("zh-hans", "反不正当竞争"), ("en", "unfair competition")],
)
def test_legal_writes_to_the_new_employer_where_there_is_a_suspicion(company, fixed_clock, language, words):
    days = {"last_day": datetime(2026, 3, 1, tzinfo=UTC).date(), "found_day": fixed_clock.now().date()}
    facts = {"non_compete": "no", "suspicion": "yes", "post_level": "general"}
    case = company.case("cool-down", person=company.seller.person, facts=facts, days=days)
    step = step_of(case, "employer-letter")
    wish = NoticeWish("new_employer", "示例竞业公司", language=language)
    with pytest.raises(NotPermittedError):
        notice_write(actor=company.sales_owner, step=step, wish=wish)
    row = notice_write(actor=company.legal, step=step, wish=wish)
    assert words in row.text
    assert company.seller.person.name in row.text
    assert "2026-03-01" in row.text
    row = notice_send(actor=company.legal, notice=row, channel="letter")
    notice_deliver(actor=company.legal, notice=row, proof=company.file(company.legal))
    step.refresh_from_db()
    assert step.state == CaseStep.State.DONE


def test_an_imported_log_is_destroyed_once_its_case_is_over_unless_it_is_held(company, resigned, fixed_clock):
    wish = LogWish(kind="file_access", basis=TOLD, accounts="anran")
    row = log_import(actor=company.officer, case=resigned, chosen=sent("x.csv", downloads()), wish=wish)
    tomorrow = fixed_clock.now().date() + timedelta(days=2)
    assert list(logs_due(company.cn, tomorrow)) == []  # the case goes on
    resigned.refresh_from_db()
    case_cancel(
        actor=company.people_office, case=resigned, reason="撤回辞职", expected_version=resigned.version
    )
    (kept,) = logs_due(company.cn, tomorrow)
    assert kept.person == company.seller.person.pk
    hold = EvidenceHold.objects.create(case=resigned, reason="诉讼", held_by=company.officer, held_at=CHAT)
    held = HeldFile.objects.create(hold=hold, file=row.file)
    assert list(logs_due(company.cn, tomorrow)) == []
    with pytest.raises(HeldAsEvidenceError), transaction.atomic():
        log_erase(kept.key, "erasure:1")
    held.delete()
    with transaction.atomic():
        assert log_erase(kept.key, "erasure:1")
        assert not log_erase(kept.key, "erasure:1")
    row.refresh_from_db()
    assert (row.file.state, row.accounts) == ("shredded", [])
    assert list(logs_due(company.cn, tomorrow)) == []
