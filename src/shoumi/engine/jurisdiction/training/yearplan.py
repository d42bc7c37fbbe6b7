"""The plan of a year: who is taught what, and what is missing.

Whose rule: each audience of the pack is taught its parts once a year.  Whether a session took place is
recorded elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.training.values import TrainingTable


class SessionError(InputError):
    """A session names an audience or a part that the pack does not have."""

    code = "jurisdiction.training_session"
    message = "The session “{session}” names “{name}”, which is not known here."


@dataclass(frozen=True, slots=True)
class Session:
    """One planned training."""

    id: str
    day: date
    audiences: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which session teaches what to whom in one year."""

    year: int
    sessions: Mapping[tuple[str, str], tuple[str, ...]]  # audience and part → sessions, by day

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """What no session of the year teaches, as audience and part."""
        return tuple(pair for pair, sessions in self.sessions.items() if not sessions)

    @property
    def complete(self) -> bool:
        """Whether everybody is taught everything."""
        return not self.missing


def coverage(table: TrainingTable, sessions: Sequence[Session], year: int) -> Coverage:
    """Return what the sessions of a year cover of what the pack asks for.

    Raises:
        SessionError: a session names an audience or a part that the pack does not have.
    """
    audiences, parts = {each.id for each in table.audiences}, {each.id for each in table.parts}
    for session in sessions:
        unknown = sorted({*session.audiences} - audiences) + sorted({*session.parts} - parts)
        if unknown:
            raise SessionError(session=session.id, name=unknown[0])
    within = sorted(
        (each for each in sessions if each.day.year == year), key=lambda each: (each.day, each.id)
    )
    return Coverage(
        year,
        MappingProxyType(
            {
                (audience.id, part): tuple(
                    each.id for each in within if audience.id in each.audiences and part in each.parts
                )
                for audience in table.audiences
                for part in audience.parts
            }
        ),
    )
