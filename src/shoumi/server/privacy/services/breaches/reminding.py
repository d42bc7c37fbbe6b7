"""Reminds those concerned before a clock of a breach ends, and tells them when it has.

Marks of a clock: where a span is given its earlier end, a day before its end (for clocks shorter than four
days a quarter of their length), and its end.  Each mark is told of once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.notifications.services import notify
from shoumi.server.privacy.models import Breach
from shoumi.server.privacy.queries.breaches import DutyLine, duties_of
from shoumi.server.privacy.services.breaches.reporting import concerned

SOON = _("A clock for telling of a personal-data breach ends soon.")
OVER = _("A clock for telling of a personal-data breach has ended.")
DAY = timedelta(days=1)


def breaches_remind() -> int:
    """Tell of every mark that was passed; return how many."""
    found = 0
    for key in Breach.objects.filter(state=Breach.State.OPEN).values_list("pk", flat=True):
        with transaction.atomic():
            row = Breach.objects.select_for_update(no_key=True).get(pk=key)
            found += _remind(row, clock().now()) if row.state == Breach.State.OPEN else 0
    return found


def marks_of(line: DutyLine, noticed: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the name and moment of each mark of a duty's clock."""
    if line.at is None or line.answer.due is None:
        return
    if line.answer.due.early is not None:
        yield "early", line.answer.due.early
    yield "before", line.at - min(DAY, (line.at - noticed) / 4)
    yield "over", line.at


def _remind(row: Breach, now: datetime) -> int:
    passed = [
        (f"{line.country}:{line.duty.id}:{mark}", mark)
        for line in duties_of(row, now)
        if not line.settled
        for mark, at in marks_of(line, row.noticed_at)
        if at <= now
    ]
    fresh = [(name, mark) for name, mark in passed if name not in row.alarms]
    if not fresh:
        return 0
    row.alarms = [*row.alarms, *(name for name, _mark in fresh)]
    row.save(update_fields=["alarms"])
    over = any(mark == "over" for _name, mark in fresh)
    words = OVER if over else SOON
    notify(users=concerned(row), message=words, parameters={}, link=row.get_absolute_url(), mail_text=words)
    append(
        LedgerTag.PRIVACY_BREACH_ALARMED,
        actor="system:privacy",
        subject=row.ledger_subject,
        detail={"marks": [name for name, _mark in fresh]},
    )
    return len(fresh)
