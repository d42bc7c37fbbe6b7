"""Reading a ledger from outside: its checkpoint, its key and its tiles, from a folder or over HTTP.

Source: C2SP tlog-tiles; beside them `verifier-key`, one line with the ledger's public key.
Nothing read here is verified here.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from shoumi.connectors.witness.fetching import NoAnswerError, ask
from shoumi.engine.errors import UnavailableError
from shoumi.engine.evidence.notes import MAX_NOTE_BYTES, VerifierKey, parse_verifier_key
from shoumi.engine.evidence.tiles import TILE_WIDTH, Tile

CHECKPOINT: Final = "checkpoint"
VERIFIER_KEY: Final = "verifier-key"

MAX_KEY_BYTES: Final = 1024

_OK: Final = 200
_MAX_TILE_BYTES: Final = TILE_WIDTH * 32


class LogUnavailableError(UnavailableError):
    """A part of the ledger could not be read from where it should be."""

    code = "unavailable.log"
    message = "The ledger at {place} does not give {part}: {reason}."


class LogPlace(Protocol):
    """Where the parts of a ledger lie, by their path below its prefix."""

    place: str  # as people know it

    def read(self, part: str, limit: int) -> bytes:
        """Return the part, at most `limit` bytes.

        Raises:
            LogUnavailableError: there is none, or it is longer.
        """
        ...


class FolderLog:
    """A ledger's folder, such as the copy the server writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def read(self, part: str, limit: int) -> bytes:
        """Return the part, as `LogPlace` says."""
        try:
            with (self._folder / part).open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            raise LogUnavailableError(
                place=self.place, part=part, reason=error.strerror or str(error)
            ) from error
        if len(data) > limit:
            raise LogUnavailableError(place=self.place, part=part, reason=f"more than {limit} bytes")
        return data


class HTTPLog:
    """A ledger served at an address."""

    def __init__(self, url: str, *, timeout: timedelta = timedelta(seconds=10)) -> None:
        self.place = url.rstrip("/")
        self._timeout = timeout

    def read(self, part: str, limit: int) -> bytes:
        """Return the part, as `LogPlace` says."""
        try:
            status, data = ask(f"{self.place}/{part}", "GET", None, limit=limit, timeout=self._timeout)
        except NoAnswerError as error:
            raise LogUnavailableError(place=self.place, part=part, reason=error.fields["reason"]) from error
        if status != _OK:
            raise LogUnavailableError(place=self.place, part=part, reason=f"HTTP status {status}")
        return data


def read_checkpoint_note(log: LogPlace) -> str:
    """Return the newest checkpoint, signed, of the ledger at `log`; nothing is verified.

    Raises:
        LogUnavailableError: there is none.
    """
    return _text(log, CHECKPOINT, MAX_NOTE_BYTES)


def read_verifier_key(log: LogPlace) -> VerifierKey:
    """Return the public key that the ledger at `log` tells; pin it, it is worth no more than the place.

    Raises:
        LogUnavailableError: it tells none.
        VerifierKeyError: what it tells is no key.
    """
    return parse_verifier_key(_text(log, VERIFIER_KEY, MAX_KEY_BYTES).removesuffix("\n"))


def _text(log: LogPlace, part: str, limit: int) -> str:
    try:
        return log.read(part, limit).decode()
    except UnicodeDecodeError as error:
        raise LogUnavailableError(place=log.place, part=part, reason="it is not UTF-8") from error


class LogTiles:
    """A `TileSource` over a ledger's place."""

    def __init__(self, log: LogPlace) -> None:
        self._log = log

    def read_tile(self, tile: Tile) -> bytes:
        """Return the tile; for a partial one that is gone, the full one that took its place.

        Raises:
            LogUnavailableError: neither is there.
        """
        try:
            return self._log.read(tile.path, _MAX_TILE_BYTES)
        except LogUnavailableError:
            if tile.width == TILE_WIDTH:
                raise
            return self._log.read(Tile(tile.level, tile.index).path, _MAX_TILE_BYTES)
