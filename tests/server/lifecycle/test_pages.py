"""The pages of cases over HTTP: opened in steps, recorded, signed, refused, ended, templates changed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.server.lifecycle.company import PASSWORD, asked, step_of
from tests.server.register.company import signed_in

from shoumi.server.console.queries.due import due_for
from shoumi.server.lifecycle.models import CaseStep, PersonCase, TemplateChange
from shoumi.server.lifecycle.queries.access import tasks_of
from shoumi.server.lifecycle.services.cases import party_name
from shoumi.server.notifications.models import Notification


@pytest.fixture
def browser():
    """Sign somebody in, reading English."""

    def make(user):
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        return signed_in(client, user)

    return make


def text(answer):
    return answer.content.decode()


def test_a_case_is_opened_in_steps(company, browser):
    hr = browser(company.people_office)
    person = company.leaver.person
    answer = hr.post(reverse("lifecycle:case_new"), {"kind": "leaving", "person": person.pk})
    assert answer.status_code == 302
    page = hr.get(answer.url)
    assert "Day of notice" in text(page)
    answer = hr.post(answer.url, {"notice_day": "2026-03-01T09:00", "last_day": "2026-03-31"})
    assert answer.status_code == 302
    assert 'value="important" selected' in text(hr.get(answer.url))  # the level of the post
    answer = hr.post(answer.url, {"reason": "orderly", "post_level": "important"}, follow=True)
    case = PersonCase.objects.get()
    assert case.days == {"notice_day": "2026-03-01T09:00:00+08:00", "last_day": "2026-03-31"}
    page = text(answer)
    for words in ("Leaving talk", "To be done next", "Certificate", "not yet", "Stage 1"):
        assert words in page
    assert case.number in text(hr.get(reverse("lifecycle:case_list"), {"leaving_now": "1"}))
    export = hr.get(reverse("lifecycle:case_list"), {"export": "csv"})
    assert export.status_code == 200


def test_a_case_that_cannot_be_is_refused_beside_the_form(company, browser):
    hr = browser(company.people_office)
    where = [("leaving", company.leaver.person.pk)]
    days = reverse("lifecycle:case_open", args=[*where[0], "days"])
    hr.post(days, {})
    answer = hr.post(reverse("lifecycle:case_open", args=[*where[0], "facts"]), {"reason": "orderly"})
    assert answer.status_code == 422
    assert "must be given" in text(answer)
    assert not PersonCase.objects.exists()


def test_a_list_is_recorded_item_by_item_with_the_time_measured(company, browser, fixed_clock):
    case = company.case()
    it = browser(company.technician)
    step = step_of(case, "revocation")
    answer = it.get(reverse("lifecycle:step_record", args=[step.pk]))
    assert "Company messenger" in text(answer)
    items = {}
    for item in ("domain", "application", "network", "messenger", "door"):
        items |= {f"item-{item}": "settled", f"time-{item}": "2026-03-01T16:30"}
    where = reverse("lifecycle:step_record_part", args=[step.pk, "items"])
    answer = it.post(where, items | {"item-keys": "not_held"})
    assert answer.status_code == 302
    answer = it.post(answer.url, {"note": "全部关闭"}, follow=True)
    assert answer.status_code == 200
    assert step_of(case, "revocation").state == CaseStep.State.DONE
    assert "done before that moment" in text(answer)  # the last day ends later
    assert "Revocation of access" in text(browser(company.officer).get(case.get_absolute_url()))


@pytest.mark.requirement("OFF-09")
def test_signing_and_refusing(company, browser):
    case = company.case()
    company.does(case, "leaving-talk", company.officer, by=company.owner)
    step = step_of(case, "exit-pledge")
    hr = browser(company.people_office)
    witnesses = [company.witness.person.pk, company.seller.person.pk]
    refusal = reverse("lifecycle:step_refuse", args=[step.pk])
    assert hr.post(refusal, {"note": "拒签", "witnesses": witnesses[:1]}).status_code == 422
    assert hr.post(refusal, {"note": "拒签", "witnesses": witnesses}).status_code == 302
    assert "not confirmed by everybody" in text(hr.get(step.get_absolute_url()))
    for user in (company.witness, company.seller):
        there = browser(user)
        assert "Confirm a record" in text(there.get(step.get_absolute_url()))
        where = reverse("lifecycle:attest", args=[asked(step, user).pk])
        assert there.post(where, {"agreed": "yes"}).status_code == 302
    assert step_of(case, "exit-pledge").state == CaseStep.State.REFUSED
    other = company.case(person=company.seller.person)
    pledge = step_of(other, "exit-pledge")
    seller = browser(company.seller)
    sign = reverse("lifecycle:step_sign", args=[pledge.pk])
    assert seller.post(sign, {"party": "person", "password": "wrong"}).status_code == 403
    assert seller.post(sign, {"party": "person", "password": PASSWORD}).status_code == 302


def test_a_step_is_given_and_stands_among_the_tasks_of_whoever_has_it(company, browser):
    case = company.case()
    step = step_of(case, "non-compete-decision")
    answer = browser(company.legal).post(
        reverse("lifecycle:step_give", args=[step.pk]),
        {"to": company.witness.person.pk, "reason": "休假", "expected_version": step.version},
    )
    assert answer.status_code == 302
    witness = browser(company.witness)
    assert "Decision to use or waive" in text(witness.get(reverse("lifecycle:task_list")))
    record = reverse("lifecycle:step_record", args=[step.pk])
    assert witness.post(record, {"note": "放弃，已书面通知"}).status_code == 302
    assert "Decision to use or waive" not in text(witness.get(reverse("lifecycle:task_list")))


def test_a_company_changes_the_steps_of_its_cases(company, browser):
    officer = browser(company.officer)
    where = {"entity": company.cn.pk, "kind": "leaving"}
    listed = reverse("lifecycle:template_list")
    assert "Malware scan" in text(officer.get(listed, where))
    add = reverse("lifecycle:template_new", args=[company.cn.pk, "leaving", "added"])
    wish = {"what": "added", "kind": "leaving", "title": "收回工牌", "proof": "工牌编号", "role": "hr"}
    wish |= {"gate": "certificate", "day": "last_day", "days_after": "0", "reason": "公司惯例"}
    assert officer.post(add, wish).status_code == 302
    change = TemplateChange.objects.get()
    page = text(officer.get(listed, where))
    assert "收回工牌" in page
    assert officer.post(reverse("lifecycle:template_end", args=[change.pk])).status_code == 302
    move = reverse("lifecycle:template_new", args=[company.cn.pk, "leaving", "moved"])
    wish = {"what": "moved", "kind": "leaving", "key": "notices", "day": "last_day", "days_after": "5"}
    assert officer.post(move, wish | {"reason": "节假日"}).status_code == 302
    assert browser(company.people_office).post(add, wish).status_code == 403


def test_a_case_ends(company, browser):
    case = company.case()
    hr = browser(company.people_office)
    close = reverse("lifecycle:case_close", args=[case.pk])
    answer = hr.post(close, {"expected_version": case.version})
    assert answer.status_code == 422
    assert "Missing" in text(answer)
    change = reverse("lifecycle:case_change", args=[case.pk, "days"])
    answer = hr.post(change, {"notice_day": "2026-03-01T09:00", "last_day": "2026-04-15"})
    answer = hr.post(answer.url, {"reason": "orderly"})
    answer = hr.post(answer.url, {"why": "延后"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.days["last_day"] == "2026-04-15"
    assert "延后" in text(hr.get(reverse("lifecycle:case_history", args=[case.pk])))
    cancel = reverse("lifecycle:case_cancel", args=[case.pk])
    assert hr.post(cancel, {"expected_version": case.version, "outcome": "撤回辞职"}).status_code == 302
    assert "Called off" in text(hr.get(case.get_absolute_url()))


def test_a_second_case_is_refused_where_it_is_chosen(company, browser):
    company.case()
    wish = {"kind": "leaving", "person": company.leaver.person.pk}
    answer = browser(company.people_office).post(reverse("lifecycle:case_new"), wish)
    assert answer.status_code == 422
    assert "already under way for this person" in text(answer)


def test_who_signs_is_told_and_led_from_one_paper_to_the_next(company, browser):
    facts = {"knows_secrets": "yes", "from_competitor": "no", "post_level": "important"}
    case = company.case("joining", facts=facts, days={"first_day": date(2026, 3, 9)})
    party_name(actor=company.people_office, case=case, party="company", person=company.successor.person)
    step = step_of(case, "secrecy-clause")
    assert Notification.objects.filter(user=company.leaver, link=step.get_absolute_url()).exists()
    leaver = browser(company.leaver)
    sign = reverse("lifecycle:step_sign", args=[step.pk])
    answer = leaver.post(sign, {"party": "person", "password": PASSWORD}, follow=True)
    assert "To be done next" in text(answer)  # it waits for the company, and no longer for them
    left = set(tasks_of(company.leaver).values_list("key", flat=True))
    assert "secrecy-clause" not in left
    assert "nda" in left
    assert "secrecy-clause" in set(tasks_of(company.successor).values_list("key", flat=True))


def test_what_is_due_by_a_day_is_shown_on_that_day(company, browser):
    case = company.case()
    step = step_of(case, "exit-pledge")
    assert step.due_at.isoformat() == "2026-03-31T16:00:00+00:00"  # the end of the last day in China
    page = text(browser(company.people_office).get(case.get_absolute_url()))
    assert ">2026-03-31</time>" in page
    assert "2026-04-01 00:00<" not in page
    found = due_for(company.people_office, date(2026, 3, 31), date(2026, 3, 31))
    assert step.get_absolute_url() in {item.url for item in found}
    assert not due_for(company.people_office, date(2026, 4, 1), date(2026, 4, 1))
    account = text(browser(company.technician).get(step_of(case, "revocation").get_absolute_url()))
    assert reverse("accounts:user_detail", args=[company.leaver.pk]) in account
