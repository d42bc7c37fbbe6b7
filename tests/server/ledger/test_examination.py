"""The self-audit finds every change made directly in SQL, and names the first bad entry."""

from __future__ import annotations

import json

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from tests.server.ledger.attacks import copy_row, drop_triggers, fill, sql, squeeze_in

from shoumi.server.ledger.audit import audit_run
from shoumi.server.ledger.checkpoints import checkpoint_make
from shoumi.server.ledger.entries import seal_of
from shoumi.server.ledger.integrity import integrity_status
from shoumi.server.ledger.keys import seal_key
from shoumi.server.ledger.mirror import mirror_directory
from shoumi.server.ledger.models import LedgerAudit, LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CPU-02")]

SIZE = 600  # two full tiles and a part of one
PLACES = pytest.mark.parametrize("place", [0, 300, SIZE - 1], ids=["start", "middle", "end"])
Finding = LedgerAudit.Finding


@pytest.fixture
def ledger():
    """Two checkpoints over SIZE entries, and an attacker who owns the database."""
    fill(SIZE // 2)
    checkpoint_make()
    fill(SIZE // 2)
    checkpoint_make()
    drop_triggers()


def expect(index, finding):
    result = audit_run()
    assert (result.state, result.first_bad_index, result.finding) == ("broken", index, finding)


def test_an_untouched_ledger_holds(ledger):
    result = audit_run()
    assert (result.state, result.entries, result.checkpoint_size) == ("holds", SIZE, SIZE)


def test_an_empty_ledger_holds():
    assert audit_run().state == "holds"


@PLACES
def test_an_altered_body(ledger, place):
    body = bytes(LedgerEntry.objects.get(index=place).body).replace(b"user:1", b"user:2")
    sql('UPDATE ledger_ledgerentry SET body = %s WHERE "index" = %s', [body, place])
    expect(place, Finding.SEAL_MISMATCH)


@PLACES
def test_an_altered_body_with_its_column_made_to_fit(ledger, place):
    body = bytes(LedgerEntry.objects.get(index=place).body).replace(b"user:1", b"user:2")
    sql(
        'UPDATE ledger_ledgerentry SET body = %s, actor = %s WHERE "index" = %s',
        [body, "user:2", place],
    )
    expect(place, Finding.SEAL_MISMATCH)


def test_bytes_sealed_with_the_key_that_are_no_entry(ledger):
    body = b'{"v":1}'
    sql(
        'UPDATE ledger_ledgerentry SET body = %s, seal = %s WHERE "index" = 7',
        [body, seal_of(7, body, seal_key())],
    )
    expect(7, Finding.BODY_UNREADABLE)


@PLACES
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("tag", "ledger:gap:closed"),
        ("subject", "secret:x"),
        ("actor", "user:x"),
        ("time", "2026-01-01 00:00:00+00"),
    ],
)
def test_an_altered_column(ledger, place, column, value):
    if connection.vendor == "sqlite":
        value = value.removesuffix("+00")
    sql(f'UPDATE ledger_ledgerentry SET "{column}" = %s WHERE "index" = %s', [value, place])
    expect(place, Finding.COLUMN_MISMATCH)


@PLACES
def test_a_removed_entry(ledger, place):
    sql('DELETE FROM ledger_ledgerentry WHERE "index" = %s', [place])
    expect(place, Finding.ENTRY_MISSING)


@PLACES
def test_an_inserted_entry(ledger, place):
    squeeze_in(place)
    expect(place, Finding.SEAL_MISMATCH)


def test_an_entry_put_behind_the_last(ledger):
    copy_row(SIZE - 1, SIZE)
    expect(SIZE, Finding.SEAL_MISMATCH)


def test_an_entry_put_before_the_first(ledger):
    copy_row(0, -1)
    expect(-1, Finding.ENTRY_FOREIGN)


@PLACES
def test_two_entries_that_changed_places(ledger, place):
    other = place + 1 if place + 1 < SIZE else place - 1
    for source, target in ((place, SIZE + 5), (other, place), (SIZE + 5, other)):
        sql('UPDATE ledger_ledgerentry SET "index" = %s WHERE "index" = %s', [target, source])
    expect(min(place, other), Finding.SEAL_MISMATCH)


@PLACES
def test_an_altered_detail(ledger, place):
    sql("UPDATE ledger_ledgerdetail SET value = '7777' WHERE id = %s", [place * 256])
    expect(place, Finding.DETAIL_ALTERED)


@PLACES
def test_a_removed_detail(ledger, place):
    sql("DELETE FROM ledger_ledgerdetail WHERE id = %s", [place * 256])
    expect(place, Finding.DETAIL_MISSING)


@PLACES
def test_an_added_detail(ledger, place):
    sql(
        "INSERT INTO ledger_ledgerdetail (id, name, value, salt) VALUES (%s, 'note', '1', %s)",
        [place * 256 + 1, bytes(32)],
    )
    expect(place, Finding.DETAIL_FOREIGN)


def test_a_detail_of_an_entry_that_does_not_exist(ledger):
    sql(
        "INSERT INTO ledger_ledgerdetail (id, name, value, salt) VALUES (%s, 'note', '1', %s)",
        [(SIZE + 9) * 256, bytes(32)],
    )
    expect(SIZE + 9, Finding.DETAIL_FOREIGN)


