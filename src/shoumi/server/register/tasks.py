"""What the register does without being asked: once a day it looks after the periods."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.register.services.expiry import expiry_run


@task()
def expiry_look_after() -> tuple[int, int]:
    """Send the notices that are due and end the periods that are over; return how many of each."""
    return expiry_run()


SCHEDULE = (expiry_look_after,)


def daily() -> None:
    """Run everything that is due each day; the schedule of the project calls it."""
    for item in SCHEDULE:
        item.call()
