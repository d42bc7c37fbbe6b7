"""Starts a PostgreSQL cluster of one's own on loopback, in a scratch directory, and removes it afterwards.

Used by the test suite and the benchmarks.  Not for keeping data: the cluster dies with the process.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _programs() -> Path:
    """Return the directory of the newest PostgreSQL server that Debian has installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        sys.exit("PostgreSQL is not installed: run scripts/debian.sh test")
    return found[-1].parent


def _as_owner(command: list[str]) -> list[str]:
    """Return `command` run as the user postgres when we are root, which PostgreSQL refuses to be."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        if os.geteuid() == 0
        else command
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yield the `DATABASE_URL` of a running cluster; `durable` keeps fsync on, for benchmarks."""
    programs = _programs()
    scratch = Path(tempfile.mkdtemp(prefix="shoumi-postgres-"))
    data = scratch / "data"
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(scratch, "postgres", "postgres")
        shutil.chown(data, "postgres", "postgres")
    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -c port={port}"
    options += f" -c unix_socket_directories={scratch} -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    try:
        subprocess.run(
            _as_owner(
                [
                    str(programs / "initdb"),
                    "--pgdata",
                    str(data),
                    "--auth=trust",
                    "--username=shoumi",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]
            ),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=scratch,
        )
        subprocess.run(
            _as_owner(
                [
                    str(programs / "pg_ctl"),
                    "--pgdata",
                    str(data),
                    "--wait",
                    "--silent",
                    "--log",
                    str(scratch / "log"),
                    "--options",
                    options,
                    "start",
                ]
            ),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=scratch,
        )
        yield f"postgresql://shoumi@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            _as_owner(
                [str(programs / "pg_ctl"), "--pgdata", str(data), "--mode=immediate", "--silent", "stop"]
            ),
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=scratch,
        )
        shutil.rmtree(scratch, ignore_errors=True)


def main() -> int:
    """Run the command given after `--` with `DATABASE_URL` set to a fresh cluster."""
    command = [argument for argument in sys.argv[1:] if argument != "--"]
    with cluster() as url:
        if not command:
            sys.stdout.write(f"{url}\nPress Enter to stop it.\n")
            sys.stdout.flush()
            sys.stdin.readline()
            return 0
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
