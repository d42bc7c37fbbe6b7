"""What a person has to learn, how far they are, and which certificates hold.

A certificate holds until its last day, and only while the version that was seen is in force.  Reads only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from shoumi.engine.jurisdiction.training import Certificate as Paper
from shoumi.engine.jurisdiction.training import (
    Grade,
    all_watched,
    may_try,
    percent_watched,
    verify_certificate,
)
from shoumi.server.accounts.models import User
from shoumi.server.people.models import Person
from shoumi.server.people.queries import today_of
from shoumi.server.training.models import (
    Assignment,
    Campaign,
    Certificate,
    Course,
    CourseVersion,
    Learning,
    Section,
    SectionSeen,
    Sitting,
)
from shoumi.server.training.queries.courses import published, questions_of, shown

RENEWAL = timedelta(days=30)  # before its last day a certificate may be renewed


def holding(day: date, prefix: str = "") -> Q:
    """Return the condition that a certificate holds on `day`; `prefix` is the path to it."""
    return Q(
        **{
            f"{prefix}ended_on__isnull": True,
            f"{prefix}passed_on__lte": day,
            f"{prefix}valid_until__gte": day,
        }
    )


def certificates_holding(course: Course) -> QuerySet[Certificate]:
    """Return the certificates of a course that hold today."""
    return Certificate.objects.filter(holding(today_of(course.entity)), version__course=course)


def paper_of(row: Certificate) -> Paper:
    """Return a certificate made again from the rows it rests on."""
    asked = set(row.sitting.questions)
    return Paper(
        person=row.person.ledger_subject,
        seen=shown(row.version),
        passed_on=row.passed_on,
        valid_until=row.valid_until,
        questions={
            question.id: question.digest for question in questions_of(row.version) if question.id in asked
        },
        answers={id_: tuple(row.sitting.answers.get(id_, ())) for id_ in row.sitting.questions},
        percent=row.percent,
    )


def certificate_verify(row: Certificate) -> None:
    """Return if the rows still give the hash that was issued.

    Raises:
        CertificateMismatchError: a section, a question, an answer or a day is not what it was.
    """
    verify_certificate(paper_of(row), row.digest, questions_of(row.version))


@dataclass(frozen=True, slots=True)
class SectionState:
    """One section, and how far a person has come in it."""

    section: Section
    seen: SectionSeen | None

    @property
    def done(self) -> bool:
        """Whether it was seen."""
        return self.seen is not None and self.seen.seen_at is not None

    @property
    def percent(self) -> int:
        """How much of a video was watched; 100 or 0 for anything else."""
        if self.done:
            return 100
        if self.seen is None or self.section.kind != Section.Kind.VIDEO:
            return 0
        return percent_watched([(first, last) for first, last in self.seen.stretches], self.section.length_ms)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person has come in the present round through a version."""

    version: CourseVersion
    learning: Learning | None
    sections: tuple[SectionState, ...]
    sittings: tuple[Sitting, ...]
    certificate: Certificate | None  # the last one of this version, whether or not it holds
    day: date

    @property
    def seen(self) -> int:
        """How many sections were seen."""
        return sum(state.done for state in self.sections)

    @property
    def all_seen(self) -> bool:
        """Whether the test may be taken."""
        return self.seen == len(self.sections)

    @property
    def holds(self) -> bool:
        """Whether there is a certificate that holds."""
        row = self.certificate
        return row is not None and row.ended_on is None and row.passed_on <= self.day <= row.valid_until

    @property
    def open_sitting(self) -> Sitting | None:
        """The test that was begun and not handed in."""
        return next((row for row in self.sittings if row.handed_in_at is None), None)

    @property
    def graded(self) -> tuple[Sitting, ...]:
        """The tests that were handed in, in their order."""
        return tuple(row for row in self.sittings if row.handed_in_at is not None)

    @property
    def may_try(self) -> bool:
        """Whether a test may be taken, or the open one gone on with."""
        return may_try(grades(self.graded), self.version.tries)

    @property
    def tries_left(self) -> int:
        """How many tries are left in this round."""
        return max(0, self.version.tries - len(self.graded)) if self.may_try else 0

    @property
    def ends_soon(self) -> bool:
        """Whether the certificate holds and may be renewed already."""
        return self.holds and self.certificate.valid_until - self.day <= RENEWAL

    @property
    def needs_round(self) -> bool:
        """Whether it has to be learned again: no try is left, or the certificate is over or soon will be."""
        if self.learning is None:
            return False
        if self.certificate is not None and self.certificate.sitting.learning_id == self.learning.pk:
            return not self.holds or self.ends_soon
        return not self.may_try

    @property
    def settled(self) -> bool:
        """Whether there is nothing to do: there is a certificate that holds for a while."""
        return self.holds and not self.ends_soon


