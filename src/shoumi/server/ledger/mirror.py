"""The copy of checkpoints and tiles on disk, outside the database: `SHOUMI_DATA_DIRECTORY/ledger/`.

Source: C2SP tlog-tiles (paths).  A database that was set back to an earlier state shows a smaller ledger than
the copy, and the witness beside us reads it.  It is written after the database committed, so it is behind at
most, never ahead.  It proves nothing by itself: what is read from it is verified by its readers.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from shoumi.engine.errors import EvidenceError
from shoumi.engine.evidence.checkpoint import Checkpoint, open_checkpoint
from shoumi.engine.evidence.notes import VerifierKey
from shoumi.engine.evidence.tiles import TILE_WIDTH, Tile, TileSource, tile_width
from shoumi.server.ledger.tiles import StoredTiles

CHECKPOINT: Final = "checkpoint"
VERIFIER_KEY: Final = "verifier-key"


class MirrorUnreadableError(EvidenceError):
    """The copied checkpoint is there but is not a checkpoint of this ledger."""

    code = "evidence.mirror_unreadable"
    message = "The copy of the last checkpoint in {path} cannot be believed: {reason}"


def mirror_directory() -> Path:
    """Return the directory of the copy."""
    chosen = getattr(settings, "SHOUMI_LEDGER_DIRECTORY", None)
    return Path(chosen or Path(settings.CONFIG.data_directory) / "ledger").absolute()


def mirror_checkpoint(key: VerifierKey) -> Checkpoint | None:
    """Return the copied checkpoint, signed by `key`, or None if nothing was copied yet.

    Raises:
        MirrorUnreadableError: the file does not hold a checkpoint signed by `key`.
    """
    path = mirror_directory() / CHECKPOINT
    try:
        note = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise MirrorUnreadableError(path=str(path), reason=str(error)) from error
    try:
        return open_checkpoint(note, key)
    except EvidenceError as error:
        raise MirrorUnreadableError(path=str(path), reason=error.detail) from error


def mirror_write(note: str, size: int, key: VerifierKey) -> None:
    """Bring the copy up to the checkpoint `note` over `size` entries; never backwards.

    Safe from several processes at once.  Work: the tiles that grew since the copy's own checkpoint.

    Raises:
        MirrorUnreadableError: what is copied is not a checkpoint of ours; it is left for people to look at.
    """
    directory = mirror_directory()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(directory):
        copied = mirror_checkpoint(key)
        old_size = copied.size if copied else 0
        if old_size > size:
            return
        source = StoredTiles()
        for tile in _grown_tiles(old_size, size):
            _write_tile(directory, tile, source)
        if copied is None:
            _write(directory / VERIFIER_KEY, f"{key}\n".encode())
        _write(directory / CHECKPOINT, note.encode())


def _grown_tiles(old_size: int, size: int) -> Iterator[Tile]:
    """Yield the hash tiles and entry bundles that a log of `size` entries has beyond one of `old_size`."""
    level = 0
    while (count := size >> (8 * level)) > 0:
        for index in range((old_size >> (8 * level)) // TILE_WIDTH, -(-count // TILE_WIDTH)):
            width = tile_width(level, index, size)
            if width != tile_width(level, index, old_size):
                yield Tile(level, index, width)
                if level == 0:
                    yield Tile(None, index, width)
        level += 1


def _write_tile(directory: Path, tile: Tile, source: TileSource) -> None:
    path = directory / tile.path
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, source.read_tile(tile))
    if tile.width == TILE_WIDTH:  # the partial ones before it are no longer needed
        shutil.rmtree(path.with_name(path.name + ".p"), ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all, on disk before returning."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let one process at a time write the copy."""
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
