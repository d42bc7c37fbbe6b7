"""Tell what was found: which secret and file, where in it, and how much was copied, seen from both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.fingerprint.chains import Hits, Ints, cover
from shoumi.engine.inspection.fingerprint.documents import GRAM, Entry
from shoumi.engine.inspection.fingerprint.pictures import BITS, DISTANCE, apart, picture_hash
from shoumi.engine.inspection.matching.reading import Joined
from shoumi.engine.inspection.values import Explanation, Finding, FindingKind, Picture

_SURE: Final = 200  # verified letters from which on a passage is no coincidence at all
_SAME: Final = 0.8  # of a passage that another one covers: a further version of the same
Fact = tuple[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a part that comes from a document."""

    part: int
    entry: int
    hits: Hits
    first: int  # units of the text
    end: int
    letters: int  # verified

    @classmethod
    def of(cls, hits: Hits, part: int, entry: int) -> Passage:
        """Return the passage that a chain of `hits` makes."""
        first, last = int(hits.text.min()), int(hits.text.max())
        return cls(part, entry, hits, first, last + GRAM, cover(hits.text))


def told(
    passages: Sequence[Passage], entries: Sequence[Entry], begins: Ints, joined: Joined, bounds: Ints
) -> list[Finding]:
    """Return a finding for each passage, in order of place; of several versions of one secret, the closest.

    `bounds` are the walls between the parts, in units, with one before the first and one after the last.
    """
    of_document, of_part = _copied(passages)
    found = []
    for passage, others in _closest(passages, entries, of_document):
        entry = entries[passage.entry]
        document = passage.hits.document - int(begins[passage.entry])
        kind, label = entry.place(int(document.min()), int(document.max()) + GRAM)
        part, offset = joined.parts[passage.part], int(joined.starts[passage.part])
        units = int(bounds[passage.part + 1] - bounds[passage.part]) - 1
        facts: list[Fact] = [
            ("secret", entry.secret),
            ("file", entry.id),
            ("place", kind),
            ("label", label),
            ("letters", passage.letters),
            ("share_of_document", _share(of_document[passage.entry], entry.units)),
            ("share_of_part", _share(of_part[passage.part, passage.entry], units)),
            ("other_files", others),
        ]
        start, end = int(passage.hits.starts.min()), int(passage.hits.ends.max())
        explanation = Explanation(entry.name or entry.id, "verbatim", facts=tuple(facts))
        score = round(min(1.0, 0.7 + 0.3 * passage.letters / _SURE), 3)
        found.append(
            Finding(
                FindingKind.FINGERPRINT,
                entry.secret or entry.id,
                score,
                part,
                start - offset,
                end - offset,
                explanation,
                member=part.member,
                level=entry.level,
            )
        )
    return found


def _copied(passages: Sequence[Passage]) -> tuple[dict[int, int], dict[tuple[int, int], int]]:
    """Return the units copied of each document, and those of each part that come from each document."""
    by_entry: dict[int, list[Ints]] = defaultdict(list)
    by_part: dict[tuple[int, int], list[Ints]] = defaultdict(list)
    for passage in passages:
        by_entry[passage.entry].append(passage.hits.document)
        by_part[passage.part, passage.entry].append(passage.hits.text)
    return (
        {entry: cover(np.concatenate(places)) for entry, places in by_entry.items()},
        {pair: cover(np.concatenate(places)) for pair, places in by_part.items()},
    )


def _share(copied: int, units: int) -> float:
    return round(min(1.0, copied / units), 4) if units else 0.0


def _closest(
    passages: Sequence[Passage], entries: Sequence[Entry], of_document: dict[int, int]
) -> list[tuple[Passage, int]]:
    """Return the passages to tell, each with how many other files of its secret it also stands in."""
    groups: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        entry = entries[passage.entry]
        groups[passage.part, entry.secret or entry.id].append(passage)
    told_ones: list[tuple[Passage, int]] = []
    for group in groups.values():
        told_ones += _distinct(group, of_document)
    return sorted(told_ones, key=lambda pair: (pair[0].first, pair[0].entry))


def _distinct(group: list[Passage], of_document: dict[int, int]) -> list[tuple[Passage, int]]:
    """Return the longest passages of one secret in one part, and how many files each stands in beside."""
    best: list[tuple[Passage, set[int]]] = []
    for passage in sorted(group, key=lambda each: (-each.letters, -of_document[each.entry], each.entry)):
        for one, files in best:
            shared = min(one.end, passage.end) - max(one.first, passage.first)
            if shared >= _SAME * (passage.end - passage.first):
                files.add(passage.entry)
                break
        else:
            best.append((passage, {passage.entry}))
    return [(passage, len(files) - 1) for passage, files in best]


@dataclass(frozen=True, slots=True)
class Gallery:
    """The hashes of all registered pictures."""

    hashes: npt.NDArray[np.uint64]  # two words a row
    owners: tuple[tuple[Entry, str], ...]  # and the label of the picture

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Gallery:
        """Return the pictures of `entries`."""
        rows = [(entry, label, words) for entry in entries for label, words in entry.pictures]
        hashes = np.array([words for _, _, words in rows], np.uint64).reshape(-1, 2)
        return cls(hashes, tuple((entry, label) for entry, label, _ in rows))

    def findings(self, pictures: Sequence[Picture]) -> list[Finding]:
        """Return a finding for each of `pictures` that is a registered one: the nearest."""
        found = []
        for picture in pictures if self.owners else ():
            if (words := picture_hash(picture.content)) is None:
                continue
            distances = apart(self.hashes, words)
            nearest = int(distances.argmin())
            if (distance := int(distances[nearest])) > DISTANCE:
                continue
            entry, label = self.owners[nearest]
            facts: tuple[Fact, ...] = (
                ("secret", entry.secret),
                ("file", entry.id),
                ("place", "picture"),
                ("label", label),
                ("bits", distance),
            )
            explanation = Explanation(entry.name or entry.id, "picture", facts=facts)
            score = round(1.0 - distance / BITS, 3)
            found.append(
                Finding(
                    FindingKind.FINGERPRINT,
                    entry.secret or entry.id,
                    score,
                    None,
                    0,
                    0,
                    explanation,
                    member=picture.member,
                    level=entry.level,
                )
            )
        return found
