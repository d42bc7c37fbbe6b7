"""What places do without being asked: daily notices and erasing, every few minutes who is still inside."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.places.services.retention import visitors_erase
from shoumi.server.places.services.watching import (
    checklists_notice,
    overdue_alert,
    permissions_notice,
    visits_close,
)


@task()
def places_look_after() -> tuple[int, int]:
    """Tell of permissions and checklists, erase visitors' details; return how many of the first and last."""
    told = permissions_notice()
    checklists_notice()
    return told, visitors_erase()


@task()
def doors_look_after() -> tuple[int, int]:
    """Tell of visitors who stay too long, close visits that are over; return how many of each."""
    return overdue_alert(), visits_close()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    places_look_after.call()


def minutely() -> None:
    """Run what is due every few minutes."""
    doors_look_after.call()
