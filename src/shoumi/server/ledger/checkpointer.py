"""Keeps the ledger signed: one loop checkpoints what is new within a second, another anchors it outside.

Runs in the worker.  Of several workers one leads at a time; the others wait and take over when it ends.
Leading only saves work: `checkpoints` and `anchors` are right with any number of processes.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, Final

from django.db import connection

from shoumi.engine.errors import EvidenceError, ShoumiError
from shoumi.server.ledger.anchors import anchor
from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_latest, checkpoint_make
from shoumi.server.ledger.mirror import mirror_directory
from shoumi.server.ledger.sealed_rows import audit_latest
from shoumi.server.ledger.times import clock

LOGGER = logging.getLogger(__name__)
LEADER_LOCK: Final = 0x5348_4F55_4D49_0003  # PostgreSQL advisory lock, held by the leader's connection
INTERVAL: Final = 0.4  # seconds between looks; with the work itself well below one second behind
JOIN_SECONDS: Final = 15.0
AUDIT_PAUSE: Final = timedelta(minutes=10)  # a ledger that cannot be signed is audited, but not in a circle


def run_checkpointer(stop: threading.Event, *, interval: float = INTERVAL) -> None:
    """Checkpoint and anchor until `stop` is set; faults are logged, shown by the light, and tried again."""
    leader = _Leader()
    anchors = threading.Thread(
        target=_run_anchors, args=(stop, leader, interval), name="ledger-anchors", daemon=True
    )
    anchors.start()
    try:
        while not stop.is_set():
            _checkpoint(leader)
            stop.wait(interval)
        _checkpoint(leader)  # what came in while stopping
    finally:
        leader.resign()
        connection.close()
        anchors.join(timeout=JOIN_SECONDS)


def _run_anchors(stop: threading.Event, leader: _Leader, interval: float) -> None:
    """Anchor the latest checkpoint, again and again; slow answers hold up nobody but this thread."""
    try:
        while not stop.wait(interval):
            if leader.leading:
                with _faults_logged():
                    latest = checkpoint_latest()
                    if latest:
                        anchor(latest)
    finally:
        connection.close()


def _checkpoint(leader: _Leader) -> None:
    """Make one checkpoint if we lead; a ledger that cannot be signed is examined, but not in a circle."""
    with _faults_logged():
        if not leader.leads():
            return
        try:
            checkpoint_make()
        except EvidenceError:
            last = audit_latest()
            if last is None or clock().now() - last.ended_at > AUDIT_PAUSE:
                audit_run()
            raise


@contextmanager
def _faults_logged() -> Iterator[None]:
    """Log what went wrong and begin with a fresh connection: the next turn may go better, and must come."""
    try:
        yield
    except ShoumiError as error:
        LOGGER.error("The ledger cannot be signed or anchored now: %s", error.detail)  # noqa: TRY400 - no bug
    except Exception:  # whatever it was, a ledger that is not signed any more would be worse
        LOGGER.exception("The ledger cannot be signed or anchored now")
        connection.close()


class _Leader:
    """Whether this process leads: holds a lock that the system takes back when the process ends."""

    def __init__(self) -> None:
        self.leading = False
        self._file: IO[str] | None = None
        self._session: object = None  # the connection that holds the lock

    def leads(self) -> bool:
        """Take the lock if it is free; return whether it is ours."""
        self.leading = (
            self._leads_on_postgresql() if connection.vendor == "postgresql" else self._leads_here()
        )
        return self.leading

    def _leads_on_postgresql(self) -> bool:
        if self._session is not None and self._session is connection.connection:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
            held = bool(cursor.fetchone()[0])
        self._session = connection.connection if held else None
        return held

    def _leads_here(self) -> bool:
        if self._file is None:
            directory = mirror_directory()
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = (directory / ".leader").open("w")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True

    def resign(self) -> None:
        """Give the lock back; on PostgreSQL closing the connection does."""
        self.leading = False
        if self._file:
            self._file.close()
            self._file = None
