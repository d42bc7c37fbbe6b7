"""The mark register: what bears a valid mark, and what a change makes of it."""

from __future__ import annotations

import pytest
from tests.server.register.company import registered

from shoumi.server.register.models import Carrier
from shoumi.server.register.queries.marks import CarrierUnmarkedError, marked, verify_marked
from shoumi.server.register.services import contents

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
