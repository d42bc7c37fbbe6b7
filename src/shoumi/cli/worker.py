"""`shoumi worker`: the background half of an installation.

One process runs three things: queued tasks, the schedule, and the ledger's checkpointer.  Several
workers may run side by side; each piece takes care that only one of them does a thing at a time.
"""

from __future__ import annotations

import argparse
import os
import threading


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at the queue")


def run(args: argparse.Namespace) -> int:
    """Work until told to stop by SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shoumi.server.project.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from shoumi.server.ledger.checkpointer import run_checkpointer
    from shoumi.server.project.schedule import run_schedule

    stop = threading.Event()
    threads = [
        threading.Thread(target=target, args=(stop,), name=target.__name__, daemon=True)
        for target in (run_checkpointer, run_schedule)
    ]
    for thread in threads:
        thread.start()
    try:
        call_command("db_worker", interval=args.interval, startup_delay=False, verbosity=1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)
    return 0
