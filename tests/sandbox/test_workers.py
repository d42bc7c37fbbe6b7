"""The pool: order of completion, paths, replacement of what dies, limits."""

from __future__ import annotations

import gzip
import os
import signal
import threading

import pytest
from tests.fakes import office_files

from shoumi.engine.inspection.values import Reason
from shoumi.sandbox.workers import Pool, Prepared, Task, WorkersFailedError, WorkLimits

READ = "shoumi.sandbox.reading:read_file"


@pytest.fixture(scope="module")
def pool():
    with Pool(2, WorkLimits(seconds=20)) as made:
        yield made


def test_every_task_has_one_result_with_its_key(pool, tmp_path):
    path = tmp_path / "报价.docx"
    path.write_bytes(office_files.document())
    results = list(pool.run(Task(READ, path, {"name": path.name}, number) for number in range(12)))
    assert sorted(result.task.key for result in results) == list(range(12))
    assert all("删除底价" in result.answer.content.decode() for result in results)


def test_content_can_be_handed_over(pool):
    pool.submit(READ, "密".encode() * 100_000, {"name": "a.txt"})
    (result,) = pool.results()
    assert result.answer.facts == {"type": "text/plain"}


def test_a_file_that_is_not_there_is_denied(pool, tmp_path):
    (result,) = pool.run([Task(READ, tmp_path / "none")])
    assert result.answer is None
    assert result.unreadable.reason == Reason.DENIED


def test_a_path_that_is_not_text_can_be_read(pool, tmp_path):
    path = tmp_path / "b\udce5.txt"
    path.write_text("abc", encoding="utf-8")
    (result,) = pool.run([Task(READ, path)])
    assert b'"abc"' in result.answer.content


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("os:system", Reason.DAMAGED),
        ("shoumi.sandbox.worker:_function", Reason.DAMAGED),
        ("shoumi.sandbox.reading:none", Reason.DAMAGED),
    ],
)
def test_only_functions_of_the_engine_and_sandbox_are_called(pool, function, reason):
    (result,) = pool.run([Task(function, b"")])
    assert result.unreadable.reason == reason


def test_workers_that_cannot_prepare_are_an_error_of_the_installation():
    with (
        Pool(1, prepared=Prepared("shoumi.sandbox.reading:none")) as broken,
        pytest.raises(WorkersFailedError),
    ):
        list(broken.run([Task(READ, b"a")]))


def test_an_answer_over_its_limit_is_refused_and_the_next_is_served():
    with Pool(1, WorkLimits(answer_bytes=2000)) as small:
        long, short = small.run([Task(READ, b"x" * 10_000, key=1), Task(READ, b"x", key=2)])
    assert long.unreadable.reason == Reason.TOO_LARGE
    assert short.answer


@pytest.fixture(scope="module")
def slow():
    """Return a task that takes some seconds and some hundred megabytes."""
    return Task(READ, gzip.compress("密文".encode() * (1 << 20) * 30, 1), {"name": "a.gz"})


def test_a_task_over_its_time_costs_its_worker_and_nothing_else(slow):
    with Pool(1, WorkLimits(seconds=0.3)) as hurried:
        late, quick = hurried.run([slow, Task(READ, b"x")])
    assert late.unreadable.reason == Reason.TIME
    assert late.seconds < 2
    assert quick.answer


def test_a_task_over_its_memory_is_told(slow):
    with Pool(1, WorkLimits(memory_bytes=1 << 27)) as narrow:
        large, small = narrow.run([slow, Task(READ, b"x")])
    reasons = [large.unreadable.reason] if large.unreadable else []
    assert Reason.MEMORY in reasons or "memory" in large.answer.content.decode()
    assert small.answer


def test_a_worker_that_dies_at_its_task_costs_that_task(slow):
    with Pool(1) as pool:
        list(pool.run([Task(READ, b"x")]))
        process = pool._seats[0]._worker.pid
        threading.Timer(0.2, os.kill, (process, signal.SIGSEGV)).start()
        dead, alive = pool.run([slow, Task(READ, b"x")])
    assert (dead.unreadable.reason, dead.unreadable.detail) == (
        Reason.CRASHED,
        "its reader ended by signal 11",
    )
    assert alive.answer


def test_a_worker_that_died_between_tasks_costs_none():
    with Pool(1) as pool:
        list(pool.run([Task(READ, b"x")]))
        worker = pool._seats[0]._worker
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        (result,) = pool.run([Task(READ, b"x")])
    assert result.answer


def test_workers_are_replaced_after_so_many_tasks():
    with Pool(1, WorkLimits(tasks=2)) as pool:
        seen = set()
        for _ in range(5):
            list(pool.run([Task(READ, b"x")]))
            seen.add(pool._seats[0]._worker and pool._seats[0]._worker.pid)
    assert len(seen) >= 3


def test_closing_ends_workers_in_the_middle_of_a_task(slow):
    pool = Pool(1)
    pool.submit(READ, slow.content, {"name": "a.gz"})
    while not (worker := pool._seats[0]._worker):
        pass
    pool.close()
    assert worker.returncode is not None


def test_an_upper_bound_of_what_is_read_of_a_file(tmp_path):
    path = tmp_path / "long.txt"
    path.write_bytes(b"abcd" * 1000)
    with Pool(1, WorkLimits(read_bytes=100)) as pool:
        (result,) = pool.run([Task(READ, path, {"limits": {"content_bytes": 100}})])
    told = result.answer.content.decode()
    assert '"abcd' in told
    assert "too_large" in told


def test_reading_a_small_file_takes_no_memory_for_the_largest(tmp_path):
    path = tmp_path / "small.txt"
    path.write_bytes(b"abcd")
    with Pool(1, WorkLimits(memory_bytes=1 << 27, read_bytes=1 << 30)) as pool:
        results = list(pool.run([Task(READ, path)] * 3))
    assert all(b'"abcd"' in result.answer.content for result in results)
