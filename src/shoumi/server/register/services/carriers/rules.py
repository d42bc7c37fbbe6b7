"""The company's own rules on marks and keeping: proposed with a reason, confirmed by another person.

Follows the seed guide 五(一)1 and 五(二): form of mark, place and manner are the company's to decide.
Rows are replaced, never deleted; that the place is a secret zone cannot be set aside.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import LegalEntity
from shoumi.server.register.models import Carrier, CarrierRule
from shoumi.server.register.queries.carriers.rules import FILE, pack_value, values_of
from shoumi.server.register.queries.resources import setting_resource
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.defaults import DefaultReasonError, DefaultValueError

Subject = CarrierRule.Subject


def carrier_rule_propose(  # noqa: PLR0913 - the parts of a rule, each named
    *, actor: User, entity: LegalEntity, subject: str, kind: str, narrowed: str, value: str, reason: str
) -> CarrierRule:
    """Propose a rule of the company's own; it holds when another person has confirmed it.

    Raises:
        NotPermittedError: the actor may not change settings.
        DefaultValueError, DefaultReasonError: each as it says.
    """
    gate.require(actor, Action.SETTINGS_EDIT, setting_resource(entity, f"carriers.{subject}"))
    pack = pack_for(entity.pack)
    narrower = pack.categories if subject == Subject.MARK else pack.levels
    if (
        subject not in Subject.values
        or kind not in {*Carrier.Kind.values, FILE}
        or (narrowed and narrowed not in {item.id for item in narrower})
        or value not in {item.id for item in values_of(pack, subject)}
    ):
        raise DefaultValueError(value=value)
    if not reason.strip():
        raise DefaultReasonError
    now = clock().now()
    with transaction.atomic():
        same = CarrierRule.objects.filter(entity=entity, subject=subject, kind=kind, narrowed=narrowed)
        same.filter(confirmed_at=None, replaced_at=None).update(replaced_at=now)
        row = CarrierRule.objects.create(
            entity=entity,
            subject=subject,
            kind=kind,
            narrowed=narrowed,
            value=value,
            pack_value=pack_value(pack, subject, kind, narrowed),
            reason=reason.strip()[:300],
            set_by=actor,
            set_at=now,
        )
        _append(row, actor, "proposed")
    return row


def carrier_rule_confirm(*, actor: User, rule_id: int) -> CarrierRule:
    """Confirm a proposed rule as another person; the one before it is replaced."""
    row = CarrierRule.objects.select_related("entity").filter(pk=rule_id).first()
    if row is None:
        raise DefaultValueError(value=str(rule_id))
    resource = setting_resource(row.entity, f"carriers.{row.subject}", str(row.set_by_id))
    gate.require(actor, Action.SETTINGS_APPROVE, resource)
    now = clock().now()
    with transaction.atomic():
        row = CarrierRule.objects.select_for_update(no_key=True).get(pk=rule_id)
        if row.confirmed_at is None and row.replaced_at is None:
            same = CarrierRule.objects.filter(
                entity=row.entity_id, subject=row.subject, kind=row.kind, narrowed=row.narrowed
            )
            same.filter(replaced_at=None, confirmed_at__isnull=False).update(replaced_at=now)
            row.confirmed_by, row.confirmed_at = actor, now
            if not row.narrowed and row.value == row.pack_value:  # back to the pack: nothing departs any more
                row.replaced_at = now
            row.save(update_fields=["confirmed_by", "confirmed_at", "replaced_at"])
            _append(row, actor, "confirmed")
    return row


def _append(row: CarrierRule, actor: User, event: str) -> None:
    append(
        RegisterTag.CARRIER_RULE_CHANGED,
        actor=actor.ledger_actor,
        subject=f"entity:{row.entity_id}",
        detail={
            "event": event,
            "subject": row.subject,
            "kind": row.kind,
            "narrowed": row.narrowed,
            "value": row.value,
            "pack_value": row.pack_value,
            "reason": row.reason,
        },
    )
