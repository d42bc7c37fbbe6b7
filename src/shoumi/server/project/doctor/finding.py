"""What a check of the doctor has to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    level: Level
    about: str  # one word: the part of the installation
    text: str  # what was seen
    remedy: str = ""  # what to do; empty when nothing
