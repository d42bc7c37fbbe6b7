"""What cases of people do without being asked, once a day: tell whose a step is, remind, escalate."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.lifecycle.services.certificates import certificates_issue
from shoumi.server.lifecycle.services.watching import late_escalate, late_tell, steps_tell


@task()
def cases_look_after() -> tuple[int, int]:
    """Tell of steps; return how many were late and how many were escalated."""
    steps_tell()
    certificates_issue()
    return late_tell(), late_escalate()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    cases_look_after.call()
