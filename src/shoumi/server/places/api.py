"""The API of places, below /api/v1/places/: zones, whether somebody may enter, visits and the door.

Errors are those of the services, in the one shape of `project.api`; visitors are masked.  Annotations are
evaluated at once here: a paginated function is wrapped by django-ninja in a module that does not know ours.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Schema, Status
from ninja.pagination import paginate
from pydantic import AwareDatetime, Field

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.accounts.masking import mask
from shoumi.server.accounts.paging import Paging
from shoumi.server.people.models import Person
from shoumi.server.people.queries import departments_visible, entities_visible, persons_visible
from shoumi.server.places.models import Passage, Visit, Visitor, Zone, ZoneTask
from shoumi.server.places.queries.holding import bans_devices, permission_for
from shoumi.server.places.queries.resources import zone_resource
from shoumi.server.places.queries.visible import visits_visible_to, zones, zones_to_visit, zones_visible_to
from shoumi.server.places.services.admission import AtTheDoor, passage_leave, visitor_admit
from shoumi.server.places.services.visits import (
    MOST_VISITORS,
    Coming,
    VisitWish,
    visit_request,
    visit_withdraw,
)
from shoumi.server.places.services.zones import ZoneFacts, zone_change, zone_close, zone_create

router = Router()
Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=400)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
ZoneKind = Literal["secret", "office", "reception"]


class ZoneOut(Schema):
    """A zone; level 0 none, 1 general, 2 important, 3 core."""

    id: UUID
    entity_id: UUID
    department_id: UUID | None
    code: str
    name: str
    kind: ZoneKind
    level: int
    location: str
    ground: str
    ground_reason: str
    score: int | None
    next_inspection_on: date | None
    closed_on: date | None
    version: int


class ZoneFactsIn(Schema):
    """What a zone shall be."""

    department_id: UUID | None = None
    code: Short
    name: Short
    kind: ZoneKind
    level: Annotated[int, Field(ge=0, le=3)] = 0
    location: Short = ""
    ground: Annotated[str, Field(max_length=12)] = ""
    ground_reason: Line = ""
    bans_devices: bool = False

    @property
    def facts(self) -> ZoneFacts:
        """The facts as the services take them."""
        return ZoneFacts(**self.dict(exclude={"department_id", "entity_id", "expected_version"}))


class ZoneIn(ZoneFactsIn):
    """A new zone."""

    entity_id: UUID


class ZoneChange(ZoneFactsIn):
    """A zone that exists."""

    expected_version: Version


class CloseIn(Schema):
    """Why a zone is closed."""

    expected_version: Version
    reason: Line


class AdmissionOut(Schema):
    """Whether somebody may enter today, and until when."""

    permitted: bool
    until: date | None
    bans_devices: bool


class GapOut(Schema):
    """A gap in the protection of a zone."""

    id: UUID
    zone_id: UUID
    check_id: str
    gap: str
    due_on: date
    done_at: datetime | None
    outcome: str


class VisitorOut(Schema):
    """A visitor, masked."""

    id: UUID
    name: str
    pledged_at: datetime | None

    @staticmethod
    def resolve_name(row: Visitor) -> str:
        """Return the name with its middle hidden."""
        return mask(row.name)


class VisitOut(Schema):
    """A visit."""

    id: UUID
    zone_id: UUID
    host_id: UUID
    escort_id: UUID | None
    purpose: str
    starts_at: datetime
    ends_at: datetime
    state: Literal["requested", "approved", "rejected", "withdrawn", "over"]
    visitors: list[VisitorOut]
    version: int


class ComingIn(Schema):
    """One visitor."""

    name: Annotated[str, Field(max_length=80)]
    phone: Annotated[str, Field(max_length=40)] = ""


class VisitIn(Schema):
    """A visit to be asked for."""

    zone_id: UUID
    host_id: UUID
    escort_id: UUID | None = None
    purpose: Line
    organisation: Short = ""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    visitors: Annotated[list[ComingIn], Field(max_length=MOST_VISITORS)]


class ZoneVersionIn(Schema):
    """The version that the caller saw."""

    expected_version: Version


class DoorIn(Schema):
    """What was seen and done at the door."""

    devices: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=20)] = []
    locker: Annotated[str, Field(max_length=20)] = ""
    pledged: bool = False
    note: Annotated[str, Field(max_length=300)] = ""


class PassageOut(Schema):
    """An entry, or its refusal."""

    id: UUID
    zone_id: UUID
    entered_at: datetime | None
    left_at: datetime | None
    refusal: str


def _found(rows: Any, key: UUID | None) -> Any:
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404
    return row


@router.get("/zones", response=list[ZoneOut])
@paginate(Paging)
def zone_list(request: HttpRequest, kind: ZoneKind | None = None) -> Any:
    """Return the zones that the caller may see, closed ones too."""
    rows = zones_visible_to(request.user).order_by("entity__code", "code")
    return rows.filter(kind=kind) if kind else rows


@router.get("/zones/{zone_id}", response=ZoneOut)
def zone_detail(request: HttpRequest, zone_id: UUID) -> Zone:
    """Return one zone."""
    return _found(zones_visible_to(request.user), zone_id)


@router.post("/zones", response={201: ZoneOut})
def zone_make(request: HttpRequest, data: ZoneIn) -> Any:
    """Enter a zone."""
    entity = _found(entities_visible(request.user), data.entity_id)
    department = _department(request, data.department_id)
    made = zone_create(actor=request.user, entity=entity, department=department, facts=data.facts)
    return Status(201, made)


@router.put("/zones/{zone_id}", response=ZoneOut)
def zone_edit(request: HttpRequest, zone_id: UUID, data: ZoneChange) -> Zone:
    """Change what a zone is."""
    return zone_change(
        actor=request.user,
        zone=_found(zones_visible_to(request.user), zone_id),
        expected_version=data.expected_version,
        department=_department(request, data.department_id),
        facts=data.facts,
    )


@router.post("/zones/{zone_id}/close", response=ZoneOut)
def zone_end(request: HttpRequest, zone_id: UUID, data: CloseIn) -> Zone:
    """Close a zone that is there no longer."""
    zone = _found(zones_visible_to(request.user), zone_id)
    return zone_close(
        actor=request.user, zone=zone, expected_version=data.expected_version, reason=data.reason
    )


@router.get("/zones/{zone_id}/entry/{person_id}", response=AdmissionOut)
def zone_entry(request: HttpRequest, zone_id: UUID, person_id: UUID) -> dict[str, Any]:
    """Tell whoever keeps the door, such as an access control system, whether a person may enter today."""
    zone = _found(zones(), zone_id)
    gate.require(request.user, Action.VISIT_ADMIT, zone_resource(zone))
    person: Person = _found(persons_visible(request.user), person_id)
    permission = permission_for(person, zone) if zone.is_open else None
    return {
        "permitted": permission is not None,
        "until": permission.ends_on if permission else None,
        "bans_devices": bans_devices(zone),
    }


@router.get("/gaps", response=list[GapOut])
@paginate(Paging)
def gap_list(request: HttpRequest, *, open_only: bool = True) -> Any:
    """Return the gaps in the protection of the zones that the caller may see."""
    seen = zones_visible_to(request.user).order_by().values("pk")
    rows = ZoneTask.objects.filter(zone__in=seen)
    return rows.filter(done_at__isnull=True) if open_only else rows


@router.get("/visits", response=list[VisitOut])
@paginate(Paging)
def visit_list(request: HttpRequest) -> Any:
    """Return the visits that the caller may see, the latest first."""
    return visits_visible_to(request.user).prefetch_related("visitors")


@router.post("/visits", response={201: VisitOut})
def visit_make(request: HttpRequest, data: VisitIn) -> Any:
    """Ask for a visit."""
    persons = persons_visible(request.user)
    wish = VisitWish(
        host=_found(persons, data.host_id),
        escort=_found(persons, data.escort_id) if data.escort_id else None,
        purpose=data.purpose,
        organisation=data.organisation,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        visitors=[Coming(item.name, item.phone) for item in data.visitors],
    )
    zone = _found(zones_to_visit(request.user), data.zone_id)
    return Status(201, visit_request(actor=request.user, zone=zone, wish=wish))


@router.post("/visits/{visit_id}/call-off", response=VisitOut)
def visit_end(request: HttpRequest, visit_id: UUID, data: ZoneVersionIn) -> Visit:
    """Call a visit off before anybody has come."""
    visit = _found(visits_visible_to(request.user), visit_id)
    return visit_withdraw(actor=request.user, visit=visit, expected_version=data.expected_version)


@router.post("/visitors/{visitor_id}/admit", response=PassageOut)
def visitor_in(request: HttpRequest, visitor_id: UUID, data: DoorIn) -> Passage:
    """Let a visitor in, or record that they were not let in because they keep their devices."""
    seen = visits_visible_to(request.user).order_by().values("pk")
    visitor = _found(
        Visitor.objects.filter(visit__in=seen).select_related(
            "visit__zone__entity", "visit__zone__department"
        ),
        visitor_id,
    )
    door = AtTheDoor(tuple(data.devices), data.locker, data.pledged, data.note)
    return visitor_admit(actor=request.user, visitor=visitor, door=door)


@router.post("/passages/{passage_id}/leave", response=PassageOut)
def passage_end(request: HttpRequest, passage_id: UUID) -> Passage:
    """Record that somebody left."""
    seen = zones_visible_to(request.user).order_by().values("pk")
    rows = Passage.objects.filter(zone__in=seen).select_related("zone__entity", "zone__department")
    return passage_leave(actor=request.user, passage=_found(rows, passage_id))


def _department(request: HttpRequest, key: UUID | None) -> Any:
    return None if key is None else _found(departments_visible(request.user), key)
