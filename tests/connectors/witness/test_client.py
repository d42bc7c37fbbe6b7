"""The ledger's side: a real witness on a random port, and answers no witness would give."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from tests.fakes.clock import FixedClock
from tests.fakes.evidence import LOG, OTHER_WITNESS, WITNESS, MemoryLedger
from tests.fakes.log_folder import served_folder
from tests.fakes.tsa_server import served

from shoumi.cli.witness.book import WitnessBook
from shoumi.cli.witness.server import WitnessServer
from shoumi.connectors.witness import (
    LogUnavailableError,
    WitnessClient,
    WitnessRefusedError,
    WitnessUnavailableError,
)
from shoumi.engine.evidence.checkpoint import add_signatures, cosign, read_cosignatures
from shoumi.engine.evidence.log import consistency_proof, read_root
from shoumi.engine.evidence.notes import SignatureMismatchError, parse_note
from shoumi.engine.evidence.witness import WitnessStateError

LEDGER = MemoryLedger()
LEDGER.fill(30)
NODES = LEDGER.nodes


@contextmanager
def running(book, log_key=lambda: LOG.verifier_key):
    with WitnessServer(("127.0.0.1", 0), book, log_key) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def book(tmp_path):
    with WitnessBook(tmp_path / "state.json", WITNESS, FixedClock(), is_new=True) as book:
        book.pin(LOG.verifier_key)
        yield book


def test_a_growing_ledger_is_cosigned_step_by_step(book):
    with running(book) as url:
        client = WitnessClient(url)
        assert client.verifier_key() == WITNESS.verifier_key
        old = 0
        for new in (0, 1, 7, 7, 30):
            note = LEDGER.checkpoint(new)
            line = client.cosign(note, consistency_proof(old, new, NODES))
            (found,) = read_cosignatures(parse_note(add_signatures(note, [line])), [WITNESS.verifier_key])
            assert found.time == datetime(2026, 3, 1, 9, tzinfo=UTC)
            old = new
    assert book.seen.size == 30


def test_another_size_is_told_and_can_be_tried_again(book):
    with running(book) as url:
        client = WitnessClient(url)
        client.add_checkpoint(0, LEDGER.checkpoint(10), ())
        with pytest.raises(WitnessStateError) as caught:
            client.add_checkpoint(0, LEDGER.checkpoint(20), ())
        proof = consistency_proof(caught.value.size, 20, NODES)
        assert client.cosign(LEDGER.checkpoint(20), proof).is_by(WITNESS.verifier_key)


def test_a_fork_is_refused_and_kept(book, capsys, tmp_path):
    other = MemoryLedger()
    other.fill(29)
    other.entries.insert(0, other.entries[5])
    with running(book) as url:
        client = WitnessClient(url)
        client.add_checkpoint(0, LEDGER.checkpoint(30), ())
        with pytest.raises(WitnessRefusedError, match="two different roots"):
            client.add_checkpoint(30, other.checkpoint(30), ())
    assert book.seen.root == read_root(30, NODES)
    alarms = (tmp_path / "state.json.alarms").read_text()
    assert "evidence.forked_ledger" in alarms
    assert "ALARM" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("note", "status"),
    [
        (LEDGER.checkpoint(5).replace("\n5\n", "\n6\n"), 403),
        (LEDGER.checkpoint(5).replace("demo\n5", "dema\n5"), 404),
        ("not a note", 400),
    ],
)
def test_refusals_by_status(book, note, status):
    with running(book) as url, pytest.raises(WitnessRefusedError, match=f"status {status}"):
        WitnessClient(url).add_checkpoint(0, note, ())


def test_a_wrong_proof_is_refused(book):
    with running(book) as url:
        client = WitnessClient(url)
        client.add_checkpoint(0, LEDGER.checkpoint(10), ())
        with pytest.raises(WitnessRefusedError, match="status 422"):
            client.add_checkpoint(10, LEDGER.checkpoint(20), (bytes(32),) * 4)


def test_a_witness_that_knows_no_ledger_yet_is_unavailable(tmp_path):
    def none():
        raise LogUnavailableError(place="-", part="verifier-key", reason="not there")

    with (
        WitnessBook(tmp_path / "state.json", WITNESS, FixedClock(), is_new=True) as book,
        running(book, none) as url,
        pytest.raises(WitnessUnavailableError, match="503"),
    ):
        WitnessClient(url).add_checkpoint(0, LEDGER.checkpoint(5), ())


NOTE = LEDGER.checkpoint(5)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WRONG_TEXT = cosign(LEDGER.checkpoint(6), WITNESS, NOON)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, cosign(NOTE, OTHER_WITNESS, NOON).line, WitnessUnavailableError),
        (200, WRONG_TEXT.line, SignatureMismatchError),
        (409, "many\n", WitnessUnavailableError),
        (302, "", WitnessUnavailableError),
        (500, "", WitnessUnavailableError),
        (422, "no", WitnessRefusedError),
        (200, "x" * 70_000, WitnessUnavailableError),
    ],
)
def test_answers_no_witness_would_give(status, body, error):
    with served(lambda _: (status, {}, body.encode())) as url, pytest.raises(error):
        WitnessClient(url, key=WITNESS.verifier_key).add_checkpoint(0, NOTE, ())


def test_a_ledgers_key_is_no_witness_key(tmp_path):
    (tmp_path / "verifier-key").write_text(f"{LOG.verifier_key}\n")
    with (
        served_folder(tmp_path) as url,
        pytest.raises(WitnessUnavailableError, match="not one for cosignatures"),
    ):
        WitnessClient(url).verifier_key()


def test_nobody_there():
    with pytest.raises(WitnessUnavailableError):
        WitnessClient("http://127.0.0.1:9").verifier_key()
