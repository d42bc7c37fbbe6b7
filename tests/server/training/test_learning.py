"""Learning and tests: what counts as seen, drawn here, graded once, certified, ended by a new version."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from tests.server.training.school import (
    answers,
    certified,
    movie,
    next_version,
    pdf,
    published,
    see_all,
    sent,
    sit,
    video,
    with_text,
)

from shoumi.engine.jurisdiction.training import AnswerError, CertificateMismatchError, TooFastError, draw
from shoumi.server.accounts.gate import NotPermittedError
from shoumi.server.ledger.models import LedgerEntry
from shoumi.server.notifications.models import Notification
from shoumi.server.privacy.queries.mine import who_looked
from shoumi.server.training.models import BankQuestion, Certificate, Section, Sitting
from shoumi.server.training.queries.courses import questions_of
from shoumi.server.training.queries.learning import (
    certificate_verify,
    is_trained,
    progress_of,
    tasks_of,
    waiting_to_learn,
)
from shoumi.server.training.services import bank, courses, learning, sections, testing
from shoumi.server.training.services.courses import VersionIncompleteError
from shoumi.server.training.services.daily import training_run
from shoumi.server.training.services.footage import NotPlayableError, length_ms
from shoumi.server.training.services.learning import (
    NothingToRepeatError,
    NotInForceError,
    NotOfferedError,
    NotOpenedError,
    NotWatchedError,
    OtherContentError,
)
from shoumi.server.training.services.sections import SectionContent, SectionFileError
from shoumi.server.training.services.testing import (
    AlreadyCertifiedError,
    HandedInError,
    NotAllSeenError,
    NoTryLeftError,
)
from shoumi.server.training.services.writing import TrainingStateError
from shoumi.server.training.views.campaigns import ResultListing


def drafted(school, kind, file):
    """Return a published next version with a section of a file."""
    version = courses.version_begin(actor=school.officer, course_id=school.course.pk, changes="加一节")
    version = sections.section_add(
        actor=school.officer,
        version_id=version.pk,
        expected_version=version.version,
        content=SectionContent(kind, "第二节", file=file),
    )
    version = published(school, version)
    return version, version.sections.get(title="第二节")


def test_a_test_comes_after_all_sections_and_a_section_is_seen_as_it_was_shown(school):
    reader, version = school.colleague, school.first
    with pytest.raises(NotAllSeenError):
        testing.sitting_begin(actor=reader, version_id=version.pk)
    section = version.sections.get()
    with pytest.raises(NotOpenedError):
        learning.section_see(actor=reader, section_id=section.pk, sha256=section.sha256)
    learning.section_open(actor=reader, section_id=section.pk)
    with pytest.raises(OtherContentError):
        learning.section_see(actor=reader, section_id=section.pk, sha256="0" * 64)
    row = learning.section_see(actor=reader, section_id=section.pk, sha256=section.sha256)
    assert row.sha256 == section.sha256
    entries = LedgerEntry.objects.filter(tag="training:section:seen")
    learning.section_see(actor=reader, section_id=section.pk, sha256=section.sha256)
    assert entries.count() == 1
    assert testing.sitting_begin(actor=reader, version_id=version.pk).number == 1


@pytest.mark.requirement("SRV-03")
def test_a_test_is_drawn_again_from_its_seed_and_a_certificate_from_what_it_rests_on(school):
    reader, version = school.colleague, school.first
    row = certified(reader, version)
    sitting = row.sitting
    drawn = draw(questions_of(version), sitting.seed, version.draw, version.parts)
    assert [question.id for question in drawn] == sitting.questions
    assert {question.part for question in drawn} == set(version.parts)
    certificate_verify(row)
    other = dict(sitting.answers)
    other[sitting.questions[0]] = [0, 1]
    Sitting.objects.filter(pk=sitting.pk).update(answers=other)
    with pytest.raises(CertificateMismatchError):
        certificate_verify(Certificate.objects.get(pk=row.pk))
    Sitting.objects.filter(pk=sitting.pk).update(answers=sitting.answers)
    Section.objects.filter(version=version).update(sha256="0" * 64)
    with pytest.raises(CertificateMismatchError):
        certificate_verify(Certificate.objects.get(pk=row.pk))


def test_tries_end_and_begin_anew_with_learning(school):
    reader, version = school.colleague, school.first
    see_all(reader, version)
    with pytest.raises(NothingToRepeatError):
        learning.learning_repeat(actor=reader, version_id=version.pk)
    begun = testing.sitting_begin(actor=reader, version_id=version.pk)
    assert testing.sitting_begin(actor=reader, version_id=version.pk).pk == begun.pk
    with pytest.raises(AnswerError):
        testing.sitting_hand_in(actor=reader, sitting_id=begun.pk, answers={"CN-NO": [0]})
    failed = testing.sitting_hand_in(actor=reader, sitting_id=begun.pk, answers=answers(begun, right=False))
    assert (failed.passed, failed.percent) == (False, 0)
    with pytest.raises(HandedInError):
        testing.sitting_hand_in(actor=reader, sitting_id=begun.pk, answers=answers(begun))
    for _each in range(version.tries - 1):
        sit(reader, version, right=False)
    with pytest.raises(NoTryLeftError):
        testing.sitting_begin(actor=reader, version_id=version.pk)
    assert Notification.objects.filter(message__contains="used up all tries").exists()
    assert learning.learning_repeat(actor=reader, version_id=version.pk).round == 2
    with pytest.raises(NotAllSeenError):
        testing.sitting_begin(actor=reader, version_id=version.pk)
    assert certified(reader, version).percent == 100
    with pytest.raises(AlreadyCertifiedError):
        testing.sitting_begin(actor=reader, version_id=version.pk)


@pytest.mark.requirement("SRV-07")
def test_a_new_version_ends_the_certificate_and_time_does_too(school, fixed_clock):
    reader, version = school.colleague, school.first
    row = certified(reader, version)
    assert [task.progress.holds for task in tasks_of(reader.person)] == [True]
    fixed_clock.advance(timedelta(days=334))
    with pytest.raises(NothingToRepeatError):
        learning.learning_repeat(actor=reader, version_id=version.pk)
    fixed_clock.advance(timedelta(days=1))
    training_run()
    assert Notification.objects.filter(user=reader, message__contains="Learn it again").count() == 1
    assert progress_of(reader.person, version).needs_round
    fixed_clock.advance(timedelta(days=31))
    assert [task.progress.holds for task in tasks_of(reader.person)] == [False]
    assert learning.learning_repeat(actor=reader, version_id=version.pk).round == 2
    again = certified(reader, version)
    newer = next_version(school)
    again.refresh_from_db()
    row.refresh_from_db()
    assert again.ended_on == newer.published_at.date()
    assert row.ended_on is None  # it was over by itself
    certificate_verify(again)
    with pytest.raises(NotInForceError):
        testing.sitting_begin(actor=reader, version_id=version.pk)
    task = tasks_of(reader.person)[0]
    assert (task.progress.version.pk, task.progress.holds) == (newer.pk, False)
    assert certified(reader, newer).ended_on is None


def test_a_pdf_counts_after_it_was_opened(school):
    version, section = drafted(school, "pdf", pdf(school))
    see_all(school.colleague, version)
    assert progress_of(school.colleague.person, version).all_seen
    assert section.sha256 == section.file.sha256


def test_a_video_is_seen_when_it_was_played_as_fast_as_time_passes(school, fixed_clock):
    reader = school.colleague
    version, section = drafted(school, "video", video(school, 60))
    assert section.length_ms == 60_000

    def watch(start, end, seconds):
        fixed_clock.advance(timedelta(seconds=seconds))
        return learning.section_watch(
            actor=reader, section_id=section.pk, sha256=section.sha256, start_ms=start, end_ms=end
        )

    learning.section_open(actor=reader, section_id=section.pk)
    with pytest.raises(TooFastError):
        watch(0, 60_000, 5)
    with pytest.raises(NotWatchedError):
        learning.section_see(actor=reader, section_id=section.pk, sha256=section.sha256)
    assert watch(0, 30_000, 20).seen_at is None
    assert watch(40_000, 60_000, 20).seen_at is None
    assert not progress_of(reader.person, version).sections[1].done
    assert progress_of(reader.person, version).sections[1].percent == 83
    row = watch(29_000, 40_500, 10)
    assert row.seen_at is not None
    assert row.stretches == [[0, 60_000]]


@pytest.mark.parametrize(
    "content", [movie(90), movie(90, scale=44_100), movie(90, long=True)], ids=["plain", "scale", "long"]
)
def test_the_length_of_a_video_is_read_from_its_header(content):
    assert length_ms(io.BytesIO(content), len(content)) == 90_000


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 40, movie(0), movie(90)[:40], movie(90, scale=0), b"\0\0\0\1moov"]
)
def test_what_is_no_video_is_refused(content):
    with pytest.raises(NotPlayableError):
        length_ms(io.BytesIO(content), len(content))


def test_sections_need_the_file_of_their_kind_and_published_versions_stay(school):
    version = courses.version_begin(actor=school.officer, course_id=school.course.pk, changes="x")
    more = {"actor": school.officer, "version_id": version.pk, "expected_version": version.version}
    for content, error in (
        (SectionContent("pdf", "a"), SectionFileError),
        (SectionContent("pdf", "a", file=video(school)), SectionFileError),
        (SectionContent("video", "a", file=pdf(school)), NotPlayableError),
    ):
        with pytest.raises(error):
            sections.section_add(content=content, **more)
    with pytest.raises(TrainingStateError):
        with_text(school, school.first)
    with pytest.raises(TrainingStateError):
        courses.version_begin(actor=school.officer, course_id=school.course.pk, changes="y")
    version = with_text(school, version, title="二")
    rows = list(version.sections.all())
    moved = sections.section_move(
        actor=school.officer,
        version_id=version.pk,
        expected_version=version.version,
        section_id=rows[1].pk,
        up=True,
    )
    assert [row.title for row in moved.sections.all()] == ["二", "常识"]
    left = sections.section_remove(
        actor=school.officer,
        version_id=version.pk,
        expected_version=moved.version,
        section_id=rows[0].pk,
    )
    assert [(row.ordinal, row.title) for row in left.sections.all()] == [(1, "二")]


def test_a_version_that_cannot_be_asked_is_not_published(school, english):
    version = courses.course_begin(actor=school.officer, entity=school.cn, title="空课程")
    with pytest.raises(VersionIncompleteError, match="no section"):
        published(school, version)
    version = with_text(school, version)
    version = courses.version_measure(
        actor=school.officer,
        version_id=version.pk,
        expected_version=version.version,
        measure=courses.Measure(("SRV-T1",), 100, 80, 3, 12),
    )
    with pytest.raises(VersionIncompleteError, match="asks 100 questions"):
        published(school, version)


@pytest.mark.requirement("SRV-T1", "SRV-T2", "SRV-T3", "SRV-T4", "SRV-06")
def test_every_part_and_type_of_leak_is_asked(school):
    questions = questions_of(school.first)
    assert {question.part for question in questions} == {"SRV-T1", "SRV-T2", "SRV-T3", "SRV-T4", "social"}
    assert {question.leak for question in questions} >= {
        "unintended",
        "showing-off",
        "complaining",
        "revenge",
    }
    see_all(school.colleague, school.first)
    sitting = testing.sitting_begin(actor=school.colleague, version_id=school.first.pk)
    assert {question.part for question in testing.questions_asked(sitting)} == set(school.first.parts)


def test_the_bank_keeps_what_was_published_and_ends_what_is_asked_no_more(school):
    row = BankQuestion.objects.filter(entity=school.cn, part="social").first()
    words = bank.QuestionText(
        "social", "朋友圈可以发样机照片吗?", ("可以", "不可以"), frozenset({1}), "会泄密", ""
    )
    changed = bank.question_change(
        actor=school.officer, question_id=row.pk, expected_version=row.version, words=words
    )
    assert (changed.code, changed.from_pack) == (row.code, False)
    before = {question.id: question.text for question in questions_of(school.first)}
    assert before[row.code] == row.text
    assert bank.bank_bring_in(actor=school.officer, entity=school.cn) == 0
    own = bank.question_add(actor=school.officer, entity=school.cn, language="zh", words=words)
    assert own.code == "OWN-001"
    bank.question_end(actor=school.officer, question_id=own.pk, expected_version=own.version)
    with pytest.raises(bank.OptionsError):
        bank.question_add(
            actor=school.officer,
            entity=school.cn,
            language="zh",
            words=bank.QuestionText("social", "?", ("一", "一"), frozenset({0}), "x", ""),
        )


def test_only_the_person_learns_and_sees_their_answers(school):
    certificate = certified(school.colleague, school.first)
    for other in (school.officer, school.legal, school.auditor, school.owner, school.seller):
        with pytest.raises(NotPermittedError):
            testing.sitting_answers(actor=other, sitting_id=certificate.sitting_id)
    assert testing.sitting_answers(actor=school.colleague, sitting_id=certificate.sitting_id).passed
    look = {"actor": school.legal, "sitting_id": certificate.sitting_id}
    with pytest.raises(NotPermittedError):
        testing.sitting_look(**look, purpose=" ")
    assert who_looked(school.colleague.person) == []
    assert testing.sitting_look(**look, purpose="培训争议").answers
    (seen,) = who_looked(school.colleague.person)
    assert (seen.who, seen.why, seen.what) == (str(school.legal), "培训争议", "answers")
    with pytest.raises(NotOfferedError):
        learning.learning_open(actor=school.counsel, version_id=school.first.pk)


def test_legal_is_led_to_the_answers_of_who_did_not_pass(school):
    campaign = sent(school)
    see_all(school.proposer, school.first)
    failed = sit(school.proposer, school.first, right=False)

    def links(user):
        listing = ResultListing(user, QueryDict(f"campaign={campaign.pk}"))
        return {listing.row_url(row) for row in listing.page}

    assert links(school.legal) == {"", reverse("training:answers_look", args=[failed.pk])}
    assert links(school.auditor) == {""}


@pytest.mark.requirement("SRV-08")
def test_sales_staff_in_japan_are_asked_about_the_act_and_their_certificate_is_kept(school):
    seller = school.settled("T100", "早瀬 湊", school.chief, sign_in="hayase")
    version = courses.course_begin(
        actor=school.foreign_officer,
        entity=school.jp,
        title="営業研修",
        measure=courses.measure_proposed(school.jp, "sales-staff"),
    )
    version = sections.section_add(
        actor=school.foreign_officer,
        version_id=version.pk,
        expected_version=version.version,
        content=SectionContent("text", "不正競争防止法", "営業秘密を不正に使うことは許されません。"),
    )
    version = courses.version_publish(
        actor=school.foreign_officer, version_id=version.pk, expected_version=version.version
    )
    see_all(seller.user, version)
    asked = testing.questions_asked(testing.sitting_begin(actor=seller.user, version_id=version.pk))
    assert any(question.part == "sales" for question in asked)
    assert any("不正競争防止法" in question.text + question.source for question in asked)
    row = sit(seller.user, version).certificate
    assert is_trained(seller)
    certificate_verify(row)
    with pytest.raises(NotOfferedError):
        learning.learning_open(actor=school.colleague, version_id=version.pk)


def test_a_retired_course_is_learned_no_more_and_asked_for_no_more(school):
    row = sent(school)
    certificate = certified(school.colleague, school.first)
    courses.course_retire(actor=school.officer, course_id=school.course.pk)
    row.refresh_from_db()
    assert row.state == row.State.CLOSED
    assert waiting_to_learn(school.proposer) == 0
    with pytest.raises(NotInForceError):
        learning.learning_open(actor=school.proposer, version_id=school.first.pk)
    certificate_verify(certificate)
    assert is_trained(school.colleague.person)
