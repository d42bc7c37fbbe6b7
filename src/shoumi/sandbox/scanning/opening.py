"""Opens index files of either kind for inspection, by what they are and not by what they are called.

Several tables are asked together, so that a file is read once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shoumi.engine.inspection import exact
from shoumi.engine.inspection.exact import ExactIndex
from shoumi.engine.inspection.exact.building import KIND as EXACT
from shoumi.engine.inspection.fingerprint import FingerprintIndex
from shoumi.engine.inspection.values import Finding, Part, Picture
from shoumi.sandbox.scanning.indexes import IndexFile

_KIND: Final = slice(8, 12)  # of the sealed file, after its magic


@dataclass(frozen=True, slots=True)
class Tables:
    """Exact indexes that are asked together."""

    indexes: tuple[ExactIndex, ...]

    def findings(self, parts: Sequence[Part]) -> list[Finding]:
        """Return the rows of any table that stand in `parts`."""
        return exact.findings(self.indexes, parts)


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """One index of fingerprints, and those of text that everybody may have."""

    index: FingerprintIndex
    public: tuple[FingerprintIndex, ...] = ()

    def findings(self, parts: Sequence[Part], pictures: Sequence[Picture]) -> list[Finding]:
        """Return the excerpts and pictures of registered documents that stand in `parts` and `pictures`."""
        return self.index.findings(parts, pictures, self.public)


def opened(
    files: Iterable[IndexFile], public: Iterable[IndexFile] = ()
) -> tuple[tuple[Tables, ...], tuple[Fingerprints, ...]]:
    """Return the tables and the fingerprints among `files`; what stands in `public` does not count as copied.

    Raises:
        NotAnIndexError, OtherKeyError, IndexAlteredError, IndexKeyError: a file cannot be used.
        IndexKeyMissingError, IndexKeyExposedError: its key cannot.
    """
    known = tuple(FingerprintIndex.open(each.path, each.read_key()) for each in public)
    tables: list[ExactIndex] = []
    fingerprints: list[Fingerprints] = []
    for each in files:
        key = each.read_key()
        if is_table(each.path):
            tables.append(ExactIndex.open(each.path, key))
        else:
            fingerprints.append(Fingerprints(FingerprintIndex.open(each.path, key), known))
    return ((Tables(tuple(tables)),) if tables else ()), tuple(fingerprints)


def is_table(path: Path) -> bool:
    """Return whether the file says that it is an exact index; what is none is refused when it is opened."""
    with path.open("rb") as stream:
        return stream.read(_KIND.stop)[_KIND] == EXACT
