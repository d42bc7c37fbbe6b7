"""A carrier added to a designated secret, its keeping changed, its keeper set for many at once.

Follows the seed guide 五(一)2 (a new carrier is marked), 五(二)4 and 五(三)1 (secret zone, keeper,
registration).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append
from shoumi.server.people.models import Person
from shoumi.server.places.models import Zone
from shoumi.server.register.models import Carrier, LifeEvent, StorageUnit, TradeSecret
from shoumi.server.register.queries.carriers.rules import keeping_manner, values_of, verify_place
from shoumi.server.register.queries.carriers.visible import carrier_to_be
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.services.carriers.editing import carrier_editing
from shoumi.server.register.services.carriers.numbering import carrier_numbers
from shoumi.server.register.services.carriers.places import ZoneElsewhereError
from shoumi.server.register.services.editing import SecretUnknownError, secret_locked
from shoumi.server.register.services.life import life_event_record
from shoumi.server.register.services.registration import marking_task_make
from shoumi.server.register.services.storage.findings import findings_refresh
from shoumi.server.register.services.verifying import NothingNamedError, verify_carrier

DESIGNATED = (TradeSecret.State.REGISTERED, TradeSecret.State.CHANGING)


class DescriptionMissingError(InputError):
    """A carrier needs a few words that say what it is."""

    code = "register.description_missing"
    message = "Say in a few words what the carrier is."


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where and by whom a carrier is kept, and on which storage unit it is."""

    description: str
    zone: Zone | None = None
    place: str = ""
    keeper: Person | None = None
    manner: str = ""  # id of the pack; empty: what the rules say
    unit: StorageUnit | None = None


def carrier_add(*, actor: User, secret_id: UUID, kind: str, keeping: Keeping) -> Carrier:
    """Add a carrier to a designated secret, with its number and the task to mark it.

    Raises:
        SecretUnknownError: there is no such secret.
        NotPermittedError: the gate refuses.
        SecretStateError: the secret is not designated.
        InputError, ConflictError: (a leaf of them) kind, place or keeper do not do.
    """
    found = TradeSecret.objects.select_related("entity", "owner_department").filter(pk=secret_id).first()
    if found is None:
        raise SecretUnknownError
    gate.require(actor, Action.CARRIER_MANAGE, carrier_to_be(found))
    with transaction.atomic():
        return carrier_enter(actor=actor, secret_id=secret_id, kind=kind, keeping=keeping)


def carrier_enter(*, actor: User, secret_id: UUID, kind: str, keeping: Keeping) -> Carrier:
    """Write a carrier with all that follows and its ledger entry, in the caller's transaction.

    Whether the actor may was asked by the caller.
    """
    secret = secret_locked(secret_id, states=DESIGNATED)
    verify_carrier(kind, keeping.keeper.pk if keeping.keeper else None)
    carrier = Carrier(secret=secret, kind=kind, number=next(carrier_numbers(secret)))
    _keep(carrier, keeping)
    carrier.save()
    marking_task_make(carrier)
    life_event_record(secret=secret, kind=LifeEvent.Kind.CREATED, actor=actor, carrier=carrier)
    findings_refresh(carriers=[carrier], units=[carrier.unit_id])
    append(
        RegisterTag.CARRIER_ADDED,
        actor=actor.ledger_actor,
        subject=secret.ledger_subject,
        detail={"carrier": str(carrier.pk), "number": carrier.number or "", "kind": kind},
    )
    return carrier


def carrier_edit(*, actor: User, carrier_id: UUID, expected_version: int, keeping: Keeping) -> Carrier:
    """Change description, place, keeper, manner or storage unit of a carrier."""
    with carrier_editing(
        actor=actor,
        carrier_id=carrier_id,
        action=Action.CARRIER_MANAGE,
        tag=RegisterTag.CARRIER_CHANGED,
        expected_version=expected_version,
    ) as edit:
        before = edit.carrier.unit_id
        _keep(edit.carrier, keeping)
        edit.carrier.save()
        findings_refresh(carriers=[edit.carrier], units=[before, edit.carrier.unit_id])
        edit.detail |= {
            "zone": str(edit.carrier.zone_id or ""),
            "keeper": str(edit.carrier.keeper_id or ""),
            "unit": str(edit.carrier.unit_id or ""),
        }
    return edit.carrier


def carriers_assign_keeper(*, actor: User, carriers: Iterable[Carrier], keeper: Person) -> int:
    """Give several carriers another keeper, all or none; return how many changed.

    Raises:
        NotPermittedError: the gate refuses one of them.
    """
    changed = 0
    with transaction.atomic():
        for row in carriers:
            if row.keeper_id == keeper.pk:
                continue
            with carrier_editing(
                actor=actor,
                carrier_id=row.pk,
                action=Action.CARRIER_MANAGE,
                tag=RegisterTag.CARRIER_CHANGED,
                detail={"keeper": str(keeper.pk)},
            ) as edit:
                edit.carrier.keeper = keeper
            changed += 1
    return changed


def _keep(carrier: Carrier, keeping: Keeping) -> None:
    secret = carrier.secret
    if not keeping.description.strip():
        raise DescriptionMissingError
    if keeping.zone is not None and keeping.zone.entity_id != secret.entity_id:
        raise ZoneElsewhereError
    manner = keeping.manner or keeping_manner(secret, carrier.kind)
    if manner and manner not in {item.id for item in values_of(pack_for(secret.pack), "keeping")}:
        raise NothingNamedError(what="manner of keeping", value=manner)
    verify_place(secret, carrier.kind, keeping.zone, keeper=keeping.keeper)
    carrier.description, carrier.place = keeping.description.strip(), keeping.place.strip()
    carrier.zone, carrier.keeper, carrier.unit = keeping.zone, keeping.keeper, keeping.unit
    carrier.keeping = manner
