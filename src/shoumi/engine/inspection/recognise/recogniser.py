"""Finds identifiers, credentials and markings in the parts of a file, and tells why each is one.

Source: the packs. Finders yield candidates by the thousand as arrays; what overlaps is settled by score;
objects are built last, and of one kind in one part no more than `most`: the last one built then tells how
many more there were. Knows nothing of rows of customers or of registered documents: `exact` and
`fingerprint` do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise import network
from shoumi.engine.inspection.recognise.addresses import Addresses
from shoumi.engine.inspection.recognise.codes import Digits, Spans, find_codes, find_iban, find_mixed
from shoumi.engine.inspection.recognise.context import Context, Hits, Spoken, Weights
from shoumi.engine.inspection.recognise.encoded import SPEAKING, decoded
from shoumi.engine.inspection.recognise.entries import PACKS, Catalogue, Kind, load_catalogue
from shoumi.engine.inspection.recognise.expressions import Expressions, Found, compile_expressions, spans_of
from shoumi.engine.inspection.recognise.letters import Bools
from shoumi.engine.inspection.recognise.markings import marked, properties
from shoumi.engine.inspection.recognise.named import (
    LEADING_ON,
    Trails,
    compile_trails,
    leading_words,
    short_words,
)
from shoumi.engine.inspection.recognise.stretch import Stretch, stretches
from shoumi.engine.inspection.recognise.words import dictionary
from shoumi.engine.inspection.values import (
    FURTHER,
    Explanation,
    Finding,
    FindingKind,
    Part,
    PartKind,
    findings_of,
)

MOST: Final = 1000  # findings of one kind that are built for one part
Scores = NDArray[np.float64]
_NETWORK: Final = ("email", "ipv4", "ipv6", "mac")
_CODES: Final = {"code": find_codes, "mixed": find_mixed, "iban": find_iban}


@dataclass(frozen=True)
class Recogniser:
    """What some packs recognise; made once, used from any thread."""

    catalogue: Catalogue
    kinds: tuple[Kind, ...]
    expressions: Expressions
    described: Places  # the number of the kind of each expression
    trails: Trails
    weights: Weights

    @staticmethod
    def load(packs: Iterable[str] = PACKS, kinds: Iterable[str] | None = None) -> Recogniser:
        """Return the recogniser of `packs`, or of those of their `kinds` that are named.

        Work: about a second for the first call with these arguments in a process.

        Raises:
            PackFaultsError: the files of the packs have faults.
        """
        return _loaded(tuple(packs), None if kinds is None else frozenset(kinds))

    def findings(self, parts: Sequence[Part], name: str = "", most: int = MOST) -> list[Finding]:  # noqa: ARG002
        """Return what is found in `parts`, in their order; of one kind in one part at most `most`.

        `name` is the file's, for callers that pass it on; it is a part of its own where it is to be read.
        """
        found, speaking = self._open(parts, most)
        hidden = list(decoded(parts, speaking))
        if hidden:
            inner = [Part(PartKind.BODY, each.text) for each in hidden]
            whose = {id(part): each for part, each in zip(inner, hidden, strict=True)}
            for each in self._open(inner, most)[0]:
                place = whose[id(each.part)]
                placed = place.placed(each, parts[place.part])
                found += [placed] if placed else []
        return found

    def _open(self, parts: Sequence[Part], most: int) -> tuple[list[Finding], dict[int, list[int]]]:
        """Return what stands open in `parts`, and where which of them speak of what is encoded."""
        told: list[_Told] = []
        spoken = Spoken()
        speaking: dict[int, set[int]] = {}
        for stretch in stretches(parts, self.expressions.words.signs):
            found = self.expressions.find(stretch)
            told.append(self._told(stretch, self._apart(self._hits(stretch, found, spoken))))
            ends = [found.words[word] for word in SPEAKING if word in found.words]
            for part, place in _placed(stretch, np.concatenate(ends) - 1) if ends else ():
                speaking.setdefault(part, set()).add(place)
        marks = properties([kind for kind in self.kinds if kind.way == "property"], parts)
        ordered = {part: sorted(speaking[part]) for part in sorted(speaking)}
        return marks + self._built(_Told.joined(told), parts, spoken, most), ordered

    def _hits(self, stretch: Stretch, found: Found, spoken: Spoken) -> Hits:
        digits, context = Digits(stretch, self.kinds), Context(stretch, self.weights, spoken)
        hits = []
        for number, kind in self._numbered:
            starts, ends = (
                _CODES[kind.way](digits, kind) if kind.way in _CODES else _network(digits, kind.way)
            )
            if len(starts):
                hits.append(Hits.of(number, starts, ends))
        for expression, pairs in found.expressions.items():
            number = int(self.described[expression])
            kind, its = self.kinds[number], Hits.of(number, *spans_of(pairs))
            hits.append(marked(stretch, kind, its) if kind.finding == FindingKind.MARKING else its)
        hits += self.trails.find(context, digits, found.words)
        return context.settle(Hits.joined(hits))

    @cached_property
    def _numbered(self) -> list[tuple[int, Kind]]:
        """The kinds that numpy alone finds, each with its number."""
        return [(number, kind) for number, kind in enumerate(self.kinds) if kind.way in {*_CODES, *_NETWORK}]

    @cached_property
    def _scores(self) -> tuple[Scores, Scores]:
        """The score of each kind, without and with context."""
        return np.array([kind.score for kind in self.kinds]), np.array(
            [kind.score_with_context for kind in self.kinds]
        )

    @cached_property
    def _fields(self) -> dict[str, list[Any]]:
        """By name, what the findings of each kind say of it."""
        names = ("finding", "id", "check", "level")
        return {name: [getattr(kind, name) for kind in self.kinds] for name in names}

    def _apart(self, hits: Hits) -> Hits:
        """Return the hits by place, without those that a better one overlaps."""
        if not len(hits):
            return hits
        keys = (
            hits.starts * (int(hits.ends.max()) + 1) - hits.ends
        )  # the longer first of those that begin there
        hits = hits.where(np.argsort(keys, kind="stable"))  # fast, since each kind's hits ascend already
        furthest = np.maximum.accumulate(hits.ends)
        crossing = hits.starts[1:] < furthest[:-1]
        if not crossing.any():
            return hits
        kept = np.ones(len(hits), np.bool_)
        bare, backed = self._scores
        scores = np.where(hits.backed, backed[hits.kinds], bare[hits.kinds])
        _settle(crossing, (hits.starts, hits.ends, scores), kept)
        return hits.where(kept)

    def _told(self, stretch: Stretch, hits: Hits) -> _Told:
        """Return the hits by part and place in it."""
        pieces = stretch.piece_at(hits.starts)
        places = stretch.letters.trace.places
        shifts = stretch.shifts[pieces]
        starts, ends = places(hits.starts) + shifts, places(hits.ends - 1) + 1 + shifts
        told = _Told(hits, stretch.parts[pieces], starts, ends)
        if stretch.owned is None:
            return told
        first, last = stretch.owned
        inside = starts - stretch.offsets[pieces]
        return told.where((inside >= first[pieces]) & (inside < last[pieces]))

    def _built(self, told: _Told, parts: Sequence[Part], spoken: Spoken, most: int) -> list[Finding]:
        """Return the findings as objects, of one kind in one part no more than `most`."""
        kept = np.ones(len(told.hits), np.bool_)
        cut: list[tuple[int, int]] = []  # the last that is built, and how many more there are
        counts = np.bincount(told.owners, minlength=1)
        ends = np.cumsum(counts)  # told come part by part
        for owner in (counts > most).nonzero()[0].tolist():
            first = int(ends[owner] - counts[owner])
            kinds = told.hits.kinds[first : ends[owner]]
            sizes = np.bincount(kinds)
            for kind in (sizes > most).nonzero()[0].tolist():
                its = first + (kinds == kind).nonzero()[0]
                kept[its[most:]] = False
                cut.append((int(its[most - 1]), int(sizes[kind]) - most))
        behind = np.cumsum(kept) - 1
        further = {int(behind[last]): count for last, count in cut}
        told = told.where(kept) if cut else told
        found = told.findings(self._fields, self._scores, parts, spoken.words)
        for at, count in further.items():
            why = replace(found[at].explanation, facts=((FURTHER, count),))
            found[at] = replace(found[at], explanation=why)
        return found


def _placed(stretch: Stretch, letters: Places) -> Iterator[tuple[int, int]]:
    """Yield the part, and the place in it, of each of these letters."""
    pieces, places = stretch.piece_at(letters), stretch.letters.trace.places(letters)
    for piece, place in zip(pieces.tolist(), (places + stretch.shifts[pieces]).tolist(), strict=True):
        yield stretch.pieces.parts[piece], place


def _network(digits: Digits, way: str) -> Spans:
    if way == "email":
        return network.find_emails(digits.stretch)
    if way == "ipv4":
        return network.find_ipv4(digits)
    return network.find_ipv6(digits.stretch) if way == "ipv6" else network.find_macs(digits.stretch)


@cache
def _loaded(packs: tuple[str, ...], wanted: frozenset[str] | None) -> Recogniser:
    catalogue = load_catalogue(packs)
    kinds = tuple(kind for kind in catalogue.kinds if wanted is None or kind.id in wanted)
    addresses = {pack: Addresses(pack, places) for pack, places in catalogue.places.items()}
    described = [number for number, kind in enumerate(kinds) if kind.way == "expression"]
    return Recogniser(
        catalogue,
        kinds,
        compile_expressions(
            tuple(kinds[number] for number in described),
            dictionary(
                {*leading_words(kinds, addresses), *SPEAKING}, short_words(kinds, addresses), LEADING_ON
            ),
        ),
        np.array(described, np.int64),
        compile_trails(kinds, addresses, catalogue),
        Weights.of(kinds, catalogue),
    )


def _settle(crossing: Bools, places: tuple[Places, Places, Scores], kept: Bools) -> None:
    """Of each group of overlapping hits keep the best, then what does not overlap it, and so on."""
    starts, ends, scores = places
    edges = np.diff(np.concatenate([[0], crossing.astype(np.int8), [0]])).nonzero()[0]
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        group = sorted(
            range(first, last + 1), key=lambda at: (-scores[at], starts[at] - ends[at], starts[at])
        )
        chosen: list[int] = []
        for at in group:
            if any(starts[at] < ends[other] and starts[other] < ends[at] for other in chosen):
                kept[at] = False
            else:
                chosen.append(at)


@dataclass(frozen=True, slots=True)
class _Told:
    """Hits by part and by places in its text."""

    hits: Hits
    owners: Places  # numbers of parts
    starts: Places
    ends: Places

    @classmethod
    def joined(cls, several: Sequence[_Told]) -> _Told:
        """Return all of them."""
        if len(several) == 1:
            return several[0]
        nothing = np.zeros(0, np.int64)
        arrays = (
            np.concatenate([nothing, *(getattr(each, name) for each in several)])
            for name in ("owners", "starts", "ends")
        )
        return cls(Hits.joined([each.hits for each in several]), *arrays)

    def where(self, kept: Bools) -> _Told:
        """Return some of them."""
        return _Told(self.hits.where(kept), self.owners[kept], self.starts[kept], self.ends[kept])

    def findings(
        self,
        fields: dict[str, list[Any]],
        scores: tuple[Scores, Scores],
        parts: Sequence[Part],
        words: Sequence[str],
    ) -> list[Finding]:
        """Return all as objects, with those `fields` of their kinds."""
        bare, backed = scores
        hits, numbers = self.hits, self.hits.kinds.tolist()

        def of_kind(name: str) -> list[Any]:
            return _picked(fields[name], numbers)

        told, in_part = of_kind("id"), _picked(parts, self.owners.tolist())
        return findings_of(
            {
                "kind": of_kind("finding"),
                "id": told,
                "score": np.where(hits.backed, backed[hits.kinds], bare[hits.kinds]).tolist(),
                "part": in_part,
                "start": self.starts.tolist(),
                "end": self.ends.tolist(),
                "explanation": list(
                    map(_explanation, told, of_kind("check"), _picked(words, hits.words.tolist()))
                ),
                "member": [part.member for part in in_part],
                "level": of_kind("level"),
            }
        )


def _picked(values: Sequence[Any], numbers: Sequence[int]) -> list[Any]:
    """Return the values of these numbers."""
    return list(map(values.__getitem__, numbers))


@cache
def _explanation(name: str, check: str, word: str) -> Explanation:
    return Explanation(matched=name, check=check, context=(word,) if word else ())
