"""Finds identifiers, credentials and markings in the parts of a file, and tells why each is one.

Source: the packs. Finders yield candidates by the thousand as arrays; what overlaps is settled by score;
objects are built last, and of one kind in one part no more than `most`: the last one built then tells how
many more there were. Knows nothing of rows of customers or of registered documents: `exact` and
`fingerprint` do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.inspection.normalise import Places
from shoumi.engine.inspection.recognise import network
from shoumi.engine.inspection.recognise.addresses import Addresses
from shoumi.engine.inspection.recognise.codes import Digits, Spans, find_codes, find_iban, find_mixed
from shoumi.engine.inspection.recognise.context import Context, Hits, Words
from shoumi.engine.inspection.recognise.entries import PACKS, Catalogue, Kind, load_catalogue
from shoumi.engine.inspection.recognise.expressions import Expressions, compile_expressions, spans_of
from shoumi.engine.inspection.recognise.markings import marked, properties
from shoumi.engine.inspection.recognise.named import Trails, compile_trails
from shoumi.engine.inspection.recognise.stretch import Bools, Stretch, stretches
from shoumi.engine.inspection.values import FURTHER, Explanation, Finding, FindingKind, Part

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
    trails: Trails

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
        tally = _Tally(parts, most)
        for stretch in stretches(parts):
            tally.add(stretch, _apart(self._hits(stretch)))
        marks = properties([kind for kind in self.kinds if kind.way == "property"], parts)
        return marks + tally.findings()

    def _hits(self, stretch: Stretch) -> list[Hits]:
        digits, seen = Digits(stretch), self.trails.words.find(stretch)
        context = Context(stretch, self.catalogue.against, seen)
        hits = []
        for kind in self.kinds:
            if kind.way in _CODES and context.may_hold(kind):
                hits.append(context.settle(kind, *_CODES[kind.way](digits, kind)))
            elif kind.way in _NETWORK:
                hits.append(context.settle(kind, *_network(digits, kind.way)))
        for number, pairs in self.expressions.find(stretch).items():
            kind, spans = self.expressions.kinds[number], spans_of(pairs)
            marking = kind.finding == FindingKind.MARKING
            hits.append(marked(stretch, kind, *spans) if marking else context.settle(kind, *spans))
        hits += self.trails.find(context, digits)
        return [each for each in hits if len(each)]


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
    expressions = compile_expressions(tuple(kind for kind in kinds if kind.way == "expression"))
    return Recogniser(catalogue, kinds, expressions, compile_trails(kinds, _addresses(catalogue), catalogue))


def _addresses(catalogue: Catalogue) -> dict[str, Addresses]:
    return {pack: Addresses(pack, places) for pack, places in catalogue.places.items()}


@dataclass(frozen=True)
class _Sorted:
    """All hits of a stretch by place."""

    kinds: tuple[Kind, ...]
    numbers: Places  # of the kind
    starts: Places
    ends: Places
    scores: Scores
    words: Words


def _apart(hits: list[Hits]) -> _Sorted:
    """Return the hits by place, without those that a better one overlaps."""
    if not hits:
        empty = np.zeros(0, np.int64)
        return _Sorted((), empty, empty, empty, np.zeros(0), np.zeros(0, object))
    numbers = np.concatenate([np.full(len(each), number) for number, each in enumerate(hits)])
    starts = np.concatenate([each.starts for each in hits])
    ends = np.concatenate([each.ends for each in hits])
    scores = np.concatenate([each.scores for each in hits])
    words = np.concatenate([each.words for each in hits])
    order = np.lexsort((-ends, starts))
    numbers, starts, ends, scores, words = (each[order] for each in (numbers, starts, ends, scores, words))
    furthest = np.maximum.accumulate(ends)
    crossing = starts[1:] < furthest[:-1]
    kept = np.ones(len(starts), np.bool_)
    if crossing.any():
        _settle(crossing, (starts, ends, scores), kept)
    kinds = tuple(each.kind for each in hits)
    return _Sorted(kinds, numbers[kept], starts[kept], ends[kept], scores[kept], words[kept])


def _settle(crossing: Bools, places: tuple[Places, Places, Scores], kept: Bools) -> None:
    """Of each group of overlapping hits keep the best, then what does not overlap it, and so on."""
    starts, ends, scores = places
    edges = np.flatnonzero(np.diff(np.concatenate([[0], crossing.astype(np.int8), [0]])))
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


class _Tally:
    """The findings as objects, of one kind in one part no more than `most`, and how many more there were."""

    def __init__(self, parts: Sequence[Part], most: int) -> None:
        self.parts, self.most = parts, most
        self.found: dict[tuple[int, str], list[Finding]] = {}
        self.further: Counter[tuple[int, str]] = Counter()

    def add(self, stretch: Stretch, hits: _Sorted) -> None:
        """Take the hits of one stretch."""
        if not len(hits.starts):
            return
        pieces = stretch.piece_at(hits.starts)
        shifts = (np.array([piece.offset for piece in stretch.pieces]) - stretch.begins)[pieces]
        owners = np.array([piece.part for piece in stretch.pieces])[pieces]
        begins = stretch.folded.places(hits.starts) + shifts
        ends = stretch.folded.places(hits.ends - 1) + 1 + shifts
        keys = owners * len(hits.kinds) + hits.numbers
        order = np.argsort(keys, kind="stable")
        cuts = np.flatnonzero(np.diff(keys[order], prepend=-1))
        sizes = np.diff(cuts, append=len(keys))
        rank = np.empty(len(keys), np.int64)
        rank[order] = np.arange(len(keys)) - np.repeat(cuts, sizes)
        many = sizes > self.most
        for at, size in zip(order[cuts[many]].tolist(), sizes[many].tolist(), strict=True):
            self.further[int(owners[at]), hits.kinds[hits.numbers[at]].id] += size - self.most
        kept = rank < self.most
        columns = (owners, hits.numbers, begins, ends, hits.scores, hits.words)
        lists = (each[kept].tolist() for each in columns)
        for owner, number, start, end, score, word in zip(*lists, strict=True):
            kind = hits.kinds[number]
            found = self.found.setdefault((owner, kind.id), [])
            if len(found) < self.most:
                found.append(_finding(kind, self.parts[owner], (start, end), score, word))
            else:
                self.further[owner, kind.id] += 1

    def findings(self) -> list[Finding]:
        """Return all, by part and place."""
        placed = []
        for (owner, name), found in self.found.items():
            if found and (further := self.further[owner, name]):
                why = replace(found[-1].explanation, facts=((FURTHER, further),))
                found[-1] = replace(found[-1], explanation=why)
            placed += [(owner, each.start, each) for each in found]
        placed.sort(key=lambda item: item[:2])
        return [each for _owner, _start, each in placed]


@cache
def _explanation(name: str, check: str, word: str) -> Explanation:
    return Explanation(matched=name, check=check, context=(word,) if word else ())


def _finding(kind: Kind, part: Part, span: tuple[int, int], score: float, word: str) -> Finding:
    why = _explanation(kind.id, kind.check, word)
    return Finding(kind.finding, kind.id, score, part, span[0], span[1], why, part.member, kind.level)
