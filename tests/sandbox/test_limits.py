"""Bound, the process writes no file, starts no other and opens few; it keeps what arrays give back."""

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


FAULTS = """
import resource, sys
from shoumi.sandbox.limits import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()

def work():
    held = [b"x" * (24 << 20) for _block in range(4)]

work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _round in range(5):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_memory_that_was_given_back_is_not_asked_for_anew():
    faults = {
        how: int(
            subprocess.run(
                [sys.executable, "-c", FAULTS, how], capture_output=True, text=True, check=True
            ).stdout
        )
        for how in ("kept", "usual")
    }
    assert faults["kept"] * 100 < faults["usual"]


LARGE = """
from pathlib import Path
from shoumi.sandbox.limits import keep_freed_memory
keep_freed_memory()
held = [b"x" * (1 << 20) for _block in range(64)]
areas = Path("/proc/self/smaps").read_text().split("[heap]")[1:]
flags = [line for area in areas for line in area.splitlines() if line.startswith("VmFlags:")]
print(any(" hg" in line for line in flags))
"""


def test_the_first_stretch_of_the_heap_is_asked_for_in_large_pages():
    run = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"


CYCLES = """
import gc
from shoumi.sandbox.limits import seek_cycles_seldom
seek_cycles_seldom()

class Ring:
    def __init__(self):
        self.ring = self
        Ring.alive += 1
    def __del__(self):
        Ring.alive -= 1

Ring.alive, most = 0, 0
for _number in range(800_000):
    Ring()
    most = max(most, Ring.alive)
print(700 < most < 400_000, gc.get_freeze_count() > 0)
"""


def test_what_holds_itself_is_freed_now_and_then():
    run = subprocess.run([sys.executable, "-c", CYCLES], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "True"]
