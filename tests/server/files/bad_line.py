"""A line between browser and server that a test can block and cut: a TCP relay on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class BadLine:
    """Relays every connection to `port`; the way to the server can be blocked after some bytes, or cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._passing = threading.Condition()
        self._budget: int | None = None  # bytes that may still pass to the server
        self._down = False
        threading.Thread(target=self._accept, daemon=True).start()

    def block_after(self, count: int) -> None:
        """Let `count` more bytes through to the server, then none."""
        with self._passing:
            self._budget = count
            self._passing.notify_all()

    def wait_until_blocked(self) -> None:
        """Return when the last byte that may pass has passed."""
        with self._passing:
            assert self._passing.wait_for(lambda: self._budget == 0, timeout=20)

    def cut(self) -> None:
        """Tear every connection, and every new one."""
        with self._passing:
            self._down = True
            self._hang_up()

    def mend(self) -> None:
        """Let everything through again."""
        with self._passing:
            self._down, self._budget = False, None
            self._passing.notify_all()

    def close(self) -> None:
        """End it."""
        self.cut()
        self._listener.close()

    def _hang_up(self) -> None:
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._open.clear()
        self._passing.notify_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._down:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                threading.Thread(target=self._relay, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._relay, args=(far, near, False), daemon=True).start()

    def _relay(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while block := source.recv(16_384):
                while block:
                    part = self._allowed(block) if counted else block
                    sink.sendall(part)
                    block = block[len(part) :]
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _allowed(self, block: bytes) -> bytes:
        with self._passing:
            self._passing.wait_for(lambda: self._budget != 0 or self._down)
            if self._budget is None:
                return block
            part = block[: self._budget]
            self._budget -= len(part)
            self._passing.notify_all()
            return part or block
