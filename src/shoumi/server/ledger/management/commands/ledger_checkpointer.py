"""`shoumi manage ledger_checkpointer`: the checkpointer by itself, for a machine without the whole worker."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.checkpointer import run_checkpointer
from shoumi.server.ledger.checkpoints import checkpoint_make


class Command(BaseCommand):
    """Signs, and lets others cosign and stamp, what is new in the ledger."""

    help = "Sign the ledger's new entries until stopped, or once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="one checkpoint, anchored, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until SIGINT or SIGTERM, or once."""
        if options["once"]:
            latest = checkpoint_make()
            if latest:
                anchor(latest, at_once=True)
            self.stdout.write(str(latest or "The ledger is empty."))
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        run_checkpointer(stop)
