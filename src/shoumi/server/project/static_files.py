"""Gathers the static files for serving, and only when one of them has changed.

WhiteNoise serves them compressed under names that carry their hash.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

_QUALITY = 7  # of 11, which takes twelve times as long for a tenth less


class FastCompressor(Compressor):  # type: ignore[misc] - the library has no types
    """Compresses at the start of an installation, while somebody waits."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return `data` in Brotli's format (RFC 7932)."""
        compressed: bytes = brotli.compress(data, quality=_QUALITY)
        return compressed


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] - as above
    """WhiteNoise's storage, compressing faster."""

    def create_compressor(self, **options: object) -> FastCompressor:
        """Return what compresses each file."""
        return FastCompressor(**options)


def collect_when_changed() -> bool:
    """Run `collectstatic` if the sources differ in name, size or time from the last run's; say if it ran."""
    mark = Path(settings.STATIC_ROOT) / ".sources"
    state = _state()
    if mark.exists() and mark.read_text(encoding="ascii") == state:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(state, encoding="ascii")
    return True


def _state() -> str:
    """Return a digest over name, size and time of every source file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
