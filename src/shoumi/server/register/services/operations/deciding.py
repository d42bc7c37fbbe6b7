"""Puts operations and extensions to approval, and what follows from the decisions.

Follows the seed guide 五(二)5 and 五(四): approval before anything is done, in several steps for core and
important secrets; who may decide is worked out by `approvals`, the steps are the pack's.
Everything here runs inside the transaction of the decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action
from shoumi.engine.workflow import OPERATION, advance
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.models import ApprovalRequest
from shoumi.server.approvals.queries import approvers_of, current_step, step_resource
from shoumi.server.approvals.services import (
    Description,
    KindHandlers,
    StepPlan,
    register_kind,
    request_open,
)
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append_many, clock
from shoumi.server.ledger.tags import Tag
from shoumi.server.register.models import Operation, OperationExtension, OperationLine
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.operations import notices
from shoumi.server.register.services.operations.frame import (
    OperationStateError,
    lines_of,
    operation_locked,
    record_of,
    records_of_secrets,
    touch,
)

OPERATION_KIND = "register.operation"
EXTENSION_KIND = "register.extension"
State, LineState = Operation.State, OperationLine.State
LONGEST_TITLE = 3  # secrets named in the title of a request


class LastLineError(ConflictError):
    """The last line of a request is refused by rejecting the request."""

    code = "register.operation_last_line"
    message = "This is the last line. Reject the whole request instead."


def request_for_operation(operation: Operation, lines: Sequence[OperationLine]) -> ApprovalRequest:
    """Open the request of an operation; whoever would receive something must not decide it."""
    return _request(operation, lines, kind=OPERATION_KIND, requester=operation.requester)


def request_for_extension(extension: OperationExtension) -> ApprovalRequest:
    """Open the request of an extension, by the same steps as the operation's own."""
    operation = extension.operation
    lines = list(operation.lines.select_related("secret"))
    return _request(operation, lines, kind=EXTENSION_KIND, requester=extension.asked_by)


def register_operation_kinds() -> None:
    """Make both kinds of requests known to `approvals`."""
    register_kind(
        OPERATION_KIND,
        KindHandlers(
            label=pgettext_lazy("kind of request", "Operation on secrets"),
            describe=_describe,
            lock=_lock,
            on_approved=_approved,
            on_returned=lambda request, actor, reason: _ended(
                request, actor, "send_back", RegisterTag.OPERATION_RETURNED, reason
            ),
            on_rejected=lambda request, actor, reason: _ended(
                request, actor, "reject", RegisterTag.OPERATION_REJECTED, reason
            ),
            on_withdrawn=lambda request, actor: _ended(
                request, actor, "withdraw", RegisterTag.OPERATION_WITHDRAWN, ""
            ),
            in_bulk=lambda request: _operation(request).level == "general",
        ),
    )
    register_kind(
        EXTENSION_KIND,
        KindHandlers(
            label=pgettext_lazy("kind of request", "Extension of an operation"),
            describe=_describe_extension,
            lock=_lock,
            on_approved=_extension_granted,
            on_returned=_extension_refused,
            on_rejected=_extension_refused,
            on_withdrawn=lambda request, actor: _extension_refused(request, actor, ""),
        ),
    )


def operation_line_refuse(*, actor: User, line_id: int, reason: str) -> OperationLine:
    """Refuse one line of a request that waits for the actor's decision; the others stay to be decided.

    Raises:
        OperationStateError: the request does not wait any more, or the line is not open.
        LastLineError: it is the only line left.
        NotPermittedError: the actor does not decide this request now.
    """
    line = OperationLine.objects.select_related("operation").get(pk=line_id)
    request = ApprovalRequest.objects.filter(pk=line.operation.request_id).first()
    step = current_step(request) if request else None
    if step is None:
        raise OperationStateError(state=str(State(line.operation.state).label))
    gate.require(actor, Action.APPROVAL_DECIDE, step_resource(step))
    with transaction.atomic():
        operation = operation_locked(line.operation_id, states=(State.AWAITING_APPROVAL,))
        waiting = lines_of(operation, LineState.WAITING)
        found = next((item for item in waiting if item.pk == line_id), None)
        if found is None:
            raise OperationStateError(state=str(LineState(line.state).label))
        if len(waiting) == 1:
            raise LastLineError
        found.state, found.reason = LineState.REFUSED, reason.strip()[:300]
        found.save(update_fields=["state", "reason"])
        touch(operation)
        append_many(
            [
                record_of(operation, actor, RegisterTag.OPERATION_LINE_REFUSED, {"reason": found.reason}),
                *records_of_secrets(operation, actor, RegisterTag.OPERATION_LINE_REFUSED, [found]),
            ]
        )
    return found


