"""Makes, changes and closes zones.

Follows the seed guide 五(四)1: three kinds; a secret zone says on which ground it is one.  What is kept
in a zone keeps its level up: nobody lowers or closes a zone under carriers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from shoumi.engine.jurisdiction import COMPANY_CHOICE
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LEVELS, Department, LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import assign, locked, record, text_of
from shoumi.server.places.models import Zone
from shoumi.server.places.models.designations import NOT_OVER
from shoumi.server.places.queries.resources import unit_of, zone_resource
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.queries.stored import carriers_in, highest_stored
from shoumi.server.places.services.errors import (
    DepartmentElsewhereError,
    ReasonMissingError,
    ZoneCodeTakenError,
    ZoneGroundError,
    ZoneHoldsCarriersError,
    ZoneKindError,
    ZoneOccupiedError,
)


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """What a zone is, as a form, the API or a row of a table says it."""

    code: str
    name: str
    kind: str
    level: int = 0  # 0 for office and reception zones, else 1 to 3
    location: str = ""
    ground: str = ""  # id of a must-be group of the pack, for secret zones
    ground_reason: str = ""
    bans_devices: bool = False


def zone_create(*, actor: User, entity: LegalEntity, department: Department | None, facts: ZoneFacts) -> Zone:
    """Store a zone of `entity` for which `department` is responsible, or the entity as a whole.

    Raises:
        NotPermittedError: the actor does not manage zones there.
        DepartmentElsewhereError, ZoneKindError, ZoneGroundError, ZoneCodeTakenError: each as it says.
    """
    gate.require(actor, Action.ZONE_CREATE, unit_of(entity, department))
    zone = Zone(entity=entity, department=department, created_at=clock().now())
    with transaction.atomic():
        zone_describe(zone, facts)
        zone.save(force_insert=True)
        record(
            LedgerTag.PLACES_ZONE_CREATED,
            actor=actor,
            subject=zone.ledger_subject,
            detail={"kind": zone.kind, "level": str(zone.level), "ground": zone.ground},
        )
    return zone


def zone_change(
    *, actor: User, zone: Zone, expected_version: int, department: Department | None, facts: ZoneFacts
) -> Zone:
    """Change what a zone is; the entity stays.

    Raises:
        NotPermittedError: the actor does not manage the zone where it is and where it shall be.
        RecordChangedError, ZoneHoldsCarriersError, and what `zone_create` raises.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    gate.require(actor, Action.ZONE_CREATE, unit_of(zone.entity, department))
    with transaction.atomic():
        row = locked(Zone, zone.pk, expected_version)
        before = {name: getattr(row, name) for name in FIELDS}
        row.department = department
        zone_describe(row, facts)
        verify_fits_stored(row)
        after = {name: getattr(row, name) for name in FIELDS}
        changed = [name for name in FIELDS if before[name] != after[name]]
        if changed:
            row.version += 1
            row.save()
            record(
                LedgerTag.PLACES_ZONE_CHANGED,
                actor=actor,
                subject=row.ledger_subject,
                detail={"fields": changed, "kind": row.kind, "level": str(row.level)},
            )
    return row


def zone_close(*, actor: User, zone: Zone, expected_version: int, reason: str) -> Zone:
    """Close a zone in which nothing is kept, nobody is, and that is no key place.

    Raises:
        NotPermittedError, RecordChangedError, ReasonMissingError: each as it says.
        ZoneHoldsCarriersError, ZoneOccupiedError: it is still in use.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        row = locked(Zone, zone.pk, expected_version)
        _verify_unused(row)
        row.closed_on = today_of(row.entity)
        row.version += 1
        row.save(update_fields=["closed_on", "version"])
        record(
            LedgerTag.PLACES_ZONE_CLOSED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"reason": reason.strip()},
        )
    return row


FIELDS = (
    "code",
    "name",
    "kind",
    "level",
    "location",
    "ground",
    "ground_reason",
    "bans_devices",
    "department_id",
)


def zone_describe(zone: Zone, facts: ZoneFacts) -> list[str]:
    """Give an unsaved or locked zone its facts, and return the names of those that changed.

    Raises:
        DepartmentElsewhereError, ZoneKindError, ZoneGroundError, ZoneCodeTakenError: each as it says.
        FieldMissingError, FieldTooLongError: a text does not fit.
    """
    if zone.department is not None and zone.department.entity_id != zone.entity_id:
        raise DepartmentElsewhereError
    is_secret = facts.kind == Zone.Kind.SECRET
    if facts.kind not in Zone.Kind.values or is_secret != (1 <= facts.level < len(LEVELS)):
        raise ZoneKindError
    values: dict[str, Any] = {
        "code": text_of(Zone, "code", facts.code, required=True),
        "name": text_of(Zone, "name", facts.name, required=True),
        "kind": facts.kind,
        "level": facts.level,
        "location": text_of(Zone, "location", facts.location),
        "ground": facts.ground if is_secret else "",
        "ground_reason": text_of(Zone, "ground_reason", facts.ground_reason) if is_secret else "",
        "bans_devices": facts.bans_devices,
    }
    if is_secret:
        known = rules_for(zone.entity).group(facts.ground)
        if known is None or (known.id == COMPANY_CHOICE and not values["ground_reason"]):
            raise ZoneGroundError
    others = Zone.objects.filter(entity=zone.entity_id, code=values["code"]).exclude(pk=zone.pk)
    if others.exists():
        raise ZoneCodeTakenError(value=values["code"])
    return assign(zone, values)


def verify_fits_stored(zone: Zone) -> None:
    """Return if what is kept in `zone` may stay there; raise `ZoneHoldsCarriersError` otherwise."""
    highest = highest_stored(zone)
    held = carriers_in(zone).count()
    if held and (zone.kind != Zone.Kind.SECRET or zone.level < highest):
        raise ZoneHoldsCarriersError(count=held, level=str(dict(LEVELS)[highest]))


def _verify_unused(zone: Zone) -> None:
    if not zone.is_open:
        raise ZoneOccupiedError(reason="it has been closed before")
    held = carriers_in(zone).count()
    if held:
        raise ZoneHoldsCarriersError(count=held, level=str(dict(LEVELS)[highest_stored(zone)]))
    if zone.passages.filter(left_at__isnull=True, refusal="").exists():
        raise ZoneOccupiedError(reason="somebody is inside")
    if zone.key_designations.filter(state__in=NOT_OVER).exists():
        raise ZoneOccupiedError(reason="it is a key place; withdraw that first")
