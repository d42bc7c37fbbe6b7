"""A scan of the console whose processes are killed with SIGKILL: its reader inside a file, or all of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as django_settings
from tests.server.documents.blocking import come_true, held_open, stopping_short
from tests.server.documents.scanning import filled, indexed, of, run_next, scanned, wish
from tests.server.files.test_real_server import database_url

from shoumi.engine.inspection.verdict import Action as Verdict
from shoumi.server.documents.models import Match, Scan, ScannedFile
from shoumi.server.documents.services.running import LEASE, scan_run_next
from shoumi.server.documents.services.scans import scan_start
from shoumi.server.documents.services.sources import Share
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.tags import LedgerTag

BLOCKED = "旧.zip"
PATH = f"研发/{BLOCKED}"
State = Scan.State


def told(scan):
    """Return what a scan says of each file."""
    rows = ScannedFile.objects.filter(scan=scan).order_by("path")
    return {
        row.path: (
            row.sha256,
            row.verdict,
            row.count,
            sorted(row.matches.values_list("finding", flat=True)),
        )
        for row in rows
    }


def figures(scan):
    return (scan.files, scan.matches_count, scan.closed, scan.worst)


@pytest.fixture
def whole(company, share):
    """What a scan says of the share when nothing happens to it; no later one remembers it."""
    filled(share)
    indexed(company)
    scan = scanned(company)
    Scan.objects.update(means="")
    return scan


def test_a_reader_killed_inside_a_file_costs_that_file_alone(company, share, whole, monkeypatch):
    kept = shutil.copy(share / PATH, share.parent / "kept.zip")
    monkeypatch.setattr(Share, "candidates", stopping_short(Share.candidates, BLOCKED))
    killed = []

    def kill():
        with held_open(share / PATH) as readers:
            killed.extend(readers)
            os.kill(readers[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    scan = scan_start(actor=company.officer, wish=wish(company))
    thread.start()
    assert scan_run_next()
    thread.join()
    scan.refresh_from_db()
    assert len(killed) == 1
    assert scan.state == State.DONE
    before, after = told(whole), told(scan)
    assert {path: what for path, what in after.items() if path != PATH} == {
        path: what for path, what in before.items() if path != PATH
    }
    row = Match.objects.get(scan=scan, file__path=PATH)
    assert (row.kind, row.code) == ("unreadable", "unreadable.crashed")
    assert row.facts["detail"] == f"its reader ended by signal {signal.SIGKILL}"
    assert row.file.verdict != Verdict.ALLOW
    lost = before[PATH][2]
    assert figures(scan)[:3] == (whole.files, whole.matches_count - lost + 1, whole.closed + 1)

    monkeypatch.undo()
    (share / PATH).unlink()
    shutil.copy(kept, share / PATH)
    again = scanned(company)
    assert told(again) == before, "what was not looked into is not remembered as harmless"
    assert again.reused == whole.files - 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_scan_whose_whole_process_is_killed_goes_on_behind_the_last_file(
    company, share, whole, settings, fixed_clock
):
    kept = shutil.copy(share / PATH, share.parent / "kept.zip")
    scan = scan_start(actor=company.officer, wish=wish(company))
    runner = _runner(share, settings)
    try:
        with held_open(share / PATH) as readers:
            first = ScannedFile.objects.filter(scan=scan)
            assert come_true(first.exists)
            assert come_true(lambda: Scan.objects.get(pk=scan.pk).files == first.count() > 0)
            os.kill(runner.pid, signal.SIGKILL)
            assert runner.wait() == -signal.SIGKILL
            assert come_true(lambda: not any(map(_lives, readers))), "no reader is left behind"
    finally:
        runner.kill()
        runner.wait()
    scan.refresh_from_db()
    written = told(scan)
    assert scan.state == State.RUNNING
    assert 0 < len(written) < whole.files
    assert figures(scan)[0] == len(written)

    (share / PATH).unlink()
    shutil.copy(kept, share / PATH)
    Scan.objects.filter(pk=scan.pk).update(seen_at=fixed_clock.now())  # it lived by another clock than we
    assert not run_next(), "its claim holds for a while"
    fixed_clock.advance(2 * LEASE)
    assert run_next()
    scan.refresh_from_db()
    assert (scan.state, figures(scan)) == (State.DONE, figures(whole))
    assert told(scan) == told(whole)
    assert of(scan).count() == of(whole).count()
    tags = [entry.tag for entry in entries_of(scan.ledger_subject)]
    assert tags == [LedgerTag.DOCUMENTS_SCAN_BEGUN, LedgerTag.DOCUMENTS_SCAN_ENDED]


def _runner(share, settings) -> subprocess.Popen[bytes]:
    """Start a process that runs the scan on this test's database."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "shoumi.server.project.settings",
        "DATABASE_URL": database_url(),
        "SHOUMI_DATA_DIRECTORY": str(django_settings.CONFIG.data_directory),
    }
    folders = (share, settings.SHOUMI_INDEXES_DIRECTORY, settings.SHOUMI_LEDGER_DIRECTORY)
    command = [sys.executable, "-m", "tests.server.documents.scanner", *map(str, folders), BLOCKED]
    return subprocess.Popen(command, env=environment, start_new_session=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
