"""The mark register: what bears a valid mark, and what a change makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.register.company import registered, stored

from shoumi.server.ledger.services import clock
from shoumi.server.notifications.models import Notification
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Carrier, TradeSecret
from shoumi.server.register.queries.marks import CarrierUnmarkedError, coverage_of, marked, verify_marked
from shoumi.server.register.services import contents
from shoumi.server.register.services.carriers import marking
from shoumi.server.register.services.registration import marking_tasks_make, version_file

pytestmark = pytest.mark.django_db


def test_a_carrier_circulates_only_with_the_mark_that_holds_now(company):
    secret = registered(company)
    carrier = secret.carriers.get()
    with pytest.raises(CarrierUnmarkedError):
        verify_marked(carrier)
    task = secret.marking_tasks.get(carrier=carrier)
    contents.marking_done(actor=company.owner, task_id=task.pk)
    verify_marked(carrier)
    assert list(secret.carriers.filter(marked())) == [carrier]
    secret.marking_tasks.create(version=task.version, carrier=carrier)  # what a change does
    with pytest.raises(CarrierUnmarkedError):
        verify_marked(carrier)


def test_know_how_in_a_head_needs_no_mark_and_a_carrier_without_task_has_none(company):
    secret = registered(company)
    verify_marked(secret.carriers.create(kind=Carrier.Kind.PERSON, description="老师傅"))
    with pytest.raises(CarrierUnmarkedError):
        verify_marked(secret.carriers.create(kind=Carrier.Kind.SAMPLE, description="样品"))


@pytest.mark.requirement("MRK-01", "MRK-04", "MRK-06")
def test_the_mark_register_covers_everything_again_after_a_change_and_passes_on_what_is_late(
    company, fixed_clock
):
    secret = registered(company)
    everything = TradeSecret.objects.filter(pk=secret.pk)
    assert coverage_of(everything).percent == 0
    photo = stored(company.owner, "mark.png", b"\x89PNG\r\n\x1a\nphoto")
    for task in secret.marking_tasks.all():
        contents.marking_done(
            actor=company.owner, task_id=task.pk, spot="封面右上", photo=photo if task.carrier else None
        )
    row = secret.marks.get(carrier=secret.carriers.get())
    assert (row.form, row.spot, row.photo, row.made_by) == ("stamp", "封面右上", photo, company.owner)
    assert row.version.ordinal == 1
    assert secret.marks.get(carrier=None).form == "document"
    assert coverage_of(everything).percent == 100

    version = version_file(secret, cause="changed", at=clock().now())
    marking_tasks_make([version])
    again = list(secret.marking_tasks.filter(done_at=None))
    assert {task.anew for task in again} == {True}
    assert {task.due_on for task in again} == {today_of(company.cn) + timedelta(days=7)}
    assert coverage_of(everything).percent == 0
    assert marking.markings_escalate() == 0
    fixed_clock.advance(timedelta(days=8))
    assert marking.markings_escalate() == 1
    assert marking.markings_escalate() == 0
    told = Notification.objects.filter(message=marking.OVERDUE)
    assert {"owner", "officer", "leader"} <= set(told.values_list("user__username", flat=True))
    assert marking.markings_done(actor=company.owner, tasks=again) == 2
    assert coverage_of(everything).percent == 100
