"""Marks for many things at once, and marks that are overdue.

Follows the seed guide 五(一): the owner department marks, marks are registered, a change makes them void.
What is overdue is passed on to the office and the leaders once.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import MarkingTask, TradeSecret
from shoumi.server.register.services.contents import marking_done, marking_try
from shoumi.server.register.services.notices import office_of, owners_of

SYSTEM = "system:register"
OVERDUE = _("%(secret)s: %(count)s files or carriers were to be marked by %(day)s and are not.")


def markings_done(*, actor: User, tasks: Iterable[MarkingTask]) -> int:
    """Record several marks in the forms that the rules say, all or none; return how many were open."""
    found = [(task, marking_try(actor=actor, task=task)) for task in tasks if task.done_at is None]
    with transaction.atomic():
        for task, tried in found:
            marking_done(actor=actor, task_id=task.pk, tried=tried)
    return len(found)


def markings_escalate() -> int:
    """Pass on what is overdue to the office and the leaders, once per secret; return how many secrets.

    Runs daily as the system.
    """
    horizon = clock().now().date()
    rows = MarkingTask.objects.filter(done_at=None, escalated_on=None, due_on__lte=horizon)
    rows = rows.select_related("secret__entity", "secret__owner_department", "secret__custodian")
    done = 0
    for _key, group in groupby(rows.order_by("secret", "pk"), key=lambda task: task.secret_id):
        tasks = list(group)
        secret = tasks[0].secret
        today = today_of(secret.entity)
        late = [task for task in tasks if task.due_on is not None and task.due_on < today]
        if late:
            _escalate(secret, late)
            done += 1
    return done


def _escalate(secret: TradeSecret, late: list[MarkingTask]) -> None:
    leaders = set(role_holders(Role.LEADER, secret.entity.scope))
    day = min(task.due_on for task in late if task.due_on)
    with transaction.atomic():
        MarkingTask.objects.filter(pk__in=[task.pk for task in late]).update(
            escalated_on=today_of(secret.entity)
        )
        notify(
            users=sorted(owners_of(secret) | office_of(secret) | leaders, key=lambda user: str(user.pk)),
            message=OVERDUE,
            parameters={"secret": secret.number or "", "count": len(late), "day": day.isoformat()},
            link=f"/register/secrets/{secret.pk}/",
        )
        append(
            RegisterTag.MARKING_ESCALATED,
            actor=SYSTEM,
            subject=secret.ledger_subject,
            detail={"tasks": str(len(late)), "due_on": day.isoformat()},
        )
