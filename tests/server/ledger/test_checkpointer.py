"""The loop that keeps the ledger signed: in time, one leader, and alive after faults."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from tests.server.ledger.attacks import drop_triggers, fill, sql

from shoumi.server.ledger import checkpointer
from shoumi.server.ledger.checkpointer import _Leader, run_checkpointer
from shoumi.server.ledger.integrity import integrity_status
from shoumi.server.ledger.models import LedgerAudit, LedgerCheckpoint, LedgerCosignature, LedgerTimestamp
from shoumi.server.ledger.ports import Ports, ports_replaced

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30  # seconds; reached only when something is broken
TURN = 0.02


@contextmanager
def running(count=1):
    stop = threading.Event()
    threads = [
        threading.Thread(target=run_checkpointer, args=(stop,), kwargs={"interval": TURN})
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def soon(condition):
    """Wait until `condition` holds; an event that nobody sets is a pause without a sleep."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / TURN)):
        if condition():
            return True
        pause.wait(TURN)
    return False


def covered():
    newest = LedgerCheckpoint.objects.order_by("-size").first()
    return newest.size if newest else 0


def test_new_entries_are_signed_cosigned_and_stamped(everybody):
    with running():
        fill(5)
        assert soon(lambda: covered() >= 5)
        fill(300)
        assert soon(lambda: covered() >= 305)
        assert soon(lambda: LedgerCosignature.objects.exists() and LedgerTimestamp.objects.exists())


def test_what_came_in_while_stopping_is_signed():
    with ports_replaced(Ports()), running():
        fill(7)
    assert covered() == 7


def test_several_at_once_make_each_checkpoint_once(everybody):
    with running(3):
        for _ in range(10):
            fill(30)
        assert soon(lambda: covered() >= 300 and LedgerTimestamp.objects.exists())
    assert LedgerTimestamp.objects.count() == 1


def test_one_leads_and_another_follows_when_it_ends():
    first, second = _Leader(), _Leader()
    led = {}

    def other(name):
        led[name] = second.leads()
        second.resign()
        connection.close()

    assert first.leads()
    assert first.leads()
    thread = threading.Thread(target=other, args=("while",))
    thread.start()
    thread.join()
    first.resign()
    connection.close()
    thread = threading.Thread(target=other, args=("after",))
    thread.start()
    thread.join()
    assert led == {"while": False, "after": True}


def test_a_ledger_that_cannot_be_signed_is_audited_once_and_the_light_turns_red():
    fill(5)
    drop_triggers()
    sql("""UPDATE ledger_ledgerentry SET actor = 'user:x', seal = %s WHERE "index" = 2""", [bytes(32)])
    with ports_replaced(Ports()), running():
        assert soon(LedgerAudit.objects.exists)
        assert soon(lambda: integrity_status().state == "red")
    assert integrity_status().first_bad_index == 2
    assert LedgerAudit.objects.count() == 1
    assert covered() == 0


def test_a_fault_of_the_moment_does_not_end_it(monkeypatch):
    real, calls = checkpointer.checkpoint_make, []

    def failing():
        calls.append(1)
        if len(calls) < 3:
            raise OSError("the disk was full for a moment")
        return real()

    monkeypatch.setattr(checkpointer, "checkpoint_make", failing)
    fill(4)
    with ports_replaced(Ports()), running():
        assert soon(lambda: covered() == 4)


def test_the_command_signs_once(capsys):
    fill(3)
    with ports_replaced(Ports()):
        call_command("ledger_checkpointer", once=True)
    assert capsys.readouterr().out == "checkpoint over 3 entries\n"
