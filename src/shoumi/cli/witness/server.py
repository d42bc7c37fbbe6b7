"""The witness over HTTP: POST /add-checkpoint, GET /verifier-key, GET /<origin hash>/checkpoint.

Source: C2SP tlog-witness; `verifier-key` is our addition.  Nobody is asked who they are: the signature
under the checkpoint is what counts.  Statuses: 400 malformed, 403 not the ledger's signature, 404 not
our ledger, 409 another size (with the right one), 422 not a continuation, 503 no ledger known yet.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from shoumi.cli.witness.book import LogKeyChangedError, WitnessBook
from shoumi.engine.errors import InputError, ShoumiError, UnavailableError
from shoumi.engine.evidence.checkpoint import CheckpointShapeError, OriginMismatchError
from shoumi.engine.evidence.notes import (
    NoteShapeError,
    SignatureMismatchError,
    UnknownSignerError,
    VerifierKey,
)
from shoumi.engine.evidence.proofs import ConsistencyError, ProofShapeError
from shoumi.engine.evidence.witness import (
    MAX_REQUEST_BYTES,
    ForkedLedgerError,
    WitnessStateError,
    parse_add_checkpoint,
)

SOCKET_SECONDS: Final = 10

_TEXT: Final = "text/plain; charset=utf-8"
_SIZE: Final = "text/x.tlog.size"
_STATUSES: Final[tuple[tuple[type[ShoumiError], int], ...]] = (
    (WitnessStateError, 409),
    (OriginMismatchError, 404),
    (UnknownSignerError, 403),
    (SignatureMismatchError, 403),
    (NoteShapeError, 400),
    (CheckpointShapeError, 400),
    (ConsistencyError, 422),
    (ProofShapeError, 422),
    (ForkedLedgerError, 422),
    (LogKeyChangedError, 503),
    (UnavailableError, 503),
    (InputError, 400),
)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness's book."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], book: WitnessBook, log_key: Callable[[], VerifierKey]
    ) -> None:
        """Listen on `address`; `log_key` pins the ledger's key on first need, or raises."""
        super().__init__(address, _Handler)
        self.book = book
        self.log_key = log_key


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    server_version = "shoumi-witness"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS

    def do_POST(self) -> None:
        """Answer a request for a cosignature."""
        if self.path != "/add-checkpoint":
            self._answer(404, b"not found\n")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES:
            self.close_connection = True
            self._answer(400, b"a body of known and moderate length is needed\n")
            return
        body = self.rfile.read(int(length))
        try:
            self.server.log_key()
            line = self.server.book.cosign(parse_add_checkpoint(body))
        except WitnessStateError as error:
            self._answer(409, f"{error.size}\n".encode(), _SIZE)
        except ShoumiError as error:
            status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
            print(f"refused with {status}: {error.code}: {error.detail}", file=sys.stderr, flush=True)
            self._answer(status, f"{error.code}: {error.detail}\n".encode())
        else:
            self._answer(200, line.line.encode())

    def do_GET(self) -> None:
        """Tell our key, or the checkpoint signed last."""
        book = self.server.book
        if self.path == "/verifier-key":
            self._answer(200, f"{book.signer.verifier_key}\n".encode())
            return
        note, key = book.note, book.log_key
        if (
            note is None
            or key is None
            or self.path != f"/{hashlib.sha256(key.name.encode()).hexdigest()}/checkpoint"
        ):
            self._answer(404, b"not found\n")
            return
        self._answer(200, note.encode())

    def _answer(self, status: int, body: bytes, kind: str = _TEXT) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Write no access log; refusals and alarms are printed where they arise."""
