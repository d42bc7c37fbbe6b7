"""The clocks of the law: when something is due, must be kept until, or becomes possible.

    found = due(load_pack("cn"), "labour-arbitration-apply", date(2026, 3, 2), zone=ZoneInfo("Asia/Shanghai"))
    found.at, found.last_day, found.basis.cite, found.basis.status, found.told

Each length is a number of a rule as it holds on the day of the start, or a proposed default of the company
that says so.  Hours run in real time; days, months and years end with the last day where the entity sits.
Nothing is shifted for holidays, and interruptions are not counted: the caveats say so.
"""

from shoumi.engine.jurisdiction.clocks.answering import UnknownClockError, due
from shoumi.engine.jurisdiction.clocks.loading import load_clocks, read_clocks
from shoumi.engine.jurisdiction.clocks.running import ClockFactError, ClockStartError
from shoumi.engine.jurisdiction.clocks.values import ClockKind, ClockRule, ClockTable, Due, Fact, Length, Unit

__all__ = [
    "ClockFactError",
    "ClockKind",
    "ClockRule",
    "ClockStartError",
    "ClockTable",
    "Due",
    "Fact",
    "Length",
    "Unit",
    "UnknownClockError",
    "due",
    "load_clocks",
    "read_clocks",
]
