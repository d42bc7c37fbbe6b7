"""A witness and a time-stamp authority that really run, on loopback."""

from __future__ import annotations

import threading

import pytest
from tests.fakes.evidence import WITNESS

from shoumi.cli.witness.book import WitnessBook
from shoumi.cli.witness.server import WitnessServer
from shoumi.connectors.tsa import OpenSSLAuthority
from shoumi.connectors.witness import WitnessClient
from shoumi.engine.clock import SystemClock
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.ports import Ports, ports_replaced


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """The internal authority, with keys made once."""
    return OpenSSLAuthority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def witness_server(tmp_path, db):
    """A witness that has seen nothing yet."""
    with WitnessBook(tmp_path / "witness.json", WITNESS, SystemClock(), is_new=True) as book:
        key = log_signer().verifier_key

        def pinned():
            book.pin(key)
            return key

        server = WitnessServer(("127.0.0.1", 0), book, pinned)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()
        server.server_close()


@pytest.fixture
def witness_url(witness_server):
    return f"http://127.0.0.1:{witness_server.server_address[1]}"


@pytest.fixture
def everybody(witness_url, authority):
    """The ledger asks the running witness and the internal authority."""
    with ports_replaced(Ports(internal=lambda: authority, witness=lambda: WitnessClient(witness_url))):
        yield
