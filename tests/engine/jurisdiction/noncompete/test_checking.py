"""Agreements and groups against the rules of a day; the packs' own examples are among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import Status, parse_period
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.noncompete import (
    Agreement,
    AmountError,
    Override,
    OverrideError,
    Part,
    Person,
    TermError,
    TwoCompensationsError,
    UnknownPersonClassError,
    Verdict,
    check_agreement,
    check_group,
    law_on,
    load_non_compete,
)

DAY = date(2026, 11, 21)
LAW, JAPAN = law_on("cn", DAY), law_on("jp", DAY)
SOUND = load_non_compete("cn").examples[0].agreement
JAPANESE = load_non_compete("jp").examples[0].agreement
YEAR = replace(SOUND, term=parse_period("P12M"), monthly=Decimal("6000.00"), penalty=None)


def parts(objections):
    return [each.part for each in objections]


def person(class_id="senior_technical", *, knew=True, told=None):
    return Person(class_id, knew_secrets=knew, reasons_told=told, secrets_told=told)


@pytest.mark.requirement("ONB-11")
@pytest.mark.parametrize(
    ("pack", "example"),
    [
        pytest.param(pack, example, id=f"{pack}-{example.line}")
        for pack in ("cn", "jp")
        for example in load_non_compete(pack).examples
    ],
)
def test_the_packs_own_examples(pack, example):
    found = check_agreement(law_on(pack, example.day), example.agreement)
    assert (set(parts(found.refused)), set(parts(found.warned))) == (example.refused, example.warned)


@pytest.mark.requirement("ONB-12")
@pytest.mark.parametrize(
    ("who", "refused", "warned"),
    [
        (person("senior_manager"), [], []),
        (person("senior_technical"), [], []),
        (person("bound_to_secrecy", told=DAY), [], []),
        (person("bound_to_secrecy", told=DAY + timedelta(days=1)), [], [Part.TOLD]),
        (person("bound_to_secrecy"), [], [Part.TOLD]),
        (Person("bound_to_secrecy", knew_secrets=True, reasons_told=DAY), [], [Part.TOLD]),
        (person("senior_manager", knew=None), [], [Part.SECRETS_UNRECORDED]),
        (person("senior_manager", knew=False), [Part.SECRETS], []),
        (person("other"), [Part.PERSONS], []),
        (person("other", knew=False), [Part.PERSONS, Part.SECRETS], []),
    ],
)
def test_who_may_be_bound(who, refused, warned):
    found = check_agreement(LAW, replace(SOUND, person=who))
    assert (parts(found.refused), parts(found.warned)) == (refused, warned)


@pytest.mark.requirement("ONB-12")
def test_blanket_signing_is_refused_with_the_reason_for_each_person():
    found = check_group(
        LAW, {"甲": person(), "乙": person("other"), "丙": person("senior_manager", knew=False)}, DAY
    )
    (blanket,) = found.objections
    assert (blanket.part, blanket.verdict, blanket.basis.rule) == (
        Part.BLANKET,
        Verdict.REFUSED,
        "CN-LCL-23-24",
    )
    assert "3 人中有 2 人" in blanket.text.zh
    assert "of 3 persons 2 may not be bound" in blanket.text.en
    assert {name: parts(each) for name, each in found.persons.items()} == {
        "甲": [],
        "乙": [Part.PERSONS],
        "丙": [Part.SECRETS],
    }
    assert "其他员工" in found.persons["乙"][0].text.zh


def test_a_group_of_persons_who_may_all_be_bound_may_sign_together():
    found = check_group(LAW, {"甲": person(), "乙": person("bound_to_secrecy")}, DAY)
    assert found.objections == ()
    assert parts(found.persons["乙"]) == [Part.TOLD]


@pytest.mark.requirement("ONB-09")
@pytest.mark.parametrize(
    ("leaves", "term", "latest", "refused"),
    [
        ("2026-06-30", "P24M", "2028-06-30", False),
        ("2026-06-30", "P2Y", "2028-06-30", False),
        ("2026-06-30", "P24M1D", "2028-06-30", True),
        ("2026-06-30", "2028-06-30", "2028-06-30", False),
        ("2026-06-30", "2028-07-01", "2028-06-30", True),
        ("2024-02-29", "2026-02-28", "2026-02-28", False),
        ("2024-02-29", "2026-03-01", "2026-02-28", True),
        ("2026-02-28", "2028-02-28", "2028-02-28", False),
        ("2026-02-28", "2028-02-29", "2028-02-28", True),
        ("2026-12-31", "P730D", "2028-12-31", False),  # 2028 has 366 days
        ("2024-12-31", "P731D", "2026-12-31", True),
    ],
)
def test_the_term_ends_within_the_months_of_the_law(leaves, term, latest, refused):
    agreement = replace(SOUND, service_ends=date.fromisoformat(leaves), term=parse_period(term), penalty=None)
    found = check_agreement(LAW, agreement)
    assert found.latest_end == date.fromisoformat(latest)
    assert (Part.TERM in parts(found.refused)) is refused
    if refused:
        (objection,) = [each for each in found.refused if each.part is Part.TERM]
        assert latest in objection.text.ja
        assert objection.figures["months"] == 24
        assert objection.basis.status is Status.PRIMARY


@pytest.mark.requirement("ONB-09")
@pytest.mark.parametrize(
    ("scope", "territory", "refused"),
    [
        ("", "山东省", [Part.SCOPE]),
        ("轴承", " ", [Part.TERRITORY]),
        (" \n", "", [Part.SCOPE, Part.TERRITORY]),
    ],
)
def test_scope_and_territory_must_be_named(scope, territory, refused):
    found = check_agreement(LAW, replace(SOUND, scope=scope, territory=territory))
    assert parts(found.refused) == refused


@pytest.mark.requirement("ONB-13")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"monthly": "6000.00"}, []),
        ({"monthly": "5999.99"}, [Part.SHARE, Part.GUIDELINE_SHARE]),
        ({"minimum_wage": "6000.01"}, [Part.SHARE]),
        ({"minimum_wage": "6000.01", "monthly": "6000.01"}, []),
        ({"term": "P12M1D"}, [Part.LONG_SHARE]),
        ({"term": "P12M1D", "monthly": "10000.00"}, []),
        ({"term": "P13M", "monthly": "9999.99"}, [Part.LONG_SHARE]),
        ({"term": "P13M", "monthly": "5999.99"}, [Part.SHARE, Part.GUIDELINE_SHARE, Part.LONG_SHARE]),
    ],
)
def test_both_floors_and_the_minimum_wage(changes, refused):
    agreement = replace(
        YEAR,
        term=parse_period(changes.get("term", "P12M")),
        monthly=Decimal(changes.get("monthly", "6000.00")),
        minimum_wage=Decimal(changes.get("minimum_wage", "2200.00")),
    )
    assert parts(check_agreement(LAW, agreement).refused) == refused


def test_the_floors_say_what_they_rest_on():
    found = check_agreement(LAW, SOUND)
    assert [
        (floor.part, floor.percent, floor.amount, floor.basis.force, floor.basis.status)
        for floor in found.floors
    ] == [
        (Part.SHARE, 30, Decimal("6000.00"), Force.LAW, Status.PRIMARY),
        (Part.GUIDELINE_SHARE, 30, Decimal("6000.00"), Force.GUIDELINE, Status.SECONDARY),
        (Part.LONG_SHARE, 50, Decimal("10000.00"), Force.GUIDELINE, Status.SECONDARY),
    ]
    assert any("copies or reports" in text.en for text in found.floors[2].basis.caveats)


def test_only_the_last_twelve_months_are_averaged_and_fewer_are_told():
    wages = (Decimal("99999.00"), *[Decimal("20000.00")] * 12)
    assert check_agreement(LAW, replace(SOUND, wages=wages)).floors[0].amount == Decimal("6000.00")
    found = check_agreement(LAW, replace(SOUND, wages=(Decimal("10000.00"), Decimal("20000.00"))))
    assert (found.floors[0].amount, found.floors[0].months_averaged) == (Decimal("4500.00"), 2)
    assert any("that of 2" in note.en for note in found.notes)
    assert any("实际 2 个月" in note.zh for note in found.notes)


def test_what_cannot_be_checked_is_said():
    agreement = replace(
        SOUND, service_ends=None, wages=(), minimum_wage=None, monthly=None, percent=Decimal("49.9")
    )
    found = check_agreement(LAW, agreement)
    assert parts(found.refused) == [Part.LONG_SHARE]  # shares can be compared without wages
    assert "49.9 %" in found.refused[0].text.en
    assert (found.monthly, found.schedule, found.penalty_ceiling) == (None, None, None)
    told = " ".join(note.en for note in found.notes)
    for words in ("as if it were 2026-11-21", "No wages", "No local minimum wage", "ceiling of the penalty"):
        assert words in told


def test_without_an_agreed_amount_that_of_the_rule_is_computed():
    found = check_agreement(LAW, replace(YEAR, monthly=None))
    assert (found.monthly, parts(found.warned)) == (Decimal("6000.00"), [Part.AGREED])
    assert found.schedule.total == Decimal("72000.00")
    nothing = check_agreement(LAW, replace(YEAR, monthly=None, wages=()))
    assert (nothing.monthly, parts(nothing.warned)) == (None, [Part.AGREED])


@pytest.mark.requirement("ONB-10")
@pytest.mark.parametrize(
    ("penalty", "refused"),
    [("360000.00", []), ("360000.01", [Part.PENALTY_CEILING]), ("0", [])],
)
def test_compensation_and_the_ceiling_of_the_penalty_are_computed(penalty, refused):
    found = check_agreement(LAW, replace(YEAR, penalty=Decimal(penalty)))
    assert found.schedule.total == Decimal("72000.00")
    assert len(found.schedule.instalments) == 12
    assert found.penalty_ceiling == Decimal("360000.00")
    assert parts(found.refused) == refused


def test_an_override_lets_a_floor_pass_and_stays_in_the_result():
    low = replace(SOUND, monthly=Decimal("9000.00"), penalty=None)
    override = Override(Part.LONG_SHARE, "Agreed with counsel; the guideline binds nobody.")
    found = check_agreement(LAW, low, [override])
    assert found.refused == ()
    (passed,) = found.overridden
    assert (passed.part, passed.override, passed.verdict) == (Part.LONG_SHARE, override, Verdict.REFUSED)
    assert check_agreement(LAW, SOUND, [override]).overridden == ()  # nothing needed it


@pytest.mark.parametrize(
    ("part", "reason"),
    [(Part.TERM, "long"), (Part.PERSONS, "all"), (Part.SECRETS, "no"), (Part.SHARE, " "), (Part.TOLD, "x")],
)
def test_what_the_law_limits_is_never_overridden_nor_anything_without_a_reason(part, reason):
    with pytest.raises(OverrideError, match="long_share"):
        check_agreement(LAW, SOUND, [Override(part, reason)])


def test_rules_that_do_not_hold_yet_are_named_as_missing():
    before = law_on("cn", date(2025, 8, 31))
    found = check_agreement(before, replace(SOUND, person=person(knew=False), monthly=Decimal("6000.00")))
    assert found.refused == ()
    assert {Part.SECRETS, Part.LONG_SHARE, Part.PENALTY_CEILING} <= set(found.missing)
    assert "CN-MOHRSS-NC" in found.missing[Part.LONG_SHARE].ja
    assert "2025-08-31" in found.missing[Part.LONG_SHARE].zh


def test_japan_refuses_a_penalty_and_says_what_is_not_recorded():
    found = check_agreement(JAPAN, replace(JAPANESE, penalty=Decimal(1_000_000)))
    (objection,) = found.refused
    assert (objection.part, objection.basis.rule) == (Part.NO_PENALTY, "JP-LSA-16")
    assert objection.basis.status is Status.SECONDARY
    assert "1,000,000 を削除" in objection.text.ja
    assert (found.floors, found.latest_end, found.penalty_ceiling) == ((), None, None)
    assert found.missing[Part.SHARE].en == "No statutory floor of compensation is recorded."
    long = check_agreement(JAPAN, replace(JAPANESE, term=parse_period("P60M"), monthly=Decimal(1)))
    assert long.refused == long.warned == ()
    assert "No statutory limit" in long.missing[Part.TERM].en


def test_a_practice_of_the_company_is_told_as_one():
    (warning,) = check_agreement(JAPAN, replace(JAPANESE, territory="")).warned
    assert (warning.basis.rule, warning.basis.force) == ("", Force.COMPANY)
    assert any("not prescribed by law" in text.en for text in warning.basis.caveats)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"person": person("boss")}, UnknownPersonClassError),
        ({"term": parse_period("long_term")}, TermError),
        ({"percent": Decimal(30)}, TwoCompensationsError),
        ({"monthly": Decimal(-1)}, AmountError),
        ({"monthly": None, "percent": Decimal("NaN")}, AmountError),
        ({"monthly": None, "percent": Decimal(-1)}, AmountError),
        ({"wages": (Decimal("Infinity"),)}, AmountError),
        ({"minimum_wage": Decimal(-1)}, AmountError),
        ({"penalty": Decimal("-0.01")}, AmountError),
    ],
)
def test_what_is_no_agreement_is_refused(changes, error):
    with pytest.raises(error):
        check_agreement(LAW, replace(SOUND, **changes))


amounts = st.decimals(0, 100_000, places=2)


@given(st.lists(amounts, min_size=1, max_size=14), amounts, st.integers(1, 30), amounts)
def test_compensation_at_the_highest_floor_passes_and_a_unit_below_does_not(wages, minimum, months, penalty):
    agreement = Agreement(
        signed=DAY,
        person=person(),
        term=parse_period(f"P{min(months, 24)}M"),
        scope="轴承",
        territory="山东省",
        service_ends=DAY,
        wages=tuple(wages),
        minimum_wage=minimum,
    )
    highest = max(floor.amount for floor in check_agreement(LAW, agreement).floors)
    at_floor = check_agreement(LAW, replace(agreement, monthly=highest))
    assert at_floor.refused == ()
    if highest:
        below = check_agreement(LAW, replace(agreement, monthly=highest - Decimal("0.01")))
        assert below.refused
    fits = penalty <= at_floor.penalty_ceiling
    checked = check_agreement(LAW, replace(agreement, monthly=highest, penalty=penalty))
    assert (checked.refused == ()) is fits


@given(st.lists(amounts, min_size=1, max_size=12), st.decimals(50, 100, places=1))
def test_a_share_at_or_above_the_floor_is_never_below_it_in_money(wages, percent):
    agreement = replace(SOUND, wages=tuple(wages), monthly=None, percent=percent, minimum_wage=None)
    assert check_agreement(LAW, replace(agreement, penalty=None)).refused == ()
