"""The line of progress: only on a terminal, with rate and time left, gone before anything else is written."""

from __future__ import annotations

import io

from shoumi.cli.scan.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Ticks:
    """A clock that stands until it is told."""

    now = 0.0

    def __call__(self):
        return self.now


def test_it_tells_how_far_how_fast_and_how_long():
    terminal, clock = Terminal(), Ticks()
    with Progress(terminal, (100, 1_000_000), clock) as progress:
        for _ in range(25):
            clock.now += 1
            progress.step(10_000)
        assert progress.line(25) == "25/100 files  250.0 KB/1.0 MB  10.0 KB/s  1 files/s  1 min 15 s left"
    assert "25/100 files" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_nothing_is_written_where_nobody_watches():
    stream = io.StringIO()
    with Progress(stream, (0, 0)) as progress:
        progress.step(1)
    assert stream.getvalue() == ""


def test_it_is_taken_away_before_a_report_is_written_and_not_written_too_often():
    terminal, clock = Terminal(), Ticks()
    progress = Progress(terminal, (1000, 0), clock)
    for _ in range(100):
        clock.now += 0.01
        progress.step(0)
    assert terminal.getvalue().count("files/s") < 8
    progress.clear()
    before = terminal.getvalue()
    progress.clear()
    assert terminal.getvalue() == before


def test_more_files_than_were_counted_are_no_fault():
    progress = Progress(Terminal(), (1, 1), Ticks())
    progress.step(5)
    progress.step(5)
    assert progress.line(2.0) == "2/2 files  10 B/10 B  5 B/s  1 files/s"


def test_the_start_of_the_workers_foretells_nothing():
    progress = Progress(Terminal(), (1000, 1_000_000), Ticks())
    progress.step(1000)
    assert "left" not in progress.line(5)
    assert "8 h" in progress.line(31)


def test_it_speaks_the_language_it_is_told():
    progress = Progress(Terminal(), (4, 0), Ticks(), "ja_JP.UTF-8")
    progress.step(0)
    assert progress.line(1200).endswith("残り 1 時間 0 分")
