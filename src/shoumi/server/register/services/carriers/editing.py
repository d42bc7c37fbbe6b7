"""The frame of every change of a carrier: permission, lock, version, one transaction, one ledger entry.

The entry is about the secret, so that it stands in its timeline and evidence; the carrier's id is a detail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from shoumi.engine.canonical import JSONValue
from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import append
from shoumi.server.ledger.tags import Tag
from shoumi.server.register.models import Carrier
from shoumi.server.register.queries.carriers.visible import RELATED, carrier_resource


class CarrierUnknownError(InputError):
    """No such carrier, as far as the asker may know."""

    code = "register.carrier_unknown"
    message = "There is no such carrier."


class CarrierChangedError(ConflictError):
    """Somebody saved the carrier in the meantime."""

    code = "register.carrier_changed"
    message = "Somebody else changed this carrier in the meantime. Look at it again and repeat your change."


class CarrierAwayError(ConflictError):
    """The carrier is not in its place, so that it cannot be moved."""

    code = "register.carrier_away"
    message = "This carrier stands at “{status}” and cannot be handed over or moved now."


@dataclass(slots=True)
class CarrierEdit:
    """A change in progress: the locked carrier, and what the ledger will say about it."""

    carrier: Carrier
    tag: Tag
    detail: dict[str, JSONValue] = field(default_factory=dict)


@contextmanager
def carrier_editing(  # noqa: PLR0913 - the frame of every change, each part named
    *,
    actor: User,
    carrier_id: UUID,
    action: Action,
    tag: Tag,
    expected_version: int | None = None,
    held: bool = False,
    detail: Mapping[str, JSONValue] | None = None,
) -> Iterator[CarrierEdit]:
    """Yield the locked carrier in one transaction; on leaving, count the version and write the ledger.

    `held`: only if the carrier is in its place.

    Raises:
        CarrierUnknownError: there is no such carrier with a number.
        NotPermittedError: the gate refuses `action`.
        CarrierChangedError: `expected_version` is given and is not the present one.
        CarrierAwayError: it is asked for to be held and is not.
    """
    found = Carrier.objects.select_related(*RELATED).filter(pk=carrier_id, number__isnull=False).first()
    if found is None:
        raise CarrierUnknownError
    gate.require(actor, action, carrier_resource(found))
    with transaction.atomic():
        carrier = carrier_locked(carrier_id)
        if expected_version is not None and carrier.version != expected_version:
            raise CarrierChangedError
        if held and carrier.status != Carrier.Status.HELD:
            raise CarrierAwayError(status=str(carrier.get_status_display()))
        edit = CarrierEdit(carrier, tag, dict(detail or {}))
        yield edit
        carrier.version += 1
        carrier.save()
        append(
            edit.tag,
            actor=actor.ledger_actor,
            subject=carrier.secret.ledger_subject,
            detail={"carrier": str(carrier.pk), "version": str(carrier.version), **edit.detail},
        )


def carrier_locked(carrier_id: UUID) -> Carrier:
    """Return the carrier locked until the transaction ends, with its secret."""
    rows = Carrier.objects.select_for_update(of=("self",), no_key=True).select_related(
        "secret__entity", "secret__owner_department"
    )
    return rows.get(pk=carrier_id)
