"""The schedule runs each job once a period, however many workers look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shoumi.server.console.models import JobRun
from shoumi.server.ledger.services import clock
from shoumi.server.project import schedule
from shoumi.server.project.schedule import SCHEDULE, Job, run_job_if_due

pytestmark = pytest.mark.django_db
RUNS: list[str] = []


def work() -> None:
    RUNS.append("run")


def fail() -> None:
    raise ZeroDivisionError


DAILY = Job("test-daily", timedelta(days=1), f"{__name__}.work")


@pytest.fixture(autouse=True)
def _own_functions(monkeypatch):
    RUNS.clear()
    monkeypatch.setattr(Job, "load", lambda job: {"test-daily": work, "test-failing": fail}[job.name])


def test_a_job_runs_once_a_period():
    now = clock().now()
    assert run_job_if_due(DAILY, now=now)
    assert not run_job_if_due(DAILY, now=now + timedelta(hours=23))
    assert run_job_if_due(DAILY, now=now + timedelta(hours=24, seconds=1))
    assert RUNS == ["run", "run"]


def test_a_job_that_fails_is_recorded_and_stops_nothing():
    assert run_job_if_due(Job("test-failing", timedelta(days=1), "unused"), now=clock().now())
    row = JobRun.objects.get(name="test-failing")
    assert (row.fault, row.finished_at is not None) == ("ZeroDivisionError", True)


def test_every_job_of_the_schedule_can_be_loaded(monkeypatch):
    monkeypatch.undo()
    assert all(callable(job.load()) for job in SCHEDULE)
    assert len({job.name for job in SCHEDULE}) == len(SCHEDULE)
    assert min(job.every for job in SCHEDULE).total_seconds() > schedule.LOOK_SECONDS
