"""Checkpoints cover what holds, never what does not, and their copy on disk follows them."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from tests.server.ledger.attacks import copy_row, drop_triggers, fill, sql

from shoumi.connectors.witness import FolderLog, LogTiles, read_checkpoint_note, read_verifier_key
from shoumi.engine.evidence.checkpoint import open_checkpoint
from shoumi.engine.evidence.hashes import leaf_hash
from shoumi.engine.evidence.log import read_root, root_of
from shoumi.engine.evidence.tiles import TileReader, split_entries
from shoumi.server.ledger import checkpoints
from shoumi.server.ledger.checkpoints import (
    LedgerBrokenError,
    LedgerRolledBackError,
    checkpoint_latest,
    checkpoint_make,
)
from shoumi.server.ledger.keys import log_signer
from shoumi.server.ledger.mirror import MirrorUnreadableError, mirror_checkpoint, mirror_directory
from shoumi.server.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerTile

pytestmark = pytest.mark.django_db


def test_a_checkpoint_signs_the_root_of_all_entries():
    fill(300)
    checkpoint = checkpoint_make()
    leaves = [leaf_hash(bytes(row.body)) for row in LedgerEntry.objects.order_by("index")]
    signed = open_checkpoint(checkpoint.note, log_signer().verifier_key)
    assert (signed.size, signed.root) == (300, root_of(leaves))
    assert checkpoint_make() == checkpoint
    assert LedgerCheckpoint.objects.count() == 1


def test_an_empty_ledger_has_none():
    assert checkpoint_make() is None
    assert not mirror_directory().exists()


def test_full_tiles_are_stored_and_partial_ones_are_not():
    for count in (255, 1, 300):
        fill(count)
        checkpoint_make()
    tiles = [(tile.level, tile.index, len(tile.hashes)) for tile in LedgerTile.objects.order_by("id")]
    assert tiles == [(0, 0, 8192), (0, 1, 8192)]


def test_a_long_backlog_is_covered_in_steps(monkeypatch):
    monkeypatch.setattr(checkpoints, "STEP_ENTRIES", 100)
    fill(250)
    assert checkpoint_make().size == 250
    assert list(LedgerCheckpoint.objects.values_list("size", flat=True)) == [100, 200, 250]


@pytest.mark.parametrize(
    "attack",
    [
        lambda: sql("""UPDATE ledger_ledgerentry SET body = '{}' WHERE "index" = 13"""),
        lambda: sql("""UPDATE ledger_ledgerentry SET seal = %s WHERE "index" = 13""", [bytes(32)]),
        lambda: sql("""DELETE FROM ledger_ledgerentry WHERE "index" = 13"""),
        lambda: (sql("""DELETE FROM ledger_ledgerentry WHERE "index" = 13"""), copy_row(2, 13)),
    ],
    ids=["altered", "unsealed", "removed", "replaced"],
)
def test_a_row_that_does_not_hold_is_never_covered(attack):
    fill(10)
    before = checkpoint_make()
    fill(10)
    drop_triggers()
    attack()
    with pytest.raises(LedgerBrokenError) as error:
        checkpoint_make()
    assert error.value.fields["index"] == 13
    assert checkpoint_latest() == before


def test_removed_covered_entries_stop_the_signing_and_leave_their_numbers_free():
    fill(10)
    checkpoint_make()
    drop_triggers()
    sql('DELETE FROM ledger_ledgerentry WHERE "index" >= 8')
    sql("DELETE FROM ledger_ledgerdetail WHERE id >= 8 * 256")
    with pytest.raises(LedgerBrokenError) as error:
        checkpoint_make()
    assert error.value.fields["index"] == 8
    assert list(fill(1)) == [10]


def test_a_database_that_was_set_back_is_not_signed_again():
    fill(5)
    checkpoint_make()
    fill(5)
    checkpoint_make()
    drop_triggers()
    sql("DELETE FROM ledger_ledgercheckpoint WHERE size = 10")
    sql('DELETE FROM ledger_ledgerentry WHERE "index" >= 5')
    sql("DELETE FROM ledger_ledgerdetail WHERE id >= 5 * 256")
    fill(20)
    with pytest.raises(LedgerRolledBackError):
        checkpoint_make()


def test_a_foreign_copy_stops_the_signing_and_is_left_for_people():
    fill(1)
    checkpoint_make()
    copy = mirror_directory() / "checkpoint"
    foreign = copy.read_text().replace("\n1\n", "\n2\n")
    copy.write_text(foreign)
    fill(1)
    with pytest.raises(MirrorUnreadableError):
        checkpoint_make()
    assert copy.read_text() == foreign


@pytest.mark.parametrize("sizes", [[1], [255, 1, 1], [300, 400], [1, 1, 600]])
def test_a_stranger_reads_the_whole_ledger_from_the_copy(sizes):
    for size in sizes:
        fill(size)
        checkpoint_make()
    folder = FolderLog(mirror_directory())
    copied = open_checkpoint(read_checkpoint_note(folder), read_verifier_key(folder))
    total = sum(sizes)
    assert copied.size == total
    assert read_root(total, TileReader(LogTiles(folder), total)) == copied.root
    bundle = (mirror_directory() / f"tile/entries/000{'' if total >= 256 else f'.p/{total}'}").read_bytes()
    assert split_entries(bundle, min(total, 256))[0] == bytes(LedgerEntry.objects.get(index=0).body)


def test_partial_tiles_go_when_the_full_one_is_there():
    for _ in range(3):
        fill(100)
        checkpoint_make()
    assert not (mirror_directory() / "tile/0/000.p").exists()
    assert (mirror_directory() / "tile/0/001.p/44").exists()


def test_a_copy_that_fell_behind_catches_up():
    fill(300)
    checkpoint_make()
    for path in sorted(mirror_directory().rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    checkpoint_make()
    assert mirror_checkpoint(log_signer().verifier_key).size == 300
    assert (mirror_directory() / "tile/0/000").exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_agree():
    fill(1000)
    faults = []

    def run():
        try:
            checkpoint_make()
        except Exception as error:  # noqa: BLE001 - shown below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert checkpoint_latest().size == 1000
    assert LedgerTile.objects.count() == 3
