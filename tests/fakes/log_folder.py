"""A ledger's folder as the server copies it: checkpoint, tiles, public key; and the same over HTTP."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from shoumi.engine.evidence.tiles import TILE_WIDTH, tiles_of
from tests.fakes.evidence import LOG, MemoryLedger


def write_log(ledger: MemoryLedger, folder: Path, size: int | None = None) -> Path:
    """Write the ledger's first `size` entries to `folder`, laid out as C2SP tlog-tiles says."""
    size = len(ledger.entries) if size is None else size
    nodes = ledger.nodes
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(ledger.checkpoint(size), encoding="utf-8")
    (folder / "verifier-key").write_text(f"{LOG.verifier_key}\n", encoding="utf-8")
    for tile in tiles_of(size):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        first = tile.index * TILE_WIDTH
        path.write_bytes(b"".join(nodes.node(8 * tile.level, first + at) for at in range(tile.width)))
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served_folder(folder: Path) -> Iterator[str]:
    """Serve `folder` on 127.0.0.1; gives the address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
