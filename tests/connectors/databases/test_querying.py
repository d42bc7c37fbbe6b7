"""Queries read, and nothing else: SQLite always, PostgreSQL where the tests run on it."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import connection as own

from shoumi.connectors.databases import (
    Connection,
    DatabaseUnreachableError,
    QueryFailedError,
    QueryShapeError,
    checked,
    queried,
)


@pytest.fixture
def crm(tmp_path) -> Connection:
    path = tmp_path / "crm.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("create table customers (number text, phone text)")
        database.executemany(
            "insert into customers values (?, ?)", [(f"C{n}", f"555{n:05}") for n in range(7)]
        )
    return Connection("crm", f"sqlite:///{path}")


def rows(connection, query, **more):
    with queried(connection, query, **more) as found:
        return list(found)


def test_names_come_first_and_rows_after(crm):
    assert rows(crm, "select number, phone as 手机 from customers order by 1 limit 2;") == [
        ["number", "手机"],
        ("C0", "55500000"),
        ("C1", "55500001"),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "delete from customers",
        "select 1; drop table customers",
        "pragma journal_mode",
        "vacuum",
        "select\0 1",
    ],
)
def test_what_is_no_single_reading_statement_is_refused(query):
    with pytest.raises(QueryShapeError):
        checked(query)


@pytest.mark.parametrize(
    "query",
    [
        "with x as (select 1) insert into customers select 'a', 'b'",
        "with x as (select 1) delete from customers",
        "select load_extension('/tmp/x.so')",
        "select * from nowhere",
    ],
)
def test_a_query_that_would_write_or_load_is_refused_by_the_database(crm, query):
    with pytest.raises(QueryFailedError):
        rows(crm, query)
    assert len(rows(crm, "select * from customers")) == 8


def test_a_query_has_an_end(crm):
    endless = "with recursive x(n) as (select 1 union all select n + 1 from x) select max(n) from x"
    with pytest.raises(QueryFailedError):
        rows(crm, endless, seconds=0.05)


def test_no_error_tells_the_address(tmp_path):
    connection = Connection("crm", f"sqlite:///{tmp_path}/hunter2/none.sqlite3")
    with pytest.raises(DatabaseUnreachableError) as caught:
        rows(connection, "select 1")
    assert "hunter2" not in f"{caught.value}{connection!r}"


@pytest.mark.django_db
@pytest.mark.skipif(own.vendor != "postgresql", reason="the tests run on SQLite")
def test_postgresql_reads_and_does_not_write():
    settings = own.settings_dict
    place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    host = place if not place.startswith("/") else ""
    url = f"postgresql://{settings['USER']}@{host}/{settings['NAME']}"
    if place.startswith("/"):
        url += f"?host={settings['HOST']}&port={settings['PORT']}"
    connection = Connection("own", url)
    assert rows(connection, "select n, n * 2 as twice from generate_series(1, 3) n")[0] == ["n", "twice"]
    for query in (
        "with x as (delete from django_migrations returning 1) select 1",
        "select nextval('django_migrations_id_seq')",
        "select pg_sleep(5)",
    ):
        with pytest.raises(QueryFailedError):
            rows(connection, query, seconds=0.3)
