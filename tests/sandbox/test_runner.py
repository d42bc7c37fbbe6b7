"""The sandbox returns a value or one error of the tree, and leaves no process behind."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from tests.fakes.foreign_files.papers import papers
from tests.fakes.marks import CHINESE, form

from shoumi.engine.marking.calls import parameters_of
from shoumi.engine.marking.errors import DamagedError, KindUnknownError, TooLargeError
from shoumi.engine.marking.marking import mark
from shoumi.sandbox import (
    Limits,
    SandboxFailedError,
    SandboxMemoryError,
    SandboxOutputError,
    SandboxTimeError,
    call,
)

DESCRIPTORS = Path("/proc/self/fd")
MARKED = "shoumi.engine.marking.calls:marked"
PAPER = dict(papers())["0-0-plain.pdf"]


def children() -> set[str]:
    """Return the processes that this one started."""
    return set(
        Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text(encoding="ascii").split()
    )


@pytest.fixture(autouse=True)
def _nothing_stays_behind():
    before, descriptors = children(), len(list(DESCRIPTORS.iterdir()))
    yield
    assert children() <= before
    assert len(list(DESCRIPTORS.iterdir())) <= descriptors


def slow_picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (9_900, 9_900)).save(stream, "PNG")
    return stream.getvalue()


def test_the_answer_is_that_of_the_function():
    answer = call(MARKED, PAPER, parameters_of("pdf", CHINESE, form()))
    assert answer.content == mark(PAPER, "pdf", CHINESE, form())
    labels = call("shoumi.engine.marking.calls:labels", answer.content, {"kind": "pdf"})
    assert labels.content == b""
    assert labels.facts["mark"]["title"] == CHINESE.title
    assert call("shoumi.engine.marking.calls:unmarked", PAPER, {"kind": "pdf"}).content == PAPER


def test_an_error_of_the_engine_comes_back_as_its_leaf_with_its_fields():
    with pytest.raises(DamagedError) as damaged:
        call(MARKED, b"%PDF-1.4", parameters_of("pdf", CHINESE, form()))
    assert "PDF" in damaged.value.fields["reason"]
    with pytest.raises(KindUnknownError):
        call(MARKED, PAPER, parameters_of("dwg", CHINESE, form()))
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    with pytest.raises(TooLargeError) as large:
        call(MARKED, stream.getvalue(), parameters_of("png", CHINESE, form()))
    assert large.value.fields["limit"] == 100_000_000


@pytest.mark.parametrize(
    "function",
    [
        "os:system",
        "shoumi.sandbox.child:main",
        "shoumi.engine.marking.calls:_b",
        "shoumi.engine.nothing:here",
        "",
    ],
)
def test_nothing_but_public_functions_of_the_engine_is_called(function):
    with pytest.raises((SandboxFailedError, ModuleNotFoundError)):
        call(function, b"touch /tmp/taken-over", {})
    assert not Path("/tmp/taken-over").exists()  # noqa: S108 - that nothing is there


def test_an_error_outside_the_tree_names_its_class_and_nothing_of_the_content():
    with pytest.raises(SandboxFailedError) as failed:
        call(MARKED, b"very secret words", {"kind": "pdf"})
    assert failed.value.fields == {"reason": "KeyError"}


def test_time_is_limited():
    with pytest.raises(SandboxTimeError):
        call(MARKED, slow_picture(), parameters_of("png", CHINESE, form()), limits=Limits(seconds=0.5))


def test_memory_is_limited():
    limits = Limits(memory_bytes=350 << 20)
    with pytest.raises(SandboxMemoryError):
        call(MARKED, slow_picture(), parameters_of("png", CHINESE, form()), limits=limits)


def test_the_answer_is_limited():
    with pytest.raises(SandboxOutputError):
        call(MARKED, PAPER, parameters_of("pdf", CHINESE, form()), limits=Limits(answer_bytes=2_000))
