"""Find registered documents and pictures in the parts and pictures of a file.

Source: fingerprints of k-grams after Manber (1994) and Schleimer, Wilkerson and Aiken (2003), turned round:
the index keeps every fourth 14-gram of a document and the text is asked at every place, which guarantees as
much as winnowing (2003, section 3) does with half as many fingerprints.  Any verbatim excerpt of 30 folded
units holds four of them in a row.  Text that stands in an index of publicly known text or among the `notices`
does not count, nor does a short passage that many secrets hold: that is the register's own boilerplate
(`passages`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from shoumi.engine.inspection.fingerprint.chains import Hits, Ints, chains, supported
from shoumi.engine.inspection.fingerprint.documents import GRAM, Document, Entry, hashed
from shoumi.engine.inspection.fingerprint.notices import load_notices
from shoumi.engine.inspection.fingerprint.passages import Gallery, passages_of, told
from shoumi.engine.inspection.fingerprint.stretches import Stretches, within
from shoumi.engine.inspection.matching.container import Source, seal, unseal
from shoumi.engine.inspection.matching.errors import IndexFullError
from shoumi.engine.inspection.matching.folding import WALL
from shoumi.engine.inspection.matching.hashing import KEY_BYTES, ROLL, Hashes, Rolling, subkey
from shoumi.engine.inspection.matching.reading import Block, Joined
from shoumi.engine.inspection.matching.tables import Filter, Numbers, Table
from shoumi.engine.inspection.values import Finding, Part, PartKind, Picture

KIND: Final = b"fngr"
KEPT: Final = 52  # bits of a hash that count
FEW: Final = 16  # places of the register that are told for a stretch; the first ones, if it stands in more
LEAST: Final = 4  # hits of a passage
COVERED: Final = 26  # units that they cover
_PUBLIC_LEAST, _PUBLIC_COVERED = 3, 22  # of a passage that is publicly known
_BITS: Final = 10  # of the filter, for each hash
_MOST_UNITS: Final = 1 << 32
_WINDOW: Final = ROLL // 2  # places looked at together


@dataclass(frozen=True)
class FingerprintIndex:
    """An opened index; it lies in memory as a whole; `with_` and `without` give another one."""

    entries: tuple[Entry, ...]  # in order of id
    table: Table
    filter: Filter
    rolling: Rolling

    @classmethod
    def empty(cls, key: bytes) -> FingerprintIndex:
        """Return an index of nothing."""
        return _indexed((), np.zeros(0, np.uint64), np.zeros(0, np.uint32), _rolling(key))

    @classmethod
    def open(cls, source: Source, key: bytes) -> FingerprintIndex:
        """Open an index.

        Raises:
            NotAnIndexError: other content, another kind or version.
            OtherKeyError: made with another key.
            IndexAlteredError: altered, cut or lengthened.
            IndexKeyError: the key is not 32 bytes long.
        """
        meta, arrays = unseal(source, KIND, key)
        entries = tuple(Entry.read(kept) for kept in meta["entries"])
        table = Table.from_arrays(KEPT, arrays, "grams")
        return cls(entries, table, Filter(meta["filter"], arrays["filter"]), _rolling(key))

    def sealed(self, key: bytes) -> bytes:
        """Return the file of the index: the same documents and key, the same bytes."""
        meta = {"entries": [entry.described() for entry in self.entries], "filter": self.filter.bits}
        return seal(KIND, meta, {**self.table.arrays("grams"), "filter": self.filter.content}, key)

    @property
    def units(self) -> int:
        """Folded units of all documents."""
        return sum(entry.units for entry in self.entries)

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the documents."""
        return frozenset(entry.id for entry in self.entries)

    def with_(self, documents: Iterable[Document]) -> FingerprintIndex:
        """Return an index with `documents` added; each replaces the one with its id.

        Raises:
            IndexFullError: more than 2**32 units.
        """
        added = {document.id: hashed(document, self.rolling) for document in documents}
        return self._changed(frozenset(added), added) if added else self

    def without(self, ids: Iterable[str]) -> FingerprintIndex:
        """Return an index without the documents of `ids`; ids that it does not know are no error."""
        gone = frozenset(ids) & self.ids
        return self._changed(gone, {}) if gone else self

    def _changed(
        self, gone: frozenset[str], added: dict[str, tuple[Entry, Hashes, Numbers]]
    ) -> FingerprintIndex:
        stays = [entry for entry in self.entries if entry.id not in gone]
        entries = sorted([*stays, *(entry for entry, _, _ in added.values())], key=lambda entry: entry.id)
        sizes = np.array([entry.units for entry in entries], np.int64)
        if sizes.sum() >= _MOST_UNITS:
            raise IndexFullError(what="letters", limit=_MOST_UNITS)
        begins = (np.cumsum(sizes) - sizes).tolist()
        begin = {entry.id: at for entry, at in zip(entries, begins, strict=True)}
        move = np.array([-1 if entry.id in gone else begin[entry.id] for entry in self.entries], np.int64)
        owners = self.owners(self.table.numbers)
        kept = move[owners] >= 0
        owners = owners[kept]
        numbers = self.table.numbers[kept] - self.begins[owners] + move[owners]
        all_hashes = [self.table.hashes()[kept], *(hashes for _, hashes, _ in added.values())]
        all_numbers = [numbers, *(its + np.int64(begin[key]) for key, (_, _, its) in added.items())]
        return _indexed(
            tuple(entries),
            np.concatenate(all_hashes),
            np.concatenate(all_numbers).astype(np.uint32),
            self.rolling,
        )

    @cached_property
    def begins(self) -> Ints:
        """The unit at which each document begins, counted over all of them."""
        sizes = np.array([entry.units for entry in self.entries], np.int64)
        begins: Ints = np.cumsum(sizes) - sizes
        return begins

    def owners(self, numbers: npt.NDArray[np.integer[Any]]) -> Ints:
        """Return to which document each unit belongs."""
        return np.searchsorted(self.begins, numbers, side="right") - 1

    def hits(self, block: Block, least: int = 1) -> Hits | None:
        """Return where stretches of the register stand in `block`: those that a chain of `least` may hold."""
        spots, hashes = [], []
        for at in range(block.first, block.end, _WINDOW):
            units = block.units[at : min(at + _WINDOW, block.end) + GRAM - 1]
            if len(units) < GRAM:
                break
            every = self.rolling.every(units, GRAM)
            some = np.flatnonzero(self.filter.holds(every))
            its = every.take(some)
            likely = self.filter.holds(its, probe=1)
            spots.append(some[likely] + at)
            hashes.append(its[likely])
        if not spots:
            return None
        low, high = self.table.ranges(np.concatenate(hashes), FEW)
        known = np.flatnonzero(low < high)
        low, counts = low[known], np.minimum(high[known] - low[known], FEW)
        places = np.repeat(np.concatenate(spots)[known], counts)
        ranks = np.arange(len(places)) + np.repeat(low - (np.cumsum(counts) - counts), counts)
        text, document = places + block.before, self.table.numbers.take(ranks).astype(np.int64)
        if least > 1:
            some = supported(text, document, least, block.before, block.before + block.end)
            places, text, document = places[some], text[some], document[some]
        return Hits(
            text,
            document,
            block.places.take(places),
            block.places.take(places + (GRAM - 1)) + 1,
        )

    def known(self, stretches: Stretches) -> npt.NDArray[np.int64]:
        """Return which parts of `stretches` stand in this index: rows of first unit and end, in the text."""
        units = stretches.units
        hits = self.hits(Block(units, np.arange(len(units)), 0, len(units), 0))
        if hits is None:
            return np.zeros((0, 2), np.int64)
        owners = stretches.owners(hits.text) * len(self.entries) + self.owners(hits.document)
        found = chains(hits, owners, _PUBLIC_LEAST, _PUBLIC_COVERED)
        edges = np.array([(chain[0], chain[-1]) for chain in found], np.int64).reshape(-1, 2)
        rows: Ints = hits.text[edges] + np.array([0, GRAM])
        return rows + stretches.shifts[stretches.owners(rows[:, 0])][:, None]

    def findings(
        self,
        parts: Sequence[Part],
        pictures: Sequence[Picture] = (),
        public: Sequence[FingerprintIndex] = (),
    ) -> list[Finding]:
        """Return a finding for each passage of a registered document, and for each registered picture.

        What stands in one of `public`, indexes of publicly known text under any key, does not count, and
        neither do the notices that stand in everybody's documents.
        """
        return [*self._passages(parts, public), *self.gallery.findings(pictures)]

    @cached_property
    def gallery(self) -> Gallery:
        """The registered pictures."""
        return Gallery.of(self.entries)

    def _passages(self, parts: Sequence[Part], public: Sequence[FingerprintIndex]) -> list[Finding]:
        if not parts or not len(self.table.numbers):
            return []
        joined = Joined.of(parts)
        walls, hits, end = [np.zeros(0, np.int64)], [], 0
        for block in joined.blocks(GRAM):
            end = block.before + len(block.units)
            if len(parts) > 1:
                here = block.units[block.first : block.end] == ord(WALL)
                walls.append(np.flatnonzero(here) + (block.first + block.before))
            if (its := self.hits(block, LEAST)) is not None:
                hits.append(its)
        if not hits:
            return []
        whole, borders = Hits.joined(hits), np.concatenate(walls)
        found = self._chains(whole, borders)
        if found:
            stretches = Stretches.of(whole, np.concatenate(found), joined)
            spans = np.concatenate([other.known(stretches) for other in (everybodys(), *public)])
            whole = whole.only(~within(whole.text, spans))
            found = self._chains(whole, borders)
        part, owner = np.searchsorted(borders, whole.text), self.owners(whole.document)
        passages = passages_of(whole, found, part, owner)
        return told(passages, self.entries, self.begins, joined, np.concatenate(([-1], borders, [end])))

    def _chains(self, hits: Hits, borders: Ints) -> list[Ints]:
        part, owner = np.searchsorted(borders, hits.text), self.owners(hits.document)
        return chains(hits, part * len(self.entries) + owner, LEAST, COVERED)


@cache
def everybodys() -> FingerprintIndex:
    """Return the index of what stands in everybody's documents; its key is no secret."""
    documents = (
        Document(f"{notice.id}-{number}", parts=[Part(PartKind.TEXT, wording)])
        for notice in load_notices()
        for number, wording in enumerate(notice.wordings)
    )
    return FingerprintIndex.empty(bytes(KEY_BYTES)).with_(documents)


def _rolling(key: bytes) -> Rolling:
    return Rolling.of(subkey(key, "shoumi fingerprint"))


def _indexed(
    entries: tuple[Entry, ...], hashes: Hashes, numbers: Numbers, rolling: Rolling
) -> FingerprintIndex:
    """Return the index; its filter depends on what the table keeps of the hashes alone."""
    return FingerprintIndex(entries, Table.of(hashes, numbers, KEPT), Filter.of(hashes, _BITS, 2), rolling)
