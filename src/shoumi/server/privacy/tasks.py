"""What the privacy app does by itself: each day, and often, for some clocks run in hours."""

from __future__ import annotations

from shoumi.server.privacy.services.breaches import breaches_remind
from shoumi.server.privacy.services.requests import requests_escalate


def daily() -> str:
    """Tell legal of requests that are overdue."""
    return f"{requests_escalate()} requests overdue"


def often() -> str:
    """Remind of clocks of breaches that end soon or have ended."""
    return f"{breaches_remind()} marks of breaches"
