"""What a draft still lacks: named step by step, for every level, period, scope, factor and exclusion."""

from __future__ import annotations

from datetime import date

import pytest
from tests.server.register.company import EXCLUSIONS, draft, grading

from shoumi.engine.jurisdiction import UnknownExclusionError, load_pack
from shoumi.engine.jurisdiction.levels import GradeError
from shoumi.server.register.forms.choices import categories
from shoumi.server.register.queries.checks import faults_of, suggestion_for, warnings_of
from shoumi.server.register.queries.hints import content_signs
from shoumi.server.register.queries.words import label_of, period_words
from shoumi.server.register.services import drafts
from shoumi.server.register.services.verifying import NothingNamedError
from shoumi.server.register.values import (
    CarrierValue,
    ExclusionValue,
    FactorValue,
    Grading,
    Identity,
    Limits,
    ScopeValue,
)

TODAY = date(2026, 3, 1)


def codes(secret, today=TODAY):
    return [fault.code for fault in faults_of(secret, today)]


def limited(company, secret, **changes):
    limits = {"period": "P5Y", "scope": (ScopeValue("departments", str(company.lab.pk)),), **changes}
    return drafts.secret_limit(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version, limits=Limits(**limits)
    )


def graded(company, secret, given):
    return drafts.secret_grade(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version, grading=given
    )


def assessed(company, secret, *exclusions):
    return drafts.secret_assess(
        actor=company.proposer, secret_id=secret.pk, expected_version=secret.version, elements=(),
        exclusions=exclusions,
    )  # fmt: skip


def test_a_complete_draft_has_no_fault(company):
    assert codes(draft(company)) == []


def test_an_empty_draft_names_everything_at_once(company):
    secret = drafts.secret_draft(actor=company.proposer, department=company.lab)
    found = faults_of(secret, TODAY)
    assert {fault.step for fault in found} == {1, 2, 3, 4, 5}
    assert len(found) > 25
    assert all(fault.text for fault in found)


@pytest.mark.requirement(
    "IDN-T1", "IDN-T2", "IDN-T3", "IDN-T4", "IDN-T5", "IDN-B1", "IDN-B2", "IDN-B3", "IDN-B4", "IDN-B5",
    "IDN-B6", "IDN-B7", "IDN-B8",
)  # fmt: skip
def test_every_category_of_the_guide_can_be_chosen(company):
    offered = {key for _group, rows in categories(load_pack("cn")) if _group for key, _label in rows}
    assert offered == {f"IDN-T{at}" for at in range(1, 6)} | {f"IDN-B{at}" for at in range(1, 9)}
    secret = draft(company)
    for category in sorted(offered):
        secret = drafts.secret_describe(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            identity=Identity("甲", "说明", category, "必要", str(company.head.person.pk)),
        )  # fmt: skip
        assert secret.category == category
    with pytest.raises(NothingNamedError):
        drafts.secret_describe(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            identity=Identity("甲", "说明", "IDN-Z9", "必要", None),
        )  # fmt: skip


@pytest.mark.requirement("IDN-X1", "IDN-X2", "IDN-X3", "IDN-X4")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (ExclusionValue("IDN-X1", "yes"), ["excluded"]),
        (ExclusionValue("IDN-X1", "no"), ["field_missing"]),
        (ExclusionValue("IDN-X2", "yes"), ["field_missing", "field_missing", "excluded"]),
        (
            ExclusionValue(
                "IDN-X2", "yes", {"publication_number": "一件专利", "publication_date": "2026-02-01"}
            ),
            ["field_form", "excluded"],
        ),
        (
            ExclusionValue(
                "IDN-X2", "yes", {"publication_number": "CN123456789A", "publication_date": "2026-02-01"}
            ),
            ["excluded"],
        ),
        (
            ExclusionValue(
                "IDN-X2", "yes", {"publication_number": "CN123456789A", "publication_date": "2027-02-01"}
            ),
            [],
        ),
        (ExclusionValue("IDN-X3", "no", {"sources_searched": "期刊"}), ["field_missing", "field_missing"]),
        (
            ExclusionValue(
                "IDN-X3", "yes",
                {"sources_searched": "期刊", "searched_on": "2026-02-01", "searched_by": "工程师"},
            ),
            ["excluded"],
        ),
        (ExclusionValue("IDN-X4", "yes"), ["field_missing", "excluded"]),
        (ExclusionValue("IDN-X4", ""), ["exclusion_unanswered"]),
    ],
)  # fmt: skip
def test_exclusions_with_their_records(company, answer, expected):
    secret = assessed(company, draft(company), answer)
    assert codes(secret) == expected


def test_an_answer_to_a_question_nobody_asked_is_refused(company):
    secret = draft(company)
    with pytest.raises(UnknownExclusionError):
        assessed(company, secret, *EXCLUSIONS, ExclusionValue("IDN-X9", "no"))
    with pytest.raises(NothingNamedError):
        assessed(company, secret, ExclusionValue("IDN-X1", "perhaps"))


