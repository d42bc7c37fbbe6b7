"""What the worker does for documents: keeps the index of secrets in step, in a thread of its own.

A look costs two questions to the database; the work itself begins only where something differs.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import OperationalError, close_old_connections, connection

from shoumi.server.documents.services.indexing import index_check, index_update

log = logging.getLogger(__name__)
LOOK_SECONDS: Final = 3.0
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


def daily() -> bool:
    """Compare the index with what is written down about it; the schedule of the project calls it."""
    return index_check()
