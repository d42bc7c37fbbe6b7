"""Everybody in scope is told: persons, posts, departments, those who come later; and takes note."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.server.register.company import draft, registered, signed_in
from tests.server.register.test_takeover import CORE, GOOD, decide, opened

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.notifications.models import Notification
from shoumi.server.people.models import Engagement
from shoumi.server.register.models import ScopeNotice
from shoumi.server.register.services.notices import MESSAGES
from shoumi.server.register.services.scope_notices import (
    NoticeUnknownError,
    notice_hand_over,
    notices_acknowledge,
    scope_joiners_tell,
)
from shoumi.server.register.values import ScopeValue


def told(secret):
    return set(secret.scope_notices.values_list("person__number", flat=True))


@pytest.mark.requirement("IDN-07")
def test_persons_posts_and_departments_in_scope_are_told_and_marking_tasks_made(company):
    silent = company.person("E009", "无账号", company.engineer)
    scope = (
        ScopeValue("departments", str(company.lab.pk)),
        ScopeValue("posts", str(company.director.pk)),
        ScopeValue("persons", str(company.seller.person.pk)),
    )
    secret = registered(company, scope=scope, scope_reason="project")
    assert told(secret) == {"E001", "E002", "E003", "E004", "E009"}
    messages = Notification.objects.filter(message=MESSAGES["in_scope"])
    assert {row.user_id for row in messages} == {
        user.pk for user in (company.proposer, company.colleague, company.head, company.seller)
    }
    assert {row.link for row in messages} == {reverse("register:notice_list")}
    tasks = secret.marking_tasks.all()
    assert sorted(bool(task.carrier_id) for task in tasks) == [False, True]
    assert silent.user is None
    assert scope_joiners_tell() == 0


@pytest.mark.requirement("IDN-07")
def test_who_comes_into_the_scope_later_is_told_once(company):
    secret = registered(company)
    second = registered(company)
    assert scope_joiners_tell() == 0
    late = company.person("E010", "后来", company.engineer, sign_in="late")
    assert scope_joiners_tell() == 2
    assert scope_joiners_tell() == 0
    assert set(late.scope_notices.values_list("secret", "cause")) == {
        (secret.pk, "joined"), (second.pk, "joined")
    }  # fmt: skip
    message = Notification.objects.get(message=MESSAGES["joined_scope"], user=late.user)
    assert message.parameters == {"count": "2"}
    Engagement.objects.filter(person=late).update(ends_on=date(2026, 2, 1))
    third = registered(company)
    assert "E010" not in told(third)


@pytest.mark.requirement("IDN-07")
def test_an_imported_register_is_told_once_per_person(company):
    batch = opened(company, GOOD, CORE)
    for person in (company.second_officer, company.leader, company.second_leader):
        decide(batch, person)
    assert set(batch.scope_notices.values_list("person__number", flat=True)) == {"E001", "E002", "E003"}
    assert scope_joiners_tell() == 0


@pytest.mark.requirement("IDN-07")
def test_a_person_takes_note_of_their_own_notices_only(company, client):
    registered(company)
    own = ScopeNotice.objects.get(person=company.proposer.person)
    other = ScopeNotice.objects.get(person=company.colleague.person)
    for ids in ([other.pk], [own.pk, other.pk], [], [10**12]):
        with pytest.raises(NoticeUnknownError):
            notices_acknowledge(actor=company.proposer, notice_ids=ids)
    signed_in(client, company.proposer)
    page = client.get(reverse("register:notice_list")).content.decode()
    assert f'value="{own.pk}"' in page
    assert f'value="{other.pk}"' not in page
    assert client.post(reverse("register:notices_acknowledge"), {"notice": [own.pk]}).status_code == 302
    own.refresh_from_db()
    assert own.acknowledged_at is not None
    entry = entries_of(company.proposer.person.ledger_subject).get(tag="register:scope:acknowledged")
    assert entry.actor == company.proposer.ledger_actor
    with pytest.raises(NoticeUnknownError):
        notices_acknowledge(actor=company.proposer, notice_ids=[own.pk])
    signed_in(client, company.owner)
    assert "陆知微" in client.get(reverse("register:secret_people", args=[own.secret_id])).content.decode()


@pytest.mark.requirement("IDN-07")
def test_who_has_no_account_takes_note_on_paper(company, client):
    person = company.person("E009", "无账号", company.engineer)
    secret = registered(company)
    notice = ScopeNotice.objects.get(person=person)
    for actor in (company.proposer, company.auditor, company.sales_owner):
        with pytest.raises(NotPermittedError):
            notice_hand_over(actor=actor, notice_id=notice.pk, note="x")
    with pytest.raises(NoticeUnknownError):
        notice_hand_over(actor=company.owner, notice_id=notice.pk, note=" ")
    signed_in(client, company.owner)
    address = reverse("register:notice_hand_over", args=[secret.pk, notice.pk])
    assert client.post(address, {"note": "签收单 12"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.handed_over_by, notice.note) == (company.owner, "签收单 12")
    reader = ScopeNotice.objects.get(person=company.proposer.person)
    with pytest.raises(NoticeUnknownError):
        notice_hand_over(actor=company.owner, notice_id=reader.pk, note="has an account")
    with pytest.raises(IntegrityError), transaction.atomic():
        ScopeNotice.objects.create(person=person, cause="joined", told_at=notice.told_at)
    assert draft(company).scope_notices.count() == 0
