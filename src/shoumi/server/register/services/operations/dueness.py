"""What time brings: reminders before something is due back, alarms when it is not, approvals that lapse.

Follows the pack's `operations.yaml`; runs every hour, and sends each notice once.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from shoumi.engine.workflow import OPERATION, advance
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append_many, clock
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Operation, OperationLine, OperationNotice
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.operations import notices
from shoumi.server.register.services.operations.frame import operation_locked, record_of, touch

State = Operation.State


def operations_look_after() -> tuple[int, int, int]:
    """Send what is due and let old approvals lapse; return how many reminders, alarms and lapses."""
    reminded = alarmed = lapsed = 0
    out = Operation.objects.filter(
        state=State.UNDER_WAY, due_on__isnull=False, lines__state=OperationLine.State.OUT
    ).distinct()
    for operation in out.select_related("department__entity", "requester", "receiver__user"):
        rules = pack_for(operation.department.entity.country.lower()).operations
        days = (operation.due_on - today_of(operation.department.entity)).days
        with transaction.atomic():
            if days in rules.remind_days and _first(operation, "reminder", days):
                notices.tell_reminder(operation, days)
                reminded += 1
            if days < 0 and _first(operation, "overdue", -1):
                notices.tell_overdue(operation)
                append_many([record_of(operation, None, RegisterTag.OPERATION_OVERDUE)])
                alarmed += 1
            if -days >= rules.escalate_days and _first(operation, "escalated", -rules.escalate_days):
                notices.tell_escalated(operation, -days)
                alarmed += 1
    for key in Operation.objects.filter(state=State.APPROVED).values_list("pk", flat=True):
        lapsed += _lapse(key)
    return reminded, alarmed, lapsed


def _first(operation: Operation, kind: str, days: int) -> bool:
    """Remember that a notice was sent; tell whether it is the first time."""
    _row, made = OperationNotice.objects.get_or_create(
        operation=operation,
        kind=kind,
        due_on=operation.due_on,
        days=days,
        defaults={"sent_at": clock().now()},
    )
    return made


def _lapse(operation_id: object) -> bool:
    with transaction.atomic():
        operation = operation_locked(operation_id)
        holds = pack_for(operation.department.entity.country.lower()).operations.holds_days
        approved = operation.approved_at
        if operation.state != State.APPROVED or approved is None:
            return False
        if approved + timedelta(days=holds) > clock().now():
            return False
        operation.state, operation.closed_at = advance(OPERATION, operation.state, "lapse"), clock().now()
        touch(operation)
        notices.tell_lapsed(operation)
        append_many([record_of(operation, None, RegisterTag.OPERATION_LAPSED)])
    return True