@pytest.mark.parametrize("tile", [0, 1])
def test_an_altered_tile(ledger, tile):
    hashes = bytearray(b"".join(_leaves(tile * 256, 256)))
    hashes[100 * 32] ^= 1
    sql('UPDATE ledger_ledgertile SET hashes = %s WHERE level = 0 AND "index" = %s', [bytes(hashes), tile])
    expect(tile * 256 + 100, Finding.TILE_MISMATCH)


def test_a_removed_tile(ledger):
    sql('DELETE FROM ledger_ledgertile WHERE "index" = 1')
    expect(256, Finding.TILE_MISMATCH)


def _leaves(first, count):
    rows = LedgerEntry.objects.filter(index__gte=first, index__lt=first + count).order_by("index")
    return [row.leaf_hash for row in rows]


def test_an_altered_checkpoint(ledger):
    sql("UPDATE ledger_ledgercheckpoint SET root = %s WHERE size = %s", [bytes(32), SIZE // 2])
    expect(0, Finding.CHECKPOINT_MISMATCH)


def test_a_checkpoint_that_is_not_signed_by_us(ledger):
    sql(
        "UPDATE ledger_ledgercheckpoint SET note = replace(note, %s, %s) WHERE size = %s",
        [f"{SIZE}", "601", SIZE],
    )
    expect(SIZE // 2, Finding.CHECKPOINT_MISMATCH)


def test_a_database_set_back_to_an_earlier_state(ledger):
    half = SIZE // 2
    sql("DELETE FROM ledger_ledgerdetail WHERE id >= %s", [half * 256])
    sql('DELETE FROM ledger_ledgerentry WHERE "index" >= %s', [half])
    sql("DELETE FROM ledger_ledgercheckpoint WHERE size > %s", [half])
    sql('DELETE FROM ledger_ledgertile WHERE "index" > 0')
    expect(half, Finding.ENTRY_MISSING)


def test_a_copied_checkpoint_that_nobody_signed(ledger):
    (mirror_directory() / "checkpoint").write_text("nothing of the kind\n")
    expect(SIZE, Finding.MIRROR_MISMATCH)


def test_the_result_is_recorded_in_the_ledger_once(ledger):
    sql("UPDATE ledger_ledgerdetail SET value = '7777' WHERE id = 256")
    audit_run()
    audit_run()
    told = LedgerEntry.objects.filter(tag="ledger:audit:failed")
    assert [row.subject for row in told] == ["entry:1"]


OF_ANOTHER_KIND = [  # SQLite keeps them; PostgreSQL keeps to the kinds of its columns
    ("ledger_ledgerentry", "body", "{}", 7, Finding.SEAL_MISMATCH),
    ("ledger_ledgerentry", "seal", 5, 7, Finding.SEAL_MISMATCH),
    ("ledger_ledgerentry", "time", "never", 7, Finding.COLUMN_MISMATCH),
    ("ledger_ledgerentry", "time", 5, 7, Finding.COLUMN_MISMATCH),
    ("ledger_ledgerentry", "tag", b"x", 7, Finding.COLUMN_MISMATCH),
    ("ledger_ledgerdetail", "value", b"8", 7, Finding.DETAIL_ALTERED),
    ("ledger_ledgerdetail", "value", 8, 7, Finding.DETAIL_ALTERED),
    ("ledger_ledgerdetail", "salt", "x", 7, Finding.DETAIL_ALTERED),
    ("ledger_ledgerdetail", "name", b"number", 7, Finding.DETAIL_FOREIGN),
    ("ledger_ledgercheckpoint", "note", b"x", 0, Finding.ROWS_UNREADABLE),
    ("ledger_ledgercheckpoint", "root", "x", 0, Finding.ROWS_UNREADABLE),
    ("ledger_ledgertile", "hashes", "x", 0, Finding.ROWS_UNREADABLE),
]


@pytest.mark.parametrize("change", OF_ANOTHER_KIND)
def test_what_is_of_another_kind_is_found_and_breaks_nothing(ledger, change):
    table, column, value, index, finding = change
    key = {"ledger_ledgerentry": ('"index"', 7), "ledger_ledgerdetail": ("id", 7 * 256)}
    name, place = key.get(table, ("1", 1))
    try:
        with transaction.atomic():
            sql(f'UPDATE {table} SET "{column}" = %s WHERE {name} = %s', [value, place])
    except (DataError, ProgrammingError):
        assert connection.vendor == "postgresql"
        return
    result = audit_run()
    assert (result.state, result.first_bad_index) == ("broken", index)
    assert result.finding == finding or connection.vendor == "postgresql"
    assert integrity_status().state == "red"


def test_a_time_beyond_all_times(ledger):
    if connection.vendor == "postgresql":
        sql("""UPDATE ledger_ledgerentry SET "time" = 'infinity' WHERE "index" = 7""")
        expect(7, Finding.COLUMN_MISMATCH)


def test_a_salt_too_short_to_be_ours(ledger):
    sql("UPDATE ledger_ledgerdetail SET salt = %s, value = %s WHERE id = 0", [b"", json.dumps(0)])
    expect(0, Finding.DETAIL_ALTERED)
