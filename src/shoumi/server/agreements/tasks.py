"""What agreements do without being asked: end what is over, ask the signing service, move long runs on."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.agreements.services.drafting import agreements_lapse
from shoumi.server.agreements.services.ordering import orders_collect
from shoumi.server.agreements.services.runs import run_go_on, runs_waiting


@task()
def agreements_look_after() -> int:
    """End the agreements whose last day is over; return how many."""
    return agreements_lapse()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    agreements_look_after.call()


def often() -> int:
    """Collect the service's answers, and take up runs that nobody moves; return how many answers."""
    for key in runs_waiting():
        run_go_on.enqueue(str(key))
    return orders_collect()
