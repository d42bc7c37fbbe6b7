"""The pages of scans and findings: who gets in, what they show masked, and what each reveal leaves behind."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client
from tests.server.documents.scanning import EXCERPT, LETTER, filled, indexed, of, run_next, scanned
from tests.server.register.company import signed_in

from shoumi.server.documents.models import Index, MatchException, Scan, ScanPlan
from shoumi.server.ledger.queries import entries_of, entry_details
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.register.models import TradeSecret

HTMX = {"HX-Request": "true"}


@pytest.fixture
def scan(company, share):
    filled(share)
    indexed(company)
    return scanned(company)


def browser(company, who):
    return signed_in(Client(), getattr(company, who))


def letter(scan):
    return of(scan, kind="fingerprint", file__path="研发/信.txt").get()


def test_who_sees_scans_and_who_findings(company, scan):
    for who, scans, findings in [
        ("officer", 200, 200),
        ("auditor", 200, 200),
        ("technician", 200, 403),
        ("owner", 403, 200),
        ("legal", 403, 200),
        ("proposer", 403, 403),
        ("leader", 403, 403),
        ("counsel", 403, 403),
    ]:
        client = browser(company, who)
        for path in ("scans/", "scans/repeated/", f"scans/{scan.pk}/", f"scans/{scan.pk}/files/"):
            assert client.get(f"/documents/{path}").status_code == scans, (who, path)
        for path in ("findings/", "exceptions/", f"findings/{letter(scan).pk}/"):
            assert client.get(f"/documents/{path}").status_code == findings, (who, path)


def test_other_departments_and_companies_see_nothing_of_it(company, scan):
    match = letter(scan)
    for who in ("sales_owner", "foreign_officer"):
        client = browser(company, who)
        assert "研发/信.txt" not in client.get("/documents/findings/").content.decode()
        for path in ("", "context/", "propose/"):
            assert client.get(f"/documents/findings/{match.pk}/{path}").status_code == 403
        for path in ("reveal/", "harmless/"):
            assert client.post(f"/documents/findings/{match.pk}/{path}", {"purpose": "x"}).status_code == 403
    assert not [e for e in entries_of(match.ledger_subject) if e.tag == LedgerTag.DOCUMENTS_MATCH_REVEALED]


def test_a_technician_sees_counts_and_paths_and_no_finding(company, scan):
    client = browser(company, "technician")
    page = client.get(f"/documents/scans/{scan.pk}/").content.decode()
    assert str(scan.matches_count) in page
    assert "documents/findings" not in page
    assert "陶瓷" not in page
    files = client.get(f"/documents/scans/{scan.pk}/files/").content.decode()
    assert "研发/信.txt" in files
    assert "documents/findings" not in files
    assert client.get(f"/documents/scans/{scan.pk}/delete/").status_code == 403


def test_a_scan_is_begun_stopped_and_shown_while_it_runs(company, share):
    filled(share)
    indexed(company)
    client = browser(company, "technician")
    form = client.get("/documents/scans/new/").content.decode()
    index = Index.objects.get(kind="secrets")
    assert f'value="{index.pk}"' in form
    sent = {
        "entity": company.cn.pk, "share": "公共盘", "below": "研发", "every": "week",
        "indexes": [index.pk], "packs": ["cn", "jp"],
    }  # fmt: skip
    answer = client.post("/documents/scans/new/", sent)
    scan = Scan.objects.get()
    assert answer.headers["Location"] == f"/documents/scans/{scan.pk}/"
    assert (scan.below, scan.packs, scan.index_ids) == ("研发", ["cn", "jp"], [str(index.pk)])
    assert 'hx-trigger="every 2s"' in client.get(answer.headers["Location"]).content.decode()
    client.post(f"/documents/scans/{scan.pk}/stop/")
    client.post(f"/documents/scans/{scan.pk}/resume/")
    run_next()
    part = client.get(answer.headers["Location"], headers=HTMX).content.decode()
    assert part.lstrip().startswith("<div")
    assert "every 2s" not in part
    scan.refresh_from_db()
    assert (scan.state, scan.files) == (Scan.State.DONE, 2)
    plan = ScanPlan.objects.get()
    client.post("/documents/scans/repeated/", {"do": "bulk", "action": "end", "chosen": [str(plan.pk)]})
    plan.refresh_from_db()
    assert plan.ended_at is not None
    client.post(f"/documents/scans/{scan.pk}/archive/")
    assert str(scan.pk) not in client.get("/documents/scans/").content.decode()
    assert str(scan.pk) in client.get("/documents/scans/?archived=1").content.decode()


def test_wrong_wishes_are_told_beside_their_field(company, share):
    client = browser(company, "officer")
    plain = io.BytesIO(b"x")
    plain.name = "a.txt"
    faulty = io.BytesIO(b"rules: [")
    faulty.name = "rules.yaml"
    entity = company.cn.pk
    for sent, field in [
        ({"entity": entity, "packs": ["cn"]}, "__all__"),
        ({"entity": entity, "share": "公共盘"}, "__all__"),
        ({"entity": entity, "share": "公共盘", "below": "..", "packs": ["cn"]}, "below"),
        ({"entity": entity, "every": "day", "packs": ["cn"], "files-plain": plain}, "every"),
        ({"entity": entity, "share": "公共盘", "packs": ["cn"], "files-plain": plain}, "files"),
        ({"entity": entity, "share": "公共盘", "packs": ["cn"], "policy": faulty}, "policy"),
        ({"entity": company.jp.pk, "share": "公共盘", "packs": ["cn"]}, "entity"),
    ]:
        plain.seek(0)
        page = client.post("/documents/scans/new/", sent)
        assert page.status_code == 422
        assert list(page.context["form"].errors) == [field]
    assert not Scan.objects.exists()


def test_the_context_is_masked_and_each_reveal_leaves_a_trace(company, scan):
    match = letter(scan)
    client = browser(company, "owner")
    page = client.get(f"/documents/findings/{match.pk}/").content.decode()
    context = client.get(f"/documents/findings/{match.pk}/context/", headers=HTMX).content.decode()
    for shown in (page, context):
        assert EXCERPT[8:20] not in shown
    assert "▒" in context
    assert client.post(f"/documents/findings/{match.pk}/reveal/", {"purpose": ""}).status_code == 422
    revealed = client.post(f"/documents/findings/{match.pk}/reveal/", {"purpose": "核对外发"})
    assert EXCERPT[8:20] in revealed.content.decode()
    assert revealed.headers["Cache-Control"] == "no-store"
    entries = entries_of(match.ledger_subject)
    (entry,) = [entry for entry in entries if entry.tag == LedgerTag.DOCUMENTS_MATCH_REVEALED]
    assert entry.actor == company.owner.ledger_actor
    assert "核对外发" in {str(item.value) for item in entry_details(entry)}
    for who in ("auditor", "department_officer"):
        refused = browser(company, who).post(f"/documents/findings/{match.pk}/reveal/", {"purpose": "x"})
        assert refused.status_code == 403


def test_a_file_that_changed_since_is_never_shown(company, scan, share, tmp_path):
    path, address = share / "研发" / "信.txt", f"/documents/findings/{letter(scan).pk}/reveal/"
    (tmp_path / "elsewhere").write_text(LETTER, encoding="utf-8")
    client = browser(company, "owner")
    for change in (
        lambda: path.write_text("换过的内容 " + LETTER, encoding="utf-8"),
        path.unlink,
        lambda: path.symlink_to(tmp_path / "elsewhere"),
    ):
        change()
        page = client.post(address, {"purpose": "x"}).content.decode()
        assert EXCERPT[8:20] not in page
        assert "alert-warning" in page


def test_an_exception_goes_its_way_over_the_pages(company, scan):
    match = letter(scan)
    owner, officer = browser(company, "owner"), browser(company, "officer")
    sent = {"scope": "folder", "reason": "已授权", "expires_on": "2026-03-31"}
    wrong = owner.post(f"/documents/findings/{match.pk}/harmless/", {**sent, "expires_on": "2020-01-01"})
    assert wrong.status_code == 422
    owner.post(f"/documents/findings/{match.pk}/harmless/", sent)
    row = MatchException.objects.get()
    assert str(row.pk) in officer.get("/documents/exceptions/?state=proposed").content.decode()
    address = f"/documents/exceptions/{row.pk}/"
    assert "decide/" not in owner.get(address).content.decode()
    assert "研发/旧.zip" in officer.get(address).content.decode()
    assert owner.post(f"{address}decide/", {"agree": "yes"}).status_code == 403
    officer.post(f"{address}decide/", {"agree": "yes", "answer": "同意"})
    page = officer.get(f"/documents/findings/{match.pk}/").content.decode()
    assert str(company.officer) in page
    assert "harmless/" not in page
    assert "研发/信.txt" not in officer.get("/documents/findings/?open=1").content.decode()
    assert "研发/信.txt" in officer.get("/documents/findings/?excepted=1").content.decode()
    without = "不计例外：提醒"
    shown = (f"scans/{scan.pk}/files/", f"findings/{match.pk}/", "findings/?excepted=1")
    assert [without in officer.get(f"/documents/{path}").content.decode() for path in shown] == [True] * 3
    assert f"{row.covered} 项例外" in officer.get("/documents/scans/").content.decode()
    officer.post(f"{address}end/")
    assert [without in officer.get(f"/documents/{path}").content.decode() for path in shown] == [False] * 3
    assert "项例外" not in officer.get("/documents/scans/").content.decode()
    assert "研发/信.txt" in officer.get("/documents/findings/?open=1").content.decode()


def test_findings_are_exported_masked_by_those_who_may(company, scan):
    for who, status in [("officer", 200), ("legal", 200), ("owner", 403), ("auditor", 403)]:
        answer = browser(company, who).post("/documents/findings/", {"do": "export", "form": "xlsx"})
        assert answer.status_code == status, who
    answer = browser(company, "officer").post("/documents/findings/?open=1", {"do": "export", "form": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == of(scan).count() + 1
    assert EXCERPT[8:20] not in str(rows)


def test_every_grouping_leads_to_its_rows(company, scan):
    client = browser(company, "officer")
    page = client.get(f"/documents/scans/{scan.pk}/")
    groupings = page.context["results"].groupings
    assert len(groupings) == 5
    for grouping in groupings:
        for line in grouping.lines:
            listing = client.get(line.url).context["listing"]
            assert listing.total == line.count, (grouping.title, line.label)


def test_a_proposal_begins_from_a_finding_with_its_file(company, scan):
    match = letter(scan)
    client = browser(company, "owner")
    before = TradeSecret.objects.count()
    address = f"/documents/findings/{match.pk}/propose/"
    assert client.get(address).status_code == 200
    assert TradeSecret.objects.count() == before
    answer = client.post(address, {"department": company.lab.pk, "national_security": "no"})
    secret = TradeSecret.objects.order_by("-created_at", "-pk").exclude(number__isnull=False).get()
    assert answer.headers["Location"] == f"/register/secrets/{secret.pk}/draft/1/"
    assert secret.name == "信"
    assert secret.files.get().file.sha256 == match.file.sha256
    assert LedgerTag.DOCUMENTS_MATCH_REVEALED in [e.tag for e in entries_of(match.ledger_subject)]


def test_whoever_may_not_reveal_proposes_without_the_file(company, scan):
    match = letter(scan)
    client = browser(company, "department_officer")
    answer = client.post(
        f"/documents/findings/{match.pk}/propose/",
        {"department": company.lab.pk, "national_security": "no"},
    )
    assert answer.status_code == 302
    secret = TradeSecret.objects.get(number__isnull=True)
    assert not secret.files.exists()
    assert LedgerTag.DOCUMENTS_MATCH_REVEALED not in [e.tag for e in entries_of(match.ledger_subject)]
