"""Learning: a round is begun, sections are opened and seen, a video is followed stretch by stretch.

What was seen is recorded with the hash of what was shown; the browser says which hash that was, and the
server compares it.  A text or PDF counts only after it was opened, a video only as fast as it can be played.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, RefusalError
from shoumi.engine.jurisdiction.training import verify_pace, watched
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.services.editing import RecordUnknownError
from shoumi.server.training.models import CourseVersion, Learning, Section, SectionSeen
from shoumi.server.training.queries.access import learner_resource
from shoumi.server.training.queries.learning import may_learn, progress_of, video_done

_THOUSAND = 1000


class NotOfferedError(RefusalError):
    """The course is not offered to this person."""

    code = "training.not_offered"
    message = "This course is not offered to you."


class NotInForceError(ConflictError):
    """The version is not the one in force."""

    code = "training.not_in_force"
    message = "There is a newer version of this course; begin with that one."


class OtherContentError(ConflictError):
    """What was on the screen is not what the section shows."""

    code = "training.other_content"
    message = "What you saw is not what the section shows now. Open it again."


class NotOpenedError(ConflictError):
    """The section was not opened before."""

    code = "training.not_opened"
    message = "Open the section first."


class NotWatchedError(ConflictError):
    """Not all of the video was played."""

    code = "training.not_watched"
    message = "Not all of the video has been played yet."


class NothingToRepeatError(ConflictError):
    """There are tries left, or a certificate that holds."""

    code = "training.nothing_to_repeat"
    message = "There is no need to learn it again yet."


def learner_of(actor: User) -> Person:
    """Return the person who acts, after asking whether they may learn.

    Raises:
        NotOfferedError: the account has no person.
        NotPermittedError: the rules refuse.
    """
    person = Person.objects.select_related("entity").filter(user=actor).first()
    if person is None:
        raise NotOfferedError
    gate.require(actor, Action.TRAINING_LEARN, learner_resource(person))
    return person


def version_offered(person: Person, version_id: UUID) -> CourseVersion:
    """Return the version in force of a course that is offered to a person.

    Raises:
        RecordUnknownError, NotInForceError, NotOfferedError: each as it says.
    """
    version = CourseVersion.objects.select_related("course__entity").filter(pk=version_id).first()
    if version is None or version.is_draft:
        raise RecordUnknownError
    if not may_learn(person, version):
        raise NotOfferedError
    if version.state != CourseVersion.State.PUBLISHED or version.course.retired_on is not None:
        raise NotInForceError
    return version


def learning_open(*, actor: User, version_id: UUID) -> Learning:
    """Return the present round of the actor through a version, begun now if there is none.

    Raises:
        NotPermittedError and whatever `version_offered` raises.
    """
    person = learner_of(actor)
    version = version_offered(person, version_id)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        found = Learning.objects.filter(person=person, version=version).order_by("-round").first()
        return found or _begin(actor, person, version, 1)


def learning_repeat(*, actor: User, version_id: UUID) -> Learning:
    """Begin the next round: all tries are used up, or the certificate is over.

    Raises:
        NothingToRepeatError: neither is so.
        and whatever `learning_open` raises.
    """
    person = learner_of(actor)
    version = version_offered(person, version_id)
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        progress = progress_of(person, version)
        if progress.learning is None or not progress.needs_round:
            raise NothingToRepeatError
        return _begin(actor, person, version, progress.learning.round + 1)


def section_open(*, actor: User, section_id: UUID) -> SectionSeen:
    """Note that the actor opened a section, and return how far they are in it.

    Raises:
        RecordUnknownError and whatever `learning_open` raises.
    """
    section = Section.objects.select_related("version").filter(pk=section_id).first()
    if section is None:
        raise RecordUnknownError
    learning = learning_open(actor=actor, version_id=section.version_id)
    now = clock().now()
    with transaction.atomic():
        seen, made = SectionSeen.objects.select_for_update(no_key=True).get_or_create(
            learning=learning,
            section=section,
            defaults={"sha256": section.sha256, "opened_at": now, "reported_at": now},
        )
        if not made and seen.seen_at is None:
            seen.reported_at = now
            seen.save(update_fields=["reported_at"])
    return seen


def section_see(*, actor: User, section_id: UUID, sha256: str) -> SectionSeen:
    """Record that the actor saw a whole section; `sha256` is the hash of what was shown.

    A second time changes nothing.

    Raises:
        NotOpenedError, OtherContentError, NotWatchedError: each as it says.
        and whatever `learning_open` raises.
    """
    with transaction.atomic():
        seen = _opened(actor, section_id, sha256)
        if seen.section.kind == Section.Kind.VIDEO and not video_done(seen):
            raise NotWatchedError
        _see(actor, seen)
    return seen


def section_watch(*, actor: User, section_id: UUID, sha256: str, start_ms: int, end_ms: int) -> SectionSeen:
    """Record that the actor played a stretch of a video; it is seen once nearly all was played.

    Raises:
        StretchError: it lies outside the video.
        TooFastError: it cannot have been played in the time since the last report.
        NotOpenedError, OtherContentError, RecordUnknownError: each as it says.
        and whatever `learning_open` raises.
    """
    with transaction.atomic():
        seen = _opened(actor, section_id, sha256)
        section = seen.section
        if section.kind != Section.Kind.VIDEO:
            raise RecordUnknownError
        before = [(first, last) for first, last in seen.stretches]
        stretches = watched(before, start_ms, min(end_ms, section.length_ms), length=section.length_ms)
        now = clock().now()
        passed = now - seen.reported_at
        verify_pace(start_ms, end_ms, passed_ms=int(passed.total_seconds() * _THOUSAND))
        seen.stretches, seen.reported_at = [list(pair) for pair in stretches], now
        seen.save(update_fields=["stretches", "reported_at"])
        if video_done(seen):
            _see(actor, seen)
    return seen


def _begin(actor: User, person: Person, version: CourseVersion, number: int) -> Learning:
    learning = Learning.objects.create(person=person, version=version, round=number, begun_at=clock().now())
    append(
        LedgerTag.TRAINING_LEARNING_BEGUN,
        actor=actor.ledger_actor,
        subject=learning.ledger_subject,
        detail={"version": version.ledger_subject, "sha256": version.sha256, "round": number},
    )
    return learning


def _opened(actor: User, section_id: UUID, sha256: str) -> SectionSeen:
    """Return how far the actor is in a section of the present round, locked."""
    section = Section.objects.filter(pk=section_id).first()
    if section is None:
        raise RecordUnknownError
    learning = learning_open(actor=actor, version_id=section.version_id)
    rows = SectionSeen.objects.select_for_update(of=("self",), no_key=True).select_related(
        "section", "learning"
    )
    seen = rows.filter(learning=learning, section=section).first()
    if seen is None:
        raise NotOpenedError
    if sha256 != section.sha256 or seen.sha256 != section.sha256:
        raise OtherContentError
    return seen


def _see(actor: User, seen: SectionSeen) -> None:
    if seen.seen_at is not None:
        return
    seen.seen_at = clock().now()
    seen.save(update_fields=["seen_at"])
    append(
        LedgerTag.TRAINING_SECTION_SEEN,
        actor=actor.ledger_actor,
        subject=seen.learning.ledger_subject,
        detail={"section": str(seen.section_id), "sha256": seen.sha256},
    )
