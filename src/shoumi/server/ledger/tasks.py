"""Work on the ledger that the worker does when somebody asked for it."""

from __future__ import annotations

from django_tasks import task

from shoumi.server.ledger.services import audit_run


@task()
def audit_task(actor: str) -> None:
    """Examine the whole ledger for `actor`; the result is a row that the integrity page shows."""
    audit_run(actor=actor)
