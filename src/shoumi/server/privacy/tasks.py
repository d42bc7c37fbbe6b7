"""What the privacy app does by itself each day."""

from __future__ import annotations

from shoumi.server.privacy.services.requests import requests_escalate


def daily() -> str:
    """Tell legal of requests that are overdue."""
    return f"{requests_escalate()} requests overdue"
