"""What agreements do without being asked: end what is over, alarm arrears, move orders and runs on."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.agreements.services.arrears import arrears_look
from shoumi.server.agreements.services.drafting import agreements_lapse
from shoumi.server.agreements.services.ordering import orders_collect
from shoumi.server.agreements.services.runs import run_go_on, runs_waiting


@task()
def agreements_look_after() -> tuple[int, int]:
    """End the agreements whose last day is over, tell of arrears; return how many of each."""
    return agreements_lapse(), arrears_look()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    agreements_look_after.call()


def often() -> int:
    """Collect the service's answers, and take up runs that nobody moves; return how many answers."""
    for key in runs_waiting():
        run_go_on.enqueue(str(key))
    return orders_collect()
