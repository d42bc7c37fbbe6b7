"""Who is told what about operations; texts name the operation's number, e-mails name nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.policy import Role
from shoumi.engine.policy.values import department_scope, entity_scope
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.notifications.services import notify
from shoumi.server.register.models import Operation

TO_CARRY_OUT = _("%(number)s is approved and waits to be carried out.")
TO_CARRY_OUT_MAIL = _("An approved operation waits to be carried out.")
RECEIVED = _("%(number)s: something was handed to you. Confirm that you received it.")
RECEIVED_MAIL = _("Something was handed to you; please confirm it.")
WITNESS = _("%(number)s: you were named as a witness of a destruction. Confirm what you saw.")
WITNESS_MAIL = _("You were named as a witness; please confirm what you saw.")
REMINDER = _("%(number)s is due on %(due)s, in %(days)s days.")
REMINDER_MAIL = _("Something is due back soon.")
OVERDUE = _("%(number)s was due on %(due)s and has not come back.")
OVERDUE_MAIL = _("Something that was handed out is overdue.")
ESCALATED = _("%(number)s has been overdue for %(days)s days.")
ESCALATED_MAIL = _("Something within your remit has been overdue for long.")
LAPSED = _("The approval of %(number)s has lapsed, because nobody carried it out in time.")
LAPSED_MAIL = _("An approval of yours has lapsed.")


def keepers(operation: Operation) -> set[User]:
    """Return the accounts of those who keep what the operation is about."""
    lines = operation.lines.select_related("secret__custodian__user", "carrier__keeper__user")
    persons = [
        person for line in lines for person in (line.secret.custodian, line.carrier and line.carrier.keeper)
    ]
    return {person.user for person in persons if person and person.user and person.user.is_active}


def officers(operation: Operation) -> set[User]:
    """Return the secrecy office and the department's secrecy officers."""
    department = department_scope(operation.department_id)
    entity = entity_scope(operation.department.entity_id)
    return set(role_holders(Role.SECRECY_OFFICER, entity)) | set(
        role_holders(Role.DEPARTMENT_SECRECY_OFFICER, department)
    )


def holders(operation: Operation) -> set[User]:
    """Return who asked for it and who received it."""
    receiver = operation.receiver.user if operation.receiver else None
    return {user for user in (operation.requester, receiver) if user is not None}


def tell_executors(operation: Operation) -> None:
    """Tell those who may carry an approved operation out."""
    _tell(keepers(operation) | officers(operation), operation, TO_CARRY_OUT, TO_CARRY_OUT_MAIL)


def tell_receiver(operation: Operation) -> None:
    """Ask the receiver to confirm."""
    if operation.receiver and operation.receiver.user:
        _tell({operation.receiver.user}, operation, RECEIVED, RECEIVED_MAIL)


def tell_witnesses(operation: Operation) -> None:
    """Ask the witnesses to confirm."""
    users = {row.user for row in operation.witnesses.select_related("user") if row.confirmed_at is None}
    _tell(users, operation, WITNESS, WITNESS_MAIL)


def tell_reminder(operation: Operation, days: int) -> None:
    """Tell the holders that something is due soon."""
    _tell(holders(operation), operation, REMINDER, REMINDER_MAIL, days=days)


def tell_overdue(operation: Operation) -> None:
    """Tell holders, keepers and officers that something is overdue."""
    users = holders(operation) | keepers(operation) | officers(operation)
    _tell(users, operation, OVERDUE, OVERDUE_MAIL)


def tell_escalated(operation: Operation, days: int) -> None:
    """Tell the leaders, and the owners of the department."""
    entity = entity_scope(operation.department.entity_id)
    leaders = set(role_holders(Role.LEADER, entity))
    owners = set(role_holders(Role.DEPARTMENT_OWNER, department_scope(operation.department_id)))
    _tell(leaders | owners, operation, ESCALATED, ESCALATED_MAIL, days=days)


def tell_lapsed(operation: Operation) -> None:
    """Tell who asked that the approval has lapsed."""
    _tell({operation.requester}, operation, LAPSED, LAPSED_MAIL)


def _tell(users: Iterable[User], operation: Operation, message: str, mail_text: str, **more: int) -> None:
    due = operation.due_on.isoformat() if operation.due_on else ""
    notify(
        users=sorted(set(users), key=lambda user: str(user.pk)),
        message=message,
        parameters={"number": operation.number or "", "due": due, **more},
        link=reverse("register:operation_detail", args=[operation.pk]),
        mail_text=mail_text,
    )
