"""Records at the door who enters and leaves, which devices were handed in, and who was not let in and why.

Follows the knowledge Q&A 十一: nobody enters without permission, and phones and other devices with recording,
photographing or storage stay outside key places; whoever keeps them stays outside as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import Person
from shoumi.server.people.queries import beginning_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import Device, Passage, Visit, Visitor, Zone
from shoumi.server.places.queries.days import day_after, day_of
from shoumi.server.places.queries.holding import bans_devices, permission_for
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.queries.standards import rules_for
from shoumi.server.places.services.errors import (
    LockerTakenError,
    NotAdmittedError,
    OverError,
    ReasonMissingError,
)
from shoumi.server.places.services.notices import tell_refused

Refusal = Passage.Refusal


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What whoever keeps the entrance saw and did."""

    devices: Sequence[str] = ()  # ids of the pack's kinds: what they had with them
    locker: str = ""  # where the devices lie now; empty: they were not handed in
    pledged: bool = False  # the visitor read the pledge and agrees
    note: str = ""


def visitor_admit(*, actor: User, visitor: Visitor, door: AtTheDoor) -> Passage:
    """Let a visitor in, or record that they were not let in because they keep their devices.

    Raises:
        NotPermittedError: the actor does not keep an entrance of the zone.
        NotAdmittedError: the visit is not approved or not now, the visitor is inside, or has not pledged.
        LockerTakenError: the locker is in use.
    """
    visit = visitor.visit
    zone = visit.zone
    gate.require(actor, Action.VISIT_ADMIT, zone_resource(zone))
    with transaction.atomic():
        row = locked(Visit, visit.pk, None)
        _verify_visit_now(row)
        if not door.pledged and visitor.pledged_at is None:
            raise NotAdmittedError(reason="the visitor has not acknowledged the pledge")
        if door.pledged and visitor.pledged_at is None:
            _pledge(actor, visitor)
        return _pass(actor, zone, door, expected_until=row.ends_at, visitor=visitor)


def person_admit(*, actor: User, zone: Zone, person: Person, door: AtTheDoor) -> Passage:
    """Let an employee in by a standing permission; without one, record that they were not let in.

    Raises:
        NotPermittedError: the actor does not keep an entrance of the zone.
        NotAdmittedError: the person is inside already.
        LockerTakenError: the locker is in use.
    """
    gate.require(actor, Action.VISIT_ADMIT, zone_resource(zone))
    with transaction.atomic():
        locked(Zone, zone.pk, None)
        permission = permission_for(person, zone)
        if permission is None:
            return _refuse(actor, zone, Refusal.NO_PERMISSION, door, person=person)
        until = beginning_of(day_after(permission.ends_on), zone.entity.country)
        return _pass(actor, zone, door, expected_until=until, person=person)


def visitor_refuse(*, actor: User, visitor: Visitor, note: str) -> Passage:
    """Record that a visitor was not let in for another reason.

    Raises:
        NotPermittedError, ReasonMissingError: each as it says.
    """
    zone = visitor.visit.zone
    gate.require(actor, Action.VISIT_ADMIT, zone_resource(zone))
    if not note.strip():
        raise ReasonMissingError
    with transaction.atomic():
        return _refuse(actor, zone, Refusal.OTHER, AtTheDoor(note=note), visitor=visitor)


def passage_leave(*, actor: User, passage: Passage) -> Passage:
    """Record that somebody left, and that their devices were given back.

    Raises:
        NotPermittedError: the actor does not keep an entrance of the zone.
        OverError: they left before.
    """
    zone = passage.zone
    gate.require(actor, Action.VISIT_ADMIT, zone_resource(zone))
    with transaction.atomic():
        row = Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
        if not row.is_inside:
            raise OverError
        now = clock().now()
        row.left_at, row.left_recorded_by = now, actor
        row.save(update_fields=["left_at", "left_recorded_by"])
        returned = row.devices.filter(handed_in_at__isnull=False).update(given_back_at=now)
        record(
            LedgerTag.PLACES_PASSAGE_ENDED,
            actor=actor,
            subject=zone.ledger_subject,
            detail={"passage": str(row.pk), "devices": str(returned)},
        )
    return row


