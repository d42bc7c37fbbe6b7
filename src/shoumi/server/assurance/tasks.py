"""What assurance does by itself: each day it counts the figures of every legal entity."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.people.models import LegalEntity


@task()
def figures_count_task(entity_id: str) -> int:
    """Count the figures of one legal entity; return how many secrets it has."""
    snapshot = figures_count(LegalEntity.objects.get(pk=UUID(entity_id)))
    return sum(snapshot.figures["secrets"].values())


def daily() -> None:
    """Count the figures of every legal entity; the schedule of the project calls it."""
    for entity in LegalEntity.objects.all():
        figures_count(entity)
