"""Answers when something is due: finds the clock of a country and runs it.

Source: the packs' `clocks.yaml`.  It reads no machine's clock; the caller says when it started.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.clocks.loading import load_clocks
from shoumi.engine.jurisdiction.clocks.running import run
from shoumi.engine.jurisdiction.clocks.values import Due
from shoumi.engine.jurisdiction.pack import Pack


class UnknownClockError(InputError):
    """The pack has no such clock."""

    code = "jurisdiction.unknown_clock"
    message = "The pack “{pack}” has no clock {clock}; it has {known}."


def due(  # noqa: PLR0913 - what a clock depends on, by name
    pack: Pack,
    clock_id: str,
    start: datetime | date,
    *,
    zone: tzinfo,
    facts: Mapping[str, str] | None = None,
    day: date | None = None,
) -> Due:
    """Return when the clock that started at `start` has run out, for an entity that sits in `zone`.

    `day` says as of which day the rule is read; without it, the day of the start.  A start without a time is
    a day where the entity sits.

    Raises:
        UnknownClockError: the pack has no such clock.
        ClockFactError: a fact that the length depends on is missing or unknown.
        ClockStartError: hours were to be counted from a day, or from a moment without a zone.
        RuleNotInForceError: the rule does not hold on that day.
    """
    clocks = {clock.id: clock for clock in load_clocks(pack.id).clocks}
    if clock_id not in clocks:
        raise UnknownClockError(pack=pack.id, clock=clock_id, known=", ".join(clocks))
    return run(pack, clocks[clock_id], start, zone=zone, facts=facts or {}, day=day)
