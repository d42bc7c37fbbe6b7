"""What a check of the doctor has to say, in the language in force."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import pgettext_lazy

PARTS: Final = {
    "data": pgettext_lazy("doctor", "data"),
    "keys": pgettext_lazy("doctor", "keys"),
    "settings": pgettext_lazy("doctor", "settings"),
    "programs": pgettext_lazy("doctor", "programs"),
    "database": pgettext_lazy("doctor", "database"),
    "time": pgettext_lazy("doctor", "time"),
    "witness": pgettext_lazy("doctor", "witness"),
    "worker": pgettext_lazy("doctor", "worker"),
    "mail": pgettext_lazy("doctor", "mail"),
}
MARKS: Final = {
    "ok": pgettext_lazy("doctor", "ok"),
    "warn": pgettext_lazy("doctor", "WARN"),
    "fail": pgettext_lazy("doctor", "FAIL"),
}


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    level: Level
    about: str  # the part of the installation, a key of `PARTS`
    text: str  # what was seen
    remedy: str = ""  # what to do; empty when nothing
