"""What the worker does for approvals: passes on what is overdue."""

from __future__ import annotations

from shoumi.server.approvals.services import requests_escalate


def hourly() -> None:
    """Pass on overdue steps; called by the schedule."""
    requests_escalate()
