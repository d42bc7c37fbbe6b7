"""The pages of assurance: each opens for who may see it, is refused to others, and does what it says."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.register.company import Register, registered, signed_in, stored
from tests.server.remembering import founded

from shoumi.server.assurance.models import (
    EnterpriseProfile,
    LeaverStep,
    MeasureRecord,
    Risk,
    SelfInspection,
    SelfInspectionRow,
    WeightChange,
)
from shoumi.server.assurance.services.risks import Links, RiskValues, risk_create
from shoumi.server.assurance.services.snapshots import figures_count
from shoumi.server.people import services as people
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Carrier


@pytest.fixture
def company(db, fixed_clock):
    return founded(Register)


def risk_of(company, **changes):
    values = RiskValues(
        **{
            "title": "离职人员带走工艺卡",
            "channel": "C1",
            "harms": ("H1", "J1"),
            "likelihood": 3,
            "likelihood_reason": "两年内有三人离职",
            "impact": 5,
            "impact_reason": "竞争对手可直接使用",
            "owner": company.head.person,
            "review_on": today_of(company.cn) + timedelta(days=90),
            **changes,
        }
    )
    return risk_create(actor=company.officer, entity=company.cn, values=values)


def get(client, name, *args, query="", status=200):
    response = client.get(f"{reverse(name, args=args)}?{query}")
    assert response.status_code == status, (name, response.content[:400])
    return response.content.decode()


def test_every_page_opens(company, client):
    secret = registered(company)
    risk = risk_of(company, links=Links(secrets=(secret.pk,)))
    figures_count(company.cn)
    company.officer.language = "ja"
    company.officer.save()
    signed_in(client, company.officer)
    for name in (
        "cockpit",
        "score_list",
        "weights",
        "measure_list",
        "leaver_list",
        "risk_list",
        "risk_import",
    ):
        get(client, f"assurance:{name}")
    get(client, "assurance:self_inspection_list")
    get(client, "assurance:enterprise_profile")
    page = get(client, "assurance:score_detail", secret.pk)
    assert str(secret.number) in page
    get(client, "assurance:score_detail", secret.pk, query="day=2020-01-01")
    get(client, "assurance:score_detail", secret.pk, query="day=nonsense")
    assert risk.title in get(client, "assurance:risk_detail", risk.pk)
    for part in ("what", "grade", "treatment", "links"):
        get(client, "assurance:risk_create", part)
        get(client, "assurance:risk_change", risk.pk, part)
    for part in ("for", "what", "grade"):
        get(client, "assurance:measure_create", part)
    get(client, "assurance:risk_review", risk.pk)
    get(client, "assurance:risk_create", "nowhere", status=404)


@pytest.mark.parametrize("who", ["seller", "technician", "counsel", "proposer"])
def test_who_has_no_business_here_is_refused(company, client, who):
    secret = registered(company)
    risk = risk_of(company)
    figures_count(company.cn)
    signed_in(client, getattr(company, who))
    for name, args in (
        ("cockpit", ()),
        ("score_detail", (secret.pk,)),
        ("risk_detail", (risk.pk,)),
        ("risk_create", ("what",)),
        ("measure_create", ("for",)),
        ("self_inspection_list", ()),
        ("weights", ()),
    ):
        response = client.get(reverse(f"assurance:{name}", args=args))
        assert response.status_code in (403, 404), name
    for name in ("score_list", "risk_list", "measure_list"):
        page = client.get(reverse(f"assurance:{name}")).content.decode()
        assert risk.title not in page
        assert str(secret.number) not in page


def test_a_risk_is_registered_part_by_part(company, client):
    secret = registered(company)
    signed_in(client, company.officer)
    parts = {
        "what": {"title": "供应商泄露图纸", "channel": "C4", "harms": ["H1", "H2"], "department": ""},
        "grade": {
            "likelihood": 4, "likelihood_reason": "图纸外发频繁", "impact": 4, "impact_reason": "可复制",
        },
        "treatment": {
            "treatment": "reduce", "measures": "签订保密协议", "owner": str(company.head.person.pk),
            "review_on": "2026-09-01", "state": "open",
        },
        "links": {"secrets": [str(secret.pk)], "partners": "示例供应商\n示例客户"},
    }  # fmt: skip
    for part, values in parts.items():
        response = client.post(reverse("assurance:risk_create", args=[part]), values)
        assert response.status_code == 302, response.content.decode()[-3000:]
    risk = Risk.objects.get()
    assert response.url == risk.get_absolute_url()
    assert (risk.number, risk.product, risk.harms) == (1, 16, ["H1", "H2"])
    assert sorted(str(link.target) for link in risk.links.all()) == sorted(
        [str(secret), "示例供应商", "示例客户"]
    )
    response = client.post(
        reverse("assurance:risk_change", args=[risk.pk, "what"]), {**parts["what"], "title": "改"}
    )
    assert Risk.objects.get().title == "供应商泄露图纸", "nothing is saved before the last part"


def test_a_part_that_is_wrong_says_so_and_keeps_nothing(company, client):
    signed_in(client, company.officer)
    response = client.post(reverse("assurance:risk_create", args=["what"]), {"title": "", "channel": "C9"})
    assert response.status_code == 422
    response = client.post(reverse("assurance:risk_create", args=["links"]), {"partners": "x"})
    assert response.url.endswith("/risks/new/what/?entity=SM"), "an earlier part is still missing"
    assert not Risk.objects.exists()


def test_a_measure_is_recorded_with_its_file_and_withdrawn(company, client):
    registered(company)
    signed_in(client, company.officer)
    proof = stored(company.officer, "协议.pdf", b"signed")
    parts = {
        "for": {"proof": "K1.staff", "department": "", "secret": "", "carrier": ""},
        "what": {"text": "与全体研发人员签订", "happened_on": "2026-03-01", "covered": 9, "needed": 10,
                 "file": str(proof.pk)},
        "grade": {"party": "staff", "lived": 90, "lived_reason": "抽查", "recognisable": "",
                  "recognisable_reason": ""},
    }  # fmt: skip
    for part, values in parts.items():
        response = client.post(reverse("assurance:measure_create", args=[part]), values)
        assert response.status_code == 302, response.content.decode()[-3000:]
    record = MeasureRecord.objects.get()
    assert (record.covered, record.needed, record.lived, record.file_id) == (9, 10, 90, proof.pk)
    get(client, "assurance:measure_detail", record.pk)
    get(client, "assurance:measure_withdraw", record.pk)
    address = reverse("assurance:measure_withdraw", args=[record.pk])
    client.post(address, {"expected_version": record.version, "reason": "协议被替换"})
    record.refresh_from_db()
    assert record.withdrawn_reason == "协议被替换"


def test_weights_are_proposed_and_confirmed_on_the_page(company, client):
    signed_in(client, company.legal)
    address = reverse("assurance:weights")
    response = client.post(address, {"key": "K4", "value": 70, "reason": "隔离是本行业的惯例"})
    assert response.status_code == 302
    change = WeightChange.objects.get()
    assert client.post(reverse("assurance:weight_confirm", args=[change.pk])).status_code == 403
    signed_in(client, company.leader)
    assert client.post(reverse("assurance:weight_confirm", args=[change.pk])).status_code == 302
    assert "隔离是本行业的惯例" in get(client, "assurance:weights")


def test_steps_of_a_leaver_are_ticked_off(company, client, fixed_clock):
    engagement = company.colleague.person.engagements.get()
    fixed_clock.advance(timedelta(days=1))
    people.engagement_end(
        actor=company.hr, engagement=engagement, expected_version=engagement.version,
        ends_on=today_of(company.cn), reason="resigned",
    )  # fmt: skip
    signed_in(client, company.officer)
    assert "0/5" in get(client, "assurance:leaver_list")
    address = reverse("assurance:leaver_detail", args=[engagement.pk])
    client.post(address, {"step": "return", "done_on": "2026-03-02", "text": "已归还工艺卡"})
    assert LeaverStep.objects.get().step == "return"
    assert "已归还工艺卡" in get(client, "assurance:leaver_detail", engagement.pk)


def test_the_cockpit_leads_from_each_number_to_its_rows(company, client):
    secret = registered(company)
    risk_of(company, likelihood=5)
    figures_count(company.cn)
    signed_in(client, company.officer)
    page = get(client, "assurance:cockpit")
    data = json.loads(page.split('id="cockpit-data" type="application/json">')[1].split("</script>")[0])
    links = {cell["url"] for cell in data["cells"] if cell["percent"] is not None}
    assert links
    for link in links:
        assert str(secret.number) in client.get(link).content.decode()
    for address in ("risks/?high=1", "register/?marks=1"):
        assert address in page


def test_the_cockpit_of_a_department_shows_that_department(company, client):
    registered(company)
    figures_count(company.cn)
    signed_in(client, company.owner)
    page = get(client, "assurance:cockpit")
    assert str(company.rd) in page
    get(client, "assurance:cockpit", query=f"department={company.sales.pk}", status=404)
    get(client, "assurance:cockpit", query="department=x", status=404)
    get(client, "assurance:cockpit", query="entity=SJ", status=404)
    assert client.post(reverse("assurance:report")).status_code == 403
    assert client.post(reverse("assurance:cockpit_count")).status_code == 403


@pytest.mark.requirement("GEN-16")
def test_the_self_inspection_from_the_first_row_to_the_package(company, client):
    secret = registered(company)
    signed_in(client, company.officer)
    client.post(reverse("assurance:enterprise_profile"), {"demonstration": "on", "since": "2026-01-01"})
    assert EnterpriseProfile.objects.get().demonstration
    response = client.post(reverse("assurance:self_inspection_start"))
    run = SelfInspection.objects.get()
    assert response.url == run.get_absolute_url()
    assert run.demonstration
    assert run.rows.count() == 217
    page = get(client, "assurance:self_inspection_detail", run.pk)
    assert "GEN-01" in page
    assert "ZON-17" in page
    assert "GEN-01" not in get(client, "assurance:self_inspection_detail", run.pk, query="group=ZON")
    row = run.rows.get(row="CPU-11")
    assert row.result == SelfInspectionRow.Result.ASK
    address = reverse("assurance:row_judge", args=[run.pk, "CPU-11"])
    get(client, "assurance:row_judge", run.pk, "CPU-11")
    get(client, "assurance:row_judge", run.pk, "ZZZ-99", status=404)
    assert client.post(address, {"result": "shown", "reason": "专线"}).status_code == 422, "no proof"
    proof = stored(company.officer, "专线合同.txt", b"line")
    response = client.post(address, {"result": "shown", "reason": "专线", "file": str(proof.pk)})
    assert response.status_code == 302
    response = client.post(
        reverse("assurance:self_inspection_freeze", args=[run.pk]), {"expected_version": 1}
    )
    run.refresh_from_db()
    assert run.state == SelfInspection.State.FROZEN
    assert len(run.sha256) == 64
    assert client.post(address, {"result": "gap", "reason": "x"}).status_code == 422
    response = client.post(
        reverse("assurance:self_inspection_package", args=[run.pk]), {"language": "zh-hans"}
    )
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    assert {"report.pdf", "checklist.xlsx", "evidence-index.json", "run.json", "SHA256SUMS"} <= set(
        archive.namelist()
    )
    assert archive.read("proofs/CPU-11-专线合同.txt") == b"line"
    index = json.loads(archive.read("evidence-index.json"))
    assert index["sha256_of_the_frozen_run"] == run.sha256
    assert index["demonstration_enterprise_trial"] is True
    named = {item["row"]: item for item in index["rows"]}
    assert named["CPU-11"]["sha256"] == proof.sha256
    assert secret.name not in archive.read("evidence-index.json").decode()
    Carrier.objects.filter(secret=secret).update(place="", keeper=None)
    client.post(reverse("assurance:self_inspection_start"))
    second = SelfInspection.objects.get(state="open")
    page = get(client, "assurance:self_inspection_detail", second.pk, query="change=1")
    assert "CAR-02" in page
    assert client.post(reverse("assurance:self_inspection_start")).status_code == 302
    assert SelfInspection.objects.count() == 2, "one run is open at a time"


def test_an_auditor_reads_a_run_and_changes_nothing(company, client):
    registered(company)
    signed_in(client, company.officer)
    client.post(reverse("assurance:self_inspection_start"))
    run = SelfInspection.objects.get()
    signed_in(client, company.auditor)
    get(client, "assurance:self_inspection_detail", run.pk)
    for name in ("self_inspection_freeze", "self_inspection_refill"):
        address = reverse(f"assurance:{name}", args=[run.pk])
        assert client.post(address, {"expected_version": 1}).status_code == 403
    address = reverse("assurance:row_judge", args=[run.pk, "GEN-01"])
    assert client.post(address, {"result": "gap", "reason": "x"}).status_code == 403
    run.refresh_from_db()
    assert (run.state, run.version) == ("open", 1)
    signed_in(client, company.foreign_officer)
    assert client.get(run.get_absolute_url()).status_code == 403


@pytest.mark.requirement("ORG-05")
def test_a_gap_becomes_a_finding_that_somebody_puts_right(company, client):
    registered(company)
    signed_in(client, company.officer)
    client.post(reverse("assurance:self_inspection_start"))
    run = SelfInspection.objects.get()
    address = reverse("assurance:row_put_right", args=[run.pk, "MRK-04"])
    get(client, "assurance:row_put_right", run.pk, "MRK-04")
    values = {
        "department": str(company.lab.pk), "owner": str(company.head.person.pk), "due_on": "2026-04-01",
        "weight": "major",
    }  # fmt: skip
    assert client.post(address, values).status_code == 302
    finding = run.rows.get(row="MRK-04").finding
    assert (finding.owner, finding.state) == (company.head.person, "open")
    assert client.post(address, values).status_code == 422, "it is assigned already"
    shown = reverse("assurance:row_put_right", args=[run.pk, "GEN-01"])
    assert client.post(shown, values).status_code == 422, "nothing is missing there"
    other = reverse("assurance:row_put_right", args=[run.pk, "MRK-01"])
    client.post(other, values)
    run.refresh_from_db()
    assert run.inspection.findings.count() >= 1
    client.post(reverse("assurance:self_inspection_refill", args=[run.pk]), {"expected_version": 1})
    assert run.rows.get(row="MRK-04").finding == finding
    signed_in(client, company.auditor)
    assert client.post(address, values).status_code == 403
