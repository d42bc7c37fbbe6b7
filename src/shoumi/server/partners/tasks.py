"""What partners need done by the clock: reminders of what is due."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.partners.services.duties import duties_remind


@task()
def partners_look_after() -> int:
    """Tell who keeps a partner, and its responsible person, what is due and not answered."""
    return duties_remind()


def daily() -> None:
    """Run what is due each day; the schedule of the project calls it."""
    partners_look_after.call()
