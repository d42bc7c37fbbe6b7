"""Changes what a company's cases ask for, beside the pack: a step added, left out or moved, with its reason.

Whose rule: the engine refuses what does not fit.  Cases under way keep the plan they were opened with until
their facts or days are changed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from shoumi.engine.jurisdiction.procedures import plan
from shoumi.engine.policy import Action, Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import ROLE_LABELS, User
from shoumi.server.accounts.queries import role_holders
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.lifecycle.models import KINDS, TemplateChange
from shoumi.server.lifecycle.queries.packs import pack_of, zone_of
from shoumi.server.lifecycle.services.errors import (
    AnsweredError,
    CaseKindError,
    NobodyHoldsRoleError,
    ReasonNeededError,
    RoleUnknownError,
)
from shoumi.server.lifecycle.services.planning import change_value, changes_of
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import entity_resource
from shoumi.server.people.services.editing import record, text_of


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What shall be otherwise."""

    kind: str
    what: str  # of TemplateChange.What
    key: str
    reason: str
    day: str = ""
    days_after: int | None = None
    title: str = ""
    proof: str = ""
    role: str = ""
    gate: str = ""


def template_change(*, actor: User, entity: LegalEntity, wish: ChangeWish) -> TemplateChange:
    """Keep a change; cases that are opened from now on follow it.

    Raises:
        NotPermittedError, CaseKindError, ReasonNeededError: each as it says.
        RoleUnknownError, NobodyHoldsRoleError: an added step would belong to nobody.
        CaseChangeError: it does not fit the pack.
        AnsweredError: this step is changed already; take that change back first.
    """
    gate.require(actor, Action.PERSON_CASE_TEMPLATE, entity_resource(entity))
    if wish.kind not in dict(KINDS):
        raise CaseKindError(kind=wish.kind)
    if not wish.reason.strip():
        raise ReasonNeededError
    row = TemplateChange(
        entity=entity,
        kind=wish.kind,
        what=wish.what,
        key=text_of(TemplateChange, "key", wish.key, required=True),
        title=text_of(TemplateChange, "title", wish.title, required=wish.what == "added"),
        proof=text_of(TemplateChange, "proof", wish.proof, required=wish.what == "added"),
        role=wish.role,
        gate=wish.gate,
        day=wish.day,
        days_after=wish.days_after,
        reason=text_of(TemplateChange, "reason", wish.reason),
        set_by=actor,
        set_at=clock().now(),
    )
    _verify_owner(row)
    changes = [*changes_of(entity, wish.kind), change_value(row)]
    plan(pack_of(entity), wish.kind, {}, {}, zone=zone_of(entity), changes=changes)
    try:
        with transaction.atomic():
            row.save()
            record(
                LedgerTag.LIFECYCLE_TEMPLATE_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"kind": row.kind, "what": row.what, "step": row.key, "reason": row.reason},
            )
    except IntegrityError as error:
        raise AnsweredError from error
    return row


def template_restore(*, actor: User, change: TemplateChange) -> TemplateChange:
    """Take a change back.

    Raises:
        NotPermittedError, AnsweredError: each as it says.
    """
    gate.require(actor, Action.PERSON_CASE_TEMPLATE, entity_resource(change.entity))
    with transaction.atomic():
        row = TemplateChange.objects.select_for_update(no_key=True).get(pk=change.pk)
        if row.ended_at is not None:
            raise AnsweredError
        row.ended_by, row.ended_at = actor, clock().now()
        row.save()
        record(LedgerTag.LIFECYCLE_TEMPLATE_RESTORED, actor=actor, subject=row.ledger_subject, detail={})
    return row


def _verify_owner(row: TemplateChange) -> None:
    if row.what != TemplateChange.What.ADDED:
        return
    if row.role not in set(Role):
        raise RoleUnknownError(step=row.title, role=row.role)
    role = Role(row.role)
    if role is not Role.EMPLOYEE and not role_holders(role).exists():
        raise NobodyHoldsRoleError(roles=str(ROLE_LABELS[role]))
