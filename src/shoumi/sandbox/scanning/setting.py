"""What files are inspected with, as plain values: it travels to workers and nodes, and has a digest.

Equal digests mean equal findings for equal bytes: the digest covers the program's version, the packs, every
index and the switches.  The digest of an index is that of its sealed head, which holds a keyed digest of all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from shoumi import __version__
from shoumi.engine.canonical import JSONValue, canonical_bytes
from shoumi.engine.inspection.recognise.entries import PACKS
from shoumi.sandbox.scanning.indexes import IndexFile

_HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Setting:
    """The means of a scan."""

    indexes: tuple[IndexFile, ...] = ()
    public: tuple[IndexFile, ...] = ()  # fingerprints of text that everybody may have
    ocr: tuple[str, ...] = ()  # languages in which pictures are read; none: they are not
    reveal: bool = False  # records hold what was found unmasked
    limits: dict[str, int] = field(default_factory=dict)  # fields of `ExtractLimits` that differ
    packs: tuple[str, ...] = PACKS  # whose identifiers, credentials and markings are looked for
    likeness: bytes = field(default=b"", repr=False)  # key under which equal values are known again

    def parameters(self) -> dict[str, Any]:
        """Return the setting as plain JSON."""
        return {
            "indexes": [each.parameters() for each in self.indexes],
            "public": [each.parameters() for each in self.public],
            "ocr": list(self.ocr),
            "reveal": self.reveal,
            "limits": self.limits,
            "packs": list(self.packs),
            "likeness": self.likeness.hex(),
        }

    @classmethod
    def from_parameters(cls, value: dict[str, Any]) -> Setting:
        """Return the setting that `parameters` wrote."""
        indexes = tuple(IndexFile.from_parameters(each) for each in value["indexes"])
        public = tuple(IndexFile.from_parameters(each) for each in value["public"])
        return cls(
            indexes,
            public,
            tuple(map(str, value["ocr"])),
            bool(value["reveal"]),
            dict(value["limits"]),
            tuple(map(str, value["packs"])),
            bytes.fromhex(value["likeness"]),
        )

    def digest(self) -> str:
        """Return what identifies these means; whether text is revealed makes no other findings."""
        heads: list[JSONValue] = [
            tuple(sorted(map(_head_digest, files))) for files in (self.indexes, self.public)
        ]
        told: list[JSONValue] = [__version__, _packs_digest(), heads, self.ocr, self.limits, self.packs]
        if self.likeness:
            told.append(hashlib.sha256(self.likeness).hexdigest())
        return hashlib.sha256(canonical_bytes(told)).hexdigest()


def _head_digest(index: IndexFile) -> str:
    with index.path.open("rb") as stream:
        return hashlib.sha256(stream.read(_HEAD_BYTES)).hexdigest()


@cache
def _packs_digest() -> str:
    """Return the digest of all files under the packs that say what to look for."""
    told = hashlib.sha256()
    waiting: list[Traversable] = [files("shoumi.packs")]
    while waiting:
        folder = waiting.pop()
        for item in sorted(folder.iterdir(), key=lambda each: each.name):
            if item.is_dir():
                waiting.append(item)
            elif item.name.endswith(".yaml"):
                told.update(item.name.encode() + b"\0" + hashlib.sha256(item.read_bytes()).digest())
    return told.hexdigest()
