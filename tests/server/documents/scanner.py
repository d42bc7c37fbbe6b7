"""Runs the scan that waits as a process of its own, writing each file down by itself: what a test kills.

Arguments: the share's folder, the folder of indexes, that of the ledger, and a file to stop short at.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings


def main(share: str, indexes: str, ledger: str, blocked: str) -> None:
    """Run it; whoever waits inside `blocked` decides when it ends."""
    django.setup()
    from tests.server.documents.blocking import stopping_short

    from shoumi.server.documents.services import recording, running, sources

    settings.SHOUMI_SCAN_SHARES = {"公共盘": Path(share)}
    settings.SHOUMI_INDEXES_DIRECTORY, settings.SHOUMI_LEDGER_DIRECTORY = Path(indexes), Path(ledger)
    recording.FLUSH_FILES = 1
    sources.Share.candidates = stopping_short(sources.Share.candidates, blocked)
    running.scan_run_next()


if __name__ == "__main__":
    main(*sys.argv[1:])
