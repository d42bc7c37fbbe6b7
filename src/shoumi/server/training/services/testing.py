"""Tests: drawn on the server, handed in once, graded at once; whoever passes gets the certificate.

The questions go out without what is right; that is told to the person after grading.  A test that was begun
is a try, and is gone on with until it is handed in, so that nobody leafs through the bank.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError
from shoumi.engine.jurisdiction.training import Question, certify, draw, grade
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.border import Border
from shoumi.server.people.models import Person
from shoumi.server.people.occurrences import certificate_issued
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import RecordUnknownError
from shoumi.server.training.models import Assignment, Certificate, CourseVersion, Learning, Sitting
from shoumi.server.training.queries.access import learner_resource
from shoumi.server.training.queries.courses import questions_of, shown
from shoumi.server.training.queries.learning import progress_of
from shoumi.server.training.services.learning import learner_of, version_offered
from shoumi.server.training.services.notices import runners_of, tell


class NotAllSeenError(ConflictError):
    """There are sections that were not seen."""

    code = "training.not_all_seen"
    message = "See all sections first; the test comes after them."


class NoTryLeftError(ConflictError):
    """All tries are used up."""

    code = "training.no_try_left"
    message = "All tries are used up; learn the course again first."


class AlreadyCertifiedError(ConflictError):
    """There is a certificate that holds."""

    code = "training.already_certified"
    message = "You have passed this version already; your certificate holds."


class HandedInError(ConflictError):
    """The test was handed in already."""

    code = "training.handed_in"
    message = "This test was handed in already."


def sitting_begin(*, actor: User, version_id: UUID) -> Sitting:
    """Draw a test for the actor, or return the one that was begun and not handed in.

    Raises:
        NotAllSeenError, NoTryLeftError, AlreadyCertifiedError: each as it says.
        and whatever `learning.version_offered` raises.
    """
    person = learner_of(actor)
    version = version_offered(person, version_id)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        progress = progress_of(person, version)
        if progress.settled:
            raise AlreadyCertifiedError
        if progress.learning is None or not progress.all_seen:
            raise NotAllSeenError
        if progress.open_sitting is not None:
            return progress.open_sitting
        if not progress.may_try:
            raise NoTryLeftError
        return _drawn(actor, version, progress.learning, len(progress.sittings) + 1)


def sitting_hand_in(*, actor: User, sitting_id: UUID, answers: Mapping[str, Sequence[int]]) -> Sitting:
    """Hand in a test of the actor's own: it is graded and, if passed, certified.

    Raises:
        RecordUnknownError: it is none of the actor's.
        HandedInError: it was handed in already.
        NotInForceError: the course has a newer version by now.
        AnswerError: an answer is to no question of the test.
    """
    person = learner_of(actor)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        sitting = _own(person, sitting_id)
        if sitting.handed_in_at is not None:
            raise HandedInError
        version = version_offered(person, sitting.learning.version_id)
        asked = questions_asked(sitting)
        result = grade(asked, answers, version.pass_percent)
        sitting.answers = {id_: sorted(set(chosen)) for id_, chosen in answers.items() if chosen}
        sitting.percent, sitting.passed = result.percent, result.passed
        sitting.handed_in_at = clock().now()
        sitting.save()
        append(
            LedgerTag.TRAINING_TEST_GRADED,
            actor=actor.ledger_actor,
            subject=sitting.ledger_subject,
            detail={
                "version": version.ledger_subject,
                "try": sitting.number,
                "percent": result.percent,
                "passed": result.passed,
            },
        )
        if result.passed:
            _certify(actor, person, version, sitting, asked)
        elif sitting.number >= version.tries:
            tell(runners_of(version.course.entity), "failed", {"course": version.course.title})
    return sitting


def sitting_answers(*, actor: User, sitting_id: UUID) -> Sitting:
    """Return a test that was handed in, for the person themself to look at what was right.

    Raises:
        RecordUnknownError: there is none, or it is open.
        NotPermittedError: it is somebody else's.
    """
    rows = Sitting.objects.select_related("learning__person__entity", "learning__version__course__entity")
    sitting = rows.filter(pk=sitting_id, handed_in_at__isnull=False).first()
    if sitting is None:
        raise RecordUnknownError
    gate.require(actor, Action.TRAINING_ANSWERS, learner_resource(sitting.learning.person))
    return sitting


def sitting_look(*, actor: User, sitting_id: UUID, purpose: str) -> Sitting:
    """Return a test of somebody else that was handed in; the person reads who looked, when and why.

    Raises:
        RecordUnknownError: there is none, or it is open.
        NotPermittedError: the rules refuse, or the purpose is missing.
        BorderError: the actor sits in another country, and no basis for that is on record.
    """
    rows = Sitting.objects.select_related("learning__person__entity", "learning__version__course__entity")
    sitting = rows.filter(pk=sitting_id, handed_in_at__isnull=False).first()
    if sitting is None:
        raise RecordUnknownError
    person = sitting.learning.person
    gate.require(actor, Action.TRAINING_LOOK, learner_resource(person), purpose=purpose)
    Border(actor).require(person)
    with transaction.atomic():
        append(
            LedgerTag.TRAINING_ANSWERS_SEEN,
            actor=actor.ledger_actor,
            subject=person.ledger_subject,
            detail={"field": "answers", "purpose": purpose.strip(), "sitting": str(sitting.pk)},
        )
    return sitting


def questions_asked(sitting: Sitting) -> list[Question]:
    """Return the questions of a test in the order in which they were asked."""
    bank = {question.id: question for question in questions_of(sitting.learning.version)}
    return [bank[id_] for id_ in sitting.questions]


def _own(person: Person, sitting_id: UUID) -> Sitting:
    rows = Sitting.objects.select_related("learning__version__course__entity")
    sitting = rows.filter(pk=sitting_id, learning__person=person).first()
    if sitting is None:
        raise RecordUnknownError
    return sitting


def _drawn(actor: User, version: CourseVersion, learning: Learning, number: int) -> Sitting:
    seed = secrets.token_hex(16)
    questions = draw(questions_of(version), seed, version.draw, version.parts)
    sitting = Sitting.objects.create(
        learning=learning,
        number=number,
        seed=seed,
        questions=[question.id for question in questions],
        begun_at=clock().now(),
    )
    append(
        LedgerTag.TRAINING_TEST_BEGUN,
        actor=actor.ledger_actor,
        subject=sitting.ledger_subject,
        detail={"version": version.ledger_subject, "try": number, "seed": seed},
    )
    return sitting


def _certify(
    actor: User, person: Person, version: CourseVersion, sitting: Sitting, asked: Sequence[Question]
) -> None:
    paper = certify(
        person.ledger_subject,
        shown(version),
        asked,
        sitting.answers,
        pass_percent=version.pass_percent,
        valid_months=version.valid_months,
        day=today_of(version.course.entity),
    )
    row = Certificate.objects.create(
        person=person,
        version=version,
        sitting=sitting,
        passed_on=paper.passed_on,
        valid_until=paper.valid_until,
        percent=paper.percent,
        digest=paper.digest,
        issued_at=clock().now(),
    )
    waiting = Assignment.objects.filter(person=person, campaign__course=version.course_id, done_at=None)
    waiting.update(done_at=row.issued_at, certificate=row)
    append(
        LedgerTag.TRAINING_CERTIFICATE_ISSUED,
        actor=actor.ledger_actor,
        subject=row.ledger_subject,
        detail={
            "person": person.ledger_subject,
            "version": version.ledger_subject,
            "sha256": row.digest,
            "valid_until": row.valid_until.isoformat(),
        },
    )
    certificate_issued.send(sender=Certificate, certificate=row)
