"""Accepts or declines that a department or place must be a secret zone, with the reason.

Follows the seed guide 五(四)1.  Accepting makes or changes the zone in the same transaction.
"""

from __future__ import annotations

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Department, LegalEntity
from shoumi.server.people.services.editing import record, text_of
from shoumi.server.places.models import SuggestionDecision, Zone
from shoumi.server.places.queries.resources import unit_of, zone_resource
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.services.errors import ReasonMissingError, ZoneGroundError
from shoumi.server.places.services.zones import ZoneFacts, zone_change, zone_create

Outcome = SuggestionDecision.Outcome


def suggestion_accept(
    *,
    actor: User,
    group: str,
    target: Department | Zone,
    facts: ZoneFacts,
    expected_version: int | None = None,
) -> Zone:
    """Follow a suggestion: make a secret zone for a department, or make a zone secret.

    Raises:
        NotPermittedError, and what `zone_create` and `zone_change` raise.
    """
    with transaction.atomic():
        if isinstance(target, Zone):
            zone = zone_change(
                actor=actor,
                zone=target,
                expected_version=expected_version if expected_version is not None else target.version,
                department=target.department,
                facts=facts,
            )
        else:
            zone = zone_create(actor=actor, entity=target.entity, department=target, facts=facts)
        _decide(actor, group, target, Outcome.ACCEPTED, facts.ground_reason, zone)
    return zone


def suggestion_decline(
    *, actor: User, group: str, target: Department | Zone, reason: str
) -> SuggestionDecision:
    """Do not follow a suggestion, for a reason that is kept.

    Raises:
        NotPermittedError: the actor does not manage zones there.
        ReasonMissingError: no reason.
        ZoneGroundError: the pack has no such group.
    """
    if isinstance(target, Zone):
        gate.require(actor, Action.ZONE_EDIT, zone_resource(target))
    else:
        gate.require(actor, Action.ZONE_CREATE, unit_of(target.entity, target))
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        return _decide(actor, group, target, Outcome.DECLINED, reason, None)


def _decide(  # noqa: PLR0913, PLR0917 - the parts of one row
    actor: User, group: str, target: Department | Zone, outcome: Outcome, reason: str, zone: Zone | None
) -> SuggestionDecision:
    entity: LegalEntity = target.entity
    if rules_for(entity).group(group) is None:
        raise ZoneGroundError
    is_zone = isinstance(target, Zone)
    row = SuggestionDecision.objects.create(
        entity=entity,
        group=group,
        department=None if is_zone else target,
        zone=target if is_zone else zone,
        outcome=outcome,
        reason=text_of(SuggestionDecision, "reason", reason),
        decided_by=actor,
        decided_at=clock().now(),
    )
    accepted = outcome == Outcome.ACCEPTED
    record(
        LedgerTag.PLACES_SUGGESTION_ACCEPTED if accepted else LedgerTag.PLACES_SUGGESTION_DECLINED,
        actor=actor,
        subject=(zone or target).ledger_subject,
        detail={"group": group, "reason": row.reason},
    )
    return row
