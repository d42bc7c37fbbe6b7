"""Storage units registered, changed, authorised, and tended: attested, backed up, their accounts granted.

Follows the seed guide 五(三)2.  A unit is registered by whoever runs it; only the secrecy office puts it
on the list of authorised storage and sets the highest level it may hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from shoumi.engine.errors import ConflictError, InputError
from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.register_tags import RegisterTag
from shoumi.server.ledger.services import append, clock
from shoumi.server.people.models import Department, Person
from shoumi.server.people.queries import today_of
from shoumi.server.places.models import Zone
from shoumi.server.places.queries.zones import verify_secret_zone
from shoumi.server.register.models import Attestation, BackupRecord, StorageAccount, StorageUnit
from shoumi.server.register.queries.carriers.rules import ZoneMissingError
from shoumi.server.register.queries.standards import pack_for
from shoumi.server.register.queries.storage.visible import unit_to_be
from shoumi.server.register.services.carriers.places import ZoneElsewhereError
from shoumi.server.register.services.proposals import ReasonMissingError
from shoumi.server.register.services.storage.editing import unit_editing
from shoumi.server.register.services.verifying import NothingNamedError

HIGHEST = 3


class UnitCodeTakenError(ConflictError):
    """The department has a unit of this number."""

    code = "register.unit_code_taken"
    message = "The department has a storage unit with the number “{code}” already."


class AccountDatesError(InputError):
    """The grant must end, and not in the past."""

    code = "register.account_dates"
    message = "An account is granted until a day that is still to come."


class AccountTakenError(ConflictError):
    """There is such an account on the unit."""

    code = "register.account_taken"
    message = "There is an account “{name}” on this unit already."


class AccountOverError(ConflictError):
    """The account was filed or removed already."""

    code = "register.account_over"
    message = "This has been recorded already."


class BackupDayError(InputError):
    """A backup cannot have been made in the future."""

    code = "register.backup_day"
    message = "The day lies in the future."


@dataclass(frozen=True, slots=True)
class UnitValue:
    """What a unit is, where it stands, and who looks after it."""

    code: str
    name: str
    kind: str
    zone: Zone | None = None
    place: str = ""
    keeper: Person | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """How a unit is encrypted, who owns the key, and how often it is backed up."""

    encryption: str = ""
    key_owner: Person | None = None
    backup_days: int | None = None
    restore_days: int | None = None


def unit_add(*, actor: User, department: Department, value: UnitValue) -> StorageUnit:
    """Register a storage unit of a department; it is not authorised yet.

    Raises:
        NotPermittedError: the gate refuses.
        InputError, ConflictError: (a leaf of them) number, kind or zone do not do.
    """
    gate.require(actor, Action.STORAGE_MANAGE, unit_to_be(department))
    with transaction.atomic():
        return unit_enter(actor=actor, department=department, value=value)


def unit_enter(
    *, actor: User, department: Department, value: UnitValue, protection: Protection | None = None
) -> StorageUnit:
    """Write a new unit and its ledger entry, in the caller's transaction.

    Whether the actor may was asked by the caller.
    """
    unit = StorageUnit(department=department, created_at=clock().now())
    _set(unit, value)
    if protection is not None:
        _protection_set(unit, protection)
    unit.save()
    append(
        RegisterTag.STORAGE_ADDED,
        actor=actor.ledger_actor,
        subject=unit.ledger_subject,
        detail={"code": unit.code, "kind": unit.kind, "department": str(department.pk)},
    )
    return unit


def unit_edit(*, actor: User, unit_id: UUID, expected_version: int, value: UnitValue) -> StorageUnit:
    """Change what is known about a unit; a place that does no longer fit its level is refused."""
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_MANAGE,
        tag=RegisterTag.STORAGE_CHANGED,
        expected_version=expected_version,
    ) as edit:
        _set(edit.unit, value)
        _verify_place(edit.unit)
        edit.detail |= {
            "zone": str(edit.unit.zone_id or ""),
            "keeper": str(edit.unit.keeper_id or ""),
        }
    return edit.unit


def unit_protect(*, actor: User, unit_id: UUID, expected_version: int, value: Protection) -> StorageUnit:
    """Record how a unit is encrypted, who owns the key, and how often it is backed up and tested."""
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_MANAGE,
        tag=RegisterTag.STORAGE_CHANGED,
        expected_version=expected_version,
    ) as edit:
        _protection_set(edit.unit, value)
        edit.detail |= {
            "encrypted": "yes" if edit.unit.encryption and edit.unit.key_owner_id else "no",
            "key_owner": str(edit.unit.key_owner_id or ""),
            "backup_days": str(value.backup_days or ""),
            "restore_days": str(value.restore_days or ""),
        }
    return edit.unit


def _protection_set(unit: StorageUnit, value: Protection) -> None:
    """Write a protection into a unit; the caller saves it."""
    unit.encryption, unit.key_owner = value.encryption.strip(), value.key_owner
    unit.backup_days, unit.restore_days = value.backup_days, value.restore_days


def unit_authorise(*, actor: User, unit_id: UUID, permitted: int, reason: str) -> StorageUnit:
    """Put a unit on the list of authorised storage up to a level, or take it off with level 0."""
    if not reason.strip():
        raise ReasonMissingError
    if not 0 <= permitted <= HIGHEST:
        raise NothingNamedError(what="level", value=str(permitted))
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_AUTHORISE,
        tag=RegisterTag.STORAGE_AUTHORISED,
        detail={"permitted": str(permitted), "reason": reason.strip()},
    ) as edit:
        edit.unit.permitted = permitted
        edit.unit.authorised_by = actor if permitted else None
        edit.unit.authorised_at = clock().now() if permitted else None
        _verify_place(edit.unit)
    return edit.unit


def unit_attest(  # noqa: PLR0913 - the parts of an attestation, each named
    *, actor: User, unit_id: UUID, no_internet: bool, no_usb: bool, note: str, due_on: date | None = None
) -> Attestation:
    """Vouch for “no internet, no USB” on a unit as it is today; due again after the pack's days."""
    if not note.strip():
        raise ReasonMissingError
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.STORAGE_ATTESTED,
        detail={"no_internet": "yes" if no_internet else "no", "no_usb": "yes" if no_usb else "no"},
    ) as edit:
        entity = edit.unit.department.entity
        latest = today_of(entity) + timedelta(days=pack_for(entity.pack).carriers.days["attestation"])
        row = Attestation.objects.create(
            unit=edit.unit,
            no_internet=no_internet,
            no_usb=no_usb,
            note=note.strip()[:300],
            attested_by=actor,
            attested_at=clock().now(),
            due_on=min(due_on, latest) if due_on else latest,
        )
        edit.detail["due_on"] = row.due_on.isoformat()
    return row


