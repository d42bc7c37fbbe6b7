"""Reminds those who have not learned, tells their superiors once it is overdue, and takes in who joined.

Whose rule: our own.  Reminders go out 7 days and 1 day before a campaign is due and weekly after; superiors
are told once, on the first day after.  The day of a reminder is written in the transaction that sends it, so
that a second run on the same day tells nobody again.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, Engagement
from shoumi.server.people.queries import engaged_now, entity_resource, today_of
from shoumi.server.people.services.editing import RecordUnknownError, locked
from shoumi.server.people.services.writing import writing
from shoumi.server.training.models import Assignment, Campaign
from shoumi.server.training.queries.campaigns import persons_to_assign, still_open
from shoumi.server.training.services.notices import superiors_of, tell
from shoumi.server.training.services.sending import BATCH, parameters_of
from shoumi.server.training.services.writing import SYSTEM, TrainingStateError

DAYS_BEFORE: Final = (7, 1)
WEEK: Final = 7
State = Campaign.State


class RemindedTodayError(ConflictError):
    """Everybody who has not learned was reminded today."""

    code = "training.reminded_today"
    message = "Everybody who has not learned it yet was reminded today already."


def campaigns_remind() -> int:
    """Do what is due today for every open campaign; return how many persons were reminded."""
    told = 0
    for campaign in Campaign.objects.filter(state=State.OPEN).select_related("course__entity"):
        day = today_of(campaign.course.entity)
        if is_reminder_day(campaign.due_on, day):
            told += campaign_remind_all(campaign, day, actor=SYSTEM)
        if day > campaign.due_on:
            campaign_escalate(campaign, day)
        elif persons_to_assign(campaign).exists():
            Campaign.objects.filter(pk=campaign.pk, state=State.OPEN).update(state=State.WAITING)
    return told


def is_reminder_day(due_on: date, day: date) -> bool:
    """Tell whether reminders go out on `day`."""
    left = (due_on - day).days
    return left in DAYS_BEFORE or (left < 0 and -left % WEEK == 0)


def campaign_remind(*, actor: User, campaign_id: UUID) -> int:
    """Remind by hand; return how many were told.

    Raises:
        NotPermittedError: the actor does not run the training of this entity.
        TrainingStateError: it is not open.
        RemindedTodayError: there is nobody left who was not reminded today.
    """
    found = Campaign.objects.select_related("course__entity").filter(pk=campaign_id).first()
    if found is None:
        raise RecordUnknownError
    with writing(
        actor=actor,
        action=Action.TRAINING_RUN,
        resource=entity_resource(found.course.entity),
        tag=LedgerTag.TRAINING_CAMPAIGN_REMINDED,
    ) as entry:
        campaign = locked(Campaign, campaign_id, None)
        if campaign.state != State.OPEN:
            raise TrainingStateError
        campaign.course = found.course
        day = today_of(found.course.entity)
        told = 0
        while count := _batch(campaign, day):
            told += count
        if not told:
            raise RemindedTodayError
        entry.subject = campaign.ledger_subject
        entry.detail = {"told": told}
    return told


def campaign_remind_all(campaign: Campaign, day: date, *, actor: str) -> int:
    """Remind everybody who was not reminded on `day`, batch by batch; return how many were told."""
    told = 0
    while True:
        with transaction.atomic():
            row = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
            count = _batch(campaign, day) if row.state == State.OPEN else 0
        told += count
        if not count:
            break
    if told:
        with transaction.atomic():
            append(
                LedgerTag.TRAINING_CAMPAIGN_REMINDED,
                actor=actor,
                subject=campaign.ledger_subject,
                detail={"told": told},
            )
    return told


def _batch(campaign: Campaign, day: date) -> int:
    """Remind the next batch, within the caller's transaction; return how many."""
    waiting = still_open(campaign).filter(Q(reminded_on=None) | Q(reminded_on__lt=day))
    rows = list(
        waiting.filter(person__user__is_active=True).select_related("person__user").order_by("pk")[:BATCH]
    )
    event = "reminder" if day <= campaign.due_on else "overdue"
    tell([row.person.user for row in rows], event, parameters_of(campaign))
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(
        reminded_on=day, reminders=F("reminders") + 1
    )
    return len(rows)


def campaign_escalate(campaign: Campaign, day: date) -> int:
    """Tell the superiors, once for each person, of those who are overdue; return how many persons.

    A superior gets one message for each department with the number of persons, not their names.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        waiting = still_open(campaign).filter(escalated_on=None)
        overdue = set(waiting.values_list("person", flat=True))
        if not overdue:
            return 0
        by_department: dict[UUID, set[UUID]] = defaultdict(set)
        engaged = Engagement.objects.filter(engaged_now(), department__entity=campaign.course.entity)
        for person, department in engaged.values_list("person", "department").iterator():
            if person in overdue:
                by_department[department].add(person)
        departments = Department.objects.select_related("entity", "owner__user").in_bulk(list(by_department))
        for key, persons in by_department.items():
            department = departments[key]
            named = {"count": len(persons), "department": department.name, **parameters_of(campaign)}
            tell(superiors_of(department), "escalated", named)
        waiting.update(escalated_on=day)
        append(
            LedgerTag.TRAINING_CAMPAIGN_ESCALATED,
            actor=SYSTEM,
            subject=campaign.ledger_subject,
            detail={"persons": len(overdue), "departments": len(by_department)},
        )
    return len(overdue)
