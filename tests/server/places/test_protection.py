"""What guards a zone: isolation proved, signs at entrances, guards listed, defences scored."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from tests.server.places.company import picture

from shoumi.engine.jurisdiction import load_pack
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.files.services import file_store
from shoumi.server.ledger.queries import entries_of
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import FieldMissingError
from shoumi.server.places.models import Guard, Sign
from shoumi.server.places.queries.checklist import checks_of, next_after, percent_of, scores_of
from shoumi.server.places.queries.rail import stations_of
from shoumi.server.places.services.errors import (
    AnswersError,
    DaysError,
    OverError,
    PictureError,
    ReasonMissingError,
    ZoneCodeTakenError,
)
from shoumi.server.places.services.inspections import Answer, inspection_record, task_close
from shoumi.server.places.services.protection import (
    entrance_add,
    entrance_close,
    guard_add,
    guard_end,
    isolation_record,
    sign_put_up,
    sign_take_down,
)
from shoumi.server.places.services.signs import SignLanguageError, sign_pages, signs_print


def css(company, title):
    return next(item.css for item in stations_of(company.secret, None) if item.title == title)


def answers(zone, **changed):
    found = {check.id: Answer("met") for check in checks_of(zone)}
    return {**found, **{key: Answer(*value) for key, value in changed.items()}}


def inspect(company, *, day=0, **changed):
    return inspection_record(
        actor=company.officer,
        zone=company.secret,
        answers=answers(company.secret, **changed),
        inspected_on=today_of(company.cn) + timedelta(days=day),
    )


@pytest.mark.requirement("ZON-06")
def test_the_isolation_is_proved_by_a_photo(company, english):
    assert css(company, "Isolation proved") != "done"
    day = today_of(company.cn)
    with pytest.raises(DaysError):
        isolation_record(
            actor=company.officer, zone=company.secret, means="door", taken_on=day + timedelta(days=1),
            photo=picture(company.officer),
        )  # fmt: skip
    proof = isolation_record(
        actor=company.officer, zone=company.secret, means="wall", taken_on=day, photo=picture(company.officer)
    )
    assert css(company, "Isolation proved") == "done"
    assert proof.photo.sha256
    assert entries_of(company.secret.ledger_subject).last().tag == "places:isolation:recorded"


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.png", b"no picture"), ("x.txt", b"text"), ("x.png", b"\x89PNG\r\n\x1a\n" + bytes(40))],
)
def test_what_is_no_picture_is_refused(company, name, content):
    stored = file_store(actor=company.officer, name=name, chunks=io.BytesIO(content))
    with pytest.raises(PictureError):
        isolation_record(
            actor=company.officer,
            zone=company.secret,
            means="door",
            taken_on=today_of(company.cn),
            photo=stored,
        )


@pytest.mark.requirement("ZON-07")
def test_a_sign_belongs_to_every_entrance_with_its_day_and_photo(company, english):
    day = today_of(company.cn)
    front = entrance_add(actor=company.officer, zone=company.secret, name="正门")
    back = entrance_add(actor=company.officer, zone=company.secret, name="后门")
    with pytest.raises(ZoneCodeTakenError):
        entrance_add(actor=company.officer, zone=company.secret, name="正门")
    warning = Sign.Kind.WARNING
    with pytest.raises(DaysError):
        sign_put_up(
            actor=company.officer, entrance=front, kind=warning, put_up_on=day + timedelta(days=1), photo=None
        )
    sign = sign_put_up(
        actor=company.officer, entrance=front, kind=warning, put_up_on=day, photo=picture(company.officer)
    )
    assert (sign.put_up_on, sign.photo.media_type) == (day, "image/png")
    assert css(company, "Signs at every entrance") != "done"
    sign_put_up(actor=company.officer, entrance=back, kind=warning, put_up_on=day, photo=None)
    assert css(company, "Signs at every entrance") == "done"
    newer = sign_put_up(actor=company.officer, entrance=front, kind=warning, put_up_on=day, photo=None)
    sign.refresh_from_db()
    assert sign.taken_down_on == day
    sign_take_down(actor=company.officer, sign=newer)
    with pytest.raises(OverError):
        sign_take_down(actor=company.officer, sign=newer)
    entrance_close(actor=company.officer, entrance=front)
    assert css(company, "Signs at every entrance") == "done"


@pytest.mark.requirement("ZON-07", "ZON-17")
@pytest.mark.parametrize("language", ["zh-hans", "ja", "en"])
def test_signs_say_what_the_guide_asks_in_the_language_that_is_needed(company, language):
    entrance_add(actor=company.officer, zone=company.secret, name="正门")
    entrance_add(actor=company.officer, zone=company.secret, name="后门")
    rules = load_pack("cn").places
    pages = sign_pages(company.secret, [language])
    assert [page.entrance for page in pages] == ["后门", "正门"]
    wanted = [item.names.in_language(language) for item in rules.signs]
    assert len(wanted) == 3
    assert all(list(page.texts[0].lines) == wanted for page in pages)
    assert pages[0].texts[0].level == load_pack("cn").levels[1].labels.in_language(language)
    company.key_place()
    key = sign_pages(company.secret, [language])[-1]
    assert key.heads[0][1] == rules.key_sign.in_language(language)
    assert rules.device_sign.in_language(language) in key.texts[0].lines


@pytest.mark.requirement("ZON-07")
def test_signs_are_printed_by_who_looks_after_the_zone(company):
    with pytest.raises(SignLanguageError):
        signs_print(actor=company.officer, zone=company.secret, languages=["de"])
    with pytest.raises(NotPermittedError):
        signs_print(actor=company.colleague, zone=company.secret, languages=["ja"])
    content = signs_print(actor=company.officer, zone=company.secret, languages=["zh-hans", "ja", "en"])
    assert content.startswith(b"%PDF")
    assert entries_of(company.secret.ledger_subject).last().tag == "places:sign:printed"


@pytest.mark.requirement("ZON-08")
def test_guards_and_devices_are_listed_with_their_days(company, english):
    day = today_of(company.cn)
    assert css(company, "Guards and devices listed") != "done"
    with pytest.raises(FieldMissingError):
        guard_add(actor=company.officer, zone=company.secret, kind=Guard.Kind.PERSON, since=day)
    with pytest.raises(FieldMissingError):
        guard_add(actor=company.officer, zone=company.secret, kind=Guard.Kind.CAMERA, since=day)
    camera = guard_add(
        actor=company.officer, zone=company.secret, kind=Guard.Kind.CAMERA, since=day, description="K-03 走廊"
    )
    assert css(company, "Guards and devices listed") == "done"
    assert guard_end(actor=company.officer, guard=camera).until == day
    with pytest.raises(OverError):
        guard_end(actor=company.officer, guard=camera)


@pytest.mark.requirement("ZON-11")
def test_the_three_defences_are_scored_and_gaps_become_tasks(company):
    checks = checks_of(company.secret)
    assert {check.defence for check in checks} == {"people", "physical", "technical"}
    inspection = inspect(
        company, P2=("missing", "夜间无人"), T3=("partly", "西侧失效"), T2=("unneeded", "无窗")
    )
    scores = {score.id: score.percent for score in scores_of(inspection)}
    assert scores == {"people": 75, "physical": 100, "technical": 75}
    counted = len(checks) - 1
    assert inspection.score == 100 * (2 * counted - 3) // (2 * counted)
    tasks = {task.check_id: task for task in company.secret.tasks.all()}
    assert set(tasks) == {"P2", "T3"}
    assert tasks["P2"].due_on < tasks["T3"].due_on
    company.secret.refresh_from_db()
    assert company.secret.score == inspection.score
    assert company.secret.next_inspection_on == next_after(inspection.inspected_on, 6)


@pytest.mark.requirement("ZON-11")
def test_every_question_is_answered_and_every_gap_has_words(company):
    zone = company.secret
    some = answers(zone, P1=("missing", " "))
    del some["M1"]
    with pytest.raises(AnswersError) as refused:
        inspection_record(actor=company.officer, zone=zone, answers=some, inspected_on=today_of(company.cn))
    assert len(refused.value.fields["list"]) == 2
    assert zone.inspections.count() == 0


@pytest.mark.requirement("ZON-11")
def test_a_key_place_is_asked_more(company):
    before = {check.id for check in checks_of(company.secret)}
    company.key_place()
    assert {check.id for check in checks_of(company.secret)} - before == {"P5", "M4", "T4"}


def test_gaps_are_closed_by_words_or_by_the_next_inspection(company):
    inspect(company, P2=("missing", "夜间无人"), M3=("missing", "无锁"))
    tasks = {task.check_id: task for task in company.secret.tasks.all()}
    with pytest.raises(ReasonMissingError):
        task_close(actor=company.owner, task=tasks["P2"], outcome=" ")
    with pytest.raises(NotPermittedError):
        task_close(actor=company.auditor, task=tasks["P2"], outcome="已安排")
    task_close(actor=company.owner, task=tasks["P2"], outcome="已安排值守")
    with pytest.raises(OverError):
        task_close(actor=company.owner, task=tasks["P2"], outcome="再次")
    inspect(company)
    tasks["M3"].refresh_from_db()
    assert tasks["M3"].done_at is not None
    inspect(company, M3=("missing", "锁又坏了"))
    inspect(company, M3=("partly", "修理中"))
    assert company.secret.tasks.filter(check_id="M3", done_at__isnull=True).count() == 1


def test_an_older_inspection_recorded_later_does_not_replace_the_latest(company):
    latest = inspect(company)
    inspect(company, day=-30, P1=("missing", "无责任人"))
    company.secret.refresh_from_db()
    assert (company.secret.score, company.secret.inspected_on) == (100, latest.inspected_on)


@pytest.mark.parametrize(
    ("day", "months", "following"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-01-15", 6, "2026-07-15"), ("2026-12-31", 1, "2027-01-31")],
)
def test_months_are_counted_by_the_calendar(day, months, following):
    assert next_after(date.fromisoformat(day), months) == date.fromisoformat(following)


def test_nothing_that_counts_is_no_score():
    assert percent_of(["unneeded"]) is None
    assert percent_of([]) is None
    assert percent_of(["met", "missing"]) == 50
