"""The engine of a cluster: hands out batches, takes each one's result once, and lets Ray run lost ones again.

A batch is a task without effects beside its result, so that running it again after a node died is harmless,
and only one result of each reference is ever read.  A batch that fails for good is told file by file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from shoumi.connectors.cluster.node import Shipment, inspect_batch
from shoumi.engine.inspection.values import Reason, Unreadable
from shoumi.sandbox.scanning import IndexFile, Setting
from shoumi.sandbox.scanning.local import Asked, Inspected, closed
from shoumi.sandbox.workers import WorkLimits

BATCH_FILES: Final = 64
BATCH_BYTES: Final = 64 * 1024 * 1024
OPEN_PER_CPU: Final = 2  # batches that wait for each processor of the cluster
RETRIES: Final = 5  # of a batch whose process or node dies; a file cannot cause that, its worker dies for it


class RayEngine:
    """A connected cluster."""

    def __init__(self, ray: Any, setting: Setting, limits: WorkLimits | None = None) -> None:  # noqa: ANN401
        """Ship what every batch needs into the object store; each node fetches it once."""
        self._ray = ray
        parameters = setting.parameters() | {"indexes": [], "public": []}
        shipment = Shipment(
            digest=setting.digest(),
            parameters=parameters,
            indexes=tuple(_packed(each) for each in setting.indexes),
            public=tuple(_packed(each) for each in setting.public),
            limits=limits or WorkLimits(),
        )
        self._shipment = ray.put(shipment)
        self._task = ray.remote(num_cpus=1, max_retries=RETRIES)(inspect_batch)

    def close(self) -> None:
        """Leave the cluster; what it still does for us is cancelled."""
        self._ray.shutdown()

    def inspect(self, asked: Iterable[Asked]) -> Iterator[tuple[int, Inspected]]:
        """Yield what becomes of each file, batch by batch."""
        most = max(2, OPEN_PER_CPU * int(self._ray.cluster_resources().get("CPU", 1)))
        open_ones: dict[Any, list[Asked]] = {}
        for batch in batches(asked):
            open_ones[self._task.remote(self._shipment, batch)] = batch
            while len(open_ones) >= most:
                yield from self._finished(open_ones)
        while open_ones:
            yield from self._finished(open_ones)

    def _finished(self, open_ones: dict[Any, list[Asked]]) -> Iterator[tuple[int, Inspected]]:
        (ready, *_), _rest = self._ray.wait(list(open_ones), num_returns=1)
        batch = open_ones.pop(ready)
        try:
            results = dict(self._ray.get(ready))
        except self._ray.exceptions.RayError as error:
            results = {}
            reason = type(error).__name__
        else:
            reason = "no answer"
        for each in batch:
            found = results.get(each.number)
            why = Unreadable(Reason.CRASHED, detail=reason)
            yield each.number, found or closed(each.candidate, why)


def batches(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    """Yield what is asked in batches of so many files and bytes, a large file ends one."""
    batch: list[Asked] = []
    size = 0
    for each in asked:
        batch.append(each)
        size += each.candidate.size
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _packed(index: IndexFile) -> tuple[str, Any, bytes]:
    """Return name, content and key; an array lies once in a node's shared memory, bytes in every process."""
    return index.path.name, np.fromfile(index.path, np.uint8), index.read_key()
