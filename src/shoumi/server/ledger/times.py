"""The server's clock: one place that says what time it is, so that tests can say it instead.

The machine's clock itself is read in `engine/clock.py` only.  Holds no time and forms no deadlines.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shoumi.engine.clock import Clock, SystemClock

_clocks: list[Clock] = [SystemClock()]


def clock() -> Clock:
    """Return the configured clock; `clock().now()` is aware UTC."""
    return _clocks[-1]


@contextmanager
def clock_replaced(replacement: Clock) -> Iterator[None]:
    """Let `clock()` return `replacement` inside the block, in all threads of this process."""
    _clocks.append(replacement)
    try:
        yield
    finally:
        _clocks.remove(replacement)
