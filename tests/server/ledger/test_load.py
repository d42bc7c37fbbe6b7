"""Many writers at once, and kill -9 in the middle: nothing acknowledged is lost, no number is skipped."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.models import LedgerEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLS = 24


def database_url():
    """The address of the test database that this process uses."""
    used = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{used['NAME']}"
    return f"postgresql://{used['USER']}:{used['PASSWORD']}@{used['HOST']}:{used['PORT']}/{used['NAME']}"


class Load:
    """The appending program and what it has told so far."""

    def __init__(self, directory):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.ledger.appender", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DATABASE_URL": database_url()},
        )
        self.acknowledged = {}
        self.order = []
        self.workers = []
        self.ended = {}

    def start(self, threads, count=0):
        self.process.stdin.write(f"start {threads} {count}\n")
        self.process.stdin.flush()
        known = len(self.workers)
        while len(self.workers) == known:
            self.read()
        return self.workers[-1]

    def read(self):
        line = self.process.stdout.readline()
        assert line, "the appending program ended by itself"
        word, *rest = line.split()
        if word == "ack":
            index, subject = int(rest[0]), rest[1]
            assert index not in self.acknowledged
            self.acknowledged[index] = subject
            self.order.append((subject.rsplit("-", 2)[0], index))
        elif word == "worker":
            self.workers.append(int(rest[0]))
        else:
            self.ended[int(rest[0])] = int(rest[1])

    def wait_for_acks(self, count):
        until = len(self.acknowledged) + count
        while len(self.acknowledged) < until:
            self.read()

    def wait_for_end(self, worker):
        while worker not in self.ended:
            self.read()
        return self.ended[worker]


@pytest.fixture
def load(settings):
    running = Load(settings.SHOUMI_LEDGER_DIRECTORY)
    yield running
    running.process.stdin.close()
    running.process.wait(timeout=20)


def stored():
    return dict(LedgerEntry.objects.values_list("index", "subject"))


def assert_whole(load):
    rows = stored()
    assert sorted(rows) == list(range(len(rows)))
    assert {index: rows.get(index) for index in load.acknowledged} == load.acknowledged
    checkpoint_make()
    result = audit_run()
    assert (result.state, result.entries) == ("holds", len(rows))


def test_kill_loses_nothing_that_was_acknowledged(load):
    chance = random.Random(20260301)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS // 2):
        pair = [load.start(threads=3), load.start(threads=3)]
        for worker in pair:
            load.wait_for_acks(chance.randrange(1, 40))
            os.kill(worker, signal.SIGKILL)
        for worker in pair:
            assert load.wait_for_end(worker) == -signal.SIGKILL
    assert len(load.ended) >= 20
    in_flight = len(stored()) - len(load.acknowledged)
    assert in_flight <= KILLS * 3 * 5  # committed, but killed before the answer: at most one batch a thread
    assert_whole(load)


def test_many_writers_get_numbers_without_gaps_and_in_order(load):
    workers = [load.start(threads=4, count=30) for _ in range(3)]
    assert [load.wait_for_end(worker) for worker in workers] == [0, 0, 0]
    rows = stored()
    assert len(rows) == len(load.acknowledged)
    assert Counter(Counter(name for name, _ in load.order).values()) == {
        40: 12
    }  # 24 kept, 4 of them with five
    for name in {name for name, _ in load.order}:
        mine = [index for other, index in load.order if other == name]
        assert mine == sorted(mine)
    assert_whole(load)
