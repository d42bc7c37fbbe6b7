"""`shoumi worker`: the background half of an installation.

One process runs queued tasks, the schedule, the ledger's checkpointer, the indexes, scans and campaigns.
Several workers may run side by side; each piece takes care that only one of them does a thing at a time.
"""

from __future__ import annotations

import argparse
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0  # after the database was busy for longer than its time-out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at the queue")


def run(args: argparse.Namespace) -> int:
    """Work until told to stop by SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from shoumi.server.documents.tasks import run_indexer, run_scanner, run_tables
    from shoumi.server.ledger.checkpointer import run_checkpointer
    from shoumi.server.project.schedule import run_schedule
    from shoumi.server.training.tasks import run_campaigns

    stop = threading.Event()
    threads = [
        threading.Thread(target=target, args=(stop,), name=target.__name__, daemon=True)
        for target in (run_checkpointer, run_schedule, run_indexer, run_tables, run_scanner, run_campaigns)
    ]
    for thread in threads:
        thread.start()
    try:
        _work_through(
            partial(call_command, "db_worker", interval=args.interval, startup_delay=False, verbosity=1)
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
    return 0


def _work_through(work: Callable[[], object]) -> None:
    """Run `work` until it ends by itself, beginning anew whenever the database was busy for too long."""
    from django.db import OperationalError, close_old_connections

    while True:
        try:
            work()
        except OperationalError:
            log.warning("The database was busy for too long; the worker begins anew", exc_info=True)
            close_old_connections()
            time.sleep(PAUSE_SECONDS)
        else:
            return
