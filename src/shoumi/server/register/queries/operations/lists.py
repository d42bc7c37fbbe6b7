"""Which operations and third parties a user may see, as database queries, and single ones by the gate.

The queries say in SQL what `cedar/operations.cedar` says about `operation.view` and `partner.view`; a test
compares the two for every role and row of the demonstration company.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action, Role
from shoumi.engine.policy.values import COMPANY
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.approvals.queries import requests_to_decide
from shoumi.server.ledger.services import clock
from shoumi.server.people.models import Department
from shoumi.server.register.models import (
    Operation,
    OperationLine,
    OperationWitness,
    ThirdParty,
    TradeSecret,
)
from shoumi.server.register.queries.operations.resources import operation_resource
from shoumi.server.register.queries.secrets import WATCHING

State = Operation.State
RELATED = ("department__entity", "requester", "receiver", "to_zone", "third_party", "agreement")


class OperationUnknownError(InputError):
    """No such operation, as far as the asker may know."""

    code = "register.operation_unknown"
    message = "There is no such operation."


def operation_get(user: User, operation_id: UUID) -> Operation:
    """Return an operation that `user` may see.

    Raises:
        OperationUnknownError: there is none.
        NotPermittedError: the gate refuses.
    """
    operation = Operation.objects.select_related(*RELATED).filter(pk=operation_id).first()
    if operation is None:
        raise OperationUnknownError
    gate.require(user, Action.OPERATION_VIEW, operation_resource(operation))
    return operation


def operations_visible_to(user: User) -> QuerySet[Operation]:
    """Return the operations that `user` may see, with what lists show selected."""
    rows = Operation.objects.select_related(*RELATED)
    held = _held(user)
    if held is None:
        return rows.none()
    own = Q(requester=user)
    wide = own | Q(receiver__user=user) | _waiting_for(user)
    wide |= Q(pk__in=OperationWitness.objects.filter(user=user).values("operation_id"))
    subject = gate.subject_of(user)
    if subject.person is not None:
        kept = Q(secret__custodian_id=subject.person) | Q(carrier__keeper_id=subject.person)
        wide |= Q(pk__in=OperationLine.objects.filter(kept).values("operation_id"))
    wide |= _departments(held, WATCHING)
    return rows.filter(wide & (~Q(state=State.DRAFT) | own))


def third_parties_visible_to(user: User) -> QuerySet[ThirdParty]:
    """Return the third parties that `user` may see."""
    rows = ThirdParty.objects.select_related("department__entity")
    held = _held(user)
    return rows.none() if held is None else rows.filter(_departments(held, WATCHING))


def operation_subjects(secret: TradeSecret) -> list[str]:
    """Return what the ledger calls the submitted operations on a secret, and the third parties they name."""
    rows = Operation.objects.filter(lines__secret=secret, submitted_at__isnull=False).distinct()
    pairs = rows.order_by("pk").values_list("pk", "third_party_id")
    parties = dict.fromkeys(party for _key, party in pairs if party)
    return [*(f"operation:{key}" for key, _party in pairs), *(f"third_party:{party}" for party in parties)]


def overdue(today: date) -> Q:
    """Return the condition “something handed out should have come back before `today`”."""
    return Q(state=State.UNDER_WAY, due_on__lt=today, lines__state=OperationLine.State.OUT)


def _held(user: User) -> list[tuple[Role, str]] | None:
    """Return the roles held now, None for who takes no part: not active, gone, or outside counsel."""
    subject, now = gate.subject_of(user), clock().now()
    ended = subject.ends_at is not None and subject.ends_at <= now
    external = any(role.role is Role.OUTSIDE_COUNSEL for role in subject.roles)
    if not subject.active or ended or external:
        return None
    return [(role.role, role.scope) for role in subject.roles if role.in_force(now)]


def _departments(held: list[tuple[Role, str]], roles: tuple[Role, ...]) -> Q:
    """Return the condition “its department lies within the place of one of these roles”."""
    found = Q(pk__in=())
    for role, scope in held:
        if role not in roles:
            continue
        if scope in {"", COMPANY}:
            return Q(pk__isnull=False)
        kind, _colon, key = scope.partition(":")
        if kind == "entity":
            found |= Q(department__entity_id=key)
        elif kind == "department":
            below = Department.objects.filter(path__contains=f"{UUID(key).hex}/")
            found |= Q(department__in=below)
    return found


def _waiting_for(user: User) -> Q:
    subjects = requests_to_decide(user).values_list("subject", flat=True)
    keys = [subject.removeprefix("operation:") for subject in subjects if subject.startswith("operation:")]
    return Q(pk__in=keys)
