"""An orderly leaver over HTTP, from the talk to the certificate and the end; refusals and what is late."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from tests.server.lifecycle.company import PASSWORD, asked, nothing, settled, step_of
from tests.server.register.company import registered, signed_in

from shoumi.engine.jurisdiction.procedures import Gate
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.lifecycle.models import CaseStep, Certificate, HandoverItem, PersonCase
from shoumi.server.lifecycle.queries.standings import standing_of
from shoumi.server.lifecycle.services.cases import case_close
from shoumi.server.lifecycle.services.certificates import (
    certificate_draw,
    certificate_pdf,
    certificates_issue,
)
from shoumi.server.lifecycle.services.errors import (
    CertificateMissingError,
    CertificateSignedError,
    GateClosedError,
    ThingError,
)
from shoumi.server.lifecycle.services.handover import (
    carriers_list,
    group_none,
    thing_hand,
    thing_list,
    thing_missing,
    thing_receive,
)
from shoumi.server.lifecycle.services.recording import (
    Done,
    record_attest,
    step_record,
    step_refusal,
    step_sign,
)
from shoumi.server.lifecycle.services.watching import late_escalate, late_tell
from shoumi.server.notifications.models import Notification

DETECTORS = ("OFF-04", "OFF-04a", "OFF-04b", "OFF-04c", "OFF-04d", "OFF-04e", "OFF-04f", "OFF-04g")
ACCESS = ("domain", "application", "network", "messenger", "door", "keys")


@pytest.fixture
def browser():
    def make(user):
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        return signed_in(client, user)

    return make


def post(client, name, *args, **values):
    answer = client.post(reverse(f"lifecycle:{name}", args=args), values)
    assert answer.status_code == 302, (name, answer.status_code, answer.content.decode()[:2000])
    return answer


def checked(company, case, *, without=()):
    """Take every step that stands in the way of the certificate, but those named."""
    group_names = ("files", "hardware", "accounts", "passwords", "data", "carriers")
    if "handover" not in without:
        nothing(company, case, *group_names)
    now = case.opened_at
    plan = {
        "leaving-talk": (company.officer, company.owner, {}),
        "revocation": (company.technician, None, {"items": settled(*ACCESS, at=now)}),
        "look-back": (company.officer, company.second_officer, {"items": settled(*DETECTORS)}),
        "malware-scan": (company.technician, None, {}),
        "non-compete-decision": (company.legal, None, {}),
        "whereabouts-plan": (company.people_office, None, {}),
        "cool-down-start": (company.officer, None, {}),
    }
    for key, (actor, second, more) in plan.items():
        if key not in without:
            company.does(case, key, actor, by=second, **more)
    if "exit-pledge" not in without:
        step_sign(actor=company.leaver, step=step_of(case, "exit-pledge"), party="person", password=PASSWORD)


@pytest.mark.requirement("OFF-01", "OFF-02", "OFF-02b", "OFF-03", "OFF-10", "OFF-14")
def test_an_orderly_leaver_gets_to_the_certificate(company, browser, fixed_clock):  # noqa: PLR0915 - one journey
    secret = registered(company, level="important")
    carrier = secret.carriers.filter(number__isnull=False).first() or secret.carriers.first()
    carrier.number, carrier.keeper = carrier.number or "SM-C-1", company.leaver.person
    carrier.save()
    hr, officer, owner = (browser(user) for user in (company.people_office, company.officer, company.owner))
    receiver, it, leaver = (browser(user) for user in (company.successor, company.technician, company.leaver))
    where = ["leaving", company.leaver.person.pk]
    post(hr, "case_open", *where, "days", notice_day="2026-03-01T09:00", last_day="2026-03-02")
    facts = {"reason": "orderly", "post_level": "important", "knows_secrets": "yes"}
    facts |= {"manages_accounts": "no", "non_compete": "no", "suspicion": "no"}
    post(hr, "case_open", *where, "facts", **facts)
    case = PersonCase.objects.get()
    post(hr, "party_name", case.pk, party="receiver", person=company.successor.person.pk)
    post(hr, "party_name", case.pk, party="officer", person=company.officer.person.pk)

    talk = step_of(case, "leaving-talk")
    post(officer, "step_record", talk.pk, note="告知保密义务和法律责任", companions=[company.owner.person.pk])
    post(owner, "attest", asked(talk, company.owner).pk, agreed="yes")

    handover = step_of(case, "handover")
    for group, label in (("files", "项目文件夹三册"), ("hardware", "笔记本电脑"), ("accounts", "域账号")):
        post(owner, "thing_new", handover.pk, group=group, label=label)
    post(owner, "thing_carriers", handover.pk)
    for group in ("passwords", "data"):
        post(owner, "thing_none", handover.pk, group)
    for thing in HandoverItem.objects.filter(step=handover, state="none"):
        post(receiver, "thing_receive", thing.pk)
    things = list(HandoverItem.objects.filter(step=handover, state="listed"))
    assert {thing.carrier for thing in things} == {None, carrier}
    for thing in things:
        post(owner, "thing_hand", thing.pk)
    assert leaver.post(reverse("lifecycle:thing_receive", args=[things[0].pk])).status_code == 403
    for thing in things:
        assert step_of(case, "handover").state == CaseStep.State.OPEN
        post(receiver, "thing_receive", thing.pk)
    assert step_of(case, "handover").state == CaseStep.State.DONE

    fixed_clock.advance(timedelta(days=1, hours=8))  # the last day is over in China an hour ago
    officer, owner, it = (browser(user) for user in (company.officer, company.owner, company.technician))
    revocation = step_of(case, "revocation")
    items = {f"item-{item}": "settled" for item in ACCESS}
    items |= {f"time-{item}": "2026-03-03T00:30" for item in ACCESS}
    post(it, "step_record_part", revocation.pk, "items", **items)
    post(it, "step_record_part", revocation.pk, "done", note="全部关闭")
    took = standing_of(case).measured["revocation"].took
    assert took == timedelta(minutes=30)
    post(it, "step_record", step_of(case, "malware-scan").pk, note="病毒库 2026-03-01，无发现")

    certificate = step_of(case, "certificate")
    answer = officer.post(reverse("lifecycle:certificate_draw", args=[certificate.pk]))
    assert answer.status_code == 409
    for title in ("Look-back", "Decision to use or waive the non-compete", "Exit pledge"):
        assert title in answer.content.decode()
    checked(company, case, without=("handover", "leaving-talk", "revocation", "malware-scan"))
    post(officer, "certificate_draw", certificate.pk)
    drawn = Certificate.objects.get()
    assert drawn.language == "zh-hans"
    signers = {"person": company.leaver, "receiver": company.successor, "officer": company.officer}
    for party, user in signers.items():
        page = browser(user)
        assert "PDF" in page.get(certificate.get_absolute_url()).content.decode()
        post(page, "step_sign", certificate.pk, party=party, password=PASSWORD)
    drawn.refresh_from_db()
    assert drawn.issued_at is not None
    answer = hr.get(reverse("lifecycle:certificate_pdf", args=[certificate.pk]))
    text = words(b"".join(answer.streaming_content))
    for wanted in (
        "离职检查证明",
        company.leaver.person.name,
        "笔记本电脑",
        drawn.statement_sha256[:20],
        "30",
    ):
        assert wanted in text
    assert step_of(case, "certificate").state == CaseStep.State.DONE
    tags = [entry.tag for entry in entries_of(case.ledger_subject)]
    assert tags.count("lifecycle:signature:given") == 4
    assert "lifecycle:certificate:issued" in tags

    for key, user in (("file-transfer", company.people_office), ("leaving-filing", company.officer)):
        company.does(case, key, user)
    case.refresh_from_db()
    post(browser(company.people_office), "case_close", case.pk, expected_version=case.version)
    case.refresh_from_db()
    assert case.state == PersonCase.State.CLOSED


def words(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.requirement("OFF-02a", "TRF-03")
def test_handover_item_by_item_to_a_named_receiver(company):
    case = company.leaving()
    step = step_of(case, "handover")
    with pytest.raises(ThingError):
        thing_list(actor=company.owner, step=step, group="furniture", label="桌子")
    with pytest.raises(NotPermittedError):
        thing_list(actor=company.leaver, step=step, group="files", label="文件")
    thing = thing_list(actor=company.owner, step=step, group="files", label="合同十份")
    with pytest.raises(ThingError):
        thing_receive(actor=company.successor, thing=thing)  # nobody handed it over
    with pytest.raises(ThingError):
        group_none(actor=company.owner, step=step, group="files")
    thing = thing_hand(actor=company.owner, thing=thing)
    for user in (company.leaver, company.owner, company.officer):
        with pytest.raises(NotPermittedError):
            thing_receive(actor=user, thing=thing)
    with pytest.raises(ThingError):
        thing_missing(actor=company.successor, thing=thing, note=" ")
    thing_missing(actor=company.successor, thing=thing, note="缺两份")
    with pytest.raises(ThingError):
        thing_receive(actor=company.successor, thing=thing)
    thing = thing_hand(actor=company.owner, thing=thing)
    thing_receive(actor=company.successor, thing=thing)
    assert standing_of(case).step("handover").fulfilment.items_at.keys() == {"files"}
    assert carriers_list(actor=company.owner, step=step) == []


def test_a_certificate_is_refused_while_its_gate_is_closed_and_changes_no_more_once_signed(company, english):
    case = company.leaving()
    step = step_of(case, "certificate")
    with pytest.raises(GateClosedError):
        step_sign(
            actor=company.officer, step=step, party="officer", password=PASSWORD
        ) if Certificate.objects.exists() else certificate_draw(actor=company.officer, step=step)
    checked(company, case, without=("malware-scan",))
    with pytest.raises(GateClosedError, match="Malware scan"):
        certificate_draw(actor=company.officer, step=step)
    company.does(case, "malware-scan", company.technician)
    with pytest.raises(CertificateMissingError):
        step_sign(actor=company.leaver, step=step, party="person", password=PASSWORD)
    with pytest.raises(CertificateMissingError):
        step_record(actor=company.officer, step=step, done=Done(note="纸质", on_paper=["person"]))
    with pytest.raises(NotPermittedError):
        certificate_draw(actor=company.people_office, step=step)
    certificate_draw(actor=company.officer, step=step)
    certificate_draw(actor=company.officer, step=step)  # anew, as nobody has signed
    step_sign(
        actor=company.successor, step=step, party="receiver", password=PASSWORD,
    )  # fmt: skip
    with pytest.raises(CertificateSignedError):
        certificate_draw(actor=company.officer, step=step)


@pytest.mark.requirement("OFF-09")
def test_a_leaver_who_refuses_is_certified_with_two_witnesses(company):
    case = company.leaving()
    checked(company, case)
    step = step_of(case, "certificate")
    certificate_draw(actor=company.officer, step=step)
    step_sign(actor=company.successor, step=step, party="receiver", password=PASSWORD)
    officer = case.parties.get(party="officer").person.user
    step_sign(actor=officer, step=step, party="officer", password=PASSWORD)
    step_refusal(
        actor=company.second_officer if officer == company.officer else company.officer,
        step=step,
        party="person",
        note="拒绝签字",
        witnesses=[company.witness, company.seller],
    )
    for user in (company.witness, company.seller):
        record_attest(actor=user, attestation=asked(step, user), agreed=True)
    assert step_of(case, "certificate").state == CaseStep.State.REFUSED
    assert certificates_issue() == 1
    text = words(certificate_pdf(Certificate.objects.get()))
    assert str(company.witness) in text
    with pytest.raises(GateClosedError):
        case_close(actor=company.people_office, case=case, outcome="", expected_version=case.version)
    assert standing_of(case).may(Gate.CERTIFICATE)


def test_what_is_late_is_told_once_and_escalated_after_three_days(company, fixed_clock, english):
    company.case()
    assert late_tell() == 0
    fixed_clock.advance(timedelta(days=4))
    late = Notification.objects.filter(message__contains="is overdue")
    assert late_tell() == 1  # the talk
    assert set(late.values_list("user", flat=True)) >= {company.officer.pk}
    assert late_tell() == 0
    assert late_escalate() == 0
    fixed_clock.advance(timedelta(days=3))
    assert late_escalate() == 1
    assert Notification.objects.filter(user=company.leader, message__contains="three days").count() == 1
    assert late_escalate() == 0
