"""Unmasking: a reason, a second person, a few hours, and the person sees who looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.people.services.persons import person_reveal
from shoumi.server.privacy.queries.mine import who_looked
from shoumi.server.privacy.services.errors import DecidedAlreadyError
from shoumi.server.privacy.services.unmasking import unmasking_ask, unmasking_decide, unmasking_look

WHY = "核查向外发送的文件"


def test_it_needs_a_reason_and_a_second_person_and_ends(company, fixed_clock):
    person = company.watched.person
    with pytest.raises(NotPermittedError):
        unmasking_ask(actor=company.officer, person=person, purpose=" ")
    row = unmasking_ask(actor=company.officer, person=person, purpose=WHY)
    with pytest.raises(NotPermittedError):
        unmasking_look(actor=company.officer, unmasking=row)
    with pytest.raises(NotPermittedError):
        unmasking_decide(actor=company.officer, unmasking=row, agreed=True, reason="自己")
    row = unmasking_decide(actor=company.legal, unmasking=row, agreed=True, reason="有必要")
    with pytest.raises(DecidedAlreadyError):
        unmasking_decide(actor=company.second_officer, unmasking=row, agreed=False, reason="不")
    with pytest.raises(NotPermittedError):
        unmasking_look(actor=company.legal, unmasking=row)  # only who asked
    assert unmasking_look(actor=company.officer, unmasking=row)["name"] == person.name
    fixed_clock.advance(timedelta(hours=8))
    with pytest.raises(NotPermittedError):
        unmasking_look(actor=company.officer, unmasking=row)
    assert [(look.who, look.why) for look in who_looked(person)] == [("officer", WHY)]


def test_nobody_decides_about_themselves_and_a_no_stays_closed(company):
    row = unmasking_ask(actor=company.people_office, person=company.officer.person, purpose=WHY)
    with pytest.raises(NotPermittedError):
        unmasking_decide(actor=company.officer, unmasking=row, agreed=False, reason="关于我")
    row = unmasking_decide(actor=company.legal, unmasking=row, agreed=False, reason="没有必要")
    with pytest.raises(NotPermittedError):
        unmasking_look(actor=company.people_office, unmasking=row)


def test_revealed_details_of_the_record_are_seen_by_the_person_too(company):
    person = company.watched.person
    person_reveal(actor=company.people_office, person=person, field="phone", purpose="联系")
    person_reveal(actor=company.watched, person=person, field="phone")
    assert [(look.who, look.why, look.what) for look in who_looked(person)] == [("people", "联系", "phone")]
