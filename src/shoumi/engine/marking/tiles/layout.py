"""The keyed tile: which of its 64 x 64 chips mark its place, which carry which code bit, and with which sign.

One chip in three is sync, known to whoever holds the key; every code bit is spread over thirteen chips.
Everything is drawn from SHAKE-256 of the key, so that a reader in ten years can rebuild it without our code.
Keys come from the caller; this module stores none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shoumi.engine.marking.tiles.codeword import CODE_BITS, Soft, encode

SIDE: Final = 64  # chips along a tile's side
CHIPS: Final = SIDE * SIDE
KEY_BYTES: Final = 32
SPREAD: Final = 13  # chips per code bit
DATA_CHIPS: Final = CODE_BITS * SPREAD
SYNC_CHIPS: Final = CHIPS - DATA_CHIPS

_LABEL: Final = b"shoumi traceable copy v1\0"

Chips = NDArray[np.int8]  # SIDE rows of SIDE chips, each +1 (lighter) or -1 (darker)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the key decides about a tile; chips are numbered row by row."""

    sync: NDArray[np.int64]  # positions of the sync chips
    sync_signs: NDArray[np.int8]
    data: NDArray[np.int64]  # positions of the data chips, SPREAD for each code bit in turn
    data_signs: NDArray[np.int8]

    def chips(self, copy_id: int) -> Chips:
        """Return the tile that carries `copy_id`."""
        flat = np.empty(CHIPS, dtype=np.int8)
        flat[self.sync] = self.sync_signs
        flat[self.data] = self.data_signs * np.repeat(encode(copy_id), SPREAD)
        return flat.reshape(SIDE, SIDE)

    def sync_pattern(self) -> Chips:
        """Return the tile with its sync chips only, zero elsewhere."""
        flat = np.zeros(CHIPS, dtype=np.int8)
        flat[self.sync] = self.sync_signs
        return flat.reshape(SIDE, SIDE)

    def sync_score(self, seen: NDArray[np.float64]) -> float:
        """Return by how many standard deviations the sync chips of a tile seen agree with ours."""
        values = seen.reshape(-1)[self.sync]
        norm = float(np.sqrt(np.square(values).sum()))
        return float(values @ self.sync_signs) / norm if norm else 0.0

    def soft_bits(self, seen: NDArray[np.float64]) -> Soft:
        """Return what a tile seen says about each code bit, scaled to a spread of about one."""
        values = seen.reshape(-1)[self.data]
        norm = float(np.sqrt(np.square(values).mean() * SPREAD)) or 1.0
        soft: Soft = (values * self.data_signs).reshape(CODE_BITS, SPREAD).sum(axis=1) / norm
        return soft


@lru_cache(maxsize=64)
def layout_of(key: bytes) -> Layout:
    """Return the layout that a key of 32 bytes decides.

    Raises:
        ValueError: the key has another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError("a tile key has 32 bytes")
    stream = hashlib.shake_256(_LABEL + key).digest(CHIPS * 9)
    draws = np.frombuffer(stream[: CHIPS * 8], dtype=">u8")
    order = np.argsort(draws, kind="stable")
    signs = (np.frombuffer(stream[CHIPS * 8 :], dtype=np.uint8) & 1).astype(np.int8) * 2 - 1
    sync, data = order[:SYNC_CHIPS], order[SYNC_CHIPS:]
    return Layout(sync, signs[sync], data, signs[data])
