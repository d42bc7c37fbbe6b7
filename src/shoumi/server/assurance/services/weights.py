"""Changes a weight or pass mark of the score: counsel proposes with a reason, another person confirms.

Rows are replaced, never deleted, so that the score of a past day is computed with the weights of that day.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.jurisdiction.assurance import PERCENT, load_assurance
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.assurance.models import WeightChange
from shoumi.server.assurance.queries.scoping import weight_resource
from shoumi.server.ledger.services import append, clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import LegalEntity


class WeightValueError(InputError):
    """A weight or mark that cannot be."""

    code = "assurance.weight_value"
    message = "“{value}” cannot be set here: weights go from 0 to 100, marks from 1 to 99."


class WeightReasonError(InputError):
    """A departure from the pack needs its reason."""

    code = "assurance.weight_reason"
    message = "Say why the company departs from the pack."


class WeightDecidedError(ConflictError):
    """It was confirmed or replaced already."""

    code = "assurance.weight_decided"
    message = "This proposal was confirmed or replaced in the meantime."


def weight_propose(*, actor: User, entity: LegalEntity, key: str, value: int, reason: str) -> WeightChange:
    """Propose another weight for a kind (`K1`…) or another pass mark for a level.

    Raises:
        NotPermittedError, WeightValueError, WeightReasonError
    """
    gate.require(actor, Action.WEIGHT_PROPOSE, weight_resource(entity, key))
    table = load_assurance(entity.pack).measures
    known = {kind.id: kind.weight for kind in table.kinds} | dict(table.pass_marks)
    lowest, highest = (1, PERCENT - 1) if key in table.pass_marks else (0, PERCENT)
    if key not in known or not lowest <= value <= highest:
        raise WeightValueError(value=value)
    if not reason.strip():
        raise WeightReasonError
    now = clock().now()
    with transaction.atomic():
        earlier = WeightChange.objects.filter(entity=entity, key=key, confirmed_at=None, replaced_at=None)
        earlier.update(replaced_at=now)
        change = WeightChange.objects.create(
            entity=entity,
            key=key,
            value=value,
            pack_value=known[key],
            reason=reason.strip(),
            set_by=actor,
            set_at=now,
        )
        _append(LedgerTag.ASSURANCE_WEIGHT_PROPOSED, change, actor)
    return change


def weight_confirm(*, actor: User, change_id: int) -> WeightChange:
    """Let a proposed weight hold from now on; asked of another person than who proposed it.

    Raises:
        NotPermittedError, WeightDecidedError
    """
    change = WeightChange.objects.select_related("entity").get(pk=change_id)
    resource = weight_resource(change.entity, change.key, str(change.set_by_id))
    gate.require(actor, Action.WEIGHT_CONFIRM, resource)
    now = clock().now()
    with transaction.atomic():
        change = WeightChange.objects.select_for_update(no_key=True).get(pk=change_id)
        if change.confirmed_at is not None or change.replaced_at is not None:
            raise WeightDecidedError
        held = WeightChange.objects.filter(entity=change.entity_id, key=change.key, replaced_at=None)
        held.exclude(confirmed_at=None).update(replaced_at=now)
        change.confirmed_by, change.confirmed_at = actor, now
        change.save(update_fields=["confirmed_by", "confirmed_at"])
        _append(LedgerTag.ASSURANCE_WEIGHT_CONFIRMED, change, actor)
    return change


def _append(tag: Tag, change: WeightChange, actor: User) -> None:
    append(
        tag,
        actor=actor.ledger_actor,
        subject=f"entity:{change.entity_id}",
        detail={
            "key": change.key,
            "value": str(change.value),
            "pack_value": str(change.pack_value),
            "reason": change.reason,
        },
    )
