"""Visits and the door: approval, pledge, devices and lockers, the log, masking, erasing, alerts."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.db import transaction
from tests.server.places.company import decide

from shoumi.engine.jurisdiction import load_pack
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of
from shoumi.server.people.queries.leaving import FORGOTTEN
from shoumi.server.people.services.editing import RecordChangedError
from shoumi.server.places.models import Guard, Passage, Visit
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.queries.visible import visits_visible_to, zones_kept_by
from shoumi.server.places.services.admission import (
    AtTheDoor,
    passage_leave,
    person_admit,
    visitor_admit,
    visitor_refuse,
)
from shoumi.server.places.services.errors import (
    DaysError,
    LockerTakenError,
    NotAdmittedError,
    OverError,
    ReasonMissingError,
    StateError,
    VisitorsError,
)
from shoumi.server.places.services.keeping import passage_erase, passages_due, visit_erase, visits_due
from shoumi.server.places.services.protection import guard_add, guard_end
from shoumi.server.places.services.retention import retention_days, retention_set, visitors_erase
from shoumi.server.places.services.visits import visit_withdraw, visitor_reveal
from shoumi.server.places.services.watching import (
    checklists_notice,
    overdue_alert,
    permissions_notice,
    visits_close,
)
from shoumi.server.privacy.services.requests import hold_release, hold_set

PLEDGED = AtTheDoor(pledged=True)


@pytest.fixture
def keeper(company):
    """The seller, who keeps the laboratory's door."""
    guard_add(
        actor=company.officer,
        zone=company.secret,
        kind=Guard.Kind.PERSON,
        since=today_of(company.cn),
        person=company.seller.person,
    )
    return company.seller


@pytest.mark.requirement("ZON-12")
def test_a_visitor_enters_an_approved_visit_only_and_every_passage_is_logged(company, keeper):
    visit = company.visit()
    visitor = visit.visitors.get()
    with pytest.raises(NotAdmittedError):
        visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    with pytest.raises(NotPermittedError):
        decide(visit, company.colleague)  # asked for it
    decide(visit, company.officer)
    visitor.visit.refresh_from_db()
    passage = visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    assert passage.is_inside
    with pytest.raises(NotAdmittedError):
        visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    passage = passage_leave(actor=keeper, passage=passage)
    assert passage.left_at is not None
    with pytest.raises(OverError):
        passage_leave(actor=keeper, passage=passage)
    tags = [entry.tag for entry in entries_of(company.secret.ledger_subject)]
    assert tags[-2:] == ["places:passage:started", "places:passage:ended"]


@pytest.mark.requirement("ZON-12")
def test_an_employee_enters_by_a_standing_permission_or_is_recorded_as_refused(company, keeper):
    refused = person_admit(actor=keeper, zone=company.secret, person=company.head.person, door=AtTheDoor())
    assert (refused.refusal, refused.entered_at) == (Passage.Refusal.NO_PERMISSION, None)
    company.permitted(company.head.person)
    entered = person_admit(actor=keeper, zone=company.secret, person=company.head.person, door=AtTheDoor())
    assert entered.is_inside


def test_passages_fall_due_once_their_person_is_outside_and_go_with_a_record(company, keeper, fixed_clock):
    company.permitted(company.head.person)
    passage = person_admit(actor=keeper, zone=company.secret, person=company.head.person, door=AtTheDoor())
    fixed_clock.advance(timedelta(days=200))
    tomorrow = today_of(company.cn) + timedelta(days=1)
    assert list(passages_due(company.cn, tomorrow)) == []
    passage_leave(actor=keeper, passage=passage)
    assert list(passages_due(company.jp, tomorrow)) == []
    (kept,) = passages_due(company.cn, tomorrow)
    assert (kept.person, kept.collected_on) == (company.head.person.pk, date(2026, 3, 1))
    with transaction.atomic():
        assert passage_erase(kept.key, "erasure:1")
        assert not passage_erase(kept.key, "erasure:1")
    assert list(passages_due(company.cn, tomorrow)) == []
    assert entries_of(f"passage:{kept.key}").get(tag="places:passage:erased")


@pytest.mark.requirement("ZON-13")
@pytest.mark.parametrize("device", [item.id for item in load_pack("cn").places.devices])
def test_devices_go_into_a_locker_or_their_owner_stays_outside(company, keeper, device):
    company.key_place()
    visitor = company.approved_visit().visitors.get()
    refused = visitor_admit(actor=keeper, visitor=visitor, door=AtTheDoor((device,), pledged=True))
    assert (refused.refusal, refused.entered_at) == (Passage.Refusal.DEVICES, None)
    assert refused.devices.get().handed_in_at is None
    assert "places:passage:refused" in [entry.tag for entry in entries_of(company.secret.ledger_subject)]
    assert Notification.objects.filter(user=company.officer, message__contains="devices").exists()
    entered = visitor_admit(actor=keeper, visitor=visitor, door=AtTheDoor((device,), "A-07", pledged=True))
    held = entered.devices.get()
    assert (held.kind, held.locker, held.handed_in_at is not None) == (device, "A-07", True)
    passage_leave(actor=keeper, passage=entered)
    held.refresh_from_db()
    assert held.given_back_at is not None


