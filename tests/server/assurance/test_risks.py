"""The risk register: what it links to, who keeps it, its history, and its way through a spreadsheet."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from tests.server.register.company import Register, draft, registered, stored
from tests.server.remembering import founded

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.assurance.models import Risk
from shoumi.server.assurance.queries.grades import score_on
from shoumi.server.assurance.queries.risks import risks_visible_to
from shoumi.server.assurance.services.risk_tables import RiskTableError, risks_export, risks_import
from shoumi.server.assurance.services.risks import (
    Links,
    RiskChangedError,
    RiskLinkError,
    RiskReasonError,
    RiskValueError,
    RiskValues,
    risk_change,
    risk_create,
    risk_review,
)
from shoumi.server.ledger.queries import entries_of
from shoumi.server.ledger.services import clock
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone


@pytest.fixture
def company(db, fixed_clock):
    return founded(Register)


def values_of(company, **changes):
    values = RiskValues(
        title="供应商泄露图纸",
        channel="C4",
        likelihood=3,
        likelihood_reason="图纸外发",
        impact=4,
        impact_reason="可复制",
        owner=company.head.person,
        review_on=date(2026, 9, 1),
        harms=("H1", "H2"),
    )
    return replace(values, **changes)


@pytest.mark.requirement("GEN-15")
def test_a_risk_is_linked_to_secrets_zones_posts_and_partners(company):
    secret = registered(company)
    zone = Zone.objects.create(
        entity=company.cn, code="Z1", name="样品室", kind="secret", level=2, created_at=clock().now()
    )
    links = Links((secret.pk,), (zone.pk,), (company.engineer.pk,), ("示例供应商",))
    risk = risk_create(actor=company.officer, entity=company.cn, values=values_of(company, links=links))
    assert {link.kind: str(link.target) for link in risk.links.all()} == {
        "secret": str(secret), "zone": str(zone), "post": str(company.engineer), "partner": "示例供应商",
    }  # fmt: skip
    proof = score_on(company.cn, today_of(company.cn), secret.pk)[1].secret.proofs["K7.risk"]
    assert (proof.have, proof.lived, proof.recognisable) == (1, 1.0, 1.0)
    assert [entry.tag for entry in entries_of(risk.ledger_subject)] == ["assurance:risk:created"]


@pytest.mark.requirement("GEN-04")
def test_what_is_not_registered_cannot_be_linked(company):
    proposal = draft(company)
    foreign = Zone.objects.create(
        entity=company.jp, code="J1", name="試作室", kind="office", created_at=clock().now()
    )
    for links in (
        Links(secrets=(proposal.pk,)),
        Links(zones=(foreign.pk,)),
        Links(posts=(company.chief.pk,)),
    ):
        with pytest.raises(RiskLinkError):
            risk_create(actor=company.officer, entity=company.cn, values=values_of(company, links=links))
    assert not Risk.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"channel": "C9"}, RiskValueError),
        ({"harms": ("H9",)}, RiskValueError),
        ({"likelihood": 6}, RiskValueError),
        ({"impact": 0}, RiskValueError),
        ({"treatment": "hope"}, RiskValueError),
        ({"title": " "}, RiskValueError),
        ({"likelihood_reason": " "}, RiskReasonError),
        ({"impact_reason": ""}, RiskReasonError),
    ],
)
def test_codes_scales_and_reasons_are_asked_for(company, changes, error):
    with pytest.raises(error):
        risk_create(actor=company.officer, entity=company.cn, values=values_of(company, **changes))


def test_every_saved_state_is_kept(company):
    risk = risk_create(actor=company.officer, entity=company.cn, values=values_of(company))
    changed = values_of(company, likelihood=5, state="treated")
    risk_change(
        actor=company.second_officer, risk_id=risk.pk, expected_version=1, values=changed, reason="又有外发"
    )
    with pytest.raises(RiskChangedError):
        risk_change(actor=company.officer, risk_id=risk.pk, expected_version=1, values=values_of(company))
    risk_review(
        actor=company.officer, risk_id=risk.pk, expected_version=2, next_review=date(2027, 1, 1), note="如前"
    )
    risk.refresh_from_db()
    assert (risk.product, risk.version, risk.review_on) == (20, 3, date(2027, 1, 1))
    kept = [(row.ordinal, row.record["likelihood"], row.reason) for row in risk.versions.all()]
    assert kept == [(3, 5, "如前"), (2, 5, "又有外发"), (1, 3, "")]


def test_departments_keep_their_own_risks(company):
    own = values_of(company, department=company.rd)
    risk = risk_create(actor=company.owner, entity=company.cn, values=own)
    for values in (values_of(company), values_of(company, department=company.sales)):
        with pytest.raises(NotPermittedError):
            risk_create(actor=company.owner, entity=company.cn, values=values)
        with pytest.raises(NotPermittedError):
            risk_change(actor=company.owner, risk_id=risk.pk, expected_version=1, values=values)
    for who in ("sales_owner", "auditor", "legal", "technician", "seller", "foreign_officer", "head"):
        with pytest.raises(NotPermittedError):
            risk_change(actor=getattr(company, who), risk_id=risk.pk, expected_version=1, values=own)
    seen = {name for name, user in company.everybody.items() if risks_visible_to(user).exists()}
    assert seen == {
        "hr", "officer", "second_officer", "leader", "second_leader", "legal", "auditor", "owner",
        "department_officer", "head",
    }  # fmt: skip


def test_the_register_goes_out_and_comes_in_again(company):
    secret = registered(company)
    links = Links(secrets=(secret.pk,), partners=("甲公司", "乙公司"))
    risk_create(actor=company.officer, entity=company.cn, values=values_of(company, links=links))
    content = risks_export(actor=company.officer, rows=risks_visible_to(company.officer), file_format="xlsx")
    file = stored(company.officer, "risks.xlsx", content)
    taken, faults = risks_import(actor=company.officer, entity=company.cn, file=file)
    assert (taken, faults) == (1, [])
    first, second = Risk.objects.order_by("number")
    for name in ("title", "channel", "harms", "likelihood", "impact", "review_on", "owner_id", "treatment"):
        assert getattr(first, name) == getattr(second, name)
    assert sorted(str(link) for link in second.links.all()) == sorted(["甲公司", "乙公司", str(secret)])
    with pytest.raises(NotPermittedError):
        risks_export(actor=company.seller, rows=risks_visible_to(company.seller), file_format="xlsx")


def test_every_fault_of_a_table_is_told_and_nothing_is_written(company):
    risk_create(actor=company.officer, entity=company.cn, values=values_of(company))
    content = risks_export(actor=company.officer, rows=risks_visible_to(company.officer), file_format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    row = [cell.value for cell in sheet[2]]
    sheet.append(row)
    sheet.cell(3, heads["可能性"], 9)
    sheet.append(row)
    sheet.cell(4, heads["风险负责人工号"], "X999")
    stream = io.BytesIO()
    book.save(stream)
    file = stored(company.officer, "faulty.xlsx", stream.getvalue())
    taken, faults = risks_import(actor=company.officer, entity=company.cn, file=file)
    assert taken == 0
    assert len(faults) == 2
    assert all("!" in fault.cell for fault in faults)
    assert Risk.objects.count() == 1
    with pytest.raises(RiskTableError):
        risks_import(
            actor=company.officer,
            entity=company.cn,
            file=stored(company.officer, "other.csv", "甲,乙\n1,2\n".encode()),
        )


def test_reviews_that_are_late_are_not_lived(company, fixed_clock):
    secret = registered(company)
    values = values_of(company, links=Links(secrets=(secret.pk,)), review_on=date(2026, 3, 10))
    risk_create(actor=company.officer, entity=company.cn, values=values)
    fixed_clock.advance(timedelta(days=30))
    proof = score_on(company.cn, today_of(company.cn), secret.pk)[1].secret.proofs["K7.risk"]
    assert proof.lived == 0.0
