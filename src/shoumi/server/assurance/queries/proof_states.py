"""How far one secret has one proof on a day; the value that gathering and grading pass to each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProofState:
    """So many of so many, with how well it is shown; `need` 0 means that nothing asks for it."""

    have: int
    need: int
    evidence: float = 1.0
    lived: float | None = None  # None: nothing tells
    recognisable: float | None = None

    @property
    def coverage(self) -> float:
        """The share reached, from 0 to 1."""
        return self.have / self.need if self.need else 0.0

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.have >= self.need

    def beside(self, other: ProofState | None) -> ProofState:
        """Return both taken together: the wider reach, the better evidence, what either tells."""
        if other is None or not other.need:
            return self
        wider = max(self, other, key=lambda state: (state.evidence > 0, state.coverage))
        return ProofState(
            wider.have,
            wider.need,
            max(self.evidence, other.evidence),
            _either(self.lived, other.lived),
            _either(self.recognisable, other.recognisable),
        )


def _either(one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return max(known) if known else None