def grades(sittings: Iterable[Sitting]) -> list[Grade]:
    """Return how tests went, as far as the number of tries asks."""
    return [Grade((), (), row.percent or 0, bool(row.passed)) for row in sittings]


def progress_of(person: Person, version: CourseVersion) -> Progress:
    """Return how far a person has come in the present round through a version."""
    learning = Learning.objects.filter(person=person, version=version).order_by("-round").first()
    seen = {row.section_id: row for row in learning.seen.all()} if learning else {}
    return Progress(
        version=version,
        learning=learning,
        sections=tuple(SectionState(row, seen.get(row.pk)) for row in version.sections.all()),
        sittings=tuple(learning.sittings.order_by("number")) if learning else (),
        certificate=version.certificates.filter(person=person)
        .select_related("sitting")
        .order_by("-issued_at")
        .first(),
        day=today_of(version.course.entity),
    )


def video_done(seen: SectionSeen) -> bool:
    """Tell whether enough of a video was watched."""
    return all_watched([(first, last) for first, last in seen.stretches], seen.section.length_ms)


@dataclass(frozen=True, slots=True)
class Task:
    """One course that a person is to learn, or has learned."""

    course: Course
    due_on: date | None
    progress: Progress

    @property
    def overdue(self) -> bool:
        """Whether it should be done by now."""
        return self.due_on is not None and not self.progress.holds and self.due_on < self.progress.day


def assigned_courses(person: Person) -> dict[Course, date | None]:
    """Return the courses that campaigns ask of a person, each with the next day on which one is due."""
    rows = Assignment.objects.filter(person=person).select_related("campaign__course__entity")
    found: dict[Course, date | None] = {}
    for row in rows.order_by(F("campaign__due_on").desc()):
        waits = row.done_at is None and row.campaign.state != row.campaign.State.CLOSED
        found[row.campaign.course] = row.campaign.due_on if waits else found.get(row.campaign.course)
    return found


def tasks_of(person: Person) -> list[Task]:
    """Return everything a person is to learn or has learned, what is due first."""
    courses = assigned_courses(person)
    for course in (
        Course.objects.filter(versions__learnings__person=person).select_related("entity").distinct()
    ):
        courses.setdefault(course, None)
    found = []
    for course, due_on in courses.items():
        version = published(course)
        if version is not None and course.retired_on is None:
            version.course = course
            found.append(Task(course, due_on, progress_of(person, version)))
    return sorted(found, key=lambda task: (task.progress.settled, task.due_on or date.max, task.course.title))


def waiting_to_learn(user: User) -> int:
    """Count the courses that open campaigns ask of a user and that are not done; one query."""
    rows = Assignment.objects.filter(person__user=user, done_at=None, campaign__course__retired_on=None)
    rows = rows.exclude(campaign__state=Campaign.State.CLOSED)
    return rows.aggregate(count=Count("campaign__course", distinct=True))["count"] or 0


def courses_offered(person: Person) -> QuerySet[Course]:
    """Return the other courses of a person's legal entity, which they may learn unasked."""
    rows = Course.objects.filter(
        entity=person.entity, retired_on=None, versions__state=CourseVersion.State.PUBLISHED
    )
    return rows.exclude(campaigns__assignments__person=person).exclude(versions__learnings__person=person)


def is_trained(person: Person) -> bool:
    """Tell whether a person holds a certificate of any course today: for gates before access is given."""
    return Certificate.objects.filter(holding(today_of(person.entity)), person=person).exists()


def may_learn(person: Person, version: CourseVersion) -> bool:
    """Tell whether a course is offered to a person: it is their entity's, or a campaign asks it of them."""
    course = version.course
    return (
        course.entity_id == person.entity_id
        or Assignment.objects.filter(person=person, campaign__course=course).exists()
    )
