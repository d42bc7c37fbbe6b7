"""Every page of agreements for whoever may see it; signing over the pages."""

from __future__ import annotations

import hashlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.server.agreements.company import (
    PASSWORD,
    drafted,
    in_force,
    offered,
    picture_url,
    signed,
    strokes_text,
)
from tests.server.doors import nothing_drawn
from tests.server.register.company import signed_in

from shoumi.server.agreements.models import Agreement
from shoumi.server.agreements.queries.drafts import examine
from shoumi.server.agreements.services.refusing import Refused, refusal_record
from shoumi.server.people.queries import today_of


def at(name, row=None, *more):
    return reverse(f"agreements:{name}", args=[row.pk, *more] if row else [])


def test_every_page_opens(company, client):
    company.personnel.language = "zh-hans"
    company.personnel.save(update_fields=["language"])
    signed_in(client, company.personnel)
    draft = drafted(company)
    clause = examine(draft).draft.kind.clauses[0].id
    waiting = offered(company, person=company.colleague.person)
    done = in_force(company, kind="secrecy_clause")
    pages = [
        at("agreement_list"),
        f"{at('agreement_list')}?q=陆&state=draft",
        reverse("agreements:agreement_create", args=[company.cn.pk]),
        at("agreement_detail", draft),
        at("agreement_part", draft, 1),
        at("agreement_part", draft, 2),
        at("agreement_clauses", draft),
        at("agreement_wording", draft, clause),
        at("agreement_withdraw", draft),
        at("agreement_detail", waiting),
        at("agreement_paper", waiting),
        at("agreement_refuse", waiting),
        at("agreement_order", waiting),
        at("agreement_detail", done),
        at("agreement_end", done),
        at("mine"),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "示例证件号" not in answer.text, page
    assert client.get(at("agreement_begin")).status_code == 302
    for what in ("pdf", "docx", "text", "signature-party"):
        assert client.get(at("agreement_download", done, what)).status_code == 200
    assert client.get(at("agreement_download", done, "nothing")).status_code == 404


def test_from_the_form_to_the_signature(company, client):
    signed_in(client, company.personnel)
    new = reverse("agreements:agreement_create", args=[company.cn.pk])
    assert client.post(new, {"kind": "secrecy_clause", "person": "X"}).status_code == 422
    assert client.post(new, {"kind": "secrecy_clause"}).status_code == 422
    answer = client.post(new, {"kind": "secrecy_clause", "person": "E001"}, follow=True)
    row = Agreement.objects.get()
    for _step in range(6):
        if "/part/" not in answer.request["PATH_INFO"]:
            break
        form = answer.context["form"]
        data = {}
        for name in form.fields:
            value = form[name].value()
            data[name] = value if value not in (None, "") else _example(row, name, form.fields[name])
        answer = client.post(answer.request["PATH_INFO"], data, follow=True)
    row.refresh_from_db()
    assert examine(row).draft.whole, (examine(row).draft.missing_facts, examine(row).draft.missing_fields)
    client.post(at("agreement_offer", row), {"expected_version": row.version})
    row.refresh_from_db()
    assert row.state == "offered"

    signed_in(client, company.proposer)
    assert at("mine_detail", row) in client.get(at("mine")).text
    page = client.get(at("mine_detail", row))
    data = {"pdf_sha256": page.context["form"]["pdf_sha256"].value(), "read": "on", "password": PASSWORD}
    for wrong in (
        {"password": "wrong", "picture": picture_url(), "strokes": strokes_text()},
        {"picture": ""},
    ):
        assert client.post(at("mine_detail", row), {**data, **wrong}).status_code == 422
    drawn = {**data, "picture": picture_url(), "strokes": strokes_text()}
    assert client.post(at("mine_detail", row), drawn).status_code == 302
    taken = b"".join(client.get(at("mine_download", row, "pdf")).streaming_content)
    assert hashlib.sha256(taken).hexdigest() == data["pdf_sha256"]

    signed_in(client, company.legal)
    confirm = client.get(at("agreement_countersign", row))
    data = {"pdf_sha256": confirm.context["form"]["pdf_sha256"].value(), "password": PASSWORD}
    assert client.post(at("agreement_countersign", row), {**data, "password": "no"}).status_code == 422
    assert client.post(at("agreement_countersign", row), data).status_code == 302
    row.refresh_from_db()
    assert row.state == "in_force"


def _example(row, name, field):
    library = examine(row).library
    if name in library.facts:
        return [value for value, _label in field.choices if value][-1]
    example = library.fields[name].example
    return "\n".join(example) if isinstance(example, tuple) else getattr(example, "code", str(example))


def test_paper_refusal_and_witness_over_the_pages(company, client):
    signed_in(client, company.personnel)
    row = offered(company)
    data = {"expected_version": row.version, "signed_on": today_of(company.cn).isoformat()}
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.7 a scan")
    assert client.post(at("agreement_paper", row), data).status_code == 422
    assert client.post(at("agreement_paper", row), {**data, "scan-plain": scan}).status_code == 302
    row.refresh_from_db()
    assert row.state == "signed"
    pledge = offered(company, kind="exit_pledge")
    data = {"expected_version": pledge.version, "reader": "E003", "place": "会议室", "stated_reason": ""}
    same = {**data, "witness_one": "E002", "witness_two": "何清越"}
    assert client.post(at("agreement_refuse", pledge), same).status_code == 422
    seen = {**data, "witness_one": "E002", "witness_two": "E004"}
    assert client.post(at("agreement_refuse", pledge), seen).status_code == 302
    signed_in(client, company.colleague)
    link = reverse("agreements:witness", args=[pledge.refusal.witnesses.get(person__number="E002").pk])
    page = client.get(link)
    assert link in client.get(at("mine")).text
    data = {"pdf_sha256": page.context["form"]["pdf_sha256"].value(), "password": PASSWORD}
    assert client.post(link, data).status_code == 302
    assert client.get(link).status_code == 404


def test_revealing_needs_a_reason_and_shows_everything(company, client):
    signed_in(client, company.personnel)
    row = offered(company)
    assert client.post(at("agreement_reveal", row), {"purpose": ""}).status_code == 403
    answer = client.post(at("agreement_reveal", row), {"purpose": "核对证件"})
    assert "示例证件号" in answer.text
    assert answer["Cache-Control"] == "no-store"


WHO = {  # see the agreement, read its text, prepare, record paper, countersign, witness page of one's own
    "personnel": "yyyy--",
    "legal": "yyyyy-",
    "officer": "yyy---",
    "leader": "yy--y-",
    "owner": "y-----",
    "sales_owner": "------",
    "department_officer": "y-----",
    "foreign_officer": "------",
    "auditor": "y-----",
    "technician": "------",
    "counsel": "------",
    "colleague": "-----y",
    "proposer": "yy----",
}


def test_every_role_at_every_page(company, client):
    row = signed(company)
    pledge = offered(company, kind="exit_pledge")
    draft = drafted(company, person=company.seller.person, kind="secrecy_clause")
    pledge_row = refusal_record(
        actor=company.personnel,
        agreement=offered(company, kind="no_infringement_promise"),
        expected_version=4,
        refused=Refused(company.head.person, (company.colleague.person, company.seller.person), "会议室"),
    )
    witness = pledge_row.witnesses.get(person=company.colleague.person)
    pages = (
        at("agreement_detail", row),
        at("agreement_download", row, "pdf"),
        at("agreement_withdraw", row),
        at("agreement_paper", pledge),
        at("agreement_countersign", row),
        reverse("agreements:witness", args=[witness.pk]),
    )
    found = {}
    for name in WHO:
        signed_in(client, getattr(company, name))
        with nothing_drawn():
            statuses = [client.get(page).status_code for page in pages]
        assert set(statuses) <= {200, 403, 404}, (name, statuses)
        found[name] = "".join("y" if status == 200 else "-" for status in statuses)
        listed = {
            line["id"] for line in client.get(at("agreement_list")).context["listing"].rows().values("id")
        }
        assert (row.pk in listed) == (found[name][0] == "y"), name
    assert found == WHO
    assert draft.state == "draft"
