"""What the worker does for the console: writes the summaries of due things."""

from __future__ import annotations

from shoumi.server.console.services.digests import digests_send


def hourly() -> None:
    """Write the summaries whose time has come; called by the schedule."""
    digests_send()
