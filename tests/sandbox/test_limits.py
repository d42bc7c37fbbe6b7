"""Bound, the process writes no file, starts no other and opens few."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os, sys
from shoumi.sandbox.limits import enforce
enforce(5, 1 << 30)
try:
    with open(sys.argv[1], "wb") as file:
        file.write(b"x")
        file.flush()
except OSError as error:
    print("write refused", error.errno)
try:
    held = [os.open("/dev/null", os.O_RDONLY) for _ in range(100)]
except OSError as error:
    print("open refused", error.errno)
try:
    print(len(bytes(2 << 30)))
except MemoryError:
    print("memory refused")
"""


def test_a_bound_process_writes_no_file_and_takes_no_more_than_its_share(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "file"], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == ["write refused 27", "open refused 24", "memory refused"]
    assert not (tmp_path / "file").exists() or (tmp_path / "file").stat().st_size == 0
