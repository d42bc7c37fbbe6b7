"""What the privacy app does by itself: each day, and often, for some clocks run in hours."""

from __future__ import annotations

from shoumi.server.privacy.services.breaches import breach_mailings_go_on, breaches_remind
from shoumi.server.privacy.services.erasing import erasures_go_on, erasures_propose
from shoumi.server.privacy.services.requests import requests_escalate


def daily() -> str:
    """Tell legal of requests that are overdue, and draft what falls due to be erased."""
    return f"{requests_escalate()} requests overdue, {erasures_propose()} plans of erasure drafted"


def often() -> str:
    """Remind of clocks of breaches that end soon or have ended; carry on with erasures and mailings."""
    return (
        f"{breaches_remind()} marks of breaches, {erasures_go_on()} erasures carried on, "
        f"{breach_mailings_go_on()} mails of breaches sent"
    )
