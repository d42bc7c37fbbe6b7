"""An index of a table from giving the table to dropping the index, whatever happens in the middle."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from tests.server.documents.tables.conftest import CUSTOMERS, WISH, csv_of, rows_found, work, xlsx_of
from tests.server.register.company import stored

from shoumi.connectors.databases import QueryShapeError
from shoumi.sandbox.scanning import IndexShelf
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.documents.models import GivenTable, Index, IndexRun
from shoumi.server.documents.services.exporting import index_export
from shoumi.server.documents.services.keeping import opened_file, path_of
from shoumi.server.documents.services.tables import building, giving, making
from shoumi.server.documents.services.tables.handing import index_file_hand_out, index_key_hand_out
from shoumi.server.files.models import FileState, StoredFile
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.tags import LedgerTag

State, What = IndexRun.State, IndexRun.What


def tags_of(subject):
    return [entry.tag for entry in entries_of(subject)]


def update(company, index, rows, **more):
    file = stored(company.officer, "次.csv", csv_of(rows))
    run = making.index_update_ask(actor=company.officer, index_id=index.pk, file=file, **more)
    work()
    run.refresh_from_db()
    return run


@pytest.mark.usefixtures("real_workers")
@pytest.mark.parametrize(("content", "name"), [(csv_of(), "a.csv"), (xlsx_of(), "a.xlsx")])
def test_an_index_is_made_of_an_uploaded_table_which_is_destroyed(company, given, content, name):
    table = given(content, name)
    assert table.state == GivenTable.State.READ
    assert table.look["rows"] == len(CUSTOMERS)
    file = table.file
    index = making.index_make(actor=company.officer, table_id=table.pk, wish=WISH)
    work()
    index.refresh_from_db()
    run = index.runs.get()
    assert (run.state, run.added, index.entries, index.cells) == (State.DONE, 8, 8, 16)
    assert rows_found(index, CUSTOMERS[3]) == ["K004"]
    assert rows_found(index, ("", "陆知微99", "55511111111")) == []
    file.refresh_from_db()
    assert file.state == FileState.SHREDDED
    assert not GivenTable.objects.exists()
    assert tags_of(index.ledger_subject) == [
        LedgerTag.DOCUMENTS_INDEX_MADE,
        LedgerTag.DOCUMENTS_INDEX_UPDATED,
    ]


def test_the_look_is_masked_and_names_faults(given):
    table = given(csv_of(head=("客户编号", "姓名", "手机", "手机")))
    told = str(table.look)
    assert table.look["faults"] == ["named_twice"]
    assert not any(value in told for row in CUSTOMERS for value in row[:3])
    headless = given(csv_of(CUSTOMERS[1:], head=CUSTOMERS[0]))
    assert "head_is_data" in headless.look["faults"]
    assert CUSTOMERS[0][2] not in str(headless.look)


@pytest.mark.usefixtures("real_workers")
@pytest.mark.parametrize("content", [b"PK\3\4 broken", b"\xd0\xcf\x11\xe0 broken"])
def test_what_is_no_table_is_told(given, content):
    table = given(content, "bad.xlsx")
    assert (table.state, table.failure) == (GivenTable.State.FAILED, "documents.table_unreadable")
    with pytest.raises(making.TableNotReadError):
        making.index_make(actor=table.given_by, table_id=table.pk, wish=WISH)


def test_the_index_lies_encrypted_and_nothing_of_the_table_stands_in_the_database(company, made):
    content = path_of(made.pk).read_bytes()
    assert opened_file(made).read_key() not in bytes(made.key.wrapped)
    written = str(list(LedgerEntry.objects.values())) + str(list(Index.objects.values()))
    for value in (*CUSTOMERS[3][:3], "姓名"):
        assert value.encode() not in content
    for value in CUSTOMERS[3][1:3]:
        assert value not in written
    assert oct(path_of(made.pk).stat().st_mode)[-3:] == "600"


def test_changes_are_added_and_replace_rows_of_the_same_key(company, made):
    changed = ("K001", "何清越", "55599999999", "")
    run = update(
        company, made, [changed, ("K100", "柏舟", "55588888888", ""), ("", "无编号", "5", "")], whole=False
    )
    assert (run.state, run.added, run.changed, run.removed, run.closed) == (State.DONE, 1, 1, 0, 1)
    assert rows_found(made, changed) == ["K001"]
    assert rows_found(made, CUSTOMERS[0]) == []
    assert rows_found(made, CUSTOMERS[1]) == ["K002"]
    assert StoredFile.objects.get(name="次.csv").state == FileState.SHREDDED


def test_a_whole_table_takes_out_what_it_lacks(company, made):
    run = update(company, made, CUSTOMERS[4:], whole=True)
    assert (run.added, run.changed, run.removed) == (0, 0, 4)
    assert rows_found(made, CUSTOMERS[0]) == []
    made.refresh_from_db()
    assert made.entries == 4


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (csv_of(head=("客户编号", "姓名", "电话", "备注")), "documents.table_columns_missing"),
        (csv_of([]), "documents.table_without_rows"),
    ],
)
def test_a_table_that_does_not_fit_changes_nothing_and_is_destroyed_too(company, made, content, failure):
    before = path_of(made.pk).read_bytes()
    file = stored(company.officer, "x.csv", content)
    run = making.index_update_ask(actor=company.officer, index_id=made.pk, file=file, whole=True)
    work()
    run.refresh_from_db()
    file.refresh_from_db()
    assert (run.state, run.failure, file.state) == (State.FAILED, failure, FileState.SHREDDED)
    assert path_of(made.pk).read_bytes() == before


def test_an_update_that_was_killed_is_done_again_and_not_for_ever(company, made, monkeypatch):
    def dies(*_args, **_more):
        raise KeyboardInterrupt

    file = stored(company.officer, "次.csv", csv_of(CUSTOMERS[:2]))
    run = making.index_update_ask(actor=company.officer, index_id=made.pk, file=file, whole=True)
    monkeypatch.setattr(building, "append", dies)
    with pytest.raises(KeyboardInterrupt):
        building.tables_step()
    run.refresh_from_db()
    assert run.state == State.RUNNING
    monkeypatch.undo()
    work()
    run.refresh_from_db()
    made.refresh_from_db()
    assert (run.state, made.entries) == (State.DONE, 2)
    IndexRun.objects.filter(pk=run.pk).update(state=State.RUNNING, attempts=3)
    work()
    run.refresh_from_db()
    assert (run.state, run.failure) == (State.FAILED, building.INTERRUPTED)


def test_a_fault_of_ours_quotes_no_cell_in_the_log(company, made, monkeypatch, caplog):
    def breaks(*_args):
        raise ValueError(CUSTOMERS[0][1])

    monkeypatch.setattr(building, "build", breaks)
    run = update(company, made, CUSTOMERS, whole=True)
    assert (run.state, run.failure) == (State.FAILED, building.BROKEN)
    assert "ValueError" in caplog.text
    assert CUSTOMERS[0][1] not in caplog.text


def test_one_update_at_a_time(company, made):
    making.index_update_ask(actor=company.officer, index_id=made.pk, file=stored(company.officer), whole=True)
    with pytest.raises(making.IndexBusyError):
        making.index_update_ask(actor=company.officer, index_id=made.pk, file=stored(company.officer))


def test_another_name_is_borne_by_findings(company, made):
    making.index_rename(actor=company.officer, index_id=made.pk, name="客户-2026")
    work()
    made.refresh_from_db()
    assert rows_found(made, CUSTOMERS[0]) == ["K001"]
    with pytest.raises(making.IndexNameFormError):
        making.index_rename(actor=company.officer, index_id=made.pk, name="../客户")
    Index.objects.create(
        kind="table",
        name="taken",
        entity=company.cn,
        created_at=made.created_at,
        updated_at=made.created_at,
    )
    with pytest.raises(making.IndexNameTakenError):
        making.index_rename(actor=company.officer, index_id=made.pk, name="taken")


def test_a_dropped_index_leaves_neither_key_nor_file_and_its_name_is_free(company, made, given):
    making.index_update_ask(actor=company.officer, index_id=made.pk, file=stored(company.officer, "次.csv"))
    with pytest.raises(making.WrongNameError):
        making.index_drop(actor=company.officer, index_id=made.pk, name="customer")
    making.index_drop(actor=company.officer, index_id=made.pk, name="customers")
    made.refresh_from_db()
    assert made.key is None
    assert made.dropped_at
    assert StoredFile.objects.get(name="次.csv").state == FileState.SHREDDED
    work()
    assert not making.IndexRun.objects.filter(state__in=("waiting", "running")).exists()
    again = making.index_make(actor=company.officer, table_id=given().pk, wish=WISH)
    assert again.pk != made.pk


def test_an_index_that_is_dropped_while_it_is_made_comes_to_nothing(company, given, monkeypatch):
    index = making.index_make(actor=company.officer, table_id=given().pk, wish=WISH)
    real = building.compare

    def dropping(*args):
        making.index_drop(actor=company.officer, index_id=index.pk, name=index.name)
        return real(*args)

    monkeypatch.setattr(building, "compare", dropping)
    work()
    assert not path_of(index.pk).exists()
    assert index.runs.get().failure == "documents.index_gone"


def test_a_table_nobody_describes_is_destroyed_after_a_day(company, given, fixed_clock):
    old, new = given(), given()
    GivenTable.objects.filter(pk=old.pk).update(given_at=old.given_at - timedelta(hours=25))
    assert giving.tables_forget() == 1
    assert list(GivenTable.objects.all()) == [new]
    giving.table_discard(actor=company.officer, table_id=new.pk)
    assert set(StoredFile.objects.filter(name="客户.csv").values_list("state", flat=True)) == {
        FileState.SHREDDED
    }
    with pytest.raises(giving.TableGoneError):
        making.index_make(actor=company.officer, table_id=new.pk, wish=WISH)


def test_a_query_makes_an_index_and_updates_it_daily(company, crm):
    table = giving.table_give(
        actor=company.officer, entity=company.cn, connection="crm", query="select * from customers"
    )
    work()
    table.refresh_from_db()
    assert table.look["rows"] == len(CUSTOMERS)
    wish = making.Wish(**{**{name: getattr(WISH, name) for name in WISH.__slots__}, "daily": True})
    index = making.index_make(actor=company.officer, table_id=table.pk, wish=wish)
    work()
    assert rows_found(index, CUSTOMERS[0]) == ["K001"]
    assert making.indexes_due() == 0
    with sqlite3.connect(crm) as database:
        database.execute("delete from customers where 客户编号 = 'K001'")
    Index.objects.filter(pk=index.pk).update(next_at=index.created_at)
    assert making.indexes_due() == 1
    assert making.indexes_due() == 0
    work()
    run = index.runs.first()
    assert (run.state, run.removed, run.asked_by) == (State.DONE, 1, None)
    making.index_schedule(actor=company.officer, index_id=index.pk, daily=False)
    index.refresh_from_db()
    assert index.next_at is None


def test_queries_go_to_databases_of_the_settings_that_the_entity_may_use(company, crm):
    give = {"actor": company.officer, "entity": company.cn}
    for name in ("crm-jp", "other", ""):
        with pytest.raises(giving.ConnectionUnknownError):
            giving.table_give(**give, connection=name, query="select 1")
    with pytest.raises(QueryShapeError):
        giving.table_give(**give, connection="crm", query="drop table customers")
    table = giving.table_give(**give, connection="crm", query="select * from nowhere")
    work()
    table.refresh_from_db()
    assert (table.failure, table.told) == ("connectors.query_failed", {"state": "SQLITE_ERROR"})


def test_an_index_is_handed_to_another_machine_with_its_key_apart(company, made, tmp_path):
    path = index_file_hand_out(actor=company.officer, index_id=made.pk)
    key = index_key_hand_out(actor=company.officer, index_id=made.pk, reason="扫描机 3")
    assert bytes.fromhex(key) == opened_file(made).read_key()
    assert key.encode() not in path.read_bytes()
    assert key not in str(list(LedgerEntry.objects.values()))
    assert tags_of(made.ledger_subject).count(LedgerTag.DOCUMENTS_INDEX_EXPORTED) == 2
    target = index_export(name="customers", shelf=IndexShelf(tmp_path / "i", tmp_path / "k"), account="0")
    assert target.path.read_bytes() == path.read_bytes()


def test_nobody_but_the_secrecy_office_of_the_entity_does_anything(company, made, given):
    table = given()
    file = stored(company.officer)
    entries = LedgerEntry.objects.count()
    for name, actor in company.everybody.items():
        if name not in {"officer", "second_officer", "hr"}:  # who hold the role here
            refused(company, actor, made, table, file)
    assert LedgerEntry.objects.count() == entries


def refused(company, actor, made, table, file):
    """Try everything as `actor`."""
    for act in (
        lambda: giving.table_give(actor=actor, entity=company.cn, file=file),
        lambda: giving.table_discard(actor=actor, table_id=table.pk),
        lambda: making.index_make(actor=actor, table_id=table.pk, wish=WISH),
        lambda: making.index_update_ask(actor=actor, index_id=made.pk, file=file),
        lambda: making.index_rename(actor=actor, index_id=made.pk, name="x"),
        lambda: making.index_schedule(actor=actor, index_id=made.pk, daily=True),
        lambda: making.index_drop(actor=actor, index_id=made.pk, name="customers"),
        lambda: index_file_hand_out(actor=actor, index_id=made.pk),
        lambda: index_key_hand_out(actor=actor, index_id=made.pk, reason="x"),
    ):
        with pytest.raises(NotPermittedError):
            act()
