"""Writes courses: begun, put together section by section, published for good, replaced, retired.

A published version keeps the questions that its tests draw from.  Publishing the next one ends every
certificate of those before: nobody is certified for something they never saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language, gettext

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.training import Question
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import RecordUnknownError, locked, text_of
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.training.models import LANGUAGES, Campaign, Certificate, Course, CourseVersion, Section
from shoumi.server.training.queries.audiences import EVERYBODY
from shoumi.server.training.queries.courses import frozen, questions_of, shown, table_of, version_sha256
from shoumi.server.training.services.bank import bank_fill
from shoumi.server.training.services.writing import TitleTakenError, TrainingStateError, verify_parts

State = CourseVersion.State


class MeasureError(InputError):
    """Pass mark, tries, number of questions or months are out of bounds."""

    code = "training.measure"
    message = "The pass mark is 1 to 100 percent; questions, tries and months are at least one."


class VersionIncompleteError(ConflictError):
    """The version cannot be published: something is missing."""

    code = "training.version_incomplete"
    message = "The version is not ready: {faults}"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is asked, and by what measure somebody passes."""

    parts: tuple[str, ...]
    draw: int
    pass_percent: int
    tries: int
    valid_months: int

    def verify(self) -> None:
        """Return if the numbers are possible.

        Raises:
            MeasureError: one is not.
        """
        numbers = (self.draw, self.tries, self.valid_months)
        if not 1 <= self.pass_percent <= 100 or min(numbers) < 1 or max(numbers) > 120:  # noqa: PLR2004 - as said
            raise MeasureError


def measure_proposed(entity: LegalEntity, audience: str = EVERYBODY) -> Measure:
    """Return the measure that the pack proposes, for all parts that an audience is to be taught."""
    table = table_of(entity)
    found = table.audience(audience)
    parts = found.parts if found else tuple(part.id for part in table.parts)
    return Measure(parts, table.draw, table.pass_percent, table.tries, table.valid_months)


def course_begin(
    *, actor: User, entity: LegalEntity, title: str, language: str = "", measure: Measure | None = None
) -> CourseVersion:
    """Begin a course with its first draft; the pack's questions are brought in where there are none yet.

    Raises:
        NotPermittedError, TitleTakenError, UnknownPartError, MeasureError, FieldMissingError: as it says.
    """
    measure = measure or measure_proposed(entity)
    with writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(entity),
        tag=LedgerTag.TRAINING_COURSE_DRAFTED,
    ) as entry:
        name = text_of(Course, "title", title, required=True)
        if Course.objects.filter(entity=entity, title=name).exists():
            raise TitleTakenError
        language = language if language in dict(LANGUAGES) else table_of(entity).language
        now = clock().now()
        course = Course.objects.create(entity=entity, title=name, language=language, created_at=now)
        version = CourseVersion(course=course, ordinal=1, drafted_by=actor, created_at=now)
        _measured(version, measure)
        version.save()
        bank_fill(entity)
        entry.subject = course.ledger_subject
        entry.detail = {"title": name, "version": 1, "language": language}
    return version


def version_measure(
    *, actor: User, version_id: UUID, expected_version: int, measure: Measure
) -> CourseVersion:
    """Change what a draft asks and by what measure somebody passes."""
    with changing(actor, version_id, expected_version) as version:
        _measured(version, measure)
    return version


def version_begin(*, actor: User, course_id: UUID, changes: str) -> CourseVersion:
    """Begin the next version of a course from the published one.

    Raises:
        NotPermittedError: the actor does not write courses of this entity.
        TrainingStateError: nothing is published, or there is a draft already.
    """
    course = course_found(course_id)
    with writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(course.entity),
        tag=LedgerTag.TRAINING_COURSE_DRAFTED,
    ) as entry:
        locked(Course, course.pk, None)
        former = course.versions.filter(state=State.PUBLISHED).first()
        if former is None or course.retired_on or course.versions.filter(state=State.DRAFT).exists():
            raise TrainingStateError
        version = CourseVersion(
            course=course,
            ordinal=former.ordinal + 1,
            drafted_by=actor,
            created_at=clock().now(),
            changes=text_of(CourseVersion, "changes", changes, required=True),
        )
        for name in ("parts", "draw", "pass_percent", "tries", "valid_months"):
            setattr(version, name, getattr(former, name))
        version.save()
        kept = ("ordinal", "kind", "title", "text", "file_id", "length_ms", "sha256")
        Section.objects.bulk_create(
            Section(version=version, **{name: getattr(row, name) for name in kept})
            for row in former.sections.all()
        )
        entry.subject = course.ledger_subject
        entry.detail = {"version": version.ordinal, "changes": version.changes}
    return version


