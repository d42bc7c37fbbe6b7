"""What is registered: files of secrets, and how they are kept in an index.

A document's parts are one stream of folded units, so that an excerpt may cross a page.  Kept of it are the
hashes of every `STRIDE`th stretch of `GRAM` units with its place, the lengths of its parts, and no text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np

from shoumi.engine.inspection.fingerprint.pictures import picture_hash
from shoumi.engine.inspection.matching.folding import fold
from shoumi.engine.inspection.matching.hashing import Hashes, Rolling
from shoumi.engine.inspection.matching.tables import Numbers
from shoumi.engine.inspection.values import Part, Picture

GRAM: Final = 14  # units hashed together
STRIDE: Final = 4  # units between two of them; 30 units hold four, wherever they are cut
PLAIN: Final = 3  # a stretch of so few different units, such as a row of zeros, says nothing
_BATCH: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a secret, or a file whose text is publicly known."""

    id: str  # of the file; adding another document under the same id replaces this one
    secret: str = ""  # number or id of the secret
    name: str = ""
    parts: Sequence[Part] = ()
    pictures: Sequence[Picture] = ()
    level: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index keeps of a document beside its hashes."""

    id: str
    secret: str
    name: str
    level: str
    parts: tuple[tuple[str, str, int], ...]  # kind, label, units
    pictures: tuple[tuple[str, tuple[int, ...]], ...]  # label, hashes

    @property
    def units(self) -> int:
        """Folded units of the whole document."""
        return sum(count for _, _, count in self.parts)

    def described(self) -> list[Any]:
        """Return the entry as it is kept."""
        return [self.id, self.secret, self.name, self.level, self.parts, self.pictures]

    @classmethod
    def read(cls, kept: Sequence[Any]) -> Entry:
        """Return the entry that `described` wrote."""
        identity, secret, name, level, parts, pictures = kept
        return cls(
            identity,
            secret,
            name,
            level,
            tuple((kind, label, count) for kind, label, count in parts),
            tuple((label, tuple(values)) for label, values in pictures),
        )

    def place(self, start: int, end: int) -> tuple[str, str]:
        """Return kind and label of the part (or first and last part) in which units `start`…`end` stand."""
        bounds = list(accumulate(count for _, _, count in self.parts))
        first, last = bisect_right(bounds, start), bisect_right(bounds, end - 1)
        kind, label, _ = self.parts[first]
        last_label = self.parts[last][1]
        return kind, label if first == last or label == last_label else f"{label}–{last_label}"


def hashed(document: Document, rolling: Rolling) -> tuple[Entry, Hashes, Numbers]:
    """Return the entry of a document, its hashes and the unit at which each stands."""
    streams = [fold(part.text)[0] for part in document.parts]
    units = np.concatenate(streams) if streams else np.zeros(0, np.uint16)
    starts = np.arange(0, max(0, len(units) - GRAM + 1), STRIDE)
    hashes, places = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
    for at in range(0, len(starts), _BATCH):
        some = starts[at : at + _BATCH]
        grams = np.lib.stride_tricks.sliding_window_view(units, GRAM)[some]
        ordered = np.sort(grams, axis=1)
        varied = (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1) >= PLAIN
        hashes.append(rolling.rows(grams[varied]))
        places.append(some[varied].astype(np.uint32))
    parts = tuple(
        (part.kind.value, part.label, len(stream))
        for part, stream in zip(document.parts, streams, strict=True)
    )
    pictures = tuple(
        (picture.label, value)
        for picture in document.pictures
        if (value := picture_hash(picture.content)) is not None
    )
    entry = Entry(document.id, document.secret, document.name, document.level, parts, pictures)
    return entry, np.concatenate(hashes), np.concatenate(places)
