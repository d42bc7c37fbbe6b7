"""Keys of rows, sorted and compressed in blocks: read when a row was found or is to be changed.

Keys are UTF-8, parted by NUL; a block holds 4096.  A key may stand for several rows.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_BLOCK: Final = 4096
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of all rows, in the order of rows."""

    starts: npt.NDArray[np.uint64]  # of each block, and the end
    content: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, keys: Sequence[bytes]) -> Keys:
        """Compress `keys`, which are in order and hold no NUL."""
        blocks = [
            zlib.compress(b"\0".join(keys[at : at + _BLOCK]), _LEVEL) for at in range(0, len(keys), _BLOCK)
        ]
        starts = np.zeros(len(blocks) + 1, np.uint64)
        np.cumsum([len(block) for block in blocks], out=starts[1:])
        return cls(starts, np.frombuffer(b"".join(blocks), np.uint8))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Keys:
        """Return the keys that `arrays` kept."""
        return cls(arrays["keys.starts"], arrays["keys.content"])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays to keep, by name."""
        return {"keys.starts": self.starts, "keys.content": self.content}

    def _block(self, number: int) -> list[bytes]:
        start, end = self.starts[number : number + 2].tolist()
        return zlib.decompress(self.content[start:end].tobytes()).split(b"\0")

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self.starts) - 1):
            yield from self._block(number)

    def named(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the keys of `rows`; each block is opened once."""
        found, opened, block = {}, -1, list[bytes]()
        for row in sorted(set(rows)):
            if row // _BLOCK != opened:
                opened = row // _BLOCK
                block = self._block(opened)
            found[row] = block[row % _BLOCK].decode()
        return found

    def rows_with(self, keys: Collection[bytes]) -> npt.NDArray[np.int64]:
        """Return the rows whose key is one of `keys`."""
        wanted = frozenset(keys)
        found: list[int] = []
        for number in range(len(self.starts) - 1):
            block = self._block(number)
            if not wanted.isdisjoint(block):
                found += [number * _BLOCK + at for at, key in enumerate(block) if key in wanted]
        return np.array(found, np.int64)


def cleaned(keys: Sequence[str]) -> list[bytes]:
    """Return keys as they are kept."""
    joined = "\0".join(keys).encode("utf-8", "replace").split(b"\0") if keys else []
    if len(joined) == len(keys):
        return joined
    return [key.replace("\0", "\ufffd").encode("utf-8", "replace") for key in keys]
