"""Damaged and malicious files in every format: what becomes of each, how long it takes, what it uses up.

At least 3,000 files damaged by mutation of valid ones, and bombs: nested and overlapping ZIPs, entities, deep
nesting, PDFs that turn in circles, one line of a gigabyte.  Each is read in a worker with limits.  Asserted
before a figure is printed: every file has one result, none is silently empty, none took longer than its
limit, and the pool reads sound files afterwards.  Reference in the same run: those sound files.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.fakes.hostile_files import bombs, mutations, seeds

from shoumi.sandbox.workers import Pool, Result, Task, WorkLimits

READ = "shoumi.sandbox.reading:read_file"
LIMITS = WorkLimits(seconds=30, memory_bytes=3 << 29)
MAY_BE_BLANK = {"text/plain", "application/x-empty", "text/html"}  # cut before their first letter
GIGABYTE = 1 << 30
SLACK_SECONDS = 2.0  # until a worker that is late has ended


def one_line(folder: Path) -> Path:
    """Write a gigabyte without a line end."""
    path = folder / "line.log"
    with path.open("wb") as stream:
        block = b"customer=13800000000;" * 50_000
        while stream.tell() < GIGABYTE:
            stream.write(block)
    return path


def outcomes(result: Result) -> list[str]:
    """Return in short words what became of a file."""
    if result.unreadable:
        return [str(result.unreadable.reason)]
    told = json.loads(result.answer.content) if result.answer else {}
    found = sorted({each["reason"] for each in told["unreadable"]})
    whole = [] if found else ["read"]
    assert whole or found
    parts = [part for part in told["parts"] if part["kind"] != "name"]  # the file's own name is one
    blank = result.answer is not None and result.answer.facts["type"] in MAY_BE_BLANK
    if not (parts or told["pictures"] or told["unreadable"] or blank):
        return ["nothing"]
    return whole + found


def told_tasks(files: Iterator[tuple[str, bytes]]) -> Iterator[Task]:
    """Give a task for each file."""
    for name, content in files:
        yield Task(READ, content, {"name": name}, name)


def run(pool: Pool, tasks: Iterator[Task]) -> tuple[list[tuple[str, list[str], float]], float]:
    """Return name, outcome and seconds of each, and the time of all."""
    began = time.monotonic()
    found = [(str(result.task.key), outcomes(result), result.seconds) for result in pool.run(tasks)]
    return found, time.monotonic() - began


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=100, help="damaged files of each format")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with Pool(args.jobs, LIMITS) as pool, tempfile.TemporaryDirectory() as folder:
        sound, sound_seconds = run(pool, told_tasks(iter(seeds().items())))
        assert all(each == ["read"] for _name, each, _took in sound), sound
        damaged, seconds = run(pool, told_tasks(mutations(args.each, args.seed)))
        assert len(damaged) == args.each * len(seeds())
        exploding, bomb_seconds = run(pool, told_tasks(bombs()))
        line = one_line(Path(folder))
        long, line_seconds = run(pool, iter([Task(READ, line, {"name": line.name}, line.name)]))
        after, _seconds = run(pool, told_tasks(iter(seeds().items())))
        assert all(each == ["read"] for _name, each, _took in after)
    every = damaged + exploding + long
    silent = [name for name, outcome, _seconds in every if outcome == ["nothing"]]
    assert not silent, silent
    assert max(took for _name, _outcome, took in every) < LIMITS.seconds + SLACK_SECONDS
    assert all("read" not in outcome for _name, outcome, _seconds in long)

    print(f"{len(sound)} sound files of as many formats: {sound_seconds / len(sound) * 1000:.1f} ms each")
    print(
        f"{len(damaged)} damaged files: {seconds:.1f} s, {seconds / len(damaged) * 1000:.1f} ms each, longest"
    )
    print(f"  {max(took for _name, _outcome, took in damaged):.2f} s; every one has a result")
    for reason, count in Counter(each for _n, outcome, _s in damaged for each in outcome).most_common():
        print(f"  {count:6} {reason}")
    print(f"{len(exploding) + 1} bombs: {bomb_seconds + line_seconds:.1f} s")
    for name, outcome, took in sorted(exploding + long, key=lambda each: -each[2]):
        print(f"  {took:6.2f} s  {name:18} {', '.join(outcome)}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest worker: {peak:.0f} MB resident (limit {LIMITS.memory_bytes >> 20} MB beyond its start)")


if __name__ == "__main__":
    main()
