"""A time-stamp authority over HTTP on 127.0.0.1, answered by the real openssl program, and its bad twins."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from shoumi.connectors.tsa.internal import OpenSSLAuthority


def authority_folder(parent: Path, name: str = "Example TSA") -> Path:
    """Make keys and certificates of an authority below `parent`, the way the internal one does."""
    folder = parent / name.replace(" ", "-")
    OpenSSLAuthority(folder, name=name).prepare()
    return folder


def openssl_reply(folder: Path, query: bytes, *, chain: bool = False) -> bytes:
    """Let openssl answer `query` with the authority in `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        (work / "query").write_bytes(query)
        (work / "serial").write_text("01\n")
        config = (
            (folder / "tsa.cnf")
            .read_text()
            .replace("serial = $ENV::SHOUMI_TSA_SERIAL", f"serial = {work}/serial")
        )
        if chain:
            both = (folder / "tsa.pem").read_bytes() + (folder / "ca.pem").read_bytes()
            (work / "chain.pem").write_bytes(both)
            config += f"certs = {work}/chain.pem\n"
        (work / "cnf").write_text(config.replace("$ENV::SHOUMI_TSA_NAME", "x"))
        command = [
            "openssl",
            "ts",
            "-reply",
            "-config",
            work / "cnf",
            "-section",
            "tsa",
            "-queryfile",
            work / "query",
        ]
        files = ["-signer", folder / "tsa.pem", "-inkey", folder / "tsa.key", "-out", work / "reply"]
        subprocess.run([*command, *files], check=True, capture_output=True)
        return (work / "reply").read_bytes()


Answer = Callable[[bytes], tuple[int, dict[str, str], bytes]]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Serve POST requests with `answer`; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, data = answer(body)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/tsa"
        finally:
            server.shutdown()
            thread.join()


def granting(folder: Path, *, chain: bool = False) -> Answer:
    """An authority that answers as RFC 3161, section 3.4, says."""
    headers = {"Content-Type": "application/timestamp-reply"}
    return lambda query: (200, headers, openssl_reply(folder, query, chain=chain))
