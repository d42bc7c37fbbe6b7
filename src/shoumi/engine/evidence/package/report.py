"""What checking a package found: one line per check, with what it trusted.

Rule: a note is a gap stated openly, not a failure; only failures make the package not hold.
Values only; printing is the command line's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ShoumiError


class Status(StrEnum):
    """How a check ended."""

    HOLDS = "ok"
    NOTE = "note"
    FAILS = "FAILS"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and its outcome."""

    name: str  # the kind: signature, files, checkpoint, witness, entry, detail, record, exhibit, …
    status: Status
    text: str  # what was found, one line of English
    trusted: str = ""  # what had to be believed for it, if anything


@dataclass(frozen=True, slots=True)
class PackageReport:
    """All checks of one package, in order."""

    checks: tuple[Check, ...]
    own_keys: bool  # True if nothing but the keys in the package itself was believed

    @property
    def holds(self) -> bool:
        """True if no check failed."""
        return all(check.status is not Status.FAILS for check in self.checks)

    def to_json(self) -> JSONValue:
        """Return the report as plain values, for `--json` and for storing."""
        return {
            "holds": self.holds,
            "keys": "package" if self.own_keys else "given",
            "checks": [
                {
                    "check": check.name,
                    "status": str(check.status).lower(),
                    "text": check.text,
                    "trusted": check.trusted,
                }
                for check in self.checks
            ],
        }


class Findings:
    """Collects the checks of one package."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def holds(self, name: str, text: str, trusted: str = "") -> None:
        """Record a check that holds."""
        self.checks.append(Check(name, Status.HOLDS, text, trusted))

    def note(self, name: str, text: str) -> None:
        """Record a gap."""
        self.checks.append(Check(name, Status.NOTE, text))

    def fails(self, name: str, text: str) -> None:
        """Record a fault."""
        self.checks.append(Check(name, Status.FAILS, text))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Turn an error of the tree within the block into a fault of check `name`."""
        try:
            yield
        except ShoumiError as error:
            self.fails(name, error.detail)
