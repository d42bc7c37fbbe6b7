"""Which stretches of a video were watched, and whether that is all of it.

Whose rule: our own.  A video counts as seen when everything but `SLACK_PERCENT` of it was played, in any
order; what is skipped stays open.  Times are milliseconds from the beginning of the video.  Nothing is kept
here, and no clock is read: the caller says how much time has passed since the report before.
"""

from __future__ import annotations

from collections.abc import Iterable

from shoumi.engine.errors import ConflictError, InputError

Stretch = tuple[int, int]  # first and last-but-one millisecond

SLACK_PERCENT = 3  # players report in steps, and nobody watches the last black frame
FASTEST = 2  # times the speed of the video
GRACE_MS = 3_000  # a report is on its way for a while
LONGEST_GAP_MS = 60_000  # time for which nothing was reported earns no more than this
_PERCENT = 100


class StretchError(InputError):
    """A stretch ends before it begins, or lies outside the video."""

    code = "jurisdiction.training_stretch"
    message = "There is no stretch from {start} ms to {end} ms in a video of {length} ms."


class TooFastError(ConflictError):
    """More is said to have been watched than time has passed."""

    code = "jurisdiction.training_too_fast"
    message = "The video cannot have been watched so fast; go on from where you were."


def watched(before: Iterable[Stretch], start: int, end: int, *, length: int) -> tuple[Stretch, ...]:
    """Return the stretches watched so far and this one, joined where they touch, in their order.

    Raises:
        StretchError: it ends before it begins, or lies outside the video.
    """
    if not 0 <= start < end <= length:
        raise StretchError(start=start, end=end, length=length)
    joined: list[Stretch] = []
    for first, last in sorted([*before, (start, end)]):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return tuple(joined)


def verify_pace(start: int, end: int, *, passed_ms: int) -> None:
    """Return if so much can have been played in the time that has passed since the last report.

    Raises:
        TooFastError: it cannot, not even at the greatest speed.
    """
    if end - start > min(passed_ms, LONGEST_GAP_MS) * FASTEST + GRACE_MS:
        raise TooFastError


def percent_watched(stretches: Iterable[Stretch], length: int) -> int:
    """Return how much was watched in whole percent, rounded down; the stretches do not overlap."""
    return _PERCENT * sum(last - first for first, last in stretches) // length if length else 0


def all_watched(stretches: Iterable[Stretch], length: int) -> bool:
    """Return whether the video counts as seen."""
    return length > 0 and percent_watched(stretches, length) >= _PERCENT - SLACK_PERCENT
