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


def wish_typed(secret, **changes):
    """Return what somebody types who changes nothing, part by part, with `changes` of single values."""
    factors = list(secret.factors.all())
    typed = {
        "why": {"reason": "转入量产", "custodian": str(secret.custodian_id)},
        "level": {
            "level": secret.level,
            **{f"factor_{row.factor}-grade": str(row.score) for row in factors},
            **{f"factor_{row.factor}-reason": row.reason for row in factors},
        },
        "period": {"kind": "span", "years": "5"},
        "scope": {"departments": [str(row.department_id) for row in secret.scope.all()]},
    }
    for part, values in changes.items():
        typed[part] |= values
    return typed


def send_wish(client, secret, typed):
    """Send the parts one after the other; return where the wish is looked at, with the page."""
    address = reverse("register:secret_change", args=[secret.pk])
    for values in typed.values():
        answer = client.post(address, values)
        assert answer.status_code == 302, answer.context["form"].errors
        address = answer.url
    return address, client.get(address)


@pytest.mark.requirement("CHG-01")
def test_a_change_is_asked_for_part_by_part(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    both = {"departments": [str(company.lab.pk), str(company.sales.pk)]}
    address, page = send_wish(client, secret, wish_typed(secret, scope=both))
    assert [row.label for row in page.context["differences"]]
    assert not page.context["faults"]
    secret.refresh_from_db()
    assert secret.state == TradeSecret.State.REGISTERED, "nothing is asked for before the last part"
    assert client.post(address).status_code == 302
    secret.refresh_from_db()
    assert secret.state == TradeSecret.State.CHANGING
    assert secret.changes.get().wished["grading"] is None
    shown = client.get(reverse("register:secret_detail", args=[secret.pk]))
    assert shown.context["differences"]
    decide(secret, company.officer)


def test_a_change_that_changes_nothing_is_told_before_it_is_sent(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    address, page = send_wish(client, secret, wish_typed(secret))
    assert len(page.context["faults"]) == 1
    assert client.post(address).status_code == 422
    assert not secret.changes.exists()


def test_another_level_is_graded_anew_and_the_page_after_it_shows_its_default_period(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    first = reverse("register:secret_change", args=[secret.pk])
    typed = wish_typed(secret, level={"level": "core", "level_reason": "下一代产品"})
    following = client.post(client.post(first, typed["why"]).url, typed["level"]).url
    assert client.get(following).context["standard"].level.id == "core"
    faulty = {**typed["level"], **dict.fromkeys([next(key for key in typed["level"] if "grade" in key)], "9")}
    assert (
        client.post(reverse("register:secret_change_part", args=[secret.pk, "level"]), faulty).status_code
        == 422
    )


def test_a_draft_of_a_change_is_kept_for_its_writer_alone_until_the_secret_changes(company, client):
    secret = registered(company)
    signed_in(client, company.owner)
    first = reverse("register:secret_change", args=[secret.pk])
    assert client.post(first, {"reason": "", "do": "keep"}).status_code == 302
    client.post(first, {"reason": "转入量产", "custodian": ""})
    client.logout()
    signed_in(client, company.officer)
    assert "转入量产" not in client.get(first).content.decode()
    signed_in(client, company.owner)
    assert "转入量产" in client.get(first).content.decode(), "it outlives the session"
    address, _page = send_wish(
        client, secret, wish_typed(secret, period={"years": "6", "period_reason": "更久"})
    )
    TradeSecret.objects.filter(pk=secret.pk).update(version=secret.version + 1)
    assert client.get(address).context["outdated"]
    assert client.post(address).status_code == 422
    assert not secret.changes.exists()
    client.post(first, {"do": "anew"})
    assert client.get(first).context["draft"] is None
