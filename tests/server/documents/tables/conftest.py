"""Fixtures for the tests of indexes of tables."""

from __future__ import annotations

import io
import sqlite3

import openpyxl
import pytest
from tests.fakes.workers import PoolHere
from tests.server.register.company import stored

from shoumi.connectors.databases import Connection
from shoumi.engine.inspection.exact import Column, ColumnKind, ExactIndex
from shoumi.engine.inspection.values import Part, PartKind
from shoumi.server.documents.services.keeping import opened_file
from shoumi.server.documents.services.tables import building
from shoumi.server.documents.services.tables.building import tables_step
from shoumi.server.documents.services.tables.giving import table_give
from shoumi.server.documents.services.tables.making import Wish, index_make

HEAD = ("客户编号", "姓名", "手机", "备注")
CUSTOMERS = [(f"K{n:03}", f"陆知{'微远明静安'[n % 5]}{n}", f"555{n * 7919:08}", "x") for n in range(1, 9)]
WISH = Wish(
    name="customers",
    key_column="客户编号",
    columns=(Column("姓名", ColumnKind.NAME), Column("手机", ColumnKind.PHONE)),
    needed=2,
    within=100,
    level="important",
)


def csv_of(rows=CUSTOMERS, head=HEAD) -> bytes:
    return "\n".join(",".join(line) for line in (head, *rows)).encode("gb18030")


def xlsx_of(rows=CUSTOMERS, head=HEAD) -> bytes:
    book = openpyxl.Workbook()
    for line in (head, *rows):
        book.active.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rows_found(index, row):
    """Return the keys that the index recognises in a text with the values of `row`."""
    file = opened_file(index)
    opened = ExactIndex.open(file.path, file.read_key())
    text = f"请联系 {row[1]} 先生，他的号码是 ０{row[2]}。"
    found = opened.findings([Part(PartKind.TEXT, text)])
    assert {each.id for each in found} <= {index.name}
    return [str(dict(each.explanation.facts)["row"]) for each in found]


def work() -> None:
    """Do what the worker would do, until there is nothing left."""
    while tables_step():
        pass


@pytest.fixture(autouse=True)
def _workers(request, monkeypatch):
    """Read tables in this process, but for the tests of reading itself."""
    if "real_workers" not in request.fixturenames:
        monkeypatch.setattr(building, "Pool", PoolHere)


@pytest.fixture
def real_workers():
    """Ask for worker processes."""


@pytest.fixture
def given(company):
    """Give a table, look at it, and return it."""

    def give(content=None, name="客户.csv", **more):
        file = stored(company.officer, name, csv_of() if content is None else content)
        table = table_give(actor=company.officer, entity=company.cn, file=file, **more)
        work()
        table.refresh_from_db()
        return table

    return give


@pytest.fixture
def made(company, given):
    """Return an index of the customers."""
    index = index_make(actor=company.officer, table_id=given().pk, wish=WISH)
    work()
    index.refresh_from_db()
    return index


@pytest.fixture
def crm(company, settings, tmp_path):
    """A database of customers that the settings name, as a path."""
    path = tmp_path / "crm.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("create table customers (客户编号 text, 姓名 text, 手机 text)")
        database.executemany("insert into customers values (?, ?, ?)", [row[:3] for row in CUSTOMERS])
    settings.SHOUMI_TABLE_CONNECTIONS = {
        "crm": Connection("crm", f"sqlite:///{path}"),
        "crm-jp": Connection("crm-jp", f"sqlite:///{path}", company.jp.code),
    }
    return path
