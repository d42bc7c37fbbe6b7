"""The summary of due things by e-mail, chosen by each person: their language, their zone, once a day at most.

It says how many things of which kind are due by when, and names none of them.  Who has nothing due hears
nothing.  The day it was made for is claimed in the transaction that writes the notification, so that several
workers, or one that starts again, tell nobody twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.server.accounts.models import User
from shoumi.server.console.models import Digest
from shoumi.server.console.queries.due import counted, due_for, overdue_for, zone_of
from shoumi.server.ledger.services import clock
from shoumi.server.notifications.services import notify

HOUR = 7  # of the person's morning, from which on it is sent
MONDAY = 0
AHEAD = {Digest.Rhythm.DAILY: timedelta(days=2), Digest.Rhythm.WEEKLY: timedelta(days=7)}
SUMMARY = _("%(count)s things are due or overdue.")
MAIL = _("Your summary of due things in Shoumi")


def rhythm_set(*, actor: User, rhythm: str) -> Digest:
    """Keep how often the actor wants the summary."""
    row, _made = Digest.objects.update_or_create(user=actor, defaults={"rhythm": Digest.Rhythm(rhythm)})
    return row


def digests_send() -> int:
    """Write the summaries whose time has come; return how many."""
    now = clock().now()
    wanted = Digest.objects.exclude(rhythm=Digest.Rhythm.NEVER).filter(user__is_active=True)
    earliest = (now + timedelta(days=1)).date()  # somewhere it is that day already
    waiting = wanted.filter(Q(last_on__isnull=True) | Q(last_on__lt=earliest)).select_related("user")
    return sum(_send(row, now) for row in waiting.order_by("pk").iterator(chunk_size=500))


def _send(row: Digest, now: datetime) -> bool:
    local = now.astimezone(zone_of(row.user))
    day = local.date()
    if local.hour < HOUR or (row.last_on is not None and row.last_on >= day):
        return False
    if row.rhythm == Digest.Rhythm.WEEKLY and day.weekday() != MONDAY:
        return False
    items = [
        *overdue_for(row.user, day),
        *due_for(row.user, day, day + AHEAD[Digest.Rhythm(row.rhythm)]),
    ]
    with transaction.atomic():
        if not _claimed(row, day) or not items:
            return False
        notify(
            users=[row.user],
            message=SUMMARY,
            parameters={"count": len(items)},
            link=reverse("console:calendar"),
            mail_text=MAIL,
            mail_lines=[(label, count, first.isoformat()) for label, count, first in counted(items)],
        )
    return True


def _claimed(row: Digest, day: date) -> bool:
    """Tell whether this worker is the one to make the summary of `day`."""
    mine = Digest.objects.filter(pk=row.pk, last_on=row.last_on, rhythm=row.rhythm)
    return bool(mine.update(last_on=day))
