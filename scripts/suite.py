"""Runs the whole test suite: everything on SQLite, then what touches a database again on PostgreSQL.

Last comes the cluster of three nodes, with the processors to itself.

Arguments are handed on to pytest.  Stops at the first run that fails and returns its status.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from postgres import cluster

# one more than processors: many tests wait for servers and browsers; `tests/conftest.py` says who runs what
WORKERS = ["-n", str(min(4, (os.cpu_count() or 2) + 1))]


def _run(title: str, arguments: list[str], **environment: str) -> int:
    sys.stdout.write(f"\n== {title}\n")
    sys.stdout.flush()
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", *WORKERS, *arguments, *sys.argv[1:]]
    status = subprocess.run(command, check=False, env={**os.environ, **environment}).returncode
    sys.stdout.write(f"== {title}: {time.monotonic() - started:.0f} s\n")
    sys.stdout.flush()
    return status


def main() -> int:
    """Run all of it and return 0 only if everything passed."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile all modules anew
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # its threads turn in circles while another process works
    status = _run("SQLite, whole suite", ["tests"])
    if status:
        return status
    with cluster() as url:
        status = _run(
            "PostgreSQL, server and journeys",
            ["tests/server", "tests/journeys", "-m", "not browser", "--database-only"],
            DATABASE_URL=url,
        )
    return status or _run(
        "Ray, a head and two workers", ["tests/connectors/cluster", "-m", "cluster", "-n", "0"]
    )


if __name__ == "__main__":
    sys.exit(main())
