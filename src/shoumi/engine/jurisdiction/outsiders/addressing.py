"""Whether something may be addressed to a worker of another company by name, or goes to their company.

Source: the packs' `addressing`, by country and day.  Whoever stands in no rule of that day, such
as an employee, is addressed by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shoumi.engine.jurisdiction.outsiders.values import AddressingRule, OutsiderPack, Purpose


@dataclass(frozen=True, slots=True)
class Addressed:
    """The answer, with the rule it rests on; no rule: nothing stands in the way."""

    by_name: bool
    rule: AddressingRule | None


def address(pack: OutsiderPack, worker: str, purpose: Purpose, day: date) -> Addressed:
    """Return whether something for `purpose` may go to a worker of this kind by name on `day`."""
    for rule in pack.addressing:
        if rule.worker == worker and rule.period.covers(day):
            return Addressed(purpose in rule.by_name, rule)
    return Addressed(by_name=True, rule=None)
