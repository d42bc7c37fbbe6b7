"""What is put back for a test is what the services would have made, and only for a test that stands there."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.server import remembering
from tests.server.register.company import CONTENT, Register, registered
from tests.server.remembering import founded

from shoumi.server.accounts.models import User
from shoumi.server.files.services import file_open
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.register.models import TradeSecret

pytestmark = pytest.mark.django_db


@pytest.fixture
def put_back(monkeypatch):
    """The steps that were put back so far, where nothing is remembered from other tests."""
    found = []
    monkeypatch.setattr(remembering, "_STEPS", {})
    monkeypatch.setattr(remembering, "_ASKED", Counter())
    real = remembering._put_back
    monkeypatch.setattr(remembering, "_put_back", lambda step: found.append(step) or real(step))
    return found


def rounds(times):
    """Yield as often, each time with what was written meanwhile taken back."""
    for number in range(times):
        with transaction.atomic():
            yield number
            transaction.set_rollback(True)


def test_the_third_stands_where_the_first_stood(fixed_clock, put_back):
    seen = []
    for _number in rounds(3):
        company = founded(Register)
        secret = registered(company, level="core")
        with file_open(secret.files.get().file) as reader:
            content = reader.read()
        connection.check_constraints()
        seen.append(
            (
                company.officer == User.objects.get(username="officer"),
                TradeSecret.objects.get().number,
                list(LedgerEntry.objects.order_by("index").values_list("tag", flat=True)),
                content,
            )
        )
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0]
    assert seen[0][3] == CONTENT
    assert len(put_back) >= 2


@pytest.mark.parametrize(
    "disturb",
    [
        lambda company, clock: User.objects.filter(pk=company.seller.pk).update(display_name="x"),
        lambda company, clock: clock.advance(timedelta(seconds=1)),
        lambda company, clock: registered(company, level="core"),
    ],
    ids=["a row was written", "time went on", "another secret was registered"],
)
def test_nothing_is_put_back_after_anything_else_was_done(fixed_clock, put_back, disturb):
    for _number in rounds(2):
        registered(founded(Register))
    for _number in rounds(1):
        company = founded(Register)
        disturb(company, fixed_clock)
        before = len(put_back)
        registered(company)
        assert len(put_back) == before
