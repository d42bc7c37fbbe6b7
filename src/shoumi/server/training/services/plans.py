"""The training plan of a year: trainings are planned, recorded when they took place, or taken out.

Follows the guide 五(五)2(1): the plan is made for every year, and material, attendance and test are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.files.models import StoredFile
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import LegalEntity, Person
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import RecordUnknownError, locked, text_of
from shoumi.server.people.services.writing import counted, writing
from shoumi.server.training.models import Course, PlannedSession
from shoumi.server.training.queries.courses import table_of
from shoumi.server.training.services.writing import (
    NothingChosenError,
    TrainingStateError,
    verify_audiences,
    verify_parts,
)


class NotYetHeldError(InputError):
    """A training that is recorded lies in the future."""

    code = "training.not_yet_held"
    message = "The day lies in the future; record what has taken place."


class NumberUnknownError(InputError):
    """Nobody of the legal entity has this employee number."""

    code = "training.number_unknown"
    message = "Nobody here has the employee number “{number}”."


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """One training as it is planned."""

    title: str
    day: date
    audiences: Sequence[str]
    parts: Sequence[str]
    course: Course | None = None


def session_plan(*, actor: User, entity: LegalEntity, plan: SessionPlan) -> PlannedSession:
    """Put a training into the plan of its year.

    Raises:
        NotPermittedError, NothingChosenError, UnknownPartError, FieldMissingError: each as it says.
    """
    with _changing(actor, entity, LedgerTag.TRAINING_SESSION_PLANNED) as entry:
        row = PlannedSession(entity=entity, planned_by=actor, created_at=clock().now())
        _fill(row, plan)
        row.save(force_insert=True)
        entry.subject, entry.detail = row.ledger_subject, _told(row)
    return row


def session_change(
    *, actor: User, session_id: UUID, expected_version: int, plan: SessionPlan
) -> PlannedSession:
    """Change a training that has not taken place.  Raises as `session_plan`, and `TrainingStateError`."""
    found = _found(session_id)
    with _changing(actor, found.entity, LedgerTag.TRAINING_SESSION_PLANNED) as entry:
        row = _open(found, expected_version)
        _fill(row, plan)
        counted(row)
        entry.subject, entry.detail = row.ledger_subject, _told(row)
    return row


def session_strike(*, actor: User, session_id: UUID, expected_version: int) -> PlannedSession:
    """Take a training that has not taken place out of the plan.  Raises as `session_change`."""
    found = _found(session_id)
    with _changing(actor, found.entity, LedgerTag.TRAINING_SESSION_STRUCK) as entry:
        row = _open(found, expected_version)
        row.struck_on = today_of(found.entity)
        counted(row)
        entry.subject = row.ledger_subject
    return row


def session_hold(  # noqa: PLR0913 - the parts of a record, each named
    *,
    actor: User,
    session_id: UUID,
    expected_version: int,
    held_on: date,
    numbers: Sequence[str],
    material: StoredFile,
    record: StoredFile,
) -> PlannedSession:
    """Record that a training took place: who attended, by employee number, with material and test.

    Raises:
        NotYetHeldError, NothingChosenError, NumberUnknownError: each as it says.
        and whatever `session_change` raises.
    """
    found = _found(session_id)
    entity = found.entity
    with _changing(actor, entity, LedgerTag.TRAINING_SESSION_HELD) as entry:
        row = _open(found, expected_version)
        if held_on > today_of(entity):
            raise NotYetHeldError
        persons = {
            person.number: person for person in Person.objects.filter(entity=entity, number__in=numbers)
        }
        if not numbers:
            raise NothingChosenError
        for number in numbers:
            if number not in persons:
                raise NumberUnknownError(number=number)
        row.held_on, row.material, row.record = held_on, material, record
        counted(row)
        row.attended.set(persons.values())
        entry.subject = row.ledger_subject
        entry.detail = {
            "held_on": held_on.isoformat(),
            "attended": sorted(str(person.pk) for person in persons.values()),
            "material_sha256": material.sha256,
            "record_sha256": record.sha256,
        }
    return row


def _changing(actor: User, entity: LegalEntity, tag: Tag):  # noqa: ANN202 - what `writing` returns
    return writing(actor=actor, action=Action.TRAINING_RUN, resource=entity_resource(entity), tag=tag)


def _found(session_id: UUID) -> PlannedSession:
    row = PlannedSession.objects.select_related("entity").filter(pk=session_id).first()
    if row is None:
        raise RecordUnknownError
    return row


def _open(found: PlannedSession, expected_version: int) -> PlannedSession:
    row = locked(PlannedSession, found.pk, expected_version)
    row.entity = found.entity
    if row.held_on is not None or row.struck_on is not None:
        raise TrainingStateError
    return row


def _fill(row: PlannedSession, plan: SessionPlan) -> None:
    table = table_of(row.entity)
    row.title = text_of(PlannedSession, "title", plan.title, required=True)
    row.day, row.course = plan.day, plan.course
    row.audiences = verify_audiences(table, plan.audiences)
    row.parts = verify_parts(table, plan.parts)


def _told(row: PlannedSession) -> dict[str, str | list[str] | None]:
    return {
        "day": row.day.isoformat(),
        "audiences": row.audiences,
        "parts": row.parts,
        "course": str(row.course_id) if row.course_id else None,
    }
