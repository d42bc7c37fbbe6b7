"""What assurance does by itself each day: it reminds of what is due, and counts the figures."""

from __future__ import annotations

from shoumi.server.assurance.services.daily import assurance_run
from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.people.models import LegalEntity


def daily() -> None:
    """Remind, then count the figures of every legal entity; the schedule of the project calls it."""
    assurance_run()
    for entity in LegalEntity.objects.all():
        figures_count(entity)
