"""The port through which everything asks for the time; the only module that reads the machine's clock.

Times are aware UTC `datetime`.  A fake twin with a settable time stands in `tests/fakes/clock.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that can tell the time."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC with microseconds."""
        return datetime.now(tz=UTC)


def format_time(moment: datetime) -> str:
    """Return `moment` as RFC 3339 in UTC with microseconds, `2026-11-22T02:04:05.000006Z`.

    Raises:
        ValueError: `moment` is naive.
    """
    if moment.tzinfo is None:
        text = "a time without zone is not a time"
        raise ValueError(text)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> datetime:
    """Return the aware UTC time that `format_time` wrote.

    Raises:
        ValueError: the text has another form.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
