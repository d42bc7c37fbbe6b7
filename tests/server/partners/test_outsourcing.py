"""Nothing is outsourced before its risks are assessed, the papers are there and a second person agrees."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.server.partners.outside import PARTS, assessed, contractor
from tests.server.register.company import signed_in, stored
from tests.server.register.operations_company import agreement, drafted, marked

from shoumi.engine.jurisdiction.outsiders import load_outsiders
from shoumi.server.accounts.gate import NotPermittedError, remembered_subjects
from shoumi.server.ledger.queries import entries_of
from shoumi.server.partners.models import Assessment, Outsourcing, SelfCheck
from shoumi.server.partners.queries.outsourcing import AssessmentMissingError, outsourcings_visible_to
from shoumi.server.partners.services import errors
from shoumi.server.partners.services import outsourcing as services
from shoumi.server.partners.services.partners import FilingWish, agreement_file
from shoumi.server.people.services.editing import FieldMissingError
from shoumi.server.register.queries.operations.obstacles import obstacles

QUESTIONS = load_outsiders("cn").assessment.questions
WISH = services.OutsourcingWish(
    "会员名册录入", "姓名、电话、购买记录", "thousands", "上海机房", date(2026, 3, 2)
)


@remembered_subjects()
def answered(company, partner, *, leave_out=(), grade="yes") -> Assessment:
    """Return an assessment whose questions are answered, with one paper for all."""
    assessment = services.assessment_begin(actor=company.owner, partner=partner, scope="名册录入")
    paper = stored(company.owner, "合同草案.pdf", b"draft")
    for item in QUESTIONS:
        proof = paper if item.proof and item.id not in leave_out else None
        services.assessment_answer(
            actor=company.owner, assessment=assessment, question=item.id, grade=grade, proof=proof
        )
    assessment.refresh_from_db()
    return assessment


def submit(company, assessment) -> Assessment:
    return services.assessment_submit(
        actor=company.owner, assessment=assessment, expected_version=assessment.version
    )


def decide(assessment, actor, **more) -> Assessment:
    given = {"is_agreed": True, "reason": "", "valid_until": date(2027, 3, 1), **more}
    return services.assessment_decide(
        actor=actor, assessment=assessment, expected_version=assessment.version, **given
    )


@pytest.mark.requirement("JPN-07")
def test_no_contract_and_no_disclosure_before_a_second_person_agrees(company):
    partner = contractor(company)
    signed = agreement(company, partner.third_party)
    operation = drafted(company, marked(company), "disclose", third_party=partner.third_party.pk)
    filing = FilingWish(number="", form="own", **PARTS)
    with pytest.raises(errors.OutsourcingUnassessedError):
        agreement_file(actor=company.owner, partner=partner, agreement=signed, wish=filing)
    kinds = {type(item) for item in obstacles(operation, operation.lines.all())}
    assert AssessmentMissingError in kinds
    assessment = answered(company, partner, leave_out=["devices"])
    with pytest.raises(errors.AssessmentOpenError) as refused:
        submit(company, assessment)
    assert refused.value.fields == {"questions": 0, "papers": 1}
    paper = stored(company.owner, "现场照片.png")
    services.assessment_answer(
        actor=company.owner, assessment=assessment, question="devices", grade="yes", proof=paper
    )
    assessment.refresh_from_db()
    assessment = submit(company, assessment)
    assert assessment.score == 100
    for who in (company.owner, company.department_officer, company.auditor, company.seller):
        with pytest.raises(NotPermittedError):
            decide(assessment, who)
    assert decide(assessment, company.legal).state == Assessment.State.AGREED
    agreement_file(actor=company.owner, partner=partner, agreement=signed, wish=filing)
    assert not obstacles(operation, operation.lines.all())
    tags = [entry.tag.split(":")[1:] for entry in entries_of(partner.ledger_subject)]
    assert tags[-3:] == [["assessment", "submitted"], ["assessment", "decided"], ["agreement", "filed"]]


def test_a_low_score_needs_a_reason_and_a_refusal_binds(company):
    partner = contractor(company)
    assessment = submit(company, answered(company, partner, grade="no"))
    assert assessment.score == 0
    with pytest.raises(errors.AssessmentStateError):
        services.assessment_begin(actor=company.owner, partner=partner, scope="另一项")
    for given in ({"is_agreed": True}, {"is_agreed": False}):
        with pytest.raises(FieldMissingError):
            decide(assessment, company.legal, **given)
    assert decide(assessment, company.legal, is_agreed=False, reason="风险过高").valid_until is None
    with pytest.raises(errors.OutsourcingUnassessedError):
        services.outsourcing_record(actor=company.owner, partner=partner, wish=WISH)
    row = Assessment.objects.get()
    row.decided_by = row.assessed_by
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.requirement("JPN-14")
def test_the_register_of_outsourced_personal_data_ends_with_the_proof_of_return(company, client):
    partner = contractor(company)
    assessed(company, partner, until=date(2026, 3, 2))
    row = services.outsourcing_record(actor=company.owner, partner=partner, wish=WISH)
    signed_in(client, company.owner)
    page = client.get(reverse("partners:outsourcing_list")).content.decode()
    assert "姓名、电话、购买记录" in page
    end = reverse("partners:outsourcing_end", args=[row.pk])
    assert client.post(end, {"day": "2026-03-01", "returned": ""}).status_code == 422
    client.post(end, {"day": "2026-03-01", "returned": "删除证明 2026-03-01"})
    assert client.post(end, {"day": "2026-03-01", "returned": "再次"}).status_code == 422
    row.refresh_from_db()
    assert row.returned == "删除证明 2026-03-01"
    new = reverse("partners:outsourcing_create", args=[partner.pk])
    late = {"purpose": "x", "kinds": "y", "number": "more", "where": "z", "starts_on": "2026-05-01"}
    assert client.post(new, late).status_code == 422, "the assessment has run out by then"
    assert Outsourcing.objects.count() == 1
    assert outsourcings_visible_to(company.auditor).get() == row
    assert not outsourcings_visible_to(company.seller).exists()


@pytest.mark.requirement("JPN-11")
def test_the_self_check_names_the_items_that_cross_the_line(company, client):
    partner = contractor(company)
    items = [item.id for item in load_outsiders("cn").self_check.items]
    signed_in(client, company.owner)
    address = client.get(reverse("partners:self_check", args=[partner.pk, "begin"])).url
    for _step in range(3):
        form = client.get(address).context["form"]
        values = {name: "no" if name == "A2" else "yes" for name in form.fields if name != "note"}
        address = client.post(address, values).url
        if address == partner.get_absolute_url():
            break
    check = SelfCheck.objects.get()
    assert check.failing == ["A2"]
    assert set(check.answers) == set(items)
    assert "A2" in client.get(address).content.decode()
    signed_in(client, company.leader)
    assert client.get(reverse("partners:self_check", args=[partner.pk, "begin"])).status_code == 403


def test_an_assessment_goes_through_its_pages(company, client):
    partner = contractor(company)
    signed_in(client, company.owner)
    home = client.post(reverse("partners:assessment_create", args=[partner.pk]), {"scope": "名册录入"}).url
    assessment = Assessment.objects.get()
    answer = reverse("partners:assessment_answer", args=[assessment.pk, "need"])
    assert client.get(answer).status_code == 200
    client.post(answer, {"grade": "partly", "note": "部分"})
    unknown = reverse("partners:assessment_answer", args=[assessment.pk, "weather"])
    assert client.post(unknown, {"grade": "yes"}).status_code == 422
    client.post(reverse("partners:assessment_submit", args=[assessment.pk]))
    page = client.get(home).content.decode()
    assert "経済産業省" in page, "the benchmark with its source"
    assessment.refresh_from_db()
    assert assessment.state == Assessment.State.DRAFT
    assert client.get(reverse("partners:assessment_decide", args=[assessment.pk])).status_code == 403
    signed_in(client, company.leader)
    assert client.get(home).status_code == 200
    assert client.get(reverse("partners:assessment_decide", args=[assessment.pk])).status_code == 200
    assert client.get(answer).status_code == 403
    signed_in(client, company.seller)
    assert client.get(home).status_code == 403
