"""Fingerprints of registered documents and pictures: excerpts and copies of them, found anywhere.

`FingerprintIndex.empty(key)`, `.with_(documents)`, `.without(ids)`, `.sealed(key)`; `.open(source, key)`,
`.findings(parts, pictures, public)`, where `public` are indexes of publicly known text, made in the same way.
Format of the file and what a thief has of it: `docs/formats/fingerprint-index.md`.
"""

from __future__ import annotations

from shoumi.engine.inspection.fingerprint.documents import Document
from shoumi.engine.inspection.fingerprint.index import FingerprintIndex

__all__ = ["Document", "FingerprintIndex"]
