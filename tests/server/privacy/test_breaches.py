"""Breaches: clocks of both countries, joint judgement, notices kept, the playbook, closing by a second."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.privacy.models import Breach, BreachNotice
from shoumi.server.privacy.queries.breaches import Standing, draft_of, duties_of, table_for
from shoumi.server.privacy.services.breaches import (
    BreachAssessmentWish,
    BreachNoticeWish,
    BreachWish,
    breach_assess,
    breach_assessment_agree,
    breach_change,
    breach_close_confirm,
    breach_close_propose,
    breach_close_refuse,
    breach_report,
    breach_step_record,
    breach_tell,
    breaches_remind,
)
from shoumi.server.privacy.services.errors import (
    AgreedAlreadyError,
    BreachOpenError,
    BreachStateError,
    MomentError,
    OneOwnerError,
    WordUnknownError,
)

KNOWN = {
    "title": "客户系统被攻击",
    "what": "攻击者利用漏洞导出客户联系人。\n发现后已断开。",
    "cause": "attack",
    "kinds": ["customer-contact"],
    "countries": ["CN", "JP"],
    "persons": 12,
    "response": "已断开系统并修补漏洞。",
    "contact": "privacy@example.com",
}


def report(company, **changes) -> Breach:
    """Return a breach noticed now, concerning persons of both countries."""
    moment = changes.pop("noticed_at", clock().now())
    owners = changes.pop("owners", (company.legal.person, company.technician.person))
    wish = BreachWish(**(KNOWN | changes))
    return breach_report(actor=company.legal, entity=company.cn, wish=wish, noticed_at=moment, owners=owners)


def standing(breach) -> dict[str, str]:
    return {
        f"{line.country}:{line.duty.id}": line.standing.value for line in duties_of(breach, clock().now())
    }


def tells(company, breach, country, duty, **changes) -> BreachNotice:
    known = {
        "country": country,
        "duty": duty,
        "language": "ja" if country == "JP" else "zh-hans",
        "text": "告知。",
        "channel": "portal",
        "recipient": "主管部门",
        "sent_at": clock().now(),
    }
    return breach_tell(actor=company.technician, breach=breach, wish=BreachNoticeWish(**(known | changes)))


def assesses(company, breach, *, actor=None, **changes):
    known = {
        "country": "CN",
        "addressee": "persons",
        "must_tell": False,
        "reason": "数据均已加密，密钥未泄露。",
        "rests_on": "取证报告第三节",
        "adviser": "示范律师事务所",
    }
    return breach_assess(
        actor=actor or company.legal, breach=breach, wish=BreachAssessmentWish(**(known | changes))
    )


@pytest.mark.requirement("WEC-23")
def test_the_clocks_of_both_countries_run_are_reminded_of_once_and_end(company, fixed_clock):
    breach = report(company, facts=["graded-incident"])
    lines = {f"{line.country}:{line.duty.id}": line for line in duties_of(breach, clock().now())}
    assert {name: line.at.isoformat() if line.at else None for name, line in lines.items()} == {
        "CN:authority-at-once": None,
        "CN:persons-at-once": None,
        "CN:network-incident": "2026-03-01T21:00:00+08:00",
        "JP:preliminary-report": "2026-03-06T00:00:00+09:00",
        "JP:final-report": "2026-04-30T00:00:00+09:00",
        "JP:persons-promptly": None,
    }
    assert {line.standing for line in lines.values()} == {Standing.OPEN}
    assert breaches_remind() == 0
    fixed_clock.advance(timedelta(hours=3))
    assert breaches_remind() == 1
    assert breaches_remind() == 0
    tells(company, breach, "CN", "network-incident")
    fixed_clock.advance(timedelta(days=5))
    assert breaches_remind() == 3  # early, a day before, and over
    assert company.technician.notifications.filter(message__contains="has ended").count() == 1
    breach.refresh_from_db()
    found = standing(breach)
    assert found["CN:network-incident"] == "done"
    assert found["JP:preliminary-report"] == "overdue"
    tells(company, breach, "JP", "preliminary-report")
    assert standing(Breach.objects.get())["JP:preliminary-report"] == "late"


def test_what_is_known_later_changes_what_is_due(company):
    breach = report(company, cause="lost", countries=["JP"], persons=1000)
    assert set(standing(breach).values()) == {"not_due"}
    wish = BreachWish(**(KNOWN | {"cause": "lost", "countries": ["JP"], "persons": 1001}))
    breach = breach_change(actor=company.technician, breach=breach, wish=wish, expected_version=1)
    assert set(standing(breach).values()) == {"open"}
    unknown = BreachWish(**(KNOWN | {"cause": "lost", "countries": ["JP"], "persons": None}))
    breach = breach_change(actor=company.legal, breach=breach, wish=unknown, expected_version=2)
    assert set(standing(breach).values()) == {"open"}
    with pytest.raises(WordUnknownError):
        report(company, cause="mood")
    with pytest.raises(WordUnknownError):
        report(company, countries=[])
    with pytest.raises(OneOwnerError):
        report(company, owners=(company.legal.person, company.legal.person))
    with pytest.raises(MomentError):
        report(company, noticed_at=clock().now() + timedelta(minutes=1))


@pytest.mark.requirement("WEC-24", "WEC-28")
def test_an_assessment_counts_once_both_owners_agree_and_while_the_facts_stay(company):
    breach = report(company, countries=["CN"])
    row = assesses(company, breach)
    assert row.snapshot["rules"][0]["rule"] == "CN-PIPL-57"
    assert standing(breach)["CN:persons-at-once"] == "open"
    with pytest.raises(AgreedAlreadyError):
        breach_assessment_agree(actor=company.legal, assessment=row)
    with pytest.raises(NotPermittedError):
        breach_assessment_agree(actor=company.officer, assessment=row)
    breach_assessment_agree(actor=company.technician, assessment=row)
    breach = Breach.objects.get()
    assert standing(breach)["CN:persons-at-once"] == "not_due"
    assert standing(breach)["CN:authority-at-once"] == "open"
    wish = BreachWish(**(KNOWN | {"countries": ["CN"], "facts": ["property-harm"]}))
    breach = breach_change(actor=company.legal, breach=breach, wish=wish, expected_version=breach.version)
    assert standing(Breach.objects.get())["CN:persons-at-once"] == "open"


@pytest.mark.requirement("WEC-23")
def test_it_closes_when_all_is_told_and_done_and_by_a_second_person(company):
    breach = report(company, countries=["CN"])
    with pytest.raises(MomentError):
        tells(company, breach, "CN", "authority-at-once", sent_at=clock().now() - timedelta(days=1))
    with pytest.raises(WordUnknownError):
        tells(company, breach, "JP", "final-report")
    tells(company, breach, "CN", "authority-at-once")
    text = draft_of(breach, "CN", table_for("CN").duty("persons-at-once"), "zh-hans")
    assert "客户联系人" in text
    assert "已断开系统并修补漏洞。" in text
    tells(company, breach, "CN", "persons-at-once", text=text, channel="message", recipient="十二位客户")
    steps = [step.id for step in table_for("CN").playbook]
    for step in steps[:-1]:
        breach_step_record(actor=company.technician, breach=breach, step=step, needed=True, note="已完成")
    with pytest.raises(BreachOpenError) as refused:
        breach_close_propose(actor=company.legal, breach=breach, words="已处理")
    assert "·" not in refused.value.fields["open"]
    breach_step_record(
        actor=company.legal, breach=breach, step=steps[-1], needed=False, note="已并入年度复盘"
    )
    breach = breach_close_propose(actor=company.legal, breach=Breach.objects.get(), words="已处理\n无后续")
    with pytest.raises(BreachStateError):
        tells(company, breach, "CN", "authority-at-once")
    for nobody in (company.legal, company.technician):
        with pytest.raises(NotPermittedError):
            breach_close_confirm(actor=nobody, breach=breach)
    breach = breach_close_refuse(actor=company.officer, breach=breach, reason="请补充回执")
    breach = breach_close_propose(actor=company.technician, breach=breach, words="已补充")
    breach = breach_close_confirm(actor=company.officer, breach=breach)
    assert breach.state == "closed"
    with pytest.raises(BreachStateError):
        breach_close_confirm(actor=company.officer, breach=breach)
    tags = set(LedgerEntry.objects.filter(subject=breach.ledger_subject).values_list("tag", flat=True))
    assert {LedgerTag.PRIVACY_BREACH_TOLD, LedgerTag.PRIVACY_BREACH_CLOSED} <= tags


def test_over_http_from_the_report_to_the_paper(company, browser):
    legal, owner, stranger = browser(company.legal), browser(company.technician), browser(company.seller)
    where = [reverse("privacy:breach_new", args=[company.cn.pk, part]) for part in ("happened", "touched")]
    parts = (
        {key: KNOWN[key] for key in ("title", "what", "cause", "kinds", "persons")}
        | {"noticed_at": "2026-03-01T16:30"},
        {
            "countries": ["CN", "JP"],
            "facts": ["graded-incident"],
            "contact": "privacy@example.com",
            "legal_owner": company.legal.person.pk,
            "security_owner": company.technician.person.pk,
        },
    )
    legal.post(where[0], parts[0])
    page = legal.post(where[1], parts[1], follow=True).content.decode()
    breach = Breach.objects.get()
    for words in (
        "known from copies or reports only",
        "2026-03-05, to the end of the day in Japan",
        "Playbook",
    ):
        assert words in page, words
    own = breach.get_absolute_url()
    assert owner.get(own).status_code == 200
    assert stranger.get(own).status_code == 403
    assess = {
        "country": "CN", "addressee": "persons", "must_tell": "no", "reason": "已避免危害",
        "rests_on": "报告", "adviser": "示范律师",
    }  # fmt: skip
    owner.post(reverse("privacy:breach_assess", args=[breach.pk]), assess)
    agree = reverse("privacy:breach_agree", args=[breach.assessments.get().pk])
    assert "Agree" in legal.get(own).content.decode()
    legal.post(agree)
    assert breach.assessments.get().agreed_at is not None
    tell = reverse("privacy:breach_tell", args=[breach.pk, "JP", "preliminary-report"])
    draft = legal.get(tell).context["form"].initial["text"]
    assert draft.startswith("漏えい等報告書")
    sent = {
        "text": draft,
        "recipient": "個人情報保護委員会",
        "channel": "portal",
        "sent_at": "2026-03-01T16:45",
    }
    legal.post(tell, sent)
    notice = BreachNotice.objects.get()
    add = reverse("privacy:breach_receipt_add", args=[notice.pk])
    legal.post(add, {"receipt-plain": SimpleUploadedFile("receipt.txt", b"accepted")})
    got = owner.get(reverse("privacy:breach_receipt", args=[notice.pk]))
    assert b"".join(got.streaming_content) == b"accepted"
    assert stranger.get(reverse("privacy:breach_receipt", args=[notice.pk])).status_code == 403
    for what, filled in (
        ("step", {"needed": "yes", "note": "已断开"}),
        ("measure", {"text": "更换密钥", "taken_at": "2026-03-01T16:40"}),
        ("particulars", {"harm": "可能被诈骗", "expected_version": 1}),
    ):
        args = [breach.pk, "contain"] if what == "step" else [breach.pk]
        assert owner.post(reverse(f"privacy:breach_{what}", args=args), filled).status_code == 302, what
    assert legal.post(reverse("privacy:breach_close", args=[breach.pk]), {"words": "完"}).status_code == 422
    paper = legal.get(reverse("privacy:breach_paper", args=[breach.pk]))
    assert paper.content.startswith(b"%PDF")
