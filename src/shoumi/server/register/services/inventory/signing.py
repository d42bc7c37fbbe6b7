"""An inventory closed, its differences cleared as tasks, and signed off by the keeper and then by the office.

Follows the seed guide 五(三): differences are found, cleared and recorded.  Whoever signs for the keeper does
not confirm for the office.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from shoumi.engine.errors import ConflictError
from shoumi.engine.policy import Action, Role
from shoumi.engine.workflow import INVENTORY, advance
from shoumi.server.accounts.models import User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.notifications.services import notify
from shoumi.server.people.queries import today_of
from shoumi.server.register.models import Inventory, InventoryItem
from shoumi.server.register.queries.inventory import differences_of, progress_of
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.inventory.counting import (
    InventoryUnknownError,
    inventory_allowed,
    inventory_locked,
)
from shoumi.server.register.services.proposals import ReasonMissingError

State, Result = Inventory.State, InventoryItem.Result
CLOSED = _("The inventory “%(title)s” is counted: %(differences)s differences are to be cleared by %(day)s.")
LATE = _("The inventory “%(title)s” has differences that were to be cleared by %(day)s.")


class DifferencesLeftError(ConflictError):
    """Differences are not cleared yet."""

    code = "register.differences_left"
    message = "{count} differences are not cleared yet."


class KeeperFirstError(ConflictError):
    """The keeper signs before the office."""

    code = "register.keeper_first"
    message = "The keeper signs first, then the office confirms."


class SignedAlreadyError(ConflictError):
    """It was signed before."""

    code = "register.signed_already"
    message = "This inventory has been signed already."


def inventory_close(*, actor: User, inventory_id: UUID) -> Inventory:
    """End the count: what was not scanned is missing, and every difference becomes a task with a day."""
    inventory_allowed(actor, inventory_id, Action.INVENTORY_RUN)
    with transaction.atomic():
        row = inventory_locked(inventory_id, State.COUNTING)
        row.items.filter(expected=True, result=Result.OPEN).update(result=Result.MISSING)
        entity = row.department.entity
        due = today_of(entity) + timedelta(days=pack_for(entity.pack).carriers.days["inventory_clearing"])
        differences = differences_of(row)
        count = InventoryItem.objects.filter(pk__in=differences.order_by().values("pk")).update(task_due=due)
        row.state = advance(INVENTORY, row.state, "close")
        row.closed_by, row.closed_at = actor, clock().now()
        row.save()
        if count:
            _tell(row, CLOSED, differences=str(count), day=due.isoformat())
        figures = progress_of(row)
        append(
            RegisterTag.INVENTORY_CLOSED,
            actor=actor.ledger_actor,
            subject=row.ledger_subject,
            detail={
                "expected": str(figures.expected),
                "found": str(figures.found),
                "missing": str(figures.missing),
                "misplaced": str(figures.misplaced),
                "unknown": str(figures.unknown),
                "unmarked": str(figures.unmarked),
            },
        )
    return row


def difference_clear(*, actor: User, item_id: int, how: str) -> InventoryItem:
    """Record how one difference was cleared.

    Raises:
        InventoryUnknownError: there is no such line.
        NotPermittedError: the actor does not count this inventory.
        InventoryStateError: the count is not closed, or it is signed off.
    """
    if not how.strip():
        raise ReasonMissingError
    item = InventoryItem.objects.filter(pk=item_id).first()
    if item is None:
        raise InventoryUnknownError
    inventory_allowed(actor, item.inventory_id, Action.INVENTORY_COUNT)
    with transaction.atomic():
        row = inventory_locked(item.inventory_id, State.COUNTED)
        item = InventoryItem.objects.get(pk=item_id)
        if item.cleared_at is None:
            item.cleared_by, item.cleared_at, item.clearing = actor, clock().now(), how.strip()[:300]
            item.save(update_fields=["cleared_by", "cleared_at", "clearing"])
            append(
                RegisterTag.INVENTORY_CLEARED,
                actor=actor.ledger_actor,
                subject=row.ledger_subject,
                detail={"carrier": str(item.carrier_id or ""), "result": item.result, "how": item.clearing},
            )
    return item


def inventory_sign(*, actor: User, inventory_id: UUID) -> Inventory:
    """Sign a cleared inventory for the keeper.

    Raises:
        DifferencesLeftError, SignedAlreadyError: each as it says.
    """
    inventory_allowed(actor, inventory_id, Action.INVENTORY_SIGN)
    with transaction.atomic():
        row = inventory_locked(inventory_id, State.COUNTED)
        left = differences_of(row).filter(cleared_at=None).count()
        if left:
            raise DifferencesLeftError(count=left)
        if row.keeper_at is not None:
            raise SignedAlreadyError
        row.keeper_by, row.keeper_at = actor, clock().now()
        row.save()
        _append_signed(row, actor, "keeper")
    return row


def inventory_confirm(*, actor: User, inventory_id: UUID) -> Inventory:
    """Confirm a signed inventory for the secrecy office: it is signed off.

    Raises:
        KeeperFirstError: the keeper has not signed.
    """
    inventory_allowed(actor, inventory_id, Action.INVENTORY_CONFIRM)
    with transaction.atomic():
        row = inventory_locked(inventory_id, State.COUNTED)
        if row.keeper_at is None:
            raise KeeperFirstError
        row.state = advance(INVENTORY, row.state, "sign")
        row.office_by, row.office_at = actor, clock().now()
        row.save()
        _append_signed(row, actor, "office")
    return row


def inventories_remind() -> int:
    """Remind of differences whose day has passed, once a week; for the daily schedule."""
    reminded = 0
    rows = Inventory.objects.filter(state=State.COUNTED).select_related("department__entity", "keeper__user")
    for row in rows:
        today = today_of(row.department.entity)
        first = differences_of(row).filter(cleared_at=None, task_due__lt=today).order_by("task_due").first()
        if first is not None and first.task_due and (today - first.task_due).days % 7 == 1:
            _tell(row, LATE, day=first.task_due.isoformat())
            reminded += 1
    return reminded


def _append_signed(row: Inventory, actor: User, side: str) -> None:
    append(
        RegisterTag.INVENTORY_SIGNED,
        actor=actor.ledger_actor,
        subject=row.ledger_subject,
        detail={"side": side},
    )


def _tell(row: Inventory, message: str, **parameters: str) -> None:
    users = {row.started_by, *role_holders(Role.DEPARTMENT_SECRECY_OFFICER, row.department.scope)}
    if row.keeper and row.keeper.user and row.keeper.user.is_active:
        users.add(row.keeper.user)
    notify(
        users=sorted(users, key=lambda user: str(user.pk)),
        message=message,
        parameters={"title": row.title, **parameters},
        link=reverse("register:inventory_detail", args=[row.pk]),
    )