def backup_record(  # noqa: PLR0913 - the parts of a record, each named
    *, actor: User, unit_id: UUID, kind: str, succeeded: bool, medium: str, done_on: date, note: str = ""
) -> BackupRecord:
    """Record a backup that was made, or a test of restoring one."""
    if kind not in BackupRecord.Kind.values:
        raise NothingNamedError(what="kind", value=kind)
    if not medium.strip():
        raise ReasonMissingError
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.STORAGE_BACKED_UP,
        detail={"kind": kind, "succeeded": "yes" if succeeded else "no", "done_on": done_on.isoformat()},
    ) as edit:
        if done_on > today_of(edit.unit.department.entity):
            raise BackupDayError
        return BackupRecord.objects.create(
            unit=edit.unit,
            kind=kind,
            succeeded=succeeded,
            medium=medium.strip()[:200],
            note=note.strip()[:300],
            done_on=done_on,
            recorded_by=actor,
            recorded_at=clock().now(),
        )


def account_grant(  # noqa: PLR0913 - the parts of a grant, each named
    *,
    actor: User,
    unit_id: UUID,
    person: Person,
    name: str,
    rights: str,
    ends_on: date,
    password_kept: str = "",
) -> StorageAccount:
    """Register an account on a unit: whose, with which rights, until when.  No password is ever kept here."""
    if not name.strip() or not rights.strip():
        raise ReasonMissingError
    with unit_editing(
        actor=actor,
        unit_id=unit_id,
        action=Action.STORAGE_MANAGE,
        tag=RegisterTag.STORAGE_ACCOUNT_GRANTED,
        detail={"person": str(person.pk), "rights": rights.strip(), "ends_on": ends_on.isoformat()},
    ) as edit:
        if ends_on <= today_of(edit.unit.department.entity):
            raise AccountDatesError
        if edit.unit.accounts.filter(name=name.strip(), removed_at=None).exists():
            raise AccountTakenError(name=name.strip())
        row = StorageAccount.objects.create(
            unit=edit.unit,
            person=person,
            name=name.strip()[:120],
            rights=rights.strip()[:200],
            password_kept=password_kept.strip()[:200],
            granted_by=actor,
            granted_at=clock().now(),
            ends_on=ends_on,
        )
        edit.detail["account"] = str(row.pk)
    return row


