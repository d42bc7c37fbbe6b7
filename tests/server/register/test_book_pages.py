"""The pages of the two secrets ledgers, and their export in the form that inspectors know."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pikepdf import Pdf
from tests.server.register.company import registered, signed_in
from tests.server.register.test_books import compared, correct, line

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.queries import entries_of
from shoumi.server.register.models import BookDifference, BookLine, BookSignature
from shoumi.server.register.queries.books import Book
from shoumi.server.register.services.book_exports import BookFormError, book_export
from shoumi.server.register.services.life import life_event_record

HEADS = (
    "序号", "编号", "名称", "密级", "保密期限", "权属", "载体形式", "存管地点", "存管形式", "管理人(责任人)",
    "查阅范围", "产生", "流转", "复制", "发布", "变更", "解密", "销毁",
)  # fmt: skip


@pytest.mark.requirement("ARC-03", "ARC-04", "ARC-05")
def test_the_overview_tells_signatures_differences_and_what_is_overdue(company, client, fixed_clock):
    secret = registered(company)
    signed_in(client, company.officer)
    home = reverse("register:ledgers") + "?entity=SM"
    page = client.get(home).content.decode()
    assert "材料实验室" in page
    assert client.post(reverse("register:books_compare", args=["SM"])).status_code == 302
    assert "2026-03-01" in client.get(home).content.decode()
    correct(company, secret)
    client.post(reverse("register:books_compare", args=["SM"]))
    page = client.get(home).content.decode()
    assert reverse("register:difference_list") + "?open=1" in page
    assert "五号柜" in client.get(reverse("register:difference_list")).content.decode()
    signed_in(client, company.owner)
    address = reverse("register:book_sign", args=["SM", company.lab.pk])
    page = client.get(address)
    data = {"sha256": page.context["sha256"]}
    assert client.post(address, {"sha256": "0" * 64}).status_code == 409
    assert client.post(address, data).status_code == 302
    signature = BookSignature.objects.get()
    assert (signature.differences, signature.signed_by) == (1, company.owner)
    assert client.post(reverse("register:book_receive", args=[signature.pk])).status_code == 403
    signed_in(client, company.officer)
    assert client.post(reverse("register:book_receive", args=[signature.pk])).status_code == 302
    history = reverse("register:book_signatures", args=["SM", company.lab.pk])
    assert signature.sha256[:16] in client.get(history).content.decode()
    fixed_clock.advance(datetime(2026, 4, 15, tzinfo=UTC) - datetime(2026, 3, 1, tzinfo=UTC))
    signed_in(client, company.officer)
    assert client.get(home).context["overdue"] == 2
    signed_in(client, company.seller)
    assert client.get(home).status_code == 200
    assert "材料实验室" not in client.get(home).content.decode()
    assert client.get(history).status_code == 403
    assert client.get(reverse("register:book_sign", args=["SM", "nobody"])).status_code == 404


@pytest.mark.requirement("ARC-03")
def test_both_books_stand_side_by_side_and_are_corrected_there(company, client):
    secret = registered(company)
    address = reverse("register:line_detail", args=[secret.pk])
    signed_in(client, company.owner)
    page = client.get(address).content.decode()
    own = reverse("register:line_correct", args=[secret.pk, "owner", "storage_place"])
    other = reverse("register:line_correct", args=[secret.pk, "office", "storage_place"])
    assert own in page
    assert other not in page
    assert client.get(other).status_code == 403
    data = {"value": "九号柜", "reason": "搬家", "expected_version": line(secret).version}
    assert client.post(own, {**data, "reason": ""}).status_code == 422
    assert client.post(own, {**data, "expected_version": 1}).status_code == 422
    assert client.post(own, data).status_code == 302
    period = reverse("register:line_correct", args=[secret.pk, "owner", "period"])
    data = {"value": "soon", "reason": "x", "expected_version": line(secret).version}
    assert client.post(period, data).status_code == 422
    forms = reverse("register:line_correct", args=[secret.pk, "owner", "carrier_form"])
    assert client.post(forms, {**data, "value": ["paper", "sample"]}).status_code == 302
    note = reverse("register:line_note", args=[secret.pk, "owner"])
    given = {"owner-kind": "copied", "owner-note": "复印一份", "owner-expected_version": line(secret).version}
    assert client.post(note, given).status_code == 302
    compared(company)
    row = BookDifference.objects.get(field="event")
    settle = reverse("register:difference_settle", args=[secret.pk, row.pk, "office"])
    assert client.post(settle, {"reason": "x"}).status_code == 403
    signed_in(client, company.officer)
    page = client.get(address).content.decode()
    assert settle in page
    assert "复印一份" in page
    assert client.post(settle, {"reason": ""}).status_code == 302
    row.refresh_from_db()
    assert row.resolved_at is None
    assert client.post(settle, {"reason": "属实"}).status_code == 302
    row.refresh_from_db()
    assert row.resolved_at is not None
    signed_in(client, company.seller)
    assert client.get(address).status_code == 404


@pytest.mark.requirement("ARC-01", "ARC-02")
def test_lines_are_found_by_book_level_category_of_archive_and_standing(company, client):
    secret = registered(company)
    core = registered(company, level="core")
    core.carriers.update(kind="database")
    core.files.all().delete()
    life_event_record(secret=core, kind="circulated", actor=None)
    assert BookLine.objects.get(secret=core, side="office").storage_form == ["database"]
    signed_in(client, company.auditor)
    address = reverse("register:line_list")

    def found(query):
        return {row.secret_id for row in client.get(address + query).context["listing"].found}

    assert found("") == {secret.pk, core.pk}
    assert found("?side=owner&level=core") == {core.pk}
    assert found("?archive=paper") == {secret.pk}
    assert found("?archive=electronic") == {secret.pk, core.pk}
    assert found("?standing=declassified") == set()
    assert found("?q=三号柜") == {secret.pk, core.pk}
    assert client.post(address, {"do": "export", "form": "csv"}).status_code == 403
    signed_in(client, company.seller)
    assert found("") == set()


@pytest.mark.requirement("ARC-L1", "ARC-L9", "ARC-E7", "ARC-05")
def test_the_sheet_has_a_title_nine_columns_seven_events_and_signature_lines(company):
    secret = registered(company, level="core")
    life_event_record(secret=secret, kind="copied", actor=None)
    content = book_export(actor=company.officer, book=Book(company.cn, company.lab), form="xlsx")
    page = load_workbook(io.BytesIO(content)).active
    assert {str(area) for area in page.merged_cells.ranges} >= {"A1:R1", "A2:R2", "A3:R3"}
    assert "材料实验室" in page["A1"].value
    assert "涉密台账" in page["A1"].value
    assert page["A2"].value.startswith("核心商密")
    assert "officer" in page["A3"].value
    assert tuple(cell.value for cell in page[4]) == HEADS
    row = [cell.value for cell in page[5]]
    assert row[1:5] == [secret.number, secret.name, "核心商密", "长期"]
    assert (row[11], row[13], row[12]) == ("2026-03-01", "2026-03-01", None)
    texts = [page.cell(at, 1).value or "" for at in range(6, page.max_row + 1)]
    assert any("记账人(签字)" in text for text in texts)
    assert page.page_setup.orientation == "landscape"
    entry = entries_of(f"entity:{company.cn.pk}").get(tag="register:book:exported")
    assert entry.actor == company.officer.ledger_actor


def test_lines_that_the_reader_may_not_see_stay_out_of_the_sheet(company):
    from tests.server.people.company import grant

    from shoumi.engine.policy import Role

    registered(company, level="core")
    registered(company)
    keeper = company.person("K1", "记账", company.engineer, sign_in="keeper").user
    grant(keeper, Role.DEPARTMENT_OWNER, company.lab.scope)
    page = load_workbook(
        io.BytesIO(book_export(actor=keeper, book=Book(company.cn, company.lab), form="xlsx"))
    ).active
    levels = [page.cell(at, 4).value for at in range(5, 8)]
    assert levels == ["重要商密", None, None]
    assert "1" in page["A3"].value
    for person in (company.auditor, company.leader, company.seller, company.sales_owner, company.technician):
        with pytest.raises(NotPermittedError):
            book_export(actor=person, book=Book(company.cn, company.lab), form="xlsx")
    with pytest.raises(BookFormError):
        book_export(actor=company.officer, book=Book(company.cn), form="doc")


@pytest.mark.slow
def test_the_ledger_is_printed_wide_with_its_mark(company, client):
    registered(company)
    signed_in(client, company.officer)
    answer = client.post(reverse("register:book_export", args=["SM", "office"]), {"form": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    with Pdf.open(io.BytesIO(answer.content)) as paper:
        _left, _bottom, width, height = paper.pages[0].mediabox
        assert float(width) > float(height)
    run = subprocess.run(["pdftotext", "-", "-"], input=answer.content, capture_output=True, check=True)
    text = "".join(run.stdout.decode().split())
    assert "重要商密" in text
    assert "陶瓷烧结曲线" in text


def test_the_api(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    body = client.get("/api/v1/secrets-ledgers/lines?side=owner").json()
    assert [item["number"] for item in body["items"]] == [secret.number]
    row = body["items"][0]
    wish = {"version": row["version"], "field": "storage_place", "value": "五号柜", "reason": "搬家"}
    address = f"/api/v1/secrets-ledgers/lines/{row['id']}/correct"
    answer = client.post(address, wish, content_type="application/json")
    assert answer.json()["storage_place"] == "五号柜"
    assert client.post(address, wish, content_type="application/json").status_code == 409
    compare = "/api/v1/secrets-ledgers/entities/SM/compare"
    assert client.post(compare, {}, content_type="application/json").status_code == 403
    signed_in(client, company.officer)
    answer = client.post(compare, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["found"]) == (202, 1)
    assert client.get("/api/v1/secrets-ledgers/differences").json()["count"] == 1
    assert client.get("/api/v1/secrets-ledgers/designations").json()["count"] == 0
    signed_in(client, company.proposer)
    told = client.get("/api/v1/secrets-ledgers/notices").json()["items"]
    answer = client.post(
        "/api/v1/secrets-ledgers/notices/acknowledge",
        {"ids": [told[0]["id"]]},
        content_type="application/json",
    )
    assert answer.json() == {"count": 1}
