"""Over HTTP: a notice is delivered, the gate opens, a consent is withdrawn, the gate closes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shoumi.engine.jurisdiction.personal_data import Reason
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import clock
from shoumi.server.privacy.models import Consent, Delivery, Notice, Processing, Unmasking
from shoumi.server.privacy.queries.collecting import may_collect


def text(answer):
    return answer.content.decode()


def asked(company):
    return may_collect(company.watched.person, "sign-in", "protect-secrets", clock().now())


def record(company, legal, **changes):
    """Fill the three parts of a processing in."""
    answer = legal.get(reverse("privacy:processing_begin"))
    what = {
        "name": "登录记录", "purpose": "protect-secrets", "kinds": ["sign-in"], "basis": "consent",
        "basis_note": "员工手册", **changes,
    }  # fmt: skip
    answer = legal.post(answer.url, what)
    answer = legal.post(answer.url, {"departments": [company.lab.pk]})
    where = {
        "recipients": "保密办公室", "storage": "上海机房", "keep_months": 6,
        "legal_owner": company.legal.person.pk, "security_owner": company.technician.person.pk,
    }  # fmt: skip
    return legal.post(answer.url, where, follow=True)


def publish(legal, processing):
    """Fill the two parts of a notice in."""
    answer = legal.get(reverse("privacy:notice_begin"))
    about = {
        "title": "信息收集告知书", "processings": [processing.pk], "must_acknowledge": "on", "material": "on"
    }  # fmt: skip
    answer = legal.post(answer.url, about)
    return legal.post(answer.url, {"zh": "公司收集登录记录。", "en": "We collect sign-ins."}, follow=True)


@pytest.mark.requirement("WEC-01", "WEC-10", "WEC-12", "WEC-24")
def test_from_the_register_to_a_withdrawn_consent(company, browser):
    legal, person = browser(company.legal), browser(company.watched)
    assert "Processing register" in text(legal.get(reverse("privacy:processing_list")))
    page = record(company, legal)
    processing = Processing.objects.get()
    assert "No notice tells of it yet" in text(page)
    assert "the processing as a whole" in text(page)
    page = publish(legal, processing)
    notice = Notice.objects.get()
    assert "Not handed over yet" in text(page)
    page = browser(company.people_office).post(
        reverse("privacy:notice_send", args=[notice.versions.get().pk]), follow=True
    )
    assert "persons have it now" in text(page)
    assert asked(company).reason is Reason.NO_PROCESSING  # its owner for security has not agreed
    owner = browser(company.technician)
    assert "Waiting for its owners" in text(owner.get(processing.get_absolute_url()))
    agree = reverse("privacy:processing_agree", args=[processing.pk])
    assert legal.post(agree).status_code == 422  # recorded it, and agreed by that
    assert person.post(agree).status_code == 403
    assert "Under way" in text(owner.post(agree, follow=True))
    assert asked(company).reason is Reason.NO_NOTICE

    page = person.get(reverse("privacy:mine"))
    assert "To be read" in text(page)
    assert "The person has not been told." in text(page)
    delivery = Delivery.objects.get(person=company.watched.person)
    where = reverse("privacy:my_notice", args=[delivery.pk])
    page = person.get(where)
    assert "We collect sign-ins." in text(page)
    sha256 = notice.versions.get().texts.get(language="en").sha256
    assert sha256 in text(page)
    assert person.post(where, {"sha256": "f" * 64}).status_code == 409
    page = person.post(where, {"sha256": sha256}, follow=True)
    assert "The person has not agreed." in text(page)
    assert asked(company).reason is Reason.NO_CONSENT

    where = reverse("privacy:my_consent", args=[processing.pk, "basis"])
    page = person.get(where)
    question = page.context["sha256"]
    page = person.post(where, {"sha256": question, "answer": "agree"}, follow=True)
    assert "You have agreed" in text(page)
    assert asked(company).permitted
    page = legal.get(
        reverse("privacy:gate_check"),
        {"person": company.watched.person.pk, "kind": "sign-in", "purpose": "protect-secrets"},
    )
    assert "Permitted" in text(page)

    consent = Consent.objects.get()
    page = person.post(reverse("privacy:my_withdrawal", args=[consent.pk]), follow=True)
    assert "You have withdrawn it" in text(page)
    assert asked(company).reason is Reason.NO_CONSENT
    tags = set(LedgerEntry.objects.filter(tag__startswith="privacy:").values_list("tag", flat=True))
    assert tags == {
        "privacy:processing:recorded",
        "privacy:processing:agreed",
        "privacy:notice:published",
        "privacy:notice:sent",
        "privacy:notice:shown",
        "privacy:notice:acknowledged",
        "privacy:consent:given",
        "privacy:consent:withdrawn",
    }
    for name in ("processing_list", "notice_list", "delivery_list", "consent_list", "assessment_list"):
        assert legal.get(reverse(f"privacy:{name}")).status_code == 200
        assert legal.post(reverse(f"privacy:{name}"), {"do": "export", "form": "csv"}).status_code == 200


def test_a_refusal_stands_and_an_answer_is_only_ones_own(company, browser):
    legal = browser(company.legal)
    record(company, legal)
    processing = Processing.objects.get()
    person = browser(company.watched)
    where = reverse("privacy:my_consent", args=[processing.pk, "basis"])
    sha256 = person.get(where).context["sha256"]
    assert person.post(where, {"sha256": "0", "answer": "agree"}).status_code == 409
    page = person.post(where, {"sha256": sha256, "answer": "refuse"}, follow=True)
    assert "You have refused." in text(page)
    assert person.get(reverse("privacy:my_consent", args=[processing.pk, "location"])).status_code == 404
    stranger = browser(company.seller)
    assert stranger.post(where, {"sha256": sha256, "answer": "agree"}).status_code == 409  # not concerned
    consent = company.agrees(processing)
    assert stranger.post(reverse("privacy:my_withdrawal", args=[consent.pk])).status_code == 404


def test_an_assessment_is_filed_and_a_processing_ends(company, browser):
    legal = browser(company.legal)
    record(company, legal, traits=["entrusted"])
    processing = Processing.objects.get()
    where = reverse("privacy:assessment_new", args=[processing.pk])
    assert legal.post(where, {"necessity": "必需"}).status_code == 422
    filled = {
        "necessity": "必需",
        "risks": "小",
        "measures": "加密",
        "adviser": "某律师",
        "outcome": "acceptable",
    }
    page = legal.post(where, filled, follow=True)
    assert "2029-03-01" in text(page)
    assert "entrusted to a processor" in text(page)
    owner = browser(company.technician)
    agree = reverse("privacy:assessment_agree", args=[processing.assessments.get().pk])
    assert agree in text(owner.get(processing.get_absolute_url()))
    owner.post(agree)
    assert processing.assessments.get().agreed_at is not None
    page = legal.post(
        reverse("privacy:processing_end", args=[processing.pk]),
        {"reason": "不再需要", "expected_version": processing.version},
        follow=True,
    )
    assert "From now on nothing is collected by it." in text(page)


def test_a_signed_paper_counts_and_a_notice_is_renewed_and_ended(company, browser):
    legal = browser(company.legal)
    record(company, legal, basis="personnel")
    publish(legal, company.agreed(Processing.objects.get()))
    notice = Notice.objects.get()
    version = notice.versions.get()
    where = reverse("privacy:notice_hand", args=[version.pk])
    filled = {"person": company.watched.person.pk, "on": "2026-03-01", "language": "zh-hans"}
    hr = browser(company.people_office)
    scan = SimpleUploadedFile("告知书.pdf", b"%PDF-1.4 signed")
    page = hr.post(where, {**filled, "on": "2026-02-01", "scan-plain": scan})
    assert page.status_code == 422
    scan = SimpleUploadedFile("告知书.pdf", b"%PDF-1.4 signed")
    page = hr.post(where, {**filled, "scan-plain": scan}, follow=True)
    assert "It is recorded." in text(page), page.context["form"].errors
    assert asked(company).permitted
    where = reverse("privacy:notice_version_new", args=[notice.pk, "about"])
    about = {"title": "告知书", "processings": [Processing.objects.get().pk], "material": "on"}
    answer = legal.post(where, about)
    page = legal.post(answer.url, {"zh": "新文本。"}, follow=True)
    assert "The notice is published" in text(page)
    assert asked(company).reason is Reason.NO_NOTICE
    page = legal.post(reverse("privacy:notice_end", args=[notice.pk]), follow=True)
    assert "What was told by it does not count from now on." in text(page)


def test_somebody_is_unmasked_by_two_and_reads_who_looked(company, browser):
    officer, legal = browser(company.officer), browser(company.legal)
    person = company.watched.person
    page = officer.post(
        reverse("privacy:unmasking_ask"), {"person": person.pk, "purpose": "核查外发文件"}, follow=True
    )
    row = Unmasking.objects.get()
    assert person.name not in text(page).split("<main")[1]
    where = reverse("privacy:unmasking_decide", args=[row.pk])
    assert officer.post(where, {"agreed": "yes", "reason": "我"}).status_code == 403
    legal.post(where, {"agreed": "yes", "reason": "有必要"})
    page = officer.post(reverse("privacy:unmasking_look", args=[row.pk]))
    assert person.name in text(page)
    own = text(browser(company.watched).get(reverse("privacy:mine")))
    assert "核查外发文件" in own
    assert officer.get(reverse("privacy:unmasking_list")).status_code == 200
