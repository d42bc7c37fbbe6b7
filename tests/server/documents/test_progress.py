"""How far a scan is, how fast, and how long it will take."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from shoumi.server.documents.models import Scan
from shoumi.server.documents.queries.results import progress_of
from shoumi.server.documents.queries.words import duration_words

RUNNING, DONE = Scan.State.RUNNING, Scan.State.DONE


def scan(**values):
    return Scan(
        **{"state": RUNNING, "expected_files": 100, "expected_bytes": 1000, "seconds": 10.0, **values}
    )


def test_files_and_bytes_count_alike():
    found = progress_of(scan(files=50, bytes=500))
    assert (found.percent, found.files_a_second, found.bytes_a_second) == (50, 5.0, 50.0)
    assert found.seconds_left == pytest.approx(10.0)
    assert progress_of(scan(files=50, bytes=0)).seconds_left == pytest.approx(30.0)


def test_nothing_is_foretold_of_what_has_not_begun_or_is_over():
    assert progress_of(scan(files=0, bytes=0, seconds=0.0)).seconds_left is None
    assert progress_of(scan(expected_files=0, expected_bytes=0, files=0, bytes=0)).percent == 0
    done = progress_of(scan(state=DONE, files=100, bytes=1000))
    assert (done.percent, done.seconds_left) == (100, None)


def test_more_than_was_measured_is_never_more_than_all():
    assert progress_of(scan(files=300, bytes=9000)).percent == 99


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.2, "1 second"), (59.0, "60 seconds"), (90.0, "2 minutes"), (9000.0, "2 hours")],
)
def test_times_are_told_as_people_plan(seconds, words):
    with override("en"):
        assert duration_words(seconds) == words
