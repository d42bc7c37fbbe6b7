"""What happens without anybody asking: the schedule, and the one thread per worker that keeps it.

Each run is a `JobRun` row, made in the transaction that claims it, so that of several workers one
does the work and a day that was missed can be seen.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, close_old_connections
from django.utils.module_loading import import_string

from shoumi.server.console.services import job_run_claim, job_run_finish
from shoumi.server.ledger.services import clock

log = logging.getLogger(__name__)
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """One repeated piece of work."""

    name: str  # stable; rows and documents use it
    every: timedelta
    function: str  # dotted path of a callable without arguments
    at_start: bool = False  # also right after a worker starts

    def load(self) -> Callable[[], object]:
        """Return the function itself."""
        function: Callable[[], object] = import_string(self.function)
        return function


SCHEDULE = (
    Job("ledger-audit", timedelta(days=1), "shoumi.server.ledger.audit.audit_run", at_start=True),
    Job("register-daily", timedelta(days=1), "shoumi.server.register.tasks.daily", at_start=True),
    Job("register-often", timedelta(minutes=5), "shoumi.server.register.tasks.often", at_start=True),
    Job("assurance-daily", timedelta(days=1), "shoumi.server.assurance.tasks.daily", at_start=True),
    Job("documents-often", timedelta(minutes=5), "shoumi.server.documents.tasks.often", at_start=True),
    Job("documents-daily", timedelta(days=1), "shoumi.server.documents.tasks.daily", at_start=True),
    Job("agreements-daily", timedelta(days=1), "shoumi.server.agreements.tasks.daily", at_start=True),
    Job("agreements-often", timedelta(minutes=5), "shoumi.server.agreements.tasks.often"),
    Job("privacy-daily", timedelta(days=1), "shoumi.server.privacy.tasks.daily", at_start=True),
    Job("privacy-often", timedelta(minutes=5), "shoumi.server.privacy.tasks.often", at_start=True),
    Job("training-daily", timedelta(days=1), "shoumi.server.training.tasks.daily", at_start=True),
    Job("lifecycle-daily", timedelta(days=1), "shoumi.server.lifecycle.tasks.daily", at_start=True),
    Job("partners-daily", timedelta(days=1), "shoumi.server.partners.tasks.daily", at_start=True),
    Job("places-daily", timedelta(days=1), "shoumi.server.places.tasks.daily", at_start=True),
    Job("places-doors", timedelta(minutes=5), "shoumi.server.places.tasks.minutely"),
    Job("notifications-mail", timedelta(minutes=1), "shoumi.server.notifications.tasks.minutely"),
    Job("register-hourly", timedelta(hours=1), "shoumi.server.register.tasks.hourly"),
    Job("provisioning-hourly", timedelta(hours=1), "shoumi.server.provisioning.tasks.hourly"),
    Job("approvals-escalate", timedelta(hours=1), "shoumi.server.approvals.tasks.hourly"),
    Job("console-digests", timedelta(hours=1), "shoumi.server.console.tasks.hourly"),
    Job("files-clean", timedelta(hours=1), "shoumi.server.files.tasks.hourly"),
)


def run_schedule(stop: threading.Event) -> None:
    """Run due jobs until `stop` is set; a job that fails is logged, recorded and tried at its next time."""
    first = True
    while not stop.is_set():
        try:
            for job in SCHEDULE:
                run_job_if_due(job, now=clock().now(), starting=first)
            first = False
        except OperationalError:
            log.warning("The database was busy for too long; the schedule looks again", exc_info=True)
        close_old_connections()
        stop.wait(LOOK_SECONDS)


def run_job_if_due(job: Job, *, now: datetime, starting: bool = False) -> bool:
    """Run `job` if no worker has in its last period, or at start where it asks for it; say if it ran."""
    period = timedelta(minutes=1) if starting and job.at_start else job.every
    run = job_run_claim(name=job.name, not_since=now - period, now=now)
    if run is None:
        return False
    try:
        job.load()()
    except Exception as error:
        log.exception("The job %s failed", job.name)
        job_run_finish(run=run, now=clock().now(), fault=type(error).__name__)
    else:
        job_run_finish(run=run, now=clock().now())
    return True
