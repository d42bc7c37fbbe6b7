"""What the worker does for documents: keeps the index of secrets in step, and makes indexes of tables.

Each has a thread of its own, so that a large table keeps no secret waiting.  A look costs a few questions to
the database; the work itself begins only where there is some.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import OperationalError, close_old_connections, connection

from shoumi.server.documents.services.indexing import index_check, index_update
from shoumi.server.documents.services.tables.building import tables_step
from shoumi.server.documents.services.tables.giving import tables_forget
from shoumi.server.documents.services.tables.making import indexes_due

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 3.0
TABLE_SECONDS: Final = 1.0  # somebody waits for the look at a table
AGAIN_SECONDS: Final = 60.0  # after a fault: it will be there again


def run_indexer(stop: threading.Event, *, look: float = LOOK_SECONDS) -> None:
    """Bring the index in step until `stop` is set; faults are logged, shown on its page, and tried again."""
    try:
        while not stop.is_set():
            stop.wait(look if _looked() else AGAIN_SECONDS)
    finally:
        connection.close()


def _looked() -> bool:
    """Look once; say whether nothing went wrong."""
    try:
        run = index_update()
    except OperationalError:
        log.warning("The database was busy for too long; the indexer looks again", exc_info=True)
        close_old_connections()
        return False
    except Exception:
        log.exception("The index of secrets could not be brought in step")
        return False
    return run is None or not run.failure


def run_tables(stop: threading.Event, *, look: float = TABLE_SECONDS) -> None:
    """Look at given tables, and make and update indexes of them, until `stop` is set."""
    try:
        while not stop.is_set():
            stop.wait(_stepped(look))
    finally:
        connection.close()


def _stepped(look: float) -> float:
    """Do what there is to do with tables; return after how many seconds to look again."""
    try:
        indexes_due()
        return 0.0 if tables_step() else look
    except OperationalError:
        log.warning("The database was busy for too long; tables wait", exc_info=True)
        close_old_connections()
    except Exception:
        log.exception("Work on tables broke off")
    return AGAIN_SECONDS


def daily() -> bool:
    """Compare the index with its rows and forget tables; the schedule of the project calls it."""
    tables_forget()
    return index_check()