@pytest.mark.requirement("ZON-13")
def test_the_ban_holds_for_employees_of_a_key_place_too(company, keeper):
    company.key_place()
    person = company.head.person
    company.permitted(person)
    door = AtTheDoor(("phone",))
    assert person_admit(actor=keeper, zone=company.secret, person=person, door=door).refusal == "devices"
    assert person_admit(actor=keeper, zone=company.secret, person=person, door=AtTheDoor()).is_inside


def test_elsewhere_devices_may_be_carried(company, keeper):
    visitor = company.approved_visit().visitors.get()
    assert visitor_admit(actor=keeper, visitor=visitor, door=AtTheDoor(("phone",), pledged=True)).is_inside


def test_a_locker_holds_the_things_of_one_person(company, keeper):
    company.key_place()
    one, other = company.approved_visit(visitors=("甲", "乙")).visitors.all()
    passage = visitor_admit(actor=keeper, visitor=one, door=AtTheDoor(("phone",), "A-07", pledged=True))
    with pytest.raises(LockerTakenError):
        visitor_admit(actor=keeper, visitor=other, door=AtTheDoor(("phone",), "A-07", pledged=True))
    passage_leave(actor=keeper, passage=passage)
    assert visitor_admit(
        actor=keeper, visitor=other, door=AtTheDoor(("phone",), "A-07", pledged=True)
    ).is_inside


def test_the_pledge_is_acknowledged_with_the_hash_of_what_was_read(company, keeper, english):
    visitor = company.approved_visit().visitors.get()
    with pytest.raises(NotAdmittedError):
        visitor_admit(actor=keeper, visitor=visitor, door=AtTheDoor())
    visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    visitor.refresh_from_db()
    text = rules_for(company.cn).pledge.en
    assert visitor.pledge_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert visitor.pledge_version == rules_for(company.cn).version


def test_a_visit_is_for_its_day(company, keeper, fixed_clock):
    visitor = company.approved_visit(starts=30, hours=1).visitors.get()
    with pytest.raises(NotAdmittedError):  # the day before
        visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    fixed_clock.advance(timedelta(hours=32))
    with pytest.raises(NotAdmittedError):  # after its end
        visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)


def test_somebody_is_not_let_in_for_another_reason_that_is_kept(company, keeper):
    visitor = company.approved_visit().visitors.get()
    with pytest.raises(ReasonMissingError):
        visitor_refuse(actor=keeper, visitor=visitor, note="")
    row = visitor_refuse(actor=keeper, visitor=visitor, note="证件不符")
    assert (row.refusal, row.note) == ("other", "证件不符")


def test_only_doorkeepers_record(company, keeper):
    visitor = company.approved_visit().visitors.get()
    for actor in (
        company.colleague, company.head, company.owner, company.auditor, company.technician, company.leader,
        company.sales_owner, company.counsel, company.foreign_officer,
    ):  # fmt: skip
        with pytest.raises(NotPermittedError):
            visitor_admit(actor=actor, visitor=visitor, door=PLEDGED)
    assert [zone.code for zone in zones_kept_by(keeper)] == ["L1"]
    guard = company.secret.guards.get()
    guard_end(actor=company.officer, guard=guard)
    with pytest.raises(NotPermittedError):
        visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    assert list(zones_kept_by(keeper)) == []


def test_reception_zones_are_made_for_outsiders(company):
    visit = company.visit(zone=company.lobby)
    assert (visit.state, visit.request_id) == (Visit.State.APPROVED, None)


def test_what_a_visit_needs(company):
    with pytest.raises(VisitorsError):
        company.visit(visitors=(" ",))
    with pytest.raises(VisitorsError):
        company.visit(visitors=tuple(str(number) for number in range(31)))
    with pytest.raises(DaysError):
        company.visit(hours=-1)
    with pytest.raises(DaysError):
        company.visit(starts=-5, hours=2)
    with pytest.raises(DaysError):
        company.visit(hours=24 * 15)
    with pytest.raises(NotPermittedError):
        company.visit(actor=company.counsel)


def test_a_visit_is_called_off_before_anybody_has_come(company, keeper):
    visit = company.approved_visit()
    with pytest.raises(NotPermittedError):
        visit_withdraw(actor=company.seller, visit=visit, expected_version=visit.version)
    with pytest.raises(RecordChangedError):
        visit_withdraw(actor=company.colleague, visit=visit, expected_version=visit.version + 1)
    visitor_admit(actor=keeper, visitor=visit.visitors.get(), door=PLEDGED)
    with pytest.raises(StateError):
        visit_withdraw(actor=company.colleague, visit=visit, expected_version=visit.version)
    other = company.visit()
    assert (
        visit_withdraw(actor=company.colleague, visit=other, expected_version=other.version).state
        == "withdrawn"
    )


