"""The register's pages, asked for as a browser does; the wizard carries a draft to its end."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.server.register.company import decide, draft, proposed, registered, signed_in, stored

from shoumi.server.register.models import TradeSecret

TABS = ("secret_detail", "secret_files", "secret_people", "secret_timeline", "secret_evidence")


def test_every_tab_of_a_registered_secret_answers(company, client):
    secret = registered(company)
    signed_in(client, company.officer)
    for name in TABS:
        answer = client.get(reverse(f"register:{name}", args=[secret.pk]))
        assert answer.status_code == 200, name
    assert client.get(reverse("register:version_detail", args=[secret.pk, 1])).status_code == 200
    assert client.get(reverse("register:secret_review", args=[secret.pk])).status_code == 200
    assert client.get(reverse("register:secret_change", args=[secret.pk])).status_code == 200
    assert client.get(reverse("register:secret_declassify", args=[secret.pk])).status_code == 200
    assert client.get(reverse("register:secret_list")).status_code == 200
    assert client.get(reverse("register:library")).status_code == 200
    assert client.get(reverse("register:defaults")).status_code == 200
    assert client.get(reverse("register:legacy_choose")).status_code == 200


def test_every_step_of_a_draft_answers(company, client):
    secret = draft(company)
    signed_in(client, company.proposer)
    for step in range(1, 7):
        answer = client.get(reverse("register:secret_draft", args=[secret.pk, step]))
        assert answer.status_code == 200, step
    assert client.get(reverse("register:secret_draft", args=[secret.pk, 7])).status_code == 404
    assert client.get(reverse("register:secret_propose")).status_code == 200


def posted(client, secret, step, **data):
    """Post one step as the browser does, and return the secret afresh."""
    secret.refresh_from_db()
    data = {"expected_version": secret.version, "do": "next", **data}
    answer = client.post(reverse("register:secret_draft", args=[secret.pk, step]), data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    secret.refresh_from_db()
    return answer


@pytest.mark.requirement("IDN-01", "GEN-14")
def test_the_wizard_carries_a_proposal_to_the_office(company, client):
    signed_in(client, company.proposer)
    answer = client.post(
        reverse("register:secret_propose"), {"department": str(company.lab.pk), "national_security": "no"}
    )
    secret = TradeSecret.objects.get()
    assert answer.headers["Location"] == reverse("register:secret_draft", args=[secret.pk, 1])
    posted(
        client, secret, 1, name="陶瓷烧结曲线", category="IDN-T2", description="一种陶瓷件的热处理安排。",
        necessity="可直接复制。", custodian=str(company.head.person.pk),
    )  # fmt: skip
    file = stored(company.proposer)
    carriers = {"carriers-TOTAL_FORMS": "1", "carriers-INITIAL_FORMS": "0"}
    row = {"carriers-0-kind": "paper", "carriers-0-description": "工艺卡", "carriers-0-place": "三号柜"}
    posted(client, secret, 2, files=[str(file.pk)], **carriers, **row)
    elements = {
        f"element_{name}-{part}": value
        for name in ("secrecy", "value", "measures")
        for part, value in (("verdict", "met"), ("reason", "理由"), ("evidence", "第一件证据\n\n第二件证据"))
    }
    exclusions = {f"exclusion_IDN-X{at}-answer": "no" for at in range(1, 5)}
    records = {
        "exclusion_IDN-X1-difference": "由本公司试验得出",
        "exclusion_IDN-X2-patent_search": "2026-02-20,无结果",
        "exclusion_IDN-X3-sources_searched": "行业期刊",
        "exclusion_IDN-X3-searched_on": "2026-02-20",
        "exclusion_IDN-X3-searched_by": "工程师",
    }
    posted(client, secret, 3, **elements, **exclusions, **records)
    assert secret.elements.first().evidence.count() == 2
    grades = {f"factor_LVL-F{at}-grade": "2" for at in range(1, 8)}
    reasons = {f"factor_LVL-F{at}-reason": "因为如此" for at in range(1, 8)}
    posted(client, secret, 4, national_security="no", level="important", **grades, **reasons)
    assert secret.suggested_level == "important"
    posted(client, secret, 5, kind="span", years="5", departments=[str(company.lab.pk)])
    assert secret.period == "P5Y"
    page = client.get(reverse("register:secret_draft", args=[secret.pk, 6]))
    assert page.context["faults"] == []
    posted(client, secret, 6)
    assert secret.state == TradeSecret.State.PROPOSED
    waiting = client.get(reverse("register:secret_detail", args=[secret.pk]))
    assert waiting.status_code == 200


def test_the_suggestion_is_worked_out_without_saving(company, client):
    secret = draft(company)
    signed_in(client, company.proposer)
    version = TradeSecret.objects.get(pk=secret.pk).version
    grades = {f"factor_LVL-F{at}-grade": "4" for at in range(1, 8)}
    answer = client.post(reverse("register:secret_suggestion", args=[secret.pk]), grades)
    assert answer.status_code == 200
    assert b"level-core" in answer.content
    assert TradeSecret.objects.get(pk=secret.pk).version == version


def test_a_conflict_keeps_what_was_typed(company, client):
    secret = draft(company)
    signed_in(client, company.proposer)
    data = {"expected_version": secret.version - 1, "name": "我刚写的名称", "category": "IDN-T2"}
    answer = client.post(reverse("register:secret_draft", args=[secret.pk, 1]), data)
    assert answer.status_code == 409
    assert "我刚写的名称" in answer.content.decode()
    assert TradeSecret.objects.get(pk=secret.pk).name == secret.name


def test_a_description_that_looks_like_content_is_shown_once_more(company, client):
    secret = draft(company)
    signed_in(client, company.proposer)
    text = "升温 5 度/分钟,保温 120 分钟,压力 3 MPa,气氛 20 %,冷却 10 度"
    data = {"expected_version": secret.version, "name": "曲线", "description": text, "category": "IDN-T2"}
    answer = client.post(reverse("register:secret_draft", args=[secret.pk, 1]), data)
    assert answer.headers["Location"].endswith("?look=again")
    page = client.get(answer.headers["Location"])
    assert page.context["signs"]


def test_the_review_page_decides_the_step_that_was_shown(company, client):
    secret = proposed(company)
    signed_in(client, company.officer)
    client.post(reverse("register:review_start", args=[secret.pk]))
    secret.refresh_from_db()
    assert secret.state == TradeSecret.State.UNDER_REVIEW
    page = client.get(reverse("register:secret_review", args=[secret.pk]))
    step = page.context["step"].pk
    data = {"verdict": "approve", "step": str(step), "reason": "要件齐备"}
    answer = client.post(reverse("register:secret_decide", args=[secret.pk]), data)
    assert answer.status_code == 302
    secret.refresh_from_db()
    assert secret.state == TradeSecret.State.AWAITING_APPROVAL
    again = client.post(reverse("register:secret_decide", args=[secret.pk]), data)
    assert again.status_code in {403, 409}


def test_labels_extract_and_package_are_downloads(company, client):
    secret = registered(company)
    signed_in(client, company.officer)
    label = client.post(reverse("register:secret_label", args=[secret.pk]))
    assert label.content.startswith(b"%PDF")
    extract = client.post(reverse("register:secret_extract", args=[secret.pk]))
    assert extract.content.startswith(b"%PDF")


def test_a_change_is_asked_for_on_its_page(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    data = {
        "expected_version": secret.version,
        "reason": "转入量产",
        "level": secret.level,
        "kind": "span",
        "years": "5",
        "departments": [str(company.lab.pk), str(company.sales.pk)],
        "custodian": str(company.head.person.pk),
        **{f"factor_{row.factor}-grade": str(row.score) for row in secret.factors.all()},
        **{f"factor_{row.factor}-reason": row.reason for row in secret.factors.all()},
    }
    answer = client.post(reverse("register:secret_change", args=[secret.pk]), data)
    assert answer.status_code == 302, answer.context["faults"]
    secret.refresh_from_db()
    assert secret.state == TradeSecret.State.CHANGING
    assert secret.changes.get().wished["grading"] is None
    shown = client.get(reverse("register:secret_detail", args=[secret.pk]))
    assert shown.context["differences"]
    decide(secret, company.officer)


def test_a_change_that_changes_nothing_is_told_on_the_page(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    data = {
        "expected_version": secret.version, "reason": "没有理由", "level": secret.level,
        "kind": "span", "years": "5",
        "departments": [str(company.lab.pk)], "custodian": str(company.head.person.pk),
        **{f"factor_{row.factor}-grade": str(row.score) for row in secret.factors.all()},
        **{f"factor_{row.factor}-reason": row.reason for row in secret.factors.all()},
    }  # fmt: skip
    answer = client.post(reverse("register:secret_change", args=[secret.pk]), data)
    assert answer.status_code == 422
    assert len(answer.context["faults"]) == 1
