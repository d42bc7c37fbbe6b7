"""What runs on a node of a cluster: keeps the indexes in a folder, and inspects batches with a pool.

The pool stays between batches.  Its workers are children of Ray's process and end with it; a file that kills
one costs itself, not the batch.  Indexes on the disk are sealed, and their keys stay in memory.
"""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from shoumi.sandbox.scanning.indexes import IndexFile
from shoumi.sandbox.scanning.local import Asked, Inspected, LocalEngine
from shoumi.sandbox.scanning.setting import Setting
from shoumi.sandbox.workers import WorkLimits

_DIGITS: Final = 32
_engines: dict[str, LocalEngine] = {}  # one: that of the setting last asked for


@dataclass(frozen=True, slots=True)
class Shipment:
    """All that a batch needs beside its files."""

    digest: str
    parameters: dict[str, Any]  # of the setting, without indexes
    indexes: tuple[tuple[str, Any, bytes], ...]  # name, content as an array of octets, key
    public: tuple[tuple[str, Any, bytes], ...]
    limits: WorkLimits


def inspect_batch(shipment: Shipment, batch: list[Asked]) -> list[tuple[int, Inspected]]:
    """Return what became of each file of the batch."""
    return list(_engine(shipment).inspect(batch))


def _engine(shipment: Shipment) -> LocalEngine:
    name = f"{shipment.digest}{shipment.parameters['reveal']}"
    if name not in _engines:
        for old in _engines.values():
            old.close()
        _engines.clear()
        folder = _folder(shipment.digest)
        setting = replace(
            Setting.from_parameters(shipment.parameters),
            indexes=_unpacked(folder, shipment.indexes),
            public=_unpacked(folder, shipment.public),
        )
        _engines[name] = LocalEngine(setting, 1, shipment.limits)
    return _engines[name]


def _folder(digest: str) -> Path:
    """Return the node's folder for these indexes, ours alone.

    Raises:
        PermissionError: somebody else made it.
    """
    folder = Path(tempfile.gettempdir()) / f"shoumi-indexes-{os.getuid()}-{digest[:_DIGITS]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise PermissionError(str(folder))
    return folder


def _unpacked(folder: Path, shipped: tuple[tuple[str, Any, bytes], ...]) -> tuple[IndexFile, ...]:
    """Return the indexes as files of this node; the first process writes them, whole or not at all."""
    files = []
    for number, (name, content, key) in enumerate(shipped):
        index = IndexFile(folder / f"{number}-{name}", folder, key)
        if not index.path.exists():
            index.write(content.tobytes())
        files.append(index)
    return tuple(files)
