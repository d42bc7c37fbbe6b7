"""When a step of a case is due: from a named day, in days or hours, or as a clock of the pack runs.

Source of the offsets: the packs' `procedures.yaml`; those that are no clock's are proposals.  A day that is
not known leaves no due moment and is named.  Nothing is shifted for holidays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from shoumi.engine.errors import InputError, Phrase
from shoumi.engine.jurisdiction.basis import Basis, proposal
from shoumi.engine.jurisdiction.clocks.running import run
from shoumi.engine.jurisdiction.pack import Pack
from shoumi.engine.jurisdiction.periods import Period, PeriodKind, PeriodTooLongError, period_end
from shoumi.engine.jurisdiction.procedures.facts import holds
from shoumi.engine.jurisdiction.procedures.values import DueRule, NamedDay, ProcedureTable, Repeat
from shoumi.engine.jurisdiction.values import Texts

_DAY = timedelta(days=1)


class CaseDayError(InputError):
    """A day of a case is unknown, has no time zone, lies before another or too far away."""

    code = "jurisdiction.case_day"
    message = "The day “{day}” cannot be used: {reason}."


@dataclass(frozen=True, slots=True)
class Moment:
    """A due moment, or what must be known before there is one; all empty where nothing sets a due day."""

    at: datetime | None = None  # from then on it is late
    last_day: date | None = None  # the last day that still counts; None where hours are counted
    missing_day: str = ""
    missing_fact: str = ""
    basis: Basis | None = None
    caveats: tuple[Texts, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one case where its legal entity sits."""

    pack: Pack
    table: ProcedureTable
    facts: Mapping[str, str]
    days: Mapping[str, date | datetime]
    zone: tzinfo

    def day(self, id_: str) -> date | None:
        """Return a named day, or None while it is not known."""
        value = self.days.get(id_)
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def moment(self, id_: str) -> datetime | None:
        """Return the moment that a named day stands for."""
        value = self.days.get(id_)
        if value is None or isinstance(value, datetime):
            return value.astimezone(self.zone) if value else None
        at_end = self.table.days[id_].at_end
        return datetime.combine(value + _DAY if at_end else value, time(0), self.zone)

    def due(self, rules: tuple[DueRule, ...]) -> Moment:
        """Return when the first of `rules` that fits the case says it is due."""
        rule = next((rule for rule in rules if holds(rule.when, self.facts)), None)
        if rule is None:
            return Moment()
        start = self.day(rule.day)
        if start is None:
            return Moment(missing_day=rule.day)
        if rule.clock:
            return self._clock(rule, start)
        if rule.hours is not None:
            began = self.moment(rule.day) or datetime.combine(start, time(0), self.zone)
            utc = began.timestamp() + rule.hours * 3600
            return Moment(at=datetime.fromtimestamp(utc, self.zone), basis=proposal())
        return self._until(rule.day, start, timedelta(days=rule.days or 0))

    def measured(self, rules: tuple[DueRule, ...]) -> Moment:
        """Return the moment that the first of `rules` that fits the case names by its day."""
        rule = next((rule for rule in rules if holds(rule.when, self.facts)), None)
        if rule is None:
            return Moment()
        at = self.moment(rule.day)
        return Moment(at=at, missing_day="" if at else rule.day)

    def again(self, start: str, repeat: Repeat) -> tuple[Moment, ...]:
        """Return when something is due that comes again; one without a moment while an end is not known."""
        first, end = self.day(start), self.due((repeat.until,))
        if first is None or end.last_day is None:
            missing = start if first is None else end.missing_day
            return (Moment(missing_day=missing, missing_fact=end.missing_fact),)
        found: list[Moment] = []
        while True:
            months = repeat.months * (len(found) + 1)
            try:
                day = period_end(first, Period(PeriodKind.SPAN, months=months)) or first
            except PeriodTooLongError:
                return tuple(found)
            if day > end.last_day:
                return tuple(found)
            found.append(self._until(start, day, timedelta(0)))

    def _until(self, name: str, start: date, offset: timedelta) -> Moment:
        try:
            day = start + offset
            return Moment(datetime.combine(day + _DAY, time(0), self.zone), day, basis=proposal())
        except OverflowError as error:
            raise CaseDayError(day=name, reason=Phrase("it is too far away")) from error

    def _clock(self, rule: DueRule, start: date) -> Moment:
        given = {}
        for clock_fact, case_fact in (rule.facts or {}).items():
            if case_fact not in self.facts:
                return Moment(missing_fact=case_fact)
            given[clock_fact] = self.facts[case_fact]
        due = run(self.pack, self.table.clocks[rule.clock], start, zone=self.zone, facts=given)
        at = due.at or datetime.combine(start, time(0), self.zone)
        return Moment(at, due.last_day, basis=due.basis, caveats=due.caveats)


def check_days(known: Mapping[str, NamedDay], days: Mapping[str, date | datetime], zone: tzinfo) -> None:
    """Return if every day is known, has a zone if it has a time, and stands in order.

    Raises:
        CaseDayError: one does not.
    """
    local: dict[str, date] = {}
    for name, value in days.items():
        if name not in known:
            raise CaseDayError(day=name, reason=Phrase("known are {known}", known=", ".join(known)))
        if isinstance(value, datetime) and value.tzinfo is None:
            raise CaseDayError(day=name, reason=Phrase("a time needs its time zone"))
        local[name] = value.astimezone(zone).date() if isinstance(value, datetime) else value
    for name, day in local.items():
        before = known[name].not_before
        if before in local and day < local[before]:
            raise CaseDayError(day=name, reason=Phrase("it lies before “{before}”", before=before))
