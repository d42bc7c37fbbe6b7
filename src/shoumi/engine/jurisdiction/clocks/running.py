"""Runs one clock from a start, with the numbers of the rule that holds on the day.

Source of the lengths: the clock's rule, read by date.  Hours run in real time; days, months and years end
with the last day where the legal entity sits.  Nothing is shifted for holidays, and no
interruption is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.basis import basis_on, proposal
from shoumi.engine.jurisdiction.clocks.values import ClockKind, ClockRule, Due, Length, Unit
from shoumi.engine.jurisdiction.pack import Pack, Plain
from shoumi.engine.jurisdiction.periods import Period, PeriodKind, period_end

_DAY = timedelta(days=1)


class ClockFactError(InputError):
    """The length depends on a fact that was not given, or not with a known value."""

    code = "jurisdiction.clock_fact"
    message = "The clock {clock} needs to know “{fact}”: one of {known}."


class ClockStartError(InputError):
    """A clock starts at a moment of a known time zone; only one that counts no hours may start on a day."""

    code = "jurisdiction.clock_start"
    message = "The clock {clock} needs a start with date, time and time zone."


def run(  # noqa: PLR0913 - what a clock depends on, by name
    pack: Pack,
    clock: ClockRule,
    start: datetime | date,
    *,
    zone: tzinfo,
    facts: Mapping[str, str],
    day: date | None = None,
) -> Due:
    """Return when `clock` has run out; as `due`, for a clock at hand."""
    first = _day_of(clock, start, zone)
    if clock.rule:
        basis, params = basis_on(pack, clock.rule, day or first, clock.force)
    else:
        basis, params = proposal(), {}
    if clock.kind is ClockKind.AT_ONCE:
        return Due(clock, None, None, None, basis, clock.caveats)
    length = _length(clock, facts)
    number = _number(length, params, length.item)
    if length.unit is Unit.HOURS:
        at = _moment(clock, start).astimezone(UTC) + timedelta(hours=number)
        return Due(clock, at.astimezone(zone), None, None, basis, clock.caveats)
    last = _last_day(clock, first, length.unit, number)
    early = None
    if length.early_item is not None:
        earlier = _number(length, params, length.early_item)
        early = _end_of(_last_day(clock, first, length.unit, earlier), zone)
    at = datetime.combine(last, time(0), zone) if clock.kind is ClockKind.LOOK_BACK else _end_of(last, zone)
    return Due(clock, at, last, early, basis, clock.caveats)


def _moment(clock: ClockRule, start: datetime | date) -> datetime:
    if not isinstance(start, datetime) or start.tzinfo is None:
        raise ClockStartError(clock=clock.id)
    return start


def _day_of(clock: ClockRule, start: datetime | date, zone: tzinfo) -> date:
    return _moment(clock, start).astimezone(zone).date() if isinstance(start, datetime) else start


def _length(clock: ClockRule, facts: Mapping[str, str]) -> Length:
    for fact in clock.facts:
        values = [value.id for value in fact.values]
        if facts.get(fact.id) not in values:
            raise ClockFactError(clock=clock.id, fact=fact.id, known=", ".join(values))
    return next(length for length in clock.lengths if length.when.items() <= facts.items())


def _number(length: Length, params: Mapping[str, Plain], item: int | None) -> int:
    """Return the number of a length; that it is one is checked when the file is read."""
    if length.proposed is not None:
        return length.proposed
    total = 0
    for name in length.params:
        value = params[name]
        if isinstance(value, tuple) and item is not None:
            value = value[item]
        total += int(str(value))
    return total


def _last_day(clock: ClockRule, first: date, unit: Unit, number: int) -> date:
    if clock.kind is ClockKind.LOOK_BACK:
        return first - timedelta(days=number)
    span = Period(
        PeriodKind.SPAN,
        years=number if unit is Unit.YEARS else 0,
        months=number if unit is Unit.MONTHS else 0,
        days=number if unit is Unit.DAYS else 0,
    )
    end = period_end(first - _DAY if clock.counts_first_day else first, span)
    return end or first  # a span always ends


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + _DAY, time(0), zone)
