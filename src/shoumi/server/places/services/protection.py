"""Records what guards a zone: entrances, signs with their photos, guards and devices, proof of isolation.

Follows the seed guide 五(四)2.  Nothing is deleted: entrances close, signs come down, guards end.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag, Tag
from shoumi.server.people.models import Person
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import FieldMissingError, record, text_of
from shoumi.server.places.models import Entrance, Guard, IsolationProof, Sign, Zone
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.services.errors import DaysError, OverError, ZoneCodeTakenError
from shoumi.server.places.services.pictures import picture_adopt


def entrance_add(*, actor: User, zone: Zone, name: str) -> Entrance:
    """Name a way into the zone; one that was closed is opened again.

    Raises:
        NotPermittedError, FieldMissingError: each as it says.
        ZoneCodeTakenError: the zone has such an entrance.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    name = text_of(Entrance, "name", name, required=True)
    with transaction.atomic():
        entrance, made = Entrance.objects.select_for_update(no_key=True).get_or_create(zone=zone, name=name)
        if not made and entrance.closed_on is None:
            raise ZoneCodeTakenError(value=name)
        entrance.closed_on = None
        entrance.save(update_fields=["closed_on"])
        _record(LedgerTag.PLACES_ENTRANCE_ADDED, actor, zone, entrance=str(entrance.pk))
    return entrance


def entrance_close(*, actor: User, entrance: Entrance) -> Entrance:
    """Close an entrance that is there no longer; its signs come down with it.

    Raises:
        NotPermittedError, OverError: each as it says.
    """
    zone = entrance.zone
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    with transaction.atomic():
        row = Entrance.objects.select_for_update(no_key=True).get(pk=entrance.pk)
        if row.closed_on is not None:
            raise OverError
        row.closed_on = today_of(zone.entity)
        row.save(update_fields=["closed_on"])
        row.signs.filter(taken_down_on__isnull=True).update(taken_down_on=row.closed_on)
        _record(LedgerTag.PLACES_ENTRANCE_CLOSED, actor, zone, entrance=str(row.pk))
    return row


def sign_put_up(*, actor: User, entrance: Entrance, kind: str, put_up_on: date, photo: object | None) -> Sign:
    """Record that a sign hangs at an entrance; a sign of the same kind that hung there is replaced.

    Raises:
        NotPermittedError, PictureError: each as it says.
        DaysError: the day lies in the future.
    """
    zone = entrance.zone
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    today = today_of(zone.entity)
    if put_up_on > today:
        raise DaysError(reason="the sign does not hang yet")
    with transaction.atomic():
        if Entrance.objects.select_for_update(no_key=True).get(pk=entrance.pk).closed_on is not None:
            raise OverError
        former = entrance.signs.filter(kind=kind, taken_down_on__isnull=True).first()
        if former is not None:
            former.taken_down_on = max(put_up_on, former.put_up_on)
            former.save(update_fields=["taken_down_on"])
        stored = picture_adopt(actor, photo) if photo else None
        sign = Sign.objects.create(
            entrance=entrance, kind=kind, put_up_on=put_up_on, put_up_by=actor, photo=stored
        )
        sha256 = stored.sha256 if stored else ""
        _record(LedgerTag.PLACES_SIGN_ADDED, actor, zone, sign=str(sign.pk), kind=kind, sha256=sha256)
    return sign


def sign_take_down(*, actor: User, sign: Sign) -> Sign:
    """Record that a sign hangs no longer.

    Raises:
        NotPermittedError, OverError: each as it says.
    """
    zone = sign.entrance.zone
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    with transaction.atomic():
        row = Sign.objects.select_for_update(no_key=True).get(pk=sign.pk)
        if row.taken_down_on is not None:
            raise OverError
        row.taken_down_on = max(today_of(zone.entity), row.put_up_on)
        row.save(update_fields=["taken_down_on"])
        _record(LedgerTag.PLACES_SIGN_REMOVED, actor, zone, sign=str(row.pk), kind=row.kind)
    return row


def guard_add(  # noqa: PLR0913 - the fields of the form
    *,
    actor: User,
    zone: Zone,
    kind: str,
    since: date,
    person: Person | None = None,
    description: str = "",
    entrance: Entrance | None = None,
) -> Guard:
    """List a guard or a device; a person who keeps an entrance may record who enters and leaves.

    Raises:
        NotPermittedError: the actor does not manage the zone.
        FieldMissingError: a person's post without the person, or a device without description.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    text = text_of(Guard, "description", description)
    is_person = kind == Guard.Kind.PERSON
    if is_person and person is None:
        raise FieldMissingError(field=str(Guard._meta.get_field("person").verbose_name))  # noqa: SLF001
    if not is_person and not text:
        raise FieldMissingError(field=str(Guard._meta.get_field("description").verbose_name))  # noqa: SLF001
    with transaction.atomic():
        guard = Guard.objects.create(
            zone=zone,
            entrance=entrance,
            kind=kind,
            person=person if is_person else None,
            description=text,
            since=since,
        )
        _record(LedgerTag.PLACES_GUARD_ADDED, actor, zone, guard=str(guard.pk), kind=kind)
    return guard


def guard_end(*, actor: User, guard: Guard) -> Guard:
    """Record that a guard or device guards the zone no longer, from today on.

    Raises:
        NotPermittedError, OverError: each as it says.
    """
    zone = guard.zone
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    with transaction.atomic():
        row = Guard.objects.select_for_update(no_key=True).get(pk=guard.pk)
        if row.until is not None:
            raise OverError
        row.until = max(today_of(zone.entity), row.since)
        row.save(update_fields=["until"])
        _record(LedgerTag.PLACES_GUARD_ENDED, actor, zone, guard=str(row.pk), kind=row.kind)
    return row


def isolation_record(  # noqa: PLR0913 - the fields of the form
    *, actor: User, zone: Zone, means: str, taken_on: date, photo: object, note: str = ""
) -> IsolationProof:
    """Keep a photo that shows how the zone is closed off.

    Raises:
        NotPermittedError, PictureError: each as it says.
        DaysError: the day lies in the future.
    """
    gate.require(actor, Action.ZONE_EDIT, zone_resource(zone))
    if taken_on > today_of(zone.entity):
        raise DaysError(reason="the photo cannot have been taken yet")
    with transaction.atomic():
        stored = picture_adopt(actor, photo)
        proof = IsolationProof.objects.create(
            zone=zone,
            means=means,
            photo=stored,
            taken_on=taken_on,
            note=text_of(IsolationProof, "note", note),
            added_by=actor,
            added_at=clock().now(),
        )
        _record(LedgerTag.PLACES_ISOLATION_RECORDED, actor, zone, means=means, sha256=stored.sha256)
    return proof


def _record(tag: Tag, actor: User, zone: Zone, **detail: str) -> None:
    record(tag, actor=actor, subject=zone.ledger_subject, detail=detail)