def account_file(*, actor: User, account_id: UUID) -> StorageAccount:
    """File an account at the secrecy office."""
    row = _account(account_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_AUTHORISE,
        tag=RegisterTag.STORAGE_ACCOUNT_FILED,
        detail={"account": str(row.pk)},
    ):
        row = StorageAccount.objects.get(pk=account_id)
        if row.filed_at is not None or row.removed_at is not None:
            raise AccountOverError
        row.filed_by, row.filed_at = actor, clock().now()
        row.save(update_fields=["filed_by", "filed_at"])
    return row


def account_remove(*, actor: User, account_id: UUID, reason: str) -> StorageAccount:
    """Record that an account was taken off its unit."""
    if not reason.strip():
        raise ReasonMissingError
    row = _account(account_id)
    with unit_editing(
        actor=actor,
        unit_id=row.unit_id,
        action=Action.STORAGE_TEND,
        tag=RegisterTag.STORAGE_ACCOUNT_REMOVED,
        detail={"account": str(row.pk), "reason": reason.strip()},
    ):
        row = StorageAccount.objects.get(pk=account_id)
        if row.removed_at is not None:
            raise AccountOverError
        row.removed_by, row.removed_at, row.reason = actor, clock().now(), reason.strip()[:200]
        row.save(update_fields=["removed_by", "removed_at", "reason"])
    return row


def _account(account_id: UUID) -> StorageAccount:
    row = StorageAccount.objects.filter(pk=account_id).first()
    if row is None:
        raise NothingNamedError(what="account", value=str(account_id))
    return row


def _set(unit: StorageUnit, value: UnitValue) -> None:
    if not value.code.strip() or not value.name.strip():
        raise ReasonMissingError
    if value.kind not in StorageUnit.Kind.values:
        raise NothingNamedError(what="kind", value=value.kind)
    if value.zone is not None and value.zone.entity_id != unit.department.entity_id:
        raise ZoneElsewhereError
    same = StorageUnit.objects.filter(department=unit.department, code=value.code.strip()).exclude(pk=unit.pk)
    if same.exists():
        raise UnitCodeTakenError(code=value.code.strip())
    unit.code, unit.name, unit.kind = value.code.strip(), value.name.strip(), value.kind
    unit.zone, unit.place, unit.keeper = value.zone, value.place.strip(), value.keeper


def _verify_place(unit: StorageUnit) -> None:
    """Return if an authorised unit lies where its level asks for."""
    if unit.permitted:
        if unit.zone is None:
            raise ZoneMissingError
        verify_secret_zone(unit.zone, unit.permitted)
