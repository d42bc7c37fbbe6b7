"""Conditions that apps above set before a secret goes to a third party, or into the hands of an outsider.

Follows the seed guide 五(六)1 and 2.  An app above registers a function when it starts; the register never
learns which records it looks into.  Every condition is asked when an operation is submitted and once more
when it is carried out; what it yields hinders the operation and is told to whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shoumi.engine.errors import ShoumiError
from shoumi.server.people.models import Person
from shoumi.server.register.models import ThirdParty


@dataclass(frozen=True, slots=True)
class Going:
    """To whom secrets are to go: a third party, or a person into whose hands they are given."""

    rank: int  # of the highest level among them
    today: date  # where the department sits
    until: date  # the last day on which they are there
    third_party: ThirdParty | None = None
    receiver: Person | None = None


Condition = Callable[[Going], Iterable[ShoumiError]]
_conditions: dict[str, Condition] = {}


def condition_register(key: str, function: Condition) -> None:
    """Ask `function` before secrets leave; it yields everything that stands against it."""
    _conditions[key] = function


def conditions_of(going: Going) -> Iterator[ShoumiError]:
    """Yield what the registered conditions hold against it."""
    for condition in _conditions.values():
        yield from condition(going)
