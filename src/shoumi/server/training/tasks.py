"""What the worker does for training: sends campaigns in a thread of its own, and looks at due days daily."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import OperationalError, close_old_connections, connection

from shoumi.server.training.services.daily import training_run
from shoumi.server.training.services.sending import campaign_send_next

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 3.0
AGAIN_SECONDS: Final = 60.0  # after a fault: it will be there again


def run_campaigns(stop: threading.Event) -> None:
    """Send campaigns until `stop` is set; one in the middle is taken over by the next worker."""
    try:
        while not stop.is_set():
            stop.wait(_step())
    finally:
        connection.close()


def _step() -> float:
    try:
        return 0.0 if campaign_send_next() else LOOK_SECONDS
    except OperationalError:
        log.warning("The database was busy for too long; campaigns wait", exc_info=True)
        close_old_connections()
    except Exception:
        log.exception("Sending a campaign broke off")
    return AGAIN_SECONDS


def daily() -> None:
    """Remind, escalate, and ask for what a plan lacks; the schedule of the project calls it."""
    training_run()
