"""Brings in floor plans, replaces their pictures, and keeps the outlines of zones that are drawn on them.

An outline is a simple polygon: three corners or more, inside the picture, its sides not crossing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from uuid import UUID

from django.db import transaction

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User
from shoumi.server.ledger.services import clock
from shoumi.server.ledger.tags import LedgerTag
from shoumi.server.people.models import LegalEntity
from shoumi.server.people.queries import today_of
from shoumi.server.people.services.editing import locked, record, text_of
from shoumi.server.places.models import FloorPlan, Outline, Zone
from shoumi.server.places.models.plans import FEWEST, MOST, SCALE
from shoumi.server.places.queries.resources import unit_of
from shoumi.server.places.services.errors import OutlineError, OverError, PlanTakenError
from shoumi.server.places.services.pictures import picture_adopt, picture_measure

Point = tuple[int, int]


def plan_add(  # noqa: PLR0913 - the fields of the form
    *, actor: User, entity: LegalEntity, site: str, building: str, floor: str, picture: object
) -> FloorPlan:
    """Store the plan of one floor; `picture` is what `StoredFileField` gave.

    Raises:
        NotPermittedError: the actor does not manage the zones of the entity.
        PictureError, PlanTakenError, FieldMissingError: each as it says.
    """
    gate.require(actor, Action.ZONE_CREATE, unit_of(entity, None))
    names = {
        "site": text_of(FloorPlan, "site", site, required=True),
        "building": text_of(FloorPlan, "building", building),
        "floor": text_of(FloorPlan, "floor", floor, required=True),
    }
    if FloorPlan.objects.filter(entity=entity, closed_on__isnull=True, **names).exists():
        raise PlanTakenError
    with transaction.atomic():
        stored = picture_adopt(actor, picture)
        width, height = picture_measure(stored)
        plan = FloorPlan.objects.create(
            entity=entity, picture=stored, width=width, height=height, created_at=clock().now(), **names
        )
        record(
            LedgerTag.PLACES_PLAN_ADDED,
            actor=actor,
            subject=plan.ledger_subject,
            detail={"picture": str(stored.pk), "sha256": stored.sha256},
        )
    return plan


def plan_replace(*, actor: User, plan: FloorPlan, expected_version: int, picture: object) -> FloorPlan:
    """Give a plan another picture; the outlines stay where they are.

    Raises:
        NotPermittedError, RecordChangedError, PictureError: each as it says.
    """
    gate.require(actor, Action.ZONE_CREATE, unit_of(plan.entity, None))
    with transaction.atomic():
        row = _open(plan, expected_version)
        row.picture = picture_adopt(actor, picture)
        row.width, row.height = picture_measure(row.picture)
        row.version += 1
        row.save()
        record(
            LedgerTag.PLACES_PLAN_CHANGED,
            actor=actor,
            subject=row.ledger_subject,
            detail={"picture": str(row.picture_id), "sha256": row.picture.sha256},
        )
    return row


def plan_close(*, actor: User, plan: FloorPlan, expected_version: int) -> FloorPlan:
    """Close a plan that holds no longer.

    Raises:
        NotPermittedError, RecordChangedError, OverError: each as it says.
    """
    gate.require(actor, Action.ZONE_CREATE, unit_of(plan.entity, None))
    with transaction.atomic():
        row = _open(plan, expected_version)
        row.closed_on = today_of(row.entity)
        row.version += 1
        row.save()
        record(LedgerTag.PLACES_PLAN_CLOSED, actor=actor, subject=row.ledger_subject, detail={})
    return row


def outlines_save(
    *, actor: User, plan: FloorPlan, expected_version: int, outlines: Mapping[UUID, Sequence[Point]]
) -> FloorPlan:
    """Replace everything that is drawn on a plan: zone id → corners in ten-thousandths of the picture.

    Raises:
        NotPermittedError, RecordChangedError, OverError: each as it says.
        OutlineError: an outline is no polygon, or its zone is closed or of another entity.
    """
    gate.require(actor, Action.ZONE_CREATE, unit_of(plan.entity, None))
    with transaction.atomic():
        row = _open(plan, expected_version)
        zones = Zone.objects.filter(entity=row.entity_id, closed_on__isnull=True).in_bulk(list(outlines))
        rows = []
        for key, points in outlines.items():
            zone = zones.get(key)
            if zone is None:
                raise OutlineError(zone=str(key), reason="there is no such open zone")
            verify_polygon(zone.name, points)
            rows.append(Outline(plan=row, zone=zone, points=[list(point) for point in points]))
        row.outlines.all().delete()
        Outline.objects.bulk_create(rows)
        row.version += 1
        row.save(update_fields=["version"])
        record(
            LedgerTag.PLACES_PLAN_DRAWN,
            actor=actor,
            subject=row.ledger_subject,
            detail={"zones": sorted(str(key) for key in outlines), "version": str(row.version)},
        )
    return row


def verify_polygon(name: str, points: Sequence[Point]) -> None:
    """Return if `points` are the corners of a simple polygon on the picture.

    Raises:
        OutlineError: too few or many, outside, two in one place, no area, or sides that cross.
    """
    if not FEWEST <= len(points) <= MOST:
        raise OutlineError(zone=name, reason="it needs between 3 and 60 corners")
    if any(not (0 <= x <= SCALE and 0 <= y <= SCALE) for x, y in points):
        raise OutlineError(zone=name, reason="a corner lies outside the picture")
    if len(set(points)) != len(points):
        raise OutlineError(zone=name, reason="two corners lie in one place")
    sides = list(zip(points, [*points[1:], points[0]], strict=True))
    if not sum(ax * by - bx * ay for (ax, ay), (bx, by) in sides):
        raise OutlineError(zone=name, reason="it has no area")
    for (first, one), (second, other) in combinations(enumerate(sides), 2):
        neighbours = second - first == 1 or (first == 0 and second == len(sides) - 1)
        if not neighbours and _cross(one, other):
            raise OutlineError(zone=name, reason="its sides cross")


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Tell whether two sides that are no neighbours meet: each parts the other's ends, or touches it."""
    (a, b), (c, d) = one, other
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    corners = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*corner) for turn, corner in zip(turns, corners, strict=True))


def _turn(a: Point, b: Point, c: Point) -> int:
    """Return on which side of the line from `a` to `b` the point `c` lies: -1, 0 or 1."""
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _open(plan: FloorPlan, expected_version: int) -> FloorPlan:
    row = locked(FloorPlan, plan.pk, expected_version)
    if not row.is_open:
        raise OverError
    return row
