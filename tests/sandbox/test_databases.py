"""SQLite files read from memory: tables, files in cells, damage."""

from __future__ import annotations

import sqlite3

import pytest
from tests.fakes.open_files import zipped

from shoumi.engine.inspection.extract import extract
from shoumi.engine.inspection.values import PartKind, Reason
from shoumi.sandbox.reading import extraction_of


@pytest.fixture
def made(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute('CREATE TABLE "客""户" (姓名 TEXT, 电话 INTEGER, 附件 BLOB)')
    rows = [("张\t三", 13800000000, zipped({"内.txt": "密文".encode()})), ("李四", None, None)]
    connection.executemany('INSERT INTO "客""户" VALUES (?, ?, ?)', rows)
    connection.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
    connection.execute("INSERT INTO found VALUES ('全文检索')")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return (tmp_path / "a.db").read_bytes()


def test_tables_are_sheets_with_their_column_names(made):
    read = extraction_of(made, "a.db")
    sheets = {part.label: part.text for part in read.parts if part.kind == PartKind.SHEET}
    assert sheets['客"户'] == "姓名\t电话\t附件\n张 三\t13800000000\n李四"
    assert any("全文检索" in text for text in sheets.values())
    assert read.unreadable == ()


def test_a_file_in_a_cell_is_a_member(made):
    found = {part.member: part.text for part in extraction_of(made).parts if part.kind == PartKind.TEXT}
    assert found == {'客"户/1/附件!/内.txt': "密文"}


def test_a_cut_database_is_damaged(made):
    assert {each.reason for each in extraction_of(made[:5000]).unreadable} == {Reason.DAMAGED}


def test_the_engine_alone_does_not_open_databases(made):
    assert [each.reason for each in extract(made).unreadable] == [Reason.UNKNOWN]
