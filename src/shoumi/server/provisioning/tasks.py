"""What provisioning does without being asked: it reads the directories whose time has come."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.provisioning.services.directories import directories_read


@task()
def directories_look_after() -> int:
    """Read what is due; return how many directories that were."""
    return directories_read()


def hourly() -> None:
    """Run what is due each hour; the schedule of the project calls it."""
    directories_look_after.call()
