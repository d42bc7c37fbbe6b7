"""Tell what was found: which secret and file, where in it, and how much was copied, seen from both sides.

Thirty letters of an alphabet are five or six words, and everybody writes some such phrases: a register of
ten thousand documents holds many.  Short passages are told, but score below a half; thirty Han characters say
three times as much.  Where a passage wanders about its diagonal, single phrases come back at about the same
distances, as in a list: that says less.  A short passage that stands in many secrets is the register's own
boilerplate and is left out, as is what stands in an index of publicly known text (`index`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.fingerprint.chains import Hits, Ints, covers, wanders
from shoumi.engine.inspection.fingerprint.documents import GRAM, Entry
from shoumi.engine.inspection.fingerprint.pictures import BITS, DISTANCE, apart, picture_hash
from shoumi.engine.inspection.matching.folding import Kind, fold, kinds_of
from shoumi.engine.inspection.matching.reading import Joined
from shoumi.engine.inspection.values import Explanation, Finding, FindingKind, Picture

_WIDE: Final = 3.0  # what a Han character or kana says, in Latin letters and digits
_TELLING: Final = 60.0  # Latin letters; what says less may be a phrase that anybody writes
_CERTAIN: Final = 400.0
_HALF: Final = 0.5  # the score from which on a passage is more than a phrase
_EDITED: Final = 1.5  # letters of an edited passage that count for each verified one, at most
_WANDERED: Final = 3.0  # letters that a unit off the diagonal takes away
_LONG: Final = 200  # letters; a passage of so many is no boilerplate
_SAME: Final = 0.8  # of a passage that another one covers: a further version of the same
_MANY: Final = 8  # secrets; what stands in more of them, and is shorter than `_LONG`, is boilerplate
Fact = tuple[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a part that comes from a document."""

    part: int
    entry: int
    hits: Hits  # in order of place in the text
    first: int  # units of the text
    end: int
    letters: int  # verified
    wander: int  # units by which it moves off its diagonal and back, over all of it

    @property
    def span(self) -> int:
        """Units from its first to its last, verified or not."""
        return self.end - self.first


def passages_of(hits: Hits, found: Sequence[Ints], parts: Ints, owners: Ints) -> list[Passage]:
    """Return the passages that the chains `found` make; `parts` and `owners` are those of all `hits`."""
    if not found:
        return []
    which = np.concatenate(found)
    hits = hits.only(which)
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    ends = np.cumsum(sizes)
    begin = ends - sizes
    _, letters = covers(np.repeat(np.arange(len(found)), sizes), hits.text)
    columns = (
        parts[which[begin]], owners[which[begin]], begin, ends,
        hits.text[begin], hits.text[ends - 1] + GRAM, letters, wanders(hits, begin),
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        Passage(part, owner, hits.only(slice(low, high)), first, end, verified, moved)
        for part, owner, low, high, first, end, verified, moved in rows
    ]


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
        start, end = int(passage.hits.starts[0]), int(passage.hits.ends[-1])
        score = _score(passage, joined.text[start:end])
        check = "short" if score < _HALF else "verbatim" if passage.letters == passage.span else "edited"
        explanation = Explanation(entry.name or entry.id, check, facts=tuple(facts))
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
    if not passages:
        return {}, {}
    sizes = [len(passage.hits.text) for passage in passages]
    entries = np.repeat([passage.entry for passage in passages], sizes)
    parts = np.repeat([passage.part for passage in passages], sizes)
    count = int(entries.max()) + 1
    hits = Hits.joined([passage.hits for passage in passages])
    of_document = _counted(*covers(entries, hits.document))
    of_part = _counted(*covers(parts * count + entries, hits.text))
    return of_document, {divmod(pair, count): units for pair, units in of_part.items()}


def _counted(groups: Ints, counts: Ints) -> dict[int, int]:
    return dict(zip(groups.tolist(), counts.tolist(), strict=True))


def _score(passage: Passage, text: str) -> float:
    """Return how sure it is that a passage was copied: below a half, it may be a phrase of anybody's."""
    wide = 0.0 if text.isascii() else float((kinds_of(fold(text)[0]) == Kind.OTHER).mean())
    letters = min(passage.span, _EDITED * passage.letters)
    letters -= min(_WANDERED * passage.wander, letters / 2)
    said = letters * (1 + (_WIDE - 1) * wide)
    if said < _TELLING:
        return round(_HALF * said / _TELLING, 3) - 0.001
    return round(min(1.0, _HALF + _HALF * (said - _TELLING) / (_CERTAIN - _TELLING)), 3)


def _share(copied: int, units: int) -> float:
    return round(min(1.0, copied / units), 4) if units else 0.0


def _closest(
    passages: Sequence[Passage], entries: Sequence[Entry], of_document: dict[int, int]
) -> list[tuple[Passage, int]]:
    """Return the passages to tell, and in how many other files of its secret each stands."""
    groups: dict[tuple[int, str], list[Passage]] = defaultdict(list)
    for passage in passages:
        entry = entries[passage.entry]
        groups[passage.part, entry.secret or entry.id].append(passage)
    told_ones = [
        pair
        for group in groups.values()
        for touching in _touching(group)
        for pair in _distinct(touching, of_document)
    ]
    told_ones.sort(key=lambda pair: (pair[0].part, pair[0].first, pair[0].entry))
    return _without_boilerplate(told_ones)


def _without_boilerplate(told_ones: list[tuple[Passage, int]]) -> list[tuple[Passage, int]]:
    """Leave out short passages that stand in many secrets."""
    firsts = np.array([passage.first for passage, _ in told_ones], np.int64)
    ends = np.array([passage.end for passage, _ in told_ones], np.int64)
    lows, highs = np.searchsorted(firsts, firsts - _LONG).tolist(), np.searchsorted(firsts, ends).tolist()
    kept = []
    for (passage, others), low, high in zip(told_ones, lows, highs, strict=True):
        if passage.letters < _LONG and high - low > _MANY:
            first, end = np.maximum(firsts[low:high], passage.first), np.minimum(ends[low:high], passage.end)
            if np.count_nonzero(end - first >= _SAME * passage.span) > _MANY:
                continue
        kept.append((passage, others))
    return kept


def _overlap(one: Passage, other: Passage) -> int:
    return min(one.end, other.end) - max(one.first, other.first)


def _touching(group: list[Passage]) -> Iterator[list[Passage]]:
    """Yield the passages that overlap each other, directly or through others, together."""
    together: list[Passage] = []
    end = 0
    for passage in sorted(group, key=lambda each: each.first):
        if together and passage.first >= end:
            yield together
            together = []
        together.append(passage)
        end = max(end, passage.end) if len(together) > 1 else passage.end
    yield together


def _distinct(group: list[Passage], of_document: dict[int, int]) -> list[tuple[Passage, int]]:
    """Return the longest of touching passages of one secret, and how many files each stands in beside."""
    best: list[tuple[Passage, set[int]]] = []
    for passage in sorted(group, key=lambda each: (-each.letters, -of_document[each.entry], each.entry)):
        for one, files in best:
            if _overlap(one, passage) >= _SAME * passage.span:
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
