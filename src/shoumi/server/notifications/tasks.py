"""What the worker does for notifications: sends the e-mail that is due."""

from __future__ import annotations

from shoumi.server.notifications.services import mail_send_due


def minutely() -> None:
    """Send what is due; called by the schedule."""
    mail_send_due()
