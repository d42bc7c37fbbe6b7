"""The frame of every change of a storage unit: permission, lock, version, findings, one ledger entry."""

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
from shoumi.server.register.models import StorageUnit
from shoumi.server.register.queries.storage.visible import unit_resource
from shoumi.server.register.services.storage.findings import findings_refresh


class UnitUnknownError(InputError):
    """No such storage unit, as far as the asker may know."""

    code = "register.unit_unknown"
    message = "There is no such storage unit."


class UnitChangedError(ConflictError):
    """Somebody saved the unit in the meantime."""

    code = "register.unit_changed"
    message = "Somebody else changed this unit in the meantime. Look at it again and repeat your change."


class UnitScrappedError(ConflictError):
    """The unit is not there any more."""

    code = "register.unit_scrapped"
    message = "This storage unit has been scrapped."


@dataclass(slots=True)
class UnitEdit:
    """A change in progress: the locked unit, and what the ledger will say about it."""

    unit: StorageUnit
    detail: dict[str, JSONValue] = field(default_factory=dict)


@contextmanager
def unit_editing(  # noqa: PLR0913 - the frame of every change, each part named
    *,
    actor: User,
    unit_id: UUID,
    action: Action,
    tag: Tag,
    expected_version: int | None = None,
    detail: Mapping[str, JSONValue] | None = None,
) -> Iterator[UnitEdit]:
    """Yield the locked unit in one transaction; on leaving, count the version, look for findings, write down.

    Raises:
        UnitUnknownError: there is no such unit.
        NotPermittedError: the gate refuses `action`.
        UnitChangedError: `expected_version` is given and is not the present one.
        UnitScrappedError: it is not there any more.
    """
    found = StorageUnit.objects.select_related("department__entity").filter(pk=unit_id).first()
    if found is None:
        raise UnitUnknownError
    gate.require(actor, action, unit_resource(found))
    with transaction.atomic():
        unit = unit_locked(unit_id)
        if expected_version is not None and unit.version != expected_version:
            raise UnitChangedError
        if unit.status == StorageUnit.Status.SCRAPPED:
            raise UnitScrappedError
        edit = UnitEdit(unit, dict(detail or {}))
        yield edit
        unit.version += 1
        unit.save()
        findings_refresh(units=[unit.pk])
        append(
            tag,
            actor=actor.ledger_actor,
            subject=unit.ledger_subject,
            detail={"version": str(unit.version), **edit.detail},
        )


def unit_locked(unit_id: UUID) -> StorageUnit:
    """Return the unit locked until the transaction ends."""
    rows = StorageUnit.objects.select_for_update(of=("self",), no_key=True).select_related(
        "department__entity"
    )
    return rows.get(pk=unit_id)