def _request(
    operation: Operation, lines: Sequence[OperationLine], *, kind: str, requester: User
) -> ApprovalRequest:
    first = lines[0].secret
    rule = pack_for(first.pack).operations.rule(operation.kind)
    places = {
        "owner_department": operation.department.scope,
        "entity": operation.department.entity.scope,
    }
    names = list(dict.fromkeys(f"{line.secret.number} {line.secret.name}" for line in lines))
    more = " …" if len(names) > LONGEST_TITLE else ""
    receiver = operation.receiver.user if operation.receiver else None
    return request_open(
        kind=kind,
        subject=operation.ledger_subject,
        title=f"{operation.number}: {'; '.join(names[:LONGEST_TITLE])}{more}",
        requester=requester,
        scope=operation.department.scope,
        steps=[
            StepPlan(
                step.id,
                step.role,
                places[step.within],
                quorum=step.quorum,
                due=timedelta(days=step.due_days),
            )
            for step in rule.approval[operation.level]
        ],
        barred=[user for user in (receiver, operation.requester) if user is not None],
    )


def _id(request: ApprovalRequest) -> UUID:
    return UUID(request.subject.removeprefix("operation:"))


def _operation(request: ApprovalRequest) -> Operation:
    return Operation.objects.select_related("department__entity", "receiver", "third_party", "to_zone").get(
        pk=_id(request)
    )


def _lock(request: ApprovalRequest) -> None:
    operation_locked(_id(request))


def _approved(request: ApprovalRequest, actor: User) -> None:
    operation = operation_locked(_id(request), states=(State.AWAITING_APPROVAL,))
    approvals = approvers_of(request)
    operation.state, operation.approved_at = advance(OPERATION, operation.state, "approve"), clock().now()
    operation.conditions = "\n".join(dict.fromkeys(row.reason for row in approvals if row.reason))
    touch(operation)
    notices.tell_executors(operation)
    lines = list(operation.lines.filter(state=LineState.WAITING).select_related("secret", "file"))
    detail = {"deciders": [str(row.decider_id) for row in approvals]}
    append_many(
        [
            record_of(operation, actor, RegisterTag.OPERATION_APPROVED, detail),
            *records_of_secrets(operation, actor, RegisterTag.OPERATION_APPROVED, lines),
        ]
    )


def _ended(request: ApprovalRequest, actor: User, transition: str, tag: Tag, reason: str) -> None:
    operation = operation_locked(_id(request), states=(State.AWAITING_APPROVAL,))
    operation.state, operation.outcome_reason = advance(OPERATION, operation.state, transition), reason
    operation.closed_at = None if transition == "send_back" else clock().now()
    touch(operation)
    append_many([record_of(operation, actor, tag, {"reason": reason})])


def _extension(request: ApprovalRequest) -> OperationExtension:
    return OperationExtension.objects.select_related("operation").get(request_id=request.pk)


def _extension_granted(request: ApprovalRequest, actor: User) -> None:
    extension = _extension(request)
    operation = operation_locked(extension.operation_id, states=(State.UNDER_WAY,))
    extension.state = OperationExtension.State.APPROVED
    extension.save(update_fields=["state"])
    operation.due_on = extension.until
    touch(operation)
    detail = {"until": extension.until.isoformat()}
    append_many([record_of(operation, actor, RegisterTag.EXTENSION_GRANTED, detail)])


def _extension_refused(request: ApprovalRequest, actor: User, reason: str) -> None:
    extension = _extension(request)
    operation = operation_locked(extension.operation_id)
    extension.state = OperationExtension.State.REFUSED
    extension.save(update_fields=["state"])
    append_many([record_of(operation, actor, RegisterTag.EXTENSION_REFUSED, {"reason": reason})])


def _describe(request: ApprovalRequest) -> Description:
    operation = _operation(request)
    lines = operation.lines.select_related("secret", "carrier", "file__file")
    note = _("The person is outside the knowledge scope and asks to be let in.") if operation.let_in else ""
    facts: list[tuple[object, object]] = [
        (pgettext_lazy("operation on secrets", "Operation"), operation.get_kind_display()),
        (_("About"), "; ".join(f"{line.secret.number} {line}" for line in lines)),
        (_("Purpose"), operation.purpose),
        (_("Handed to"), str(operation.receiver or "")),
        (_("Third party"), str(operation.third_party or "")),
        (_("To zone"), str(operation.to_zone or "")),
        (_("Way"), operation.get_method_display()),
        (_("What exactly"), operation.what),
        (_("Where"), operation.where),
        (_("Due"), operation.due_on.isoformat() if operation.due_on else ""),
    ]
    return Description(
        title=request.title,
        url=reverse("register:operation_detail", args=[operation.pk]),
        facts=tuple((label, value) for label, value in facts if value),
        note=str(note),
    )


def _describe_extension(request: ApprovalRequest) -> Description:
    extension = _extension(request)
    operation = extension.operation
    return Description(
        title=request.title,
        url=reverse("register:operation_detail", args=[operation.pk]),
        facts=(
            (pgettext_lazy("operation on secrets", "Operation"), operation.get_kind_display()),
            (_("Due"), operation.due_on.isoformat() if operation.due_on else ""),
            (_("Longer until"), extension.until.isoformat()),
            (_("Reason"), extension.reason),
        ),
    )
