"""What the worker does for documents: keeps the indexes of secrets and of tables in step, and runs scans.

Each has a thread of its own, so that neither a large table nor a scan of hours keeps a secret waiting.  A
look costs a few questions to the database; the work itself begins only where there is some.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import OperationalError, close_old_connections, connection

from shoumi.server.documents.services.exceptions import exceptions_expire
from shoumi.server.documents.services.indexing import index_check, index_update
from shoumi.server.documents.services.plans import plans_start_due
from shoumi.server.documents.services.running import scan_run_next
from shoumi.server.documents.services.tables.building import tables_step
from shoumi.server.documents.services.tables.giving import tables_forget
from shoumi.server.documents.services.tables.making import indexes_due
from shoumi.server.documents.services.verdicts import verdicts_check

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 3.0
TABLE_SECONDS: Final = 1.0  # somebody waits for the look at a table
AGAIN_SECONDS: Final = 60.0  # after a fault: it will be there again


def run_indexer(stop: threading.Event) -> None:
    """Bring the index of secrets in step until `stop` is set; faults are shown on its page."""
    _again(stop, _index_step)


def run_tables(stop: threading.Event) -> None:
    """Look at given tables, and make and update indexes of them, until `stop` is set."""
    _again(stop, _tables_step)


def run_scanner(stop: threading.Event) -> None:
    """Run scans until `stop` is set; one in the middle is taken over by the next worker."""
    _again(stop, _scan_step)


def _again(stop: threading.Event, step: Callable[[], float]) -> None:
    """Do a step again and again, each time after the seconds that it asks for, later after a fault."""
    try:
        while not stop.is_set():
            stop.wait(_stepped(step))
    finally:
        connection.close()


def _stepped(step: Callable[[], float]) -> float:
    try:
        return step()
    except OperationalError:
        log.warning("The database was busy for too long; work on documents waits", exc_info=True)
        close_old_connections()
    except Exception:
        log.exception("Work on documents broke off")
    return AGAIN_SECONDS


def _index_step() -> float:
    run = index_update()
    return AGAIN_SECONDS if run and run.failure else LOOK_SECONDS


def _tables_step() -> float:
    indexes_due()
    return 0.0 if tables_step() else TABLE_SECONDS


def _scan_step() -> float:
    return 0.0 if scan_run_next() else LOOK_SECONDS


def often() -> int:
    """End exceptions whose day is over, begin the planned scans that are due; return how many."""
    exceptions_expire()
    return plans_start_due()


def daily() -> bool:
    """Compare the index with its rows, forget tables, compare verdicts: what the schedule does daily."""
    tables_forget()
    verdicts_check()
    return index_check()
