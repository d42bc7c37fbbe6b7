"""Finds words of Chinese and Japanese, and the words that lead to names, addresses and markings.

Source: own. Hyperscan compares the 16-bit codes themselves, so that no text is encoded again and places
need no translation; what it finds at an odd byte is no word and is dropped. What a word means is its
finder's task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import hyperscan

from shoumi.engine.inspection.recognise.expressions import scratch_of
from shoumi.engine.inspection.recognise.stretch import Stretch

_UNIT: Final = 2  # bytes a code
_SOME: Final = "\ufdd0"  # a noncharacter: an empty dictionary cannot be compiled


@dataclass(frozen=True)
class Words:
    """A dictionary, compiled."""

    words: tuple[str, ...]
    database: hyperscan.Database

    def find(self, stretch: Stretch) -> dict[str, list[int]]:
        """Return for each word that occurs the places behind it, ascending."""
        ends: list[tuple[int, int]] = []

        def keep(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if not end % _UNIT:
                ends.append((number, end))

        data = stretch.codes.data.cast("B")
        self.database.scan(data, match_event_handler=keep, scratch=scratch_of(self.database))  # type: ignore[type-var]
        found: dict[str, list[int]] = defaultdict(list)
        for number, end in ends:
            found[self.words[number]].append(end // _UNIT)
        return found


def compile_words(words: Iterable[str]) -> Words:
    """Return the dictionary of `words`, which are of the basic plane."""
    kept = tuple(sorted({*words, _SOME}))
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[
            "".join(f"\\x{byte:02x}" for byte in word.encode("utf-16-le")).encode() for word in kept
        ],
        ids=list(range(len(kept))),
        flags=[hyperscan.HS_FLAG_DOTALL] * len(kept),
    )
    return Words(kept, database)
