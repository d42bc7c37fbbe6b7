"""Visits of authorities: told what is secret before they see it, a receipt or two witnesses of a refusal."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
from django.urls import reverse
from tests.server.register.company import registered, signed_in, stored

from shoumi.server.accounts.gate import NotPermittedError, remembered_subjects
from shoumi.server.ledger.queries import entries_of
from shoumi.server.partners.models import AuthorityPaper, AuthorityVisit
from shoumi.server.partners.queries.authorities import authority_visits_visible_to
from shoumi.server.partners.services import authorities as services
from shoumi.server.partners.services import errors

WISH = {
    "authority": "示例市市场监督管理局",
    "subject": "产品质量监督检查",
    "officials": "检查员甲、检查员乙",
    "day": date(2026, 3, 1),
}


@remembered_subjects()
def opened(company, **changes) -> AuthorityVisit:
    wish = services.AuthorityWish(department=company.lab, **{**WISH, **changes})
    return services.authority_visit_open(actor=company.officer, wish=wish)


@remembered_subjects()
def entered(company, visit, *, secret=None, way="taken") -> AuthorityPaper:
    return services.authority_paper_add(
        actor=company.officer, visit=visit, title="工艺规程", way=way, copies=2, secret=secret
    )


@pytest.mark.requirement("BIZ-07")
def test_the_way_of_a_visit_from_the_notice_to_the_paper_that_comes_back(company):
    actor, visit = company.officer, opened(company, accompanied=[company.head.person])
    plain, secret = entered(company, visit), entered(company, visit, secret=registered(company))
    services.authority_paper_hand(actor=actor, paper=plain)
    with pytest.raises(errors.NoticeMissingError):
        services.authority_paper_hand(actor=actor, paper=secret)
    notice = services.authority_notice_give(actor=actor, visit=visit)
    with pytest.raises(errors.NoticeNothingError):
        services.authority_notice_give(actor=actor, visit=visit)
    services.authority_paper_hand(actor=actor, paper=secret)
    with pytest.raises(errors.HandoutError):
        services.authority_paper_hand(actor=actor, paper=secret)
    with pytest.raises(errors.ReceiptMissingError):
        services.authority_visit_close(actor=actor, visit=visit, expected_version=1)
    receipt = stored(actor, "回执.pdf", b"signed")
    services.authority_receipt_keep(actor=actor, notice=notice, file=receipt)
    with pytest.raises(errors.ReceiptError):
        services.authority_receipt_keep(actor=actor, notice=notice, file=receipt)
    services.authority_visit_close(actor=actor, visit=visit, expected_version=1)
    with pytest.raises(errors.AuthorityVisitClosedError):
        entered(company, visit)
    services.authority_paper_return(actor=actor, paper=secret)
    assert [entry.tag for entry in entries_of(visit.ledger_subject)] == [
        "partners:authority_visit:opened",
        "partners:authority_paper:handed",
        "partners:authority_notice:given",
        "partners:authority_paper:handed",
        "partners:authority_receipt:kept",
        "partners:authority_visit:closed",
        "partners:authority_paper:returned",
    ]


def test_a_refused_receipt_needs_its_reason_and_two_witnesses(company):
    actor, visit = company.officer, opened(company)
    entered(company, visit, secret=registered(company))
    notice = services.authority_notice_give(actor=actor, visit=visit)
    one, two = company.head.person, company.colleague.person
    for reason, seen in (("不签", [one]), ("", [one, two]), ("不签", [one, one])):
        with pytest.raises(errors.ReceiptError):
            services.authority_receipt_refuse(actor=actor, notice=notice, reason=reason, witnesses=seen)
    services.authority_receipt_refuse(actor=actor, notice=notice, reason="称无权签收", witnesses=[one, two])
    closed = services.authority_visit_close(actor=actor, visit=visit, expected_version=1)
    assert closed.closed_at
    for who in (company.seller, company.auditor, company.leader):
        with pytest.raises(NotPermittedError):
            services.authority_visit_open(
                actor=who, wish=services.AuthorityWish(department=company.lab, **WISH)
            )


@pytest.mark.requirement("BIZ-07")
def test_a_visit_goes_through_its_pages_and_the_notice_says_what_is_secret(company, client):
    secret = registered(company)
    signed_in(client, company.officer)
    values = {**WISH, "department": company.lab.pk, "accompanied": [company.head.person.pk]}
    assert client.get(reverse("partners:authority_create")).status_code == 200
    home = client.post(reverse("partners:authority_create"), values).url
    visit = AuthorityVisit.objects.get()
    paper = reverse("partners:authority_paper_create", args=[visit.pk])
    client.post(paper, {"title": "工艺规程", "secret": secret.pk, "way": "copied", "copies": 1})
    item = visit.papers.get()
    hand = reverse("partners:authority_paper_hand", args=[item.pk])
    client.post(hand)
    item.refresh_from_db()
    assert item.handed_at is None, "the notice comes first"
    client.post(reverse("partners:notice_give", args=[visit.pk]))
    notice = visit.notices.get()
    answer = client.get(reverse("partners:notice_file", args=[notice.pk, "notice"]))
    pdf = pypdfium2.PdfDocument(io.BytesIO(b"".join(answer.streaming_content)))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    for words in ("涉密事项告知书", "示例市市场监督管理局", "工艺规程", "重要商密"):
        assert words in text
    client.post(hand)
    signed = {"file": str(stored(company.officer, "回执.pdf", b"signed").pk)}
    assert client.post(reverse("partners:receipt_create", args=[notice.pk]), signed).status_code == 302
    assert client.get(reverse("partners:receipt_refuse", args=[notice.pk])).status_code == 200
    client.post(reverse("partners:authority_close", args=[visit.pk]))
    assert "检查员甲" in client.get(home).content.decode()
    assert client.get(reverse("partners:authority_list")).status_code == 200
    signed_in(client, company.leader)
    page = client.get(home).content.decode()
    assert "检查员甲" not in page, "officials are masked for who only reads"
    assert client.get(reverse("partners:notice_file", args=[notice.pk, "receipt"])).status_code == 403
    signed_in(client, company.seller)
    assert client.get(home).status_code == 403
    assert not authority_visits_visible_to(company.seller).exists()
