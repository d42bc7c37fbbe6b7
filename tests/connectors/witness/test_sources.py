"""Reading a ledger from a folder and over HTTP."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from tests.fakes.evidence import LOG, MemoryLedger
from tests.fakes.log_folder import served_folder, write_log

from shoumi.connectors.witness import (
    FolderLog,
    HTTPLog,
    LogTiles,
    LogUnavailableError,
    read_checkpoint_note,
    read_verifier_key,
)
from shoumi.connectors.witness.fetching import HTTPAddressError
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import consistency_proof, root_of
from shoumi.engine.evidence.notes import VerifierKeyError
from shoumi.engine.evidence.tiles import Tile, TileReader


@pytest.fixture(scope="module")
def ledger():
    ledger = MemoryLedger()
    ledger.fill(600)
    return ledger


@pytest.fixture(params=["folder", "http"])
def place(request, ledger, tmp_path):
    folder = write_log(ledger, tmp_path / "log")
    if request.param == "folder":
        yield FolderLog(folder)
    else:
        with served_folder(folder) as url:
            yield HTTPLog(f"{url}/")


def test_checkpoint_key_and_proofs(place, ledger):
    assert read_checkpoint_note(place) == ledger.checkpoint()
    assert read_verifier_key(place) == LOG.verifier_key
    reader = TileReader(LogTiles(place), 600)
    assert consistency_proof(255, 600, reader) == consistency_proof(255, 600, ledger.nodes)


def test_a_partial_tile_that_was_filled_since_is_read_from_the_full_one(place, ledger):
    reader = TileReader(LogTiles(place), 300)
    assert reader.node(0, 299) == leaf_hash(ledger.entries[299])
    assert root_of(reader.node(0, at) for at in range(300)) == root_of(map(leaf_hash, ledger.entries[:300]))


def test_what_is_not_there_is_told(place):
    with pytest.raises(LogUnavailableError, match="tile/0/009"):
        LogTiles(place).read_tile(Tile(0, 9))
    with pytest.raises(LogUnavailableError):
        place.read("checkpoint", 3)


def test_a_place_without_a_ledger(tmp_path):
    with pytest.raises(LogUnavailableError):
        read_checkpoint_note(FolderLog(tmp_path))
    (tmp_path / "checkpoint").write_bytes(b"\xff")
    with pytest.raises(LogUnavailableError, match="UTF-8"):
        read_checkpoint_note(FolderLog(tmp_path))
    (tmp_path / "verifier-key").write_text("no key\n")
    with pytest.raises(VerifierKeyError):
        read_verifier_key(FolderLog(tmp_path))


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(LogUnavailableError):
        read_checkpoint_note(HTTPLog(f"http://127.0.0.1:{port}"))


def test_silence_ends_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = HTTPLog(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=timedelta(milliseconds=100))
        with pytest.raises(LogUnavailableError):
            read_checkpoint_note(place)


def test_other_addresses_are_refused():
    with pytest.raises(HTTPAddressError):
        read_checkpoint_note(HTTPLog("ftp://example.com"))
