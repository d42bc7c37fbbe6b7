"""What is asked for and what was done, as frozen values between forms, API and services.

Nothing here is checked; `queries.operations.obstacles` lists what is missing, `services.operations` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing an operation is to be about: a carrier or file of a secret, or the secret as a whole."""

    secret: UUID
    carrier: UUID | None = None
    file: UUID | None = None  # id of the register's row, not of the stored file


@dataclass(frozen=True, slots=True)
class Wish:
    """The answers of a request; each kind of operation needs some of them."""

    purpose: str = ""
    receiver: UUID | None = None  # id of a person
    due_on: date | None = None
    method: str = ""
    copies: int = 1
    to_zone: UUID | None = None
    third_party: UUID | None = None
    what: str = ""
    where: str = ""
    ends_secret: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with one line: how, with which tool, how it was verified, in which condition."""

    line: int
    method: str = ""
    tool: str = ""
    verification: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """One signed step: the lines it is about, the password that signs it, and what belongs to the whole."""

    lines: tuple[Done, ...]
    password: str
    note: str = ""
    recording: str = ""  # where the recording of a destruction is kept
    witnesses: tuple[UUID, ...] = ()  # ids of accounts


@dataclass(frozen=True, slots=True)
class Back:
    """What came back: the line, its condition, and whether it was destroyed where it was."""

    line: int
    condition: str
    destroyed: bool = False