def version_publish(*, actor: User, version_id: UUID, expected_version: int) -> CourseVersion:
    """Publish a draft: fix what it shows and asks, replace the version before, and end its certificates.

    Raises:
        NotPermittedError, RecordChangedError, TrainingStateError: each as it says.
        VersionIncompleteError: there is no section, or the test cannot be drawn.
    """
    found = version_found(version_id)
    course = found.course
    with writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(course.entity),
        tag=LedgerTag.TRAINING_COURSE_PUBLISHED,
    ) as entry:
        locked(Course, course.pk, None)
        version = locked(CourseVersion, version_id, expected_version)
        version.course = course
        if not version.is_draft or course.retired_on:
            raise TrainingStateError
        questions = questions_of(version)
        if faults := faults_of(version, questions):
            raise VersionIncompleteError(faults=" ".join(faults))
        now = clock().now()
        course.versions.filter(state=State.PUBLISHED).update(state=State.REPLACED)
        version.bank = [frozen(question) for question in questions]
        version.sha256 = version_sha256(version, questions)
        version.state, version.published_by, version.published_at = State.PUBLISHED, actor, now
        counted(version)
        ended = _end_certificates(version)
        entry.subject = course.ledger_subject
        entry.detail = {
            "version": version.ordinal,
            "sha256": version.sha256,
            "materials": dict(shown(version).materials),
            "questions": len(questions),
            "certificates_ended": ended,
        }
    return version


def course_retire(*, actor: User, course_id: UUID) -> Course:
    """Retire a course: nobody learns it any more, its campaigns are closed, its certificates stay."""
    course = course_found(course_id)
    with writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(course.entity),
        tag=LedgerTag.TRAINING_COURSE_RETIRED,
    ) as entry:
        row = locked(Course, course_id, None)
        if row.retired_on is not None:
            raise TrainingStateError
        row.retired_on = today_of(course.entity)
        counted(row)
        running = row.campaigns.exclude(state=Campaign.State.CLOSED)
        closed = running.update(state=Campaign.State.CLOSED, runner=None, closed_on=row.retired_on)
        entry.subject, entry.detail = row.ledger_subject, {"campaigns_closed": closed}
    return row


def faults_of(version: CourseVersion, questions: tuple[Question, ...] | None = None) -> list[str]:
    """Return what keeps a draft from being published, in the reader's language; nothing if it may be."""
    rows = questions_of(version) if questions is None else questions
    language = get_language() or "en"
    names = {part.id: part.names.in_language(language) for part in table_of(version.course.entity).parts}
    faults = []
    if not version.sections.exists():
        faults.append(gettext("There is no section yet."))
    present = {question.part for question in rows}
    if lacking := [names[part] for part in version.parts if part not in present]:
        faults.append(gettext("No question is about: %(parts)s.") % {"parts": ", ".join(lacking)})
    if version.draw < len(version.parts):
        faults.append(gettext("A test has fewer questions than there are parts."))
    if version.draw > len(rows):
        faults.append(
            gettext("A test asks %(wanted)s questions, the bank has %(found)s.")
            % {"wanted": version.draw, "found": len(rows)}
        )
    return faults


def course_found(course_id: UUID) -> Course:
    """Return a course.

    Raises:
        RecordUnknownError: there is none.
    """
    course = Course.objects.select_related("entity").filter(pk=course_id).first()
    if course is None:
        raise RecordUnknownError
    return course


def version_found(version_id: UUID) -> CourseVersion:
    """Return a version with its course.

    Raises:
        RecordUnknownError: there is none.
    """
    version = CourseVersion.objects.select_related("course__entity").filter(pk=version_id).first()
    if version is None:
        raise RecordUnknownError
    return version


@contextmanager
def changing(actor: User, version_id: UUID, expected_version: int | None) -> Iterator[CourseVersion]:
    """Yield a draft to be changed inside one transaction; on leaving count it and write the ledger entry.

    Raises:
        NotPermittedError: the actor does not write courses of this entity.
        RecordChangedError, RecordUnknownError, TrainingStateError: each as it says.
    """
    found = version_found(version_id)
    with writing(
        actor=actor,
        action=Action.TRAINING_EDIT,
        resource=entity_resource(found.course.entity),
        tag=LedgerTag.TRAINING_COURSE_CHANGED,
    ) as entry:
        version = locked(CourseVersion, version_id, expected_version)
        version.course = found.course
        if not version.is_draft:
            raise TrainingStateError
        yield version
        counted(version)
        entry.subject = version.course.ledger_subject
        entry.detail = {"version": version.ordinal, "materials": dict(shown(version).materials)}


def _measured(version: CourseVersion, measure: Measure) -> None:
    measure.verify()
    version.parts = verify_parts(table_of(version.course.entity), measure.parts)
    version.draw, version.tries = measure.draw, measure.tries
    version.pass_percent, version.valid_months = measure.pass_percent, measure.valid_months


def _end_certificates(version: CourseVersion) -> int:
    """End the certificates of the versions before; return how many there were."""
    day = today_of(version.course.entity)
    rows = Certificate.objects.filter(version__course=version.course_id, ended_on=None)
    return rows.filter(valid_until__gte=day).exclude(version=version).update(ended_on=day)
