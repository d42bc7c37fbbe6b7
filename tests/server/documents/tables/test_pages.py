"""The pages of indexes of tables: what each role sees of them, and the way through the forms."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.server.documents.tables.conftest import CUSTOMERS, csv_of, rows_found, work
from tests.server.register.company import signed_in

from shoumi.server.documents.models import GivenTable, Index
from shoumi.server.documents.services.keeping import opened_file
from shoumi.server.ledger.models import LedgerEntry

LIST = "/documents/tables/"


@pytest.fixture
def officer(company) -> Client:
    return signed_in(Client(), company.officer)


def test_the_way_from_an_upload_to_an_index_leads_through_a_masked_look(company, officer):
    assert officer.get(f"{LIST}new/").status_code == 200
    upload = SimpleUploadedFile("客户.csv", csv_of())
    sent = officer.post(f"{LIST}new/", {"entity": company.cn.pk, "file-plain": upload})
    page = officer.get(sent.url)
    assert "every 1s" in page.content.decode(), "the page waits for the worker"
    assert officer.get(sent.url, headers={"HX-Request": "true"}).headers.get("HX-Refresh") is None
    assert "客户.csv" in officer.get(LIST).content.decode(), "whoever leaves finds it again"
    work()
    assert officer.get(sent.url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = officer.get(sent.url).content.decode()
    assert not any(value in page for row in CUSTOMERS for value in row[1:3])
    described = {
        "name": "customers",
        "key": "客户编号",
        "needed": 2,
        "within": 100,
        "level": "core",
        "use_1": "on",
        "use_2": "on",
        "must_2": "on",
        **{f"kind_{n}": kind for n, kind in enumerate(("text", "name", "phone", "text"))},
    }
    refused = officer.post(sent.url, {**described, "needed": 3, "name": "a b"})
    assert refused.status_code == 422
    made = officer.post(sent.url, described)
    index = Index.objects.get(name="customers")
    assert made.url == index.get_absolute_url()
    assert "every 2s" in officer.get(made.url).content.decode()
    work()
    assert rows_found(index, CUSTOMERS[2]) == ["K003"]
    page = officer.get(made.url).content.decode()
    assert "every 2s" not in page
    assert not any(value in page for row in CUSTOMERS for value in row[:3])


def test_the_key_is_shown_once_to_who_says_why(company, officer, made):
    key = opened_file(made).read_key().hex()
    address = f"{LIST}{made.pk}/hand-out/"
    assert key not in officer.get(address).content.decode()
    assert key not in officer.post(address, {"reason": ""}).content.decode()
    shown = officer.post(address, {"reason": "扫描机 3"})
    assert key in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    sent = officer.post(f"{LIST}{made.pk}/file/")
    assert b"".join(sent.streaming_content)[:7] == b"SHOUMIX"
    assert officer.get(f"{LIST}{made.pk}/file/").status_code == 405


def test_what_people_decide_about_an_index(company, officer, made):
    address = f"{LIST}{made.pk}/"
    upload = SimpleUploadedFile("次.csv", csv_of(CUSTOMERS[:3]))
    assert officer.post(f"{address}update/", {"file-plain": upload, "whole": "yes"}).status_code == 302
    work()
    made.refresh_from_db()
    assert made.entries == 3
    assert officer.post(f"{address}query/").status_code == 409
    assert officer.post(f"{address}rename/", {"name": "a/b"}).status_code == 422
    assert officer.post(f"{address}rename/", {"name": "kunden"}).status_code == 302
    assert officer.post(f"{address}drop/", {"name": "customers"}).status_code == 422
    assert officer.post(f"{address}drop/", {"name": "kunden"}).url == LIST
    assert officer.get(address).status_code == 404


def test_a_query_is_shown_to_the_office_alone(company, officer, crm):
    sent = officer.post(
        f"{LIST}new/", {"entity": company.cn.pk, "connection": "crm", "query": "select * from customers"}
    )
    work()
    described = {"name": "crm", "key": "客户编号", "needed": 1, "within": 9, "use_2": "on", "daily": "on"}
    made = officer.post(sent.url, {**described, **{f"kind_{n}": "phone" for n in range(3)}})
    assert "select * from customers" in officer.get(made.url).content.decode()
    auditor = signed_in(Client(), company.auditor).get(made.url)
    assert auditor.status_code == 200
    assert "select * from customers" not in auditor.content.decode()
    assert officer.post(f"{made.url}schedule/", {"daily": "0"}).status_code == 302
    assert Index.objects.get(name="crm").next_at is None


@pytest.mark.parametrize(
    ("who", "sees"),
    [("technician", True), ("auditor", True), ("foreign_officer", False), ("owner", False), ("legal", False)],
)
def test_nobody_else_gets_in_by_address(company, made, given, who, sees):
    table = given()
    client = signed_in(Client(), getattr(company, who))
    done = LedgerEntry.objects.filter(tag__startswith="documents:")
    entries = done.count()
    address = f"{LIST}{made.pk}/"
    assert client.get(address).status_code == (200 if sees else 403)
    assert (str(made.pk) in client.get(LIST).content.decode()) is sees
    assert client.get(table.get_absolute_url()).status_code == 403
    for form in ("update/", "rename/", "drop/", "hand-out/"):
        assert client.get(f"{address}{form}").status_code == 403, form
    sent = {"name": "customers", "reason": "x", "daily": "1", "whole": "yes"}
    for form in ("update/", "query/", "schedule/", "rename/", "drop/", "hand-out/", "file/"):
        assert client.post(f"{address}{form}", sent).status_code == 403, form
    assert client.post(f"{table.get_absolute_url()}discard/").status_code == 403
    upload = SimpleUploadedFile("x.csv", csv_of())
    refused = client.post(f"{LIST}new/", {"entity": company.cn.pk, "file-plain": upload})
    assert refused.status_code in {403, 422}
    assert GivenTable.objects.count() == 1
    assert done.count() == entries, "refusals alone are recorded"
