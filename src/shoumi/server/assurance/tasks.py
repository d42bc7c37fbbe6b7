"""What assurance does by itself: each day it counts the figures of every legal entity."""

from __future__ import annotations

from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.people.models import LegalEntity


def daily() -> None:
    """Count the figures of every legal entity; the schedule of the project calls it."""
    for entity in LegalEntity.objects.all():
        figures_count(entity)