def test_visits_are_seen_by_who_has_to_do_with_them(company, keeper):
    visit = company.visit(host=company.head.person)
    for user in (
        company.colleague, company.head, keeper, company.officer, company.owner, company.leader,
        company.auditor,
    ):  # fmt: skip
        assert visit in visits_visible_to(user)
    for user in (company.proposer, company.technician, company.counsel, company.sales_owner, company.legal):
        assert visit not in visits_visible_to(user)


def test_details_are_revealed_with_a_reason_and_recorded_without_the_name(company, keeper):
    visit = company.approved_visit(host=company.head.person)
    visitor = visit.visitors.get()
    with pytest.raises(NotPermittedError):
        visitor_reveal(actor=keeper, visitor=visitor, field="name", purpose=" ")
    assert visitor_reveal(actor=keeper, visitor=visitor, field="name", purpose="核对证件") == "王访客"
    for actor in (company.auditor, company.leader, company.technician, company.owner, company.colleague):
        with pytest.raises(NotPermittedError):
            visitor_reveal(actor=actor, visitor=visitor, field="name", purpose="核对证件")
    told = [str(item.value) for entry in entries_of(visit.ledger_subject) for item in entry_details(entry)]
    assert "核对证件" in told
    assert not [text for text in told if "王访客" in text]


def test_details_are_erased_when_their_time_is_over(company, keeper, fixed_clock):
    visit = company.approved_visit()
    visitor = visit.visitors.get()
    passage = visitor_admit(actor=keeper, visitor=visitor, door=PLEDGED)
    assert retention_days(company.cn) == 365
    with pytest.raises(NotPermittedError):
        retention_set(actor=company.owner, entity=company.cn, days=30, reason="x", expected_version=0)
    with pytest.raises(DaysError):
        retention_set(actor=company.officer, entity=company.cn, days=0, reason="x", expected_version=0)
    retention_set(actor=company.officer, entity=company.cn, days=30, reason="内部规定", expected_version=0)
    with pytest.raises(RecordChangedError):
        retention_set(actor=company.officer, entity=company.cn, days=31, reason="x", expected_version=0)
    fixed_clock.advance(timedelta(days=31))
    assert visitors_erase() == 0  # somebody is still inside
    passage_leave(actor=keeper, passage=passage)
    assert visitors_erase() == 1
    assert visitors_erase() == 0
    visitor.refresh_from_db()
    visit.refresh_from_db()
    assert (visitor.name, visitor.phone, visit.organisation) == ("", "", "")
    assert visit.erased_at is not None
    assert Passage.objects.filter(visitor=visitor).exists()  # the log stays


def test_who_stays_too_long_is_told_once(company, keeper, fixed_clock):
    visit = company.approved_visit(host=company.head.person)
    visitor_admit(actor=keeper, visitor=visit.visitors.get(), door=PLEDGED)
    assert overdue_alert() == 0
    fixed_clock.advance(timedelta(hours=3))
    before = Notification.objects.count()
    assert overdue_alert() == 1
    assert overdue_alert() == 0
    told = set(Notification.objects.order_by("-created_at", "pk").values_list("user__username", flat=True))
    assert Notification.objects.count() > before
    assert {"head", "seller", "officer"} <= told
    assert not any("王访客" in str(row.parameters) for row in Notification.objects.all())


def test_visits_close_when_everybody_has_left(company, keeper, fixed_clock):
    visit = company.approved_visit()
    passage = visitor_admit(actor=keeper, visitor=visit.visitors.get(), door=PLEDGED)
    waiting = company.visit()
    fixed_clock.advance(timedelta(hours=5))
    assert visits_close() == 1  # the one that nobody decided
    waiting.refresh_from_db()
    assert waiting.state == Visit.State.OVER
    passage_leave(actor=keeper, passage=passage)
    assert visits_close() == 1


def test_permissions_and_checklists_are_told_in_time(company, fixed_clock):
    company.permitted(company.seller.person, days=20)
    assert permissions_notice() == 0
    fixed_clock.advance(timedelta(days=7))
    assert permissions_notice() == 1
    assert permissions_notice() == 0
    assert Notification.objects.filter(user=company.seller, message__contains="ends on").exists()
    assert checklists_notice().inspections == 1  # a week after it was entered, never inspected
    assert Notification.objects.filter(user=company.owner, message__contains="never answered").exists()


def test_a_visit_falls_due_for_its_host_and_a_hold_keeps_its_visitors(company, keeper, fixed_clock):
    visit = company.approved_visit()
    fixed_clock.advance(timedelta(days=400))
    tomorrow = today_of(company.cn) + timedelta(days=1)
    hold = hold_set(actor=company.legal, entity=company.cn, name="争议", reason="保全", persons=[visit.host])
    assert visitors_erase() == 0
    hold_release(actor=company.legal, hold=hold, reason="结案")
    (kept,) = visits_due(company.cn, tomorrow)
    assert (kept.key, kept.person) == (str(visit.pk), visit.host_id)
    with transaction.atomic():
        assert visit_erase(kept.key, "erasure:1")
        assert not visit_erase(kept.key, "erasure:1")
    visit.refresh_from_db()
    assert (visit.organisation, visit.purpose, visit.visitors.get().name) == ("", FORGOTTEN, "")
    assert list(visits_due(company.cn, tomorrow)) == []
