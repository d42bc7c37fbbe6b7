"""Requests within the pack's clock, and holds that go before deletion and retention."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.privacy.models import Hold, SubjectRequest
from shoumi.server.privacy.queries.keeping import keeping_of
from shoumi.server.privacy.services.errors import HeldError, RequestStateError, WordUnknownError
from shoumi.server.privacy.services.requests import (
    hold_release,
    hold_set,
    request_answer,
    request_extend,
    request_make,
    requests_escalate,
)


def asks(company, right="copy"):
    return request_make(actor=company.watched, person=company.watched.person, right=right, text="请提供。")


def test_the_clock_runs_is_extended_once_and_escalates_once(company, fixed_clock):
    row = asks(company)
    assert row.due_at.isoformat() == "2026-03-17T00:00:00+08:00"
    fixed_clock.advance(timedelta(days=14))
    assert requests_escalate() == 0
    fixed_clock.advance(timedelta(days=2))
    assert requests_escalate() == 1
    assert requests_escalate() == 0
    assert company.legal.notifications.filter(message__contains="overdue").count() == 1
    row = request_extend(actor=company.legal, request=row, reason="数据较多")
    assert row.due_at.isoformat() == "2026-04-01T00:00:00+08:00"
    with pytest.raises(RequestStateError):
        request_extend(actor=company.legal, request=row, reason="再一次")
    request_answer(actor=company.people_office, request=row, refused=False, answer="已提供")
    with pytest.raises(RequestStateError):
        request_answer(actor=company.legal, request=row, refused=True, answer="不")
    fixed_clock.advance(timedelta(days=60))
    assert requests_escalate() == 0


def test_a_hold_goes_before_deletion_and_retention(company):
    processing, person = company.processing(), company.watched.person
    day = date(2025, 1, 31)
    assert keeping_of(processing, person, day).last_day == date(2025, 7, 31)
    assert keeping_of(processing, person, day).may_erase(date(2025, 8, 1))
    hold = hold_set(actor=company.legal, entity=company.cn, name="争议", reason="保全", persons=[person])
    assert not keeping_of(processing, person, day).may_erase(date(2030, 1, 1))
    assert keeping_of(processing, company.seller.person, day).hold is None
    row = asks(company, "delete")
    with pytest.raises(HeldError):
        request_answer(actor=company.legal, request=row, refused=False, answer="已删除")
    hold_release(actor=company.legal, hold=hold, reason="争议结束")
    assert keeping_of(processing, person, day).hold is None
    request_answer(actor=company.legal, request=row, refused=False, answer="已删除")


def test_only_whose_they_are_asks_and_only_legal_holds(company):
    with pytest.raises(WordUnknownError):
        asks(company, "everything")
    with pytest.raises(NotPermittedError):
        request_make(actor=company.seller, person=company.watched.person, right="copy", text="他的")
    with pytest.raises(NotPermittedError):
        request_answer(actor=company.officer, request=asks(company), refused=True, answer="不")
    with pytest.raises(NotPermittedError):
        hold_set(actor=company.people_office, entity=company.cn, name="争议", reason="保全")


def test_over_http_from_the_letter_to_the_answer(company, browser):
    hr, legal, person = browser(company.people_office), browser(company.legal), browser(company.watched)
    where = reverse("privacy:request_new", args=[company.cn.pk])
    filled = {"person": company.watched.person.pk, "right": "access", "text": "来信要求查阅。"}
    page = hr.post(where, filled, follow=True).content.decode()
    row = SubjectRequest.objects.get()
    assert "Record the identity check" in page
    do = [reverse("privacy:request_do", args=[row.pk, what]) for what in ("answer", "identify", "extend")]
    assert hr.post(do[0], {"outcome": "answered", "answer": "x"}).status_code == 422
    hr.post(do[1], {"reason": "核对身份证件"})
    hr.post(do[2], {"reason": "数据较多"})
    hr.post(do[0], {"outcome": "refused", "answer": "涉及他人信息,理由如下。"})
    assert "涉及他人信息" in person.get(reverse("privacy:mine")).content.decode()
    page = person.post(reverse("privacy:my_request"), {"right": "copy", "text": "请提供副本。"}, follow=True)
    assert "Your request has come in" in page.content.decode()
    legal.post(reverse("privacy:hold_new", args=[company.cn.pk]), {"name": "争议", "reason": "保全"})
    hold = Hold.objects.get()
    assert "everybody in the legal entity" in legal.get(hold.get_absolute_url()).content.decode()
    legal.post(reverse("privacy:hold_release", args=[hold.pk]), {"reason": "结束"})
    for name in ("request_list", "hold_list"):
        assert legal.get(reverse(f"privacy:{name}")).status_code == 200