def _pass(
    actor: User, zone: Zone, door: AtTheDoor, *, expected_until: datetime, **who: Visitor | Person
) -> Passage:
    """Write an entry, or its refusal if forbidden devices were kept."""
    if Passage.objects.filter(zone=zone, left_at__isnull=True, refusal="", **who).exists():
        raise NotAdmittedError(reason="this person is inside already")
    locker = text_of(Device, "locker", door.locker)
    if door.devices and not locker and bans_devices(zone):
        return _refuse(actor, zone, Refusal.DEVICES, door, **who)
    taken = Device.objects.filter(
        passage__zone=zone, locker=locker, handed_in_at__isnull=False, given_back_at__isnull=True
    )
    if locker and door.devices and taken.exists():
        raise LockerTakenError(locker=locker)
    now = clock().now()
    passage = _write(actor, zone, door, entered_at=now, expected_until=expected_until, **who)
    _write_devices(passage, door.devices, locker, now)
    record(
        LedgerTag.PLACES_PASSAGE_STARTED,
        actor=actor,
        subject=zone.ledger_subject,
        detail={
            "passage": str(passage.pk),
            "who": _subject(passage),
            "devices": ",".join(door.devices),
            "locker": locker,
        },
    )
    return passage


def _refuse(actor: User, zone: Zone, refusal: str, door: AtTheDoor, **who: Visitor | Person) -> Passage:
    passage = _write(actor, zone, door, refusal=refusal, **who)
    _write_devices(passage, door.devices, "", None)
    record(
        LedgerTag.PLACES_PASSAGE_REFUSED,
        actor=actor,
        subject=zone.ledger_subject,
        detail={
            "passage": str(passage.pk),
            "who": _subject(passage),
            "refusal": str(refusal),
            "devices": ",".join(door.devices),
            "note": passage.note,
        },
    )
    if refusal == Refusal.DEVICES:
        tell_refused(passage)
    return passage


def _write(actor: User, zone: Zone, door: AtTheDoor, **values: object) -> Passage:
    return Passage.objects.create(
        zone=zone,
        recorded_at=clock().now(),
        recorded_by=actor,
        note=text_of(Passage, "note", door.note),
        **values,
    )


def _write_devices(passage: Passage, kinds: Sequence[str], locker: str, at: datetime | None) -> None:
    known = {item.id for item in rules_for(passage.zone.entity).devices}
    Device.objects.bulk_create(
        Device(
            passage=passage,
            kind=kind,
            locker=locker if at else "",
            handed_in_at=at if locker else None,
        )
        for kind in kinds
        if kind in known
    )


def _pledge(actor: User, visitor: Visitor) -> None:
    """Write down which text the visitor read, by its version and hash."""
    rules = rules_for(visitor.visit.zone.entity)
    text = rules.pledge.in_language(get_language() or "en")
    visitor.pledged_at, visitor.pledge_version = clock().now(), rules.version
    visitor.pledge_sha256 = hashlib.sha256(text.encode()).hexdigest()
    visitor.save(update_fields=["pledged_at", "pledge_version", "pledge_sha256"])
    record(
        LedgerTag.PLACES_VISITOR_ACKNOWLEDGED,
        actor=actor,
        subject=visitor.visit.ledger_subject,
        detail={
            "visitor": str(visitor.pk),
            "version": rules.version,
            "sha256": visitor.pledge_sha256,
        },
    )


def _verify_visit_now(visit: Visit) -> None:
    """Refuse a visit that is not approved, or whose day it is not, where the zone lies."""
    if visit.state != Visit.State.APPROVED:
        raise NotAdmittedError(reason="the visit is not approved")
    now = clock().now()
    country = visit.zone.entity.country
    first = beginning_of(day_of(visit.starts_at, country), country)
    if not first <= now < visit.ends_at:
        raise NotAdmittedError(reason="the visit is not today, or its time is over")


def _subject(passage: Passage) -> str:
    who = passage.visitor or passage.person
    return str(who.ledger_subject) if who is not None else ""
