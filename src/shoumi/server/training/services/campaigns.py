"""Starts, stops, resumes and closes campaigns, and reminds; the worker sends them (`services.sending`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import Department
from shoumi.server.people.queries import entity_resource, today_of
from shoumi.server.people.services.editing import RecordUnknownError, locked, text_of
from shoumi.server.people.services.writing import Entry, writing
from shoumi.server.training.models import Campaign, Course
from shoumi.server.training.queries.audiences import needs_departments
from shoumi.server.training.queries.courses import published, table_of
from shoumi.server.training.services.writing import TrainingStateError, verify_audiences

State = Campaign.State


class DueDayError(InputError):
    """The day on which it is due lies in the past."""

    code = "training.due_day"
    message = "The day on which it is due lies in the past."


class DepartmentsNeededError(InputError):
    """This audience can only be told by its departments."""

    code = "training.departments_needed"
    message = "Choose the departments in which this audience works."


class NothingPublishedError(InputError):
    """The course has no published version."""

    code = "training.nothing_published"
    message = "The course has no published version, so nobody can learn it yet."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a campaign asks of whom by when."""

    title: str
    audience: str
    due_on: date
    departments: Sequence[Department] = ()


def campaign_start(*, actor: User, course: Course, wish: Wish) -> Campaign:
    """Begin a campaign; the worker takes it up within seconds.

    Raises:
        NotPermittedError: the actor does not run the training of this entity.
        NothingPublishedError, DueDayError, DepartmentsNeededError, UnknownPartError: each as it says.
    """
    with writing(
        actor=actor,
        action=Action.TRAINING_RUN,
        resource=entity_resource(course.entity),
        tag=LedgerTag.TRAINING_CAMPAIGN_STARTED,
    ) as entry:
        if published(course) is None or course.retired_on is not None:
            raise NothingPublishedError
        if wish.due_on < today_of(course.entity):
            raise DueDayError
        audience = verify_audiences(table_of(course.entity), [wish.audience])[0]
        departments = [row for row in wish.departments if row.entity_id == course.entity_id]
        if needs_departments(audience) and not departments:
            raise DepartmentsNeededError
        campaign = Campaign.objects.create(
            course=course,
            title=text_of(Campaign, "title", wish.title, required=True),
            audience=audience,
            due_on=wish.due_on,
            started_by=actor,
            created_at=clock().now(),
        )
        campaign.departments.set(departments)
        entry.subject = campaign.ledger_subject
        entry.detail = {
            "course": str(course.pk),
            "audience": audience,
            "departments": [str(row.pk) for row in departments],
            "due_on": wish.due_on.isoformat(),
        }
    return campaign


def campaign_stop(*, actor: User, campaign_id: UUID) -> Campaign:
    """Stop a campaign after the batch that is going out: nobody is told or reminded until it is resumed.

    Raises:
        NotPermittedError: the actor does not run the training of this entity.
        TrainingStateError: it is stopped or closed already.
    """

    def stop(campaign: Campaign, _entry: Entry) -> None:
        if campaign.state == State.SENDING:
            campaign.stop_asked = True
        elif campaign.state in {State.WAITING, State.OPEN}:
            campaign.state = State.STOPPED
        else:
            raise TrainingStateError

    return _moved(actor, campaign_id, LedgerTag.TRAINING_CAMPAIGN_STOPPED, stop)


def campaign_resume(*, actor: User, campaign_id: UUID) -> Campaign:
    """Go on with a stopped campaign: whoever was told is not told again.

    Raises:
        NotPermittedError, TrainingStateError: as for `campaign_stop`.
    """

    def resume(campaign: Campaign, _entry: Entry) -> None:
        if campaign.state != State.STOPPED:
            raise TrainingStateError
        campaign.state, campaign.stop_asked = State.WAITING, False

    return _moved(actor, campaign_id, LedgerTag.TRAINING_CAMPAIGN_RESUMED, resume)


def campaign_close(*, actor: User, campaign_id: UUID) -> Campaign:
    """Close a campaign: nobody is reminded any more; who has not learned stays on the list.

    Raises:
        NotPermittedError, TrainingStateError: as for `campaign_stop`.
    """

    def close(campaign: Campaign, entry: Entry) -> None:
        if campaign.state == State.CLOSED:
            raise TrainingStateError
        campaign.state, campaign.runner = State.CLOSED, None
        campaign.closed_on = today_of(campaign.course.entity)
        entry.detail = {"open": campaign.assignments.filter(done_at=None).count()}

    return _moved(actor, campaign_id, LedgerTag.TRAINING_CAMPAIGN_CLOSED, close)


def _moved(actor: User, campaign_id: UUID, tag: Tag, move) -> Campaign:  # noqa: ANN001 - a local function
    found = Campaign.objects.select_related("course__entity").filter(pk=campaign_id).first()
    if found is None:
        raise RecordUnknownError
    resource = entity_resource(found.course.entity)
    with writing(actor=actor, action=Action.TRAINING_RUN, resource=resource, tag=tag) as entry:
        campaign = locked(Campaign, campaign_id, None)
        campaign.course = found.course
        move(campaign, entry)
        campaign.version += 1
        campaign.save()
        entry.subject = campaign.ledger_subject
    return campaign
