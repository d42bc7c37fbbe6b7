"""The log over HTTP: a stranger reads it as C2SP says, and entry bundles only with permission."""

from __future__ import annotations

import pytest
from tests.server.ledger.attacks import fill

from shoumi.engine.evidence.checkpoint import open_checkpoint
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import read_root
from shoumi.engine.evidence.notes import parse_verifier_key
from shoumi.engine.evidence.tiles import TileReader, split_entries
from shoumi.server.ledger.checkpoints import checkpoint_make

pytestmark = pytest.mark.django_db
PREFIX = "/ledger/tlog/"


class HTTPTiles:
    """Tiles as a stranger without a sign-in gets them."""

    def __init__(self, client):
        self.client = client

    def read_tile(self, tile):
        response = self.client.get(PREFIX + tile.path)
        assert response.status_code == 200
        return response.content


@pytest.mark.parametrize("size", [1, 255, 256, 700])
def test_a_stranger_recomputes_the_root_from_the_tiles(client, size):
    fill(size)
    checkpoint_make()
    key = parse_verifier_key(client.get(f"{PREFIX}verifier-key").content.decode().strip())
    checkpoint = open_checkpoint(client.get(f"{PREFIX}checkpoint").content.decode(), key)
    assert read_root(size, TileReader(HTTPTiles(client), size)) == checkpoint.root


def test_entries_are_read_by_those_who_may_take_proofs(client, auditor, employee):
    fill(300)
    checkpoint_make()
    path = f"{PREFIX}tile/entries/000"
    assert client.get(path).status_code == 403
    assert employee.get(path).status_code == 403
    entries = split_entries(auditor.get(path).content, 256)
    hashes = client.get(f"{PREFIX}tile/0/000").content
    assert [leaf_hash(entry) for entry in entries] == [hashes[at : at + 32] for at in range(0, 8192, 32)]


@pytest.mark.parametrize(
    "path", ["tile/0/001", "tile/0/000.p/4", "tile/1/000", "tile/0/0", "tile/x/000", "tile/0/000.p/256"]
)
def test_what_is_not_there_yet_is_not_found(client, path):
    fill(3)
    checkpoint_make()
    assert client.get(PREFIX + path).status_code == 404


def test_an_empty_ledger_has_no_checkpoint(client):
    assert client.get(f"{PREFIX}checkpoint").status_code == 404
