"""What every reader of pages returns: grey levels and nothing else of the file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GreyPage:
    """One page: grey levels row by row, a byte each."""

    number: int  # from 1
    width: int
    height: int
    factor: int  # how many times smaller than the picture it came from
    levels: bytes
