"""A clock that tests set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FixedClock:
    """Stands still until `advance` is called."""

    def __init__(self, start: datetime = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Move the time forward by `step`."""
        self.moment += step
