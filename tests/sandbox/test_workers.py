"""The pool: order of completion, paths, replacement of what dies, limits."""

from __future__ import annotations

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