@pytest.mark.requirement("LVL-F1", "LVL-F2", "LVL-F3", "LVL-F4", "LVL-F5", "LVL-F6", "LVL-F7", "LVL-F8")
@pytest.mark.parametrize("factor", [f"LVL-F{at}" for at in range(1, 9)])
def test_each_factor_is_graded_with_a_reason(company, factor):
    secret = draft(company)
    others = [value for value in grading("important").factors if value.factor != factor]
    secret = graded(company, secret, Grading((*others, FactorValue(factor, 2, "")), "important", "by choice"))
    assert codes(secret) == ["grade_reason_missing"]
    secret = graded(
        company, secret, Grading((*others, FactorValue(factor, 2, "because", "name")), "important")
    )
    assert codes(secret) == []
    if factor != "LVL-F8":  # the last one is free
        secret = graded(company, secret, Grading(tuple(others), "important", "by choice"))
        assert "grade_missing" in codes(secret)
    with pytest.raises(GradeError):
        graded(company, secret, Grading((FactorValue(factor, 5, "too high"),), "important"))


@pytest.mark.requirement("LVL-01", "LVL-02", "LVL-F1")
def test_the_level_is_suggested_and_a_person_decides(company):
    secret = draft(company)
    for level, label in (("core", "核心商密"), ("important", "重要商密"), ("general", "普通商密")):
        secret = graded(company, secret, grading(level))
        assert suggestion_for(secret).level.id == level
        assert label_of(secret) == label
    secret = graded(company, secret, grading("core", chosen="general"))
    assert "level_reason_missing" in codes(secret)
    secret = graded(company, secret, grading("core", "general", "small"))
    assert "level_reason_missing" not in codes(secret)
    with pytest.raises(NothingNamedError):
        graded(company, secret, grading("core", chosen="绝密"))


@pytest.mark.requirement("PER-01", "PER-02", "PER-03")
@pytest.mark.parametrize(
    ("period", "changes", "expected"),
    [
        ("P5Y", {}, []),
        ("P1Y6M10D", {"period_reason": "the project"}, []),
        ("P1Y6M10D", {}, ["period_reason_missing"]),
        ("2029-12-31", {"period_reason": "the contract ends"}, []),
        ("2026-02-28", {"period_reason": "past"}, ["period_past"]),
        ("long_term", {"period_reason": "no end in sight"}, []),
        ("until_publication", {"period_reason": "filing"}, ["publication_missing"]),
        ("until_publication", {"period_reason": "filing", "publication_event": "专利公布"}, []),
        ("", {}, ["period_missing"]),
    ],
)
def test_periods(company, period, changes, expected):
    secret = limited(company, draft(company), period=period, **changes)
    assert codes(secret) == expected


def test_a_period_that_cannot_be_read_is_refused(company):
    secret = draft(company)
    for period in ("soon", "P0Y", "2026-02-30", "P9999Y"):
        with pytest.raises(Exception, match=r".") as caught:
            limited(company, secret, period=period)
        assert caught.value.code.startswith("jurisdiction.period")


@pytest.mark.requirement("SCP-01", "SCP-02")
@pytest.mark.parametrize(
    ("level", "kind", "reason", "expected"),
    [
        ("core", "all_staff", "everybody must know", ["scope_all_staff"]),
        ("important", "all_staff", "everybody must know", ["scope_all_staff"]),
        ("general", "all_staff", "", []),
        ("core", "departments", "", ["scope_reason_missing"]),
        ("core", "departments", "the whole laboratory works on it", []),
        ("core", "posts", "", []),
        ("core", "persons", "", []),
        ("important", "departments", "", []),
    ],
)
def test_scopes_by_level(company, level, kind, reason, expected):
    target = {"departments": company.lab, "posts": company.engineer, "persons": company.head.person}.get(kind)
    line = ScopeValue(kind, str(target.pk) if target else None)
    period = {"core": "long_term", "important": "P5Y", "general": "P3Y"}[level]
    secret = limited(company, draft(company, level=level), period=period, scope=(line,), scope_reason=reason)
    assert codes(secret) == expected
    assert codes(limited(company, secret, period=period, scope=())) == ["scope_missing"]


def test_a_scope_that_names_nothing_is_refused(company):
    secret = draft(company)
    for line in (
        ScopeValue("departments", str(company.head.pk)),
        ScopeValue("posts", "nonsense"),
        ScopeValue("persons", None),
        ScopeValue("friends", str(company.lab.pk)),
    ):
        with pytest.raises(NothingNamedError):
            limited(company, secret, scope=(line,))
    with pytest.raises(NothingNamedError):
        drafts.secret_carry(
            actor=company.proposer, secret_id=secret.pk, expected_version=secret.version,
            carriers=[CarrierValue("dream", "甲")],
        )  # fmt: skip


def test_somebody_cleared_for_less_is_warned_about(company):
    line = ScopeValue("persons", str(company.seller.person.pk))
    secret = limited(company, draft(company), scope=(line,))
    assert [fault.code for fault in warnings_of(secret)] == ["clearance_below"]
    assert codes(secret) == []


@pytest.mark.parametrize(
    ("text", "suspicious"),
    [
        ("用于一种陶瓷件的热处理安排,内容见附件。", False),
        ("Annual price list for distributors in two regions; figures in the file.", False),
        ("配方:氧化铝 62 g,粘结剂 8 ml,水 120 ml,保温 90 分钟", True),
        ("y = 3.2*x^2 + 4", True),
        ("def price(cost):\n    return cost * 1.31;", True),
        ("password: hunter2", True),
        ("wang@example.com, li@example.com, 100 0000 0001", True),
        ("甲\t乙\t丙", True),
        ("长" * 900, True),
    ],
)
def test_signs_of_content(text, suspicious):
    assert bool(content_signs(text)) == suspicious


def test_periods_in_words(settings):
    assert period_words("") == ""
    assert period_words("nonsense") == "nonsense"
    assert period_words("P1Y6M")
    assert "2029-12-31" in period_words("2029-12-31")
