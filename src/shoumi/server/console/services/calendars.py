"""The calendar feed (RFC 5545) of one person: its secret address, and what it says.

The address holds a token of 256 bits; its hash is kept, a new one ends the old one, and who is not active any
more reads nothing.  The feed names kinds of things only: no secret, no person, no address of a record.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from icalendar import Calendar, Event

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import user_resource
from shoumi.server.console.models import CalendarFeed
from shoumi.server.console.queries.due import due_for, today_for
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
REFRESH = timedelta(hours=6)


def feed_make(*, actor: User) -> str:
    """Return the path of a new feed of the actor, this once; an older one ends.

    Raises:
        NotPermittedError: the actor is not active.
    """
    gate.require(actor, Action.TOKEN_ISSUE, user_resource(actor))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            user=actor,
            defaults={"token_sha256": _hash(token), "made_at": clock().now(), "last_read_on": None},
        )
        append(LedgerTag.CONSOLE_FEED_MADE, actor=actor.ledger_actor, subject=actor.ledger_actor, detail={})
    return reverse("console:calendar_feed", args=[token])


def feed_end(*, actor: User) -> bool:
    """End the actor's feed; return whether there was one."""
    with transaction.atomic():
        ended, _each = CalendarFeed.objects.filter(user=actor).delete()
        if ended:
            append(
                LedgerTag.CONSOLE_FEED_ENDED, actor=actor.ledger_actor, subject=actor.ledger_actor, detail={}
            )
    return bool(ended)


def feed_read(*, token: str) -> bytes | None:
    """Return the calendar behind a token, or nothing if it is none, or its person is not active any more."""
    feed = CalendarFeed.objects.select_related("user").filter(token_sha256=_hash(token)).first()
    if feed is None or not gate.subject_of(feed.user).active:
        return None
    today = clock().now().date()
    if feed.last_read_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_on=today)
    with override(feed.user.language):
        return _calendar(feed)


def _calendar(feed: CalendarFeed) -> bytes:
    today = today_for(feed.user)
    found = Calendar()
    found.add("prodid", "-//Shoumi//Due things//")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", gettext("Due in Shoumi"))
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    page = urljoin(settings.SHOUMI_PUBLIC_URL, reverse("console:calendar"))
    for item in due_for(feed.user, today - BACK, today + AHEAD):
        event = Event()
        event.add("uid", f"{_hash(f'{feed.token_sha256}/{item.source.key}/{item.key}')[:32]}@shoumi")
        event.add("dtstamp", clock().now())
        event.add("dtstart", item.day)
        event.add("summary", item.label)
        event.add("url", f"{page}?year={item.day.year}&month={item.day.month}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "PRIVATE")
        found.add_component(event)
    return found.to_ical()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
