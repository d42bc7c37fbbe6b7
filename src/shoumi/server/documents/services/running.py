"""Runs scans in the worker: claims one, inspects in the sandbox, writes down what was found, batch by batch.

A runner shows every few seconds that it lives.  One that died leaves its claim; another takes the scan over
after `LEASE` and goes on behind the last file that was written down.  A runner whose claim is gone writes
nothing any more, so that nothing is lost and nothing stands twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from shoumi.engine.errors import ShoumiError
from shoumi.sandbox.letters import LANGUAGES
from shoumi.sandbox.scanning import LocalEngine, Setting, Skips
from shoumi.sandbox.scanning import Scan as Inspection
from shoumi.sandbox.scanning.local import OCR_SECONDS, Engine
from shoumi.sandbox.workers import WorkLimits
from shoumi.server.documents.models import Index, Scan
from shoumi.server.documents.services.keeping import SYSTEM, opened_file, path_of
from shoumi.server.documents.services.recording import Batch, ClaimLostError, Told
from shoumi.server.documents.services.remembering import Earlier
from shoumi.server.documents.services.sources import digest_of, source_of
from shoumi.server.documents.services.verdicts import facts_of, policy_of
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

log = logging.getLogger(__name__)
BEAT_SECONDS: Final = 5.0
LEASE: Final = timedelta(seconds=30)  # without a sign of life
BROKEN: Final = "documents.scan_broken"
State = Scan.State


def scan_run_next() -> bool:
    """Run the scan that has waited longest; return whether there was one."""
    runner, now = uuid4(), clock().now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, seen_at__lt=now - LEASE)
    for scan in Scan.objects.filter(free).order_by("asked_at"):
        claimed = Scan.objects.filter(free, pk=scan.pk).update(
            state=State.RUNNING, runner=runner, seen_at=now, began_at=scan.began_at or now
        )
        if claimed:
            _run(Scan.objects.select_related("entity").get(pk=scan.pk), runner)
            return True
    return False


def _run(scan: Scan, runner: UUID) -> None:
    failure, state = "", State.DONE
    try:
        with _alive(scan.pk, runner):
            state = State.STOPPED if _inspect(scan, runner) else State.DONE
    except ClaimLostError:
        return
    except ShoumiError as error:
        log.exception("A scan failed")
        failure, state = error.code, State.FAILED
    except Exception:
        scan_end(scan.pk, runner, State.FAILED, BROKEN)
        raise
    scan_end(scan.pk, runner, state, failure)


@contextmanager
def _alive(scan_id: UUID, runner: UUID) -> Iterator[None]:
    """Show that the runner lives, however long one file takes."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT_SECONDS):
                try:
                    Scan.objects.filter(pk=scan_id, runner=runner).update(seen_at=clock().now())
                except DatabaseError:  # busy for too long: the next beat will do
                    log.warning("A scan could not show that it is alive", exc_info=True)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name="scan-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _inspect(scan: Scan, runner: UUID) -> bool:
    """Look into every file that is left; return whether we were asked to stop."""
    setting = setting_of(scan)
    limits = WorkLimits(seconds=OCR_SECONDS) if setting.ocr else WorkLimits()
    ahead = source_of(scan, limits.read_bytes).ahead
    engine = LocalEngine(setting, settings.CONFIG.scan_jobs, limits, ahead)
    return scan_inspect(scan, runner, engine=engine, setting=setting, most=limits.read_bytes)


def scan_inspect(scan: Scan, runner: UUID, *, engine: Engine, setting: Setting, most: int) -> bool:
    """Let `engine` look into every file that is left; return whether we were asked to stop.

    Raises:
        ShareFolderError, PolicyFaultsError, WorkersFailedError: it cannot go on.
        ClaimLostError: the scan is not ours any more.
    """
    source, skips, means = source_of(scan, most), Skips(), setting.digest()
    files, size = source.measured()
    Scan.objects.filter(pk=scan.pk, runner=runner).update(
        expected_files=files, expected_bytes=size, means=means
    )
    seen = {bytes.fromhex(each) for each in scan.scanned_files.values_list("digest", flat=True)}
    policy = policy_of(scan)
    batch = Batch(scan, runner, policy)
    with Inspection(engine, policy, facts_of(scan), state=Earlier(scan, means)) as inspection:
        left = (
            each
            for each in source.candidates(skips)
            if bytes.fromhex(digest_of(source.told(each.shown))) not in seen
        )
        for outcome in inspection.run(left):
            path = outcome[0].path
            batch.add(Told(source.told(path), outcome, source.upload_of(path)))
            if batch.is_due and batch.write():
                return True
    batch.skipped = skips.count
    return batch.write()


def setting_of(scan: Scan) -> Setting:
    """Return what a scan inspects with: its packs and those of its indexes that are ready."""
    rows = Index.objects.filter(pk__in=scan.index_ids, dropped_at=None, key__isnull=False)
    return Setting(
        indexes=tuple(
            opened_file(row)
            for row in rows.select_related("key").order_by("kind", "name")
            if path_of(row.pk).exists()
        ),
        ocr=LANGUAGES if scan.ocr else (),
        packs=tuple(scan.packs),
        likeness=salted_hmac("documents.likeness", str(scan.entity_id), algorithm="sha256").digest(),
    )


def scan_end(scan_id: UUID, runner: UUID, state: str, failure: str = "") -> None:
    """Close a scan that the runner still holds."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update(no_key=True).filter(pk=scan_id, runner=runner).first()
        if scan is None:
            return
        scan.state, scan.failure, scan.ended_at = state, failure, clock().now()
        scan.runner, scan.stop_asked = None, False
        scan.save(update_fields=["state", "failure", "ended_at", "runner", "stop_asked"])
        append(
            LedgerTag.DOCUMENTS_SCAN_ENDED,
            actor=SYSTEM,
            subject=scan.ledger_subject,
            detail={
                "state": str(state),
                "files": scan.files,
                "findings": scan.matches_count,
                "closed": scan.closed,
                "failure": failure,
            },
        )
