"""Sends campaigns in the worker: claims one, tells its audience batch by batch, stops where it is asked to.

In the transaction that tells a batch its assignments are made, and there is one for each person and campaign:
a worker that dies leaves whole batches, the next one goes on behind them, and nobody is told twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.training.models import Assignment, Campaign
from shoumi.server.training.queries.campaigns import figures_of, persons_to_assign
from shoumi.server.training.services.notices import tell
from shoumi.server.training.services.writing import SYSTEM

BATCH: Final = 500
LEASE: Final = timedelta(seconds=60)  # without a sign of life
State = Campaign.State


def campaign_send_next(batch: int = BATCH) -> bool:
    """Send the campaign that has waited longest; return whether there was one."""
    runner, now = uuid4(), clock().now()
    free = Q(state=State.WAITING) | Q(state=State.SENDING, seen_at__lt=now - LEASE)
    for key in Campaign.objects.filter(free).order_by("created_at").values_list("pk", flat=True):
        claimed = Campaign.objects.filter(free, pk=key).update(
            state=State.SENDING, runner=runner, seen_at=now
        )
        if claimed:
            _send(key, runner, batch)
            return True
    return False


def _send(key: UUID, runner: UUID, batch: int) -> None:
    campaign = Campaign.objects.select_related("course__entity").get(pk=key)
    expected = campaign.assignments.count() + persons_to_assign(campaign).count()
    Campaign.objects.filter(pk=key, runner=runner).update(expected=expected)
    last = batch_send(key, runner, batch)
    while last is not None:
        last = batch_send(key, runner, batch, last)


def batch_send(key: UUID, runner: UUID, batch: int, after: UUID | None = None) -> UUID | None:
    """Tell the next `batch` persons, or bring the campaign to its end; return the last one, None at the end.

    `after` is the last person of the batch before, so that those who were told are not looked through again;
    whoever came in before them meanwhile is told in the end.
    """
    with transaction.atomic():
        campaign = (
            Campaign.objects.select_for_update(no_key=True)
            .filter(pk=key, runner=runner, state=State.SENDING)
            .first()
        )
        if campaign is None:  # closed meanwhile, or taken over
            return None
        if campaign.stop_asked:
            campaign.state, campaign.stop_asked, campaign.runner = State.STOPPED, False, None
            campaign.save()
            return None
        waiting = persons_to_assign(campaign).select_related("user").order_by("pk")
        persons = list(waiting.filter(pk__gt=after)[:batch]) if after else []
        persons = persons or list(waiting[:batch])
        if not persons:
            _sent(campaign)
            return None
        now = clock().now()
        reached = [person for person in persons if person.user is not None and person.user.is_active]
        told = {person.pk for person in reached}
        Assignment.objects.bulk_create(
            Assignment(
                campaign=campaign,
                person=person,
                assigned_at=now,
                told_at=now if person.pk in told else None,
            )
            for person in persons
        )
        tell([person.user for person in reached], "assigned", parameters_of(campaign))
        campaign.seen_at = now
        campaign.save(update_fields=["seen_at"])
    return persons[-1].pk


def parameters_of(campaign: Campaign) -> dict[str, str]:
    """Return what the messages of a campaign name."""
    return {"course": campaign.course.title, "due_on": campaign.due_on.isoformat()}


def _sent(campaign: Campaign) -> None:
    """Open a campaign whose audience was told; the ledger is told where somebody was added."""
    figures = figures_of(campaign)
    news = figures.assigned != campaign.sent
    campaign.state, campaign.runner, campaign.sent = State.OPEN, None, figures.assigned
    campaign.save()
    if not news:
        return
    tell([campaign.started_by], "sent", {"campaign": campaign.title, "count": figures.assigned})
    append(
        LedgerTag.TRAINING_CAMPAIGN_SENT,
        actor=SYSTEM,
        subject=campaign.ledger_subject,
        detail={"assigned": figures.assigned, "told": figures.told},
    )
