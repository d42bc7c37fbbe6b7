"""The clocks of the law on the days people argue about, and the packs' own examples."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoumi.engine.jurisdiction import (
    PackFaultsError,
    RuleNotInForceError,
    Status,
    UnknownPackError,
    load_pack,
)
from shoumi.engine.jurisdiction.basis import Force
from shoumi.engine.jurisdiction.clocks import (
    ClockFactError,
    ClockKind,
    ClockStartError,
    UnknownClockError,
    due,
    load_clocks,
    read_clocks,
)
from shoumi.engine.jurisdiction.clocks.running import run

SHANGHAI, TOKYO = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Tokyo")
ZONES = {"cn": SHANGHAI, "jp": TOKYO}
CN, JP = load_pack("cn"), load_pack("jp")
EXAMPLES = [
    pytest.param(pack, clock, example, id=f"{pack}-{clock.id}-{example.line}")
    for pack in ("cn", "jp")
    for clock in load_clocks(pack).clocks
    for example in clock.examples
]


@pytest.mark.parametrize(("pack", "clock", "example"), EXAMPLES)
def test_the_packs_own_examples(pack, clock, example):
    start = (datetime if "T" in example.start else date).fromisoformat(example.start)
    try:
        found = run(load_pack(pack), clock, start, zone=ZONES[pack], facts=example.facts)
    except (ClockFactError, ClockStartError, RuleNotInForceError):
        assert not example.comes_out
        return
    told = (
        found.last_day.isoformat()
        if found.last_day
        else found.at.isoformat(timespec="minutes")
        if found.at
        else "at once"
    )
    assert (told == example.due) is example.comes_out


def test_a_clock_of_days_ends_with_the_day_where_the_entity_sits():
    found = due(CN, "leaver-file-transfer", date(2026, 6, 30), zone=SHANGHAI)
    assert (found.last_day, found.at) == (date(2026, 7, 15), datetime(2026, 7, 16, tzinfo=SHANGHAI))
    assert not found.over(datetime(2026, 7, 15, 15, 59, 59, tzinfo=UTC))  # 23:59:59 in Shanghai
    assert found.over(datetime(2026, 7, 15, 16, 0, tzinfo=UTC))
    assert found.basis.rule == "CN-LCL-50"
    assert found.basis.status is Status.PRIMARY
    assert any("holidays" in text.en for text in found.told)


@pytest.mark.parametrize(
    ("moment", "last_day"),
    [
        (datetime(2026, 6, 30, 15, 59, tzinfo=UTC), date(2026, 7, 15)),
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), date(2026, 7, 16)),  # 1 July in Shanghai
        (datetime(2026, 7, 1, 0, 30, tzinfo=TOKYO), date(2026, 7, 15)),  # still 30 June in Shanghai
    ],
)
def test_the_day_of_a_start_is_that_of_the_entity(moment, last_day):
    assert due(CN, "leaver-file-transfer", moment, zone=SHANGHAI).last_day == last_day


def test_hours_run_in_real_time_across_zones_and_changes_of_the_clock():
    new_york = ZoneInfo("America/New_York")
    start = datetime(2026, 3, 8, 0, 30, tzinfo=new_york)  # the hour from 2 to 3 does not exist that night
    found = due(CN, "network-incident-report", start, zone=new_york, facts={"operator": "other"})
    assert found.at == datetime(2026, 3, 8, 5, 30, tzinfo=new_york)
    assert found.at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=4)
    assert found.basis.status is Status.SECONDARY
    assert any("not confirmed" in text.en for text in found.told)


@pytest.mark.parametrize(("operator", "hours"), [("cii", 1), ("central", 2), ("other", 4)])
def test_a_network_incident_by_kind_of_operator(operator, hours):
    start = datetime(2028, 2, 28, 23, 15, tzinfo=SHANGHAI)
    found = due(CN, "network-incident-report", start, zone=SHANGHAI, facts={"operator": operator})
    assert found.at - start == timedelta(hours=hours)
    assert found.last_day is None


def test_a_breach_of_personal_data_in_china_has_no_number():
    found = due(CN, "personal-data-breach", datetime(2026, 3, 2, 10, tzinfo=SHANGHAI), zone=SHANGHAI)
    assert (found.at, found.last_day, found.clock.kind) == (None, None, ClockKind.AT_ONCE)
    assert found.basis.rule == "CN-PIPL-57"
    assert not found.over(datetime(2099, 1, 1, tzinfo=UTC))


def test_the_japanese_reports_count_the_day_of_knowing_and_say_that_this_is_not_confirmed():
    known = datetime(2026, 3, 2, 23, 59, tzinfo=TOKYO)
    first = due(JP, "breach-preliminary-report", known, zone=TOKYO)
    assert (first.early, first.at) == (
        datetime(2026, 3, 5, tzinfo=TOKYO),
        datetime(2026, 3, 7, tzinfo=TOKYO),
    )
    assert first.basis.force is Force.GUIDELINE
    days = {
        value: due(JP, "breach-final-report", known, zone=TOKYO, facts={"improper_purpose": value}).last_day
        for value in ("no", "yes")
    }
    assert days == {"no": date(2026, 3, 31), "yes": date(2026, 4, 30)}
    assert any("first day" in text.en and "not confirmed" in text.en for text in first.told)


@pytest.mark.parametrize(("pack", "zone"), [("cn", SHANGHAI), ("jp", TOKYO)])
@pytest.mark.parametrize(
    ("level", "end"), [("core", "2028-08-31"), ("important", "2027-08-31"), ("general", "2027-02-28")]
)
def test_cool_down_and_look_back_say_that_they_are_proposals(pack, zone, level, end):
    found = due(load_pack(pack), "cool-down", date(2026, 8, 31), zone=zone, facts={"level": level})
    assert found.last_day == date.fromisoformat(end)
    assert (found.basis.rule, found.basis.force) == ("", Force.COMPANY)
    assert any("not prescribed by law" in text.en for text in found.told)
    back = due(load_pack(pack), "look-back", date(2026, 6, 30), zone=zone)
    assert (back.last_day, back.at) == (date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=zone))


def test_doubtful_days_of_a_rule_stay_visible():
    found = due(CN, "network-log-keep", date(2026, 1, 1), zone=SHANGHAI)
    assert found.last_day == date(2026, 7, 1)
    assert found.basis.status is Status.UNCONFIRMED
    assert {text.zh for text in found.told} == {"所读的副本上未印施行日期"}


def test_a_rule_is_read_as_of_the_day_of_the_start_or_as_asked():
    with pytest.raises(RuleNotInForceError):
        due(CN, "network-log-keep", date(2025, 12, 31), zone=SHANGHAI)
    found = due(CN, "network-log-keep", date(2025, 12, 31), zone=SHANGHAI, day=date(2026, 1, 1))
    assert found.last_day == date(2026, 6, 30)


def test_what_a_clock_cannot_run_from_is_refused():
    start = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
    with pytest.raises(UnknownClockError, match="labour-arbitration-sue"):
        due(CN, "tea", start, zone=SHANGHAI)
    with pytest.raises(ClockFactError, match="cii, central, other"):
        due(CN, "network-incident-report", start, zone=SHANGHAI)
    with pytest.raises(ClockFactError):
        due(CN, "network-incident-report", start, zone=SHANGHAI, facts={"operator": "me"})
    for without_zone in (date(2026, 3, 2), datetime(2026, 3, 2, 10)):  # noqa: DTZ001 - what is refused
        with pytest.raises(ClockStartError):
            due(CN, "network-incident-report", without_zone, zone=SHANGHAI, facts={"operator": "cii"})


@given(
    st.datetimes(datetime(2025, 11, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - the offset is drawn
    st.integers(-12, 14),
)
def test_the_zone_of_the_start_never_changes_the_moment(moment, offset):
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=offset)))
    facts = {"operator": "other"}
    one = due(CN, "network-incident-report", there, zone=SHANGHAI, facts=facts, day=date(2026, 1, 1))
    assert one.at - there == timedelta(hours=4)


@given(st.dates(date(2026, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_a_later_start_is_never_due_earlier(start, later):
    for clock in ("labour-arbitration-apply", "labour-arbitration-sue", "non-compete-latest-end"):
        first = due(CN, clock, start, zone=SHANGHAI)
        assert first.at <= due(CN, clock, start + timedelta(days=later), zone=SHANGHAI).at
        assert first.last_day > start


@pytest.fixture
def root(tmp_path):
    shutil.copytree(
        Path(str(files("shoumi.packs"))),
        tmp_path / "packs",
        ignore=shutil.ignore_patterns("*.py", "__pycache__"),
    )
    return tmp_path / "packs"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("due: 2026-07-15", "due: 2026-07-14", "gives 2026-07-15 for this example"),
        ("due: 2026-07-16", "due: 2026-07-15", "gives what this example must refuse"),
        ("params: [days]", "params: [weeks]", "the rule CN-LCL-50 has no number “weeks”"),
        ("params: [days]", "proposed: 15", "the numbers of a length are those of its rule"),
        ("proposed: 180", "params: [days]", "a length without a rule needs a proposed number"),
        ("rule: CN-LCL-50", "rule: CN-LCL-51", "the rule CN-LCL-51 is not in this pack"),
        ("kind: keep", "kind: at_once", "unless what it tells is to be done at once"),
        ("kind: keep", "kind: kept", "must be one of deadline"),
        ('when: {extended: "yes"}', 'when: {extended: "no"}', "exactly one length must be for the case"),
        ("id: leaver-contract-keep", "id: leaver-file-transfer", "leaver-file-transfer stands twice"),
        ("Asia/Shanghai", "Asia/Nowhere", "there is no time zone “Asia/Nowhere”"),
        ("    force: law\n", "    force: law\n    strength: 3\n", "“strength” is not known here"),
    ],
)
def test_faults_are_told_with_their_place(root, old, new, told):
    path = root / "cn" / "clocks.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackFaultsError) as refused:
        read_clocks("cn", root)
    assert any(
        told in fault and fault.startswith("cn/clocks.yaml") for fault in refused.value.fields["faults"]
    )


def test_an_unknown_country_has_no_clocks():
    with pytest.raises(UnknownPackError):
        load_clocks("kr")
