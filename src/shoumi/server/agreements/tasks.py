"""What agreements do without being asked: end what is over, collect the answers of the signing service."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.agreements.services.drafting import agreements_lapse
from shoumi.server.agreements.services.ordering import orders_collect


@task()
def agreements_look_after() -> int:
    """End the agreements whose last day is over; return how many."""
    return agreements_lapse()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    agreements_look_after.call()


def often() -> int:
    """Collect the answers of the signing service: what the schedule does every few minutes."""
    return orders_collect()
